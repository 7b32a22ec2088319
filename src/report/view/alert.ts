/** An alert as plain data that a face lays out. Texts are whole, as the log had them: a face cuts them and makes them safe. */
import { explainAlert, ruleText, packageRuleId, whereText, type Alert, type Severity } from "../../workbench/index.ts";
import { alertExplanationView, type ExplanationView } from "./explanation.ts";

/** An alert as a line of a table. */
export interface AlertView {
  readonly id: string;
  /** `@timestamp` as the event has it; null where it has none. */
  readonly time: string | null;
  /** The same in milliseconds since 1970; NaN where there is none. */
  readonly ms: number;
  readonly severity: Severity;
  /** The rule's key, `T1021.002/B1`, and its id within the package, `B1`; a rule of no package goes by its title, and has none. */
  readonly rule: string;
  readonly ruleId: string;
  readonly title: string;
  readonly host: string;
  readonly who: string;
  readonly what: string;
  /** Where its events lie, in order; null for an event that had to be absent. */
  readonly where: readonly (string | null)[];
}

/** Characters of an alert's texts that a table of alerts shows; what is cut stands whole in its events. */
export const ALERT_LIMITS = { time: 100, host: 200, title: 400, who: 200, what: 400, where: 500 } as const;

/** An alert and those that repeat it. */
export interface StepView {
  readonly alert: AlertView;
  readonly repeats: readonly AlertView[];
}

/** Hosts, accounts or addresses that an alert or an incident is about. */
export interface Concerned {
  readonly title: "Hosts" | "Accounts" | "Addresses";
  readonly values: readonly string[];
}

/** What stands behind an alert. */
export interface AlertDetail {
  readonly description: string;
  /** Null where EQL cannot express the rule. */
  readonly query: string | null;
  readonly explanation: ExplanationView | null;
  readonly concerned: readonly Concerned[];
}

export function alertView(alert: Alert): AlertView {
  const { id, rule, time, ms, title, host, who, what } = alert;
  const where = alert.events.map((observed) => (observed === null ? null : whereText(observed.place)));
  return { id, time, ms, severity: rule.severity, rule: rule.key, ruleId: packageRuleId(rule), title, host, who, what, where };
}

export function alertDetail(alert: Alert): AlertDetail {
  const explained = explainAlert(alert);
  return {
    description: alert.rule.description,
    query: ruleText(alert.rule),
    explanation: explained === null ? null : alertExplanationView(explained),
    concerned: concernedOf(alert.entities),
  };
}

/** Those that there are. */
export function concernedOf({ hosts, users, addresses }: Alert["entities"]): Concerned[] {
  const all: readonly Concerned[] = [
    { title: "Hosts", values: hosts },
    { title: "Accounts", values: users },
    { title: "Addresses", values: addresses },
  ];
  return all.filter(({ values }) => values.length > 0);
}
