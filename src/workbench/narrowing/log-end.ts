import { createNormaliser } from "../../ecs/index.ts";
import type { LogLocation, LogRecord, Problem, Sink } from "../../readers/index.ts";
import { TimeSpan } from "../hunt/time-span.ts";

/** When the last event of the logs was: a sink for a first reading that runs no rules. */
export class LogEnd implements Sink {
  readonly #normaliser = createNormaliser({});
  readonly #span = new TimeSpan();
  #events = 0;

  record(record: LogRecord): void {
    this.#events++;
    this.#span.add(this.#normaliser.normalise(record).event["@timestamp"]);
  }

  problem(_problem: Problem): void {}

  file(_place: LogLocation, _format: string): void {}

  get events(): number {
    return this.#events;
  }

  /** Milliseconds since 1970; null where no event has a time. */
  get ms(): number | null {
    const { last } = this.#span;
    return last === null ? null : Date.parse(last);
  }
}
