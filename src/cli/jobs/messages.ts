/** What passes between a hunt and its worker threads. */
import type { EventBatch, ReadCounts, ReadOptions, ScanSettings } from "../../workbench/index.ts";
import type { FoundFile } from "../walk.ts";
import type { Unit } from "./units.ts";

/** The work that all threads share. */
export interface ScanTask {
  readonly settings: ScanSettings;
  readonly read: Partial<ReadOptions>;
  readonly files: readonly FoundFile[];
  readonly units: readonly Unit[];
  readonly control: Int32Array;
  /** A thread waits while more than this of its batches has not been taken. */
  readonly maxAhead: number;
}

/** What a worker is given when it starts. */
export interface WorkerTask extends Omit<ScanTask, "settings"> {
  readonly settings: Omit<ScanSettings, "filters">;
  /** `ScanSettings.filters`, packed: the same memory for all workers. */
  readonly filters: Uint8Array;
  /** Where V8 keeps compiled code; null: nowhere. */
  readonly codeFolder: string | null;
  /** The number of the thread. */
  readonly worker: number;
}

export type WorkerMessage = Scanned | Ended;

/** The next batch of a unit. */
export interface Scanned {
  readonly kind: "scanned";
  readonly unit: number;
  readonly batch: EventBatch;
  /** Bytes read of the unit so far. */
  readonly bytes: number;
  /** With the last batch; null before. */
  readonly end: UnitEnd | null;
}

export interface UnitEnd {
  readonly counts: ReadCounts;
  /** How many lines the part had; null where the file is through, whatever further parts it was to have. */
  readonly lines: number | null;
}

interface Ended {
  readonly kind: "ended";
  readonly filterMillis: Float64Array | null;
}
