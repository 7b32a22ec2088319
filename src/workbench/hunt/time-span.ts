import { compareTimes, printInstant, readInstant, type Instant } from "../../eql/index.ts";

/** The first and the last of many times, as they stand in time: an offset such as `+02:00` counts. */
export class TimeSpan {
  readonly #at: Instant = { millis: 0, nanos: 0 };
  #first: Readonly<Instant> | null = null;
  #last: Readonly<Instant> | null = null;

  /** @param time a `@timestamp`; anything else is ignored */
  add(time: unknown): void {
    if (readInstant(time, this.#at)) this.addInstant(this.#at);
  }

  addInstant(at: Readonly<Instant>): void {
    if (this.#first === null || isBefore(at, this.#first)) this.#first = { ...at };
    if (this.#last === null || isBefore(this.#last, at)) this.#last = { ...at };
  }

  /** In UTC; null where there was no time. */
  get first(): string | null {
    return this.#first === null ? null : printInstant(this.#first);
  }

  get last(): string | null {
    return this.#last === null ? null : printInstant(this.#last);
  }
}

function isBefore(a: Readonly<Instant>, b: Readonly<Instant>): boolean {
  return compareTimes(a.millis, a.nanos, b.millis, b.nanos) < 0;
}
