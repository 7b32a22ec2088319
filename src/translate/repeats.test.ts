import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileFilter,
  identityOf,
  junction,
  negation,
  normaliseExpr,
  NOWHERE,
  parseExpression,
  predicatesOf,
  type Condition,
  type EventDocument,
} from "../eql/index.ts";
import * as random from "./testing/arbitrary.ts";
import { withoutRepeats } from "./repeats.ts";

const conditionOf = (text: string) => normaliseExpr(parseExpression(text).expr!);

test.each([
  ['a : "x" and b == 1 and a : "x"', 'a : "x" and b == 1'],
  ['a : "x" or (b == 1 and a : "x")', 'a : "x"'],
  ['a : "x" and (b == 1 or a : "x")', 'a : "x"'],
  ['a : "x" or c == 2 or a : ("y", "x")', 'c == 2 or a : ("y", "x")'],
  ['a != null and (a : "x" or (a : "y" and b == 1))', 'a : "x" or (a : "y" and b == 1)'],
  ['a : "*" and a : "x"', 'a : "x"'],
  ["not (a == 1 or a == 1)", "not a == 1"],
  // Not a repeat.
  ['a : "x" or a == "x"', 'a : "x" or a == "x"'],
  ['a : "x" or b : ("y", "x")', 'a : "x" or b : ("y", "x")'],
  ['a : "x" and a : ("y", "x")', 'a : "x" and a : ("y", "x")'],
  ["a != null and not a == 1", "a != null and not a == 1"],
  ["a != null and (a == 1 or b == 1)", "a != null and (a == 1 or b == 1)"],
])("%s", (source, expected) => {
  expect(identityOf(withoutRepeats(conditionOf(source)))).toBe(identityOf(conditionOf(expected)));
});

/** Predicates of few fields and values, so that they stand in a condition more than once. */
const LEAVES = [
  "process.name != null",
  'process.name : "*"',
  'process.name : "a"',
  'process.name : ("a", "b*")',
  'process.name == "a"',
  'process.args : ("a", "b")',
  'process.args : ("b", "a", "A*")',
  'process.args : "*"',
  "process.args != null",
  "process.pid != null",
  "process.pid == 1",
  "process.pid < 3",
  'process.pid : "*"',
].flatMap((text) => {
  const condition = conditionOf(text);
  return condition.kind === "predicate"
    ? [{ condition, test: compileFilter({ span: NOWHERE, category: null, condition: parseExpression(text).expr! }) }]
    : [];
});
const TESTS = new Map(LEAVES.map(({ condition, test: holds }) => [identityOf(condition.predicate), holds]));

const conditions: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...LEAVES.map(({ condition }) => condition)) },
    { weight: 1, arbitrary: tie("condition").map(negation) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("condition"), { minLength: 2, maxLength: 5 }))
        .map(([kind, operands]) => junction(kind, operands)),
    },
  ),
})).condition;

function holds(condition: Condition, event: EventDocument): boolean {
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "predicate":
      return TESTS.get(identityOf(condition.predicate))!(event);
    case "not":
      return !holds(condition.operand, event);
    case "and":
      return condition.operands.every((operand) => holds(operand, event));
    case "or":
      return condition.operands.some((operand) => holds(operand, event));
  }
}

test("it holds of the same events", () => {
  expect(LEAVES.length).toBe(13);
  let shorter = 0;
  fc.assert(
    fc.property(conditions, fc.array(random.event, { minLength: 1, maxLength: 6 }), (condition, events) => {
      const rest = withoutRepeats(condition);
      if (predicatesOf(rest).length < predicatesOf(condition).length) shorter++;
      for (const event of events) expect(holds(rest, event)).toBe(holds(condition, event));
    }),
    { numRuns: 3000 },
  );
  expect(shorter).toBeGreaterThan(300);
});
