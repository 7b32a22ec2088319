import { describe, expect, test } from "vitest";
import { readTimeBound } from "./time-bound.ts";
import { readTimeZone, UTC } from "./time-zone.ts";

const now = Date.parse("2026-03-10T12:00:00Z");
const iso = (ms: number): string => new Date(ms).toISOString();

function bound(text: string, zone = "UTC"): unknown {
  const read = readTimeBound(text, now, readTimeZone(zone)!);
  if (read === null) return null;
  return read.of === "clock" ? [iso(read.from), iso(read.to)] : [read.of, read.from, read.to];
}

describe("bounds of time", () => {
  test("a time stands for all of what it is written to", () => {
    expect(bound("2026-03-04")).toEqual(["2026-03-04T00:00:00.000Z", "2026-03-05T00:00:00.000Z"]);
    expect(bound("2026-02")).toEqual(["2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"]);
    expect(bound("2026-03-04T09:00")).toEqual(["2026-03-04T09:00:00.000Z", "2026-03-04T09:01:00.000Z"]);
    expect(bound("2026-03-04 09:00:05")).toEqual(["2026-03-04T09:00:05.000Z", "2026-03-04T09:00:06.000Z"]);
    expect(bound("2026-03-04T09:00:05.2Z")).toEqual(["2026-03-04T09:00:05.200Z", "2026-03-04T09:00:05.300Z"]);
    expect(bound("2026-03-04T09:00:05.1234567Z")).toEqual(["2026-03-04T09:00:05.123Z", "2026-03-04T09:00:05.124Z"]);
  });

  test("its own offset counts, and without one the zone, days of 23 hours too", () => {
    expect(bound("2026-03-04T09:00:00+01:00", "America/New_York")).toEqual(["2026-03-04T08:00:00.000Z", "2026-03-04T08:00:01.000Z"]);
    expect(bound("2026-03-04T09:00", "America/New_York")).toEqual(["2026-03-04T14:00:00.000Z", "2026-03-04T14:01:00.000Z"]);
    expect(bound("2026-03-29", "Europe/Berlin")).toEqual(["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"]);
  });

  test("an hour that the clocks show twice is meant both times, and no minute beyond what is written", () => {
    const berlin = (text: string): unknown => bound(text, "Europe/Berlin");
    expect(berlin("2026-10-25T02:30")).toEqual(["2026-10-25T00:30:00.000Z", "2026-10-25T01:31:00.000Z"]);
    expect(berlin("2026-10-25T01:59")).toEqual(["2026-10-24T23:59:00.000Z", "2026-10-25T00:00:00.000Z"]);
    expect(berlin("2026-10-25")).toEqual(["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
    expect(berlin("2026-03-29T01:59")).toEqual(["2026-03-29T00:59:00.000Z", "2026-03-29T01:00:00.000Z"]);
  });

  test("distances count from now, or from the end of the logs", () => {
    for (const text of ["24h", "-24h", "now-24h", "1d", " - 24 h "])
      expect(bound(text), text).toEqual(["2026-03-09T12:00:00.000Z", "2026-03-09T12:00:00.001Z"]);
    expect(bound("now")).toEqual(["2026-03-10T12:00:00.000Z", "2026-03-10T12:00:00.001Z"]);
    expect(bound("1w1d12h")).toEqual(["2026-03-02T00:00:00.000Z", "2026-03-02T00:00:00.001Z"]);
    expect(bound("end-2h")).toEqual(["end", -7_200_000, -7_199_999]);
    expect(bound("END")).toEqual(["end", -0, 1]);
  });

  test("anything else is none", () => {
    const wrong = ["", "-", "end-", "end2h", "yesterday", "2026-13-01", "2026-02-30", "2026-03-04T25:00", "2026", "5", "5x", "1h-", "-end"];
    expect(wrong.filter((text) => readTimeBound(text, now, UTC) !== null)).toEqual([]);
  });
});
