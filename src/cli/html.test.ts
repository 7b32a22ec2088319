import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const main = join(root, "dist", "cli", "main.js");
const sample = join(root, "samples", "lab.ndjson");
const folder = mkdtempSync(join(tmpdir(), "tocsin-html-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tocsin = (...args: string[]): SpawnSyncReturns<string> => spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });

describe.skipIf(!existsSync(main))("tocsin hunt --html", () => {
  test("writes the report beside what is printed anyway", () => {
    const file = join(folder, "report.html");
    const { status, stdout } = tocsin("hunt", sample, "--html", file);
    expect(status).toBe(0);
    expect(stdout).toContain("Incident 1 of 2");
    const report = readFileSync(file, "utf8");
    expect(report).toContain('id="incident-2"');
    expect(report.startsWith("<!doctype html>")).toBe(true);
    expect(report.trimEnd().endsWith("</html>")).toBe(true);
  });

  test("a file that cannot be written is told, with what to do", () => {
    const { status, stderr } = tocsin("hunt", sample, "--html", join(folder, "no", "such", "folder.html"));
    expect(status).not.toBe(0);
    expect(stderr).toContain("the report cannot be written (ENOENT)");
    expect(stderr).toContain("Name a file in a folder that exists");
  });
});
