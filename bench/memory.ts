// Peak memory of `tocsin hunt` over large input: NDJSON and EVTX, each file copied until the size is reached.
// The events are such that few alerts come of them: many-alerts.ts measures those.
// usage: node bench/memory.ts [gigabytes of NDJSON, 2] [gigabytes of EVTX, 1]      (after npm run build)
import { spawnSync } from "node:child_process";
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { evtxFiles, writeJoinedLog } from "./evtx-corpus.ts";
import { ndjsonChunks, QUIET_IMAGES } from "./ndjson-corpus.ts";

const LIMIT_MB = 300;
/** One file of the folder; the rest are copies of it. */
const FILE_BYTES = 200e6;

const main = fileURLToPath(new URL("../dist/bin/tocsin.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "memory-bench-"));

/** Prints at its end what the process took at most. */
const hook = join(folder, "peak.mjs");
writeFileSync(hook, 'process.on("exit", () => console.error(`peak RSS ${process.resourceUsage().maxRSS} kB`));\n');

function repeat(name: string, extension: string, total: number, write: (file: string) => void): string {
  const into = join(folder, name);
  mkdirSync(into);
  const first = join(into, `0.${extension}`);
  write(first);
  for (let i = 1; i < Math.ceil(total / FILE_BYTES); i++) copyFileSync(first, join(into, `${i}.${extension}`));
  return into;
}

function hunt(what: string, path: string): void {
  const before = performance.now();
  const run = spawnSync(process.execPath, ["--import", hook, main, "hunt", path, "--json"], { encoding: "utf8", maxBuffer: 1 << 30 });
  const seconds = (performance.now() - before) / 1000;
  if (run.error !== undefined || run.stdout === "") throw new Error(`${what}: ${run.error?.message ?? run.stderr}`);
  const { alerts, counts } = JSON.parse(run.stdout) as { alerts: readonly unknown[]; counts: { bytes: number; records: number } };
  const peak = Number(/peak RSS (\d+) kB/.exec(run.stderr)![1]) / 1024;
  console.log(
    `${what}: ${(counts.bytes / 1e9).toFixed(2)} GB, ${counts.records} records, ${alerts.length} alerts in ${seconds.toFixed(1)} s; peak RSS ${peak.toFixed(0)} MB (limit ${LIMIT_MB})`,
  );
  if (peak > LIMIT_MB) process.exitCode = 1;
}

try {
  const ndjson = repeat("ndjson", "ndjson", Number(process.argv[2] ?? 2) * 1e9, (file) => {
    const out = openSync(file, "w");
    for (const chunk of ndjsonChunks(FILE_BYTES, 64 * 1024, QUIET_IMAGES)) writeSync(out, chunk);
    closeSync(out);
  });
  hunt("NDJSON", ndjson);
  const logs = fileURLToPath(new URL("../../shared/data/", import.meta.url));
  const evtx = repeat("evtx", "evtx", Number(process.argv[3] ?? 1) * 1e9, (file) => {
    writeJoinedLog(evtxFiles(logs), FILE_BYTES, file, 49_152);
  });
  hunt("EVTX", evtx);
} finally {
  rmSync(folder, { recursive: true });
}
