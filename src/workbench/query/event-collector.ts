import { weightOf } from "../../detect/index.ts";
import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import { inTimeOrder } from "./time-order.ts";
import type { LogLocation, Problem, LogRecord, Sink } from "../../readers/index.ts";

export interface CollectedOptions {
  /** Which records are of interest, by their place. */
  readonly keep?: (place: LogLocation) => boolean;
  /** Most events. Default 100,000. */
  readonly limit?: number;
  /** Most characters of all events (see `weightOf`). Default: no bound. */
  readonly maxWeight?: number;
  readonly strictElastic?: boolean;
  /** Paths of the time in events that have no `@timestamp`, looked at before those that vendors have. */
  readonly timestampFields?: readonly string[];
}

/** Normalised events kept in memory, for work on few of them. A sink for the readers. */
export class Collected implements Sink {
  readonly #normaliser;
  readonly #keep: (place: LogLocation) => boolean;
  readonly #limit: number;
  readonly #maxWeight: number;
  #weight = 0;
  readonly #events: Normalised[] = [];
  /** Events beyond the limits. */
  dropped = 0;

  constructor(options: CollectedOptions = {}) {
    this.#normaliser = createNormaliser({ strictElastic: options.strictElastic ?? false, timestampFields: options.timestampFields ?? [] });
    this.#keep = options.keep ?? (() => true);
    this.#limit = options.limit ?? 100_000;
    this.#maxWeight = options.maxWeight ?? Infinity;
  }

  record(record: LogRecord): void {
    if (!this.#keep(record.place)) return;
    if (this.#events.length >= this.#limit || this.#weight >= this.#maxWeight) {
      this.dropped++;
      return;
    }
    const normalised = this.#normaliser.normalise(record);
    if (this.#maxWeight !== Infinity) this.#weight += weightOf(normalised.event);
    this.#events.push(normalised);
  }

  problem(_problem: Problem): void {}

  get size(): number {
    return this.#events.length;
  }

  inOrder(): readonly Normalised[] {
    return inTimeOrder(this.#events, ({ event }) => event);
  }
}
