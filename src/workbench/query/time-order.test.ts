import { expect, test } from "vitest";
import { inTimeOrder } from "./time-order.ts";

const order = (...times: readonly unknown[]): unknown[] =>
  inTimeOrder(
    times.map((time) => ({ "@timestamp": time })),
    (event) => event,
  ).map((event) => event["@timestamp"]);

test("events of one millisecond are ordered by their nanoseconds", () => {
  expect(order("2026-03-04T08:00:00.123456789Z", "2026-03-04T08:00:00.1234567Z", "2026-03-04T08:00:00.123Z")).toEqual([
    "2026-03-04T08:00:00.123Z",
    "2026-03-04T08:00:00.1234567Z",
    "2026-03-04T08:00:00.123456789Z",
  ]);
});

test("by the instant, not by the text: offsets count", () => {
  expect(order("2026-03-04T09:00:00Z", "2026-03-04T10:30:00+02:00", "2026-03-04T05:00:00-03:30")).toEqual([
    "2026-03-04T10:30:00+02:00",
    "2026-03-04T05:00:00-03:30",
    "2026-03-04T09:00:00Z",
  ]);
});

test("what has no time comes last, equal times stay as they were", () => {
  const same = [{ "@timestamp": "x", n: 1 }, { n: 2 }, { "@timestamp": 5, n: 3 }, { "@timestamp": "1970-01-01T00:00:00.005Z", n: 4 }];
  expect(inTimeOrder(same, (event) => event).map(({ n }) => n)).toEqual([3, 4, 1, 2]);
});
