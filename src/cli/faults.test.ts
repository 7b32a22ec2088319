import { spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  ftruncateSync,
  writeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "./failure.ts";
import { DescriptorOutput } from "./output/output.ts";
import { run } from "./run.ts";
import { onFailingDisk, type Fault, type ShortWrites } from "./testing/failing-disk.ts";
import { capturedContext, tocsin } from "./testing/in-process.ts";

/** Everything lies below: what a command reads, and what it finds where it writes. */
let base = "";
let log = "";
const pack = (): string => join(base, "T9999");

const EVENT = {
  "@timestamp": "2026-01-01T00:00:00.000Z",
  event: { category: ["process"], type: ["start"], code: "1" },
  host: { name: "a", os: { type: "windows" } },
  process: { name: "replace-me.exe", args: ["replace-me.exe"] },
};

beforeAll(async () => {
  // In memory where that is possible: thousands of files are flushed to it.
  base = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "tocsin-faults-"));
  log = join(base, "log.ndjson");
  writeFileSync(log, `${JSON.stringify(EVENT)}\n${JSON.stringify({ ...EVENT, process: { name: "other.exe" } })}\n`);
  expect(await tocsin(["new", "detection", "T9999", "--dir", base])).toMatchObject({ status: 0 });
  writeFileSync(join(base, "alerts.ndjson"), (await tocsin(["hunt", "--ndjson", log, "--rules", pack()])).stdout);
  expect(readFileSync(join(base, "alerts.ndjson"), "utf8")).toContain('"signal"');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

interface Outcome {
  readonly status: number;
  readonly stderr: string;
  /** Path in the folder -> text; standard output is `stdout`. */
  readonly files: ReadonlyMap<string, string>;
  readonly calls: readonly string[];
  readonly failed: string | null;
}

interface Written {
  readonly args: (folder: string) => string[];
  /** What stands in the folder before. */
  readonly before?: { readonly [path: string]: string };
}

/** Runs a command in a folder of its own, with standard output in a file there; `fill` is called just before. */
async function outcome(
  { args, before = {} }: Written,
  fault: Fault | ShortWrites | null,
  { on = base, fill = () => {} }: { readonly on?: string; readonly fill?: () => void } = {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(on, "run-"));
  const temporary = mkdtempSync(join(on, "tmp-"));
  const tmp = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  try {
    for (const [path, text] of Object.entries(before)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (args(folder).some((arg) => arg.startsWith(join(folder, "pack")))) cpSync(pack(), join(folder, "pack"), { recursive: true });
    const descriptor = openSync(join(folder, "stdout"), "w");
    fill();
    const { context, printed } = capturedContext([], new DescriptorOutput(descriptor));
    let status = -1;
    const { calls, failed } = await onFailingDisk(fault, async () => {
      status = await run(args(folder), context);
    });
    closeSync(descriptor);
    expect(readdirSync(temporary)).toEqual([]);
    const files = new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [relative(folder, path), still(readFileSync(path, "utf8").replaceAll(folder, "FOLDER"))] as const),
    );
    return { status, stderr: printed.err.replaceAll(folder, "FOLDER"), files, calls, failed };
  } finally {
    if (tmp === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = tmp;
    rmSync(folder, { recursive: true });
    rmSync(temporary, { recursive: true });
  }
}

/** What differs from run to run and says nothing: times, ids made by chance, fingerprints of places in a folder with such a name. */
function still(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)?/g, "TIME")
    .replaceAll(/"tocsin\/v1": "[0-9a-f]+"/g, '"tocsin/v1": ""')
    .replaceAll(/"took": \d+/g, '"took": 0')
    .replaceAll(/ time="[\d.]+"/g, ' time="0"')
    .replaceAll(/"milliseconds": [\d.]+/g, '"milliseconds": 0')
    .replaceAll(/[\d.]+ m?s\b/g, "0 ms")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
}

const COMMANDS: { readonly [name: string]: Written } = {
  "hunt --json --html": {
    args: (folder) => ["hunt", "--json", "--html", join(folder, "report.html"), log, "--rules", join(folder, "pack")],
    before: { "report.html": "the old report" },
  },
  "hunt --ndjson --fail-on": { args: (folder) => ["hunt", "--ndjson", "--fail-on", "low", log, "--rules", join(folder, "pack")] },
  query: { args: () => ["query", "--json", "process where true", log] },
  inspect: { args: (folder) => ["inspect", "--json", log, "--rules", join(folder, "pack")] },
  "prove --junit": { args: (folder) => ["prove", join(folder, "pack"), "--junit", join(folder, "out", "junit.xml")] },
  "lint --sarif": { args: (folder) => ["lint", join(folder, "pack"), "--sarif", join(folder, "out", "lint.sarif")] },
  record: {
    args: (folder) => ["record", join(folder, "pack"), "--from", log, "--query", "process where true", "--around", "0", "--name", "cut"],
  },
  "record beside a rule": {
    args: (folder) => ["record", join(folder, "q.eql"), "--from", log, "--query", "process where true", "--around", "0"],
    before: { "q.eql": 'process where process.name : "x"', "q.cases.yaml": "- { name: a, events: [{ a: 1 }], expect: 0 }\n" },
  },
  evade: { args: (folder) => ["evade", join(folder, "pack")] },
  explain: { args: (folder) => ["explain", "R1", log, "--rules", join(folder, "pack")] },
  tune: { args: (folder) => ["tune", join(base, "alerts.ndjson"), "--rules", join(folder, "pack"), "--expires", "2099-01-01"] },
  "new detection": { args: (folder) => ["new", "detection", "T1021.003", "--dir", join(folder, "made")] },
  "new rule": { args: (folder) => ["new", "rule", join(folder, "pack"), "B7"] },
  "translate to a folder": {
    args: (folder) => ["translate", join(folder, "pack"), join(folder, "out"), "--to", "lucene,sentinel"],
    before: { "out/lucene/other.txt": "somebody else's" },
  },
  serve: { args: (folder) => ["serve", log, "--rules", join(folder, "pack"), "--port", "0"] },
  convert: { args: () => ["convert", "--to", "ecs", log] },
  "fmt --write": { args: (folder) => ["fmt", "--write", join(folder, "q.eql")], before: { "q.eql": "process   where a==1" } },
};

describe.each(Object.entries(COMMANDS))("%s", (_name, command) => {
  test("the n-th call of the file system fails, for every n: the output is whole, or there is an error", async () => {
    // What a command needs is loaded, and so read, the first time it runs.
    await outcome(command, null);
    const whole = await outcome(command, null);
    expect(whole.stderr).not.toContain("error");
    expect(whole.calls.length).toBeGreaterThan(3);
    // Each file is on the disk before any gets its name, and standard output when the command ends.
    const named = whole.calls.filter((call) => call === "renameSync" || call === "linkSync").length;
    const first = whole.calls.findIndex((call) => call === "renameSync" || call === "linkSync");
    expect(whole.calls.slice(0, Math.max(0, first)).filter((call) => call === "fsyncSync")).toHaveLength(named);
    expect(whole.calls.at(-1)).toBe("fsyncSync");
    for (let at = 1; at <= whole.calls.length; at++)
      for (const fault of faultsOf(whole.calls[at - 1]!)) await holds(command, { ...fault, at }, whole);
  }, 60_000);

  test("a disk that takes a few bytes at a time gets all of them", async () => {
    const [whole, short] = [await outcome(command, null), await outcome(command, { takes: 100 })];
    expect(short.files).toEqual(whole.files);
    expect(short.status).toBe(whole.status);
  });
});

/** A disk of our own, in memory; null where none may be mounted. */
function mountDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-disk-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tocsin", folder]).status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}
const disk = mountDisk();
afterAll(() => {
  if (disk === null) return;
  spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

const PAGE_BYTES = 4096;

/** Leaves so many pages of the disk free. */
function fillDisk(free: number): void {
  const file = openSync(join(disk!, "ballast"), "w");
  let bytes = 0;
  try {
    for (;;) bytes += writeSync(file, Buffer.alloc(PAGE_BYTES));
  } catch {
    ftruncateSync(file, Math.max(0, bytes - free * PAGE_BYTES));
  } finally {
    closeSync(file);
  }
}

describe.skipIf(disk === null)("on a real disk with room for k pages, for all k (skipped where no disk may be mounted)", () => {
  test.each(Object.entries(COMMANDS))("%s: exit code 0 means that all of it is there", async (_name, command) => {
    const whole = await outcome(command, null);
    for (let free = 0; ; free++) {
      const found = await outcome(command, null, { on: disk!, fill: () => fillDisk(free) });
      rmSync(join(disk!, "ballast"));
      const what = `${free} pages free: status ${found.status}, ${found.stderr}`;
      for (const [path, text] of found.files)
        if (path !== "stdout") expect([command.before?.[path], whole.files.get(path)], `${what}; ${path}`).toContain(text);
      const isWhole = [...whole.files].every(([path, text]) => found.files.get(path) === text);
      expect(found.status, what).toBe(isWhole ? whole.status : EXIT.unwritten);
      if (isWhole) {
        expect(free).toBeGreaterThan(0);
        break;
      }
      expect(found.stderr, what).toContain("(ENOSPC: the disk is full)");
      expect(free).toBeLessThan(200);
    }
  });
});

describe("site", () => {
  const command: Written = {
    args: (folder) => ["site", join(folder, "site"), "--rules", join(folder, "pack")],
    before: { "site/index.html": "the old page", "site/assets/catalog.js": "the old script", "site/assets/gone.js": "of the old site" },
  };

  test("an old site is replaced whole, or stays whole (some n, spread over all kinds of calls)", async () => {
    const whole = await outcome(command, null);
    expect(whole.stderr).toBe("");
    expect([...whole.files.keys()]).not.toContain(join("site", "assets", "gone.js"));
    expect([...whole.files.keys()].some((path) => path.endsWith("THIRD-PARTY-NOTICES.txt"))).toBe(true);
    const some = [...new Set(whole.calls)].flatMap((name) => {
      const at = whole.calls.flatMap((call, i) => (call === name ? [i + 1] : []));
      return [at[0]!, at[at.length >> 1]!, at.at(-1)!];
    });
    for (const at of new Set(some)) {
      const found = await outcome(command, { at, code: "ENOSPC", stays: whole.calls[at - 1] !== "renameSync" });
      const what = `call ${at}, ${found.failed}: status ${found.status}, ${found.stderr}`;
      const isOld = Object.entries(command.before!).every(([path, text]) => found.files.get(path) === text);
      const old = new Set(Object.keys(command.before!));
      const files = [...found.files].filter(([path]) => path.startsWith("site"));
      if (isOld) expect(files.length, what).toBe(old.size);
      else {
        // A folder that could not be looked at is written into; then what was there beside the site stays.
        const beside = new Set(["gone.js", "catalog.js"].map((name) => join("site", "assets", name)));
        const names = files.map(([path]) => path).filter((path) => !beside.has(path));
        expect(names.sort(), what).toEqual([...whole.files.keys()].filter((path) => path.startsWith("site")).sort());
        // Pages tell how long the proof took, so they are not the same twice.
        for (const [path, text] of files) if (path.endsWith(".html")) expect(isClosed(text), `${what}; ${path} is cut`).toBe(true);
      }
      if (found.status === 0) expect([isOld, found.files.get("stdout")], what).toEqual([false, whole.files.get("stdout")]);
      else expect(found.stderr, what).toMatch(/error/);
      expect(found.stderr, what).not.toMatch(/defect of tocsin|\n {4}at /);
      for (const path of found.files.keys()) expect(path, what).not.toMatch(/tocsin-/);
    }
  }, 60_000);
});

/** A failing device; and where something is written, a disk that is full from then on. */
function faultsOf(call: string): Omit<Fault, "at">[] {
  const full = ["writeSync", "fsyncSync", "mkdirSync"].includes(call);
  return full ? [{ code: "EIO" }, { code: "ENOSPC", stays: true }] : [{ code: "EIO" }];
}

/** What is read: where it fails, less comes out, and it is said. */
const READS: ReadonlySet<string> = new Set(["open", "read", "stat", "readdir"]);

async function holds(command: Written, fault: Fault, whole: Outcome): Promise<void> {
  const found = await outcome(command, fault);
  const what = `call ${fault.at}, ${found.failed}, fails with ${fault.code}: status ${found.status}, ${found.stderr}`;
  expect(found.failed, what).not.toBeNull();
  expect(found.stderr, what).not.toMatch(/defect of tocsin|\n {4}at /);
  const before = new Map(Object.entries(command.before ?? {}));
  const unread = READS.has(found.failed!);
  // Under its name stands what stood there, or all of the new; and nothing has another name.
  for (const [path, text] of found.files) {
    if (path === "stdout" || text === before.get(path) || text === whole.files.get(path)) continue;
    expect(unread && isClosed(text), `${what}; ${path} is cut: ${text}`).toBe(true);
  }
  for (const path of before.keys()) expect(found.files.has(path), `${what}; ${path} is gone`).toBe(true);
  for (const path of found.files.keys()) expect([...whole.files.keys()], what).toContain(path);
  if (found.status === whole.status && [...whole.files].every(([path, text]) => found.files.get(path) === text)) return;
  expect(found.status, what).not.toBe(0);
  expect(found.stderr, what).toMatch(/error/);
}

/** A document of fewer events has its end, too. */
function isClosed(text: string): boolean {
  return /<\/html>\s*$/.test(text);
}
