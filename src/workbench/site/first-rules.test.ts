import { expect, test } from "vitest";
import type { Rule } from "../../catalog/index.ts";
import { rulesToStartWith } from "./first-rules.ts";

/** Only what is looked at. */
const rule = (id: string, confidence: Rule["confidence"], severity: Rule["severity"], tests: string[], more: object = {}): Rule =>
  ({ id, confidence, severity, tests, kind: "detection", lifecycle: { status: "stable" }, ...more }) as unknown as Rule;

const chosen = (...rules: Rule[]): string[] => rulesToStartWith({ rules }).map(({ id }) => id);

test("together they detect every test, each by the most reliable rule that detects it", () => {
  const rules = [
    rule("A", "low", "low", ["T1", "T2", "T3"]),
    rule("B", "high", "medium", ["T1"]),
    rule("C", "medium", "high", ["T1", "T2"]),
    rule("D", "medium", "low", ["T3"]),
    rule("E", "high", "high", []),
    rule("F", "high", "low", []),
    rule("G", "low", "high", []),
  ];
  // B, C and D detect all tests; E and F are the most reliable of the rest. What matters most is named first.
  expect(chosen(...rules)).toEqual(["C", "E", "B", "D", "F"]);
});

test("what is no detection to begin with is never among them, and few rules are all of them", () => {
  expect(
    chosen(
      rule("A", "high", "high", ["T1"], { lifecycle: { status: "baseline" } }),
      rule("B", "high", "high", ["T1"], { lifecycle: { status: "experimental" } }),
      rule("C", "high", "high", ["T1"], { kind: "hunt" }),
      rule("D", "high", "high", ["T1"], { kind: "building_block" }),
      rule("E", "low", "low", []),
    ),
  ).toEqual(["E"]);
  expect(chosen()).toEqual([]);
});
