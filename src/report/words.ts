/** The words for one fact, the same on every face. */
import { NOT_PRESENT, type Truth } from "../workbench/index.ts";

/** What came of a condition; `undecided` is what joins others where a field that decides is not present. */
export type Outcome = Truth | "undecided";

export const OUTCOMES = {
  true: { mark: "✓", text: "true" },
  false: { mark: "✗", text: "false" },
  missing: { mark: "?", text: NOT_PRESENT },
  undecided: { mark: "?", text: "undecided" },
} as const satisfies Record<Outcome, { readonly mark: string; readonly text: string }>;

/** What joins conditions. */
export const JUNCTIONS = { and: "all of", or: "any of", not: "not" } as const;

export const WORDS = {
  why: "Why it matched",
  evidence: "Evidence",
  query: "The rule's query",
  notExplained: "EQL cannot express this rule's conditions, so they are not explained here.",
  absentEvent: "No such event, as the rule requires.",
  noHost: "(no host)",
  noAlerts: "No alerts",
  rulesSaw: "What each rule saw",
  suppressed: "Suppressed by exceptions",
  blind: "What was blind",
  blindWhole: "No event of any kind that these rules need was in the input, so their silence says nothing.",
  noTimes: "No alert has a time.",
} as const;

/** The columns of a table of alerts, in order. */
export const ALERT_COLUMNS = { time: "Time", severity: "Severity", host: "Host", rule: "Rule", who: "Who", what: "What" } as const;

/** The columns of a table of what each rule saw, in order. */
export const RULE_COLUMNS = { key: "Rule", severity: "Severity", matched: "Events", alerts: "Alerts", time: "Time", name: "Name" } as const;
