import type { FieldAccess } from "../../eql/index.ts";
import type { EventDocument } from "../observed.ts";
import { combinationKey, combinationsOf } from "./combinations.ts";
import type { GroupingMachine, GroupMatch, NewTerms } from "./grouping.ts";

/** Combinations remembered; the one that was not seen for longest is forgotten first. */
export const MAX_TERMS = 1_000_000;

/** What was seen within the history, and what was not. */
export class NewTermsMachine<E> implements GroupingMachine<E> {
  /** When each combination was last seen, epoch milliseconds, in that order: plain data, so that a live run can keep it. */
  readonly seen: Map<string, number>;
  evicted = 0;
  readonly #rule: NewTerms;
  readonly #limit: number;
  readonly #document: (event: E) => EventDocument;
  readonly #fields: readonly FieldAccess[];

  constructor(
    rule: NewTerms,
    access: (field: string) => FieldAccess,
    document: (event: E) => EventDocument,
    limit: number = MAX_TERMS,
    seen: Iterable<readonly [string, number]> = [],
  ) {
    this.#rule = rule;
    this.#limit = limit;
    this.#document = document;
    this.#fields = rule.fields.map(access);
    this.seen = new Map(seen);
  }

  accept(event: E, time: number): readonly GroupMatch<E>[] {
    let first: readonly unknown[] | null = null;
    for (const values of combinationsOf(this.#fields, this.#document(event))) {
      const key = combinationKey(values);
      const last = this.seen.get(key);
      if (last === undefined || last < time - this.#rule.historyMs) first ??= values;
      this.seen.delete(key);
      this.seen.set(key, time);
    }
    for (const [key, last] of this.seen) {
      const expired = last < time - this.#rule.historyMs;
      if (!expired && this.seen.size <= this.#limit) break;
      this.seen.delete(key);
      if (!expired) this.evicted++;
    }
    return first === null ? [] : [{ values: first, count: 1, events: [event] }];
  }
}
