/**
 * Sequences at 10 k and at 1 M live keys: time per event and bytes per live key.
 *
 *     node --expose-gc bench/sequences.ts
 *
 * Three stages, no maxspan, so that every key stays alive; the events are numbers and cost nothing, the keys are texts of their own.
 * Runs of both sizes are interleaved and the medians are printed.
 */
import { SEQUENCE_LIMITS, SequenceMachine } from "../src/eql/sequence.ts";

const EVENTS = Number(process.env["EVENTS"] ?? 5_000_000);
const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
const gc = (globalThis as { gc?: () => void }).gc;

interface Run {
  readonly nanosPerEvent: number;
  readonly bytesPerKey: number;
  readonly liveKeys: number;
  readonly matches: number;
}

/** What is held now, counting typed arrays, which lie outside of the heap. */
function held(): number {
  gc?.();
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

function run(keyCount: number): Run {
  // Built piece by piece and looked up in order of need: each key text is created once, as the reader's dictionary would.
  const keys: string[] = Array.from({ length: keyCount }, (_, i) => Buffer.from(`host-${i}-${(i * 7919) % 1000}`).toString("latin1"));
  const before = held();
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
    key = keys[i]!;
    machine.truth[0] = 1;
    machine.accept(i, time++, 0);
  }
  machine.truth[0] = 0;
  const start = performance.now();
  for (let i = 0; i < EVENTS; i++) {
    const random = next();
    key = keys[(random >>> 4) % keyCount]!;
    const item = i % 3;
    machine.truth[item] = 1;
    machine.accept(i, time++, 0);
    machine.truth[item] = 0;
  }
  const elapsed = performance.now() - start;
  const used = held() - before;
  // The key's text is held by the machine alone in practice: count it too.
  const text = keys.reduce((sum, one) => sum + 16 + ((one.length + 7) & ~7), 0) / keyCount;
  return { nanosPerEvent: (elapsed * 1e6) / EVENTS, bytesPerKey: used / machine.liveKeys + text, liveKeys: machine.liveKeys, matches };
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

if (gc === undefined) {
  console.error("Run with node --expose-gc bench/sequences.ts, or the bytes mean nothing.");
  process.exitCode = 1;
} else {
  const small: Run[] = [];
  const large: Run[] = [];
  run(1000);
  for (let round = 0; round < ROUNDS; round++) {
    small.push(run(10_000));
    large.push(run(1_000_000));
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
