/** Valid queries at random, for property tests. */
import fc from "fast-check";
import { NOWHERE, mergedParts, type WildcardPart } from "../../eql/index.ts";
import * as random from "../../translate/testing/arbitrary.ts";
import { canBeUnquoted } from "../print.ts";
import type { KqlLiteral, KqlNode, KqlValues } from "../tree.ts";

const span = NOWHERE;
const text = fc.oneof(
  fc.constantFrom(
    "net.exe",
    "C:\\Windows",
    'say "hi"',
    "a\nb\t",
    "*",
    "or",
    "and",
    "not",
    "not a",
    "x or y",
    "cannot go",
    "(a)",
    "{}",
    "<5",
    "true",
    "ü漢😀",
    "\\",
  ),
  fc.string({ minLength: 1, maxLength: 8 }),
);

const quoted: fc.Arbitrary<KqlLiteral> = fc
  .oneof(text, fc.constant(""))
  .map((value) => ({ kind: "literal", span, form: "quoted", parts: value === "" ? [] : [{ kind: "literal", text: value }] }));

const unquoted: fc.Arbitrary<KqlLiteral> = fc
  .array(fc.oneof(text, fc.constant(null)), { minLength: 1, maxLength: 4 })
  .map((pieces): KqlLiteral => ({ kind: "literal", span, form: "unquoted", parts: partsOf(pieces) }))
  .filter(canBeUnquoted);

/** Null is a wildcard. */
function partsOf(pieces: readonly (string | null)[]): WildcardPart[] {
  return mergedParts(pieces.map((piece) => (piece === null ? { kind: "any" } : { kind: "literal", text: piece })));
}

const literal = fc.oneof(quoted, unquoted);

const name: fc.Arbitrary<KqlLiteral> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom("process.name", "a", "b1", "@timestamp", "event.code")
      .map((value): KqlLiteral => ({ kind: "literal", span, form: "unquoted", parts: [{ kind: "literal", text: value }] })),
  },
  { weight: 1, arbitrary: literal },
);

function valuesOf(one: fc.Arbitrary<KqlLiteral>): fc.Arbitrary<KqlValues> {
  return fc.letrec<{ values: KqlValues }>((tie) => ({
    values: fc.oneof(
      { maxDepth: 3 },
      one,
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        span: fc.constant(span),
        operands: fc.array(tie("values"), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("not" as const), span: fc.constant(span), operand: tie("values") }),
    ),
  })).values;
}

function match(field: fc.Arbitrary<KqlLiteral | null>, values: fc.Arbitrary<KqlValues>): fc.Arbitrary<KqlNode> {
  return fc.record({ kind: fc.constant("match" as const), span: fc.constant(span), field, values });
}

function range(field: fc.Arbitrary<KqlLiteral>, value: fc.Arbitrary<KqlLiteral>): fc.Arbitrary<KqlNode> {
  const op = fc.constantFrom("<", "<=", ">", ">=" as const);
  return fc.record({ kind: fc.constant("range" as const), span: fc.constant(span), field, op, value });
}

/** Leaves joined and negated. */
function joined(
  leaf: fc.Arbitrary<KqlNode>,
  others: (node: fc.Arbitrary<KqlNode>) => readonly fc.Arbitrary<KqlNode>[],
): fc.Arbitrary<KqlNode> {
  return fc.letrec<{ node: KqlNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      leaf,
      ...others(tie("node")),
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        span: fc.constant(span),
        operands: fc.array(tie("node"), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("not" as const), span: fc.constant(span), operand: tie("node") }),
    ),
  })).node;
}

/** Queries whose printed form is read back as the same tree. */
export const query: fc.Arbitrary<KqlNode> = joined(
  fc.oneof(match(name, valuesOf(literal)), match(fc.constant(null), literal), range(name, literal)),
  (node) => [fc.record({ kind: fc.constant("nested" as const), span: fc.constant(span), field: name, query: node })],
);

const plain = (value: string, form: KqlLiteral["form"]): KqlLiteral => ({
  kind: "literal",
  span,
  form,
  parts: value === "" ? [] : [{ kind: "literal", text: value }],
});
const fields = (...names: readonly string[]): fc.Arbitrary<KqlLiteral> => fc.constantFrom(...names.map((one) => plain(one, "unquoted")));
const valuesFrom = (texts: fc.Arbitrary<string>): fc.Arbitrary<KqlLiteral> => texts.map((one) => plain(one, "quoted"));

const textFields = fields("process.name", "process.args", "process.command_line", "file.path");
const texts = fc.oneof(
  random.text.map((value) => plain(value, "quoted")),
  fc
    .array(
      fc.oneof(
        random.text.filter((value) => value !== ""),
        fc.constant(null),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((pieces): KqlLiteral => ({ kind: "literal", span, form: "unquoted", parts: partsOf(pieces) }))
    .filter((one) => canBeUnquoted(one) && !/^null$/.test(one.parts.map((part) => (part.kind === "literal" ? part.text : "*")).join(""))),
);
const numbers = valuesFrom(fc.integer({ min: -1, max: 6 }).map(String));
const numberFields = fields("process.pid", "destination.port");
const anything: KqlLiteral = { kind: "literal", span, form: "unquoted", parts: [{ kind: "any" }] };
const addresses = valuesFrom(fc.constantFrom("10.0.0.1", "10.0.0.0/8", "::1", "fe80::/10", "192.168.1.7"));

/** Queries over the fields of `random.event`, each compared with values of its type. */
export const typedQuery: fc.Arbitrary<KqlNode> = joined(
  fc.oneof(
    { weight: 4, arbitrary: match(textFields, valuesOf(texts)) },
    { weight: 2, arbitrary: match(numberFields, valuesOf(numbers)) },
    range(numberFields, numbers),
    range(textFields, valuesFrom(random.text)),
    match(fields("source.ip"), valuesOf(addresses)),
    match(fields("process.interactive"), valuesFrom(fc.constantFrom("true", "false"))),
    match(fields("process.name", "process.pid", "source.ip", "file.path"), fc.constant(anything)),
  ),
  () => [],
);
