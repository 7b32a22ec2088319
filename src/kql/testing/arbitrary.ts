/** Valid queries at random, for property tests. */
import fc from "fast-check";
import { NOWHERE, type WildcardPart } from "../../eql/index.ts";
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
  .map((pieces): KqlLiteral => {
    const parts: WildcardPart[] = [];
    for (const piece of pieces) {
      const last = parts.at(-1);
      if (piece === null) {
        if (last?.kind !== "any") parts.push({ kind: "any" });
      } else if (last?.kind === "literal") parts[parts.length - 1] = { kind: "literal", text: last.text + piece };
      else parts.push({ kind: "literal", text: piece });
    }
    return { kind: "literal", span, form: "unquoted", parts };
  })
  .filter(canBeUnquoted);

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

const values: fc.Arbitrary<KqlValues> = fc.letrec<{ values: KqlValues }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 3 },
    literal,
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      span: fc.constant(span),
      operands: fc.array(tie("values"), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), span: fc.constant(span), operand: tie("values") }),
  ),
})).values;

/** Queries whose printed form is read back as the same tree. */
export const query: fc.Arbitrary<KqlNode> = fc.letrec<{ node: KqlNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant("match" as const), span: fc.constant(span), field: name, values }),
    fc.record({ kind: fc.constant("match" as const), span: fc.constant(span), field: fc.constant(null), values: literal }),
    fc.record({
      kind: fc.constant("range" as const),
      span: fc.constant(span),
      field: name,
      op: fc.constantFrom("<", "<=", ">", ">=" as const),
      value: literal,
    }),
    fc.record({ kind: fc.constant("nested" as const), span: fc.constant(span), field: name, query: tie("node") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      span: fc.constant(span),
      operands: fc.array(tie("node"), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), span: fc.constant(span), operand: tie("node") }),
  ),
})).node;
