/** A hunt as one JSON document. */
import { alertCounts, incidentViews, type AlertCount, type AlertRow } from "../../report/index.ts";
import { alertDocument, type HuntResult, type RuleProblem, type TimeZone } from "../../workbench/index.ts";
import { faultsJson, type Hunted } from "../hunting.ts";

/** What was read and what went wrong: the document without its alerts. */
export function problemsJson({ result, input }: Hunted, ruleProblems: readonly RuleProblem[]): object {
  const { alerts: _alerts, incidents: _incidents, excepted: _excepted, faults: _faults, rules, ...counts } = result;
  return {
    rules: rules.map(({ rule, matched, alerts, millis }) => ({
      rule: rule.key,
      name: rule.name,
      language: rule.language,
      severity: rule.severity,
      events: matched,
      alerts,
      ...(millis === null ? {} : { milliseconds: Math.round(millis * 1000) / 1000 }),
    })),
    counts: {
      ...counts,
      files: input.files,
      bytes: input.bytes,
      notRead: input.notRead,
      records: input.records,
      staleRecords: input.staleRecords,
      duplicates: input.duplicates,
      formats: input.formats,
      problems: input.problemsByCode,
    },
    faults: faultsJson(result),
    problems: [...ruleProblems, ...input.problems],
  };
}

/** @param alerts as they are to be written; null leaves alerts and incidents out. */
export function huntJson(result: HuntResult, alerts: Iterable<object> | null, problems: object, zone: TimeZone): object {
  const summary = summaryJson(result, zone);
  if (alerts === null) return { summary, ...problems };
  return {
    alerts,
    incidents: incidentsJson(result),
    excepted: each(result.excepted, ({ alert, exception }) => ({ alert: alertDocument(alert), exception: exception.id })),
    summary,
    ...problems,
  };
}

function incidentsJson(result: HuntResult): object[] {
  const views = incidentViews(result);
  return result.incidents.map((incident, i) => ({
    id: incident.id,
    title: views[i]!.title,
    severity: incident.severity,
    first: incident.first.time,
    last: incident.last.time,
    hosts: incident.hosts,
    users: incident.users,
    addresses: incident.addresses,
    alerts: incident.steps.flatMap((step) => [step.alert.id, ...step.repeats.map((alert) => alert.id)]),
    acts: views[i]!.acts.map(({ title, severity, first, last, from, to, accounts, deeds, times, apart, steps }) => ({
      title,
      severity,
      first,
      last,
      from,
      to,
      accounts,
      deeds,
      times,
      apart,
      alerts: steps.flatMap((step) => [step.alert.id, ...step.repeats.map(({ id }) => id)]),
    })),
  }));
}

/** One after the other as they are written: not all of them are in memory. */
function* each<T>(list: readonly T[], of: (one: T) => object): Generator<object> {
  for (const one of list) yield of(one);
}

function summaryJson(result: HuntResult, zone: TimeZone): object {
  const counts = alertCounts(result, zone);
  const list = (of: readonly AlertCount[]): object[] => of.map(({ name, alerts, worst }) => ({ name, alerts, worst }));
  return {
    alerts: result.alerts.length,
    severities: list(counts.bySeverity),
    hosts: list(counts.byHost),
    users: list(counts.byUser),
    tactics: list(counts.byTactic),
    days: list(counts.byDay),
    timezone: zone.name,
  };
}

/** An alert with the fields that were asked for. */
export function rowJson(row: AlertRow, fields: readonly { readonly name: string; readonly read: (row: AlertRow) => unknown }[]): object {
  return Object.fromEntries(fields.map(({ name, read }) => [name, read(row) ?? null]));
}
