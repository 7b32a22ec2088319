import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFilter, parse, search, type EventQuery } from "../../../eql/index.ts";
import * as random from "../../testing/arbitrary.ts";
import { esqlString } from "./esql-text.ts";
import { esql } from "./esql.ts";
import type { LuceneTree } from "../../testing/lucene.ts";
import { esqlRows } from "../../testing/esql.ts";
import { metadata } from "../../testing/sample-rule.ts";
import type { Translation } from "../../translation.ts";

const queryStrings = createRequire(import.meta.url)("lucene") as { readonly parse: (text: string) => LuceneTree };
const FROM = "FROM logs-endpoint.events.process-*, winlogbeat-*";

function translate(text: string): Translation {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return esql.translate({ query: query!, metadata, fields: new Map() });
}

const rows = (text: string, documents: readonly unknown[]): ReturnType<typeof esqlRows> => esqlRows(text, documents, queryStrings.parse);

describe("conditions", () => {
  test.each([
    ['process where process.name : "A.exe"', 'event.category : "process" AND TO_LOWER(process.name) == "a.exe"'],
    ['any where process.name in ("a", "b")', 'process.name IN ("a", "b")'],
    [String.raw`any where process.command_line : "*\\\\*\\C$*"`, String.raw`TO_LOWER(process.command_line) LIKE """*\\\\*\\c$*"""`],
    ['any where process.name like "a*" or process.name == "b"', 'process.name LIKE "a*" OR process.name == "b"'],
    ['any where process.name != "a"', 'process.name IS NULL OR NOT process.name == "a"'],
    ["any where process.pid == null", "process.pid IS NULL"],
    ["any where not (process.pid == 4 and process.name != null)", "process.pid IS NULL OR NOT process.pid == 4 OR process.name IS NULL"],
    ['any where event.type == "start"', 'event.type : "start"'],
    ['any where process.args : "/d*"', String.raw`QSTR("""process.args:/\/[dD].*/""")`],
    ['any where not process.args : "use"', 'NOT QSTR("process.args:/[uU][sS][eE]/")'],
    ['any where ?process.pe.original_file_name == "a"', String.raw`QSTR("process.pe.original_file_name:\"a\"")`],
    ['any where not cidrMatch(source.ip, "10.0.0.0/8")', 'source.ip IS NULL OR NOT CIDR_MATCH(source.ip, "10.0.0.0/8")'],
    ['any where process.name regex~ "a.*"', 'process.name RLIKE "[aA].*"'],
    ["any where `a b`.c == true", '`a b`.c == "true"'],
    ["any where false", "false"],
  ])("%s", (text, where) => {
    const made = translate(text);
    expect(made.text).toBe(`${FROM} METADATA _id, _index, _version\n| WHERE ${where}\n`);
    expect(made.losses).toEqual([]);
  });

  test("head and tail", () => {
    expect(translate("any where true | head 3").text).toBe(`${FROM} METADATA _id, _index, _version\n| SORT @timestamp ASC\n| LIMIT 3\n`);
    expect(translate("any where true | tail 3").text).toContain("| SORT @timestamp DESC\n| LIMIT 3");
  });
});

test("letters outside ASCII of a regular expression keep their case", () => {
  expect(translate('any where process.name regex~ "ä"').losses.map(({ effect }) => effect)).toEqual(["narrower"]);
});

test("texts in two and in six quotes", () => {
  expect(esqlString("a")).toBe('"a"');
  expect(esqlString(String.raw`\a`)).toBe(String.raw`"""\a"""`);
  expect(esqlString(String.raw`"a`)).toBe(String.raw`"\"a"`);
  expect(esqlString('a"""b')).toBe(String.raw`"a\"\"\"b"`);
  expect(esqlString("\\\n")).toBe(String.raw`"\\\n"`);
});

describe("sequences are groups, which is wider", () => {
  const SEQUENCE =
    'sequence by host.id with maxspan=1m [process where process.name : "a"] by process.pid [file where file.path : "*x"] by process.parent.pid';

  test("and it is said in what", () => {
    const { losses, text } = translate(SEQUENCE);
    expect(losses.map(({ effect }) => effect)).toEqual(["wider", "wider"]);
    expect(text).toContain("CASE(stage_1 AND stage_2, MV_APPEND(");
    expect(text).toContain("BY host.id, key_1");
  });

  const at = (second: number, more: object): object => ({
    "@timestamp": `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`,
    host: { id: "h" },
    ...more,
  });
  const first = (second: number, pid: number): object => at(second, { event: { category: "process" }, process: { name: "A", pid } });
  const then = (second: number, pid: number): object =>
    at(second, { event: { category: ["file"] }, file: { path: "c:\\X" }, process: { parent: { pid } } });

  test.each([
    ["in order", [first(1, 7), then(2, 7)], 1],
    ["the other way round", [then(1, 7), first(2, 7)], 0],
    ["of other keys", [first(1, 7), then(2, 8)], 0],
    ["of two keys", [first(1, 7), first(1, 8), then(2, 8), then(3, 7)], 2],
  ])("%s", (_, events, found) => {
    expect(rows(translate(SEQUENCE).text, events)).toHaveLength(found);
  });

  test("runs are counted", () => {
    const text = 'sequence by host.id with maxspan=1m [process where process.name : "a"] with runs=3';
    expect(rows(translate(text).text, [first(1, 1), first(2, 2)])).toHaveLength(0);
    expect(rows(translate(text).text, [first(1, 1), first(2, 2), first(3, 3)])).toHaveLength(1);
  });

  test("every sequence of the engine is in a group", () => {
    const { query } = parse(
      "sequence by host.id [process where process.pid > 2] [any where process.pid <= 2] [process where process.pid != 1]",
    );
    const { text } = esql.translate({ query: query!, metadata, fields: new Map() });
    let found = 0;
    fc.assert(
      fc.property(fc.array(fc.record({ second: fc.nat(9), pid: fc.nat(4), host: fc.constantFrom("h", "i") }), { maxLength: 7 }), (list) => {
        const events = list.map(({ second, pid, host }) => ({
          ...at(second, { event: { category: "process" }, process: { pid } }),
          host: { id: host },
        }));
        const result = search(
          query!,
          events.map((event) => ({ _source: event })),
          { size: 100 },
        );
        const hosts = new Set(result.sequences?.map((sequence) => sequence.joinKeys[0]));
        found += hosts.size;
        const groups = new Set(rows(text, events).map(({ values }) => values.get("host.id")));
        for (const host of hosts) expect(groups).toContain(host);
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(50);
  });

  test.each(["join by host.id [any where true] [any where true]", 'sequence [any where true] [any where process.args : "a*"]'])(
    "%s has no text",
    (text) => {
      const made = translate(text);
      expect(made.text).toBe("");
      expect(made.losses.some(({ effect }) => effect === "untranslatable")).toBe(true);
    },
  );
});

test("on events at random a query finds what the engine finds", () => {
  let matched = 0;
  let tried = 0;
  fc.assert(
    fc.property(random.filter, fc.array(random.event, { minLength: 1, maxLength: 8 }), (filter, some) => {
      const query: EventQuery = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
      const { text, losses } = esql.translate({ query, metadata, fields: new Map() });
      expect(losses).toEqual([]);
      // ECS says which fields have several values; elsewhere ES|QL sees none of several.
      const events = some.map((event) => random.single(event));
      const engine = compileFilter(filter);
      const wanted = events.filter(engine);
      tried += events.length;
      matched += wanted.length;
      expect(
        rows(text, events).map(({ document }) => document),
        text,
      ).toEqual(wanted);
    }),
    { numRuns: 1500 },
  );
  expect(matched / tried).toBeGreaterThan(0.2);
  expect(matched / tried).toBeLessThan(0.8);
});
