// EVTX to events, one thread each, every lane a process of its own, interleaved in one run. Lanes whose program is not there say so.
// usage: node bench/evtx.ts [megabytes] [rounds] [--winevtx FOLDER] [--evtx-dump FILE] [--events PATH] [--full]
//   --winevtx    a folder where `npm install winevtx` ran
//   --evtx-dump  the `evtx_dump` that `cargo install evtx` built
//   --events     a folder of EVTX files; by default ../shared/data beside the checkout
//   --full       only chunks that are three quarters full, as those of large logs are: small logs are mostly free space
// Of evtxexport the one on the PATH is taken.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { evtxFiles, writeJoinedLog } from "./evtx-corpus.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    winevtx: { type: "string" },
    "evtx-dump": { type: "string" },
    events: { type: "string" },
    full: { type: "boolean", default: false },
  },
});

interface Lane {
  readonly name: string;
  readonly what: string;
  readonly command: readonly string[];
}

function main(): void {
  const megabytes = Number(positionals[0] ?? 100);
  const rounds = Number(positionals[1] ?? 3);
  const folder = mkdtempSync(join(tmpdir(), "evtx-bench-"));
  const file = join(folder, "joined.evtx");
  try {
    const source = values.events ?? fileURLToPath(new URL("../../shared/data/", import.meta.url));
    const evtxexport = spawnSync("evtxexport", ["-V"]).error === undefined;
    // A file that evtxexport gives up on would end its lane early.
    const all = evtxFiles(source);
    const files = evtxexport ? all.filter((name) => spawnSync("evtxexport", ["-f", "xml", name], { stdio: "ignore" }).status === 0) : all;
    if (files.length < all.length)
      console.log(
        `left out because evtxexport cannot read them: ${all
          .filter((name) => !files.includes(name))
          .map((name) => name.slice(source.length))
          .join(", ")}`,
      );
    const made = writeJoinedLog(files, megabytes * 1e6, file, values.full ? 49_152 : 0);
    console.log(
      `${(made.bytes / 1e6).toFixed(0)} MB, ${(made.used / 1e6).toFixed(0)} MB of them in use, ${made.records} records: ${made.chunks} chunks of ${made.files} files, repeated ${made.repeats} times, joined to one log`,
    );
    console.log(
      `Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}; median of ${rounds} rounds, CPU time of whole processes with all their threads`,
    );
    buildSync({
      entryPoints: [fileURLToPath(new URL("evtx-lane.ts", import.meta.url))],
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      logLevel: "error",
    });
    const self = (lane: string, ...more: string[]): string[] => [process.execPath, join(folder, "evtx-lane.mjs"), lane, file, ...more];
    const lanes: Lane[] = [
      { name: "Tocsin records", what: "records in memory, all fields decoded", command: self("records") },
      { name: "Tocsin JSON", what: "JSON lines in the raw shape of Winlogbeat", command: self("json") },
      { name: "Tocsin ECS", what: "records mapped to ECS events in memory", command: self("ecs") },
    ];
    if (evtxexport) lanes.push({ name: "evtxexport -f xml", what: "XML text", command: ["evtxexport", "-f", "xml", file] });
    else console.log("evtxexport: not there (Debian: libevtx-utils)");
    if (values.winevtx !== undefined && existsSync(join(values.winevtx, "node_modules/winevtx")))
      lanes.push({ name: "winevtx", what: "objects in memory", command: self("winevtx", values.winevtx) });
    else console.log("winevtx: not there (npm install winevtx in a folder, then --winevtx FOLDER)");
    const dump = values["evtx-dump"];
    if (dump !== undefined && existsSync(dump))
      lanes.push({
        name: "evtx_dump -t 1",
        what: "JSON lines",
        command: [dump, "-t", "1", "-o", "jsonl", file],
      });
    else console.log("evtx_dump: not there (cargo install evtx, then --evtx-dump FILE)");
    measure(lanes, rounds, made.bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(lanes: readonly Lane[], rounds: number, bytes: number): void {
  const nowhere = openSync("/dev/null", "w");
  const times = new Map<string, number[]>();
  const counts = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of lanes) {
      // CPU time: other work on the machine counts less.
      const run = spawnSync("bash", ["-c", 'TIMEFORMAT="cpu %U %S"; time "$0" "$@"', ...command], {
        stdio: ["ignore", nowhere, "pipe"],
        maxBuffer: 1e9,
      });
      const said = run.stderr?.toString() ?? "";
      const cpu = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(said);
      if (run.status !== 0 || cpu === null) throw new Error(`${name}: ${run.error?.message ?? said.slice(0, 500)}`);
      const spent = 1000 * (Number(cpu[1]) + Number(cpu[2]));
      const list = times.get(name);
      if (list === undefined) times.set(name, [spent]);
      else list.push(spent);
      const count = /(\d+) records/.exec(said);
      if (count !== null) counts.set(name, `${count[1]} records`);
    }
  }
  const median = (name: string): number => times.get(name)!.toSorted((a, b) => a - b)[rounds >> 1]!;
  const reference = median(lanes[0]!.name);
  for (const { name, what } of lanes) {
    const spent = median(name);
    console.log(
      `${name.padEnd(18)} ${spent.toFixed(0).padStart(7)} ms ${(bytes / spent / 1e3).toFixed(0).padStart(5)} MB/s ${(spent / reference).toFixed(2).padStart(6)} x Tocsin  ${what}${counts.has(name) ? ` (${counts.get(name)})` : ""}`,
    );
  }
}

main();
