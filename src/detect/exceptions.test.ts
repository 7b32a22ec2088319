import { expect, test } from "vitest";
import type { Exception, ExceptionPart } from "../catalog/index.ts";
import { ExceptionSet } from "./exceptions.ts";

function part(match: Record<string, readonly string[]>): ExceptionPart {
  return Object.entries(match).map(([field, values]) => ({ field, values }));
}

function exception(parts: { readonly [part in "source" | "account" | "artefact"]: Record<string, readonly string[]> }): Exception {
  return {
    id: "push",
    title: "Push",
    rules: ["C1", "C3"],
    parts: { source: part(parts.source), account: part(parts.account), artefact: part(parts.artefact) },
    owner: "Endpoint management",
    reason: "It pushes",
    expires: "2027-01-01",
  };
}

const push = exception({
  source: { "source.ip": ["10.10.40.5", "10.10.41.0/24"] },
  account: { "winlog.event_data.SubjectUserName": ["svc_push"] },
  artefact: { "winlog.event_data.RelativeTargetName": ["ccmsetup\\*"] },
});

const event = (ip: string, user: string, name: string) => ({
  source: { ip },
  winlog: { event_data: { SubjectUserName: user, RelativeTargetName: name } },
});

test("all three parts must match, case is ignored, an address may be a block", () => {
  const set = new ExceptionSet([push]);
  expect(set.covering("C1", [event("10.10.40.5", "SVC_PUSH", "CCMSETUP\\a.exe")])?.id).toBe("push");
  expect(set.covering("C1", [event("10.10.41.77", "svc_push", "ccmsetup\\a.exe")])?.id).toBe("push");
  expect(set.covering("C1", [event("10.10.20.31", "svc_push", "ccmsetup\\a.exe")])).toBeNull();
  expect(set.covering("C1", [event("10.10.40.5", "adm.kira", "ccmsetup\\a.exe")])).toBeNull();
  expect(set.covering("C1", [event("10.10.40.5", "svc_push", "Temp\\a.exe")])).toBeNull();
});

test("only for the rules it names", () => {
  expect(new ExceptionSet([push]).covering("C2", [event("10.10.40.5", "svc_push", "ccmsetup\\a.exe")])).toBeNull();
});

test("the events of a sequence give the parts together; a missing event gives none", () => {
  const set = new ExceptionSet([push]);
  const logon = { source: { ip: "10.10.40.5" } };
  const rest = { winlog: { event_data: { SubjectUserName: "svc_push", RelativeTargetName: "ccmsetup\\a.exe" } } };
  expect(set.covering("C3", [logon, null, rest])?.id).toBe("push");
  expect(set.covering("C3", [logon, null])).toBeNull();
});

test("quotes, backslashes and line breaks in a value are themselves", () => {
  const odd = exception({
    source: { "host.name": ['a"b'] },
    account: { "user.name": ["c\\d"] },
    artefact: { "process.command_line": ['x "y\\" or true\n'] },
  });
  const set = new ExceptionSet([odd]);
  const match = { host: { name: 'a"b' }, user: { name: "c\\d" }, process: { command_line: 'x "y\\" or true\n' } };
  expect(set.covering("C1", [match])?.id).toBe("push");
  expect(set.covering("C1", [{ ...match, user: { name: "cd" } }])).toBeNull();
});

test("a part without values excepts nothing", () => {
  const empty = exception({ source: { "source.ip": [] }, account: { "user.name": ["x"] }, artefact: { "file.name": ["y"] } });
  expect(new ExceptionSet([empty]).covering("C1", [{ user: { name: "x" }, file: { name: "y" } }])).toBeNull();
});

test("a part that cannot be computed is no match, and a fault", () => {
  const codes: string[] = [];
  const set = new ExceptionSet([push], (code) => codes.push(code));
  expect(set.covering("C1", [event("no address", "svc_push", "ccmsetup\\a.exe")])).toBeNull();
  expect(codes).toEqual(["eql/bad-ip"]);
});
