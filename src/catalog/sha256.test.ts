import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sha256 } from "./sha256.ts";

test.each(["", "abc", "é\u{1F600}", "a".repeat(1000)])("agrees with Node's own: %j", (text) => {
  expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
});
