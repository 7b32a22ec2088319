import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpr, compileFilter } from "./compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { interpretFilter } from "../testing/interpret.ts";
import { parse, parseExpression } from "../syntax/parse.ts";
import { NOWHERE } from "../span.ts";
import type { EventFilter, Expr, Pattern, WildcardPart } from "../syntax/tree.ts";

function filterOf(text: string): EventFilter {
  const { query, diagnostics } = parse(text);
  if (query?.kind !== "event") throw new Error(`${text}: ${diagnostics.map((d) => d.summary).join("; ")}`);
  return query.filter;
}

const matches = (text: string, event: Record<string, unknown>, options = {}): boolean => compileFilter(filterOf(text), options)(event);

describe("predicates and null", () => {
  const table: readonly [query: string, event: Record<string, unknown>, expected: boolean][] = [
    // A predicate over a missing field is false, and `not` turns it into true.
    ['any where a == "x"', {}, false],
    ['any where a != "x"', {}, true],
    ['any where not a == "x"', {}, true],
    ['any where not a : "x*"', {}, true],
    ['any where a not in ("x", "y")', {}, true],
    ['any where not a in ("x", "y")', {}, true],
    ["any where a > 1 or a <= 1", {}, false],
    ["any where not (a > 1)", {}, true],
    ["any where not not a > 1", {}, false],
    ["any where a == null", {}, true],
    ["any where a == null", { a: [] }, true],
    ["any where a == null", { a: [null] }, true],
    ["any where a != null", { a: [null, "x"] }, true],
    ["any where null == a", { a: null }, true],
    ["any where concat(a, b) == null", { a: "x" }, true],
    ["any where concat(a, b) == null", { a: "x", b: "y" }, false],
    ["any where null == (a > -1)", {}, true],
    ["any where null == (a > -1)", { a: 3 }, false],
    ["any where ?a == null", {}, true],
    ["any where ?a != null", {}, false],
    ["any where ?a", {}, false],
    ["any where ?a == ?b", {}, true],
    ["any where ?a != ?b", {}, false],
    ["any where not null", {}, false],
    ["any where null or true", {}, true],
    ["any where a", { a: true }, true],
    ["any where a", { a: false }, false],
    ["any where a", { a: "true" }, true],
    // Patterns are compared with the digits of a number, functions of texts with texts alone.
    ['any where a like "4*"', { a: 42 }, true],
    ['any where startsWith(a, "4")', { a: 42 }, false],
    ['any where startsWith(a, "")', { a: 42 }, false],
    ['any where not endsWith~(a, "X")', { a: true }, true],
    ['any where stringContains(a, "x")', { a: [1, "axb"] }, true],
    ['any where stringContains(a, "X")', { a: [1, "axb"] }, false],
    ["any where a", { a: "yes" }, false],
    // Arrays: any element matches; `!=`, `not in` and `not` mean none does.
    ['any where a == "x"', { a: ["y", "x"] }, true],
    ['any where a != "x"', { a: ["y", "x"] }, false],
    ['any where a not in ("x")', { a: ["y", "x"] }, false],
    ['any where a == "x" and a == "y"', { a: ["y", "x"] }, true],
    ["any where length(a) > 3", { a: ["ab", "abcd"] }, true],
    ["any where a - b > 0", { a: [1, 5], b: [4, 9] }, true],
    ["any where a - a > 0", { a: [1, 5] }, true],
    ["any where a - a > 0", { a: 5 }, false],
    ['any where x.a : "k*"', { x: [{ a: "j" }, { a: ["m", "King"] }] }, true],
    // Strings: `==` and `in` are exact and know no wildcards; `:` and like do.
    ['any where a == "X*"', { a: "Xy" }, false],
    ['any where a == "x"', { a: "X" }, false],
    ['any where a : "x"', { a: "X" }, true],
    ['any where a in~ ("x*")', { a: "XY" }, false],
    ['any where a in~ ("xy")', { a: "XY" }, true],
    ['any where a like "x?z"', { a: "x\nz" }, true],
    ['any where a like "x?z"', { a: "x\u{1F600}z" }, true],
    ['any where a like "X?z"', { a: "xyz" }, false],
    ['any where a like~ "X?z"', { a: "xyz" }, true],
    ['any where a : "*\\\\admin$"', { a: "\\\\SRV01\\ADMIN$" }, true],
    ['any where a : "stra\\u{df}e"', { a: "STRA\u00DFE" }, true],
    ['any where a == "\\u{1F600}"', { a: "\u{1F600}" }, true],
    ['any where a : "i"', { a: "\u0130" }, true],
    ['any where a regex "[0-9]+"', { a: "12" }, true],
    ['any where a regex "[0-9]"', { a: "12" }, false],
    ['any where a regex~ "AB.*"', { a: "abc" }, true],
    // Code-point order: an astral character comes after U+FFFF.
    ['any where a > "\\u{FFFF}"', { a: "\u{1F600}" }, true],
    // Numbers.
    ["any where a / 2 == 41", { a: 83 }, true],
    ["any where a / 2.0 == 41", { a: 83 }, false],
    ["any where a == 9007199254740993", { a: 9007199254740993n }, true],
    ["any where a == 9007199254740993", { a: 9007199254740992n }, false],
    ["any where a < 9223372036854775807", { a: 9223372036854775806n }, true],
    ["any where a == 4", { a: "4" }, true],
    ['any where a == "4"', { a: 4 }, true],
    ["any where a in (1, 2.5, 3)", { a: 2.5 }, true],
    // Categories.
    ["process where true", { event: { category: ["x", "process"] } }, true],
    ["process where true", { event: { category: "Process" } }, false],
    ["process where true", {}, false],
    // Keys of every object's prototype are fields like any other.
    ["any where constructor == null", {}, true],
    ['any where __proto__.x == "1"', {}, false],
    ["any where toString.name != null", { toString: { name: "y" } }, true],
    ['any where a.b.c == "v"', { "a.b": { c: "v" } }, true],
    ['any where a.b.c == "v"', { a: { b: { c: "w" } }, "a.b.c": "v" }, true],
  ];
  test.each(table.map(([query, event, expected]) => [query, inspect(event), expected, event] as const))(
    "%s on %s is %s",
    (query, _shown, expected, event) => {
      expect(matches(query, event)).toBe(expected);
      expect(interpretFilter(filterOf(query), event)).toBe(expected);
    },
  );

  test("the category field can be another", () => {
    expect(matches("process where true", { event_type: "process" }, { categoryField: "event_type" })).toBe(true);
  });
});

describe("types from a schema", () => {
  const types: Record<string, string> = {
    k: "keyword",
    n: "long",
    i: "integer",
    d: "date",
    dn: "date_nanos",
    ip: "ip",
    v: "version",
    x: "double",
    b: "boolean",
  };
  const schema = { typeOf: (field: string) => types[field], nullValueOf: (field: string) => (field === "k" ? "NULL" : undefined) };
  const table: readonly [query: string, event: Record<string, unknown>, expected: boolean][] = [
    ['any where d == "2026-01-31T10:00:00.123Z"', { d: "2026-01-31T11:00:00.123+01:00" }, true],
    ['any where d == "2026-01-31T10:00:00.123Z"', { d: 1769853600123 }, true],
    ['any where d == "2026-01-31"', { d: "2026-01-31T23:59:59.999Z" }, true],
    ['any where d > "2026-01-31"', { d: "2026-01-31T23:59:59.999Z" }, false],
    ['any where d >= "2026-01-31" and d < "2026-02"', { d: "2026-01-31T00:00:00Z" }, true],
    ["any where d == 1769853600123", { d: "2026-01-31T10:00:00.123Z" }, true],
    ['any where d >= "now-1d/d"', { d: "2026-01-30T00:00:00Z" }, true],
    ['any where d >= "now-1d/d"', { d: "2026-01-29T23:59:59Z" }, false],
    ['any where dn == "2026-01-31T10:00:00.123456789Z"', { dn: "2026-01-31T10:00:00.123456789Z" }, true],
    ['any where dn == "2026-01-31T10:00:00.123456789Z"', { dn: "2026-01-31T10:00:00.123456788Z" }, false],
    ['any where ip == "::ffff:10.0.0.1"', { ip: "10.0.0.1" }, true],
    ['any where ip == "10.0.0.0/8"', { ip: "10.9.0.1" }, true],
    ['any where ip == "fe80:0::1"', { ip: "FE80::1" }, true],
    ['any where ip > "10.0.0.9"', { ip: "10.0.0.10" }, true],
    ['any where v < "1.10.0"', { v: "1.9.0" }, true],
    ['any where v < "1.5.0"', { v: "1.2.4-SNAPSHOT" }, true],
    ['any where v < "1.5.0" or v > "1.5.0"', { v: "bad" }, false],
    ['any where v == "bad"', { v: "bad" }, true],
    ["any where x / 2 == 3.5", { x: 7 }, true],
    ["any where n / 2 == 3", { n: "7" }, true],
    ["any where b == true", { b: "true" }, true],
    ['any where k == "NULL"', { k: null }, true],
    ['any where k == "NULL"', {}, false],
    ['any where k : "46*"', { k: 4624 }, true],
  ];
  test.each(table.map(([query, event, expected]) => [query, inspect(event), expected, event] as const))(
    "%s on %s is %s",
    (query, _shown, expected, event) => {
      expect(matches(query, event, { schema, now: Date.UTC(2026, 0, 31, 10) })).toBe(expected);
    },
  );

  test("int32 overflows where long does not", () => {
    const faults: string[] = [];
    const options = { schema, onFault: (code: string) => faults.push(code) };
    expect(matches("any where n + 1 > 0", { n: 2147483647 }, options)).toBe(true);
    expect(faults).toEqual([]);
    expect(matches("any where i + 1 > 0", { i: 2147483647 }, options)).toBe(false);
    expect(faults).toEqual(["eql/overflow"]);
  });
});

describe("what fails at run time", () => {
  test.each([
    ["any where a / 0 == 1", { a: 4 }, "eql/division-by-zero"],
    ["any where a % b == 1", { a: 4, b: 0 }, "eql/division-by-zero"],
    ["any where a + 9223372036854775807 > 0", { a: 1 }, "eql/overflow"],
    ["any where number(a) == 1", { a: "x" }, "eql/bad-number"],
    ['any where cidrMatch(a, "10.0.0.0/8")', { a: "localhost" }, "eql/bad-ip"],
    [
      "any where a + b + c + d + e < 0",
      Object.fromEntries([..."abcde"].map((name) => [name, Array.from({ length: 10 }, (_, i) => i)])),
      "eql/too-many-combinations",
    ],
  ])("%s", (query, event, code) => {
    const faults: string[] = [];
    expect(matches(query, event, { onFault: (fault: string) => faults.push(fault) })).toBe(false);
    expect(faults).toEqual([code]);
  });
});

describe("what only compiling finds", () => {
  test.each([
    ['any where a regex "x(y"', "eql/bad-regex"],
    ['any where a regex~ ("ok", "<9-x>")', "eql/bad-regex"],
    ['any where cidrMatch(a, "10.0.0.0/33")', "eql/bad-cidr"],
    ["any where number(a, 1) == 1", "eql/bad-base"],
    ['any where d > "yesterday"', "eql/bad-date"],
    ['any where d > "now-1d"', "eql/no-now"],
    ['any where ip == "here"', "eql/bad-ip"],
  ])("%s", (query, code) => {
    const found: Diagnostic[] = [];
    const schema = { typeOf: (field: string) => ({ d: "date", ip: "ip" })[field] };
    const run = compileFilter(filterOf(query), { schema, onDiagnostic: (d) => found.push(d) });
    expect(found.map((d) => d.code)).toEqual([code]);
    expect(found[0]!.span.to).toBeGreaterThan(found[0]!.span.from);
    expect(run({ a: "1", d: "2026-01-01", ip: "1.1.1.1" })).toBe(false);
  });
});

test("compileExpr gives a value", () => {
  const { expr } = parseExpression("concat(a, length(b))");
  expect(compileExpr(expr!)({ a: "x", b: ["four"] })).toBe("x4");
  expect(compileExpr(expr!)({ a: "x" })).toBe(undefined);
});

// ------------------------------------------------------------------------------------------------ property

const names = ["a", "b", "a.c", "d.e.f"];
const text = fc.constantFrom("", "a", "A", "ab", "aB", "\u00DF", "\u0130", "\u03A3", "\u03C3", "\u{1F600}", "1", "10", "x\ny");
const string: fc.Arbitrary<Expr> = text.map((value) => ({ kind: "string", span: NOWHERE, value, form: "quoted" }));
const number: fc.Arbitrary<Expr> = fc.oneof(
  fc.integer({ min: -3, max: 12 }).map((value): Expr => ({ kind: "number", span: NOWHERE, value, type: "long" })),
  fc.constantFrom(0.5, 2, -1.5, 10).map((value): Expr => ({ kind: "number", span: NOWHERE, value, type: "double" })),
  fc.constant<Expr>({ kind: "number", span: NOWHERE, value: 9223372036854775807n, type: "long" }),
);
const field: fc.Arbitrary<Expr> = fc
  .tuple(fc.constantFrom(...names), fc.boolean())
  .map(([name, optional]) => ({ kind: "field", span: NOWHERE, name, optional: optional && false, index: null }));
const literal = fc.oneof(
  string,
  number,
  fc.boolean().map((value): Expr => ({ kind: "boolean", span: NOWHERE, value })),
  fc.constant<Expr>({ kind: "null", span: NOWHERE }),
);
const parts = fc.array(
  fc.oneof(
    text.filter((t) => t !== "").map((t): WildcardPart => ({ kind: "literal", text: t })),
    fc.constant<WildcardPart>({ kind: "any" }),
    fc.constant<WildcardPart>({ kind: "one" }),
  ),
  { maxLength: 4 },
);
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  parts.map((p): Pattern => ({ kind: "wildcard", span: NOWHERE, parts: p, form: "quoted" })),
  fc
    .constantFrom("a.*", "[a-b]+", "~(a)", "\\d+")
    .map((source): Pattern => ({ kind: "regex", span: NOWHERE, source, flavour: "lucene", flags: "", form: "quoted" })),
);

const { expr: condition } = fc.letrec<{ operand: Expr; expr: Expr }>((tie) => ({
  operand: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    field,
    literal,
    fc.record({
      kind: fc.constant("arithmetic" as const),
      span: fc.constant(NOWHERE),
      op: fc.constantFrom("+", "-", "*", "/", "%"),
      left: tie("operand"),
      right: tie("operand"),
    }) as fc.Arbitrary<Expr>,
    fc
      .tuple(
        fc.constantFrom("length", "string", "number", "concat", "startsWith", "substring", "add", "indexOf"),
        tie("operand"),
        tie("operand"),
        fc.boolean(),
      )
      .map(([name, a, b, insensitive]): Expr => {
        const args = name === "length" || name === "string" || name === "number" ? [a] : [a, b];
        return {
          kind: "call",
          span: NOWHERE,
          nameSpan: NOWHERE,
          name,
          insensitive: insensitive && (name === "startsWith" || name === "indexOf"),
          args,
        };
      }),
    tie("expr"),
  ),
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constant("comparison" as const),
      span: fc.constant(NOWHERE),
      op: fc.constantFrom("==", "!=", "<", "<=", ">", ">="),
      left: tie("operand"),
      right: tie("operand"),
    }) as fc.Arbitrary<Expr>,
    fc.record({
      kind: fc.constant("comparison" as const),
      span: fc.constant(NOWHERE),
      op: fc.constantFrom("==", "!=", "<", ">="),
      left: field,
      right: literal,
    }) as fc.Arbitrary<Expr>,
    fc.record({
      kind: fc.constant("match" as const),
      span: fc.constant(NOWHERE),
      op: fc.constantFrom(":", "like", "regex"),
      insensitive: fc.boolean(),
      value: fc.oneof(field, tie("operand")),
      patterns: fc.array(pattern, { minLength: 1, maxLength: 3 }),
      list: fc.constant(true),
    }) as fc.Arbitrary<Expr>,
    fc.record({
      kind: fc.constant("in" as const),
      span: fc.constant(NOWHERE),
      negated: fc.boolean(),
      insensitive: fc.boolean(),
      value: fc.oneof(field, tie("operand")),
      list: fc.array(fc.oneof({ weight: 5, arbitrary: literal }, { weight: 1, arbitrary: field }), { minLength: 1, maxLength: 4 }),
    }) as fc.Arbitrary<Expr>,
    fc.record({
      kind: fc.constant("any-field" as const),
      span: fc.constant(NOWHERE),
      insensitive: fc.boolean(),
      patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    }) as fc.Arbitrary<Expr>,
    field,
    fc.record({ kind: fc.constant("not" as const), span: fc.constant(NOWHERE), value: tie("expr") }) as fc.Arbitrary<Expr>,
    fc.record({
      kind: fc.constant("logical" as const),
      span: fc.constant(NOWHERE),
      op: fc.constantFrom("and", "or"),
      operands: fc.array(tie("expr"), { minLength: 2, maxLength: 3 }),
    }) as fc.Arbitrary<Expr>,
  ),
}));

const scalar = fc.oneof(text, fc.integer({ min: -2, max: 12 }), fc.constantFrom(0.5, 9223372036854775807n, true, false));
const leaf = fc.oneof(scalar, fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }), fc.constant(null));
const event = fc.record(
  {
    a: fc.oneof(leaf, fc.record({ c: leaf }, { requiredKeys: [] }), fc.array(fc.record({ c: leaf }), { maxLength: 2 })),
    b: leaf,
    "a.c": leaf,
    d: fc.record({ e: fc.record({ f: leaf }), "e.f": leaf }, { requiredKeys: [] }),
    "d.e": fc.record({ f: leaf }),
  },
  { requiredKeys: [] },
);

test("compiled closures equal the interpreter on generated trees and events", () => {
  fc.assert(
    fc.property(condition, fc.array(event, { minLength: 1, maxLength: 5 }), (expr, events) => {
      const filter: EventFilter = { span: NOWHERE, category: null, condition: expr };
      const run = compileFilter(filter);
      for (const one of events) expect(run(one)).toBe(interpretFilter(filter, one));
    }),
    { numRuns: 3_000 },
  );
});
