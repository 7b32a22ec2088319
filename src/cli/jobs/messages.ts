/** What passes between a hunt and its worker threads. */
import type { EventBatch, FilterFault, ReadCounts, ReadOptions, ScanSettings } from "../../workbench/index.ts";
import type { FoundFile } from "../walk.ts";

/** What a worker is given when it starts. */
export interface WorkerTask {
  readonly settings: Omit<ScanSettings, "filters">;
  /** `ScanSettings.filters`, packed: the same memory for all workers. */
  readonly filters: Uint8Array;
  readonly read: Partial<ReadOptions>;
  readonly files: readonly FoundFile[];
  /** Where V8 keeps compiled code; null: nowhere. */
  readonly codeFolder: string | null;
  /** The number of the next file that nobody has taken; then, of each worker, the weight of its batches that the hunt has not taken yet. */
  readonly control: Int32Array;
  readonly worker: number;
  /** The worker waits while more than this of its batches lies with the hunt. */
  readonly maxAhead: number;
}

export type WorkerMessage = Ready | Scanned | Ended;

/** The rules are ready to run; `faults` is what cannot be computed of them. */
interface Ready {
  readonly kind: "ready";
  readonly faults: readonly FilterFault[];
}

/** The next batch of a file. */
export interface Scanned {
  readonly kind: "scanned";
  readonly file: number;
  readonly batch: EventBatch;
  /** Bytes read of the file so far. */
  readonly bytes: number;
  /** With the last batch what was counted of the file; null before. */
  readonly counts: ReadCounts | null;
}

interface Ended {
  readonly kind: "ended";
  readonly filterMillis: Float64Array | null;
}
