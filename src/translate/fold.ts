/** Building a target's own text or tree out of a formula, from the leaves up, with what the target cannot say named and left out. */
import type { Loss } from "../eql/index.ts";
import { join, negate, FALSE, TRUE, type Formula, type Test } from "./formula.ts";

/** A test the target cannot say. */
export interface Untold {
  readonly untold: string;
  readonly advice?: string;
}

export interface Folder<T> {
  readonly all: (operands: readonly T[]) => T;
  readonly any: (operands: readonly T[]) => T;
  readonly not: (operand: T) => T;
  /**
   * @param positive whether a wider test here makes the whole wider: false under an odd number of `not`.
   */
  readonly test: (test: Test, positive: boolean) => T | Untold;
}

export type Folded<T> = { readonly kind: "value"; readonly value: T } | { readonly kind: "constant"; readonly value: boolean };

export function isUntold(value: unknown): value is Untold {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "untold");
}

/**
 * What cannot be said is left out so that nothing is missed: the result is wider there, and `lose` is told. Constants are worked
 * in; a result that is one is returned as such, since most targets have no word for it.
 */
export function fold<T>(formula: Formula, folder: Folder<T>, lose: (loss: Loss) => void): Folded<T> {
  const value = (of: T): Folded<T> => ({ kind: "value", value: of });
  const visit = (part: Formula, positive: boolean): Folded<T> => {
    switch (part.kind) {
      case "constant":
        return part;
      case "not": {
        const operand = visit(part.operand, !positive);
        return operand.kind === "constant" ? { kind: "constant", value: !operand.value } : value(folder.not(operand.value));
      }
      case "test": {
        const told = folder.test(part.test, positive);
        if (!isUntold(told)) return value(told);
        lose(leftOut(part.test, told));
        return { kind: "constant", value: positive };
      }
      default: {
        const neutral = part.kind === "and";
        const told: T[] = [];
        for (const operand of part.operands) {
          const one = visit(operand, positive);
          if (one.kind === "value") told.push(one.value);
          else if (one.value !== neutral) return one;
        }
        if (told.length === 0) return { kind: "constant", value: neutral };
        if (told.length === 1) return value(told[0]!);
        return value(neutral ? folder.all(told) : folder.any(told));
      }
    }
  };
  return visit(formula, true);
}

/** Replaces tests by formulas; null keeps a test as it is. The same rule for what cannot be said as in `fold`. */
export function rewrite(formula: Formula, replace: (test: Test) => Formula | Untold | null, lose: (loss: Loss) => void): Formula {
  const visit = (part: Formula, positive: boolean): Formula => {
    switch (part.kind) {
      case "constant":
        return part;
      case "not":
        return negate(visit(part.operand, !positive));
      case "test": {
        const made = replace(part.test);
        if (made === null) return part;
        if (!isUntold(made)) return made;
        lose(leftOut(part.test, made));
        return positive ? TRUE : FALSE;
      }
      default:
        return join(
          part.kind,
          part.operands.map((operand) => visit(operand, positive)),
        );
    }
  };
  return visit(formula, true);
}

function leftOut(test: Test, { untold, advice }: Untold): Loss {
  return { effect: "wider", span: test.span, reason: `${untold}: this part of the condition is left out`, advice: advice ?? null };
}
