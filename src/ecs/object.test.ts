import { expect, test } from "vitest";
import type { Json, JsonObject } from "../readers/index.ts";
import { addUnique, integer, text } from "./object.ts";

test.each([
  ["0x4", 4],
  ["12", 12],
  ["-3", -3],
  ["0x", undefined],
  ["", undefined],
  ["1e3", undefined],
  ["x", undefined],
  ["9007199254740993", 9007199254740993n],
])("integer %s", (text, expected) => {
  expect(integer(text)).toBe(expected);
});

test.each([
  ["a", "a"],
  ["", undefined],
  [0, "0"],
  [12n, "12"],
  [false, "false"],
  [null, undefined],
  [[], undefined],
  [{}, undefined],
  [undefined, undefined],
])("text of %s", (value, expected) => {
  expect(text(value)).toBe(expected);
});

test.each<[Json | undefined, Json]>([
  [undefined, ["a"]],
  [null, ["a"]],
  [["a"], ["a"]],
  [["b"], ["b", "a"]],
  ["a", "a"],
  ["b", ["b", "a"]],
])("a value added to %j gives %j", (present, expected) => {
  const parent: JsonObject = present === undefined ? {} : { list: present };
  addUnique(parent, "list", "a");
  expect(parent["list"]).toEqual(expected);
});
