import { describe, expect, test } from "vitest";
import { Xxh64 } from "./xxh64.ts";

function xxh64(bytes: Uint8Array, piece = Math.max(bytes.length, 1)): bigint {
  const hash = new Xxh64();
  for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
  return hash.digest();
}

describe("XXH64", () => {
  // Published values of the reference implementation for seed 0.
  test.each([
    ["", 0xef46db3751d8e999n],
    ["a", 0xd24ec4f1a98c6e5bn],
    ["abc", 0x44bc2cf5ad770999n],
  ])("%j", (text, expected) => {
    expect(xxh64(new TextEncoder().encode(text))).toBe(expected);
  });

  // Whole contents are held against the checksums that zstd itself writes, in containers.test.ts.
  test("does not depend on how the content is split", () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 193) & 255);
    const whole = xxh64(bytes);
    for (const piece of [1, 7, 31, 32, 33, 64, 100]) expect(xxh64(bytes, piece), `pieces of ${piece}`).toBe(whole);
  });
});
