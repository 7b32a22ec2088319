import { Collected, seenFields, type LogRecord } from "../../workbench/index.ts";
import type { SeenField } from "../protocol.ts";

const KEPT = 600;

/**
 * Values for completion, from a sample of the events: the first ones, then ever fewer, so that the cost of a large log is that of a
 * small one.
 */
export class SeenValues {
  #collected = new Collected({ limit: KEPT });
  #records = 0;
  #every = 1;
  #taken = 0;

  record(record: LogRecord): void {
    if (this.#records++ % this.#every !== 0 || this.#taken >= KEPT) return;
    this.#taken++;
    // 100 of each density: 100 records in a row, then every 4th, every 16th, ...
    if (this.#taken % 100 === 0) this.#every *= 4;
    this.#collected.record(record);
  }

  fields(): SeenField[] {
    const fields = seenFields(this.#collected.inOrder().map(({ event }) => event));
    return [...fields].map(([field, values]) => ({ field, values }));
  }
}
