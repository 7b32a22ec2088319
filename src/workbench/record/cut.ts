/** Finds in a log the events that a case is cut around, and in a second reading these with their neighbours. */
import { ecsSchema } from "../../catalog/index.ts";
import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import {
  compileFilter,
  readInstant,
  search,
  sequenceFilters,
  type EventDocument,
  type Instant,
  type Query,
  type SearchHit,
  type SearchResult,
} from "../../eql/index.ts";
import type { LogRecord, Problem, Sink } from "../../readers/index.ts";
import { textAt } from "../../detect/index.ts";

/** Which events a case is about. */
export type Wanted =
  /** The record's own number: EVTX's `EventRecordID`, `winlog.record_id`, or its place in a document without lines. */
  | { readonly kind: "record"; readonly number: string }
  | { readonly kind: "line"; readonly number: string }
  /** Elasticsearch's `_id`, or `event.id`. */
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "query"; readonly query: Query };

/** An event the case is about: where it is among the records that were read, and its time. */
export interface Anchor {
  /** 0-based, in the order of reading. */
  readonly ordinal: number;
  /** Epoch milliseconds; null where it has no time, and then no neighbours. */
  readonly millis: number | null;
}

/** A record of the case. */
export interface CutRecord {
  readonly record: LogRecord;
  readonly normalised: Normalised;
  readonly ordinal: number;
}

/** Events that a query over several of them may be made of. */
const MAX_CANDIDATES = 100_000;
/** Events that a case is cut around, of those a query matches. */
const MAX_ANCHORS = 1000;

/** The first reading. A sink for the readers. */
export class AnchorSearch implements Sink {
  readonly #wanted: Wanted;
  readonly #normaliser = createNormaliser();
  readonly #tests: readonly ((event: EventDocument) => boolean)[];
  readonly #found: { readonly anchor: Anchor; readonly event: EventDocument }[] = [];
  #ordinal = 0;
  /** Events that match and found no room. */
  notKept = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#tests = wanted.kind === "query" ? filtersOf(wanted.query).map((filter) => compileFilter(filter, { schema: ecsSchema() })) : [];
  }

  record(record: LogRecord): void {
    const ordinal = this.#ordinal++;
    const { event, id } = this.#normaliser.normalise(record);
    if (!this.#isWanted(record, event, id)) return;
    if (this.#found.length >= MAX_CANDIDATES) this.notKept++;
    else this.#found.push({ anchor: { ordinal, millis: millisOf(event) }, event });
  }

  problem(_problem: Problem): void {}

  get events(): number {
    return this.#ordinal;
  }

  /** In the order of reading. */
  finish(): Anchor[] {
    const anchors =
      this.#wanted.kind === "query" && this.#wanted.query.kind !== "event"
        ? this.#ofMatches(this.#wanted.query)
        : this.#found.map(({ anchor }) => anchor);
    this.notKept += Math.max(0, anchors.length - MAX_ANCHORS);
    return anchors.slice(0, MAX_ANCHORS);
  }

  #isWanted(record: LogRecord, event: EventDocument, id: string | undefined): boolean {
    const wanted = this.#wanted;
    switch (wanted.kind) {
      case "record":
        return String(record.place.record) === wanted.number || textAt(event, "winlog.record_id") === wanted.number;
      case "line":
        return String(record.place.line) === wanted.number;
      case "id":
        return id === wanted.id || textAt(event, "event.id") === wanted.id;
      case "query":
        return this.#tests.some((test) => test(event));
    }
  }

  /** The events that sequences and samples are made of. */
  #ofMatches(query: Query): Anchor[] {
    const hits = this.#found.map(({ event }, i): SearchHit => ({ _index: "", _id: String(i), _source: event }));
    const result: SearchResult = search(query, hits, { schema: ecsSchema(), size: MAX_ANCHORS });
    const ids = new Set([...(result.events ?? []), ...(result.sequences ?? []).flatMap(({ events }) => events)].map(({ _id }) => _id));
    return [...ids]
      .filter((id) => id !== "")
      .map((id) => this.#found[Number(id)]!.anchor)
      .sort((a, b) => a.ordinal - b.ordinal);
  }
}

function filtersOf(query: Query) {
  if (query.kind === "event") return [query.filter];
  return query.kind === "sequence" ? sequenceFilters(query) : query.items.map((item) => item.filter);
}

export interface CutOptions {
  readonly anchors: readonly Anchor[];
  /** Milliseconds before and after. */
  readonly around: number;
  /** Most records of a case. */
  readonly limit: number;
  /** Keep events that no mapping to ECS knows: rules of no package may be about their raw fields, and a case of a package may not hold them. */
  readonly unmapped: boolean;
}

/** The second reading: the anchors and what happened around them, the nearest in time first where there is more than there is room for. */
export class Cut implements Sink {
  readonly #normaliser = createNormaliser();
  readonly #anchors: ReadonlySet<number>;
  /** Of the anchors, ascending. */
  readonly #times: readonly number[];
  readonly #options: CutOptions;
  #kept: (CutRecord & { readonly distance: number })[] = [];
  #ordinal = 0;
  /** Events that no mapping to ECS knows and that were left out. */
  unmapped = 0;
  /** Neighbours beyond the limit. */
  dropped = 0;

  constructor(options: CutOptions) {
    this.#options = options;
    this.#anchors = new Set(options.anchors.map(({ ordinal }) => ordinal));
    this.#times = options.anchors.flatMap(({ millis }) => millis ?? []).sort((a, b) => a - b);
  }

  record(record: LogRecord): void {
    const ordinal = this.#ordinal++;
    const normalised = this.#normaliser.normalise(record);
    const distance = this.#anchors.has(ordinal) ? -1 : this.#distance(millisOf(normalised.event));
    if (distance > this.#options.around) return;
    if (normalised.unmapped && !this.#options.unmapped) {
      this.unmapped++;
      return;
    }
    this.#kept.push({ record, normalised, ordinal, distance });
    if (this.#kept.length > 2 * this.#options.limit + 1000) this.#drop();
  }

  problem(_problem: Problem): void {}

  get events(): number {
    return this.#ordinal;
  }

  /** In the order of reading. */
  finish(): readonly CutRecord[] {
    this.#drop();
    return this.#kept.sort((a, b) => a.ordinal - b.ordinal);
  }

  #drop(): void {
    const { limit } = this.#options;
    if (this.#kept.length <= limit) return;
    this.#kept.sort((a, b) => a.distance - b.distance || a.ordinal - b.ordinal);
    this.dropped += this.#kept.length - limit;
    this.#kept = this.#kept.slice(0, limit);
  }

  /** To the nearest anchor, in milliseconds. */
  #distance(millis: number | null): number {
    if (millis === null || this.#times.length === 0) return Infinity;
    let from = 0;
    let to = this.#times.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#times[middle]! < millis) from = middle + 1;
      else to = middle;
    }
    return Math.min(Math.abs((this.#times[from] ?? Infinity) - millis), Math.abs(millis - (this.#times[from - 1] ?? -Infinity)));
  }
}

function millisOf(event: EventDocument): number | null {
  const at: Instant = { millis: 0, nanos: 0 };
  return readInstant(event["@timestamp"], at) ? at.millis : null;
}
