import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter, NOWHERE, parse, parseWildcard, type Condition, type EventQuery, type Expr } from "../eql/index.ts";
import { dslMatches } from "./testing/query-dsl.ts";
import { conditionOf } from "./condition.ts";
import { eventClause, whole } from "./languages/query-dsl.ts";

const span = NOWHERE;

function split(condition: string): Condition {
  return conditionOf((parse(`any where ${condition}`).query as EventQuery).filter);
}

test("the character stands where the pattern says it, or in a wildcard", () => {
  const texts = (of: Condition): string => {
    if (of.kind === "predicate" && of.predicate.kind === "text")
      return `${of.predicate.field.slice(5)} ${of.predicate.patterns.map(({ parts }) => parts.map((part) => (part.kind === "any" ? "*" : part.kind === "one" ? "?" : part.text)).join("")).join()}`;
    return of.kind === "and" || of.kind === "or" ? `(${of.operands.map(texts).join(` ${of.kind} `)})` : of.kind;
  };
  expect(texts(split(String.raw`concat(user.domain, "\\", user.name) : "a\\b*"`))).toBe(
    "((domain a and name b*) or (domain a\\b* and name *))",
  );
  expect(texts(split(String.raw`concat(user.domain, "\\", user.name) : "?b"`))).toBe("(domain  and name b)");
  expect(split(String.raw`concat(user.domain, "\\", user.name) : "ab"`)).toEqual({ kind: "constant", value: false });
});

test.each([
  String.raw`concat(user.domain, "ab", user.name) : "*"`,
  String.raw`concat(user.domain, "a", user.name) : "*"`,
  String.raw`concat(user.domain, user.name) : "*"`,
  String.raw`concat(user.domain, "\\", user.name) regex "a"`,
  String.raw`concat(user.domain, "\\", user.name) : "${String.raw`\\`.repeat(70)}"`,
])("%s stays as it is", (condition) => {
  expect(split(condition)).toMatchObject({ kind: "predicate", predicate: { kind: "computed" } });
});

test.each(["two fields", "a field and what follows it"])("on %s at random it is what the engine says", (form) => {
  const text = fc.array(fc.constantFrom("a", "A", "\\", "*", "*", "?"), { maxLength: 4 }).map((parts) => parts.join(""));
  const values = fc.oneof(text, fc.array(text, { maxLength: 2 }), fc.constant(null));
  const field = (name: string): Expr => ({ kind: "field", span, name, optional: false, index: null });
  let matched = 0;
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      fc.array(fc.record({ domain: values, name: values }), { minLength: 1, maxLength: 8 }),
      (patterns, insensitive, negated, users) => {
        const match: Expr = {
          kind: "match",
          span,
          op: "like",
          insensitive,
          list: true,
          value: {
            kind: "call",
            span,
            nameSpan: span,
            name: "concat",
            insensitive: false,
            args:
              form === "two fields"
                ? [field("user.domain"), { kind: "string", span, value: "\\", form: "quoted" }, field("user.name")]
                : [field("user.name"), { kind: "string", span, value: "\\A", form: "quoted" }],
          },
          patterns: patterns.map((one) => ({ kind: "wildcard", span, parts: parseWildcard(one), form: "quoted" })),
        };
        const filter = { span, category: null, condition: negated ? ({ kind: "not", span, value: match } as const) : match };
        const clause = whole(
          eventClause({ kind: "event", span, filter, pipes: [], comments: [] }, new Map(), (loss) => expect.fail(loss.reason)),
        );
        const engine = compileFilter(filter);
        for (const user of users) {
          const wanted = engine({ user });
          if (wanted !== negated) matched++;
          expect(dslMatches(clause, { user })).toBe(wanted);
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(matched).toBeGreaterThan(200);
});
