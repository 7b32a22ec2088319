import { expect, test } from "vitest";
import { Detector } from "./detector.ts";
import { sampleRule } from "./testing/sample-rule.ts";

const rules = [
  sampleRule("event", "any where n == 1"),
  sampleRule("sequence", "sequence by host.id [any where n == 1] [any where n == 2]"),
  sampleRule("none", "any where n == 3"),
];

function detect(
  times: readonly (number | string | null)[],
  { onSequence, ...options }: { clock?: () => number; onSequence?: () => void } = {},
) {
  const matches: string[] = [];
  const detector = new Detector(rules, {
    ...options,
    onMatch: ({ rule, ms, keys }) => {
      if (rule.key === "sequence") onSequence?.();
      matches.push(`${rule.key} ${ms} ${keys.join()}`);
    },
  });
  times.forEach((time, i) =>
    detector.push({
      event: { ...(time === null ? {} : { "@timestamp": time }), n: (i % 2) + 1, host: { id: "h" } },
      source: "s",
      place: { file: "f", line: i + 1 },
    }),
  );
  detector.finish();
  return { detector, matches };
}

test("rules of one event match at once, sequences in the order of time, and each is counted", () => {
  const { detector, matches } = detect([5, 9, 7, 6]);
  expect(matches).toEqual(["event 5 ", "event 7 ", "sequence 6 h", "sequence 9 h"]);
  expect(detector.counts().map(({ rule, matched, alerts }) => [rule.key, matched, alerts])).toEqual([
    ["event", 2, 2],
    ["sequence", 4, 2],
    ["none", 0, 0],
  ]);
  expect(detector.faults.list()).toEqual([]);
});

test("an event without a time matches alone, and is lost to sequences, which is counted", () => {
  const { detector, matches } = detect([5, null, "no time", 6]);
  expect(matches).toEqual(["event 5 ", "event NaN ", "sequence 6 h"]);
  expect(detector.faults.list().map(({ rule, count }) => [rule?.key, count])).toEqual([["sequence", 2]]);
});

test("rules are timed where there is a clock, and only there", () => {
  expect(
    detect([1, 2])
      .detector.counts()
      .map(({ millis }) => millis),
  ).toEqual([null, null, null]);
  // Time passes only while a sequence's alert is taken: 5 ms for every second event, of which 1 falls on the 2 rounds that are timed.
  let now = 0;
  const { detector } = detect(
    Array.from({ length: 400 }, (_, i) => i),
    { clock: () => now, onSequence: () => (now += 5) },
  );
  expect(detector.counts().map(({ millis }) => millis)).toEqual([0, (1 * 5 * 400) / 2, 0]);
});
