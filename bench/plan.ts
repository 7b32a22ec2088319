/**
 * The shared plan: 1, 10, 100 and 1,000 rules on parsed events and from NDJSON, beside a bare `JSON.parse` loop and every rule
 * on its own. Runs are interleaved, medians of CPU time printed; trust the ratios.
 *
 *     node bench/plan.ts
 *     PYTHON=path/to/python node bench/plan.ts    with the Python engine (pip install eql) beside it
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Plan } from "../src/detect/plan/plan.ts";
import { compileFilter } from "../src/eql/run/compile.ts";
import { fieldAccess } from "../src/eql/values/fields.ts";
import { cpuSeconds, median, ratioOf } from "./clock.ts";
import { ADMIN_SHARES, filterOf, syntheticEvents, syntheticRules, textOf } from "./rules.ts";

const EVENTS = Number(process.env["EVENTS"] ?? 50_000);
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
const events = syntheticEvents(EVENTS);
const lines = events.map((event) => JSON.stringify(event));
// Parsed anew: objects as a reader makes them.
const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const all = [ADMIN_SHARES, ...syntheticRules(999)];
// The `ecs` room makes nested events.
const options = { access: (field: string) => fieldAccess(field, { nested: true }) };

interface Bench {
  readonly name: string;
  readonly run: () => number;
  readonly seconds: number[];
  matches: number;
}

const benches: Bench[] = [];
const add = (name: string, run: () => number): void => void benches.push({ name, run, seconds: [], matches: 0 });
const sizes = [1, 10, 100, 1_000];
const sum = (of: (n: number) => number): number => {
  let total = 0;
  for (let i = 0; i < parsed.length; i++) total += of(i);
  return total;
};

for (const size of sizes) {
  const filters = all.slice(0, size).map(filterOf);
  const started = performance.now();
  const plan = new Plan(filters, options);
  console.log(
    `plan of ${size} rules: ${plan.predicateCount} predicates, ${plan.fields.length} fields, built in ${(performance.now() - started).toFixed(1)} ms`,
  );
  add(`parsed, plan, ${size}`, () => sum((i) => plan.match(parsed[i]!)));
  const fromLines = new Plan(filters, options);
  add(`NDJSON, plan, ${size}`, () => sum((i) => fromLines.match(JSON.parse(lines[i]!) as Record<string, unknown>)));
}
for (const size of [1, 100]) {
  const tests = all.slice(0, size).map((rule) => compileFilter(filterOf(rule), options));
  add(`parsed, each rule alone, ${size}`, () =>
    sum((i) => {
      let matches = 0;
      for (let n = 0; n < tests.length; n++) if (tests[n]!(parsed[i]!)) matches++;
      return matches;
    }),
  );
}
add("NDJSON, JSON.parse only", () => sum((i) => ((JSON.parse(lines[i]!) as object) === null ? 1 : 0)));

const python = process.env["PYTHON"];
const folder = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
const theirs = (
  [
    [1, 5, Math.min(EVENTS, 20_000)],
    [100, 100, Math.min(EVENTS, 4_000)],
  ] as const
).map(([size, goal, count]) => {
  const job = join(folder, `${size}.json`);
  if (python !== undefined)
    writeFileSync(job, JSON.stringify({ rules: all.slice(0, size).map(textOf), events: events.slice(0, count), rounds: 1 }));
  return { size, goal, count, job, seconds: [] as number[] };
});

try {
  for (let round = 0; round <= ROUNDS; round++) {
    for (const bench of benches) {
      const start = cpuSeconds();
      bench.matches = bench.run();
      // The first round warms up.
      if (round > 0) bench.seconds.push(cpuSeconds() - start);
    }
    if (python === undefined || round === 0) continue;
    for (const one of theirs) {
      const answer = JSON.parse(execFileSync(python, [join(import.meta.dirname, "python-engine.py"), one.job], { encoding: "utf8" })) as {
        seconds: number;
      };
      one.seconds.push((answer.seconds * EVENTS) / one.count);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

const secondsOf = (name: string): readonly number[] => benches.find((bench) => bench.name === name)!.seconds;
const micros = (seconds: readonly number[]): string => ((median(seconds) * 1e6) / EVENTS).toFixed(2);
const ratio = (a: string, b: string): string => ratioOf(secondsOf(a), secondsOf(b)).toFixed(2);

console.log(`\n${EVENTS} events, ${(lines.join("\n").length / 1e6).toFixed(0)} MB, medians of ${ROUNDS}`);
for (const bench of benches)
  console.log(`${bench.name.padEnd(30)} ${micros(bench.seconds).padStart(8)} us/event  ${String(bench.matches).padStart(7)} matches`);
console.log(`\n1,000 rules : 1 rule, parsed        ${ratio("parsed, plan, 1000", "parsed, plan, 1")}   (goal: at most 4)`);
console.log(`1,000 rules : 1 rule, NDJSON        ${ratio("NDJSON, plan, 1000", "NDJSON, plan, 1")}`);
console.log(`1,000 rules : JSON.parse, NDJSON    ${ratio("NDJSON, plan, 1000", "NDJSON, JSON.parse only")}`);
if (python === undefined) console.log("\nPython engine: skipped; set PYTHON to a Python that has the package `eql`.");
else
  for (const { size, goal, seconds } of theirs)
    console.log(
      `Python engine, ${size} rules, parsed: ${micros(seconds)} us/event; ours is ${ratioOf(seconds, secondsOf(`parsed, plan, ${size}`)).toFixed(1)} times as fast (goal: ${goal})`,
    );
