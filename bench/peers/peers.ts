// Tocsin beside the programs that do the same work: whole processes in turns, CPU time, time on the wall, peak memory, and whether they find the same.
// usage: node bench/peers/peers.ts --into FOLDER [--install] [--rules FOLDER] [--events FOLDER] [--checkout NAME=FOLDER ...] [--tool NAME=PROGRAM ...]
//                                  [--count 300000] [--megabytes 200] [--rounds 3] [--only LANE ...]           (after npm run build)
//   --into      where peers are built or installed, and looked for (bin/, python/)
//   --install   get what is not there: with cargo (evtx_dump, ripgrep; rsigma and chainsaw from their checkouts), with pip (eql, zircolite)
//   --checkout  of rsigma (its generator makes its lane), chainsaw (its mapping of Sigma's fields), zircolite
//   --tool      a program that you have: evtx_dump, rg, rsigma, chainsaw, eql, zircolite, python
//   --rules     Sigma rules: rules/windows of SigmaHQ's checkout
//   --events    a folder of EVTX files; by default ../shared/data beside the checkout
//   --only      these lanes: structured, ndjson, query, evtx, convert
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../clock.ts";
import { LANES, type Lane, type LaneOptions, type Run, type Verdict } from "./lanes.ts";
import { measured, type Taken } from "./measure.ts";
import { tools, type Sources } from "./tools.ts";

const { values } = parseArgs({
  options: {
    into: { type: "string" },
    install: { type: "boolean", default: false },
    rules: { type: "string" },
    events: { type: "string", default: fileURLToPath(new URL("../../../shared/data/", import.meta.url)) },
    checkout: { type: "string", multiple: true, default: [] },
    tool: { type: "string", multiple: true, default: [] },
    count: { type: "string", default: "300000" },
    megabytes: { type: "string", default: "200" },
    rounds: { type: "string", default: "3" },
    only: { type: "string", multiple: true, default: [] },
  },
});

function say(text: string): void {
  console.error(text);
}

function named(list: readonly string[]): Map<string, string> {
  return new Map(
    list.map((text) => {
      const at = text.indexOf("=");
      if (at <= 0) throw new Error(`${text}: expected NAME=PATH`);
      return [text.slice(0, at), resolve(text.slice(at + 1))];
    }),
  );
}

async function main(): Promise<void> {
  if (values.into === undefined) throw new Error("--into FOLDER says where the peers are, or are to be installed");
  const sources: Sources = {
    into: resolve(values.into),
    given: named(values.tool),
    checkouts: named(values.checkout),
    install: values.install,
  };
  const there = tools(sources, say);
  const folder = mkdtempSync(join(tmpdir(), "peers-bench-"));
  try {
    const options: LaneOptions = {
      folder,
      tools: there,
      sources,
      rules: values.rules === undefined ? null : resolve(values.rules),
      events: resolve(values.events),
      count: Number(values.count),
      megabytes: Number(values.megabytes),
      say,
    };
    console.log(
      `Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores; ${[...there.values()].map(({ name, version }) => `${name} ${version}`).join(", ")}`,
    );
    for (const [name, make] of LANES) {
      if (values.only.length > 0 && !values.only.includes(name)) continue;
      const lane = await make(options);
      if (lane !== null) compare(lane, Number(values.rounds), folder);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare({ title, runs }: Lane, rounds: number, folder: string): void {
  const output = join(folder, "output");
  const taken = new Map<Run, Taken[]>(runs.map((run) => [run, []]));
  for (let round = 0; round < rounds; round++)
    for (const run of runs) {
      say(`${title}: ${run.name}, round ${round + 1}`);
      taken.get(run)!.push(measured(run.command, output, run.codes));
    }
  console.log(`\n${title}; medians of ${rounds} rounds in turns\n`);
  console.log("| program | CPU s | wall s | peak MB | CPU : first |\n|---|---|---|---|---|");
  const first = median(taken.get(runs[0]!)!.map(({ cpu }) => cpu));
  for (const [{ name }, list] of taken) {
    const of = (key: keyof Taken): number => median(list.map((one) => one[key]));
    console.log(
      `| ${name} | ${of("cpu").toFixed(2)} | ${of("wall").toFixed(2)} | ${of("peak").toFixed(0)} | ${(of("cpu") / first).toFixed(2)} |`,
    );
  }
  agree(runs, output);
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const decoder = new TextDecoder();
    const bytes = new Uint8Array(1 << 20);
    let rest = "";
    for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
      const lines = (rest + decoder.decode(bytes.subarray(0, length), { stream: true })).split("\n");
      rest = lines.pop()!;
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(file);
  }
}

/** Held against the first that says what it found, each of the others that does. */
function agree(runs: readonly Run[], output: string): void {
  const verdicts = runs.flatMap(
    ({ name, command, verdictCommand, verdict, codes }): { readonly name: string; readonly found: Verdict }[] => {
      if (verdict === undefined) return [];
      measured(verdictCommand ?? command, output, codes);
      return [{ name, found: verdict(linesOf(output)) }];
    },
  );
  const [base, ...others] = verdicts;
  if (base === undefined) return;
  const matches = [...base.found.values()].reduce((sum, count) => sum + count, 0);
  console.log(`\n${base.name}: ${matches.toLocaleString("en")} matches of ${base.found.size} rules`);
  for (const { name, found } of others) {
    const differing = [...new Set([...base.found.keys(), ...found.keys()])].filter(
      (rule) => (base.found.get(rule) ?? 0) !== (found.get(rule) ?? 0),
    );
    console.log(differing.length === 0 ? `${name}: the same count for each rule` : `${name}: ${differing.length} rules differ`);
    for (const rule of differing.slice(0, 20)) console.log(`  ${rule}: ${base.found.get(rule) ?? 0} and ${found.get(rule) ?? 0}`);
  }
}

await main();
