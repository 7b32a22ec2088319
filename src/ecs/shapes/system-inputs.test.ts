import { expect, test } from "vitest";
import type { Json, JsonObject, WindowsSystem } from "../../readers/index.ts";
import { isObject } from "../object.ts";
import { systemInputs } from "./system-inputs.ts";
import { rawFromWindows } from "./windows.ts";

const FULL = {
  provider: { name: "Microsoft-Windows-Security-Auditing", guid: "{54849625-5478-4994-a5ba-3e3b0328c30d}" },
  eventId: 4688,
  version: 2,
  level: 4,
  task: 0,
  opcode: 1,
  keywords: "0x8020000000000000",
  timeCreated: "2026-01-01T19:03:34.3456789Z",
  eventRecordId: 2,
  activityId: "{a}",
  relatedActivityId: "{b}",
  processId: 4,
  threadId: 602,
  channel: "Security",
  computer: "WS01.lab.example",
  userId: "S-1-5-18",
} as const satisfies WindowsSystem;

const OTHER: { readonly [P in keyof typeof FULL]: WindowsSystem[P] } = {
  provider: { name: "Other", guid: "{0}" },
  eventId: 1,
  version: 3,
  level: 2,
  task: 5,
  opcode: 2,
  keywords: "0x8010000000000000",
  timeCreated: "2026-02-02T02:02:02Z",
  eventRecordId: 3,
  activityId: "{c}",
  relatedActivityId: "{d}",
  processId: 5,
  threadId: 6,
  channel: "System",
  computer: "other",
  userId: "S-1-5-19",
};

function leavesOf(value: Json, path = "", into = new Map<string, string>()): Map<string, string> {
  if (isObject(value)) for (const key of Object.keys(value)) leavesOf(value[key]!, path === "" ? key : `${path}.${key}`, into);
  else into.set(path, JSON.stringify(value));
  return into;
}

function raw(system: WindowsSystem): JsonObject {
  return rawFromWindows({
    kind: "windows",
    place: { file: "x" },
    event: { system, eventData: null, userData: null, rendering: null, other: [] },
  });
}

test("each path of the raw document changes with the properties named for it, and with no other", () => {
  const before = leavesOf(raw(FULL));
  expect(before.size).toBeGreaterThan(22);
  for (const property of Object.keys(FULL) as (keyof typeof FULL)[]) {
    const { [property]: _, ...without } = FULL;
    const variants: WindowsSystem[] = [{ ...FULL, [property]: OTHER[property] }];
    if (property !== "provider" && property !== "eventId") variants.push(without as unknown as WindowsSystem);
    for (const variant of variants) {
      const after = leavesOf(raw(variant));
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
      if (variant === variants[0]) expect(changed.length, property).toBeGreaterThan(0);
      for (const path of changed) expect(systemInputs(path), path).toContain(property);
    }
  }
});

test("what is under a path counts, and what comes from elsewhere is nobody's", () => {
  expect(systemInputs("winlog.process")).toEqual(["processId", "threadId"]);
  expect(systemInputs("process.name")).toEqual([]);
  expect(systemInputs("log.level")).toEqual(["level"]);
  expect(["log", "log.file.path", "winlog", "message", "winlog.event_data.A"].map(systemInputs)).toEqual([null, null, null, null, null]);
});
