import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "./folder.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-folder-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("what is missing is made, what is there stays", () => {
  makeFolder(join(folder, "a", "b", "c"));
  makeFolder(join(folder, "a", "b", "c"));
  expect(existsSync(join(folder, "a", "b", "c"))).toBe(true);
});

test("below a file there is no folder", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file", "b"))).toThrow(/ENOTDIR/);
});

test.skipIf(!existsSync("/proc/self"))("where none can be made it is an error, not an endless try (needs /proc)", () => {
  expect(() => makeFolder("/proc/tocsin-none/a")).toThrow(/ENOENT|EACCES|EPERM/);
});
