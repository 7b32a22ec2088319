import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, instantOf, parseDate, parseDateMath } from "./dates.ts";

const MS = 1_000_000n;
const now = Date.UTC(2026, 2, 31, 13, 45, 30, 250);
const at = (iso: string): bigint => BigInt(Date.parse(iso)) * MS;

describe("dates", () => {
  test.each([
    ["2026-01-31T10:00:00.123Z", "2026-01-31T10:00:00.123Z"],
    ["2026-01-31T10:00:00,5Z", "2026-01-31T10:00:00.500Z"],
    ["2026-01-31 10:00:00.123", "2026-01-31T10:00:00.123Z"],
    ["2026-01-31T10:00:00+01:30", "2026-01-31T08:30:00.000Z"],
    ["2026-01-31T10:00-0800", "2026-01-31T18:00:00.000Z"],
    ["2026-01-31T10Z", "2026-01-31T10:00:00.000Z"],
    ["2026-02", "2026-02-01T00:00:00.000Z"],
    ["2026", "2026-01-01T00:00:00.000Z"],
    ["1769853600123", "2026-01-31T10:00:00.123Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
  ])("%s", (text, iso) => {
    expect(formatInstant(parseDate(text)!.from)).toBe(iso);
  });

  test.each([
    "",
    "2026-13",
    "2026-02-30",
    "2025-02-29",
    "2026-1-1",
    "2026-01-01T24:00",
    "2026-01-01T10:60",
    "now",
    "yesterday",
    "2026-01-01T10:00:00.1234567890Z",
    "2026-01-01T10:00:00+25:00",
    "12.5",
  ])("%j is no date", (text) => {
    expect(parseDate(text)).toBeNull();
  });

  test("a text that leaves something open is a range", () => {
    expect(parseDate("2026-02")!.to).toBe(at("2026-03-01T00:00:00Z") - 1n);
    expect(parseDate("2026-02-03+01:00")!.to).toBe(at("2026-02-03T23:00:00Z") - 1n);
    const exact = parseDate("2026-02-03T01:02:03.000000001Z")!;
    expect(exact.to).toBe(exact.from);
    expect(exact.from % 10n).toBe(1n);
  });

  test.each([
    ["now", "2026-03-31T13:45:30.250Z"],
    ["now-1d", "2026-03-30T13:45:30.250Z"],
    ["now-1M", "2026-02-28T13:45:30.250Z"],
    ["now+1y/y", "2027-01-01T00:00:00.000Z"],
    ["now/w", "2026-03-30T00:00:00.000Z"],
    ["now-1d/d", "2026-03-30T00:00:00.000Z"],
    ["now/h-30m", "2026-03-31T12:30:00.000Z"],
    ["2024-01-31||+1M/d", "2024-02-29T00:00:00.000Z"],
    ["2026-01-01||/M", "2026-01-01T00:00:00.000Z"],
  ])("%s", (text, iso) => {
    expect(formatInstant(parseDateMath(text, now)!.from)).toBe(iso);
  });

  test.each(["now-", "now-1", "now-1x", "now/2d", "nowish", "||-1d", "now--1d"])("%j is no date math", (text) => {
    expect(parseDateMath(text, now)).toBeNull();
  });

  test("without a present there is no now", () => {
    expect(parseDateMath("now-1d", undefined)).toBeNull();
  });

  test("values of date fields", () => {
    expect(instantOf(1.5)).toBe(1_500_000n);
    expect(instantOf(2n)).toBe(2_000_000n);
    expect(instantOf("x")).toBe(undefined);
    expect(instantOf(true)).toBe(undefined);
  });

  test("prints back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -62_000_000_000_000_000_000n, max: 253_402_300_799_999_999_999n }), (instant) => {
        expect(parseDate(formatInstant(instant))!.from).toBe(instant);
      }),
    );
  });
});
