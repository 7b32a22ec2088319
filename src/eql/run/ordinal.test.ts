import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareKeyValues, decodeKey, encodeKey, type KeyValue } from "../values/keys.ts";
import { compareTiebreakers, exceeds, printInstant, readInstant } from "./ordinal.ts";

function read(value: unknown): [number, number] | null {
  const at = { millis: 0, nanos: 0 };
  return readInstant(value, at) ? [at.millis, at.nanos] : null;
}

describe("timestamps", () => {
  test("every form that a date field takes", () => {
    const day = Date.UTC(2024, 1, 29);
    expect(read("2024-02-29")).toEqual([day, 0]);
    expect(read("2024")).toEqual([Date.UTC(2024, 0, 1), 0]);
    expect(read("2024-02")).toEqual([Date.UTC(2024, 1, 1), 0]);
    expect(read("2024-02-29T01:02:03.456Z")).toEqual([day + 3_723_456, 0]);
    expect(read("2024-02-29T01:02:03.123456789Z")).toEqual([day + 3_723_123, 456_789]);
    expect(read("2024-02-29 01:02:03.1234567")).toEqual([day + 3_723_123, 456_700]);
    expect(read("2024-02-29T01:02+01:30")).toEqual([day + 62 * 60_000 - 90 * 60_000, 0]);
    expect(read("2024-02-29T01:02:03-0100")).toEqual([day + 3_723_000 + 3_600_000, 0]);
    expect(read("0001-01-01T00:00:00Z")).toEqual([-62_135_596_800_000, 0]);
    expect(read("1504126052")).toEqual([1_504_126_052, 0]);
    expect(read("1")).toEqual([1, 0]);
    expect(read(-1.5)).toEqual([-2, 500_000]);
    expect(read(1_504_126_052_000n)).toEqual([1_504_126_052_000, 0]);
    expect(read(["2024-02-29", "2025-01-01"])).toEqual([day, 0]);
  });

  test("what is no timestamp", () => {
    for (const value of [
      "",
      "x",
      "2023-02-29",
      "2024-13-01",
      "2024-02-29T24:00:00Z",
      "2024-02-29T01:02:03.Z",
      "2024-02-29T01:02:03.1234567890Z",
      "2024-02-29Tx",
      "1e3",
      "-",
      NaN,
      Infinity,
      null,
      undefined,
      true,
      {},
      [[1]],
      [],
    ]) {
      expect(read(value), typeof value).toBe(null);
    }
  });

  test("agrees with Date, and prints back", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        fc.nat(999_999),
        (date, nanos) => {
          expect(read(date.toISOString())).toEqual([date.getTime(), 0]);
          expect(read(printInstant({ millis: date.getTime(), nanos }))).toEqual([date.getTime(), nanos]);
        },
      ),
    );
  });

  test("never throws", () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true }), (value) => void read(value)));
    fc.assert(fc.property(fc.stringMatching(/^[0-9TZ:.+-]{0,35}$/), (value) => void read(value)));
  });

  test("a span is exceeded by a nanosecond, not by equality", () => {
    expect([exceeds(0, 5, 10, 5, 10), exceeds(0, 5, 10, 6, 10), exceeds(0, 5, 11, 0, 10)]).toEqual([false, true, true]);
  });

  test("tiebreakers: numbers of any size by value, none last", () => {
    const list = [undefined, 9_007_199_254_740_993n, 5, "b", "a", 9_007_199_254_740_992, null];
    expect(list.filter((v) => v !== undefined).sort(compareTiebreakers)).toEqual([
      5,
      9_007_199_254_740_992,
      9_007_199_254_740_993n,
      "a",
      "b",
      null,
    ]);
    expect(compareTiebreakers(undefined, 1)).toBe(1);
  });
});

describe("keys", () => {
  const value = fc.oneof<fc.Arbitrary<KeyValue>[]>(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "\u0000", "\u0000n", "s1:a", "__proto__"),
    fc.double({ noNaN: true }).map((n) => (n === 0 ? 0 : n)),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n }),
    fc.boolean(),
    fc.constant(null),
  );
  test("one text per list of values and back", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (list) => {
        expect(decodeKey(encodeKey(list))).toEqual(list);
      }),
    );
  });
  test("texts are ordered by code point, null first", () => {
    expect(["😀", "\uFFFD", "a"].sort(compareKeyValues)).toEqual(["a", "\uFFFD", "😀"]);
    expect((["a", 1, null, true, false, 0.5] as KeyValue[]).sort(compareKeyValues)).toEqual([null, false, true, 0.5, 1, "a"]);
  });
});
