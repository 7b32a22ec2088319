/** Building a target's own text or tree out of a condition, from the leaves up, leaving out and naming what the target cannot express. */
import { turned, type Loss, type LossEffect } from "../diagnostics/loss.ts";
import { FALSE, TRUE, junction, negation, type Condition } from "./condition.ts";
import type { Predicate } from "./predicate.ts";

/** A predicate that the target cannot express. */
export interface Unsupported {
  /** What is wrong, as the start of a sentence: `KQL has no regular expressions of Lucene's kind`. */
  readonly unsupported: string;
  readonly advice?: string;
}

/** What a target's own form of a condition is built with. */
export interface Folder<T> {
  readonly all: (operands: readonly T[]) => T;
  readonly any: (operands: readonly T[]) => T;
  readonly not: (operand: T) => T;
  /**
   * A truth value where the target knows the answer beforehand.
   * @param positive false under an odd number of `not`: a predicate that matches more there makes the whole match less.
   */
  readonly predicate: (predicate: Predicate, positive: boolean) => T | boolean | Unsupported;
}

/** `lost`: nothing of the condition can be expressed (`untranslatable` losses say why). `constant`: most targets have no word for it. */
export type Folded<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "lost" };

/** Whether it is a reason rather than a part of the target's condition. */
export function isUnsupported(value: unknown): value is Unsupported {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "unsupported");
}

/** What the effect of leaving a predicate out is called, after the reason. */
const LEFT_OUT = {
  exact: "leaving it out changes nothing",
  wider: "this part of the condition is left out",
  narrower: "this alternative is left out",
  untranslatable: "and nothing else is left",
} as const satisfies Record<LossEffect, string>;

/** No target but Kibana, which is given the query as it stands, can search them. */
const ANY_FIELD_NAMES: Unsupported = {
  unsupported: "A search over fields with names of a pattern is not supported",
  advice: "Name the fields.",
};

function isNamedByPattern(predicate: Predicate): boolean {
  return predicate.kind === "any-field" && predicate.names !== null;
}

interface LostPredicate {
  readonly predicate: Predicate;
  /** False under an odd number of `not`: part of an exclusion. */
  readonly positive: boolean;
  readonly why: Unsupported;
}

interface Lost {
  readonly kind: "lost";
  readonly predicates: readonly LostPredicate[];
}

/**
 * A predicate that cannot be expressed is left out of the `and` or `or` it stands in. Out of an `and` that matches more, out of an `or` it
 * matches less (one alternative is gone, rather than everything let through); under `not` the other way round. `reportLoss` is given
 * which, and whether it is a condition that had to hold (`dropsConjunct`).
 */
export function fold<T>(condition: Condition, folder: Folder<T>, reportLoss: (loss: Loss) => void): Folded<T> {
  type Part = Exclude<Folded<T>, { kind: "lost" }> | Lost;
  const visit = (part: Condition, positive: boolean): Part => {
    switch (part.kind) {
      case "constant":
        return part;
      case "not": {
        const operand = visit(part.operand, !positive);
        if (operand.kind === "constant") return { kind: "constant", value: !operand.value };
        return operand.kind === "lost" ? operand : { kind: "value", value: folder.not(operand.value) };
      }
      case "predicate": {
        const value = isNamedByPattern(part.predicate) ? ANY_FIELD_NAMES : folder.predicate(part.predicate, positive);
        if (typeof value === "boolean") return { kind: "constant", value };
        if (isUnsupported(value)) return { kind: "lost", predicates: [{ predicate: part.predicate, positive, why: value }] };
        return { kind: "value", value };
      }
      default: {
        const neutral = part.kind === "and";
        const values: T[] = [];
        const lost: Lost[] = [];
        for (const operand of part.operands) {
          const one = visit(operand, positive);
          if (one.kind === "value") values.push(one.value);
          else if (one.kind === "lost") lost.push(one);
          else if (one.value !== neutral) return one;
        }
        if (values.length === 0) {
          if (lost.length === 0) return { kind: "constant", value: neutral };
          return { kind: "lost", predicates: lost.flatMap((one) => one.predicates) };
        }
        for (const one of lost) leaveOut(one, turned(neutral ? "wider" : "narrower", positive), reportLoss);
        if (values.length === 1) return { kind: "value", value: values[0]! };
        return { kind: "value", value: neutral ? folder.all(values) : folder.any(values) };
      }
    }
  };
  const folded = visit(condition, true);
  if (folded.kind !== "lost") return folded;
  leaveOut(folded, "untranslatable", reportLoss);
  return { kind: "lost" };
}

function leaveOut({ predicates }: Lost, effect: LossEffect, reportLoss: (loss: Loss) => void): void {
  for (const { predicate, positive, why } of predicates)
    reportLoss({
      effect,
      span: predicate.span,
      reason: `${why.unsupported}: ${LEFT_OUT[effect]}`,
      advice: why.advice ?? null,
      ...(effect === "wider" && positive ? { dropsConjunct: true } : {}),
    });
}

/** Replaces predicates by conditions over other leaves. What cannot be expressed is left out as in `fold`; null where nothing is left. */
export function rewrite<Leaf = Predicate>(
  condition: Condition,
  replace: (predicate: Predicate, positive: boolean) => Condition<Leaf> | Unsupported,
  reportLoss: (loss: Loss) => void,
): Condition<Leaf> | null {
  const folded = fold<Condition<Leaf>>(
    condition,
    {
      all: (operands) => junction("and", operands),
      any: (operands) => junction("or", operands),
      not: negation,
      predicate: (predicate, positive) => {
        const replaced = replace(predicate, positive);
        return !isUnsupported(replaced) && replaced.kind === "constant" ? replaced.value : replaced;
      },
    },
    reportLoss,
  );
  if (folded.kind === "lost") return null;
  return folded.kind === "value" ? folded.value : folded.value ? TRUE : FALSE;
}
