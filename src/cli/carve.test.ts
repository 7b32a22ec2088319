import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleLog } from "../../scripts/evtx-writer.ts";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-carve-"));
  const log = sampleLog();
  writeFileSync(join(folder, "log.evtx"), log);
  const image = new Uint8Array(50_000 + log.length).fill(0xa5);
  image.set(log, 50_000);
  writeFileSync(join(folder, "disk.img"), image);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function tocsin(...args: string[]): { status: number | null; lines: string[]; stderr: string } {
  const run = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status: run.status, lines: run.stdout.split("\n").filter((line) => line !== ""), stderr: run.stderr };
}

test("convert --carve reads the logs inside a disk image as it reads the logs themselves", () => {
  const log = tocsin("convert", "--to", "xml", "log.evtx");
  const carved = tocsin("convert", "--to", "xml", "--carve", "disk.img");
  expect(log.lines.length).toBeGreaterThan(4);
  expect(carved.lines).toEqual(log.lines);
  expect(carved.stderr).toContain("evtx/carved");
  expect(tocsin("convert", "--to", "xml", "disk.img")).toMatchObject({ status: 4, lines: [] });
});

test.each(["hunt", "inspect", "convert"])("%s --help tells of it", (command) => {
  expect(tocsin(command, "--help").lines.join(" ")).toContain("--carve");
});
