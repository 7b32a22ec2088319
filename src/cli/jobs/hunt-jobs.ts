/** A hunt on several cores: worker threads and this one scan files and parts of files; this one takes what they found in the order of the input. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Command } from "commander";
import type { Hunt, Reading } from "../../workbench/index.ts";
import { codeFolder as codeFolderOf } from "../cache/code.ts";
import { pack } from "../cache/packed.ts";
import { Failure } from "../failure.ts";
import type { ReadElsewhere } from "../input.ts";
import type { FoundFile } from "../walk.ts";
import { Control, newControl } from "./control.ts";
import type { ScanTask, Scanned, WorkerMessage, WorkerTask } from "./messages.ts";
import { UnitMerge } from "./unit-merge.ts";
import { PART_BYTES, unitsOf } from "./units.ts";
import { UnitScanner } from "./unit-scanner.ts";

/** More add little: one thread takes what they find. */
const MOST_BY_DEFAULT = 8;
const MOST = 64;

/** Input that one thread is through with before others are of use, with few rules; the more rules there are, the more there is to do for each byte. */
const SMALL_BYTES = 256 * 1024 * 1024;
const MANY_FILTERS = 500;

/** `--jobs`; {@link jobsOf} reads what is given, on the command line or in a configuration. */
export function addJobsOption(command: Command): Command {
  return command.option(
    "--jobs <number>",
    "files read side by side, each by a thread; the result is the same (default: 1 where the input is small, else the cores, 8 at most)",
  );
}

/** @throws Failure for what is no number of threads. */
export function jobsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= MOST) return jobs;
  throw new Failure(`--jobs ${text}: no number of threads`, { help: `Write a number from 1 to ${MOST}.` });
}

/** How many threads are worth it; 1: this one alone. A pipe has its bytes once, for one thread. */
export function threadsFor(files: readonly FoundFile[], asked: number | undefined, filters: number): number {
  let bytes = 0;
  for (const { size } of files) {
    if (size === undefined) return 1;
    bytes += size;
  }
  const isSmall = bytes < SMALL_BYTES / (1 + filters / MANY_FILTERS);
  return asked ?? (isSmall ? 1 : Math.min(availableParallelism(), MOST_BY_DEFAULT));
}

export interface HuntJobs {
  /** Threads, this one included; undefined: as many as are worth it. */
  readonly jobs: number | undefined;
  readonly cacheFolder: string | null;
  /** The script of the threads; another one in tests. */
  readonly script?: URL;
  /** Roughly the bytes that a thread may be ahead of the hunt. */
  readonly maxAhead?: number;
  /** Larger files are read in parts of about this size. */
  readonly partBytes?: number;
}

/** What small events of some gigabytes of logs leave: an early file can be long while others are read. */
const MAX_AHEAD = 64_000_000;

/** Has files read by several threads for a hunt, where that is worth it. */
export function readByWorkers(
  hunt: Hunt,
  { jobs, cacheFolder, script = WORKER, maxAhead = MAX_AHEAD, partBytes = PART_BYTES }: HuntJobs,
): ReadElsewhere {
  return async (reading, files, onBytes) => {
    const asked = threadsFor(files, jobs, hunt.scanSettings(null).filters.length);
    if (asked < 2) return false;
    const read = reading.options.read ?? {};
    const units = await unitsOf(files, read, partBytes);
    const threads = Math.min(asked, units.length);
    if (threads < 2) return false;
    const settings = hunt.scanSettings(reading.seen?.secrets ?? null);
    const scan = new ThreadedScan(hunt, reading, onBytes, {
      settings,
      read,
      files,
      units,
      control: newControl(threads, files.length),
      maxAhead,
    });
    await scan.run(threads, script, codeFolderOf(cacheFolder));
    return true;
  };
}

/** Beside this module, whether it runs from its sources, from the build or from a bundle. */
const WORKER = new URL(import.meta.url.endsWith(".ts") ? "./scan-worker.ts" : "./scan-worker.js", import.meta.url);

/** The number of this thread among those that scan. */
const THIS_THREAD = 0;

/** This thread takes units like every other one; between two chunks it takes what the others send. */
class ThreadedScan {
  readonly #hunt: Hunt;
  readonly #task: ScanTask;
  readonly #merge: UnitMerge;
  readonly #control: Control;
  #isOver = false;
  /** Lets this thread go on where it waits for its batches to be taken. */
  #goOn: (() => void) | null = null;

  constructor(hunt: Hunt, reading: Reading, onBytes: (bytes: number, file: FoundFile) => void, task: ScanTask) {
    this.#hunt = hunt;
    this.#task = task;
    this.#control = new Control(task.control, THIS_THREAD);
    this.#merge = new UnitMerge(hunt, reading, task, onBytes, (thread) => {
      if (thread === THIS_THREAD) this.#goOn?.();
    });
  }

  /** Rejects with what a thread failed with; no other thread is left then either. */
  async run(threads: number, script: URL, codeFolder: string | null): Promise<void> {
    const { settings, ...task } = this.#task;
    const { filters, ...others } = settings;
    const packed = pack(filters);
    const shared = new Uint8Array(new SharedArrayBuffer(packed.length));
    shared.set(packed);
    const workers: Worker[] = [];
    const work: Promise<void>[] = [];
    try {
      for (let worker = THIS_THREAD + 1; worker < threads; worker++)
        work.push(this.#start(workers, script, { ...task, settings: others, filters: shared, codeFolder, worker }));
      work.push(this.#scanHere());
      await Promise.all(work);
      const left = this.#merge.next;
      if (left !== null) throw new Error(`worker threads ended before ${left.name} was read`);
    } finally {
      this.#isOver = true;
      this.#control.stop();
      this.#goOn?.();
      await Promise.all([...workers.map((worker) => worker.terminate()), ...work.map((one) => one.catch(() => undefined))]);
    }
  }

  async #scanHere(): Promise<void> {
    const emit = (message: Scanned): void => {
      this.#control.emitted(message.batch.weight);
      this.#merge.take(THIS_THREAD, message);
    };
    const scanner = new UnitScanner(this.#task, this.#control, emit, () => this.#pause());
    this.#hunt.scanning(scanner.faults);
    this.#hunt.scanEnded(await scanner.run());
  }

  /** Until what this thread has scanned before its turn is taken. */
  async #pause(): Promise<void> {
    while (!this.#isOver && this.#control.ahead > this.#task.maxAhead)
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
  }

  /** Resolves when the worker has done its part. */
  #start(workers: Worker[], script: URL, task: WorkerTask): Promise<void> {
    return new Promise((resolve, reject) => {
      // What this process was started with is no business of a thread's.
      const worker = new Worker(script, { workerData: task, execArgv: [] });
      workers.push(worker);
      worker.on("message", (message: WorkerMessage) => {
        try {
          if (message.kind === "ended") this.#hunt.scanEnded(message.filterMillis);
          else this.#merge.take(task.worker, message);
        } catch (error) {
          reject(error);
        }
      });
      worker.on("messageerror", reject);
      worker.on("error", reject);
      worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker thread ended with ${code}`))));
    });
  }
}
