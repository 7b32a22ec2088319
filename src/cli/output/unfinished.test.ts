import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sweepUnfinished, unfinishedPath } from "./unfinished.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-unfinished-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process id that was given and is free again. */
const dead = spawnSync(process.execPath, ["-e", ""]).pid;
/** The name that a dead process would have given. */
const nameOfDead = (name: string, stage: "new" | "old"): string =>
  unfinishedPath(join(folder, name), stage).replace(`-${process.pid}-`, `-${dead}-`);

test("what the dead left is taken away, files and folders; a folder's old name is given back where it is free", () => {
  writeFileSync(nameOfDead("report.html", "new"), "");
  mkdirSync(join(nameOfDead("site", "new"), "a"), { recursive: true });
  mkdirSync(join(nameOfDead("site", "old"), "b"), { recursive: true });
  mkdirSync(join(nameOfDead("other", "old"), "c"), { recursive: true });
  mkdirSync(join(folder, "other"));
  sweepUnfinished(folder);
  expect(readdirSync(folder).sort()).toEqual(["other", "site"]);
  expect(readdirSync(join(folder, "site"))).toEqual(["b"]);
  expect(readdirSync(join(folder, "other"))).toEqual([]);
});

test("what a living process is at stays, and what is no name of ours", () => {
  const kept = [unfinishedPath(join(folder, "a"), "new"), join(folder, ".a.tocsin"), join(folder, "a.new")];
  for (const path of kept) writeFileSync(path, "");
  sweepUnfinished(folder);
  expect(readdirSync(folder).sort()).toEqual(kept.map((path) => basename(path)).sort());
});

test.skipIf(!existsSync("/proc/self/stat"))("a process id that was given again is another process (needs /proc)", () => {
  const path = unfinishedPath(join(folder, "a"), "new");
  const other = path.replace(/-(\d+)-(\d+)\.new$/, (_, start: string, number: string) => `-${Number(start) - 1}-${number}.new`);
  writeFileSync(other, "");
  sweepUnfinished(folder);
  expect(readdirSync(folder)).toEqual([]);
});

test("another machine's or container's stays: its process ids say nothing here", () => {
  const path = nameOfDead("a", "new").replace(/tocsin-[0-9a-f]{8}/, "tocsin-00000000");
  writeFileSync(path, "");
  sweepUnfinished(folder);
  expect(readdirSync(folder)).toEqual([basename(path)]);
});

test("links are left alone, and what they lead to", () => {
  mkdirSync(join(folder, "target"));
  writeFileSync(join(folder, "target", "precious"), "");
  symlinkSync("target", nameOfDead("a", "new"));
  sweepUnfinished(folder);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(readdirSync(join(folder, "target"))).toEqual(["precious"]);
});

test.skipIf(process.getuid?.() !== 0)("another user's stays (needs root, who may give files away)", async () => {
  const { chownSync } = await import("node:fs");
  const path = nameOfDead("a", "new");
  writeFileSync(path, "");
  chownSync(path, 12_345, 12_345);
  sweepUnfinished(folder);
  expect(readdirSync(folder)).toEqual([basename(path)]);
});

test("a name stays short enough for a disk, however long the file's is", () => {
  const path = unfinishedPath(join(folder, "ü".repeat(120)), "new");
  writeFileSync(path, "");
  renameSync(path, join(folder, "ü".repeat(120)));
  expect(readdirSync(folder)).toHaveLength(1);
});
