import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workFolder } from "../testing/work-folder.ts";
import { codeFolder } from "./code.ts";

const work = workFolder();

test("each build has a folder, and removes those of others", () => {
  const cache = join(work.path, "cache");
  mkdirSync(join(cache, "rules"), { recursive: true });
  const first = codeFolder(cache, "first")!;
  expect(first.startsWith(join(cache, "code"))).toBe(true);
  mkdirSync(join(first, "v24"));
  expect(codeFolder(cache, "first")).toBe(first);
  expect(existsSync(join(first, "v24"))).toBe(true);
  const second = codeFolder(cache, "second")!;
  expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
  expect(readdirSync(cache).sort()).toEqual(["code", "rules"]);
});

test("without a cache or a build there is none, and a folder that cannot be is no error", () => {
  expect([codeFolder(null, "b"), codeFolder(work.path, null)]).toEqual([null, null]);
  expect(codeFolder(join(work.file("a-file", "x"), "cache"), "b")).toBeNull();
});
