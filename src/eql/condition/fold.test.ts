import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Loss } from "../diagnostics/loss.ts";
import { compileFilter, type EventTest } from "../run/compile.ts";
import { NOWHERE } from "../span.ts";
import { parseExpression } from "../syntax/parse.ts";
import type { Expr } from "../syntax/tree.ts";
import type { EventDocument } from "../values/fields.ts";
import type { Condition } from "./condition.ts";
import { fold, rewrite, type Folder } from "./fold.ts";
import { normaliseExpr } from "./normalise.ts";

/** A target that writes EQL and knows no field whose name begins with `lost`; `yes` and `no` are known beforehand. */
const TARGET: Folder<string> = {
  all: (operands) => `(${operands.join(" and ")})`,
  any: (operands) => `(${operands.join(" or ")})`,
  not: (operand) => `not ${operand}`,
  predicate: (predicate) => {
    const name = "field" in predicate ? predicate.field : "";
    if (name.startsWith("lost")) return { unsupported: `No ${name}`, advice: "Another field." };
    return name === "yes" ? true : name === "no" ? false : name;
  },
};

/** The text, null where nothing is left. */
function written(condition: Condition): { readonly text: string | null; readonly losses: readonly Loss[] } {
  const losses: Loss[] = [];
  const whole = fold(condition, TARGET, (loss) => losses.push(loss));
  return { text: whole.kind === "lost" ? null : String(whole.value), losses };
}

const folded = (condition: Expr): ReturnType<typeof written> => written(normaliseExpr(condition));

const LEFT_OUT = "this part of the condition is left out";
const GONE = "this alternative is left out";

describe("what is left out, and what that does to the whole", () => {
  test.each([
    // Not under `not`.
    ["a and lost", "a", ["wider: No lost: " + LEFT_OUT]],
    ["a or lost", "a", ["narrower: No lost: " + GONE]],
    ["a and not lost", "a", ["wider: No lost: " + LEFT_OUT]],
    ["a or not lost", "a", ["narrower: No lost: " + GONE]],
    // Under one.
    ["not (a and lost)", "not a", ["narrower: No lost: " + GONE]],
    ["not (a or lost)", "not a", ["wider: No lost: " + LEFT_OUT]],
    ["b and not (a and lost)", "(b and not a)", ["narrower: No lost: " + GONE]],
    ["b or not (a or not lost)", "(b or not a)", ["wider: No lost: " + LEFT_OUT]],
    // Under two.
    ["not (b and not (a and lost))", "not (b and not a)", ["wider: No lost: " + LEFT_OUT]],
    ["not (b or not (a or lost))", "not (b or not a)", ["narrower: No lost: " + GONE]],
    // A group with nothing left is left out of the group it stands in.
    ["a and (lost1 or lost2)", "a", ["wider: No lost1: " + LEFT_OUT, "wider: No lost2: " + LEFT_OUT]],
    ["a or (lost1 and lost2)", "a", ["narrower: No lost1: " + GONE, "narrower: No lost2: " + GONE]],
    ["not (a or (lost1 and not lost2))", "not a", ["wider: No lost1: " + LEFT_OUT, "wider: No lost2: " + LEFT_OUT]],
    // Both at once.
    ["(a or lost1) and (b or c) and lost2", "(a and (b or c))", ["narrower: No lost1: " + GONE, "wider: No lost2: " + LEFT_OUT]],
    // Nothing is left.
    ["lost", null, ["untranslatable: No lost: and nothing else is left"]],
    ["not lost", null, ["untranslatable: No lost: and nothing else is left"]],
    [
      "not (lost1 and not lost2)",
      null,
      ["untranslatable: No lost1: and nothing else is left", "untranslatable: No lost2: and nothing else is left"],
    ],
    // What is known beforehand decides, or is not there.
    ["yes and lost", null, ["untranslatable: No lost: and nothing else is left"]],
    ["no and lost", "false", []],
    ["yes or lost", "true", []],
    ["not (no and lost)", "true", []],
    ["not (yes or a) or b", "b", []],
    ["a and yes", "a", []],
    ["yes and not no", "true", []],
  ] as const)("%s", (condition, text, losses) => {
    const result = folded(parseExpression(condition).expr!);
    expect(result.text).toBe(text);
    expect(result.losses.map(({ effect, reason }) => `${effect}: ${reason}`)).toEqual(losses);
  });

  test.each([
    ["a and lost", true],
    ["a and (lost1 or lost2)", true],
    ["not (b and not (a and lost))", true],
    ["a and not (lost1 and not lost2)", true],
    // An exclusion, however it is written.
    ["a and not lost", false],
    ["a and not (b or lost)", false],
    // Not wider.
    ["a or lost", false],
    ["not (a and lost)", false],
    ["lost", false],
  ])("%s drops what had to hold: %s", (condition, expected) => {
    const { losses } = folded(parseExpression(condition).expr!);
    expect(losses).not.toEqual([]);
    expect(losses.some(({ dropsConjunct }) => dropsConjunct === true)).toBe(expected);
  });

  test("a loss has the place and the advice of its predicate", () => {
    const { losses } = folded(parseExpression("a and lost == 3").expr!);
    expect(losses).toMatchObject([{ span: { from: 6, to: 15 }, advice: "Another field." }]);
  });
});

// --------------------------------------------------------------------------- the promise, on conditions at random

const FIELDS = ["a", "b", "lost1", "lost2", "yes", "no"] as const;
const EVENTS = Array.from({ length: 16 }, (_, bits) => ({
  ...Object.fromEntries(FIELDS.slice(0, 4).flatMap((name, bit) => ((bits & (1 << bit)) === 0 ? [] : [[name, true]]))),
  yes: true,
}));

const span = NOWHERE;
const booleans: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...FIELDS).map((name): Expr => ({ kind: "field", span, name, optional: false, index: null })),
    tie("expr").map((value): Expr => ({ kind: "not", span, value })),
    fc
      .record({ op: fc.constantFrom("and" as const, "or" as const), operands: fc.array(tie("expr"), { minLength: 2, maxLength: 4 }) })
      .map((e): Expr => ({ kind: "logical", span, ...e })),
  ),
})).expr;

function worst(losses: readonly Loss[]): Loss["effect"] {
  return (["untranslatable", "narrower", "wider"] as const).find((effect) => losses.some((loss) => loss.effect === effect)) ?? "exact";
}

/** Holds the text against the source: what its losses say is what it does. */
function keepsPromise(losses: readonly Loss[], source: EventTest, target: EventTest, events: readonly EventDocument[]): void {
  const effects = new Set(losses.map((loss) => loss.effect));
  expect(effects).not.toContain("untranslatable");
  for (const event of events) {
    if (!effects.has("wider")) expect(!target(event) || source(event), "matches more, and does not say so").toBe(true);
    if (!effects.has("narrower")) expect(target(event) || !source(event), "matches less, and does not say so").toBe(true);
  }
}

test("wider is a superset, narrower a subset, exact the same: of what is left out", () => {
  const seen = { exact: 0, wider: 0, narrower: 0, untranslatable: 0 };
  fc.assert(
    fc.property(booleans, (condition) => {
      const { text, losses } = folded(condition);
      seen[worst(losses)]++;
      expect(text === null).toBe(losses.some((loss) => loss.effect === "untranslatable"));
      if (text === null) return;
      const filter = { span, category: null, condition };
      const target = compileFilter({ span, category: null, condition: parseExpression(text).expr! });
      keepsPromise(losses, compileFilter(filter), target, EVENTS);
    }),
    { numRuns: 2000 },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(50);
});

test("the same of conditions that are rewritten before they are folded", () => {
  fc.assert(
    fc.property(booleans, (condition) => {
      const losses: Loss[] = [];
      const rest = rewrite(
        normaliseExpr(condition),
        (predicate, positive) => {
          const replaced = TARGET.predicate(predicate, positive);
          if (typeof replaced === "boolean") return { kind: "constant", value: replaced };
          return typeof replaced === "string" ? { kind: "predicate", predicate } : replaced;
        },
        (loss) => losses.push(loss),
      );
      expect(rest === null).toBe(worst(losses) === "untranslatable");
      if (rest === null) return;
      const { text, losses: none } = written(rest);
      expect(none).toEqual([]);
      const target = compileFilter({ span, category: null, condition: parseExpression(text!).expr! });
      keepsPromise(losses, compileFilter({ span, category: null, condition }), target, EVENTS);
    }),
  );
});

test("fields chosen by a pattern of their names are left out of any target", () => {
  const named: Expr = { kind: "any-field", span, insensitive: true, patterns: [], names: [{ kind: "any" }] };
  const { text, losses } = folded({ kind: "logical", span, op: "and", operands: [parseExpression("a == 1").expr!, named] });
  expect(text).toBe("a");
  expect(losses.map(({ effect, advice }) => [effect, advice])).toEqual([["wider", "Name the fields."]]);
});
