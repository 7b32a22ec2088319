import { expect, test } from "vitest";
import { jsonOf, jsonText } from "./json-text.ts";

test("characters that a reader may take for a line break, or that cannot be seen, are escapes", () => {
  const hostile = "\u007f\u0085\u009f\u00a0\u2028\u2029\ufeff";
  expect(jsonText(hostile)).toBe('"\\u007f\\u0085\\u009f\u00a0\\u2028\\u2029\\ufeff"');
  expect(JSON.parse(jsonText(hostile))).toBe(hostile);
  expect(jsonText({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
});

test("an object or a list is on one line of at most 110 characters, its comma included", () => {
  // { "key": "x..." } stands at the start of a line, so all 110 characters are its own.
  const fits = { key: "x".repeat(110 - '{ "key": "" }'.length) };
  const over = { key: `${fits.key}x` };
  expect(jsonOf(fits)).toHaveLength(110);
  expect(jsonOf(over)).toBe(`{\n  "key": "${over.key}"\n}`);
  // Within another, the indent, the name and the comma behind it take their part.
  const inner = { key: "x".repeat(110 - '  "outer": { "key": "" },'.length) };
  expect(jsonOf({ outer: inner, b: 1 })).toBe(`{\n  "outer": { "key": "${inner.key}" },\n  "b": 1\n}`);
  const tooLong = { key: `${inner.key}x` };
  expect(jsonOf({ outer: tooLong, b: 1 })).toBe(`{\n  "outer": {\n    "key": "${tooLong.key}"\n  },\n  "b": 1\n}`);
  const item = { key: "x".repeat(110 - '  { "key": "" },'.length) };
  expect(jsonOf([item, item])).toBe(`[\n  { "key": "${item.key}" },\n  { "key": "${item.key}" }\n]`);
  const longItem = { key: `${item.key}x` };
  expect(jsonOf([longItem, 1])).toBe(`[\n  {\n    "key": "${longItem.key}"\n  },\n  1\n]`);
});

test("what is undefined is left out, and what is empty is short", () => {
  expect(jsonOf({ a: undefined, b: {}, c: [], d: null, e: [1, "2"] })).toBe('{ "b": {}, "c": [], "d": null, "e": [1, "2"] }');
  const wide = { a: undefined, text: "x".repeat(120) };
  expect(jsonOf(wide)).toBe(`{\n  "text": "${wide.text}"\n}`);
});
