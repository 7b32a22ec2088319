// oxlint-disable unicorn/require-post-message-target-origin -- a worker thread, not a window
// Damaged samples of every format through the readers: nothing may throw, hang or eat memory, and no split of the bytes may change the result.
// usage: node scripts/fuzz-readers.ts [seconds] [first seed]
// Each round is reproducible by its seed: node scripts/fuzz-readers.ts 0 SEED runs just that one and shows what came out.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { openInput, type LogLocation, type Problem, type LogRecord } from "../src/readers/index.ts";
import { generator, makeSamples, mutate, peerEvtxFiles } from "./reader-samples.ts";

const MAX_SECONDS_PER_MB = 1;
const MAX_RSS_MB = 900;
const HANG_SECONDS = 30;

interface Round {
  readonly sample: string;
  readonly bytes: Uint8Array;
  readonly cuts: readonly number[];
  readonly carve: boolean;
}

const samples: { readonly name: string; readonly bytes: Uint8Array }[] = [...makeSamples(), ...peerEvtxFiles()];

function makeRound(seed: number): Round {
  const random = generator(seed);
  const sample = samples[random() % samples.length]!;
  const bytes = mutate(sample.bytes, random);
  const cuts = Array.from({ length: random() % 5 }, () => random() % (bytes.length + 1)).sort((a, b) => a - b);
  const carve = random() % 4 === 0;
  if (!carve || random() % 2 === 0) return { sample: sample.name, bytes, cuts, carve };
  // What it is can no longer be seen: it is searched for chunks of event logs.
  const hidden = new Uint8Array(bytes.length + 20_000).fill(0xa5);
  hidden.set(bytes, 20_000);
  return { sample: `${sample.name} inside of something else`, bytes: hidden, cuts, carve };
}

interface Result {
  records: number;
  problems: number;
  /** A hash of everything that came out, in order. */
  digest: number;
  /** Bytes that came out of containers or went in: what time is measured against. */
  readonly seconds: number;
}

function read({ bytes, carve }: Round, cuts: readonly number[], show: boolean): Result {
  let digest = 0;
  let records = 0;
  let problems = 0;
  const add = (value: unknown): void => {
    const text = JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
    for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) | 0;
    if (show) console.log(text.slice(0, 300));
  };
  const sink = {
    record: (record: LogRecord) => {
      records++;
      add(record);
    },
    problem: (problem: Problem) => {
      problems++;
      add(problem);
    },
    stale: (place: LogLocation, count: number) => add([place, count]),
  };
  const decoder = openInput("fuzz", { carve });
  const before = performance.now();
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const piece = bytes.slice(from, cut);
    decoder.push(piece, sink);
    piece.fill(0x58);
    from = cut;
  }
  decoder.end(sink);
  return { records, problems, digest, seconds: (performance.now() - before) / 1000 };
}

/** What is wrong with a round, or null. */
function check(seed: number, show = false): string | null {
  const round = makeRound(seed);
  try {
    const whole = read(round, [], show);
    const megabytes = Math.max(1, round.bytes.length / 1e6);
    // A slow machine has slow moments: only what is slow twice is slow.
    if (whole.seconds > MAX_SECONDS_PER_MB * megabytes && read(round, [], false).seconds > MAX_SECONDS_PER_MB * megabytes) {
      return `${round.sample}: ${whole.seconds.toFixed(2)} s for ${round.bytes.length} bytes`;
    }
    const split = read(round, round.cuts, false);
    if (split.digest !== whole.digest) return `${round.sample}: split at ${round.cuts.join(", ")} gives something else`;
    const rss = process.memoryUsage().rss / 1e6;
    if (rss > MAX_RSS_MB) return `${round.sample}: ${rss.toFixed(0)} MB of memory`;
    return null;
  } catch (error) {
    return `${round.sample}: threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

const seconds = Number(process.argv[2] ?? 60);
const first = Number(process.argv[3] ?? 1);

if (!isMainThread) {
  const { until, start } = workerData as { until: number; start: number };
  let seed = start;
  let lastTold = 0;
  for (; Date.now() < until; seed++) {
    // Told before the work, so that a round that never ends is known.
    if (Date.now() - lastTold > 500) {
      parentPort!.postMessage({ seed });
      lastTold = Date.now();
    }
    const wrong = check(seed);
    if (wrong !== null) parentPort!.postMessage({ seed, wrong });
  }
  parentPort!.postMessage({ seed, done: true });
} else if (seconds === 0) {
  const wrong = check(first, true);
  console.log(wrong ?? "nothing wrong");
  process.exitCode = wrong === null ? 0 : 1;
} else {
  const worker = new Worker(new URL(import.meta.url), { workerData: { until: Date.now() + seconds * 1000, start: first } });
  let failures = 0;
  let lastSeed = first;
  let lastHeard = Date.now();
  const watch = setInterval(() => {
    if (Date.now() - lastHeard < HANG_SECONDS * 1000) return;
    console.log(`hangs at or soon after seed ${lastSeed}`);
    process.exit(1);
  }, 1000);
  worker.on("message", (message: { seed: number; wrong?: string; done?: boolean }) => {
    lastSeed = message.seed;
    lastHeard = Date.now();
    if (message.wrong !== undefined) {
      failures++;
      console.log(`seed ${message.seed}: ${message.wrong}`);
    }
    if (message.done !== true) return;
    clearInterval(watch);
    console.log(
      `${message.seed - first} rounds over ${samples.length} samples in ${seconds} s, ${failures} failed; peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
    );
    process.exitCode = failures === 0 ? 0 : 1;
  });
}
