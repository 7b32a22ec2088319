/**
 * The distinct count of the `tocsin` profile, for fan-out hunts: `| distinct_count destination.ip, 20, "10m", source.ip` finds every
 * `source.ip` that met at least 20 different `destination.ip` within 10 minutes.
 *
 * A match holds one event per value, the latest of each, in order of time. Its key then starts from nothing, so that a scan of a
 * thousand hosts gives fifty matches, not a thousand.
 */
import { parseDuration } from "../values/duration.ts";
import { decodeKey, KeyExtractor, type KeyPart, type KeyValue } from "../values/keys.ts";
import type { SequenceLimits } from "../sequence/machine.ts";
import { exceeds } from "./ordinal.ts";
import type { FieldExpr, Pipe } from "../syntax/tree.ts";

/** What a `distinct_count` pipe counts, and within what. */
export interface DistinctPlan {
  readonly counted: FieldExpr;
  readonly atLeast: number;
  /** Milliseconds. */
  readonly window: number;
  readonly by: readonly FieldExpr[];
}

/** The name of the pipe and its greatest count: a match holds that many events. */
export const DISTINCT_COUNT = "distinct_count";
export const MAX_DISTINCT_COUNT = 10_000;

/** Reads the arguments of one pipe; null where they are not a field, a count, a window and at least no more than fields. */
export function distinctPlan(pipe: Pipe): DistinctPlan | null {
  const [counted, count, window, ...by] = pipe.args;
  if (counted?.kind !== "field" || count?.kind !== "number" || window?.kind !== "string") return null;
  const atLeast = Number(count.value);
  const millis = parseDuration(window.value);
  if (!Number.isInteger(atLeast) || atLeast < 1 || atLeast > MAX_DISTINCT_COUNT || millis === null) return null;
  const fields = by.filter((arg) => arg.kind === "field");
  return fields.length === by.length ? { counted, atLeast, window: millis, by: fields } : null;
}

/** The plan of a query whose first pipe is a distinct count; null where it is not. */
export function readDistinct(pipes: readonly Pipe[]): DistinctPlan | null {
  const first = pipes[0];
  return first?.name === DISTINCT_COUNT ? distinctPlan(first) : null;
}

interface Seen<E> {
  readonly event: E;
  readonly millis: number;
  readonly nanos: number;
}

interface DistinctMatch<E> {
  readonly keys: readonly KeyValue[];
  readonly events: readonly E[];
  readonly number: number;
}

interface SavedDistinct {
  readonly version: 1;
  readonly number: number;
  readonly evictedKeys: number;
  readonly truncatedKeys: number;
  readonly keys: readonly (readonly [key: string, values: readonly (readonly [value: string, seen: Seen<unknown>])[]])[];
}

export class DistinctCounter<E> {
  evictedKeys = 0;
  truncatedKeys = 0;
  readonly #plan: DistinctPlan;
  readonly #keys: KeyExtractor<E>;
  readonly #values: KeyExtractor<E>;
  readonly #maxKeys: number;
  readonly #maxKeyUnits: number;
  readonly #maxEvents: number;
  readonly #emit: (match: DistinctMatch<E>) => void;
  /** Keys in the order of their last event, and in each its values in the order of theirs: what is old is in front. */
  readonly #windows = new Map<string, Map<string, Seen<E>>>();
  #events = 0;
  /** UTF-16 units of the keys of the windows and of the values in them. */
  #units = 0;
  #number = 0;

  constructor(
    plan: DistinctPlan,
    by: readonly KeyPart<E>[],
    counted: readonly KeyPart<E>[],
    limits: Pick<SequenceLimits, "maxKeys" | "maxKeyUnits" | "maxLinks" | "maxKeyCombinations">,
    emit: (match: DistinctMatch<E>) => void,
  ) {
    this.#plan = plan;
    this.#keys = new KeyExtractor(by, limits.maxKeyCombinations);
    this.#values = new KeyExtractor(counted, limits.maxKeyCombinations);
    this.#maxKeys = limits.maxKeys;
    this.#maxKeyUnits = limits.maxKeyUnits;
    this.#maxEvents = limits.maxLinks;
    this.#emit = emit;
  }

  accept(event: E, millis: number, nanos: number): void {
    const keys = this.#keys.extract(event);
    const values = keys === 0 ? 0 : this.#values.extract(event);
    if (values === 0) return;
    if (this.#keys.truncated || this.#values.truncated) this.truncatedKeys++;
    for (let k = 0; k < keys; k++) {
      const key = this.#keys.keys[k]!;
      let window = this.#windows.get(key);
      if (window !== undefined) this.#windows.delete(key);
      else {
        window = new Map();
        this.#units += key.length;
      }
      this.#windows.set(key, window);
      for (const [value, seen] of window) {
        if (!exceeds(seen.millis, seen.nanos, millis, nanos, this.#plan.window)) break;
        window.delete(value);
        this.#events--;
        this.#units -= value.length;
      }
      for (let v = 0; v < values; v++) {
        const value = this.#values.keys[v]!;
        if (!window.delete(value)) {
          this.#events++;
          this.#units += value.length;
        }
        window.set(value, { event, millis, nanos });
        if (window.size >= this.#plan.atLeast) this.#complete(key, window);
      }
      if (window.size === 0) this.#forget(key, window);
      while (this.#windows.size > this.#maxKeys || this.#events > this.#maxEvents || this.#units > this.#maxKeyUnits)
        this.#dropOldest(millis, nanos);
    }
  }

  #complete(key: string, window: Map<string, Seen<E>>): void {
    this.#events -= window.size;
    for (const value of window.keys()) this.#units -= value.length;
    // One event with several values is one event of the match.
    const events = new Set<E>();
    for (const seen of window.values()) events.add(seen.event);
    window.clear();
    this.#emit({ keys: decodeKey(key), events: [...events], number: this.#number++ });
  }

  #dropOldest(millis: number, nanos: number): void {
    for (const [key, window] of this.#windows) {
      let last: Seen<E> | undefined;
      for (const seen of window.values()) last = seen;
      // What has run out of its window is no loss.
      if (last !== undefined && !exceeds(last.millis, last.nanos, millis, nanos, this.#plan.window)) this.evictedKeys++;
      this.#events -= window.size;
      this.#forget(key, window);
      return;
    }
  }

  #forget(key: string, window: ReadonlyMap<string, unknown>): void {
    this.#windows.delete(key);
    this.#units -= key.length;
    for (const value of window.keys()) this.#units -= value.length;
  }

  save(): SavedDistinct {
    const keys = [...this.#windows].map(([key, window]) => [key, [...window]] as const);
    return { version: 1, number: this.#number, evictedKeys: this.evictedKeys, truncatedKeys: this.truncatedKeys, keys };
  }

  restore(state: unknown): boolean {
    if (typeof state !== "object" || state === null || (state as SavedDistinct).version !== 1 || this.#windows.size > 0) return false;
    const saved = state as SavedDistinct;
    this.#number = saved.number;
    this.evictedKeys = saved.evictedKeys;
    this.truncatedKeys = saved.truncatedKeys;
    for (const [key, values] of saved.keys) {
      this.#windows.set(key, new Map(values as readonly (readonly [string, Seen<E>])[]));
      this.#events += values.length;
      this.#units += key.length;
      for (const [value] of values) this.#units += value.length;
    }
    return true;
  }
}
