import { expect, test } from "vitest";
import { TimeSpan } from "./time-span.ts";

function spanOf(...times: readonly unknown[]): [string | null, string | null] {
  const span = new TimeSpan();
  for (const time of times) span.add(time);
  return [span.first, span.last];
}

test("first and last are by time, not by text: offsets and nanoseconds count", () => {
  expect(spanOf("2026-03-04T10:30:00+02:00", "2026-03-04T09:00:00Z", "2026-03-04T08:45:00.000Z")).toEqual([
    "2026-03-04T08:30:00.000Z",
    "2026-03-04T09:00:00.000Z",
  ]);
  expect(spanOf("2026-03-04T09:00:00.0000005Z", "2026-03-04T09:00:00.000Z", "2026-03-04 09:00:00.0000001")).toEqual([
    "2026-03-04T09:00:00.000Z",
    "2026-03-04T09:00:00.000000500Z",
  ]);
});

test("what is no time is passed over", () => {
  expect(spanOf("yesterday", null, undefined, {})).toEqual([null, null]);
});
