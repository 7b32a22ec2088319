/**
 * Conditions and events over a few fields of ECS at random, alike enough that conditions often hold. For property tests; not
 * exported from the room.
 */
import fc from "fast-check";
import { ecsField } from "../../ecs/index.ts";
import { NOWHERE, parseWildcard, type EventFilter, type Expr, type FieldExpr } from "../../eql/index.ts";

const span = NOWHERE;

/** Short texts of ASCII with everything that some target's syntax knows. */
const PIECES = [
  "a",
  "B",
  "b",
  "C$",
  "*",
  "?",
  "\\",
  '"',
  "'",
  "/",
  ".",
  "%",
  "_",
  " ",
  "+",
  "-",
  "|",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "^",
  "~",
  ":",
  "<",
  ">",
  "#",
  "@",
  "&",
  "!",
  ",",
  "$",
  "\n",
  "\t",
  "1",
  "n",
  "or",
  "AND",
];
export const text: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom("a", "A", "b", "\\") }, fc.constantFrom(...PIECES)), { maxLength: 4 })
  .map((parts) => parts.join(""));

const TEXT_FIELDS = ["process.name", "process.args", "process.command_line", "file.path"] as const;
const NUMBER_FIELDS = ["process.pid", "destination.port"] as const;
const IP_FIELD = "source.ip";
const BOOLEAN_FIELD = "process.interactive";
const ips = ["10.0.0.1", "10.1.0.1", "127.0.0.1", "192.168.1.7", "::1", "fe80::1"];
const numbers = fc.integer({ min: 0, max: 5 });

function some<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | readonly T[] | null | undefined> {
  return fc.oneof(
    { weight: 5, arbitrary: value },
    { weight: 2, arbitrary: fc.array(value, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );
}

export const event: fc.Arbitrary<{ readonly [key: string]: unknown }> = fc
  .record({
    name: some(text),
    args: some(text),
    line: some(text),
    path: some(text),
    pid: some(numbers),
    port: some(numbers),
    ip: some(fc.constantFrom(...ips)),
    interactive: some(fc.boolean()),
    category: fc.constantFrom("process", ["file", "process"], "network", []),
  })
  .map(({ name, args, line, path, pid, port, ip, interactive, category }) => ({
    event: { category },
    process: { name, args, command_line: line, pid, interactive },
    file: { path },
    destination: { port },
    source: { ip },
  }));

const field = (name: string): fc.Arbitrary<FieldExpr> =>
  fc.boolean().map((optional) => ({ kind: "field", span, name, optional, index: null }));
const textField = fc.constantFrom(...TEXT_FIELDS).chain(field);
const numberField = fc.constantFrom(...NUMBER_FIELDS).chain(field);
const anyField = fc.constantFrom(...TEXT_FIELDS, ...NUMBER_FIELDS, IP_FIELD, BOOLEAN_FIELD).chain(field);
const string = text.map((value): Expr => ({ kind: "string", span, value, form: "quoted" }));
const number = numbers.map((value): Expr => ({ kind: "number", span, value, type: "integer" }));

/** What every regular expression has in common, so that an evaluator of any kind can be held against it. */
const regexSource = fc
  .array(fc.constantFrom("a", "b", "A", ".", ".*", "[ab]", "[^a]", "(a|b)", "a?", "b+", "\\.", "\\\\", "a{1,2}"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));

const leaf: fc.Arbitrary<Expr> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .record({ op: fc.constantFrom("==" as const, "!=" as const), left: textField, right: string })
      .map((e): Expr => ({ kind: "comparison", span, ...e })),
  },
  fc
    .record({
      op: fc.constantFrom("==" as const, "!=" as const, "<" as const, "<=" as const, ">" as const, ">=" as const),
      left: numberField,
      right: number,
    })
    .map((e): Expr => ({ kind: "comparison", span, ...e })),
  fc
    .record({ op: fc.constantFrom("==" as const, "!=" as const), left: anyField, right: fc.constant<Expr>({ kind: "null", span }) })
    .map((e): Expr => ({ kind: "comparison", span, ...e })),
  {
    weight: 2,
    arbitrary: fc
      .record({
        negated: fc.boolean(),
        insensitive: fc.boolean(),
        value: textField,
        list: fc.array(string, { minLength: 1, maxLength: 3 }),
      })
      .map((e): Expr => ({ kind: "in", span, ...e })),
  },
  fc
    .record({ negated: fc.boolean(), value: numberField, list: fc.array(number, { minLength: 1, maxLength: 3 }) })
    .map((e): Expr => ({ kind: "in", span, insensitive: false, ...e })),
  {
    weight: 4,
    arbitrary: fc
      .record({
        op: fc.constantFrom(":" as const, "like" as const),
        sensitive: fc.boolean(),
        value: textField,
        texts: fc.array(text, { minLength: 1, maxLength: 3 }),
      })
      .map(({ op, sensitive, value, texts }): Expr => ({
        kind: "match",
        span,
        op,
        insensitive: op === ":" || !sensitive,
        value,
        list: true,
        patterns: texts.map((t) => ({ kind: "wildcard", span, parts: parseWildcard(t), form: "quoted" })),
      })),
  },
  fc
    .record({ insensitive: fc.boolean(), value: textField, sources: fc.array(regexSource, { minLength: 1, maxLength: 2 }) })
    .map(({ insensitive, value, sources }): Expr => ({
      kind: "match",
      span,
      op: "regex",
      insensitive,
      value,
      list: true,
      patterns: sources.map((source) => ({ kind: "regex", span, source, flavour: "lucene", flags: "", form: "quoted" })),
    })),
  fc
    .record({
      name: fc.constantFrom("startsWith", "endsWith", "stringContains"),
      insensitive: fc.boolean(),
      subject: textField,
      piece: string,
    })
    .map(({ name, insensitive, subject, piece }): Expr => ({
      kind: "call",
      span,
      nameSpan: span,
      name,
      insensitive,
      args: [subject, piece],
    })),
  fc
    .record({
      subject: field(IP_FIELD),
      blocks: fc.array(fc.constantFrom("10.0.0.0/8", "127.0.0.0/8", "::1/128", "192.168.1.0/24", "fe80::/10"), {
        minLength: 1,
        maxLength: 2,
      }),
    })
    .map(({ subject, blocks }): Expr => ({
      kind: "call",
      span,
      nameSpan: span,
      name: "cidrMatch",
      insensitive: false,
      args: [subject, ...blocks.map((value): Expr => ({ kind: "string", span, value, form: "quoted" }))],
    })),
  field(BOOLEAN_FIELD),
);

export const condition: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("expr").map((value): Expr => ({ kind: "not", span, value })),
    fc
      .record({ op: fc.constantFrom("and" as const, "or" as const), operands: fc.array(tie("expr"), { minLength: 2, maxLength: 3 }) })
      .map((e): Expr => ({ kind: "logical", span, ...e })),
  ),
})).expr;

export const filter: fc.Arbitrary<EventFilter> = fc
  .record({ category: fc.constantFrom(null, "process", "file"), condition })
  .map(({ category, condition: of }) => ({
    span,
    category: category === null ? null : { span, value: category, form: "identifier" },
    condition: of,
  }));

/** The event with one value at most in each field that has one in ECS. */
export function single(event: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  const one = (path: string, value: unknown): unknown => {
    if (Array.isArray(value)) return ecsField(path)?.array === true ? value : value[0];
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, one(path === "" ? key : `${path}.${key}`, inner)]));
  };
  return one("", event) as { readonly [key: string]: unknown };
}
