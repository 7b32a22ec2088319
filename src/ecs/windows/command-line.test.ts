import { describe, expect, test } from "vitest";
import { argumentsByBlanks, argumentsByWindows, isBlank } from "./command-line.ts";

describe("command lines", () => {
  test.each([
    ['a "b c" d', ["a", "b c", "d"]],
    ['"a"b c', ["ab", "c"]],
    ['a\\\\"b c" d', ["a\\b c", "d"]],
    ['a\\"b c', ['a"b', "c"]],
    ['"a ""b"" c"', ['a "b', "c"]],
    ["a\\\\b  c", ["a\\\\b", "c"]],
    ['""', [""]],
    ["", []],
  ] as const)("by Windows' rules: %s", (line, expected) => {
    expect(argumentsByWindows(line)).toEqual(expected);
  });
  test("by blanks, quotes kept", () => {
    expect(argumentsByBlanks('a "b c"  d')).toEqual(["a", '"b c"', "", "d"]);
  });
  // Java's Character.isWhitespace, by which the pipeline splits.
  test.each([
    [8, false],
    [9, true],
    [13, true],
    [14, false],
    [27, false],
    [28, true],
    [32, true],
    [33, false],
    [0xa0, false],
    [0x2000, true],
    [0x2006, true],
    [0x2007, false],
    [0x3000, true],
  ])("character %i is a blank: %s", (code, expected) => {
    expect(isBlank(code)).toBe(expected);
  });
});
