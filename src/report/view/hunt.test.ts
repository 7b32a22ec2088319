import { expect, test } from "vitest";
import type { HuntResult } from "../../workbench/index.ts";
import { huntIn, labLog, smbDetection } from "../testing/smb-hunt.ts";
import { blindViews, gapFacts, readFacts, severityCounts } from "./hunt.ts";

const detection = smbDetection();
const { result, input } = huntIn(detection, [labLog()]);
const textOf = (facts: readonly { readonly title: string; readonly text: string }[], title: string): string | undefined =>
  facts.find((fact) => fact.title === title)?.text;

test("what was read, and what exceptions suppressed", () => {
  const facts = readFacts(result, input);
  expect(facts.map(({ title }) => title)).toEqual(["Input", "Events", "Data sources", "Suppressed by exceptions"]);
  expect(textOf(facts, "Input")).toBe("1 file, 804 kB");
  expect(textOf(facts, "Events")).toBe("408, 2026-03-04 08:41:00.020 to 2026-03-04 09:33:33.867");
  expect(textOf(facts, "Suppressed by exceptions")).toContain("13 alerts: ConfigMgr client push: share (sccm-push-share) 1");
  expect(textOf(readFacts(result, { ...input, aborted: true }), "Input")).toContain("stopped before its end");
});

test("nothing was missed", () => {
  expect(gapFacts(result, input)).toEqual([]);
});

test("every way to miss something is a fact", () => {
  const lossy: HuntResult = {
    ...result,
    alertsNotKept: 3,
    unmapped: [{ provider: "P", code: "7", count: 2 }],
    losses: { ...result.losses, droppedEvents: 1, withoutTimestamp: 2, sequenceState: 3, faults: 4 },
    correlationLosses: { droppedEvents: 5, withoutTimestamp: 6, state: 7, withoutGroup: 8 },
  };
  expect(gapFacts(lossy, { errors: 9 }).map(({ title, text }) => `${title}: ${text}`)).toEqual([
    "Could not be read: 9 parts of the input",
    "Not mapped to ECS: 2 records, found only by their raw fields: P 7 (2)",
    "Not kept: 3 alerts that were counted and found no room",
    "Sequences may have missed something: 2 events without a time, 1 without room, 3 states given up",
    "Conditions that could not be computed: 4, counted as false (an overflow, a text that is no number)",
    "Correlations may have missed something: 6 events without a time, 5 without room, 7 states given up",
    "Events without a field that a correlation groups by: 8",
  ]);
});

test("rules without their telemetry, and incidents by severity", () => {
  const bytes = new TextEncoder().encode('{"event":{"code":"1"},"winlog":{"channel":"none"}}\n');
  const { whole } = blindViews([detection], huntIn(detection, [{ name: "empty.ndjson", bytes }]).result);
  const c2 = whole.find(({ rule }) => rule.startsWith("T1021.002/C2 "))!;
  expect(c2.missing[0]!.events).toMatch(/^security \d{4}/);
  expect(severityCounts(result)).toEqual([
    { severity: "high", incidents: 1 },
    { severity: "medium", incidents: 1 },
  ]);
});
