import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsOf, EventTable } from "../../../../scripts/duckdb-table.ts";
import { compileFilter, openSchema, parse, type EventQuery } from "../../../eql/index.ts";
import * as random from "../../testing/arbitrary.ts";
import { clickhouse } from "./clickhouse.ts";
import { duckdb, sqlString } from "./duckdb.ts";
import { metadata } from "../../testing/sample-rule.ts";
import { fieldType } from "../../field-type.ts";

const FIELDS = [
  "process.name",
  "process.args",
  "process.command_line",
  "file.path",
  "process.pid",
  "destination.port",
  "source.ip",
  "process.interactive",
  "event.category",
];

type Json = { readonly [key: string]: unknown };

/** A column of one value holds one: of several the first is taken, before the engine sees the event. */
function single(event: Json): Json {
  const made: { [key: string]: { [key: string]: unknown } } = {};
  for (const [name, value] of columnsOf(event)) {
    const [outer, ...rest] = name.split(".") as [string, ...string[]];
    const one: unknown = Array.isArray(value) && !fieldType(name).several ? value.find((item) => item !== null) : value;
    if (one !== undefined && one !== null)
      (made[outer] ??= {})[rest.join(".")] = Array.isArray(one) ? one.filter((item) => item !== null) : one;
  }
  return JSON.parse(JSON.stringify(made)) as Json;
}

test("on events at random DuckDB finds what the engine finds", async () => {
  const events = fc.sample(random.event, { numRuns: 400 }).map(single);
  const table = await EventTable.of(events, FIELDS);
  const filters = fc.sample(random.filter, { numRuns: 700 });
  let compared = 0;
  let found = 0;
  for (const filter of filters) {
    const query: EventQuery = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
    const { text, losses } = duckdb.translate({ query, metadata, fields: new Map() });
    if (losses.length > 0) continue;
    const engine = compileFilter(filter, { schema: openSchema() });
    const wanted = events.flatMap((event, at) => (engine(event) ? [at] : []));
    expect(await table.find(text), text).toEqual(wanted);
    compared++;
    found += wanted.length;
  }
  expect(compared).toBeGreaterThan(500);
  expect(found / (compared * events.length)).toBeGreaterThan(0.1);
}, 60_000);

const whereOf = (text: string, platform: typeof duckdb | typeof clickhouse = duckdb): string => {
  const made = platform.translate({ query: parse(text).query!, metadata, fields: new Map() });
  return made.text.replace(/^SELECT \*\nFROM events\nWHERE /, "").trimEnd();
};

describe("words of DuckDB", () => {
  test.each([
    ['any where process.name == "a"', `"process.name" = 'a'`],
    ['any where process.name : "A"', `lower("process.name") = 'a'`],
    ['any where process.name : ("a", "b*")', `(lower("process.name") = 'a' OR lower("process.name") LIKE 'b%')`],
    [String.raw`any where process.command_line : "\\\\*\\C_$"`, String.raw`lower("process.command_line") LIKE '\\%\c!_$' ESCAPE '!'`],
    ['any where process.name != "a"', `NOT coalesce("process.name" = 'a', FALSE)`],
    ["any where process.name == null", `NOT coalesce("process.name" IS NOT NULL, FALSE)`],
    ["process where true", `list_contains("event.category", 'process')`],
    ['any where process.args : "a"', `len(list_filter("process.args", lambda x: lower(x) = 'a')) > 0`],
    ["any where process.pid > 4", `"process.pid" > 4`],
    ['any where cidrMatch(source.ip, "10.0.0.0/8")', `replace("source.ip", '::ffff:', '') LIKE '10.%'`],
    ["any where length(process.name) > 3", `length("process.name") > 3`],
    ["any where process.name == process.parent.name", `"process.name" = "process.parent.name"`],
  ])("%s", (text, sql) => {
    expect(whereOf(text)).toBe(sql);
  });
});

describe("words of ClickHouse", () => {
  test.each([
    ['any where process.name == "a"', `"process_name" = 'a'`],
    ['any where process.name : "A"', `lowerUTF8("process_name") = 'a'`],
    [String.raw`any where process.command_line : "\\\\*\\C_$"`, String.raw`"process_command_line" ILIKE '\\\\\\\\%\\\\C\\_$'`],
    ["process where true", `has("event_category", 'process')`],
    ['any where process.args : "a"', `arrayExists(x -> lowerUTF8(x) = 'a', "process_args")`],
    ['any where cidrMatch(source.ip, "10.0.0.0/8")', `isIPAddressInRange("source_ip", '10.0.0.0/8')`],
    ['any where process.name regex "a+"', `match("process_name", '^(?:a+)$')`],
    ['any where process.name != "a"', `NOT coalesce("process_name" = 'a', FALSE)`],
  ])("%s", (text, sql) => {
    expect(whereOf(text, clickhouse)).toBe(sql);
  });
});

test("a block that does not end at a dot is a range", async () => {
  const addresses = ["10.1.0.0", "10.1.127.255", "10.1.128.0", "::ffff:10.1.2.3", "fe80::1", "9.255.255.255"];
  const table = await EventTable.of(
    addresses.map((ip) => ({ source: { ip } })),
    ["source.ip"],
  );
  const { text } = duckdb.translate({ query: parse('any where cidrMatch(source.ip, "10.1.0.0/17")').query!, metadata, fields: new Map() });
  expect((await table.find(text)).map((at) => addresses[at])).toEqual(["10.1.0.0", "10.1.127.255", "::ffff:10.1.2.3"]);
});

test("no text ends a literal", async () => {
  const texts = ["'", "''", "\\", "\\'", '"', "a\nb", "; DROP TABLE events; --", "\u2028", "%_!"];
  const table = await EventTable.of(
    texts.map((name) => ({ process: { name } })),
    ["process.name"],
  );
  for (const [at, text] of texts.entries())
    expect(await table.find(`SELECT * FROM events WHERE "process.name" = ${sqlString(text)}`)).toEqual([at]);
});

describe("sequences", () => {
  const at = (second: number, name: string, host = "h"): Json => ({
    "@timestamp": `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`,
    host: { id: host },
    process: { name },
  });
  const find = async (query: string, events: readonly Json[]): Promise<number[]> => {
    const table = await EventTable.of(events, ["host.id", "process.name"]);
    const { text, losses } = duckdb.translate({ query: parse(query).query!, metadata, fields: new Map() });
    expect(losses.map(({ effect }) => effect)).toEqual(["wider"]);
    return table.find(text);
  };
  const AB = 'sequence by host.id with maxspan=10s [any where process.name == "a"] [any where process.name == "b"]';

  test("in order, of one key, within the span", async () => {
    expect(await find(AB, [at(1, "a"), at(2, "b")])).toEqual([1]);
    expect(await find(AB, [at(1, "b"), at(2, "a")])).toEqual([]);
    expect(await find(AB, [at(1, "a"), at(2, "b", "other")])).toEqual([]);
    expect(await find(AB, [at(1, "a"), at(11, "b")])).toEqual([1]);
    expect(await find(AB, [at(1, "a"), at(12, "b")])).toEqual([]);
  });

  test("runs, and the end of what was begun", async () => {
    const runs = 'sequence by host.id with maxspan=10s [any where process.name == "a"] with runs=3';
    expect(await find(runs, [at(1, "a"), at(2, "a"), at(3, "a")])).toEqual([2]);
    expect(await find(`${AB} until [any where process.name == "c"]`, [at(1, "a"), at(2, "c"), at(3, "b")])).toEqual([]);
    expect(await find(`${AB} until [any where process.name == "c"]`, [at(1, "a"), at(2, "c"), at(3, "a"), at(4, "b")])).toEqual([3]);
  });

  test("one event is not two of a sequence", async () => {
    const same = 'sequence by host.id with maxspan=10s [any where process.name == "a"] [any where process.name == "a"]';
    expect(await find(same, [at(1, "a")])).toEqual([]);
    expect(await find(same, [at(1, "a"), at(2, "a")])).toEqual([1]);
  });
});
