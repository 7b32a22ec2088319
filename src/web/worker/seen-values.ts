import { Collected, flatten, type LogRecord } from "../../workbench/index.ts";
import type { SeenField } from "../protocol.ts";

const KEPT = 600;
const MAX_FIELDS = 600;
const MAX_VALUES = 40;
const MAX_LENGTH = 120;

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
    const fields = new Map<string, Set<string>>();
    for (const { event } of this.#collected.inOrder()) {
      for (const { name, value } of flatten(event)) {
        if (value.length > MAX_LENGTH || value.startsWith("[") || name.includes("[") || name === "message") continue;
        let values = fields.get(name);
        if (values === undefined) {
          if (fields.size >= MAX_FIELDS) continue;
          fields.set(name, (values = new Set()));
        }
        if (values.size < MAX_VALUES) values.add(value);
      }
    }
    return [...fields].map(([field, values]) => ({ field, values: [...values] }));
  }
}
