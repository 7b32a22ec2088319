import { expect, test } from "vitest";
import { visible, visibleLines } from "./visible.ts";

test.each([
  ["plain text $ü漢字", "plain text $ü漢字"],
  ["a\u001b[31mred", "a\\x1b[31mred"],
  ["two\r\nlines\tand a tab", "two\\r\\nlines\\tand a tab"],
  ["exe\u202etxt.scr", "exe\\u202etxt.scr"],
  ["\u0000", "\\x00"],
  ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
  ["pair 😀 stays, lone \ud83d does not", "pair 😀 stays, lone \\ud83d does not"],
  ["", ""],
])("%j", (raw, safe) => {
  expect(visible(raw)).toBe(safe);
});

test("lines stay lines, and nothing else acts", () => {
  expect(visibleLines("a\r\n\u202eb\n\tc\rd")).toBe("a\n\\u202eb\n\\tc\\rd");
});
