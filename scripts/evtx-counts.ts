// Counts the records of every EVTX file under a folder with Tocsin and with independent readers, and says where and why they differ.
// usage: node scripts/evtx-counts.ts FOLDER [--evtx-dump FILE]
// evtxexport (Debian: libevtx-utils) is taken from the PATH; evtx_dump is what `cargo install evtx` builds.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { evtxFiles } from "../bench/evtx-corpus.ts";
import { openInput, type LogRecord } from "../src/readers/index.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { "evtx-dump": { type: "string" } } });
const folder = positionals[0];
if (folder === undefined) throw new Error("usage: node scripts/evtx-counts.ts FOLDER [--evtx-dump FILE]");

interface Counted {
  /** Record numbers in the order read; undefined where a record has none. */
  readonly ids: readonly string[];
  readonly problems: number;
  readonly stale: number;
  /** What the reader said when it gave up. */
  readonly failed: string | null;
}

function ours(file: string): Counted {
  const ids: string[] = [];
  let problems = 0;
  let stale = 0;
  const decoder = openInput(file);
  const sink = {
    // The number in the event, as the others print it: exports number their records anew.
    record: (record: LogRecord) => void ids.push(record.kind === "windows" ? String(record.event.system.eventRecordId ?? "none") : "none"),
    problem: () => void problems++,
    stale: (_place: unknown, count: number) => void (stale += count),
  };
  decoder.push(readFileSync(file), sink);
  decoder.end(sink);
  return { ids, problems, stale, failed: null };
}

function run(command: string, ...args: string[]): { readonly text: string; readonly failed: string | null } | null {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1e9 });
  if (done.error !== undefined) return null;
  const said = done.stderr.trim().split("\n")[0] ?? "";
  return { text: done.stdout, failed: done.status === 0 ? null : said };
}

const READERS: { readonly [name: string]: (file: string) => Counted | null } = {
  evtxexport(file) {
    const done = run("evtxexport", "-f", "xml", file);
    if (done === null) return null;
    const ids = [...done.text.matchAll(/<EventRecordID>(\d+)</g)].map((found) => found[1]!);
    return { ids, problems: 0, stale: 0, failed: done.failed };
  },
  evtx_dump(file) {
    const done = run(values["evtx-dump"] ?? "evtx_dump", "-t", "1", "-o", "jsonl", file);
    if (done === null) return null;
    const ids = done.text
      .split("\n")
      .flatMap((line) => (line.startsWith("{") ? [/"EventRecordID":\s*"?(\d+)/.exec(line)?.[1] ?? "none"] : []));
    return { ids, problems: 0, stale: 0, failed: done.failed };
  },
};

function difference(mine: Counted, other: Counted): string | null {
  const left = new Map<string, number>();
  for (const id of mine.ids) left.set(id, (left.get(id) ?? 0) + 1);
  let more = 0;
  for (const id of other.ids) {
    const count = left.get(id) ?? 0;
    if (count === 0) more++;
    else left.set(id, count - 1);
  }
  let fewer = 0;
  for (const count of left.values()) fewer += count;
  if (more === 0 && fewer === 0) return null;
  return `${mine.ids.length} records, the other ${other.ids.length}: ${fewer} only ours, ${more} only its own${other.failed === null ? "" : ` (it gave up: ${other.failed})`}`;
}

const files = evtxFiles(folder);
const totals: { [reader: string]: { records: number; equal: number; differing: number; there: boolean } } = {};
let records = 0;
let problems = 0;
let stale = 0;
for (const file of files) {
  const mine = ours(file);
  records += mine.ids.length;
  problems += mine.problems;
  stale += mine.stale;
  for (const [name, reader] of Object.entries(READERS)) {
    const total = (totals[name] ??= { records: 0, equal: 0, differing: 0, there: true });
    const other = total.there ? reader(file) : null;
    if (other === null) {
      total.there = false;
      continue;
    }
    total.records += other.ids.length;
    const differs = difference(mine, other);
    if (differs === null) total.equal++;
    else {
      total.differing++;
      console.log(`${name}: ${file.slice(folder.length)}: ${differs}`);
    }
  }
}
console.log(
  `Tocsin: ${records} records of ${files.length} files, ${problems} problems; ${stale} older records in free space, counted and not read`,
);
for (const [name, total] of Object.entries(totals))
  console.log(
    total.there ? `${name}: ${total.records} records; ${total.equal} files equal, ${total.differing} differ` : `${name}: not there`,
  );
