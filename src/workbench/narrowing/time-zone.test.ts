import { describe, expect, test } from "vitest";
import { clockTime, momentsOf, readTimeZone, UTC, zonedTime, type TimeZone } from "./time-zone.ts";

const zone = (name: string): TimeZone => readTimeZone(name)!;
const at = (text: string): number => Date.parse(text);

describe("time zones", () => {
  test("are named, offsets, or UTC", () => {
    expect(["utc", "Z", "+0", "UTC+00:00", "Etc/UTC"].map((name) => readTimeZone(name))).toEqual([UTC, UTC, UTC, UTC, UTC]);
    expect(["+2", "+0200", "utc+02:00", "-05:30"].map((name) => readTimeZone(name)?.name)).toEqual([
      "+02:00",
      "+02:00",
      "+02:00",
      "-05:30",
    ]);
    expect(readTimeZone("europe/berlin")?.name).toBe("Europe/Berlin");
    expect(["Mars/Olympus", "+25", "+02:75", "", "cest now"].map((name) => readTimeZone(name))).toEqual([null, null, null, null, null]);
  });

  test("show a moment by their clocks, in winter and in summer", () => {
    const berlin = zone("Europe/Berlin");
    expect(clockTime(at("2026-03-04T08:57:13.001Z"), berlin)).toBe("2026-03-04T09:57:13.001");
    expect(zonedTime(at("2026-07-01T22:30:00Z"), berlin)).toBe("2026-07-02T00:30:00.000+02:00");
    expect(zonedTime(at("2026-07-01T22:30:00Z"), UTC)).toBe("2026-07-01T22:30:00.000Z");
    expect(zonedTime(at("2026-07-01T22:30:00Z"), zone("-05:30"))).toBe("2026-07-01T17:00:00.000-05:30");
    // Kathmandu is 5:45 ahead; the second before and after Berlin's change.
    expect(zonedTime(at("2026-01-01T00:00:00Z"), zone("Asia/Kathmandu"))).toBe("2026-01-01T05:45:00.000+05:45");
    expect(zonedTime(at("2026-03-29T00:59:59Z"), berlin)).toBe("2026-03-29T01:59:59.000+01:00");
    expect(zonedTime(at("2026-03-29T01:00:00Z"), berlin)).toBe("2026-03-29T03:00:00.000+02:00");
    expect([9e15, Number.NaN].flatMap((ms) => [clockTime(ms, UTC), clockTime(ms, berlin), zonedTime(ms, berlin)])).toEqual(
      Array(6).fill(null),
    );
  });

  test("say when their clocks show a time, also around a change", () => {
    const berlin = zone("Europe/Berlin");
    const moment = (shown: string): string => {
      const { first, last } = momentsOf(at(`${shown}Z`), berlin);
      return [...new Set([first, last])].map((ms) => new Date(ms).toISOString()).join(" and ");
    };
    expect(moment("2026-03-04T09:57:13")).toBe("2026-03-04T08:57:13.000Z");
    expect(moment("2026-03-29T01:59:59")).toBe("2026-03-29T00:59:59.000Z");
    expect(moment("2026-03-29T02:30:00")).toBe("2026-03-29T01:30:00.000Z");
    expect(moment("2026-03-29T03:00:00")).toBe("2026-03-29T01:00:00.000Z");
    expect(moment("2026-10-25T01:59:59")).toBe("2026-10-24T23:59:59.000Z");
    expect(moment("2026-10-25T02:30:00")).toBe("2026-10-25T00:30:00.000Z and 2026-10-25T01:30:00.000Z");
    expect(moment("2026-10-25T03:00:00")).toBe("2026-10-25T02:00:00.000Z");
  });
});
