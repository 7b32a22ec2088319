import { expect, test } from "vitest";
import { readTimeZone } from "../workbench/index.ts";
import { byteText, clockText, count, cut, durationText, listText, percent, plural, shareText, spanText, timeText } from "./format.ts";

test("counts, plurals and shares", () => {
  expect(count(1_234_567)).toBe("1,234,567");
  expect([plural(1, "alert"), plural(2, "alert"), plural(0, "entry", "entries")]).toEqual(["1 alert", "2 alerts", "0 entries"]);
  expect([percent(1), percent(0.9999), percent(0)]).toEqual(["100.0 %", "99.9 %", "0.0 %"]);
  expect([shareText(1), shareText(2 / 3)]).toEqual(["100.0 %", "66.7 %"]);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1500, "1.5 kB"],
  [12_345_678, "12 MB"],
  [5e15, "5000 TB"],
])("%d bytes", (bytes, text) => expect(byteText(bytes)).toBe(text));

test.each([
  [0.2, "1 s"],
  [59.5, "1 min 0 s"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"],
])("%d seconds", (seconds, text) => expect(durationText(seconds)).toBe(text));

test("times and spans of time", () => {
  expect(timeText("2026-03-04T09:15:00.1234567Z")).toBe("2026-03-04 09:15:00.123");
  expect(timeText("2026-03-04T09:15:00Z")).toBe("2026-03-04 09:15:00");
  const berlin = readTimeZone("Europe/Berlin")!;
  expect(timeText("2026-03-04T09:15:00+02:00")).toBe("2026-03-04 07:15:00");
  expect(timeText("2026-03-04T23:15:00.1Z", berlin)).toBe("2026-03-05 00:15:00.1");
  expect(spanText("2026-03-04T09:15:00Z", null, berlin)).toBe("2026-03-04 10:15:00 to (no time)");
  expect([timeText("1774746000000"), timeText("1774746000000", berlin)]).toEqual(["2026-03-29 01:00:00.000", "2026-03-29 03:00:00.000"]);
  expect([timeText("2026"), timeText("99999999999999999999")]).toEqual(["2026", "99999999999999999999"]);
  expect([timeText("yesterday"), timeText(null)]).toEqual(["yesterday", "(no time)"]);
  expect(spanText("2026-03-04T09:15:00Z", "2026-03-04T09:16:00Z")).toBe("2026-03-04 09:15:00 to 2026-03-04 09:16:00");
  expect(spanText(null, null)).toBe("(no time)");
  expect([clockText(0), clockText(9e15)]).toEqual(["1970-01-01 00:00:00.000", "9000000000000000"]);
});

test("a long text is cut with a note, and never inside a pair", () => {
  expect(cut("short", 5)).toBe("short");
  expect(cut("a".repeat(1200), 3)).toBe("aaa … (cut: the first 3 of 1,200 characters)");
  expect(cut("ab\u{1F514}c", 3)).toBe("ab … (cut: the first 2 of 5 characters)");
});

test("a long list is counted", () => {
  expect(listText(["a", "b"], 2)).toBe("a, b");
  expect(listText(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
});
