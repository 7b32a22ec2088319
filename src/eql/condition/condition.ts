/**
 * A condition: predicates, and what joins them. Everything that runs or translates a query reads this form; what differs from one
 * reader to the next is the leaf: a predicate as data (`predicate.ts`), a compiled one, an item of a Sigma selection.
 */
import type { Predicate } from "./predicate.ts";

/** Constants stand alone only: `junction` and `negation` fold them into what surrounds them. */
export type Condition<Leaf = Predicate> =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly operands: readonly Condition<Leaf>[] }
  | { readonly kind: "not"; readonly operand: Condition<Leaf> }
  | { readonly kind: "predicate"; readonly predicate: Leaf };

/** Holds of every event. */
export const TRUE: Condition<never> = { kind: "constant", value: true };
/** Holds of no event. */
export const FALSE: Condition<never> = { kind: "constant", value: false };

/** `and` or `or`. A constant decides it or is left out, groups of the same kind become one, a single operand stands for itself. */
export function junction<Leaf>(kind: "and" | "or", operands: readonly Condition<Leaf>[]): Condition<Leaf> {
  const neutral = kind === "and";
  const kept: Condition<Leaf>[] = [];
  for (const operand of operands) {
    if (operand.kind === "constant") {
      if (operand.value !== neutral) return operand;
    } else if (operand.kind === kind) kept.push(...operand.operands);
    else kept.push(operand);
  }
  if (kept.length === 0) return neutral ? TRUE : FALSE;
  return kept.length === 1 ? kept[0]! : { kind, operands: kept };
}

/** `not`. A double one cancels out. */
export function negation<Leaf>(operand: Condition<Leaf>): Condition<Leaf> {
  if (operand.kind === "constant") return operand.value ? FALSE : TRUE;
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

/**
 * The condition with each leaf replaced by a condition over other leaves.
 * @param replace `positive` is false under an odd number of `not`: there a leaf that matches more makes the whole match less.
 */
export function replacePredicates<From, To>(
  condition: Condition<From>,
  replace: (leaf: From, positive: boolean) => Condition<To>,
  positive = true,
): Condition<To> {
  switch (condition.kind) {
    case "constant":
      return condition;
    case "predicate":
      return replace(condition.predicate, positive);
    case "not":
      return negation(replacePredicates(condition.operand, replace, !positive));
    default:
      return junction(
        condition.kind,
        condition.operands.map((operand) => replacePredicates(operand, replace, positive)),
      );
  }
}

/** The leaves from left to right, repeated ones as often as they stand there. */
export function predicatesOf<Leaf>(condition: Condition<Leaf>): readonly Leaf[] {
  switch (condition.kind) {
    case "constant":
      return [];
    case "predicate":
      return [condition.predicate];
    case "not":
      return predicatesOf(condition.operand);
    default:
      return condition.operands.flatMap(predicatesOf);
  }
}
