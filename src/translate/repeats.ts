/**
 * A condition without what it asks twice. Two fields of the source may be one column of a target (`process.hash.imphash` and a search in
 * all hashes), and a rule may say the same in two selections.
 */
import { identityOf, junction, negation, type Condition, type Predicate } from "../eql/index.ts";
import { isAnything } from "./patterns.ts";

/** The same condition; groups in which an operand is implied by the others are shorter. */
export function withoutRepeats(condition: Condition): Condition {
  switch (condition.kind) {
    case "constant":
    case "predicate":
      return condition;
    case "not":
      return negation(withoutRepeats(condition.operand));
    default: {
      const { kind } = condition;
      const distinct = new Map<string, Condition>();
      for (const operand of condition.operands.map(withoutRepeats)) {
        const identity = identityOf(operand);
        if (!distinct.has(identity)) distinct.set(identity, operand);
      }
      const operands = [...distinct.values()].filter((operand) => !absorbed(operand, kind, distinct));
      return junction(kind, kind === "or" ? withoutNarrower(operands) : withoutPresence(operands));
    }
  }
}

/** `a or (a and b)` is `a`, and so is `a and (a or b)`. */
function absorbed(operand: Condition, kind: "and" | "or", siblings: ReadonlyMap<string, Condition>): boolean {
  if (operand.kind !== (kind === "and" ? "or" : "and")) return false;
  return operand.operands.some((one) => siblings.has(identityOf(one)));
}

/** Without a list of patterns whose every pattern stands in another list of the same field. */
function withoutNarrower(operands: readonly Condition[]): readonly Condition[] {
  const lists = new Map<Condition, { readonly of: string; readonly patterns: ReadonlySet<string> }>();
  for (const operand of operands) {
    if (operand.kind !== "predicate" || operand.predicate.kind !== "text") continue;
    const { patterns, ...rest } = operand.predicate;
    lists.set(operand, { of: identityOf(rest), patterns: new Set(patterns.map(identityOf)) });
  }
  if (lists.size < 2) return operands;
  const all = [...lists.values()];
  return operands.filter((operand) => {
    const own = lists.get(operand);
    if (own === undefined) return true;
    return !all.some(
      ({ of, patterns }) =>
        of === own.of && own.patterns.size < patterns.size && [...own.patterns].every((pattern) => patterns.has(pattern)),
    );
  });
}

/** Without "has a value", where something else is asked of the value: over a missing field that is false. */
function withoutPresence(operands: readonly Condition[]): readonly Condition[] {
  let kept = operands;
  for (const operand of operands) {
    if (operand.kind !== "predicate" || !isPresence(operand.predicate)) continue;
    const { field } = operand.predicate;
    const others = kept.filter((other) => other !== operand);
    if (others.some((other) => requires(other, field))) kept = others;
  }
  return kept;
}

function isPresence(predicate: Predicate): predicate is Predicate & { readonly field: string } {
  if (predicate.kind === "exists") return true;
  return predicate.kind === "text" && predicate.compares === "text" && predicate.patterns.every(({ parts }) => isAnything(parts));
}

/** Whether it is false wherever the field is missing. */
function requires(condition: Condition, field: string): boolean {
  switch (condition.kind) {
    case "predicate":
      return "field" in condition.predicate && condition.predicate.field === field;
    case "and":
      return condition.operands.some((operand) => requires(operand, field));
    case "or":
      return condition.operands.every((operand) => requires(operand, field));
    default:
      return false;
  }
}
