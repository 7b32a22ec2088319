import type { RunnableRule } from "../../detect/index.ts";
import { print, unprintable, type EventDocument, type Query } from "../../eql/index.ts";
import { explain, explainFilter, type Explanation, type FilterExplanation } from "./explain.ts";

export interface AlertExplanation {
  readonly explanation: Explanation;
  /** The events of the alert that the explanation counts by, in order. */
  readonly events: readonly EventDocument[];
  /** Of a sequence: its stages, each with the event that matched it and why. Empty for a rule of one event. */
  readonly stages: readonly AlertStage[];
}

export interface AlertStage {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Place in `events`; null for a stage whose event had to be missing. */
  readonly event: number | null;
  readonly filter: FilterExplanation | null;
}

/** An alert, as far as an explanation needs it: of a hunt, or written down by one. */
export interface ExplainableAlert {
  readonly rule: Pick<RunnableRule, "query">;
  /** The matched events; null where an event had to be missing. */
  readonly events: readonly ({ readonly event: EventDocument } | null)[];
}

/** Why the alert's rule matched: its query against the alert's own events. Null for kinds of queries that are not explained (samples). */
export function explainAlert({ rule, events: matched }: ExplainableAlert): AlertExplanation | null {
  const { query } = rule;
  const events = matched.flatMap((observed) => (observed === null ? [] : [observed.event]));
  const explanation = explain(query, null, events);
  return explanation === null ? null : { explanation, events, stages: stagesOf(query, explanation, events) };
}

function stagesOf(query: Query, explanation: Explanation, events: readonly EventDocument[]): AlertStage[] {
  if (explanation.kind !== "sequence" || query.kind !== "sequence") return [];
  // The events of an alert are in the order of the stages: an event does not match a stage before one that it follows.
  let least = 0;
  return explanation.stages.map((stage, i): AlertStage => {
    const item = query.items[i]!;
    const found = item.missing ? undefined : (stage.matching.find((n) => n >= least) ?? stage.matching[0]);
    const { number } = stage;
    if (found === undefined) return { number, text: stage.text, event: null, filter: null };
    least = found + item.runs;
    return { number, text: stage.text, event: found, filter: explainFilter(item.filter, null, events[found]!) };
  });
}

/** The rule's query in its canonical layout; null where EQL cannot say it. */
export function ruleText({ query }: RunnableRule): string | null {
  return unprintable(query).length === 0 ? print(query) : null;
}
