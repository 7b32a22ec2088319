import { expect, test } from "vitest";
import { hostOf, makeAlert, redact, whatOf, whoOf } from "./alert.ts";
import type { EventDocument, Observed } from "./observed.ts";
import { sampleRule } from "./testing/sample-rule.ts";

const rule = sampleRule("A1", "any where true");
const observed = (event: EventDocument): Observed => ({ event, source: "s", place: { file: "f" } });
const data = (fields: EventDocument): EventDocument => ({ winlog: { event_data: fields } });

test.each<[string, EventDocument]>([
  ["a", { host: { name: "a", hostname: "c" }, winlog: { computer_name: "b" } }],
  ["b", { host: { hostname: "c" }, winlog: { computer_name: "b" } }],
  ["c", { host: { hostname: "c" } }],
  ["", {}],
])("host %j", (host, event) => {
  expect(hostOf(event)).toBe(host);
});

test.each<[string, EventDocument]>([
  ["CORP\\kira", { user: { name: "kira", domain: "CORP" } }],
  ["CORP\\kira", { user: { name: "CORP\\kira", domain: "OTHER" } }],
  ["kira", { user: { name: "kira" } }],
  ["CORP\\subject", data({ SubjectUserName: "subject", SubjectDomainName: "CORP", TargetUserName: "target" })],
  ["target", data({ TargetUserName: "target" })],
  ["", { user: { domain: "CORP" } }],
  ["kira", { user: { name: "kira" }, userIdentity: { userName: "other" } }],
  ["bob", { userIdentity: { userName: "bob", arn: "arn:aws:iam::1:user/bob" } }],
  ["deploy", { userIdentity: { type: "AssumedRole", arn: "arn", sessionContext: { sessionIssuer: { userName: "deploy" } } } }],
  ["bob@corp.example", { actor: { alternateId: "bob@corp.example", displayName: "Bob" } }],
  ["octo", { actor: "octo" }],
])("who %j", (who, event) => {
  expect(whoOf(event)).toBe(who);
});

const address = { destination: { ip: "10.0.0.9", port: 445 } };
test.each<[string, EventDocument]>([
  ["\\\\*\\C$\\a.exe from 10.0.0.1", { ...data({ ShareName: "\\\\*\\C$", RelativeTargetName: "a.exe" }), source: { ip: "10.0.0.1" } }],
  ["\\\\*\\C$", data({ ShareName: "\\\\*\\C$", RelativeTargetName: "\\" })],
  ["\\\\*\\C$", { ...data({ ShareName: "\\\\*\\C$" }), process: { command_line: "c" } }],
  ["service x: x.exe", data({ ServiceName: "x", ImagePath: "x.exe" })],
  ["service x: y.exe", { ...data({ ServiceFileName: "y.exe" }), service: { name: "x" } }],
  ["c", { ...data({ ServiceName: "x" }), process: { command_line: "c" }, file: { path: "f" } }],
  ["HKLM\\x", { registry: { path: "HKLM\\x" }, file: { path: "f" } }],
  ["C:\\f", { file: { path: "C:\\f", name: "f" }, process: { name: "p" } }],
  ["f", { file: { name: "f" } }],
  ["C:\\p -> 10.0.0.9:445", { ...address, process: { executable: "C:\\p", name: "p" } }],
  ["? -> ?:445", { destination: { port: 445 } }],
  ["C:\\p", { process: { executable: "C:\\p", name: "p" }, message: "m" }],
  ["p", { process: { name: "p" } }],
  ["Network logon from 10.0.0.1", { winlog: { logon: { type: "Network" } }, source: { ip: "10.0.0.1" } }],
  ["Network logon", { winlog: { logon: { type: "Network" } }, message: "m" }],
  ["first line", { message: "first line\nsecond", event: { action: "a" } }],
  ["a", { event: { action: "a" } }],
  ["a", { event: { action: "a" }, eventName: "StopLogging" }],
  ["StopLogging", { eventName: "StopLogging", eventType: "AwsApiCall" }],
  ["user.account.lock", { eventType: "user.account.lock" }],
  ["", {}],
])("what %j", (what, event) => {
  expect(whatOf(event)).toBe(what);
});

test.each([
  ["net use \\\\srv\\C$ hunter2 /user:adm", "net use \\\\srv\\C$ ***** /user:adm"],
  ["C:\\Windows\\net1.exe  USE \\\\srv\\C$ hunter2 /U:adm", "C:\\Windows\\net1.exe  USE \\\\srv\\C$ ***** /U:adm"],
  ['net use "\\\\srv\\C$" hunter2 /user:adm', 'net use "\\\\srv\\C$" ***** /user:adm'],
  ["net use \\\\srv\\C$ * /user:adm", "net use \\\\srv\\C$ * /user:adm"],
  ["net use \\\\srv\\C$ /delete", "net use \\\\srv\\C$ /delete"],
  // Without a user there is no password: it is the name of a device.
  ["net use \\\\srv\\C$ other", "net use \\\\srv\\C$ other"],
  ["net use z: \\\\srv\\C$ hunter2 /user:adm", "net use z: \\\\srv\\C$ ***** /user:adm"],
  ["net view \\\\srv word /user:adm", "net view \\\\srv word /user:adm"],
  ["other use \\\\srv\\C$ word /user:adm", "other use \\\\srv\\C$ word /user:adm"],
  ["PsExec64.exe \\\\srv -u adm -p hunter2 cmd", "PsExec64.exe \\\\srv -u adm -p ***** cmd"],
  ["paexec \\\\srv /P hunter2 cmd", "paexec \\\\srv /P ***** cmd"],
  ["cmd -p word", "cmd -p word"],
])("the password of %j is hidden", (command, shown) => {
  expect(redact(command)).toBe(shown);
  expect(whatOf({ process: { command_line: command } })).toBe(shown);
});

test("an alert is shown by its events: time and host of the last, who first acted, what was done last", () => {
  const events = [
    observed({ "@timestamp": "1", host: { name: "WS1" }, user: { name: "kira" }, message: "begun" }),
    null,
    observed({ "@timestamp": "2", host: { name: "SRV1" }, user: { name: "SYSTEM" }, message: "ended", source: { ip: "10.0.0.1" } }),
    observed({ "@timestamp": "3", host: { name: "SRV1" }, file: {} }),
  ];
  const alert = makeAlert(
    { rule: { ...rule, title: "{message} by {user.name} at {no.field}" }, events, ms: 3, keys: ["k"], count: 4 },
    "id",
  );
  expect(alert).toMatchObject({ id: "id", time: "3", ms: 3, keys: ["k"], count: 4, host: "SRV1", who: "kira", what: "ended" });
  expect(alert.title).toBe("ended by SYSTEM at (no no.field)");
  expect(alert.entities).toEqual({ hosts: ["ws1", "srv1"], users: ["kira"], addresses: ["10.0.0.1"] });
  const plain = makeAlert({ rule, events: [observed({})], ms: Number.NaN, keys: [] }, "id");
  expect(plain).toMatchObject({ time: null, title: "Rule A1", host: "", who: "", what: "" });
  expect(plain).not.toHaveProperty("count");
});

test("accounts of the system, machines and loopback tie nothing together", () => {
  const event = {
    ...data({ SubjectUserName: ["CORP\\Kira", "WS1$", "-"], TargetUserName: ["Local Service", "olin"] }),
    user: { name: "ANONYMOUS LOGON" },
    source: { ip: ["127.0.0.1", "::1", "-", "0.0.0.0", "::", "FE80::1", "128.7.0.0"] },
  };
  const { entities } = makeAlert({ rule, events: [observed(event)], ms: 1, keys: [] }, "id");
  expect(entities).toEqual({ hosts: [], users: ["kira", "olin"], addresses: ["fe80::1", "128.7.0.0"] });
});
