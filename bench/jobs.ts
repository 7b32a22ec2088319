// `tocsin hunt` with one job and with two, in turns, over folders of NDJSON and of EVTX and one large NDJSON file: time on the wall, CPU time of all threads, peak memory.
// The output of both must be the same. Few alerts come of the events: what is printed of them is one thread's work. RULES names rules instead of the bundled packages.
// usage: node bench/jobs.ts [megabytes, 400] [files, 8] [rounds, 3]      (after npm run build)
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median, ratioOf } from "./clock.ts";
import { evtxFiles, writeJoinedLog } from "./evtx-corpus.ts";
import { eventLine, QUIET_IMAGES } from "./ndjson-corpus.ts";

const [megabytes = 400, files = 8, rounds = 3] = process.argv.slice(2).map(Number);
const main = fileURLToPath(new URL("../dist/bin/tocsin.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "jobs-bench-"));
const rules = process.env["RULES"];

/** Prints at its end what the process took. */
const hook = join(folder, "taken.mjs");
writeFileSync(
  hook,
  `import { isMainThread } from "node:worker_threads";
if (isMainThread) process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.error(\`taken \${(userCPUTime + systemCPUTime) / 1e6} \${maxRSS / 1024}\`);
});`,
);

interface Taken {
  readonly wall: number;
  readonly cpu: number;
  readonly megabytes: number;
  /** SHA-256 of what was printed, without estimates of time. */
  readonly digest: string;
}

/** What a hunt prints can be more than a text holds: it goes into a file and is read line by line. */
const printed = join(folder, "printed.json");

async function hunt(path: string, jobs: number): Promise<Taken> {
  const args = [
    "--import",
    hook,
    main,
    "hunt",
    path,
    "--json",
    "--keep-duplicates",
    "--jobs",
    String(jobs),
    ...(rules === undefined ? [] : ["--rules", rules]),
  ];
  const out = openSync(printed, "w");
  const before = performance.now();
  const run = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", out, "pipe"] });
  const wall = (performance.now() - before) / 1000;
  closeSync(out);
  const taken = /taken ([\d.]+) ([\d.]+)/.exec(run.stderr);
  if (run.error !== undefined || taken === null) throw new Error(run.error?.message ?? run.stderr);
  return { wall, cpu: Number(taken[1]), megabytes: Number(taken[2]), digest: await digestOf(printed) };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const line of createInterface({ input: createReadStream(file) }))
    if (!line.includes('"milliseconds": ')) hash.update(`${line}\n`);
  return hash.digest("hex");
}

/** What was read, by a hunt that prints no alerts. */
function countsOf(path: string): { readonly alerts: number; readonly bytes: number; readonly records: number } {
  const args = [main, "hunt", path, "--json", "--summary", "--keep-duplicates", ...(rules === undefined ? [] : ["--rules", rules])];
  const run = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  const { summary, counts } = JSON.parse(run.stdout) as {
    readonly summary: { readonly alerts: number };
    readonly counts: { readonly bytes: number; readonly records: number };
  };
  return { ...counts, alerts: summary.alerts };
}

async function compare(what: string, path: string): Promise<void> {
  const one: Taken[] = [];
  const two: Taken[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await hunt(path, 1));
    two.push(await hunt(path, 2));
    if (one[round]!.digest !== two[round]!.digest) throw new Error(`${what}: two jobs find something else`);
  }
  const { alerts, bytes, records } = countsOf(path);
  console.log(`${what}: ${(bytes / 1e6).toFixed(0)} MB, ${records} records, ${alerts} alerts; ${rounds} rounds`);
  for (const [jobs, runs] of [
    [1, one],
    [2, two],
  ] as const) {
    const of = (key: "wall" | "cpu" | "megabytes"): number => median(runs.map((run) => run[key]));
    console.log(
      `  --jobs ${jobs}: ${of("wall").toFixed(1)} s on the wall, ${of("cpu").toFixed(1)} s CPU, peak ${of("megabytes").toFixed(0)} MB`,
    );
  }
  const ratio = (key: "wall" | "cpu"): string =>
    ratioOf(
      one.map((run) => run[key]),
      two.map((run) => run[key]),
    ).toFixed(2);
  console.log(`  one job takes ${ratio("wall")} x the time of two on the wall (goal: 1.8), ${ratio("cpu")} x on the processors`);
}

try {
  const ndjson = join(folder, "ndjson");
  mkdirSync(ndjson);
  for (let file = 0, n = 0; file < files; file++) {
    const out = openSync(join(ndjson, `${file}.ndjson`), "w");
    for (let bytes = 0; bytes < (megabytes * 1e6) / files;) {
      let text = "";
      for (let i = 0; i < 64; i++) text += eventLine(n++, QUIET_IMAGES);
      bytes += writeSync(out, text);
    }
    closeSync(out);
  }
  await compare(`NDJSON in ${files} files`, ndjson);
  const single = join(folder, "single.ndjson");
  for (let file = 0; file < files; file++) appendFileSync(single, readFileSync(join(ndjson, `${file}.ndjson`)));
  await compare("NDJSON in one file", single);
  rmSync(single);
  const evtx = join(folder, "evtx");
  mkdirSync(evtx);
  const logs = evtxFiles(fileURLToPath(new URL("../../shared/data/", import.meta.url)));
  for (let file = 0; file < files; file++) writeJoinedLog(logs, (megabytes * 1e6) / files / 2, join(evtx, `${file}.evtx`), 49_152);
  await compare(`EVTX in ${files} files`, evtx);
} finally {
  rmSync(folder, { recursive: true });
}
