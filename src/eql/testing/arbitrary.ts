/** Valid trees at random, for property tests. Not exported from the room. */
import fc from "fast-check";
import { NOWHERE } from "../span.ts";
import type { EventFilter, Expr, FieldExpr, Pattern, Pipe, Query, SequenceItem } from "../syntax/tree.ts";
import { parseWildcard } from "../syntax/wildcard.ts";

const span = NOWHERE;
const word = fc.constantFrom("process", "name", "a", "b1", "event", "sequence", "with space", "x-y", "@timestamp", "in", "tick`s");
const text = fc.oneof(
  fc.constantFrom("", "net.exe", "C:\\Windows\\*", 'say "hi"', "a\nb\t", "*", "?x*", "ü漢😀", '"""', 'ends"', "\u0001\u007f"),
  fc.string({ maxLength: 8 }),
);
const form = fc.constantFrom("quoted" as const, "raw" as const);
/** A raw string cannot hold everything; what it cannot is printed quoted, which is another tree. */
const string = fc
  .record({ value: text, form })
  .map(({ value, form: f }) => ({ value, form: f === "raw" && /[\r\n]|"""/.test(value) ? ("quoted" as const) : f }));

export const field: fc.Arbitrary<FieldExpr> = fc
  .record({ parts: fc.array(word, { minLength: 1, maxLength: 3 }), optional: fc.boolean(), index: fc.option(fc.nat(9), { freq: 8 }) })
  .map(({ parts, optional, index }) => ({ kind: "field", span, name: parts.join("."), optional, index }));

const number: fc.Arbitrary<Expr> = fc.oneof(
  fc.nat().map((value): Expr => ({ kind: "number", span, value, type: value <= 2_147_483_647 ? "integer" : "long" })),
  fc.constant<Expr>({ kind: "number", span, value: 9_007_199_254_740_993n, type: "long" }),
  fc.constantFrom(0.5, 1, 1e21, 1e-7, 1e20).map((value): Expr => ({ kind: "number", span, value, type: "double" })),
);
const literal: fc.Arbitrary<Expr> = fc.oneof(
  string.map((s): Expr => ({ kind: "string", span, ...s })),
  number,
  fc.boolean().map((value): Expr => ({ kind: "boolean", span, value })),
  fc.constant<Expr>({ kind: "null", span }),
);
const pattern = (op: ":" | "like" | "regex"): fc.Arbitrary<Pattern> =>
  op === "regex"
    ? string.map((s): Pattern => ({ kind: "regex", span, source: s.value, flavour: "lucene", flags: "", form: s.form }))
    : fc.oneof(
        {
          weight: 6,
          arbitrary: string.map((s): Pattern => ({
            kind: "wildcard",
            span,
            parts: parseWildcard(s.value.replaceAll(/\*+/g, "*")),
            form: s.form,
          })),
        },
        { weight: 1, arbitrary: fc.boolean().map((value): Pattern => ({ kind: "value", span, value: { kind: "boolean", span, value } })) },
      );

export const expression: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => {
  const expr = tie("expr");
  const list = fc.array(expr, { minLength: 1, maxLength: 3 });
  return {
    expr: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.oneof(field, literal),
      fc
        .record({ op: fc.constantFrom("==" as const, "!=" as const, "<" as const, ">=" as const), left: expr, right: expr })
        .map((e): Expr => ({ kind: "comparison", span, ...e })),
      fc
        .record({ op: fc.constantFrom("and" as const, "or" as const), operands: fc.array(expr, { minLength: 2, maxLength: 4 }) })
        .map((e): Expr => ({ kind: "logical", span, ...e })),
      expr.map((value): Expr => ({ kind: "not", span, value })),
      fc
        .record({ op: fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const, "%" as const), left: expr, right: expr })
        .map((e): Expr => ({ kind: "arithmetic", span, ...e })),
      fc.record({ op: fc.constantFrom("-" as const, "+" as const), value: expr }).map((e): Expr => ({ kind: "negate", span, ...e })),
      fc.record({ negated: fc.boolean(), insensitive: fc.boolean(), value: expr, list }).map((e): Expr => ({ kind: "in", span, ...e })),
      fc
        .constantFrom(":" as const, "like" as const, "regex" as const)
        .chain((op) =>
          fc.record({
            op: fc.constant(op),
            insensitive: op === ":" ? fc.constant(true) : fc.boolean(),
            value: expr,
            patterns: fc.array(pattern(op), { minLength: 1, maxLength: 3 }),
            list: fc.boolean(),
          }),
        )
        .map((e): Expr => ({ kind: "match", span, ...e, list: e.list || e.patterns.length > 1 })),
      fc
        .record({
          name: fc.constantFrom("length", "startsWith", "concat"),
          insensitive: fc.boolean(),
          args: fc.array(expr, { maxLength: 3 }),
        })
        .map((e): Expr => ({ kind: "call", span, nameSpan: span, ...e })),
    ),
  };
}).expr;

const filter: fc.Arbitrary<EventFilter> = fc
  .record({
    category: fc.constantFrom(
      null,
      { span, value: "process", form: "identifier" as const },
      { span, value: 'my "kind"', form: "quoted" as const },
    ),
    condition: expression,
  })
  .map((f) => ({ span, ...f }));
const keys = fc.array(field, { maxLength: 2 });
const item: fc.Arbitrary<SequenceItem> = fc
  .record({ missing: fc.boolean(), filter, by: keys, runs: fc.integer({ min: 1, max: 100 }), written: fc.boolean() })
  .map(({ runs, written, ...rest }) => ({ span, ...rest, runs: written ? runs : 1, runsSpan: written ? span : null }));
const pipe: fc.Arbitrary<Pipe> = fc
  .record({ name: fc.constantFrom("head", "tail", "sort", "distinct_count"), args: fc.array(expression, { maxLength: 2 }) })
  .map((p) => ({ span, nameSpan: span, ...p }));
const common = { span: fc.constant(span), pipes: fc.array(pipe, { maxLength: 2 }), comments: fc.constant([]) };

export const query: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ kind: fc.constant("event" as const), filter, ...common }),
  fc.record({
    kind: fc.constant("sequence" as const),
    by: keys,
    maxspan: fc.option(
      fc.record({
        span: fc.constant(span),
        value: fc.integer({ min: 1, max: 999 }),
        unit: fc.constantFrom("ms" as const, "s" as const, "m" as const, "h" as const, "d" as const),
      }),
    ),
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
    until: fc.option(item.filter((i) => !i.missing)),
    ...common,
  }),
  fc.record({ kind: fc.constant("sample" as const), by: keys, items: fc.array(item, { minLength: 1, maxLength: 3 }), ...common }),
);
