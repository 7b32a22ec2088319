/** An act of an incident's story as plain data that a face lays out. Texts are as the log had them: a face makes them safe. */
import { fold, packageRuleId, type Act, type Alert, type Severity, type Story } from "../../workbench/index.ts";
import { count } from "../format.ts";
import type { AlertView, StepView } from "./alert.ts";

/** An act without its alerts. */
export interface ActSummary {
  readonly id: string;
  /** Its place in the story, from 1. */
  readonly number: number;
  /** `PsExec from WS01 to SRV01 as adm.kira` */
  readonly title: string;
  /** `PsExec` */
  readonly noun: string;
  readonly severity: Severity;
  /** The host that acted, and the one it acted on; empty where the events name none. */
  readonly from: string;
  readonly to: string;
  readonly accounts: readonly string[];
  /** Of its first and last alert, as the events have it; null where they have no time. */
  readonly first: string | null;
  readonly last: string | null;
  /** The same in milliseconds since 1970, NaN where there is none. */
  readonly ms: number;
  readonly lastMs: number;
  /** What was done, a sentence each: `SRV01 installed the service PSEXESVC (…)`. */
  readonly deeds: readonly string[];
  readonly moreDeeds: number;
  /** Most severe first. */
  readonly rules: readonly ActRuleView[];
  readonly alerts: number;
  readonly times: number;
  /** Why it may be ordinary work; null for what is not set apart. */
  readonly apart: string | null;
}

export interface ActView extends ActSummary {
  /** Its alerts as evidence, repeats folded. */
  readonly steps: readonly StepView[];
}

export interface ActRuleView {
  readonly key: string;
  /** `B1` within its package; empty for a rule of none. */
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly alerts: number;
}

/** All acts of a story, those that are set apart last. */
export function actViews({ acts, apart }: Story, view: (alert: Alert) => AlertView): ActView[] {
  return [...acts, ...apart].map((act, i) => actView(act, i + 1, view));
}

function actView(act: Act, number: number, view: (alert: Alert) => AlertView): ActView {
  const [first, last] = [act.alerts[0]!, act.alerts.at(-1)!];
  return {
    id: act.id,
    number,
    title: act.title,
    noun: act.noun,
    severity: act.severity,
    from: act.from,
    to: act.to,
    accounts: act.accounts,
    first: first.time,
    last: last.time,
    ms: first.ms,
    lastMs: last.ms,
    deeds: act.deeds.map(({ text, host, times }) => `${host === "" ? "" : `${host} `}${text}${times > 1 ? ` (×${count(times)})` : ""}`),
    moreDeeds: act.moreDeeds,
    rules: act.rules.map(({ rule, alerts }) => ({
      key: rule.key,
      id: packageRuleId(rule),
      name: rule.name,
      severity: rule.severity,
      alerts,
    })),
    alerts: act.alerts.length,
    times: act.times,
    apart: act.apart,
    // Whoever lists acts asks for none of their alerts, which may be a million.
    get steps(): StepView[] {
      return fold(act.alerts).map(({ alert, repeats }) => ({ alert: view(alert), repeats: repeats.map(view) }));
    },
  };
}

/** The rules that saw an act, by their ids where they have some: `C1 C2 A1`. */
export function actRulesText({ rules }: Pick<ActSummary, "rules">): string {
  return rules.every(({ id }) => id !== "")
    ? rules.map(({ id }) => id).join(" ")
    : rules.map(({ id, name }) => (id === "" ? name : id)).join(", ");
}

/** `Write to ADMIN$ from WS01 to SRV01 as adm.kira (3 times)` */
export function actTitle({ title, times }: Pick<ActSummary, "title" | "times">): string {
  return times > 1 ? `${title} (${count(times)} times)` : title;
}
