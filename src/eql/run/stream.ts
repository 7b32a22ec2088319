/**
 * A query over an endless stream: events may come late by a bounded time and are put in order before the same machine sees them that
 * a search uses. A trailing missing event fires only once its time has passed.
 */
import { lowerOptions } from "./compile.ts";
import { Heap } from "./heap.ts";
import { compareTiebreakers, compareTimes, readInstant, type Instant } from "./ordinal.ts";
import { compileOptions, runnerFor, type Losses, type Match, type RunOptions, type Runner, type SearchHit } from "./run.ts";
import type { Pipe, Query } from "../syntax/tree.ts";

/** Options of `stream`. */
export interface StreamOptions extends RunOptions {
  /** How many milliseconds after a newer event an older one may still come; default 0. */
  readonly lateness?: number;
  /** Most events held back for ordering; default 1,000,000. The oldest are released early then, and counted. */
  readonly maxBuffered?: number;
}

/** What has passed through a stream so far. */
export interface StreamCounts {
  events: number;
  matches: number;
  /** Events that came after their time had been passed; only queries for single events still see them. */
  late: number;
  /** Events without a readable timestamp; only queries for single events see them. */
  withoutTimestamp: number;
  /** Events released before their time because too many were held back. Anything older that came after them is counted as late. */
  releasedEarly: number;
}

/** A query that runs over events as they come. It holds what it must, within bounds, and counts what it had to give up. */
export interface EventStream {
  push(hit: SearchHit): void;
  /** The source promises that nothing before `time` (any form of a timestamp) will come any more; false where it is no timestamp. */
  advance(time: unknown): boolean;
  /**
   * No more events. With `asOf` set the clock moves there first, so that trailing missing events whose time had passed by then fire;
   * `firePending` fires all others too, as a search over a bounded set does.
   */
  end(options?: { readonly asOf?: unknown; readonly firePending?: boolean }): void;
  readonly counts: Readonly<StreamCounts>;
  readonly losses: Readonly<Losses>;
  /** Sequences that are complete except for the time in which a trailing missing event could still occur. */
  readonly waiting: number;
  /** Pipes that need the whole result (all but `distinct_count`) and are not applied. */
  readonly notApplied: readonly Pipe[];
  /** The whole state as plain data. */
  save(): StreamState;
  /** Into a new stream of the same query; false, and nothing usable, where the state does not fit. */
  restore(state: StreamState): boolean;
}

/** What a stream knows, as plain data: JSON if the events are. */
export interface StreamState {
  readonly version: 1;
  readonly buffered: readonly SearchHit[];
  /** null: nothing has been seen. */
  readonly newest: readonly [number, number] | null;
  readonly floor: readonly [number, number] | null;
  readonly counts: StreamCounts;
  readonly runner: unknown;
}

interface Buffered {
  readonly hit: SearchHit;
  readonly millis: number;
  readonly nanos: number;
  readonly tiebreaker: unknown;
  readonly arrival: number;
}

/** A stream of matches of a query; null for `sample` and `join`, which have no order in time. */
export function stream(query: Query, options: StreamOptions, onMatch: (match: Match) => void): EventStream | null {
  const counts: StreamCounts = { events: 0, matches: 0, late: 0, withoutTimestamp: 0, releasedEarly: 0 };
  const runner = runnerFor(query, options, (match) => {
    counts.matches++;
    onMatch(match);
  });
  return runner === null ? null : new OrderedStream(query, runner, options, counts);
}

class OrderedStream implements EventStream {
  readonly counts: StreamCounts;
  readonly notApplied: readonly Pipe[];
  readonly #runner: Runner;
  readonly #lateness: number;
  readonly #maxBuffered: number;
  /** A single event needs no order and no timestamp. */
  readonly #unordered: boolean;
  readonly #timestamp: (source: SearchHit["_source"]) => unknown;
  readonly #tiebreaker: ((source: SearchHit["_source"]) => unknown) | null;
  readonly #heap = new Heap<Buffered>(before);
  readonly #at: Instant = { millis: 0, nanos: 0 };
  readonly #newest: Instant = { millis: -Infinity, nanos: 0 };
  /** What lies before it is late. */
  readonly #floor: Instant = { millis: -Infinity, nanos: 0 };
  #arrivals = 0;

  constructor(query: Query, runner: Runner, options: StreamOptions, counts: StreamCounts) {
    this.counts = counts;
    this.#runner = runner;
    this.#lateness = Math.max(0, options.lateness ?? 0);
    this.#maxBuffered = Math.max(1, options.maxBuffered ?? 1_000_000);
    this.notApplied = query.pipes.filter((pipe) => pipe.name !== "distinct_count");
    this.#unordered = query.kind === "event" && query.pipes[0]?.name !== "distinct_count";
    const { access } = lowerOptions(compileOptions(options));
    this.#timestamp = access(options.timestampField ?? "@timestamp");
    this.#tiebreaker = options.tiebreakerField === undefined ? null : access(options.tiebreakerField);
  }

  get losses(): Losses {
    return this.#runner.losses;
  }
  get waiting(): number {
    return this.#runner.waiting;
  }

  push(hit: SearchHit): void {
    this.counts.events++;
    const at = this.#at;
    if (!readInstant(this.#timestamp(hit._source), at)) {
      this.counts.withoutTimestamp++;
      if (this.#unordered) this.#runner.accept(hit, Infinity, 0);
      return;
    }
    if (compareTimes(at.millis, at.nanos, this.#floor.millis, this.#floor.nanos) < 0) {
      this.counts.late++;
      if (this.#unordered) this.#runner.accept(hit, at.millis, at.nanos);
      return;
    }
    this.#heap.push({
      hit,
      millis: at.millis,
      nanos: at.nanos,
      tiebreaker: this.#tiebreaker === null ? null : this.#tiebreaker(hit._source),
      arrival: this.#arrivals++,
    });
    if (compareTimes(at.millis, at.nanos, this.#newest.millis, this.#newest.nanos) > 0) {
      this.#newest.millis = at.millis;
      this.#newest.nanos = at.nanos;
      this.#passed(at.millis - this.#lateness, at.nanos);
    }
    while (this.#heap.size > this.#maxBuffered) {
      this.counts.releasedEarly++;
      const first = this.#heap.first!;
      this.#raise(first.millis, first.nanos);
      this.#release();
    }
  }

  advance(time: unknown): boolean {
    const at = { millis: 0, nanos: 0 };
    if (!readInstant(time, at)) return false;
    this.#passed(at.millis, at.nanos);
    return true;
  }

  end(options: { readonly asOf?: unknown; readonly firePending?: boolean } = {}): void {
    while (this.#heap.size > 0) this.#release();
    this.#raise(this.#newest.millis, this.#newest.nanos);
    if (options.asOf !== undefined) this.advance(options.asOf);
    this.#runner.end(options.firePending ?? false);
  }

  /** Everything strictly before this time is complete: what has exactly this time may still get a peer with a lower tiebreaker. */
  #passed(millis: number, nanos: number): void {
    if (compareTimes(millis, nanos, this.#floor.millis, this.#floor.nanos) <= 0) return;
    for (
      let first = this.#heap.first;
      first !== undefined && compareTimes(first.millis, first.nanos, millis, nanos) < 0;
      first = this.#heap.first
    )
      this.#release();
    this.#raise(millis, nanos);
    this.#runner.advance(millis, nanos);
  }

  #raise(millis: number, nanos: number): void {
    if (compareTimes(millis, nanos, this.#floor.millis, this.#floor.nanos) <= 0) return;
    this.#floor.millis = millis;
    this.#floor.nanos = nanos;
  }

  #release(): void {
    const first = this.#heap.pop()!;
    this.#runner.accept(first.hit, first.millis, first.nanos);
  }

  save(): StreamState {
    const buffered = [...this.#heap.entries].sort((a, b) => a.arrival - b.arrival).map((entry) => entry.hit);
    return {
      version: 1,
      buffered,
      newest: pair(this.#newest),
      floor: pair(this.#floor),
      counts: { ...this.counts },
      runner: this.#runner.save(),
    };
  }

  restore(state: StreamState): boolean {
    if (state.version !== 1 || this.counts.events > 0 || !this.#runner.restore(state.runner)) return false;
    for (const hit of state.buffered) this.push(hit);
    put(this.#newest, state.newest);
    put(this.#floor, state.floor);
    Object.assign(this.counts, state.counts);
    if (state.floor !== null) this.#runner.advance(state.floor[0], state.floor[1]);
    return true;
  }
}

function pair(at: Instant): readonly [number, number] | null {
  return at.millis === -Infinity ? null : [at.millis, at.nanos];
}

function put(at: Instant, saved: readonly [number, number] | null): void {
  if (saved !== null) [at.millis, at.nanos] = saved;
}

function before(a: Buffered, b: Buffered): boolean {
  return (
    (compareTimes(a.millis, a.nanos, b.millis, b.nanos) || compareTiebreakers(a.tiebreaker, b.tiebreaker) || a.arrival - b.arrival) < 0
  );
}
