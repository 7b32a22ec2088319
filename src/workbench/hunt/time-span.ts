import { compareTimes, printInstant, readInstant, type Instant } from "../../eql/index.ts";

/** The first and the last of many times, as they stand in time: an offset such as `+02:00` counts. */
export class TimeSpan {
  readonly #at: Instant = { millis: 0, nanos: 0 };
  #first: Readonly<Instant> | null = null;
  #last: Readonly<Instant> | null = null;

  /** @param time a `@timestamp`; anything else is ignored */
  add(time: unknown): void {
    if (readInstant(time, this.#at)) this.addParts(this.#at.millis, this.#at.nanos);
  }

  /** @param millis since 1970; NaN is no time. @param nanos within the millisecond */
  addParts(millis: number, nanos: number): void {
    if (Number.isNaN(millis)) return;
    if (this.#first === null || compareTimes(millis, nanos, this.#first.millis, this.#first.nanos) < 0) this.#first = { millis, nanos };
    if (this.#last === null || compareTimes(millis, nanos, this.#last.millis, this.#last.nanos) > 0) this.#last = { millis, nanos };
  }

  /** In UTC; null where there was no time. */
  get first(): string | null {
    return this.#first === null ? null : printInstant(this.#first);
  }

  get last(): string | null {
    return this.#last === null ? null : printInstant(this.#last);
  }
}
