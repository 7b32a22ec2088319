import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../readers/index.ts";
import { LogonCounts, type LogonOptions } from "./logons.ts";

/** Counts documents as a reader hands them on. */
function counted(documents: readonly JsonObject[], options: LogonOptions = {}): LogonCounts {
  const logons = new LogonCounts(options);
  for (const document of documents) logons.record({ kind: "document", place: { file: "log" }, document });
  return logons;
}
const lines = (documents: readonly JsonObject[], options: LogonOptions = {}): string[] =>
  counted(documents, options)
    .groups()
    .map(({ values, events }) => `${values.join(" | ")} | ${events}`);

/** As Winlogbeat ships it before any pipeline. */
function windows(
  code: string,
  data: JsonObject,
  more: { readonly channel?: string; readonly userData?: JsonObject; readonly outcome?: string } = {},
): JsonObject {
  const { channel = "Security", userData, outcome = "success" } = more;
  return {
    "@timestamp": "2026-03-04T08:00:00.000Z",
    event: { code, outcome, provider: "Microsoft-Windows-Security-Auditing" },
    winlog: {
      channel,
      event_id: code,
      provider_name: channel === "Security" ? "Microsoft-Windows-Security-Auditing" : "Microsoft-Windows-TerminalServices",
      computer_name: "SRV01",
      keywords: [outcome === "success" ? "Audit Success" : "Audit Failure"],
      event_data: data,
      ...(userData === undefined ? {} : { user_data: userData }),
    },
    host: { name: "SRV01" },
  };
}
const TARGET = { TargetUserName: "amy", TargetDomainName: "CORP" };

describe("who, from where, to where, how", () => {
  test.each([
    ["4624", windows("4624", { ...TARGET, LogonType: "3", IpAddress: "10.0.0.5" }), "amy | CORP | 10.0.0.5 | SRV01 | 3 Network | success"],
    [
      "4624 without an address",
      windows("4624", { ...TARGET, LogonType: "3", IpAddress: "-", WorkstationName: "WS07" }),
      "amy | CORP | WS07 | SRV01 | 3 Network | success",
    ],
    [
      "4624 of the start",
      windows("4624", { TargetUserName: "SYSTEM", TargetDomainName: "NT AUTHORITY", LogonType: "0" }),
      "SYSTEM | NT AUTHORITY |  | SRV01 | 0 System | success",
    ],
    [
      "4625",
      windows("4625", { ...TARGET, LogonType: "10", IpAddress: "10.0.0.5" }, { outcome: "failure" }),
      "amy | CORP | 10.0.0.5 | SRV01 | 10 RemoteInteractive | failure",
    ],
    ["4634", windows("4634", { ...TARGET, LogonType: "3" }), "amy | CORP |  | SRV01 | 3 Network | logoff"],
    [
      "4648",
      windows("4648", { SubjectUserName: "bob", SubjectDomainName: "CORP", ...TARGET, TargetServerName: "DC01" }),
      "amy | CORP | SRV01 | DC01 | explicit credentials | success",
    ],
    [
      "4648 at home",
      windows("4648", { SubjectUserName: "bob", ...TARGET, TargetServerName: "localhost" }),
      "amy | CORP | SRV01 | SRV01 | explicit credentials | success",
    ],
    [
      "4672",
      windows("4672", { SubjectUserName: "amy", SubjectDomainName: "CORP", PrivilegeList: "SeDebugPrivilege" }),
      "amy | CORP |  | SRV01 | special privileges | success",
    ],
    [
      "4769",
      windows("4769", { ...TARGET, ServiceName: "FS01$", IpAddress: "::ffff:10.0.0.5", Status: "0x0" }),
      "amy | CORP | 10.0.0.5 | FS01$ | Kerberos service ticket | success",
    ],
    [
      "4776",
      windows("4776", { TargetUserName: "amy", Workstation: "WS07", Status: "0xc000006a" }, { outcome: "failure" }),
      "amy |  | WS07 | SRV01 | NTLM validation | failure",
    ],
    [
      "RDP 21",
      windows(
        "21",
        {},
        {
          channel: "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
          userData: { User: "CORP\\amy", Address: "10.0.0.5" },
        },
      ),
      "amy | CORP | 10.0.0.5 | SRV01 | RDP session logon | success",
    ],
    [
      "sshd by Filebeat",
      {
        "@timestamp": "2026-03-04T08:00:00Z",
        event: { category: ["authentication"], action: "ssh_login", outcome: "failure", dataset: "system.auth", kind: "event" },
        ecs: { version: "8.0.0" },
        user: { name: "root" },
        source: { ip: "203.0.113.9" },
        host: { name: "web1" },
      },
      "root |  | 203.0.113.9 | web1 | ssh_login | failure",
    ],
  ])("%s", (_name, document: JsonObject, line) => {
    expect(lines([document])).toEqual([`${line} | 1`]);
  });

  test("what is no logon is not counted, the same id of another log neither", () => {
    const other = windows("21", {}, { channel: "Microsoft-Windows-Sysmon/Operational" });
    expect(lines([windows("4688", { NewProcessName: "C:\\a.exe" }), other])).toEqual([]);
  });
});

const knock = (user: string, time: string): JsonObject => ({
  ...windows("4625", { ...TARGET, TargetUserName: user, LogonType: "3" }),
  "@timestamp": time,
});

test("groups are counted in any case of letters, most first, with the first and the last time in UTC", () => {
  const groups = counted(
    [knock("bob", "2026-03-04T08:00:00Z"), knock("amy", "2026-03-04T09:30:00+02:00"), knock("AMY", "2026-03-04T07:00:00Z")],
    { fields: ["user"] },
  ).groups();
  expect(groups).toEqual([
    { values: ["amy"], events: 2, first: "2026-03-04T07:00:00.000Z", last: "2026-03-04T07:30:00.000Z" },
    { values: ["bob"], events: 1, first: "2026-03-04T08:00:00.000Z", last: "2026-03-04T08:00:00.000Z" },
  ]);
});

test("groups have a bound, and what is beyond is counted", () => {
  const logons = counted(
    ["a", "b", "c", "a"].map((user) => knock(user, "2026-03-04T08:00:00Z")),
    { maxGroups: 2 },
  );
  expect(logons.groups().map(({ values, events }) => [values[0], events])).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  expect(logons.notCounted).toBe(1);
});
