/** A hunt on several cores: worker threads scan files, this thread takes what they found in the order of the input. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Command } from "commander";
import type { Hunt, Reading } from "../../workbench/index.ts";
import { codeFolder as codeFolderOf } from "../cache/code.ts";
import { pack } from "../cache/packed.ts";
import { Failure } from "../failure.ts";
import type { ReadElsewhere } from "../input.ts";
import type { FoundFile } from "../walk.ts";
import type { Scanned, WorkerMessage, WorkerTask } from "./messages.ts";

/** More add little: one thread takes what they find. */
const MOST_BY_DEFAULT = 8;
const MOST = 64;

/** Input that one thread is through with before others are ready: each makes a plan of all filters of the rules first. */
const SMALL_BYTES = 32 * 1024 * 1024;
const SMALL_BYTES_A_FILTER = 300 * 1024;

/** `--jobs`; {@link jobsOf} reads what is given, on the command line or in a configuration. */
export function addJobsOption(command: Command): Command {
  return command.option(
    "--jobs <number>",
    "files read side by side, each by a thread; the result is the same (default: 1 where the input is small for so many rules, else the cores, 8 at most)",
  );
}

/** @throws Failure for what is no number of threads. */
export function jobsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= MOST) return jobs;
  throw new Failure(`--jobs ${text}: no number of threads`, { help: `Write a number from 1 to ${MOST}.` });
}

/** How many threads are worth starting; 1: none but this one. A pipe has its bytes once, for one thread. */
export function threadsFor(files: readonly FoundFile[], asked: number | undefined, filters: number): number {
  let bytes = 0;
  for (const { size } of files) {
    if (size === undefined) return 1;
    bytes += size;
  }
  const isSmall = bytes < SMALL_BYTES + filters * SMALL_BYTES_A_FILTER;
  const jobs = asked ?? (isSmall ? 1 : Math.min(availableParallelism(), MOST_BY_DEFAULT));
  return Math.min(jobs, files.length);
}

export interface HuntJobs {
  /** Threads; undefined: as many as are worth it. */
  readonly jobs: number | undefined;
  readonly cacheFolder: string | null;
  /** The script of the threads; another one in tests. */
  readonly script?: URL;
  /** Roughly the bytes that a thread may be ahead of the hunt. */
  readonly maxAhead?: number;
}

/** What small events of some gigabytes of logs leave: an early file can be long while others are read. */
const MAX_AHEAD = 64_000_000;

/** Has files read by worker threads for a hunt, where that is worth it. */
export function readByWorkers(hunt: Hunt, { jobs, cacheFolder, script = WORKER, maxAhead = MAX_AHEAD }: HuntJobs): ReadElsewhere {
  return async (reading, files, onBytes) => {
    const threads = threadsFor(files, jobs, hunt.scanSettings(null).filters.length);
    if (threads < 2) return false;
    const scan = new WorkerScan(hunt, reading, files, onBytes);
    await scan.run(threads, script, { maxAhead, codeFolder: codeFolderOf(cacheFolder) });
    return true;
  };
}

/** Beside this module, whether it runs from its sources, from the build or from a bundle. */
const WORKER = new URL(import.meta.url.endsWith(".ts") ? "./scan-worker.ts" : "./scan-worker.js", import.meta.url);

class WorkerScan {
  readonly #hunt: Hunt;
  readonly #reading: Reading;
  readonly #files: readonly FoundFile[];
  readonly #onBytes: (bytes: number, file: FoundFile) => void;
  /** What is there of files whose turn has not come. */
  readonly #waiting = new Map<number, { readonly worker: number; readonly message: Scanned }[]>();
  /** The file whose turn it is, and the bytes of those before it. */
  #turn = 0;
  #bytesBefore = 0;
  #isReady = false;
  #control: Int32Array = new Int32Array(0);

  constructor(hunt: Hunt, reading: Reading, files: readonly FoundFile[], onBytes: (bytes: number, file: FoundFile) => void) {
    this.#hunt = hunt;
    this.#reading = reading;
    this.#files = files;
    this.#onBytes = onBytes;
  }

  /** Rejects with what a worker failed with; no thread is left then either. */
  async run(threads: number, script: URL, bounds: Pick<WorkerTask, "maxAhead" | "codeFolder">): Promise<void> {
    this.#control = new Int32Array(new SharedArrayBuffer(4 * (1 + threads)));
    const { filters, ...settings } = this.#hunt.scanSettings(this.#reading.seen?.secrets ?? null);
    const packed = pack(filters);
    const shared = new Uint8Array(new SharedArrayBuffer(packed.length));
    shared.set(packed);
    const task: Omit<WorkerTask, "worker"> = {
      ...bounds,
      settings,
      filters: shared,
      read: this.#reading.options.read ?? {},
      files: this.#files,
      control: this.#control,
    };
    const workers: Worker[] = [];
    try {
      await Promise.all(Array.from({ length: threads }, (_, worker) => this.#start(workers, script, { ...task, worker })));
      if (this.#turn < this.#files.length) throw new Error(`worker threads ended before ${this.#files[this.#turn]!.name} was read`);
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  }

  /** Resolves when the worker has done its part. */
  #start(workers: Worker[], script: URL, task: WorkerTask): Promise<void> {
    return new Promise((resolve, reject) => {
      // What this process was started with is no business of a thread's.
      const worker = new Worker(script, { workerData: task, execArgv: [] });
      workers.push(worker);
      worker.on("message", (message: WorkerMessage) => {
        try {
          this.#take(task.worker, message);
        } catch (error) {
          reject(error);
        }
      });
      worker.on("messageerror", reject);
      worker.on("error", reject);
      worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker thread ended with ${code}`))));
    });
  }

  #take(worker: number, message: WorkerMessage): void {
    if (message.kind === "ready") {
      // All have the same rules.
      if (!this.#isReady) this.#hunt.scanning(message.faults);
      this.#isReady = true;
    } else if (message.kind === "ended") this.#hunt.scanEnded(message.filterMillis);
    else if (message.file === this.#turn) {
      this.#replay(worker, message);
      this.#replayWaiting();
    } else {
      const waiting = this.#waiting.get(message.file);
      if (waiting === undefined) this.#waiting.set(message.file, [{ worker, message }]);
      else waiting.push({ worker, message });
    }
  }

  #replayWaiting(): void {
    for (let waiting = this.#waiting.get(this.#turn); waiting !== undefined; waiting = this.#waiting.get(this.#turn)) {
      this.#waiting.delete(this.#turn);
      for (const { worker, message } of waiting) this.#replay(worker, message);
    }
  }

  #replay(worker: number, { batch, bytes, counts }: Scanned): void {
    const reading = this.#reading;
    for (const problem of batch.problems) reading.problem(problem);
    this.#hunt.scanned(batch, reading.seen);
    this.#onBytes(this.#bytesBefore + bytes, this.#files[this.#turn]!);
    if (counts !== null) {
      reading.add(counts);
      this.#bytesBefore += bytes;
      this.#turn++;
    }
    Atomics.sub(this.#control, 1 + worker, batch.weight);
    Atomics.notify(this.#control, 1 + worker);
  }
}
