import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import type { JsonObject } from "../../readers/index.ts";
import { EXPECTED_TYPES } from "../generated/fields.ts";
import { createNormaliser } from "../normalise.ts";
import { text } from "../object.ts";
import { eventName, WINDOWS_LOGS } from "./logs.ts";
import { ACCOUNT_LOGON } from "./security/events/account-logon.ts";
import { ACCOUNT_MANAGEMENT } from "./security/events/account-management.ts";
import { DETAILED_TRACKING } from "./security/events/detailed-tracking.ts";
import { DIRECTORY_SERVICE } from "./security/events/directory-service.ts";
import type { SecurityRole } from "./security/events/event.ts";
import { GROUP_MANAGEMENT } from "./security/events/group-management.ts";
import { LOGON } from "./security/events/logon.ts";
import { OBJECT_ACCESS } from "./security/events/object-access.ts";
import { POLICY_CHANGE } from "./security/events/policy-change.ts";
import { PRIVILEGE_USE } from "./security/events/privilege-use.ts";
import { SYSTEM } from "./security/events/system.ts";
import { SECURITY_EVENTS } from "./security/events.ts";

const SECURITY_FILES = [
  ACCOUNT_LOGON,
  ACCOUNT_MANAGEMENT,
  DETAILED_TRACKING,
  DIRECTORY_SERVICE,
  GROUP_MANAGEMENT,
  LOGON,
  OBJECT_ACCESS,
  POLICY_CHANGE,
  PRIVILEGE_USE,
  SYSTEM,
];

/** Event data that a role reads: one of them has to be there. */
const READ_BY: { readonly [R in SecurityRole]: readonly string[] } = {
  "subject-is-user": ["SubjectUserName"],
  "subject-is-related": ["SubjectUserName"],
  "user-data-subject": ["user_data.SubjectUserName"],
  "target-is-user": ["TargetUserName"],
  "target-is-user-target": ["TargetUserName", "TargetSid", "ObjectName"],
  "target-is-user-effective": ["TargetUserName"],
  "target-is-group": ["TargetUserName"],
  "target-is-computer": ["TargetUserName"],
  "target-is-related": ["TargetUserName"],
  "target-is-logon": ["TargetLogonId"],
  "process-and-source": [],
  "new-process": ["NewProcessName"],
  session: ["AccountName"],
  share: ["ShareLocalPath"],
  "scheduled-task": ["TaskContent", "TaskContentNew"],
  privileges: ["PrivilegeList"],
  "kerberos-status": ["Status", "ServiceName"],
  "logon-failure": ["Status"],
  "security-descriptors": ["OldSd", "SidList"],
};

describe("descriptions of events", () => {
  test("no id of the Security log is described twice", () => {
    const ids = SECURITY_FILES.flatMap((file) => Object.keys(file));
    expect(ids.length).toBe(SECURITY_EVENTS.size);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every event has a name, its data has each name once, and what plays a role is among it", () => {
    for (const { key, events } of WINDOWS_LOGS) {
      for (const { code, name, data } of events) {
        expect(name, `${key} ${code}`).toMatch(/^[A-Z].*[^.]$/);
        expect(new Set(data).size, `${key} ${code}`).toBe(data.length);
      }
    }
    for (const [code, { data, roles }] of SECURITY_EVENTS) {
      for (const role of roles ?? []) {
        const read = READ_BY[role];
        expect(read.length === 0 || read.some((name) => data.includes(name)), `${code} ${role}`).toBe(true);
      }
    }
  });

  test("our own categories go with their types by ECS", () => {
    for (const { events } of WINDOWS_LOGS) {
      for (const { code, added } of events) {
        for (const category of added?.category ?? []) {
          const fits = added!.type!.filter((type) => EXPECTED_TYPES[category]!.includes(type));
          expect(fits.length, `${code} ${category}`).toBeGreaterThan(0);
        }
      }
    }
  });

  test.each([
    ["Security", "5142", "A network share object was added"],
    ["microsoft-windows-security-auditing", 4688, "A new process has been created"],
    ["Microsoft-Windows-Eventlog", "1102", "The audit log was cleared"],
    ["Microsoft-Windows-Sysmon/Operational", 1, "Process creation"],
    ["Service Control Manager", "7045", "A service was installed in the system"],
    ["System", "7045", undefined],
    ["Security", "1", undefined],
    ["__proto__", "constructor", undefined],
  ])("%s %s is named %s", (log, id, name) => {
    expect(eventName(log, id)).toBe(name);
  });
});

describe("a network share that is added, modified or deleted", () => {
  const subject = {
    SubjectUserSid: "S-1-5-21-1-2-3-1104",
    SubjectUserName: "adm.kira",
    SubjectDomainName: "CORP",
    SubjectLogonId: "0x38d12",
  };
  const share = { ShareName: "\\\\*\\Staging", ShareLocalPath: "C:\\Staging" };
  const modified = {
    ObjectType: "Directory",
    OldMaxUsers: "0xffffffff",
    NewMaxUsers: "0x1",
    OldSD: "O:BAG:DAD:",
    NewSD: "O:BAG:DAD:(A;;FA;;;WD)",
  };
  const map = (code: string, data: JsonObject, strictElastic: boolean): JsonObject =>
    createNormaliser({ strictElastic }).normalise({
      kind: "document",
      place: { file: "lab.json" },
      document: { winlog: { channel: "Security", event_id: code, event_data: { ...subject, ...share, ...data } } },
    }).event;

  test.each([
    ["5142", {}, "creation", "network-share-object-added"],
    ["5143", modified, "change", "network-share-object-modified"],
    ["5144", {}, "deletion", "network-share-object-deleted"],
  ])("%s", (code, data, type, action) => {
    const event = map(code, data, false);
    expect(event["event"]).toMatchObject({ code, category: ["configuration"], type: [type], action });
    expect(event["user"]).toEqual({ id: subject.SubjectUserSid, name: "adm.kira", domain: "CORP" });
    expect(event["related"]).toEqual({ user: ["adm.kira"] });
    expect(event["file"]).toEqual({ directory: "C:\\Staging" });
    // Of another addition, which makes connections of the firewall's events.
    expect(event).not.toHaveProperty("network");
    expect(event["winlog"]).toMatchObject({ logon: { id: "0x38d12" }, event_data: { ...share, ...data } });
  });

  test("Elastic's pipelines leave them as they are", () => {
    const event = map("5142", {}, true);
    expect(event["event"]).not.toHaveProperty("category");
    expect(event).not.toHaveProperty("user");
    expect(event).not.toHaveProperty("file");
    expect(event["winlog"]).toMatchObject({ logon: { id: "0x38d12" } });
  });
});

const SHARED = new URL("../../../../shared/", import.meta.url).pathname;

describe.skipIf(!existsSync(SHARED))("recorded events (skipped: no ../shared beside the checkout)", () => {
  test("a name is the first line of the event's text", () => {
    const seen = new Map<string, string>();
    for (const file of globSync("suites/ecs/{beats,integrations}/**/*.json", { cwd: SHARED })) {
      const content = JSON.parse(readFileSync(SHARED + file, "utf8")) as JsonObject[] | { events?: JsonObject[] };
      for (const { winlog, message } of Array.isArray(content) ? content : (content.events ?? [])) {
        const { channel, event_id: id } = (winlog ?? {}) as JsonObject;
        if (channel === "Security" && typeof message === "string" && !message.startsWith("<"))
          seen.set(text(id) ?? "", message.split("\n", 1)[0]!);
      }
    }
    expect(seen.size).toBeGreaterThan(40);
    for (const [id, line] of seen) expect(`${id} ${eventName("Security", id)}.`).toBe(`${id} ${line.trim()}`);
  });

  test("data stands in the order in which Windows writes it", () => {
    const wrong = new Set<string>();
    let checked = 0;
    const files = globSync("{data/evtx-to-mitre,data/windows11-baseline,suites/ecs/beats}/**/*.evtx", { cwd: SHARED });
    for (const file of files) {
      for (const record of readAll(readFileSync(SHARED + file)).records) {
        if (record.kind !== "windows" || record.event.eventData === null) continue;
        const { channel, eventId } = record.event.system;
        const log = WINDOWS_LOGS.find((log) => log.channel === channel);
        const described = log?.events.find(({ code }) => code === String(eventId));
        if (described === undefined) continue;
        checked++;
        let from = 0;
        for (const { name } of record.event.eventData.data) {
          const at = name === undefined ? from : described.data.indexOf(name, from);
          if (at < 0) wrong.add(`${log!.key} ${eventId} ${name}`);
          else from = at;
        }
      }
    }
    expect([...wrong].sort()).toEqual([]);
    expect(checked).toBeGreaterThan(500);
  });
});
