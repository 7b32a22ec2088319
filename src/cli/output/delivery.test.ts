/** What becomes of output where the disk is full, the reader goes away, or the process is ended: as processes. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { replaceFolder } from "./files.ts";
import { workFolder } from "../testing/work-folder.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const main = join(root, "dist", "bin", "tocsin.js");
const sample = join(root, "samples", "lab.ndjson");
const { path: folder, file } = workFolder();
const environment = { ...process.env, NO_COLOR: "1", TOCSIN_CACHE: "" };

test.skipIf(!existsSync("/dev/full")).each(["--json", "--ndjson", "--no-exceptions"])(
  "hunt %s: on a full disk there is one clear sentence, and exit code 5 (needs /dev/full)",
  (flag) => {
    const { stderr, status } = spawnSync(process.execPath, [main, "hunt", flag, sample], {
      encoding: "utf8",
      env: environment,
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    });
    expect([stderr, status]).toEqual(["error: the output cannot be written (ENOSPC: the disk is full)\n", 5]);
  },
);

test.skipIf(!existsSync("/dev/full"))("messages that cannot be written are no success either (needs /dev/full)", () => {
  const run = spawnSync(process.execPath, [main, "query", "any where true", sample], {
    env: environment,
    stdio: ["ignore", "ignore", openSync("/dev/full", "w")],
  });
  expect(run.status).toBe(5);
});

test.skipIf(!existsSync("/bin/bash"))("hunt --json | head -1 ends quietly (needs bash)", () => {
  const run = spawnSync(
    "/bin/bash",
    ["-c", '"$0" "$1" hunt --json "$2" | head -1; echo "${PIPESTATUS[0]}"', process.execPath, main, sample],
    {
      encoding: "utf8",
      env: environment,
    },
  );
  expect([run.stdout, run.stderr]).toEqual(["{\n0\n", ""]);
});

test("a gate does not pass because nobody reads the alerts", async () => {
  const child = spawn(process.execPath, [main, "hunt", "--ndjson", "--fail-on", "high", sample], { env: environment });
  child.stdout.destroy();
  expect(await once(child, "exit")).toEqual([1, null]);
});

/** A module of the build, for a script. */
const built = (...path: string[]): string => JSON.stringify(pathToFileURL(join(root, "dist", "cli", ...path)).href);

test.skipIf(process.platform === "win32")(
  "a folder that is interrupted while it is written is the old one, and what a killed run left the next one takes away",
  async () => {
    const unfinished = (): string[] => readdirSync(folder).filter((name) => name.includes(".tocsin-"));
    file("site/index.html", "the old page");
    const script = `
    const { replaceFolder } = await import(${built("output", "files.js")});
    const pages = function* () {
      for (let i = 0; ; i++) {
        yield { path: i + ".html", content: "new" };
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      }
    };
    await replaceFolder("site", pages());`;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"] as const) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, env: environment, stdio: "ignore" });
      await vi.waitFor(() => expect(unfinished()).toHaveLength(1), { timeout: 60_000, interval: 5 });
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([null, signal]);
      expect(unfinished()).toHaveLength(signal === "SIGKILL" ? 1 : 0);
      expect(readdirSync(join(folder, "site"))).toEqual(["index.html"]);
    }
    await replaceFolder(join(folder, "site"), [{ path: "index.html", content: "the new page" }]);
    expect(unfinished()).toEqual([]);
    expect(readFileSync(join(folder, "site", "index.html"), "utf8")).toBe("the new page");
  },
  60_000,
);

test.skipIf(process.platform === "win32")("however a hunt is ended, no event stays in a temporary file", async () => {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const script = `
    const { FileSpill } = await import(${built("spill.js")});
    const event = { ms: 1, ns: 0, order: 0, items: [], event: { event: { secret: "x".repeat(100_000) } } };
    const run = new FileSpill().write([event]);
    console.log([...run].length);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env: { ...environment, TMPDIR: temporary } });
  expect(String((await once(child.stdout, "data"))[0])).toBe("1\n");
  expect(readdirSync(temporary)).toEqual([]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(readdirSync(temporary)).toEqual([]);
});
