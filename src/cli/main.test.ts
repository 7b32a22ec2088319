/** What only a process of its own shows: exit codes, pipes, signals. What a command answers is asked inside the tests' process. */
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { workFolder } from "./testing/work-folder.ts";

const root = join(import.meta.dirname, "..", "..");
const main = join(root, "dist", "bin", "tocsin.js");
const sample = join(root, "samples", "lab.ndjson");
const { path: folder, file } = workFolder();
const environment = { ...process.env, NO_COLOR: "1", TOCSIN_CACHE: join(folder, "cache") };

function tocsin(args: readonly string[], input = ""): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 28,
    env: environment,
    input,
  });
}

test.each([
  [0, ["query", "any where true", sample]],
  [1, ["fmt", "--check", "loose.eql"]],
  [2, ["hunnt"]],
  [4, ["query", "any where true", "nowhere.ndjson"]],
])("the process ends with %i", (code, args) => {
  file("loose.eql", "process   where true");
  const run = tocsin(args);
  expect([run.status, run.signal]).toEqual([code, null]);
  expect(run.stderr).not.toContain("defect of tocsin");
});

test("logs come through a pipe, and alerts leave through one", () => {
  const run = tocsin(["hunt", "--ndjson", "-"], readFileSync(sample, "utf8"));
  expect([run.status, run.stderr]).toEqual([0, ""]);
  const lines = run.stdout.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ event: { kind: "signal" } });
});

test("a reader that goes away early (`| head`) ends the command without a word", async () => {
  const child = spawn(process.execPath, [main, "convert", "--to", "ecs", sample, sample], { cwd: folder, env: environment });
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect([signal, errors.replaceAll(/.*given-twice.*\n/g, "")]).toEqual([null, ""]);
  expect(code).toBe(0);
});

test.skipIf(!existsSync("/dev/full"))("output that cannot be written is an error without a stack", () => {
  const run = spawnSync(process.execPath, [main, "query", "any where true", sample], {
    encoding: "utf8",
    stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
  });
  expect(run.stderr).toMatch(/error: the output cannot be written \(ENOSPC: the disk is full\)\n$/);
  expect(run.status).toBe(5);
});

test("prove --watch proves again when a file changes, until it is interrupted", async () => {
  expect(tocsin(["new", "detection", "T1021.003"]).status).toBe(0);
  const rule = join(folder, "T1021.003", "rules", "R1.yaml");
  const write = (from: string, to: string): void => writeFileSync(rule, readFileSync(rule, "utf8").replaceAll(from, to));
  write("replace-me.exe", "example-r1.exe");
  const child = spawn(process.execPath, [main, "prove", "T1021.003", "--watch"], { cwd: folder, env: environment });
  const ended = once(child, "exit");
  let text = "";
  child.stdout.on("data", (data: Buffer) => (text += data.toString()));
  child.stderr.on("data", (data: Buffer) => (text += data.toString()));
  const until = (what: RegExp): Promise<void> => vi.waitFor(() => expect(text).toMatch(what), { timeout: 60_000, interval: 50 });
  try {
    await until(/The package holds\.[\s\S]*Watching/);
    write("example-r1.exe", "replace-me.exe");
    await until(/rule R1 is silent and should fire[\s\S]*does not hold/);
    // A file that is broken for a moment does not end the watch.
    write("process where", "process whre");
    await until(/rules\/R1\.yaml:\d+:\d+: error/);
    text = "";
    write("process whre", "process where");
    write("replace-me.exe", "example-r1.exe");
    await until(/The package holds/);
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toEqual([0, null]);
});

test.skipIf(process.platform === "win32")("the launcher of a checkout writes nothing but what the command writes", () => {
  const run = spawnSync(join(root, "tocsin"), ["hunt", "--ndjson", sample], {
    cwd: folder,
    encoding: "utf8",
    timeout: 100_000,
    env: environment,
  });
  expect(run.status).toBe(0);
  const lines = run.stdout.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ event: { kind: "signal" } });
});

test("kept rules give what rules that are read give, also where an entry is damaged; --no-cache keeps none", () => {
  file(
    "rules/a.yml",
    "title: T\nid: 11111111-1111-4111-8111-111111111111\nlogsource: { product: windows }\ndetection: { s: [net], condition: s }\n",
  );
  const rules = join(folder, "cache", "rules");
  const hunt = (...more: readonly string[]): string => {
    const { status, stdout, stderr } = tocsin(["hunt", "--ndjson", sample, "--rules", "rules", ...more]);
    return `${status} ${stdout} ${stderr}`;
  };
  const read = hunt("--no-cache");
  expect(read).toContain("11111111-1111-4111-8111-111111111111");
  expect(existsSync(rules)).toBe(false);
  expect([hunt(), hunt()]).toEqual([read, read]);
  const [entry] = readdirSync(rules);
  writeFileSync(join(rules, entry!), "damaged");
  expect(hunt()).toBe(read);
  expect(readFileSync(join(rules, entry!)).length).toBeGreaterThan(100);
});

test("an older Node gets a message that says what is needed, and nothing of the command is loaded", () => {
  const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.17.1" } })';
  const run = spawnSync(process.execPath, ["--import", `data:text/javascript,${older}`, main, "--version"], {
    encoding: "utf8",
    env: environment,
  });
  expect([run.status, run.stdout]).toEqual([2, ""]);
  expect(run.stderr).toMatch(/^error: tocsin needs Node 22\.18 or later, .*\nhelp: .*\n$/);
});
