import { SampledTimes, type Clock } from "../sampled-times.ts";
import type { Program } from "./program.ts";

/** Programs whose shared work is kept apart before it is divided among their filters. */
const MAX_PROGRAMS = 256;

/**
 * How long a plan's filters take, estimated from a sample of the events. What a filter alone asks for is its own; looking at a
 * field for several filters together is shared by them evenly.
 */
export class FilterTimes {
  readonly #times: SampledTimes;
  /** Of each program, by field: milliseconds of looking at it. */
  readonly #shared = new Map<Program, Float64Array>();
  readonly #fieldOf: readonly number[];
  readonly #fields: number;

  /** @param fieldOf of each predicate its field, -1: none. */
  constructor(filters: number, fieldOf: readonly number[], fields: number, clock: Clock) {
    this.#times = new SampledTimes(filters, clock);
    this.#fieldOf = fieldOf;
    this.#fields = fields;
  }

  /** An event comes: whether to time it. */
  next(): boolean {
    return this.#times.next();
  }

  /** The next lap begins now. */
  start(): void {
    this.#times.start();
  }

  /** Since the last lap a filter was evaluated. */
  ofFilter(filter: number): void {
    this.#times.add(filter, this.#times.lap());
  }

  /** Something was asked for several filters. */
  ofFilters(filters: Int32Array): void {
    this.#share(filters, this.#times.lap());
  }

  #share(filters: Int32Array, millis: number): void {
    for (let i = 0; i < filters.length; i++) this.#times.add(filters[i]!, millis / filters.length);
  }

  /** A field was looked at as a whole. */
  ofField(program: Program, field: number): void {
    const millis = this.#times.lap();
    let fields = this.#shared.get(program);
    if (fields === undefined) {
      if (this.#shared.size >= MAX_PROGRAMS) this.#divide();
      this.#shared.set(program, (fields = new Float64Array(this.#fields)));
    }
    fields[field]! += millis;
  }

  #divide(): void {
    for (const [program, fields] of this.#shared) {
      const users = new Map<number, Set<number>>();
      program.places.forEach((place, predicate) => {
        const field = this.#fieldOf[predicate]!;
        if (place === 0 || field < 0 || fields[field] === 0) return;
        const filters = users.get(field) ?? new Set();
        for (const filter of program.lists[place - 1]!) filters.add(filter);
        users.set(field, filters);
      });
      for (const [field, filters] of users) this.#share(Int32Array.from(filters), fields[field]!);
    }
    this.#shared.clear();
  }

  /** Milliseconds per filter over all events. */
  totals(): Float64Array {
    this.#divide();
    return this.#times.totals();
  }
}
