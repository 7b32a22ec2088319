import type { Condition, Predicate } from "../eql/index.ts";

/**
 * Predicates one of which must hold for the condition to hold, those that hold on the fewest events; null where there are none
 * (a pure negation, or a predicate over the whole event alone). A condition that never holds has the empty set.
 *
 * @param frequency the estimated share of events on which a predicate holds.
 */
export function chooseAnchors(condition: Condition, frequency: (predicate: Predicate) => number): readonly Predicate[] | null {
  return choose(condition, frequency)?.predicates ?? null;
}

interface Choice {
  readonly predicates: readonly Predicate[];
  readonly frequency: number;
}

function choose(condition: Condition, frequency: (predicate: Predicate) => number): Choice | null {
  switch (condition.kind) {
    case "constant":
      return condition.value ? null : { predicates: [], frequency: 0 };
    case "not":
      return null;
    case "predicate":
      return condition.predicate.kind === "event" ? null : { predicates: [condition.predicate], frequency: frequency(condition.predicate) };
    case "and": {
      let best: Choice | null = null;
      for (const operand of condition.operands) {
        const choice = choose(operand, frequency);
        if (choice !== null && (best === null || choice.frequency < best.frequency)) best = choice;
      }
      return best;
    }
    case "or": {
      const predicates: Predicate[] = [];
      let sum = 0;
      for (const operand of condition.operands) {
        const choice = choose(operand, frequency);
        if (choice === null) return null;
        predicates.push(...choice.predicates);
        sum += choice.frequency;
      }
      return { predicates, frequency: sum };
    }
  }
}

/** Fields that have few values: an equality on one of them holds on many events. */
const BROAD_FIELDS: ReadonlySet<string> = new Set([
  "event.category",
  "event.type",
  "event.kind",
  "event.action",
  "event.outcome",
  "event.code",
  "event.module",
  "event.provider",
  "event.dataset",
  "host.os.type",
  "host.os.family",
  "host.os.platform",
  "agent.type",
  "winlog.channel",
  "winlog.provider_name",
  "user.id",
  "user.domain",
]);

/** A guess at how often a predicate holds, for as long as nothing was seen. */
export function guessedFrequency(predicate: Predicate): number {
  if (predicate.kind === "exists") return 0.8;
  if (predicate.kind === "event") return 1;
  const { forms } = predicate;
  if (predicate.whenMissing) return 0.9;
  const each = BROAD_FIELDS.has(predicate.field) ? 0.3 : 0.01;
  let sum = (forms.exact.length + forms.folded.length) * each;
  for (const wildcard of forms.wildcards) sum += wildcard.literal.length === 0 ? 0.9 : wildcard.literal.length < 4 ? 0.1 : 0.02;
  if (forms.other !== null) sum += 0.2;
  return Math.min(sum, 0.95);
}
