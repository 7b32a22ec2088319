import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFilter, parse, type EventQuery } from "../../../eql/index.ts";
import * as random from "../../testing/arbitrary.ts";
import { dslMatches } from "../../testing/query-dsl.ts";
import { eventClause, translateDsl, whole } from "../../languages/query-dsl.ts";
import type { Translation } from "../../translation.ts";
import { metadata } from "../../testing/sample-rule.ts";

function translate(text: string): Translation {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return translateDsl({ query: query!, metadata, fields: new Map() });
}

const clauseOf = (text: string): unknown => (JSON.parse(translate(text).text) as { query: unknown }).query;
const lossesOf = (text: string): string[] => translate(text).losses.map(({ effect, reason }) => `${effect}: ${reason}`);

describe("clauses", () => {
  test.each([
    ['any where process.name == "a*"', { term: { "process.name": "a*" } }],
    ['any where process.name : "a"', { term: { "process.name": { value: "a", case_insensitive: true } } }],
    ['any where process.name in ("a", "b")', { terms: { "process.name": ["a", "b"] } }],
    [String.raw`any where process.name like "\\*?"`, { wildcard: { "process.name": { value: String.raw`\\*?` } } }],
    ['any where endsWith(process.name, "*")', { wildcard: { "process.name": { value: String.raw`*\*` } } }],
    ['any where process.name : "*"', { exists: { field: "process.name" } }],
    ["any where process.pid == null", { bool: { must_not: [{ exists: { field: "process.pid" } }] } }],
    ["any where process.pid >= 4", { range: { "process.pid": { gte: 4 } } }],
    ["any where process.pid > 9007199254740993", { range: { "process.pid": { gt: "9007199254740993" } } }],
    ['any where cidrMatch(source.ip, "10.0.0.0/8")', { terms: { "source.ip": ["10.0.0.0/8"] } }],
    ['any where process.name regex~ "a.*"', { regexp: { "process.name": { value: "a.*", flags: "ALL", case_insensitive: true } } }],
    ["any where process.pid in (4, 5) or process.pid == 6", { terms: { "process.pid": [4, 5, 6] } }],
    ["any where true", { match_all: {} }],
    ["any where false", { match_none: {} }],
  ])("%s", (text, clause) => {
    expect(clauseOf(text)).toEqual(clause);
    expect(translate(text).losses).toEqual([]);
  });

  test("conditions of an `and` that are denied stand together", () => {
    expect(clauseOf('process where process.pid != 4 and not process.name : "a" and process.args : "b"')).toEqual({
      bool: {
        filter: [{ term: { "event.category": "process" } }, { term: { "process.args": { value: "b", case_insensitive: true } } }],
        must_not: [{ term: { "process.pid": 4 } }, { term: { "process.name": { value: "a", case_insensitive: true } } }],
      },
    });
  });

  test("head and tail are an order and a number", () => {
    expect(JSON.parse(translate("any where true | head 5").text)).toMatchObject({ size: 5, sort: [{ "@timestamp": "asc" }] });
    expect(JSON.parse(translate("any where true | tail 7").text)).toMatchObject({ size: 7, sort: [{ "@timestamp": "desc" }] });
    expect(lossesOf("any where true | head 5 | tail 2")).toEqual(["wider: A search has one order and one number: `tail` is left out"]);
  });

  test("the user's own names of fields", () => {
    const { query } = parse('any where process.name : "a" or process.pid == null');
    const made = translateDsl({ query: query!, metadata, fields: new Map([["process.name", "Image"]]) });
    expect(JSON.parse(made.text)).toMatchObject({ query: { bool: { should: [{ term: { Image: {} } }, {}] } } });
  });
});

describe("what is lost is named", () => {
  test.each([
    [
      'any where process.name : "a" and length(process.name) > 3',
      "wider: Functions, arithmetic and comparisons of two fields are not supported: this part of the condition is left out",
    ],
    [
      'any where process.name : "a" or length(process.name) > 3',
      "narrower: Functions, arithmetic and comparisons of two fields are not supported: this alternative is left out",
    ],
    ['any where process.name : "ä"', "narrower: Case is ignored for the letters of ASCII only"],
    ['any where not process.name : "ä"', "wider: Case is ignored for the letters of ASCII only"],
    [
      'any where cidrMatch(winlog.event_data.IpAddress, "10.0.0.0/8")',
      "narrower: ECS does not know `winlog.event_data.IpAddress`: unless it is mapped as `ip`, no address range matches",
    ],
  ])("%s", (text, loss) => {
    expect(lossesOf(text)).toEqual([loss]);
    expect(translate(text).text).not.toBe("");
  });

  test.each(["any where length(process.name) > 3", "sequence [any where true] [any where true]", 'any where source.ip : "10.*"'])(
    "%s has no text",
    (text) => {
      const made = translate(text);
      expect(made.text).toBe("");
      expect(made.losses.map(({ effect }) => effect)).toEqual(["untranslatable"]);
    },
  );
});

test("on events at random a clause says what the engine says", () => {
  let matched = 0;
  let tried = 0;
  fc.assert(
    fc.property(random.filter, fc.array(random.event, { minLength: 1, maxLength: 8 }), (filter, events) => {
      const query: EventQuery = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
      const losses: unknown[] = [];
      const clause = whole(eventClause(query, new Map(), (loss) => losses.push(loss)));
      expect(losses).toEqual([]);
      const engine = compileFilter(filter);
      for (const event of events) {
        tried++;
        const found = engine(event);
        if (found) matched++;
        expect(dslMatches(JSON.parse(JSON.stringify(clause)), JSON.parse(JSON.stringify(event)))).toBe(found);
      }
    }),
    { numRuns: 1500 },
  );
  // A property that never matches says nothing.
  expect(matched / tried).toBeGreaterThan(0.2);
  expect(matched / tried).toBeLessThan(0.8);
});
