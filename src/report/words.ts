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
  notExplained: "Rules of this kind are not explained: only those of one event and sequences are.",
  absentEvent: "No such event, as the rule requires.",
  times: "×",
  overTime: "Alerts over time",
  noHost: "(no host)",
  noUser: "(no user)",
  noTactic: "(no tactic)",
  noTime: "(no time)",
  noAlerts: "No alerts",
  rulesSaw: "What each rule saw",
  suppressed: "Suppressed by exceptions",
  blind: "What was blind",
  blindWhole: "No event of any kind that these rules need was in the input, so their silence says nothing.",
  apart: "Set apart, as it may be ordinary work",
  noTimes: "No alert has a time.",
  fault: "Fault",
  faults: "Faults, by which alerts may be missing",
} as const;

/** What a condition could not be computed for. */
export const CONDITION_FAULTS = {
  "eql/division-by-zero": "a division by zero",
  "eql/overflow": "a number beyond 64 bits",
  "eql/bad-number": "a text that is no number",
  "eql/bad-ip": "a text that is no IP address",
  "eql/too-many-combinations": "too many combinations of values",
  "eql/regex-too-complex": "a text too long for its regular expression",
} as const satisfies { readonly [code: string]: string };

/** What happened, after a number of... */
export const FAULTS = {
  "rule/event-without-time": ["event", "without a readable time, so in no sequence"],
  "rule/event-without-room": ["event", "that found no room in memory"],
  "rule/event-without-value": ["event", "without a value that can be added up"],
  "rule/state-given-up": ["state", "of a sequence, correlation or pipe given up, since a bound was reached"],
  "rule/alert-not-kept": ["alert", "counted and not kept, since a bound was reached"],
  "rule/not-run": ["rule", "that could not be read, and not run"],
  "hunt/kind-not-counted": ["event", "of more kinds than are counted: what rules were blind to is not known"],
} as const satisfies { readonly [code: string]: readonly [noun: string, what: string] };

/** The columns of a table of alerts, in order. */
export const ALERT_COLUMNS = { time: "Time", severity: "Severity", host: "Host", rule: "Rule", who: "Who", what: "What" } as const;

/** The columns of a table of what was done, beside those of alerts. */
export const ACT_COLUMNS = { act: "Act", rules: "Rules" } as const;

/** The columns of a table of what each rule saw, in order. */
export const RULE_COLUMNS = { key: "Rule", severity: "Severity", matched: "Events", alerts: "Alerts", time: "Time", name: "Name" } as const;
