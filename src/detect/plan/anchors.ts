import type { CompiledPredicate } from "../../eql/index.ts";
import type { ConditionNode } from "./condition-nodes.ts";

/** What choosing goes by. Frequencies are shares of events, costs are nanoseconds, both of them estimates. */
export interface Weights {
  /** Share of events on which the predicate holds. */
  frequency(predicate: number): number;
  /** The field of a predicate; -1: it is over the whole event, and anchors nothing. */
  fieldOf(predicate: number): number;
  /** What it costs to find out which predicates over the field hold. */
  fieldCost(field: number): number;
}

/** What evaluating a candidate costs. Little: candidates come together, and share what is looked at. */
const EVALUATION = 30;

interface Choice {
  readonly predicates: readonly number[];
  readonly frequency: number;
  /** This filter's share of looking at the fields. */
  readonly cost: number;
}

/**
 * Of each condition predicates one of which must hold for it to hold, so that all of them together cost least: those that seldom
 * hold, over fields that are cheap, or looked at for other conditions anyway. Null where a condition has none (a pure negation,
 * or a predicate over the whole event alone); a condition that never holds has the empty set.
 */
export function chooseAnchors(conditions: readonly ConditionNode[], weights: Weights): (readonly number[] | null)[] {
  // Who could share a field at first, then who did.
  const could = new Map<number, number>();
  for (const condition of conditions) {
    const fields = new Set<number>();
    positiveFields(condition, weights, fields);
    for (const field of fields) could.set(field, (could.get(field) ?? 0) + 1);
  }
  const first = conditions.map((condition) => choose(condition, weights, could));
  const did = new Map<number, number>();
  for (const choice of first) {
    const fields = new Set(choice?.predicates.map((predicate) => weights.fieldOf(predicate)));
    for (const field of fields) did.set(field, (did.get(field) ?? 0) + 1);
  }
  return conditions.map((condition) => choose(condition, weights, did)?.predicates ?? null);
}

/** Fields that the condition could be anchored by. */
function positiveFields(condition: ConditionNode, weights: Weights, fields: Set<number>): void {
  if (condition.kind === "predicate") {
    const field = weights.fieldOf(condition.number);
    if (field >= 0) fields.add(field);
  } else if (condition.kind === "and" || condition.kind === "or")
    for (const operand of condition.operands) positiveFields(operand, weights, fields);
}

function choose(condition: ConditionNode, weights: Weights, sharers: ReadonlyMap<number, number>): Choice | null {
  switch (condition.kind) {
    case "constant":
      return condition.value ? null : { predicates: [], frequency: 0, cost: 0 };
    case "not":
      return null;
    case "predicate": {
      const field = weights.fieldOf(condition.number);
      if (field < 0) return null;
      return {
        predicates: [condition.number],
        frequency: weights.frequency(condition.number),
        cost: weights.fieldCost(field) / (sharers.get(field) ?? 1),
      };
    }
    case "and": {
      let best: Choice | null = null;
      for (const operand of condition.operands) {
        const choice = choose(operand, weights, sharers);
        if (choice !== null && (best === null || burden(choice) < burden(best))) best = choice;
      }
      return best;
    }
    case "or": {
      const predicates: number[] = [];
      const fields = new Set<number>();
      let frequency = 0;
      let cost = 0;
      for (const operand of condition.operands) {
        const choice = choose(operand, weights, sharers);
        if (choice === null) return null;
        frequency += choice.frequency;
        for (const predicate of choice.predicates) {
          predicates.push(predicate);
          const field = weights.fieldOf(predicate);
          if (fields.has(field)) continue;
          fields.add(field);
          cost += weights.fieldCost(field) / (sharers.get(field) ?? 1);
        }
      }
      return { predicates, frequency, cost };
    }
  }
}

function burden(choice: Choice): number {
  return choice.frequency * EVALUATION + choice.cost;
}

/** Fields that have few values: an equality on one of them holds on many events. */
const BROAD_FIELDS: ReadonlySet<string> = new Set(["user.id", "user.domain", "user.name", "host.name", "process.parent.name"]);

/** A guess at how often a predicate holds, for as long as nothing was seen. */
export function guessedFrequency(predicate: CompiledPredicate): number {
  if (predicate.kind === "exists") return 0.8;
  if (predicate.kind === "event") return 1;
  const { forms } = predicate;
  if (predicate.whenMissing) return 0.9;
  const each = BROAD_FIELDS.has(predicate.field) ? 0.1 : 0.01;
  let sum = (forms.exact.length + forms.folded.length) * each;
  for (const length of forms.literalLengths) sum += length === 0 ? 0.9 : length < 4 ? 0.1 : 0.02;
  if (forms.other !== null) sum += 0.2;
  return Math.min(sum, 0.95);
}
