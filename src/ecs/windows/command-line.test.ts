import { describe, expect, test } from "vitest";
import { argumentsByBlanks, argumentsByWindows } from "./command-line.ts";

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
});
