import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ecsSchema } from "../../../catalog/index.ts";
import { compileFilter, parse, type EventQuery } from "../../../eql/index.ts";
import { readLucene } from "../../../lucene/index.ts";
import * as random from "../../testing/arbitrary.ts";
import { luceneMatches, type LuceneTree } from "../../testing/lucene.ts";
import { metadata } from "../../testing/sample-rule.ts";
import { lucene } from "./lucene.ts";
import { anyCase } from "../../regex/lucene.ts";
import type { Translation } from "../../translation.ts";

const oracle = createRequire(import.meta.url)("lucene") as { readonly parse: (text: string) => LuceneTree };

function translate(text: string): Translation {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return lucene.translate({ query: query!, metadata, fields: new Map() });
}

describe("queries", () => {
  test.each([
    ['any where process.name == "a*"', 'process.name:"a*"'],
    ['any where process.name : "Net1.exe"', String.raw`process.name:/[nN][eE][tT]1[.][eE][xX][eE]/`],
    ['any where process.name : ("1", "\\\\?")', String.raw`process.name:("1" OR /\\./)`],
    ['any where process.name like "a/*\\\\"', String.raw`process.name:/a\/.*[\\]/`],
    ['any where process.name == ""', "process.name:/()/"],
    ['any where process.name : "*"', "_exists_:process.name"],
    ["any where process.pid != null", "_exists_:process.pid"],
    ["any where process.pid == null", "*:* AND NOT _exists_:process.pid"],
    ["any where process.pid == -4", 'process.pid:"-4"'],
    ["any where process.pid > 4 and process.pid <= 9", "process.pid:{4 TO *] AND process.pid:[* TO 9]"],
    ['any where @timestamp >= "2026-01-01T00:00:00Z"', '@timestamp:["2026-01-01T00:00:00Z" TO *]'],
    ['any where cidrMatch(source.ip, "10.0.0.0/8", "::1/128")', 'source.ip:("10.0.0.0/8" OR "::1/128")'],
    [
      'any where process.name == "a" and (process.pid != 4 or process.name == "b")',
      'process.name:"a" AND ((*:* AND NOT process.pid:4) OR process.name:"b")',
    ],
    ["any where not (process.pid == 4 and process.pid == 5)", "*:* AND NOT (process.pid:4 AND process.pid:5)"],
    ["any where `a b`.c == 1", String.raw`a\ b.c:1`],
    ['any where process.name regex~ "a[b-d]\\\\."', "process.name:/[aA][b-dBCD][.]/"],
    ["any where true", "*:*"],
    ["any where false", "NOT *:*"],
  ])("%s", (text, said) => {
    const made = translate(text);
    expect(made.text).toBe(`${said}\n`);
    expect(made.losses).toEqual([]);
  });

  test("a negative number comes as a parsed one", () => {
    expect(translate("any where process.pid < -4").text).toBe("process.pid:[* TO -4}\n");
  });
});

test("letters of a regular expression for both cases, or not at all", () => {
  expect(anyCase(String.raw`a\d[^x]\.`)).toBe(String.raw`[aA]\d[^xX]\.`);
  expect(anyCase('"a"')).toBeNull();
  expect(anyCase("<1-9>")).toBeNull();
  expect(anyCase("[A-Ca]")).toBe("[A-CaabcA]");
});

describe("what is lost is named", () => {
  test.each([
    ['any where process.name : "a" and length(process.name) > 3', "wider"],
    ['any where process.name : "a" or process.name regex~ "<1-9>"', "narrower"],
    ['any where not (process.name : "a" and length(process.name) > 3)', "narrower"],
    ['any where not (process.name : "a" or length(process.name) > 3)', "wider"],
    ["any where true | head 5", "wider"],
    ["sequence [any where true] [any where true]", "untranslatable"],
    ["any where length(process.name) > 3", "untranslatable"],
  ])("%s", (text, effect) => {
    const made = translate(text);
    expect(made.losses.map((loss) => loss.effect)).toEqual([effect]);
    expect(made.text === "").toBe(effect === "untranslatable");
  });
});

test("on events at random a query string says what the engine says", () => {
  let matched = 0;
  let tried = 0;
  fc.assert(
    fc.property(random.filter, fc.array(random.event, { minLength: 1, maxLength: 8 }), (filter, events) => {
      const query: EventQuery = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
      const { text, losses } = lucene.translate({ query, metadata, fields: new Map() });
      expect(losses).toEqual([]);
      const tree = oracle.parse(text);
      const engine = compileFilter(filter);
      for (const event of events) {
        tried++;
        const found = engine(event);
        if (found) matched++;
        expect(luceneMatches(tree, JSON.parse(JSON.stringify(event))), text).toBe(found);
      }
    }),
    { numRuns: 1500 },
  );
  expect(matched / tried).toBeGreaterThan(0.2);
  expect(matched / tried).toBeLessThan(0.8);
});

test("a query string is read back as what it was made of", () => {
  const schema = ecsSchema();
  fc.assert(
    fc.property(random.filter, fc.array(random.event, { minLength: 1, maxLength: 8 }), (filter, events) => {
      const query: EventQuery = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
      const { text } = lucene.translate({ query, metadata, fields: new Map() });
      const read = readLucene(text, schema);
      expect(read.diagnostics, text).toEqual([]);
      const [before, after] = [compileFilter(filter, { schema }), compileFilter(read.filter!, { schema })];
      for (const event of events) expect(after(event), text).toBe(before(event));
    }),
    { numRuns: 1000 },
  );
});
