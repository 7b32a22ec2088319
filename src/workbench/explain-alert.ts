import type { Alert, RunnableRule } from "../detect/index.ts";
import { parse, print, unprintable, type EventDocument, type Query } from "../eql/index.ts";
import { explain, type Explanation } from "./explain.ts";

export interface AlertExplanation {
  readonly explanation: Explanation;
  /** The events of the alert that the explanation counts by, in order. */
  readonly events: readonly EventDocument[];
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
  return explanation === null ? null : { explanation, events };
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
