import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { check, checkCondition, type CheckOptions } from "./check.ts";
import { isDiagnosticCode } from "../diagnostics/codes.ts";
import { FUNCTIONS } from "../functions/index.ts";
import { parse, parseExpression } from "../syntax/parse.ts";
import { schemaFromMapping, schemaFromTypes } from "./schema.ts";

const { schema: strict } = schemaFromMapping(
  JSON.parse(readFileSync(new URL("../diagnostics/goldens/mapping.json", import.meta.url), "utf8")),
);

function codes(text: string, options: CheckOptions = {}): string[] {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return check(query!, { text, ...options }).diagnostics.map((d) => d.code);
}

describe("accepted, as by Elasticsearch", () => {
  test.each([
    "any where true",
    "any where null",
    "any where process.exists",
    "any where process.exists == true",
    "any where not process.exists",
    'any where process.pid == "12"',
    'any where @timestamp > "2026-01-01"',
    'any where @timestamp >= "now-1d/d"',
    'any where source.ip == "10.0.0.0/8"',
    'any where cidrMatch(source.ip, "10.0.0.0/8", "fe80::/10")',
    'any where body == "x"',
    "any where ?process.other == ?process.another",
    'any where concat(?process.other, "test", ?bar) == "onetest!"',
    'any where (process.pid == 1) == (process.name == "x") or true',
    'any where CONCAT(process.name, "") == "a"',
    "any where concat(process.name, process.command_line) == null",
    "any where length(process.name) + process.pid > -1",
    "any where process.pid in (1, 2, null)",
    "any where process.pid % 2 == 0 | head 0 | tail 5",
    'sequence by host.id with maxspan=1m [any where true] ![any where true] until [any where process.name == "x"]',
    "sequence [any where true] by process.name [any where true] by process.command_line",
    "sequence [any where true] with runs=3",
    "sample by host.id [any where true] [any where true]",
  ])("%s", (text) => {
    const found = codes(text, { schema: strict });
    // Two fields on both sides are refused in any case.
    expect(found).toEqual(text.includes("== (") ? ["eql/field-comparison"] : []);
  });
});

test("the tocsin profile accepts what is ours", () => {
  const options: CheckOptions = { profile: "tocsin", schema: strict };
  expect(codes("any where process.name == process.command_line", options)).toEqual([]);
  expect(codes('any where process.name in (process.command_line, "a")', options)).toEqual([]);
  expect(codes('any where source.ip : "10.*" and process.pid : 4', options)).toEqual([]);
  expect(codes('any where cidrMatch(process.name, "10.0.0.0/8")', options)).toEqual([]);
  expect(codes("any where true | count process.name | head", options)).toEqual([]);
  expect(codes('any where true | distinct_count process.name, 0, "10m"', options)).toEqual(["eql/pipe-arguments"]);
  expect(codes('sequence [any where true] [any where true] | distinct_count process.name, 2, "10m"', options)).toEqual([
    "eql/pipe-arguments",
  ]);
  expect(codes("any where true | unique process.nmae | filter process.pid", options)).toEqual(["eql/unknown-field", "eql/not-boolean"]);
});

test("optional fields that may be unmapped are null, not fields", () => {
  expect(codes("any where ?x == ?y")).toEqual([]);
  expect(codes("any where ?process.name == ?process.command_line", { schema: strict })).toEqual(["eql/field-comparison"]);
});

test("an unknown field is reported once", () => {
  expect(codes('any where a.b == 1 or a.b == 2 or a.c : "x"', { schema: strict })).toEqual(["eql/unknown-field", "eql/unknown-field"]);
});

test("what is computed from literals is checked in each item and in conditions alone", () => {
  expect(codes('sequence [any where a regex "("] [any where cidrMatch(a, "x")]')).toEqual(["eql/bad-regex", "eql/bad-cidr"]);
  expect(checkCondition(parseExpression('a regex "("').expr!).diagnostics.map((d) => d.code)).toEqual(["eql/bad-regex"]);
});

test("messages do without the text", () => {
  const { query } = parse('any where startsWith~(1, a) and length(b) and a in ("x", 1, c, 2, 3)');
  expect(check(query!).diagnostics.map((d) => d.summary)).toEqual([
    "first argument of [startsWith~(1, a)] must be [string], found value [1] type [integer]",
    'second argument of [startsWith~(1, a) and length(b) and a in ("x", 1, ...)] must be [boolean], found value [length(b)] type [integer]',
    'Comparisons against fields are not (currently) supported; offender [c] in [a in ("x", 1, ...)]',
  ]);
});

test("a query with thousands of unknown fields is checked in time, with a bounded number of suggestions", () => {
  const schema = schemaFromTypes(
    Array.from({ length: 3_000 }, (_, i) => [`process.field_${i}`, "keyword"] as const),
    true,
  );
  const text = `any where ${Array.from({ length: 5_000 }, (_, i) => `process.feild_${i} == 1`).join(" or ")}`;
  const { diagnostics } = check(parse(text).query!, { text, schema });
  expect(diagnostics).toHaveLength(101);
  expect(diagnostics.at(-1)!.summary).toBe("4900 more diagnostics are not listed");
  expect(diagnostics.filter((d) => d.summary.includes("did you mean"))).toHaveLength(50);
});

test("every example of a function passes the check", () => {
  const examples = FUNCTIONS.flatMap((found) => found.examples.map((example) => example.call));
  expect(examples.length).toBeGreaterThan(50);
  for (const call of examples) {
    const { expr } = parseExpression(`${call} == null`);
    expect([call, checkCondition(expr!, { profile: "tocsin", text: `${call} == null` }).diagnostics]).toEqual([call, []]);
  }
});

test("never throws, and every finding has a known code and a place in the text", () => {
  const word = fc.constantFrom(
    "any",
    "where",
    "process.name",
    "process.pid",
    "length",
    "(",
    ")",
    "[",
    "]",
    "sequence",
    "by",
    "with runs=2",
    "![",
    "==",
    ":",
    "in",
    '"a*"',
    "1",
    "null",
    "not",
    "and",
    "or",
    ",",
    "| head 1",
    "| count",
    "add",
    "@timestamp",
    "regex",
    "-",
    "until",
  );
  const query = fc.array(word, { maxLength: 12 }).map((words) => `any where ${words.join(" ")}`);
  const sequence = fc
    .array(fc.constantFrom("[any where true]", "![any where a : 1]", "[any where length(a)] by b", "with runs=3", "until", "| tail 2"), {
      maxLength: 6,
    })
    .map((items) => `sequence ${items.join(" ")}`);
  let parsed = 0;
  fc.assert(
    fc.property(fc.oneof(query, sequence), fc.constantFrom("elasticsearch" as const, "tocsin" as const), (text, profile) => {
      const read = parse(text);
      if (read.query === null) return;
      parsed++;
      for (const found of check(read.query, { text, profile, schema: strict }).diagnostics) {
        expect(isDiagnosticCode(found.code), found.code).toBe(true);
        expect(found.span.from >= 0 && found.span.from <= found.span.to && found.span.to <= text.length).toBe(true);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(parsed).toBeGreaterThan(50);
});

const rules = new URL("../../../../shared/suites/eql/detection_rules_queries.ndjson", import.meta.url);

test.skipIf(!existsSync(rules))("the queries of 547 live rules pass (skipped: no ../shared/suites/eql beside the checkout)", () => {
  const queries = readFileSync(rules, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { readonly path: string; readonly query: string });
  expect(queries).toHaveLength(547);
  const refused = queries.flatMap(({ path, query: text }) => {
    const { query, diagnostics } = parse(text);
    const found = query === null ? diagnostics : check(query, { text }).diagnostics;
    return found.filter((d) => d.severity === "error").map((d) => `${path}: ${d.summary}`);
  });
  expect(refused).toEqual([]);
});

const suites = new URL("../../../../shared/suites/eql/elasticsearch/", import.meta.url);

test.skipIf(!existsSync(suites))(
  "the 188 queries of Elasticsearch's own suites pass (skipped: no ../shared/suites/eql beside the checkout)",
  () => {
    const queries = ["test_queries", "test_queries_date", "test_missing_events", "test_sample"].flatMap((name) => {
      const file = parseToml(readFileSync(new URL(`${name}.toml`, suites), "utf8")) as unknown as {
        readonly queries: readonly { readonly query: string }[];
      };
      return file.queries.map(({ query }) => query);
    });
    expect(queries).toHaveLength(188);
    for (const text of queries)
      expect([text, check(parse(text).query!, { text }).diagnostics.filter((d) => d.severity === "error")]).toEqual([text, []]);
  },
);
