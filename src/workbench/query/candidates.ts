import { weightOf } from "../../detect/index.ts";
import { fieldsOf, inOrder, neededMatches, type Query, type SearchHit, type SearchOptions } from "../../eql/index.ts";

export interface CandidateLimits {
  /** Most events kept. */
  readonly maxCandidates: number;
  /** Most characters of the events that are kept (see `weightOf`). */
  readonly maxWeight: number;
}

/** Beyond twice the events that are needed so many more are kept before the others are dropped. */
const SLACK = 1_000;

/**
 * The events that a query keeps until all are read, and of each no more than the answer needs: of `head` and `tail` the first or
 * last so many, and where the answer is a table of counts the fields that are counted.
 */
export class Candidates {
  /** Events that found no room. */
  notKept = 0;
  #hits: SearchHit[] = [];
  #weight = 0;
  readonly #limits: CandidateLimits;
  readonly #options: SearchOptions;
  readonly #needed: ReturnType<typeof neededMatches>;
  readonly #roots: readonly string[] | null;

  constructor(query: Query, options: SearchOptions, limits: CandidateLimits) {
    this.#limits = limits;
    this.#options = options;
    this.#needed = neededMatches(query, options);
    this.#roots = countedRoots(query, options);
  }

  add(hit: SearchHit): void {
    const kept = this.#roots === null ? hit : { ...hit, _source: parts(hit._source, this.#roots) };
    const weight = this.#limits.maxWeight === Infinity ? 0 : weightOf(kept._source);
    if (this.#hits.length >= this.#limits.maxCandidates || this.#weight + weight > this.#limits.maxWeight) this.#drop();
    if (this.#hits.length >= this.#limits.maxCandidates || this.#weight + weight > this.#limits.maxWeight) {
      this.notKept++;
      return;
    }
    this.#hits.push(kept);
    this.#weight += weight;
    if (this.#needed !== null && this.#hits.length >= 2 * this.#needed.count + SLACK) this.#drop();
  }

  /** Drops what cannot be in the answer any more. */
  #drop(): void {
    if (this.#needed === null || this.#hits.length <= this.#needed.count) return;
    const { count, end } = this.#needed;
    const ordered = inOrder(this.#hits, this.#options);
    this.#hits = end === "head" ? ordered.slice(0, count) : ordered.slice(ordered.length - count);
    if (this.#limits.maxWeight !== Infinity) this.#weight = this.#hits.reduce((sum, { _source }) => sum + weightOf(_source), 0);
  }

  get size(): number {
    return this.#hits.length;
  }

  hits(): readonly SearchHit[] {
    return this.#hits;
  }
}

/** The first parts of the names of the fields that a count reads; null where the events themselves are the answer. */
function countedRoots(query: Query, options: SearchOptions): readonly string[] | null {
  const counts = query.pipes.findIndex((pipe) => pipe.name === "count");
  if (query.kind !== "event" || counts < 0 || query.pipes.some((pipe) => pipe.name === "distinct_count")) return null;
  const order = [options.timestampField ?? "@timestamp", options.tiebreakerField].filter((field) => field !== undefined);
  const fields = [...order, ...query.pipes.flatMap((pipe) => pipe.args.flatMap(fieldsOf))];
  return [...new Set(fields.map((field) => (options.schema?.sourceOf?.(field) ?? field).split(".", 1)[0]!))];
}

/** The document's members under these roots, whether its keys are nested or dotted. */
function parts(document: SearchHit["_source"], roots: readonly string[]): SearchHit["_source"] {
  return Object.fromEntries(Object.entries(document).filter(([key]) => roots.includes(key.split(".", 1)[0]!)));
}
