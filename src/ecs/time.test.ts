import { expect, test } from "vitest";
import { isoMilliseconds } from "./time.ts";

test.each([
  ["2024-05-01T10:00:00.1234567Z", "2024-05-01T10:00:00.123Z"],
  ["yesterday", undefined],
])("time %s", (text, expected) => {
  expect(isoMilliseconds(text)).toBe(expected);
});
