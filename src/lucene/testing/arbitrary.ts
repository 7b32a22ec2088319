/** Valid queries at random, for property tests. */
import fc from "fast-check";
import { NOWHERE, mergedParts, type WildcardPart } from "../../eql/index.ts";
import * as random from "../../translate/testing/arbitrary.ts";
import type { LuceneBound, LuceneClause, LuceneLiteral, LuceneName, LuceneNode, LuceneRegex, LuceneValue } from "../tree.ts";

const span = NOWHERE;

const WORDS = ["AND", "OR", "NOT", "TO", "and", "_exists_", "a b", "&&", "||", "-5", "+", "\u3000", "ü漢😀", "u0041", "\u00a0", "now-1d/d"];
const text = fc.oneof({ weight: 3, arbitrary: random.text }, fc.constantFrom(...WORDS), fc.string({ minLength: 1, maxLength: 6 }));
const filled = text.filter((value) => value !== "");

const quoted: fc.Arbitrary<LuceneLiteral> = text.map((value) => ({ kind: "literal", span, form: "quoted", parts: plain(value) }));

/** What begins with `<` or `>` is a comparison. */
const unquoted: fc.Arbitrary<LuceneLiteral> = fc
  .array(fc.oneof(filled, fc.constant(null), fc.constant(undefined)), { minLength: 1, maxLength: 4 })
  .map((pieces): LuceneLiteral => {
    const parts = pieces.map((piece): WildcardPart =>
      piece === null ? { kind: "any" } : piece === undefined ? { kind: "one" } : { kind: "literal", text: piece },
    );
    return { kind: "literal", span, form: "unquoted", parts: mergedParts(parts) };
  })
  .filter(({ parts }) => !(parts[0]?.kind === "literal" && /^[<>]/.test(parts[0].text)));

const regex: fc.Arbitrary<LuceneRegex> = fc
  .array(fc.constantFrom("a", "b", "A", ".", ".*", "[ab]", "[^a]", "(a|b)", "a?", "b+", "\\.", "\\/", "a{1,2}"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => ({ kind: "regex", span, source: parts.join("") }));

function plain(value: string): WildcardPart[] {
  return value === "" ? [] : [{ kind: "literal", text: value }];
}

function name(of: string): LuceneName {
  return { span, parts: plain(of) };
}

const bound = (value: fc.Arbitrary<string>): fc.Arbitrary<LuceneBound> =>
  fc.record({ span: fc.constant(span), text: value, inclusive: fc.boolean() });

function range(value: fc.Arbitrary<string>, sides: "one" | "both"): fc.Arbitrary<LuceneValue> {
  const both = fc.tuple(bound(value), bound(value));
  return fc
    .tuple(both, sides === "both" ? fc.constantFrom(0, 1, 2) : fc.constantFrom(0, 1))
    .map(([[from, to], which]) => ({ kind: "range", span, from: which === 0 ? null : from, to: which === 1 ? null : to }));
}

const isAnything = ({ parts }: LuceneLiteral): boolean => parts.length === 1 && parts[0]!.kind === "any";

function term(field: fc.Arbitrary<LuceneName | null>, value: fc.Arbitrary<LuceneValue>): fc.Arbitrary<LuceneNode> {
  return fc
    .tuple(field, value)
    .map(([of, one]): LuceneNode =>
      of !== null && one.kind === "literal" && isAnything(one)
        ? { kind: "exists", span, field: of }
        : { kind: "term", span, field: of, value: one },
    );
}

function group(leaf: fc.Arbitrary<LuceneNode>): fc.Arbitrary<LuceneNode> {
  return fc.letrec<{ node: LuceneNode; clause: LuceneClause }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc
        .array(tie("clause"), { minLength: 1, maxLength: 4 })
        .map((clauses): LuceneNode =>
          clauses.length === 1 && clauses[0]!.occur !== "must_not" ? clauses[0]!.node : { kind: "group", span, clauses },
        ),
    ),
    clause: fc.record({ occur: fc.constantFrom("must", "should", "must_not"), span: fc.constant(span), node: tie("node") }),
  })).node;
}

const anyName: fc.Arbitrary<LuceneName> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "process.name", "@timestamp").map(name) },
  filled.filter((value) => value !== "_exists_" && !value.includes("*")).map(name),
  fc.constant<LuceneName>({ span, parts: [{ kind: "literal", text: "process." }, { kind: "any" }] }),
);

/** Queries whose printed form is read back as the same tree. */
export const query: fc.Arbitrary<LuceneNode> = group(
  fc.oneof(
    term(fc.oneof(fc.constant(null), anyName), fc.oneof(quoted, unquoted, regex)),
    term(anyName, range(filled, "both")),
    anyName.map((field): LuceneNode => ({ kind: "exists", span, field })),
  ),
);

const numbers = fc.integer({ min: -1, max: 6 }).map(String);
const addresses = fc.constantFrom("10.0.0.1", "10.0.0.0/8", "::1", "fe80::/10", "192.168.1.7");
const quotedOf = (values: fc.Arbitrary<string>): fc.Arbitrary<LuceneLiteral> =>
  values.map((value) => ({ kind: "literal", span, form: "quoted", parts: plain(value) }));
const fields = (...names: readonly string[]): fc.Arbitrary<LuceneName> => fc.constantFrom(...names).map(name);
const textFields = fields("process.name", "process.args", "process.command_line", "file.path");

/** Queries over the fields of `random.event`, of which those of `process.pid` and `destination.port` ask for numbers. */
export const typedQuery: fc.Arbitrary<LuceneNode> = group(
  fc.oneof(
    {
      weight: 4,
      arbitrary: term(
        textFields,
        fc.oneof(
          quoted,
          unquoted,
          regex,
          range(
            random.text.filter((value) => value !== ""),
            "one",
          ),
        ),
      ),
    },
    { weight: 2, arbitrary: term(fields("process.pid", "destination.port"), quotedOf(numbers)) },
    // Both bounds of a range hold for one and the same value: asked of a field that has one.
    term(fields("destination.port"), range(numbers, "both")),
    term(fields("source.ip"), quotedOf(addresses)),
    term(fields("process.interactive"), quotedOf(fc.constantFrom("true", "false"))),
    term(fc.constant(null), fc.oneof(quoted, unquoted)),
    fields("process.name", "process.pid", "source.ip").map((field): LuceneNode => ({ kind: "exists", span, field })),
  ),
);
