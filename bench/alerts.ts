/**
 * From NDJSON bytes to alerts: read, bring to ECS, run the rules, make the alerts; one rule, 100 and 1,000 of them, beside the
 * same without rules. Lanes are interleaved, medians of CPU time printed; trust the ratios.
 *
 *     node bench/alerts.ts
 *     PYTHON=path/to/python node bench/alerts.ts                 with the Python engine (pip install eql) beside it
 *     node bench/alerts.ts --sigma FOLDER --events PATH          Sigma rules over logs of any kind instead
 *
 * EVENTS and ROUNDS say how much.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readInputs } from "../src/cli/input.ts";
import { Detector, type RunnableRule } from "../src/detect/index.ts";
import { createNormaliser } from "../src/ecs/index.ts";
import { NOWHERE } from "../src/eql/index.ts";
import { loadSigma } from "../src/sigma/index.ts";
import { runnableSigma } from "../src/workbench/index.ts";
import { cpuSeconds, median, ratioOf } from "./clock.ts";
import { ADMIN_SHARES, filterOf, syntheticEvents, syntheticRules, textOf, type Rule } from "./rules.ts";

const EVENTS = Number(process.env["EVENTS"] ?? 50_000);
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
const { values } = parseArgs({ options: { sigma: { type: "string" }, events: { type: "string" } } });

interface Lane {
  readonly name: string;
  readonly rules: readonly RunnableRule[];
  readonly seconds: number[];
  readonly building: number[];
  events: number;
  alerts: number;
}
const lane = (name: string, rules: readonly RunnableRule[]): Lane => ({ name, rules, seconds: [], building: [], events: 0, alerts: 0 });

async function measure(lanes: readonly Lane[], path: string, beside: () => void = () => {}): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    for (const one of lanes) {
      one.events = 0;
      one.alerts = 0;
      const start = cpuSeconds();
      const detector = new Detector(one.rules, { onMatch: () => void one.alerts++ });
      const built = cpuSeconds();
      const normaliser = createNormaliser();
      await readInputs(
        [path],
        {},
        {
          record(record) {
            one.events++;
            detector.push(normaliser.normalise(record));
          },
          problem(problem) {
            if (problem.severity === "error") throw new Error(problem.message);
          },
        },
      );
      detector.finish();
      // The first round warms up.
      if (round === 0) continue;
      one.building.push(built - start);
      one.seconds.push(cpuSeconds() - built);
    }
    if (round > 0) beside();
  }
}

const micros = (one: Lane): number => (median(one.seconds) * 1e6) / one.events;

function print(lanes: readonly Lane[]): void {
  console.log(`${lanes[0]!.events} events, medians of ${ROUNDS}`);
  for (const one of lanes)
    console.log(
      `${one.name.padEnd(16)} ${micros(one).toFixed(2).padStart(8)} us/event ${String(one.alerts).padStart(7)} alerts  ${ratioOf(one.seconds, lanes[0]!.seconds).toFixed(2)} x without rules; the plan built in ${(median(one.building) * 1000).toFixed(0)} ms`,
    );
}

function runnable(rule: Rule, number: number): RunnableRule {
  return {
    key: `bench/${number}`,
    uuid: `bench-${number}`,
    name: `Rule ${number}`,
    description: "",
    version: "1",
    severity: "medium",
    riskScore: 47,
    kind: "detection",
    language: "eql",
    query: { kind: "event", span: NOWHERE, filter: filterOf(rule), pipes: [], comments: [] },
    threat: [],
    tags: [],
    references: [],
    dedup: null,
    title: null,
  };
}

/** The Python engine on the first events of the file; its seconds are scaled to all of them. */
class PythonEngine {
  readonly seconds: number[] = [];
  readonly #python: string;
  readonly #job: string;
  readonly #scale: number;

  constructor(python: string, folder: string, lines: readonly string[], rules: readonly Rule[], count: number) {
    this.#python = python;
    this.#job = join(folder, `${rules.length}.json`);
    this.#scale = lines.length / count;
    const file = join(folder, `${rules.length}.ndjson`);
    writeFileSync(file, `${lines.slice(0, count).join("\n")}\n`);
    writeFileSync(this.#job, JSON.stringify({ rules: rules.map(textOf), file, rounds: 1 }));
  }

  run(): void {
    const script = join(import.meta.dirname, "python-engine.py");
    const answer = JSON.parse(execFileSync(this.#python, [script, this.#job], { encoding: "utf8" })) as { seconds: number };
    this.seconds.push(answer.seconds * this.#scale);
  }
}

async function synthetic(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
  try {
    const lines = syntheticEvents(EVENTS).map((event) => JSON.stringify(event));
    const file = join(folder, "events.ndjson");
    writeFileSync(file, `${lines.join("\n")}\n`);
    const all = [ADMIN_SHARES, ...syntheticRules(999)];
    const lanes = [0, 1, 100, 1_000].map((size) => lane(size === 0 ? "without rules" : `${size} rules`, all.slice(0, size).map(runnable)));
    const python = process.env["PYTHON"];
    const engines =
      python === undefined
        ? []
        : [
            { size: 1, ours: lanes[1]!, engine: new PythonEngine(python, folder, lines, all.slice(0, 1), Math.min(EVENTS, 20_000)) },
            { size: 100, ours: lanes[2]!, engine: new PythonEngine(python, folder, lines, all.slice(0, 100), Math.min(EVENTS, 4_000)) },
          ];
    await measure(lanes, file, () => {
      for (const { engine } of engines) engine.run();
    });
    print(lanes);
    if (python === undefined) console.log("\nPython engine: skipped; set PYTHON to a Python that has the package `eql`.");
    for (const { size, ours, engine } of engines)
      console.log(
        `Python engine, ${size} rules, NDJSON: ${((median(engine.seconds) * 1e6) / EVENTS).toFixed(2)} us/event; ours is ${ratioOf(engine.seconds, ours.seconds).toFixed(1)} times as fast (goal: 15)`,
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function sigma(folder: string, events: string): Promise<void> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.ya?ml$/.test(name));
  const loaded = loadSigma(paths.sort().map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") })));
  const rules = loaded.rules.filter((rule) => !rule.silent).map(runnableSigma);
  const lanes = [lane("without rules", []), lane(`${rules.length} rules`, rules)];
  await measure(lanes, events);
  print(lanes);
}

if (values.sigma !== undefined && values.events !== undefined) await sigma(values.sigma, values.events);
else await synthetic();
