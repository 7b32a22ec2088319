import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-site-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function site(...args: string[]): Promise<string> {
  return (await tocsin(["site", ...args])).stderr;
}

test("a folder that holds something else is left alone, and a file is no folder", async () => {
  const file = join(folder, "thesis.txt");
  writeFileSync(file, "years of work");
  expect(await site(folder)).toMatch(/holds something that is not a site/);
  expect(await site(file)).toMatch(/is not a folder/);
  expect(await site(join(file, "site"))).toMatch(/cannot be written \(ENOTDIR: /);
  expect(readdirSync(folder)).toEqual(["thesis.txt"]);
});
