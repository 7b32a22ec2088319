import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, search, type Query, type SearchHit, type SearchOptions } from "../../eql/index.ts";
import { AdHocQuery } from "./query.ts";

function queryOf(text: string): Query {
  const { query } = parse(text);
  if (query === null) throw new Error(text);
  return query;
}

/** Times repeat and come in any order, and some events have none. */
function hitsOf(count: number, seed: number): SearchHit[] {
  return Array.from({ length: count }, (_, n) => {
    const mixed = Math.imul(n + 1, 0x9e3779b1 ^ seed) >>> 8;
    const time = mixed % 7 === 0 ? {} : { "@timestamp": new Date(1.7e12 + (mixed % 97) * 1000).toISOString() };
    return {
      _index: "i",
      _id: String(n),
      _source: { ...time, n, host: { name: `h${mixed % 5}` }, process: { name: "a", pid: mixed % 3 } },
    };
  });
}

function adHoc(text: string, hits: readonly SearchHit[], options: SearchOptions & { maxWeight?: number } = {}): AdHocQuery {
  const run = new AdHocQuery(queryOf(text), options);
  for (const { _index, _id, _source } of hits)
    run.record({ kind: "document", place: { file: "f" }, document: _source as never, index: _index!, id: _id! });
  return run;
}

describe("what is kept is what the answer needs", () => {
  test.each([
    ["any where n >= 0 | tail 10", 2_000],
    ["any where n >= 0 | head 7", 2_000],
    ["any where n >= 0 | head 20 | tail 3", 2_000],
    ["any where n >= 0 | tail 0", 2_000],
    ["any where n >= 0 | tail 9 | sort n", 2_000],
    ["any where n >= 0", 2_000],
    ["any where n >= 0 | count", 2_000],
    ["any where n >= 0 | count host.name, process.pid", 2_000],
    ["any where n >= 0 | tail 100 | count host.name", 2_000],
    ["any where n >= 0 | unique host.name", 2_000],
  ])("%s", (text, count) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.constantFrom(3, Infinity),
        fc.constantFrom("head" as const, "tail" as const),
        (seed, size, resultPosition) => {
          const hits = hitsOf(count, seed);
          const options: SearchOptions = { size, resultPosition };
          expect(adHoc(text, hits, options).finish()).toEqual(search(queryOf(text), hits, options));
        },
      ),
      { numRuns: 5 },
    );
  });

  test("of a tail no more than twice its events and some, of a count only what is counted", () => {
    const hits = hitsOf(5_000, 1);
    expect(adHoc("any where n >= 0 | tail 10", hits).candidates).toBeLessThan(1_100);
    // 5,000 events of six values each would not fit.
    const counted = adHoc("any where n >= 0 | count process.pid", hits, { maxWeight: 5_000 * 100 });
    expect(counted.notKept).toBe(0);
    expect(adHoc("any where n >= 0 | unique process.pid", hits, { maxWeight: 5_000 * 100 }).notKept).toBeGreaterThan(0);
  });

  test("a bound of weight drops what a tail does not need before it refuses anything", () => {
    const hits = hitsOf(900, 1);
    const run = adHoc("any where n >= 0 | tail 5", hits, { maxWeight: 100 * 200 });
    expect(run.notKept).toBe(0);
    expect(run.finish()).toEqual(search(queryOf("any where n >= 0 | tail 5"), hits));
  });
});
