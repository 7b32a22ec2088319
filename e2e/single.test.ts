import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Tocsin as one file (`npm run single`), on a machine that has nothing else of it. */
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "tocsin-single-"));
const sample = join(folder, "lab.ndjson");
const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const program = join(folder, `tocsin-${platform}${process.platform === "win32" ? ".exe" : ""}`);
const script = join(folder, "tocsin.cjs");

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, args: readonly string[], cache = join(folder, "cache"), temporary = tmpdir()): Ran {
  const command = file.endsWith("js") ? [process.execPath, file] : [file];
  const env = {
    PATH: process.env["PATH"],
    HOME: join(folder, "home"),
    XDG_CACHE_HOME: cache,
    LOCALAPPDATA: cache,
    TMPDIR: temporary,
    TEMP: temporary,
    TOCSIN_CONFIG: "",
  };
  const { status, stdout, stderr } = spawnSync(command[0]!, [...command.slice(1), ...args], {
    cwd: folder,
    encoding: "utf8",
    env,
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

const fromCheckout = (...args: string[]): Ran => run(join(root, "dist", "cli", "main.js"), args);

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "scripts", "single.mjs"), "--out", folder], { stdio: "pipe" });
  copyFileSync(join(root, "samples", "lab.ndjson"), sample);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ["the script", script],
  ["the program", program],
])("%s", (_, file) => {
  test("hunts as the checkout does", () => {
    const args = ["hunt", "--fail-on", "high", "--ndjson", sample];
    const { status, stdout, stderr } = run(file, args);
    expect(stdout.split("\n").length).toBeGreaterThan(50);
    const expected = fromCheckout(...args);
    expect([status, stderr]).toEqual([1, expected.stderr]);
    expect(stdout === expected.stdout).toBe(true);
  });

  test("reads files side by side", () => {
    const second = join(folder, "second.ndjson");
    copyFileSync(sample, second);
    const args = ["hunt", "--ndjson", "--keep-duplicates", sample, second, "--jobs"];
    const { status, stdout, stderr } = run(file, [...args, "2"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: fromCheckout(...args, "1").stderr });
    expect(stdout === fromCheckout(...args, "1").stdout).toBe(true);
  });

  test("runs where nothing can be kept, and leaves nothing behind", () => {
    const temporary = join(folder, "temporary");
    mkdirSync(temporary, { recursive: true });
    // A file where the folder should be: nothing can be made in it, not even by root.
    const { status, stdout } = run(file, ["--version"], sample, temporary);
    expect({ status, stdout }).toEqual({ status: 0, stdout: fromCheckout("--version").stdout });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

test("packages, documents and pages come out of the file itself", () => {
  expect(run(program, ["prove"])).toMatchObject({ status: 0 });
  const site = join(folder, "site");
  expect(run(script, ["site", site])).toMatchObject({ status: 0 });
  const assets = readdirSync(join(site, "assets"), { recursive: true, encoding: "utf8" });
  expect(assets.some((name) => name.endsWith("catalog.js"))).toBe(true);
  const font = assets.find((name) => name.endsWith(".woff2"))!;
  const built = readdirSync(join(root, "dist", "web", "assets"), { encoding: "utf8" }).find((name) => name.endsWith(".woff2"))!;
  expect(readFileSync(join(site, "assets", font)).equals(readFileSync(join(root, "dist", "web", "assets", built)))).toBe(true);
});

test("what was unpacked is kept once, whole", () => {
  const kept = join(folder, "cache", "tocsin");
  expect(readdirSync(kept).filter((name) => name.startsWith("single-")).length).toBe(1);
  // A run that was killed while it unpacked leaves a folder that no other run takes for the whole.
  mkdirSync(join(kept, "unpacking-killed"));
  expect(run(script, ["--version"])).toMatchObject({ status: 0 });
});
