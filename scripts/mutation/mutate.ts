// How much of what could break do the tests notice? Breaks one thing after the other in memory and runs the tests of the room.
// usage: npm run mutate -- [--room NAME] [--max 60] [--seed 1] [--fresh] [--min SHARE]
// A result is kept (.tocsin/mutants.json) as long as the mutant's text and the tests that decided it stay as they are.
import { fork, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { mutantsOf, mutated, type Mutant } from "./mutants.ts";
import { ROOMS, type Room } from "./rooms.ts";
import type { Trial, Verdict } from "./runner.ts";

const root = join(import.meta.dirname, "../..");
const src = join(root, "src");
const store = join(root, ".tocsin", "mutants.json");

interface Outcome {
  readonly outcome: "killed" | "timeout" | "survived";
  /** The test file that failed, below the root; null for a mutant that survived or never ended. */
  readonly by: string | null;
  /** A hash of the texts of the test files that decided it: the one that failed, or all that passed. */
  readonly tests: string;
}

interface Candidate {
  readonly file: string;
  readonly source: string;
  readonly mutant: Mutant;
}

const { values: flags } = parseArgs({
  options: {
    room: { type: "string" },
    max: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    min: { type: "string", default: "0" },
    fresh: { type: "boolean", default: false },
  },
});

const hash = (...texts: readonly string[]): string => createHash("sha256").update(texts.join("\0")).digest("hex");
const read = (path: string): string => readFileSync(path, "utf8");

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => /\.tsx?$/.test(file))
    .sort();
}

function sourcesOf(room: Room): string[] {
  const except = (room.except ?? []).map((name) => join(src, name) + sep);
  return room.sources
    .flatMap((name) => filesIn(join(src, name)))
    .filter((file) => !except.some((folder) => file.startsWith(folder)))
    .filter(
      (file) =>
        !/\.test\.tsx?$|\.d\.ts$/.test(file) &&
        !relative(src, file)
          .split(sep)
          .some((part) => part === "generated" || part === "testing"),
    );
}

/** The sample: those with the smallest hash of the seed, the file, the line and the change, so that it stays much the same when code moves. */
function sampleOf(room: Room, most: number, seed: string): Candidate[] {
  const all = sourcesOf(room).flatMap((file) => {
    const source = read(file);
    return mutantsOf(source).map((mutant) => ({ file, source, mutant }));
  });
  const rank = ({ file, source, mutant }: Candidate): string =>
    hash(seed, relative(root, file), lineAt(source, mutant.start).text, mutant.operator, mutant.replacement);
  const sample = all
    .map((candidate) => ({ candidate, rank: rank(candidate) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
  console.log(`${room.name}: ${sample.length} of ${all.length} mutants, seed ${seed}`);
  return sample.sort((a, b) => (a.file === b.file ? a.mutant.start - b.mutant.start : a.file < b.file ? -1 : 1));
}

function lineAt(source: string, at: number): { readonly line: number; readonly text: string } {
  const from = source.lastIndexOf("\n", at - 1) + 1;
  const to = source.indexOf("\n", at);
  return { line: source.slice(0, from).split("\n").length, text: source.slice(from, to < 0 ? undefined : to).trim() };
}

/** The test of the file, the others beside it and below it, the rest of the room. */
function stagesFor(file: string, room: Room): string[][] {
  const tests = room.tests.flatMap((name) => filesIn(join(src, name))).filter((name) => /\.test\.tsx?$/.test(name));
  const own = `${basename(file).replace(/\.tsx?$/, "")}.test.`;
  const stages: string[][] = [[], [], []];
  for (const test of tests) {
    if (dirname(test) === dirname(file) && basename(test).startsWith(own)) stages[0]!.push(test);
    else if (test.startsWith(dirname(file) + sep) || dirname(test) === dirname(file)) stages[1]!.push(test);
    else stages[2]!.push(test);
  }
  return stages;
}

/** Runs trials in a process of its own, which is replaced when a trial takes too long. */
class Trials {
  #child: ChildProcess | null = null;

  async run(trial: Trial, seconds: number): Promise<Verdict | "timeout"> {
    this.#child ??= await this.#start();
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => (): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        then();
      };
      const tooLong = settle(() => {
        this.end();
        resolve("timeout");
      });
      const timer = setTimeout(tooLong, seconds * 1000);
      child.once("message", (verdict: Verdict) => settle(() => resolve(verdict))());
      child.once(
        "exit",
        settle(() => reject(new Error("the process that runs the tests ended by itself"))),
      );
      child.send(trial);
    });
  }

  async #start(): Promise<ChildProcess> {
    // A group of its own, so that the workers it starts end with it.
    const child = fork(join(import.meta.dirname, "runner.ts"), {
      cwd: root,
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", () => reject(new Error("the process that runs the tests did not start")));
    });
    child.removeAllListeners();
    return child;
  }

  end(): void {
    const child = this.#child;
    this.#child = null;
    if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }
}

const known = (flags.fresh || !existsSync(store) ? {} : JSON.parse(read(store))) as Record<string, Outcome | undefined>;
function keep(key: string, outcome: Outcome): void {
  known[key] = outcome;
  mkdirSync(dirname(store), { recursive: true });
  writeFileSync(store, JSON.stringify(known, null, 1));
}

async function outcomeOf(candidate: Candidate, room: Room, trials: Trials, seconds: number): Promise<Outcome> {
  const { file, source, mutant } = candidate;
  const text = mutated(source, mutant);
  const stages = stagesFor(file, room);
  const key = hash(relative(root, file), text);
  const allTests = hash(...stages.flat().map(read));
  const before = known[key];
  if (
    before !== undefined &&
    before.tests === (before.by === null ? allTests : existsSync(join(root, before.by)) ? hash(read(join(root, before.by))) : "")
  )
    return before;
  const verdict = await trials.run({ file, text, stages }, seconds);
  const outcome: Outcome =
    verdict === "timeout"
      ? { outcome: "timeout", by: null, tests: allTests }
      : verdict.failed === null
        ? { outcome: "survived", by: null, tests: allTests }
        : { outcome: "killed", by: relative(root, verdict.failed), tests: hash(read(verdict.failed)) };
  keep(key, outcome);
  return outcome;
}

/** Ends the command where the tests of the room fail although nothing was changed. */
async function mustHold(room: Room, when: string): Promise<void> {
  const stages = [stagesFor(join(src, room.sources[0]!, "x.ts"), room).flat()];
  const verdict = await trials.run({ file: null, text: "", stages }, 3600);
  if (verdict !== "timeout" && verdict.failed === null) return;
  const why = verdict === "timeout" ? "they never end" : `${verdict.failed}: ${verdict.message}`;
  console.error(`${room.name}: its tests fail ${when}: ${why}`);
  process.exit(2);
}

const rooms = ROOMS.filter(({ name }) => flags.room === undefined || name === flags.room);
if (rooms.length === 0) {
  console.error(`no room ${flags.room}; rooms are ${ROOMS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const trials = new Trials();
process.once("exit", () => trials.end());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const scores: string[] = [];
let enough = true;
for (const room of rooms) {
  const sample = sampleOf(room, Number(flags.max), flags.seed);
  const began = performance.now();
  await mustHold(room, "before any mutant");
  const seconds = 30 + 4 * ((performance.now() - began) / 1000);
  const count = { killed: 0, timeout: 0, survived: 0 };
  for (const candidate of sample) {
    const { outcome } = await outcomeOf(candidate, room, trials, seconds);
    count[outcome]++;
    if (outcome !== "survived") continue;
    const { line, text } = lineAt(candidate.source, candidate.mutant.start);
    console.log(`  survived ${relative(root, candidate.file)}:${line}: ${candidate.mutant.operator}: ${text}`);
  }
  // What fails without a mutant says nothing of those before it.
  await mustHold(room, "after the mutants");
  const share = sample.length === 0 ? 1 : (count.killed + count.timeout) / sample.length;
  enough &&= share * 100 >= Number(flags.min);
  scores.push(
    `${room.name}: ${(share * 100).toFixed(1)} % of ${sample.length} noticed (${count.killed} by a test, ${count.timeout} by never ending), ${count.survived} survived`,
  );
  console.log(scores.at(-1));
}
trials.end();
if (scores.length > 1) console.log(`\n${scores.join("\n")}`);
process.exitCode = enough ? 0 : 1;
