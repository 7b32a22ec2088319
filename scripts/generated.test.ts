import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test.each(["make-sample.ts", "make-cases.ts", "make-schemas.ts", "walker/make.mjs"])("what %s writes is up to date", (script) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, script), "--check"], { encoding: "utf8" });
  expect(stdout + stderr).toBe("");
  expect(status).toBe(0);
});
