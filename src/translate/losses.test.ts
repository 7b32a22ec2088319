import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter, NOWHERE, parseExpression, type EventDocument, type EventTest, type Expr, type Loss } from "../eql/index.ts";
import { eventClause, whole } from "./languages/query-dsl.ts";
import { effectOf } from "./loss-list.ts";
import * as random from "./testing/arbitrary.ts";
import { dslMatches } from "./testing/query-dsl.ts";

const span = NOWHERE;

/** Holds the text against the source: what its losses say is what it does. */
function keepsPromise(losses: readonly Loss[], source: EventTest, target: EventTest, events: readonly EventDocument[]): void {
  const effects = new Set(losses.map((loss) => loss.effect));
  expect(effects).not.toContain("untranslatable");
  for (const event of events) {
    if (!effects.has("wider")) expect(!target(event) || source(event), "matches more, and does not say so").toBe(true);
    if (!effects.has("narrower")) expect(target(event) || !source(event), "matches less, and does not say so").toBe(true);
  }
}

/** Conditions of a real target, a part of which it cannot have: computed values. */
const withComputed: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 2, arbitrary: random.condition },
    fc
      .constantFrom("length(process.name) > 1", "process.name == file.path", 'concat(process.name, process.args) : "a*"')
      .map((text) => parseExpression(text).expr!),
    tie("expr").map((value): Expr => ({ kind: "not", span, value })),
    fc
      .record({ op: fc.constantFrom("and" as const, "or" as const), operands: fc.array(tie("expr"), { minLength: 2, maxLength: 3 }) })
      .map((e): Expr => ({ kind: "logical", span, ...e })),
  ),
})).expr;

test("wider is a superset, narrower a subset, exact the same: of Query DSL, run on events at random", () => {
  const seen = { exact: 0, wider: 0, narrower: 0, untranslatable: 0 };
  fc.assert(
    fc.property(withComputed, fc.array(random.event, { minLength: 1, maxLength: 6 }), (condition, events) => {
      const filter = { span, category: null, condition };
      const losses: Loss[] = [];
      const clause = whole(eventClause({ kind: "event", span, filter, pipes: [], comments: [] }, new Map(), (loss) => losses.push(loss)));
      seen[effectOf(losses)]++;
      expect(clause === null).toBe(effectOf(losses) === "untranslatable");
      if (clause === null) return;
      keepsPromise(losses, compileFilter(filter), (event) => dslMatches(clause, event), events);
    }),
    { numRuns: 1500 },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20);
});
