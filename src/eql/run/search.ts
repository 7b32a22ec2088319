/** A query over a bounded set of events, with the semantics of Elasticsearch's `_eql/search`. */
import { compileFilter, lowerOptions } from "./compile.ts";
import type { KeyValue } from "../values/keys.ts";
import { compareTiebreakers, compareTimes, readInstant, type Instant } from "./ordinal.ts";
import { DISTINCT_COUNT } from "./distinct.ts";
import { isPipeName, limitOf, runPipes, type CountRow, type PipedMatch } from "./pipes.ts";
import { accessOf, compileOptions, keyParts, runnerFor, type Losses, type Match, type RunOptions, type SearchHit } from "./run.ts";
import { sample } from "./sample.ts";
import { SEQUENCE_LIMITS } from "../sequence/machine.ts";
import type { Query, SampleQuery } from "../syntax/tree.ts";

/** Options of `search`, named as Elasticsearch's `_eql/search` names them. */
export interface SearchOptions extends RunOptions {
  /** Most events, sequences or samples to return; default 10, `Infinity` for all. */
  readonly size?: number;
  /** Which end of the matches is returned where there are more than `size`; default `tail`. */
  readonly resultPosition?: "tail" | "head";
  /** Default 1. */
  readonly maxSamplesPerKey?: number;
}

/** A slot of a sequence in which no event may occur. */
export interface MissingHit {
  readonly missing: true;
  readonly _index: "";
  readonly _id: "";
  readonly _source: Readonly<Record<string, never>>;
}

/** A sequence, a sample or a distinct count that was found. */
export interface FoundSequence {
  readonly joinKeys: readonly KeyValue[];
  readonly events: readonly (SearchHit | MissingHit)[];
  /** After `unique_count`. */
  readonly count?: number;
  readonly percent?: number;
}

/** What a search found. Which of the lists is there depends on the query; `toResponse` makes Elasticsearch's answer of it. */
export interface SearchResult {
  /** Of an event query. */
  readonly events?: readonly SearchHit[];
  /** Of a sequence, a sample or a distinct count. */
  readonly sequences?: readonly FoundSequence[];
  /** Of the pipe `count`. */
  readonly rows?: readonly CountRow[];
  /** After `unique_count`, beside `events`. */
  readonly counts?: readonly { readonly count: number; readonly percent: number }[];
  /** The number of matches returned. */
  readonly total: number;
  /** Events that a sequence or a distinct count could not use, since they have no readable timestamp. */
  readonly withoutTimestamp: number;
  readonly losses: Losses;
}

const MISSING: MissingHit = { missing: true, _index: "", _id: "", _source: {} };
const NO_TIME: Instant = { millis: Infinity, nanos: 0 };

interface Ordered extends Instant {
  readonly hit: SearchHit;
  readonly tiebreaker: unknown;
}

/** Ascending by timestamp, tiebreaker and place in the input; what has no timestamp comes last. */
function ordered(events: Iterable<SearchHit>, options: RunOptions): Ordered[] {
  const { access } = lowerOptions(compileOptions(options));
  const timestamp = access(options.timestampField ?? "@timestamp");
  const tiebreaker = options.tiebreakerField === undefined ? null : access(options.tiebreakerField);
  const list: Ordered[] = [];
  for (const hit of events) {
    const at = { ...NO_TIME };
    if (!readInstant(timestamp(hit._source), at)) Object.assign(at, NO_TIME);
    list.push({ hit, millis: at.millis, nanos: at.nanos, tiebreaker: tiebreaker === null ? null : tiebreaker(hit._source) });
  }
  return list.sort((a, b) => compareTimes(a.millis, a.nanos, b.millis, b.nanos) || compareTiebreakers(a.tiebreaker, b.tiebreaker));
}

/** Events in the order in which a search takes them: by timestamp, tiebreaker and place in the list; without a timestamp last. */
export function inOrder(events: Iterable<SearchHit>, options: RunOptions = {}): SearchHit[] {
  return ordered(events, options).map(({ hit }) => hit);
}

/**
 * The matches of an event query that its answer is made of: so many of one end, in order. Null where it may be made of all of them.
 * Whoever gathers events for a search need not keep the others.
 */
export function neededMatches(query: Query, options: SearchOptions = {}): { readonly count: number; readonly end: "head" | "tail" } | null {
  if (query.kind !== "event") return null;
  const size = Math.max(0, options.size ?? 10);
  const [first] = query.pipes;
  if (first === undefined) return size === Infinity ? null : { count: size, end: options.resultPosition ?? "tail" };
  if (first.name !== "head" && first.name !== "tail") return null;
  const plain = query.pipes.every((pipe) => pipe.name === "head" || pipe.name === "tail");
  return { count: plain ? Math.min(size, limitOf(first.args)) : limitOf(first.args), end: first.name };
}

/** Runs a query that the check has accepted. A `join`, which it never accepts, finds nothing. */
export function search(query: Query, events: Iterable<SearchHit>, options: SearchOptions = {}): SearchResult {
  const size = Math.max(0, options.size ?? 10);
  if (query.kind === "sample") return searchSample(query, events, options, size);
  const found: Match[] = [];
  const runner = runnerFor(query, options, (match) => found.push(match));
  if (runner === null)
    return { sequences: [], total: 0, withoutTimestamp: 0, losses: { evictedKeys: 0, truncatedKeys: 0, droppedWaiting: 0 } };
  const plural = query.kind === "sequence" || query.pipes[0]?.name === "distinct_count";
  let withoutTimestamp = 0;
  for (const { hit, millis, nanos } of ordered(events, options)) {
    if (millis !== Infinity || !plural) runner.accept(hit, millis, nanos);
    else withoutTimestamp++;
  }
  runner.end(true);
  // Those that waited for a trailing missing event fire later than they completed.
  found.sort((a, b) => a.number - b.number);
  const { matches, rows } = limit(query, found, options, size);
  const common = { withoutTimestamp, losses: { ...runner.losses } };
  if (rows !== null) return { rows, total: rows.length, ...common };
  if (plural) return { sequences: matches.map(sequenceOf), total: matches.length, ...common };
  const counts = matches.flatMap(({ count, percent }) => (count === undefined || percent === undefined ? [] : [{ count, percent }]));
  return { events: matches.map((match) => match.events[0]!), ...(counts.length > 0 ? { counts } : {}), total: matches.length, ...common };
}

/**
 * Where the pipes are `head` and `tail` alone, `size` is a limit before them of the first one's direction, as in Elasticsearch; after
 * any other pipe it is a limit of the result.
 */
function limit(
  query: Query,
  matched: readonly Match[],
  options: SearchOptions,
  size: number,
): { matches: readonly PipedMatch[]; rows: readonly CountRow[] | null } {
  const pipes = query.pipes.filter((pipe) => isPipeName(pipe.name) && pipe.name !== DISTINCT_COUNT);
  const plain = pipes.every((pipe) => pipe.name === "head" || pipe.name === "tail");
  const position = plain ? (pipes[0]?.name ?? options.resultPosition ?? "tail") : (options.resultPosition ?? "head");
  const cut = <T>(list: readonly T[]): readonly T[] =>
    list.length <= size ? list : position === "head" ? list.slice(0, size) : list.slice(list.length - size);
  if (plain) return runPipes(cut(matched), pipes, options);
  const piped = runPipes(matched, pipes, options);
  return { matches: cut(piped.matches), rows: piped.rows === null ? null : cut(piped.rows) };
}

function sequenceOf(match: PipedMatch): FoundSequence {
  return {
    joinKeys: match.keys,
    events: match.events.map((event) => event ?? MISSING),
    ...(match.count === undefined || match.percent === undefined ? {} : { count: match.count, percent: match.percent }),
  };
}

function searchSample(query: SampleQuery, events: Iterable<SearchHit>, options: SearchOptions, size: number): SearchResult {
  const tests = query.items.map((item) => {
    const test = compileFilter(item.filter, compileOptions(options));
    return (hit: SearchHit): boolean => test(hit._source);
  });
  const keys = query.items.map((item) => keyParts<SearchHit>([...query.by, ...item.by], (hit) => hit._source, accessOf(options, "millis")));
  const limits = { ...SEQUENCE_LIMITS, ...options.limits };
  const { samples, truncatedKeys, abandonedKeys } = sample([...events], tests, keys, {
    size: query.pipes.length === 0 ? size : Infinity,
    maxSamplesPerKey: options.maxSamplesPerKey ?? 1,
    maxKeyCombinations: limits.maxKeyCombinations,
    maxKeys: limits.maxKeys,
    maxKeyUnits: limits.maxKeyUnits,
  });
  // Elasticsearch takes no pipes behind a sample; here they mean what they mean behind a sequence.
  const found = samples.map((one, number) => ({ ...one, number }));
  const { matches, rows } = query.pipes.length === 0 ? { matches: found, rows: null } : limit(query, found, options, size);
  const answer = rows === null ? { sequences: matches.map(sequenceOf), total: matches.length } : { rows, total: rows.length };
  return {
    ...answer,
    withoutTimestamp: 0,
    losses: { evictedKeys: abandonedKeys, truncatedKeys, droppedWaiting: 0 },
  };
}

interface ResponseHit {
  readonly _index: string;
  readonly _id: string;
  readonly _source: unknown;
  readonly missing?: true;
}

/** The body of an `_eql/search` response. `rows` and `counts` are additions of the `tocsin` profile. */
export interface EqlResponse {
  readonly is_partial: boolean;
  readonly is_running: false;
  readonly took: number;
  readonly timed_out: false;
  readonly hits: {
    readonly total: { readonly value: number; readonly relation: "eq" };
    readonly events?: readonly ResponseHit[];
    readonly sequences?: readonly {
      readonly join_keys?: readonly KeyValue[];
      readonly events: readonly ResponseHit[];
      readonly count?: number;
      readonly percent?: number;
    }[];
    readonly rows?: readonly CountRow[];
    readonly counts?: readonly { readonly count: number; readonly percent: number }[];
  };
}

function responseHit(hit: SearchHit | MissingHit): ResponseHit {
  return {
    _index: hit._index ?? "",
    _id: hit._id ?? "",
    _source: hit._source,
    ...("missing" in hit && hit === MISSING ? { missing: true as const } : {}),
  };
}

/**
 * The JSON shape of Elasticsearch's answer; `is_partial` where a bound may have cost matches. Values may be bigint.
 * @param isPartial matches may be missing for a reason that the search does not know.
 */
export function toResponse(result: SearchResult, tookMillis: number, isPartial = false): EqlResponse {
  const { evictedKeys, truncatedKeys, droppedWaiting } = result.losses;
  return {
    is_partial: isPartial || evictedKeys + truncatedKeys + droppedWaiting > 0,
    is_running: false,
    took: Math.round(tookMillis),
    timed_out: false,
    hits: {
      total: { value: result.total, relation: "eq" },
      ...(result.events === undefined ? {} : { events: result.events.map(responseHit) }),
      ...(result.sequences === undefined
        ? {}
        : {
            sequences: result.sequences.map(({ joinKeys, events, ...rest }) => ({
              ...(joinKeys.length === 0 ? {} : { join_keys: joinKeys }),
              events: events.map(responseHit),
              ...rest,
            })),
          }),
      ...(result.rows === undefined ? {} : { rows: result.rows }),
      ...(result.counts === undefined ? {} : { counts: result.counts }),
    },
  };
}
