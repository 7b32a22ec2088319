import { expect, test } from "vitest";
import { keywordsOf } from "./levels.ts";

test.each([
  ["0x8020000000000000", ["Audit Success"], "success"],
  ["0x8010000000000000", ["Audit Failure"], "failure"],
  ["-9214364837600034816", ["Audit Success"], "success"],
  ["9232379236109516800", ["Audit Success"], "success"],
  ["0x0", [], undefined],
  ["0xzz", [], undefined],
  ["Audit Success", [], undefined],
  ["", [], undefined],
  ["0x80200000000000000000000000000000", [], undefined],
])("keywords %s are %j, outcome %s", (value, names, outcome) => {
  expect(keywordsOf(value)).toEqual({ names, outcome });
});
