import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../syntax/parse.ts";
import { schemaFromMapping } from "../check/schema.ts";
import type { Match, SearchHit } from "./run.ts";
import { search, toResponse, type SearchOptions } from "./search.ts";
import { stream, type StreamOptions } from "./stream.ts";
import type { Query } from "../syntax/tree.ts";

function query(text: string): Query {
  const parsed = parse(text);
  expect(parsed.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return parsed.query!;
}

interface Line {
  readonly t: unknown;
  readonly [field: string]: unknown;
}

const hits = (lines: readonly Line[]): SearchHit[] =>
  lines.map(({ t, ...rest }, i) => ({ _id: String(i), _source: { "@timestamp": t, event: { category: "x" }, ...rest } }));
const ids = (events: readonly { readonly _id?: string }[]): number[] => events.map((hit) => Number(hit._id === "" ? -1 : hit._id));

function found(text: string, lines: readonly Line[], options: SearchOptions = {}): number[][] {
  const result = search(query(text), hits(lines), options);
  return result.sequences !== undefined ? result.sequences.map((sequence) => ids(sequence.events)) : [ids(result.events!)];
}

const numbered = Array.from({ length: 15 }, (_, i) => ({ t: i, n: i }));

describe("search", () => {
  test("size and result position", () => {
    const tail = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    expect(found("any where true", numbered)).toEqual([tail]);
    expect(found("any where true", numbered, { size: 3 })).toEqual([[12, 13, 14]]);
    expect(found("any where true", numbered, { size: 3, resultPosition: "head" })).toEqual([[0, 1, 2]]);
    expect(found("any where true", numbered, { size: 0 })).toEqual([[]]);
  });

  test("head and tail override the position and combine", () => {
    expect(found("any where true | head 3", numbered)).toEqual([[0, 1, 2]]);
    expect(found("any where true | head 4 | tail 2", numbered)).toEqual([[2, 3]]);
    expect(found("any where true | tail 4 | head 2", numbered)).toEqual([[11, 12]]);
    expect(found("any where true | head 12 | tail 2", numbered)).toEqual([[8, 9]]);
    expect(found("any where true | head 0", numbered)).toEqual([[]]);
  });

  test("order: timestamp to the nanosecond, tiebreaker, none last, then input", () => {
    const lines = [
      { t: "2024-01-01T00:00:00.000000002Z", s: 1 },
      { t: "2024-01-01T00:00:00.000000001Z", s: 2 },
      { t: "2024-01-01T00:00:00Z" },
      { t: "2024-01-01T00:00:00Z", s: 9 },
      { t: 1704067200000, s: 3 },
    ];
    expect(found("any where true", lines, { tiebreakerField: "s" })).toEqual([[4, 3, 2, 1, 0]]);
    expect(found("any where true", lines)).toEqual([[2, 3, 4, 1, 0]]);
  });

  test("an event without a timestamp is found by a filter and counted by a sequence", () => {
    const lines = [{ t: "never" }, { t: 1 }, { t: 2 }];
    expect(found("any where true", lines)).toEqual([[1, 2, 0]]);
    const result = search(query("sequence [any where true] [any where true]"), hits(lines));
    expect([result.total, result.withoutTimestamp]).toEqual([1, 1]);
  });

  test("the shape of the answer, a missing slot among it", () => {
    const result = search(query("sequence by k with maxspan=1m [any where a == 1] ![any where a == 2]"), hits([{ t: 0, a: 1, k: "x" }]));
    expect(toResponse(result, 3.4)).toEqual({
      is_partial: false,
      is_running: false,
      took: 3,
      timed_out: false,
      hits: {
        total: { value: 1, relation: "eq" },
        sequences: [
          {
            join_keys: ["x"],
            events: [
              { _index: "", _id: "0", _source: { "@timestamp": 0, event: { category: "x" }, a: 1, k: "x" } },
              { _index: "", _id: "", _source: {}, missing: true },
            ],
          },
        ],
      },
    });
  });

  test("a bound that cost matches makes the answer partial", () => {
    const lines = Array.from({ length: 100 }, (_, i) => ({ t: i, k: i }));
    const result = search(query("sequence by k [any where true] [any where true]"), hits(lines), { limits: { maxKeys: 10 } });
    expect(result.losses.evictedKeys).toBe(90);
    expect(toResponse(result, 0).is_partial).toBe(true);
  });

  test("the keys of samples and of distinct counts are bounded by number and by text", () => {
    const lines = Array.from({ length: 100 }, (_, i) => ({ t: i, k: `${i >> 1}`, a: i % 2, s: `${i}` }));
    const text = "sample by k [any where a == 0] [any where a == 1]";
    const sampled = (limits: object): [number | undefined, number] => {
      const result = search(query(text), hits(lines), { size: Infinity, limits });
      return [result.sequences?.length, result.losses.evictedKeys];
    };
    expect(sampled({})).toEqual([50, 0]);
    expect(sampled({ maxKeys: 10 })).toEqual([10, 80]);
    expect(sampled({ maxKeyUnits: 10 })).toEqual([10, 80]);
    const counting = 'any where true | distinct_count s, 2, "1h", k';
    const counted = (limits: object): number => search(query(counting), hits(lines), { size: Infinity, limits }).losses.evictedKeys;
    expect(counted({})).toBe(0);
    expect(counted({ maxKeyUnits: 20 })).toBe(0);
    const one = hits(lines.map((line, i) => ({ ...line, k: `${i}` })));
    expect(search(query(counting), one, { size: Infinity, limits: { maxKeyUnits: 20 } }).losses.evictedKeys).toBeGreaterThan(80);
  });

  test("samples: distinct events, keys ascending, size and samples per key", () => {
    const lines = [
      { t: 0, k: "b", a: 1 },
      { t: 1, k: "b", a: 1 },
      { t: 2, k: "a", a: 1 },
      { t: 3, k: "a", a: 1 },
      { t: 4, k: "c", a: 1 },
    ];
    const text = "sample by k [any where a == 1] [any where a == 1]";
    expect(found(text, lines)).toEqual([
      [2, 3],
      [0, 1],
    ]);
    expect(found(text, lines, { maxSamplesPerKey: 2 })).toEqual([
      [2, 3],
      [3, 2],
      [0, 1],
      [1, 0],
    ]);
    expect(found(text, lines, { size: 1 })).toEqual([[2, 3]]);
  });
});

describe("pipes of the tocsin profile", () => {
  const lines = [
    { t: 0, u: "b", n: 2 },
    { t: 1, u: "A", n: 1 },
    { t: 2, u: "a", n: 3 },
    { t: 3, n: 1 },
  ];

  test("unique, sort, filter", () => {
    expect(found("any where true | unique u", lines)).toEqual([[0, 1, 3]]);
    expect(found("any where true | sort n", lines)).toEqual([[1, 3, 0, 2]]);
    expect(found("any where true | filter n > 1 | tail 1", lines)).toEqual([[2]]);
  });

  test("count and unique_count", () => {
    expect(search(query("any where true | count"), hits(lines)).rows).toEqual([{ count: 4, key: [], percent: 1 }]);
    expect(search(query("any where true | count u"), hits(lines)).rows).toEqual([
      { count: 1, key: [null], percent: 0.25 },
      { count: 1, key: ["b"], percent: 0.25 },
      { count: 2, key: ["A"], percent: 0.5 },
    ]);
    const result = search(query("any where true | unique_count u"), hits(lines));
    expect([ids(result.events!), result.counts]).toEqual([
      [0, 1, 3],
      [
        { count: 1, percent: 0.25 },
        { count: 2, percent: 0.5 },
        { count: 1, percent: 0.25 },
      ],
    ]);
  });

  test("behind a sequence they take its first event, behind a sample too", () => {
    const sequence = "sequence by k [any where a] [any where b] | unique u | sort n";
    const pairs = ["p", "q", "r"].flatMap((k, i) => [
      { t: i * 10, k, u: "one", n: 9 - i, a: true },
      { t: i * 10 + 1, k, u: "two", n: 0, b: true },
    ]);
    expect(found(sequence, pairs)).toEqual([[0, 1]]);
    expect(found("sequence by k [any where a] [any where b] | sort n", pairs)).toEqual([
      [4, 5],
      [2, 3],
      [0, 1],
    ]);
    expect(found("sample by k [any where a] [any where b] | sort n | head 1", pairs)).toEqual([[4, 5]]);
    expect(found("sample by k [any where a] [any where b] | head 1", pairs, { size: 2 })).toEqual([[0, 1]]);
    expect(search(query("sample by k [any where a] [any where b] | count u"), hits(pairs)).rows).toEqual([
      { count: 3, key: ["one"], percent: 1 },
    ]);
  });

  test("fields are read as the mapping says: aliases, null_value, dates by their instant", () => {
    const { schema } = schemaFromMapping({
      properties: {
        user: { properties: { name: { type: "keyword", null_value: "nobody" } } },
        who: { type: "alias", path: "user.name" },
        seen: { type: "date" },
        made: { type: "alias", path: "seen" },
        at: { type: "date" },
        time: { type: "alias", path: "at" },
        serial: { type: "long" },
        order: { type: "alias", path: "serial" },
        event: { properties: { category: { type: "keyword" } } },
      },
    });
    const events: SearchHit[] = [
      { user: { name: "ann" }, seen: "1970-01-01T00:00:03Z", at: 5, serial: 2 },
      { user: { name: null }, seen: 1000, at: 5, serial: 1 },
      { user: { name: "ann" }, seen: "2000", at: 4, serial: 9 },
      { user: { name: "nobody" }, seen: 2000, at: 6, serial: 3 },
    ].map((source, i) => ({ _id: String(i), _source: { event: { category: "x" }, ...source } }));
    const options: SearchOptions = { schema, timestampField: "time", tiebreakerField: "order" };
    const order = (text: string): number[] => ids(search(query(text), events, options).events!);
    expect(order("any where true")).toEqual([2, 1, 0, 3]);
    expect(order("any where true | unique who")).toEqual([2, 1]);
    expect(order("any where true | sort made")).toEqual([1, 3, 0, 2]);
    expect(search(query("any where true | count who"), events, options).rows!.map((row) => [row.count, ...row.key])).toEqual([
      [2, "ann"],
      [2, "nobody"],
    ]);
    const keyed = search(query("sequence by who [any where true] [any where true]"), events, options);
    expect(keyed.sequences!.map((one) => [one.joinKeys, ids(one.events)])).toEqual([
      [["ann"], [2, 0]],
      [["nobody"], [1, 3]],
    ]);
    const streamed: (readonly (string | undefined)[])[] = [];
    const running = stream(query("sequence by who [any where true] [any where true]"), options, (match) =>
      streamed.push(match.events.map((event) => event?._id)),
    );
    for (const i of [2, 0, 1, 3]) running!.push(events[i]!);
    running!.end();
    expect(streamed).toEqual([
      ["2", "0"],
      ["1", "3"],
    ]);
  });

  test("a stream says which pipes it leaves to its reader", () => {
    const running = stream(query("any where true | filter n > 1 | count u"), {}, () => {});
    expect(running!.notApplied.map((pipe) => pipe.name)).toEqual(["filter", "count"]);
    const counting = stream(query('any where true | distinct_count d, 3, "10s", s | head 1'), {}, () => {});
    expect(counting!.notApplied.map((pipe) => pipe.name)).toEqual(["head"]);
  });

  test("a distinct count in a window, by key", () => {
    const text = 'any where true | distinct_count d, 3, "10s", s';
    const fan = [0, 1, 2, 3, 4].map((i) => ({ t: i * 1000, s: "scanner", d: `host ${i}` }));
    expect(found(text, fan)).toEqual([[0, 1, 2]]);
    expect(
      found(
        text,
        fan.map((line) => ({ ...line, d: "one" })),
      ),
    ).toEqual([]);
    expect(
      found(
        text,
        fan.map((line) => ({ ...line, t: line.t * 6 })),
      ),
    ).toEqual([]);
    expect(
      found(
        text,
        fan.map((line) => ({ ...line, t: line.t * 5 })),
      ),
    ).toEqual([[0, 1, 2]]);
    expect(
      found(
        text,
        fan.map((line, i) => ({ ...line, s: i })),
      ),
    ).toEqual([]);
  });
});

// ------------------------------------------------------------------------------------------------------------------ streams

function streamed(
  text: string,
  events: readonly SearchHit[],
  options: StreamOptions,
  fire = true,
): { matches: Match[]; late: number; waiting: number } {
  const matches: Match[] = [];
  const running = stream(query(text), options, (match) => matches.push(match))!;
  for (const event of events) running.push(event);
  running.end({ firePending: fire });
  return { matches: matches.sort((a, b) => a.number - b.number), late: running.counts.late, waiting: running.waiting };
}

describe("stream", () => {
  const QUERIES = [
    "any where a == 1",
    "sequence by k [any where a == 1] [any where a == 2]",
    "sequence by k with maxspan=20ms [any where a == 1] ![any where a == 3] [any where a == 2] until [any where a == 4]",
    "sequence with maxspan=15ms [any where a == 1] ![any where a == 2]",
    "sequence by ?k with maxspan=9ms ![any where a == 3] [any where a == 1] with runs=2 ![any where a == 2]",
    'any where true | distinct_count a, 3, "9ms", k',
  ];

  test("it finds what a search finds, whatever the order within the lateness", () => {
    const event = fc.record({
      t: fc.integer({ min: 0, max: 100 }),
      a: fc.integer({ min: 1, max: 4 }),
      k: fc.constantFrom<unknown>("x", "y", ["x", "y"], null),
      delay: fc.integer({ min: 0, max: 10 }),
    });
    let matched = 0;
    fc.assert(
      fc.property(fc.constantFrom(...QUERIES), fc.array(event, { maxLength: 40 }), (text, lines) => {
        const events = hits(lines.map(({ t, a, k }, s) => ({ t, a, k, s })));
        // Each event arrives `delay` after its time: never later than the lateness behind a newer one.
        const arrival = events.map((hit, i) => ({ hit, at: lines[i]!.t + lines[i]!.delay })).sort((a, b) => a.at - b.at);
        const { matches, late } = streamed(
          text,
          arrival.map(({ hit }) => hit),
          { lateness: 10, tiebreakerField: "s" },
        );
        expect(late).toBe(0);
        const result = search(query(text), events, { size: Infinity, tiebreakerField: "s" });
        const expected = result.sequences?.map((sequence) => ids(sequence.events)) ?? result.events!.map((hit) => ids([hit]));
        matched += expected.length;
        expect(matches.map((match) => match.events.map((hit) => (hit === null ? -1 : Number(hit._id))))).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
    expect(matched).toBeGreaterThan(500);
  });

  test("late events are counted; a query for single events still finds them", () => {
    const events = hits([
      { t: 100, a: 1 },
      { t: 50, a: 1 },
      { t: 101, a: 2 },
    ]);
    expect(streamed(QUERIES[1]!, events, {}).late).toBe(1);
    expect(streamed(QUERIES[0]!, events, {}).matches.length).toBe(2);
  });

  test("a trailing missing event: pending at the end, as of a time, or by the clock", () => {
    const events = hits([{ t: 0, a: 1 }]);
    expect(streamed(QUERIES[3]!, events, {}, false)).toMatchObject({ matches: [], waiting: 1 });
    const count = (use: (running: NonNullable<ReturnType<typeof stream>>) => void): number => {
      const running = stream(query(QUERIES[3]!), {}, () => {})!;
      running.push(events[0]!);
      use(running);
      return running.counts.matches;
    };
    expect(count((running) => running.end({ asOf: 15 }))).toBe(0);
    expect(count((running) => running.end({ asOf: 16 }))).toBe(1);
    expect(count((running) => running.advance("1970-01-01T00:00:00.016Z"))).toBe(1);
  });

  test("the buffer is bounded, and what that costs is counted", () => {
    const running = stream(query("any where true"), { lateness: 1e9, maxBuffered: 10 }, () => {})!;
    for (const hit of hits(numbered)) running.push(hit);
    expect(running.counts).toMatchObject({ releasedEarly: 5, matches: 5, late: 0 });
    running.push(hits([{ t: 1 }])[0]!);
    expect(running.counts.late).toBe(1);
  });

  test("saved and restored, it goes on", () => {
    const events = hits(Array.from({ length: 60 }, (_, i) => ({ t: i, a: (i * 7) % 5, k: i % 2 === 0 ? "x" : "y" })));
    for (const text of QUERIES) {
      const whole = streamed(text, events, { lateness: 5 }).matches.length;
      let matches = 0;
      const first = stream(query(text), { lateness: 5 }, () => void matches++)!;
      for (const hit of events.slice(0, 31)) first.push(hit);
      const second = stream(query(text), { lateness: 5 }, () => void matches++)!;
      expect(second.restore(JSON.parse(JSON.stringify(first.save())))).toBe(true);
      for (const hit of events.slice(31)) second.push(hit);
      second.end({ firePending: true });
      expect(matches, text).toBe(whole);
    }
  });
});
