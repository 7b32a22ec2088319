/** Building a target's own text or tree out of a formula, from the leaves up, with what the target cannot say named and left out. */
import type { Loss, LossEffect } from "../eql/index.ts";
import { FALSE, join, negate, type Formula, type Test } from "./formula.ts";

/** A test the target cannot say. */
export interface Unsupported {
  /** What is wrong, as the start of a sentence: `KQL has no regular expressions of Lucene's kind`. */
  readonly unsupported: string;
  readonly advice?: string;
}

export interface Folder<T> {
  readonly all: (operands: readonly T[]) => T;
  readonly any: (operands: readonly T[]) => T;
  readonly not: (operand: T) => T;
  /**
   * A truth value where the target knows the answer beforehand.
   * @param positive false under an odd number of `not`: a wider test there makes the whole narrower.
   */
  readonly test: (test: Test, positive: boolean) => T | boolean | Unsupported;
}

/** `lost`: nothing of the formula can be said (`untranslatable` losses tell why). `constant`: most targets have no word for it. */
export type Folded<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "lost" };

export function isUnsupported(value: unknown): value is Unsupported {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "unsupported");
}

interface Lost {
  readonly kind: "lost";
  readonly tests: readonly { readonly test: Test; readonly why: Unsupported }[];
}

/**
 * A test that cannot be said is left out of the `and` or `or` it stands in: out of an `and` that makes it wider (an alert too many
 * rather than one too few), out of an `or` it takes one alternative away (rather than letting everything through). `lose` is told which.
 */
export function fold<T>(formula: Formula, folder: Folder<T>, reportLoss: (loss: Loss) => void): Folded<T> {
  type Part = { readonly kind: "value"; readonly value: T } | { readonly kind: "constant"; readonly value: boolean } | Lost;
  const value = (of: T): Part => ({ kind: "value", value: of });
  const visit = (part: Formula, positive: boolean): Part => {
    switch (part.kind) {
      case "constant":
        return part;
      case "not": {
        const operand = visit(part.operand, !positive);
        if (operand.kind === "constant") return { kind: "constant", value: !operand.value };
        return operand.kind === "lost" ? operand : value(folder.not(operand.value));
      }
      case "test": {
        const told = folder.test(part.test, positive);
        if (typeof told === "boolean") return { kind: "constant", value: told };
        return isUnsupported(told) ? { kind: "lost", tests: [{ test: part.test, why: told }] } : value(told);
      }
      default: {
        const neutral = part.kind === "and";
        const told: T[] = [];
        const lost: Lost[] = [];
        for (const operand of part.operands) {
          const one = visit(operand, positive);
          if (one.kind === "value") told.push(one.value);
          else if (one.kind === "lost") lost.push(one);
          else if (one.value !== neutral) return one;
        }
        if (told.length === 0) {
          return lost.length === 0 ? { kind: "constant", value: neutral } : { kind: "lost", tests: lost.flatMap((one) => one.tests) };
        }
        leaveOut(lost, neutral === positive ? "wider" : "narrower", reportLoss);
        if (told.length === 1) return value(told[0]!);
        return value(neutral ? folder.all(told) : folder.any(told));
      }
    }
  };
  const folded = visit(formula, true);
  if (folded.kind === "lost") leaveOut([folded], "untranslatable", reportLoss);
  return folded;
}

function leaveOut(lost: readonly Lost[], effect: LossEffect, reportLoss: (loss: Loss) => void): void {
  for (const { tests } of lost) {
    for (const { test, why } of tests) {
      const rest =
        effect === "untranslatable"
          ? "and nothing else is left"
          : effect === "wider"
            ? "this part of the condition is left out"
            : "this alternative is left out";
      reportLoss({ effect, span: test.span, reason: `${why.unsupported}: ${rest}`, advice: why.advice ?? null });
    }
  }
}

/** Replaces tests by formulas; null keeps a test as it is. What cannot be said is left out as in `fold`; null where nothing is left. */
export function rewrite(
  formula: Formula,
  replace: (test: Test, positive: boolean) => Formula | Unsupported | null,
  reportLoss: (loss: Loss) => void,
): Formula | null {
  const folded = fold<Formula>(
    formula,
    {
      all: (operands) => join("and", operands),
      any: (operands) => join("or", operands),
      not: negate,
      test: (test, positive) => {
        const made = replace(test, positive) ?? { kind: "test" as const, test };
        return "kind" in made && made.kind === "constant" ? made.value : made;
      },
    },
    reportLoss,
  );
  if (folded.kind === "lost") return null;
  return folded.kind === "constant" ? (folded.value ? negate(FALSE) : FALSE) : folded.value;
}
