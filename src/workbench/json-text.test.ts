import { expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

test("64-bit integers stay whole, and texts can be cut", () => {
  const value = { id: 9_007_199_254_740_993n, name: "abcdef", list: ["abc"] };
  expect(jsonText(value)).toBe('{"id":9007199254740993,"name":"abcdef","list":["abc"]}');
  expect(jsonText(value, 2, (text) => text.slice(0, 2))).toBe(
    '{\n  "id": 9007199254740993,\n  "name": "ab",\n  "list": [\n    "ab"\n  ]\n}',
  );
});
