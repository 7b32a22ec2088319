import {
  compileFilter,
  search,
  sequenceFilters,
  type CompileOptions,
  type EventDocument,
  type EventFilter,
  type Query,
  type SearchOptions,
  type SearchResult,
} from "../../eql/index.ts";
import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import type { LogLocation, Problem, LogRecord, Sink } from "../../readers/index.ts";
import { EventScope, NOT_NARROWED, type EventNarrowing, type EventsLeftOut } from "../narrowing/event-narrowing.ts";
import { TimeSpan } from "../hunt/time-span.ts";
import { Candidates } from "./candidates.ts";

export interface QueryOptions extends SearchOptions {
  readonly strictElastic?: boolean;
  /** The query sees only events that fit. */
  readonly narrowing?: EventNarrowing;
  /** Most events kept for the search; further ones are counted in `notKept`. Default: all. */
  readonly maxCandidates?: number;
  /** Most characters of the events that are kept (see `weightOf`); further events are counted in `notKept`. */
  readonly maxWeight?: number;
  /** Takes every event that fits the narrowing, before the query looks at it. */
  readonly onEvent?: (event: EventDocument) => void;
  /** Takes the events that satisfy the query, none of which is kept: for queries of events without pipes. */
  readonly onMatch?: (event: EventDocument) => void;
}

/**
 * An ad-hoc query over whatever is read: a sink for the readers. Only events that satisfy the query's filter, or an item of its
 * sequence, are kept (see `Candidates`); the search runs over these at the end, since order needs all of them.
 */
export class AdHocQuery implements Sink {
  readonly #query: Query;
  readonly #options: QueryOptions;
  readonly #normaliser;
  readonly #tests: readonly ((event: { readonly [key: string]: unknown }) => boolean)[];
  readonly #candidates: Candidates;
  readonly #scope: EventScope;
  readonly #span = new TimeSpan();
  readonly #timestampField: string;
  /** Faults of the event at hand. Where the search tests what is kept again, it is the search that counts them. */
  readonly #pending: Parameters<NonNullable<CompileOptions["onFault"]>>[] = [];
  #events = 0;

  constructor(query: Query, options: QueryOptions = {}) {
    this.#query = query;
    this.#options = options;
    this.#timestampField = options.timestampField ?? "@timestamp";
    this.#scope = new EventScope(options.narrowing ?? NOT_NARROWED, options.timestampField);
    const { maxCandidates = Infinity, maxWeight = Infinity } = options;
    this.#candidates = new Candidates(query, options, { maxCandidates, maxWeight });
    this.#normaliser = createNormaliser({ strictElastic: options.strictElastic ?? false });
    const compile: CompileOptions =
      options.eventCategoryField === undefined ? options : { ...options, categoryField: options.eventCategoryField };
    this.#tests = filtersOf(query).map((filter) =>
      compileFilter(filter, { ...compile, onFault: (code, span, predicate) => void this.#pending.push([code, span, predicate]) }),
    );
  }

  record(record: LogRecord): void {
    this.take(this.#normaliser.normalise(record));
  }

  /** An event that was normalised before. */
  take({ event, id, index, place }: Normalised): void {
    this.#events++;
    this.#span.add(event[this.#timestampField]);
    if (!this.#scope.takesEvent(event)) return;
    this.#options.onEvent?.(event);
    this.#pending.length = 0;
    const isKept = this.#tests.some((test) => test(event));
    if (!isKept || this.#query.kind === "event") for (const fault of this.#pending) this.#options.onFault?.(...fault);
    if (!isKept) return;
    if (this.#options.onMatch !== undefined) return this.#options.onMatch(event);
    // Where the input has no ids, the place is one: it leads back to the line.
    this.#candidates.add({ _index: index ?? place.file, _id: id ?? placeId(place), _source: event });
  }

  problem(_problem: Problem): void {}

  file(_place: LogLocation, _format: string): void {}

  get events(): number {
    return this.#events;
  }

  get leftOut(): EventsLeftOut {
    return this.#scope.leftOut;
  }

  /** In UTC; null where no event has a time. */
  get firstEvent(): string | null {
    return this.#span.first;
  }

  get lastEvent(): string | null {
    return this.#span.last;
  }

  get candidates(): number {
    return this.#candidates.size;
  }

  /** Events that satisfied a filter and found no room. */
  get notKept(): number {
    return this.#candidates.notKept;
  }

  finish(): SearchResult {
    const query = this.#query;
    if (query.kind !== "event") return search(query, this.#candidates.hits(), this.#options);
    // What was kept has passed the filter, and of some of it only parts are left.
    const { span } = query.filter;
    const anything: EventFilter = { span, category: null, condition: { kind: "boolean", value: true, span } };
    return search({ ...query, filter: anything }, this.#candidates.hits(), this.#options);
  }
}

function filtersOf(query: Query): readonly EventFilter[] {
  if (query.kind === "event") return [query.filter];
  return query.kind === "sequence" ? sequenceFilters(query) : query.items.map((item) => item.filter);
}

function placeId(place: LogLocation): string {
  if (place.line !== undefined) return String(place.line);
  return String(place.record ?? place.offset ?? "");
}
