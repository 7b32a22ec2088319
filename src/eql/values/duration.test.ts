import { describe, expect, test } from "vitest";
import { durationMillis, isDurationUnit, parseDuration, printDuration } from "./duration.ts";

describe("durations", () => {
  test.each([
    ["1ms", 1],
    ["90s", 90_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["14d", 1_209_600_000],
    ["007s", 7_000],
  ])("%s is %d milliseconds", (text, millis) => expect(parseDuration(text)).toBe(millis));

  test.each(["", "5", "m", "0s", "-1m", "1.5h", "5 m", "5w", "5M", "5toString", "9007199254740991s", "99999999999999999ms"])(
    "%j is no duration",
    (text) => expect(parseDuration(text)).toBeNull(),
  );

  test("units are the table's own", () => {
    expect(isDurationUnit("d")).toBe(true);
    expect(isDurationUnit("toString")).toBe(false);
    expect(durationMillis({ value: 3, unit: "h" })).toBe(10_800_000);
  });

  test.each([
    [86_400_000, "1d"],
    [5_400_000, "90m"],
    [7_200_000, "2h"],
    [61_000, "61s"],
    [1_500, "1500ms"],
    [0, "0ms"],
  ])("%d milliseconds are printed as %s", (millis, text) => expect(printDuration(millis)).toBe(text));
});
