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
  expect(textOf(facts, "Events")).toBe("408, 2026-03-04 08:41:00.020 to 2026-03-04 09:33:33.867 UTC");
  expect(textOf(facts, "Suppressed by exceptions")).toContain("13 alerts: ConfigMgr client push: share (sccm-push-share) 1");
  expect(textOf(readFacts(result, { ...input, aborted: true }), "Input")).toContain("stopped before its end");
});

test("nothing was missed", () => {
  expect(gapFacts(result, input)).toEqual([]);
});

test("every way to miss something is a fact", () => {
  const { rule } = result.rules[0]!;
  const lossy: HuntResult = {
    ...result,
    unmapped: [{ provider: "P", code: "7", count: 2 }],
    faults: [
      { rule, code: "eql/regex-too-complex", count: 4 },
      { rule, code: "rule/event-without-time", count: 1 },
      { rule, code: "rule/event-without-room", count: 2 },
      { rule, code: "rule/event-without-value", count: 3 },
      { rule, code: "rule/state-given-up", count: 5 },
      { rule, code: "rule/alert-not-kept", count: 6 },
      { rule: null, code: "rule/not-run", count: 7 },
      { rule: null, code: "hunt/kind-not-counted", count: 10 },
    ],
    withoutGroup: 8,
  };
  expect(gapFacts(lossy, { errors: 9 }).map(({ title, text }) => `${title}: ${text}`)).toEqual([
    "Could not be read: 9 parts of the input",
    "Not mapped to ECS: 2 records, found by raw fields only: P 7 (2)",
    ...[
      `${rule.key} ${rule.name}: 4 values on which a condition could not be computed (a text too long for its regular expression) and counted as false [eql/regex-too-complex]`,
      `${rule.key} ${rule.name}: 1 event without a readable time, so in no sequence [rule/event-without-time]`,
      `${rule.key} ${rule.name}: 2 events that found no room in memory [rule/event-without-room]`,
      `${rule.key} ${rule.name}: 3 events without a value that can be added up [rule/event-without-value]`,
      `${rule.key} ${rule.name}: 5 states of a sequence, correlation or pipe given up, since a bound was reached [rule/state-given-up]`,
      `${rule.key} ${rule.name}: 6 alerts counted and not kept, since a bound was reached [rule/alert-not-kept]`,
      "7 rules that could not be read, and not run [rule/not-run]",
      "10 events of more kinds than are counted: what rules were blind to is not known [hunt/kind-not-counted]",
    ].map((line) => `Fault: ${line}`),
    "Events without a field that a correlation groups by: 8",
  ]);
});

test("a list of faults has an end", () => {
  const { rule } = result.rules[0]!;
  const many: HuntResult = { ...result, faults: Array.from({ length: 25 }, () => ({ rule, code: "eql/overflow", count: 1 })) };
  const facts = gapFacts(many, { errors: 0 });
  expect(facts).toHaveLength(21);
  expect(facts.at(-1)).toEqual({ title: "Fault", text: "5 more that are not listed" });
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
