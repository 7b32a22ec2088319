import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import { inTimeOrder } from "./time-order.ts";
import type { LogLocation, Problem, LogRecord, Sink } from "../../readers/index.ts";

/** Normalised events kept in memory, for work on few of them. A sink for the readers. */
export class Collected implements Sink {
  readonly #normaliser;
  readonly #keep: (place: LogLocation) => boolean;
  readonly #limit: number;
  readonly #events: Normalised[] = [];
  /** Events beyond the limit. */
  dropped = 0;

  constructor(
    options: { readonly keep?: (place: LogLocation) => boolean; readonly limit?: number; readonly strictElastic?: boolean } = {},
  ) {
    this.#normaliser = createNormaliser({ strictElastic: options.strictElastic ?? false });
    this.#keep = options.keep ?? (() => true);
    this.#limit = options.limit ?? 100_000;
  }

  record(record: LogRecord): void {
    if (!this.#keep(record.place)) return;
    if (this.#events.length >= this.#limit) this.dropped++;
    else this.#events.push(this.#normaliser.normalise(record));
  }

  problem(_problem: Problem): void {}

  inOrder(): readonly Normalised[] {
    return inTimeOrder(this.#events, ({ event }) => event);
  }
}
