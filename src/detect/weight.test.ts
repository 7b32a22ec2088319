import { expect, test } from "vitest";
import { weightOf } from "./weight.ts";

test("the weight of an event is that of its texts, with a little for each value", () => {
  expect(weightOf({})).toBe(16);
  expect(weightOf({ a: { b: ["xx", "yyy"] }, n: 1, nothing: null })).toBeGreaterThanOrEqual(5);
  expect(weightOf({ message: "A".repeat(1_000_000) })).toBeGreaterThanOrEqual(1_000_000);
});
