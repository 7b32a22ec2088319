/** What an event says of its alert's severity, score and name. */
import { textAt, textsAt, type EventDocument } from "./observed.ts";
import type { RunnableRule } from "./rule.ts";

/** The rule as it is for an alert of this event. */
export function overridden(rule: RunnableRule, event: EventDocument): RunnableRule {
  const { overrides } = rule;
  if (overrides === undefined) return rule;
  const severity = overrides.severity.findLast(({ field, value }) => textsAt(event, field).includes(value))?.severity ?? rule.severity;
  const score = overrides.riskScore === null ? Number.NaN : Number(textAt(event, overrides.riskScore) ?? Number.NaN);
  const name = overrides.name === null ? undefined : textAt(event, overrides.name);
  return { ...rule, severity, riskScore: score >= 0 && score <= 100 ? score : rule.riskScore, name: name ?? rule.name };
}
