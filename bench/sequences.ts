/**
 * Sequences at 10 k and at 1 M live keys: time per event and bytes per live key.
 *
 *     node --expose-gc bench/sequences.ts
 *
 * Three stages, no maxspan, so that every key stays alive; the events are numbers and cost nothing, the keys are
 * texts made anew for every event, whose making is measured apart and taken off; the texts that the machine keeps count in the bytes.
 * Runs of both sizes are interleaved and the medians are printed. Time is what the thread has computed.
 */
import { SEQUENCE_LIMITS, SequenceMachine } from "../src/eql/sequence/machine.ts";

const EVENTS = Number(process.env["EVENTS"] ?? 5_000_000);
const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
const gc = (globalThis as { gc?: () => void }).gc;

interface Run {
  readonly nanosPerEvent: number;
  readonly bytesPerKey: number;
  readonly liveKeys: number;
  readonly matches: number;
}

/** Milliseconds that this thread has computed: what else the machine does at the time does not count. */
function busy(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** What is held now, counting typed arrays, which lie outside of the heap. */
async function held(): Promise<number> {
  // Twice and with a pause: array buffers are given back after the collection that finds them dead.
  for (let i = 0; i < 2; i++) {
    gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const usage = process.memoryUsage();
  return usage.heapUsed + usage.arrayBuffers;
}

/** A small generator, so that every run sees the same events. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 0;
  };
}

/** A key as it comes out of a parser: a text of its own, made just now. */
function keyText(n: number): string {
  const digit = (place: number): number => 48 + (Math.floor(n / place) % 10);
  return String.fromCharCode(
    104,
    111,
    115,
    116,
    45,
    digit(1_000_000),
    digit(100_000),
    digit(10_000),
    digit(1000),
    digit(100),
    digit(10),
    digit(1),
  );
}

async function run(keyCount: number): Promise<Run> {
  const before = await held();
  let key = "";
  let matches = 0;
  const machine = new SequenceMachine<number>(
    {
      items: [
        { missing: false, runs: 1, keys: 0 },
        { missing: false, runs: 1, keys: 0 },
        { missing: false, runs: 1, keys: 0 },
      ],
      until: null,
      maxspan: null,
      keyLists: [[{ read: () => key, optional: false }]],
    },
    () => void matches++,
    { ...SEQUENCE_LIMITS, maxKeys: 2_000_000 },
  );
  const next = generator(1);
  // Every key alive before the clock starts: what is measured is the steady state.
  let time = 0;
  for (let i = 0; i < keyCount; i++) {
    key = keyText(i);
    machine.truth[0] = 1;
    machine.accept(i, time++, 0);
  }
  machine.truth[0] = 0;
  const start = busy();
  for (let i = 0; i < EVENTS; i++) {
    const random = next();
    key = keyText((random >>> 4) % keyCount);
    const item = i % 3;
    machine.truth[item] = 1;
    machine.accept(i, time++, 0);
    machine.truth[item] = 0;
  }
  const whole = busy() - start;
  const used = (await held()) - before;
  // What making the keys costs is no part of it.
  const startEmpty = busy();
  for (let i = 0; i < EVENTS; i++) {
    const random = next();
    key = keyText((random >>> 4) % keyCount);
  }
  const elapsed = whole - (busy() - startEmpty);
  return { nanosPerEvent: (elapsed * 1e6) / EVENTS, bytesPerKey: used / machine.liveKeys, liveKeys: machine.liveKeys, matches };
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

if (gc === undefined) {
  console.error("Run with node --expose-gc bench/sequences.ts, or the bytes mean nothing.");
  process.exitCode = 1;
} else {
  const small: Run[] = [];
  const large: Run[] = [];
  await run(1000);
  for (let round = 0; round < ROUNDS; round++) {
    small.push(await run(10_000));
    large.push(await run(1_000_000));
  }
  const row = (name: string, runs: readonly Run[]): void => {
    console.log(
      `${name.padEnd(12)} ${(median(runs.map((r) => r.nanosPerEvent)) / 1000).toFixed(3)} us/event   ${median(runs.map((r) => r.bytesPerKey)).toFixed(0)} bytes per live key   ${runs[0]!.liveKeys} live, ${runs[0]!.matches} matches`,
    );
  };
  row("10 k keys", small);
  row("1 M keys", large);
  console.log(
    `ratio        ${(median(large.map((r) => r.nanosPerEvent)) / median(small.map((r) => r.nanosPerEvent))).toFixed(2)} (at most 3)`,
  );
}
