/** A query made ready to run: what searches over a bounded set and endless streams have in common. */
import { compileFilter, lowerOptions, type CompileOptions } from "./compile.ts";
import { DistinctCounter, type DistinctPlan, readDistinct } from "./distinct.ts";
import { durationMillis } from "../values/duration.ts";
import { fieldAccess, type EventDocument, type FieldAccess, type Scalar } from "../values/fields.ts";
import type { KeyPart, KeyValue } from "../values/keys.ts";
import { printInstant, readInstant, type Instant } from "./ordinal.ts";
import { SEQUENCE_LIMITS, SequenceMachine, type SequenceLimits, type SequencePlan, type SequenceState } from "../sequence/machine.ts";
import type { EventFilter, FieldExpr, Query, SequenceItem, SequenceQuery } from "../syntax/tree.ts";

/** An event as Elasticsearch returns it. */
export interface SearchHit {
  readonly _index?: string;
  readonly _id?: string;
  readonly _source: EventDocument;
}

/** What searches and streams have in common: fields with a part to play, types, and bounds. */
export interface RunOptions extends Omit<CompileOptions, "categoryField"> {
  /** The field that holds an event's category; default `event.category`. */
  readonly eventCategoryField?: string;
  /** Default `@timestamp`. */
  readonly timestampField?: string;
  /** Orders events of the same timestamp; the input order does where there is none. */
  readonly tiebreakerField?: string;
  /** Bounds of the memory of a sequence or of a distinct count. */
  readonly limits?: Partial<SequenceLimits>;
}

/** One thing found: an event (`keys` empty), the events of a sequence (null: a missing event), or of a distinct count. */
export interface Match {
  readonly keys: readonly KeyValue[];
  readonly events: readonly (SearchHit | null)[];
  /** Rises in the order in which matches complete. */
  readonly number: number;
}

/** What may have been lost to bounds; all zero means nothing was. */
export interface Losses {
  /** Keys thrown out because too many were alive. */
  evictedKeys: number;
  /** Events whose array keys had more combinations than allowed. */
  truncatedKeys: number;
  /** Complete sequences given up while they waited for a trailing missing event. */
  droppedWaiting: number;
}

/** Takes events in ascending order, gives matches to its callback. */
export interface Runner {
  accept(hit: SearchHit, millis: number, nanos: number): void;
  /** Nothing before this time will come any more. */
  advance(millis: number, nanos: number): void;
  /** See `SequenceMachine.end`. */
  end(firePending: boolean): void;
  readonly losses: Losses;
  /** Complete sequences that wait for a trailing missing event not to occur. */
  readonly waiting: number;
  save(): unknown;
  restore(state: unknown): boolean;
}

/** The same options as the compiler takes them. */
export function compileOptions(options: RunOptions): CompileOptions {
  return options.eventCategoryField === undefined ? options : { ...options, categoryField: options.eventCategoryField };
}

/**
 * How the fields of keys are read: as the compiled conditions read theirs. A field mapped as a date counts by the instant, however it
 * is written; as in Elasticsearch, a sequence shows it as ISO 8601 and a sample as epoch milliseconds.
 */
export function accessOf(options: RunOptions, dates: "iso" | "millis" = "iso"): (field: string) => FieldAccess {
  const { access } = lowerOptions(compileOptions(options));
  const at: Instant = { millis: 0, nanos: 0 };
  const normal = (value: Scalar): Scalar => (!readInstant(value, at) ? value : dates === "iso" ? printInstant(at) : at.millis);
  return (field) => {
    const read = access(field);
    const type = options.schema?.typeOf(field);
    if (type !== "date" && type !== "date_nanos") return read;
    return (event) => {
      const value = read(event);
      return value === undefined ? undefined : typeof value === "object" ? value.map(normal) : normal(value);
    };
  };
}

export type HitPredicate = (event: EventDocument) => boolean;

/** The plan of a sequence over events of type E, given how to come from E to the document. */
export function planSequence<E>(
  query: SequenceQuery,
  documentOf: (event: E) => EventDocument,
  access: (field: string) => FieldAccess = (field) => fieldAccess(field),
): SequencePlan<E> {
  const keyLists: KeyPart<E>[][] = [];
  const known = new Map<string, number>();
  const keysOf = (item: SequenceItem): number => {
    const fields = [...query.by, ...item.by];
    const name = JSON.stringify(fields.map((field) => [field.name, field.optional]));
    let index = known.get(name);
    if (index === undefined) {
      index = keyLists.push(keyParts(fields, documentOf, access)) - 1;
      known.set(name, index);
    }
    return index;
  };
  return {
    items: query.items.map((item) => ({ missing: item.missing, runs: item.runs, keys: keysOf(item) })),
    until: query.until === null ? null : { keys: keysOf(query.until) },
    maxspan: query.maxspan === null ? null : durationMillis(query.maxspan),
    keyLists,
  };
}

export function keyParts<E>(
  fields: readonly FieldExpr[],
  documentOf: (event: E) => EventDocument,
  access: (field: string) => FieldAccess,
): KeyPart<E>[] {
  return fields.map((field) => {
    const read = access(field.name);
    return { read: (event: E) => read(documentOf(event)), optional: field.optional };
  });
}

/** The filters of a sequence in the order of `SequenceMachine.truth`: the items, then `until`. */
export function sequenceFilters(query: SequenceQuery): readonly EventFilter[] {
  const filters = query.items.map((item) => item.filter);
  return query.until === null ? filters : [...filters, query.until.filter];
}

/** A runner for anything but `sample` and `join`; null for these. */
export function runnerFor(query: Query, options: RunOptions, emit: (match: Match) => void): Runner | null {
  const limits = { ...SEQUENCE_LIMITS, ...options.limits };
  if (query.kind === "sequence") return new SequenceRunner(query, options, limits, emit);
  if (query.kind !== "event") return null;
  const distinct = readDistinct(query.pipes);
  return distinct === null
    ? new FilterRunner(query.filter, options, emit)
    : new DistinctRunner(query.filter, distinct, options, limits, emit);
}

const noLosses = (): Losses => ({ evictedKeys: 0, truncatedKeys: 0, droppedWaiting: 0 });

class FilterRunner implements Runner {
  readonly losses = noLosses();
  readonly waiting = 0;
  readonly #test: HitPredicate;
  readonly #emit: (match: Match) => void;
  #number = 0;

  constructor(filter: EventFilter, options: RunOptions, emit: (match: Match) => void) {
    this.#test = compileFilter(filter, compileOptions(options));
    this.#emit = emit;
  }
  accept(hit: SearchHit): void {
    if (this.#test(hit._source)) this.#emit({ keys: [], events: [hit], number: this.#number++ });
  }
  advance(): void {
    // A single event needs no clock.
  }
  end(): void {
    // Nothing is pending.
  }
  save(): number {
    return this.#number;
  }
  restore(state: unknown): boolean {
    if (typeof state !== "number") return false;
    this.#number = state;
    return true;
  }
}

class DistinctRunner implements Runner {
  readonly waiting = 0;
  readonly #test: HitPredicate;
  readonly #counter: DistinctCounter<SearchHit>;

  constructor(filter: EventFilter, plan: DistinctPlan, options: RunOptions, limits: SequenceLimits, emit: (match: Match) => void) {
    this.#test = compileFilter(filter, compileOptions(options));
    const documentOf = (hit: SearchHit): EventDocument => hit._source;
    this.#counter = new DistinctCounter<SearchHit>(
      plan,
      keyParts(plan.by, documentOf, accessOf(options)),
      keyParts([plan.counted], documentOf, accessOf(options)),
      limits,
      emit,
    );
  }
  get losses(): Losses {
    return { evictedKeys: this.#counter.evictedKeys, truncatedKeys: this.#counter.truncatedKeys, droppedWaiting: 0 };
  }
  accept(hit: SearchHit, millis: number, nanos: number): void {
    if (this.#test(hit._source)) this.#counter.accept(hit, millis, nanos);
  }
  advance(): void {
    // Windows are emptied when their key is met again, or when there are too many.
  }
  end(): void {
    // A count that was not reached is no match.
  }
  save(): unknown {
    return this.#counter.save();
  }
  restore(state: unknown): boolean {
    return this.#counter.restore(state);
  }
}

class SequenceRunner implements Runner {
  readonly #machine: SequenceMachine<SearchHit>;
  readonly #tests: readonly HitPredicate[];

  constructor(query: SequenceQuery, options: RunOptions, limits: SequenceLimits, emit: (match: Match) => void) {
    this.#machine = new SequenceMachine(
      planSequence<SearchHit>(query, (hit) => hit._source, accessOf(options)),
      emit,
      limits,
    );
    this.#tests = sequenceFilters(query).map((filter) => compileFilter(filter, compileOptions(options)));
  }
  get losses(): Losses {
    const { evictedKeys, truncatedKeys, droppedWaiting } = this.#machine.counts;
    return { evictedKeys, truncatedKeys, droppedWaiting };
  }
  get waiting(): number {
    return this.#machine.waiting;
  }
  accept(hit: SearchHit, millis: number, nanos: number): void {
    const truth = this.#machine.truth;
    for (let i = 0; i < this.#tests.length; i++) truth[i] = this.#tests[i]!(hit._source) ? 1 : 0;
    this.#machine.accept(hit, millis, nanos);
  }
  advance(millis: number, nanos: number): void {
    this.#machine.advance(millis, nanos);
  }
  end(firePending: boolean): void {
    this.#machine.end(firePending);
  }
  save(): SequenceState<SearchHit> {
    return this.#machine.save();
  }
  restore(state: unknown): boolean {
    return typeof state === "object" && state !== null && "version" in state && this.#machine.restore(state as SequenceState<SearchHit>);
  }
}
