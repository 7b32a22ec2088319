// NDJSON bytes to records and to ECS events, against a bare JSON.parse per line and jq, interleaved in one run.
// usage: node bench/ndjson.ts [megabytes] [rounds]
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNormaliser } from "../src/ecs/index.ts";
import { openInput, type LogRecord } from "../src/readers/index.ts";
import { concat } from "../scripts/reader-samples.ts";
import { ndjsonChunks } from "./ndjson-corpus.ts";

const megabytes = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 5);
const chunks = [...ndjsonChunks(megabytes * 1e6)];
const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
const folder = mkdtempSync(join(tmpdir(), "ndjson-bench-"));
const file = join(folder, "events.ndjson");
writeFileSync(file, concat(chunks));

/** What any engine has to do at least: find the lines, decode, parse. */
function bare(): number {
  let count = 0;
  let held = "";
  for (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10, start)) {
      const line = held + buffer.toString("utf8", start, end);
      held = "";
      JSON.parse(line);
      count++;
      start = end + 1;
    }
    held += buffer.toString("utf8", start);
  }
  return count;
}

function ours(): number {
  let count = 0;
  const sink = {
    record: () => void count++,
    problem: (problem: { message: string }) => {
      throw new Error(problem.message);
    },
  };
  const decoder = openInput("events.ndjson");
  for (const chunk of chunks) decoder.push(chunk, sink);
  decoder.end(sink);
  return count;
}

/** To ECS events: each record recognised, brought to canonical form, mapped where no pipeline has. */
function ecs(): number {
  let count = 0;
  const normaliser = createNormaliser();
  const sink = {
    record(record: LogRecord) {
      normaliser.normalise(record);
      count++;
    },
    problem: (problem: { message: string }) => {
      throw new Error(problem.message);
    },
  };
  const decoder = openInput("events.ndjson");
  for (const chunk of chunks) decoder.push(chunk, sink);
  decoder.end(sink);
  return count;
}

/** Parses and prints again, to nowhere. */
function jq(): number {
  const nowhere = openSync("/dev/null", "w");
  const run = spawnSync("jq", ["-c", ".", file], { stdio: ["ignore", nowhere, "ignore"] });
  closeSync(nowhere);
  return run.error === undefined ? 0 : -1;
}

const lanes: { readonly [name: string]: () => number } = {
  "bare JSON.parse": bare,
  "Tocsin records": ours,
  "Tocsin ECS": ecs,
  ...(jq() < 0 ? {} : { jq }),
};
const times: { [name: string]: number[] } = {};
if (lanes["jq"] === undefined) console.log("jq: not there");
for (let round = 0; round <= rounds; round++) {
  for (const [name, lane] of Object.entries(lanes)) {
    const before = performance.now();
    const count = lane();
    const spent = performance.now() - before;
    // The first round warms up.
    if (round > 0) (times[name] ??= []).push(spent);
    else if (count > 0) console.log(`${name}: ${count} records`);
  }
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const reference = median(times["bare JSON.parse"]!);
console.log(`${(bytes / 1e6).toFixed(0)} MB, median of ${rounds} interleaved rounds`);
for (const [name, values] of Object.entries(times)) {
  const spent = median(values);
  console.log(
    `${name.padEnd(16)} ${spent.toFixed(0).padStart(6)} ms ${(bytes / spent / 1e3).toFixed(0).padStart(5)} MB/s  ${(spent / reference).toFixed(2)} x bare`,
  );
}
rmSync(folder, { recursive: true });
