import { availableParallelism } from "node:os";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { generator, makeSamples, mutate } from "../../../scripts/reader-samples.ts";
import { Hunt, loadRules, type HuntResult, type InputSummary } from "../../workbench/index.ts";
import { pack } from "../cache/packed.ts";
import { readInputs } from "../input.ts";
import { tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";
import { findFiles } from "../walk.ts";
import type { FoundFile } from "../walk.ts";
import { readByWorkers, type HuntJobs, threadsFor } from "./hunt-jobs.ts";
import { Control, newControl } from "./control.ts";
import type { WorkerMessage, WorkerTask } from "./messages.ts";

const { file, path } = workFolder();
const root = join(import.meta.dirname, "../../..");
const lab = readFileSync(join(root, "samples", "lab.ndjson"), "utf8")
  .trim()
  .split("\n");
const logs = join(path, "logs");

// One attack over several files, in the wrong order, and some of it twice.
for (let part = 0; part < 4; part++) file(`logs/lab/${9 - part}.ndjson`, `${lab.filter((_, line) => line % 4 === part).join("\n")}\n`);
file("logs/again/lab.ndjson", `${lab.slice(100, 250).join("\n")}\n`);
const random = generator(7);
makeSamples().forEach(({ bytes }, number) => {
  file(`logs/samples/${number}`, bytes);
  file(`logs/broken/${number}`, mutate(bytes, random));
});
file(
  "logs/faults.ndjson",
  ["10.0.0.1", "-", "LOCAL", "-", "-"]
    .map((ip, n) => `${JSON.stringify({ "@timestamp": `2026-01-01T00:00:0${n}Z`, source: { ip } })}\n`)
    .join(""),
);
file("logs/notes.txt", "no log\n");

const rules = [
  file("rules/address.eql", 'any where cidrMatch(source.ip, "10.0.0.0/8")\n'),
  file("rules/share-then-start.eql", 'sequence by host.name with maxspan=10m [any where event.code == "5145"] [process where true]\n'),
  file(
    "rules/shares.yml",
    `title: Share
name: share
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, service: security}
detection: {selection: {EventID: [5140, 5145]}, condition: selection}
---
title: Many shares
id: 33333333-3333-4333-8333-333333333333
level: high
correlation: {type: event_count, rules: [share], group-by: [Computer], timespan: 10m, condition: {gte: 3}}
`,
  ),
  join(root, "detections"),
];

/** Estimates of time differ from run to run. */
const still = (text: string): string => text.replaceAll(/"milliseconds": ?[\d.]+/g, '"milliseconds": 0');

describe("a hunt with three jobs is that with one", () => {
  test.each([
    ["text", []],
    ["JSON", ["--json"]],
    ["NDJSON", ["--ndjson", "--fail-on", "high"]],
    ["with every copy", ["--json", "--keep-duplicates", "--carve"]],
    ["narrowed", ["--json", "--host", "srv01*", "--since", "2026-03-04", "--until", "2026-03-04T09:10"]],
    ["of rules of one event, narrowed", ["--json", "--rule", "address", "--rule", "A1", "--host", "ws01*"]],
  ])("%s", async (_, options) => {
    const run = (jobs: string): ReturnType<typeof tocsin> =>
      tocsin(["hunt", logs, "missing.ndjson", ...options, "--jobs", jobs, "--rules", ...rules]);
    const one = await run("1");
    const three = await run("3");
    expect(one.stderr).toContain("missing.ndjson");
    expect(one.status).toBe(options.includes("--fail-on") ? 1 : 4);
    expect(three.stderr).toBe(one.stderr);
    expect(three.status).toBe(one.status);
    expect(still(three.stdout) === still(one.stdout)).toBe(true);
    // What it is about is there.
    if (options.length !== 1) return;
    const { alerts, faults, counts } = JSON.parse(one.stdout) as {
      readonly alerts: readonly unknown[];
      readonly faults: readonly { readonly code: string }[];
      readonly counts: { readonly duplicates: { readonly events: number } };
    };
    expect(alerts.length).toBeGreaterThan(50);
    expect(faults.map(({ code }) => code)).toContain("eql/bad-ip");
    expect(counts.duplicates.events).toBeGreaterThan(100);
  });

  test("in the program as it is built, too", () => {
    const run = (jobs: string): readonly unknown[] => {
      const args = [join(root, "dist", "bin", "tocsin.js"), "hunt", join(logs, "lab"), "--ndjson", "--jobs", jobs];
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 26 });
      return [status, signal, stdout.length > 10_000, stdout, stderr];
    };
    expect(run("3").slice(0, 3)).toEqual([0, null, true]);
    expect(run("3")).toEqual(run("1"));
  });

  test("asks for a number of threads", async () => {
    expect(await tocsin(["hunt", logs, "--jobs", "0"])).toMatchObject({ status: 2 });
    expect((await tocsin(["hunt", logs, "--jobs", "many"])).stderr).toContain("from 1 to 64");
  });
});

interface Hunted {
  readonly result: HuntResult;
  readonly input: InputSummary;
}

const ruleSet = loadRules([{ path: "any.eql", bytes: new TextEncoder().encode("any where true\n") }], {
  today: "2026-11-24",
  cases: false,
});

async function hunt(options: Partial<HuntJobs>, made = new Hunt({ ...ruleSet })): Promise<Hunted> {
  const elsewhere = readByWorkers(made, { jobs: 3, cacheFolder: null, ...options });
  const input = await readInputs([logs], { dropDuplicates: true, elsewhere }, made);
  return { result: made.finish(), input };
}

const script = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

describe("worker threads", () => {
  test("end with the process that a signal ends", async () => {
    for (const name of ["1", "2"]) file(`long/${name}.ndjson`, `${lab.join("\n")}\n`.repeat(100));
    const args = [join(root, "dist", "bin", "tocsin.js"), "hunt", join(path, "long"), "--jobs", "2", "--keep-duplicates", "--quiet"];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
  });

  test("that may be hardly ahead finish, too", async () => {
    const bound = await hunt({ maxAhead: 1, partBytes: 20_000 });
    expect(bound).toEqual(await hunt({ jobs: 1 }));
    expect(bound.result.alerts.length).toBeGreaterThan(400);
  });

  test("that fail, fail the hunt", async () => {
    await expect(hunt({ script: script("throw new Error('out of order')") })).rejects.toThrow("out of order");
    await expect(hunt({ script: script("process.exit(3)") })).rejects.toThrow("ended with 3");
    const takeOne = 'import { workerData } from "node:worker_threads"; Atomics.add(workerData.control, 0, 1);';
    await expect(hunt({ script: script(takeOne), jobs: 2 })).rejects.toThrow("ended before");
    await expect(hunt({ script: new URL("./none.ts", import.meta.url) })).rejects.toThrow("none.ts");
  });

  test("end when the hunt itself fails, even where they wait for it", async () => {
    const failing = new Hunt({
      ...ruleSet,
      onAlert: () => {
        throw new Error("no room");
      },
    });
    await expect(hunt({ maxAhead: 1 }, failing)).rejects.toThrow("no room");
  });

  test("wait for the hunt", async () => {
    const big = file("big.ndjson", `${lab.join("\n")}\n`.repeat(12));
    const { filters, ...settings } = new Hunt({ ...ruleSet }).scanSettings(null);
    const task: WorkerTask = {
      settings,
      filters: pack(filters),
      read: {},
      files: await findFiles([big], () => {}),
      units: [{ file: 0, part: null }],
      codeFolder: null,
      control: newControl(2, 1),
      worker: 1,
      maxAhead: 1_500_000,
    };
    const worker = new Worker(new URL("./scan-worker.ts", import.meta.url), { workerData: task, execArgv: [] });
    const control = new Control(task.control, task.worker);
    let ahead = 0;
    let most = 0;
    let records = 0;
    let took: (() => void) | null = null;
    const taken: number[] = [];
    const done = new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message: WorkerMessage) => {
        if (message.kind === "ended") resolve();
        if (message.kind !== "scanned") return;
        records += message.batch.records;
        taken.push(message.batch.weight);
        ahead += message.batch.weight;
        most = Math.max(most, ahead);
        took?.();
      });
    });
    // Nothing is given back until the worker says no more for a while.
    while (records < lab.length * 12) {
      await new Promise<void>((resolve) => {
        const quiet = setTimeout(resolve, 400);
        took = () => {
          quiet.refresh();
        };
      });
      for (const weight of taken.splice(0)) {
        ahead -= weight;
        control.taken(weight);
      }
    }
    await done;
    expect(most).toBeGreaterThan(task.maxAhead);
    // A batch beyond the bound, and what one event more of it weighs.
    expect(most).toBeLessThan(task.maxAhead + 2_200_000);
    expect(statSync(big).size).toBeGreaterThan(2 * task.maxAhead);
  });
});

test("threads are started where the input is large, sooner with many filters, or somebody asks", () => {
  const files = (megabytes: number): FoundFile[] =>
    ["a", "b"].map((name) => ({ name, path: name, size: (megabytes / 2) * 1024 * 1024, named: true }));
  expect(threadsFor(files(20), undefined, 50)).toBe(1);
  expect(threadsFor(files(200), undefined, 50)).toBe(1);
  expect(threadsFor(files(300), undefined, 50)).toBe(Math.min(2, availableParallelism()));
  expect(threadsFor(files(200), undefined, 1600)).toBe(Math.min(2, availableParallelism()));
  expect(threadsFor(files(20), undefined, 1600)).toBe(1);
  expect(threadsFor(files(1), 2, 1600)).toBe(2);
});
