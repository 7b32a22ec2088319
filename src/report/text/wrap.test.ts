import { expect, test } from "vitest";
import { wrappedText } from "./wrap.ts";

test("a text is broken at blanks, and goes on indented", () => {
  expect(wrappedText("one two three", 13)).toEqual(["one two three"]);
  expect(wrappedText("one two three", 12)).toEqual(["one two", "  three"]);
  expect(wrappedText("  one two three", 9)).toEqual(["  one two", "  three"]);
  expect(wrappedText("漢字 漢字 x", 9)).toEqual(["漢字 漢字", "  x"]);
  expect(wrappedText("a longestwordofall b", 6)).toEqual(["a", "  longestwordofall", "  b"]);
  expect(wrappedText("as it is", undefined)).toEqual(["as it is"]);
});
