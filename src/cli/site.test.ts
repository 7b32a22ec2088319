import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addSite } from "./commands/site.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-site-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function site(...args: string[]): Promise<void> {
  const program = new Command().exitOverride();
  addSite(program);
  await program.parseAsync(["site", ...args], { from: "user" });
}

test("a folder that holds something else is left alone, and a file is no folder", async () => {
  const file = join(folder, "thesis.txt");
  writeFileSync(file, "years of work");
  await expect(site(folder)).rejects.toThrow(/holds something that is not a site/);
  await expect(site(file)).rejects.toThrow(/is not a folder/);
  await expect(site(join(file, "site"))).rejects.toThrow(/cannot be written \(E[A-Z]+\)/);
  expect(readdirSync(folder)).toEqual(["thesis.txt"]);
});
