import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

// The reference values of the algorithm's authors.
test.each([
  ["", "cbf29ce484222325"],
  ["a", "af63dc4c8601ec8c"],
  ["foobar", "85944171f73967e8"],
])("FNV-1a 64 of %j", (text, hash) => {
  expect(fingerprint(text)).toBe(hash);
});

test("it equals the bigint definition on any text", () => {
  const slow = (text: string): string => {
    let h = 0xcbf29ce484222325n;
    for (const c of text) h = ((h ^ BigInt(c.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
    return h.toString(16).padStart(16, "0");
  };
  for (const text of ["T1021.002/A1 logs.zip!x.json:17", "ÿþ", "x".repeat(1000)]) expect(fingerprint(text)).toBe(slow(text));
});
