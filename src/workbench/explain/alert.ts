import type { Alert, RunnableRule } from "../../detect/index.ts";
import { parse, print, unprintable, type EventDocument, type Query } from "../../eql/index.ts";
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

interface Written {
  readonly tree: Query;
  readonly text: string;
}

const written = new WeakMap<RunnableRule, Written | null>();

/** Why the alert's rule matched: its query against the alert's own events. Null where the rule cannot be written as EQL (some of Sigma's). */
export function explainAlert(alert: Alert): AlertExplanation | null {
  const query = queryOf(alert.rule);
  if (query === null) return null;
  const events = alert.events.flatMap((observed) => (observed === null ? [] : [observed.event]));
  const explanation = explain(query.tree, query.text, events);
  return explanation === null ? null : { explanation, events, stages: stagesOf(query, explanation, events) };
}

function stagesOf({ tree, text }: Written, explanation: Explanation, events: readonly EventDocument[]): AlertStage[] {
  if (explanation.kind !== "sequence" || tree.kind !== "sequence") return [];
  // The events of an alert are in the order of the stages: an event does not match a stage before one that it follows.
  let least = 0;
  return explanation.stages.map((stage, i): AlertStage => {
    const item = tree.items[i]!;
    const found = item.missing ? undefined : (stage.matching.find((n) => n >= least) ?? stage.matching[0]);
    const { number } = stage;
    if (found === undefined) return { number, text: stage.text, event: null, filter: null };
    least = found + item.runs;
    return { number, text: stage.text, event: found, filter: explainFilter(item.filter, text, events[found]!) };
  });
}

/** The rule's query in its canonical layout; null where EQL cannot say it. */
export function ruleText(rule: RunnableRule): string | null {
  return queryOf(rule)?.text ?? null;
}

/** Rules keep no text: the tree is printed, and parsed again for spans into what was printed. */
function queryOf(rule: RunnableRule): Written | null {
  let known = written.get(rule);
  if (known === undefined) {
    known = null;
    if (unprintable(rule.query).length === 0) {
      const text = print(rule.query);
      const { query } = parse(text);
      if (query !== null) known = { tree: query, text };
    }
    written.set(rule, known);
  }
  return known;
}
