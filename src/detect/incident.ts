import type { Alert } from "./alert.ts";
import { SEVERITIES, type Severity } from "./rule.ts";
import { textAt } from "./observed.ts";

/** Alerts that belong together: they share a host, a person or a source address and follow each other closely. */
export interface Incident {
  /** The id of its first alert. */
  readonly id: string;
  readonly severity: Severity;
  readonly first: Alert;
  readonly last: Alert;
  /** In time order, repeats folded. */
  readonly steps: readonly Step[];
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  readonly addresses: readonly string[];
}

/** One alert and its repeats: same rule, same dedup fields, within the rule's window. */
export interface Step {
  readonly alert: Alert;
  readonly repeats: readonly Alert[];
}

export interface IncidentOptions {
  /** Alerts further apart than this are not tied together, whatever they share. */
  readonly gapMs: number;
}

export const DEFAULT_GAP_MS = 15 * 60_000;

/** Groups alerts (any order in, the gravest incidents first, then by their first alerts). Linear in alerts and entities. */
export function incidents(alerts: readonly Alert[], options: IncidentOptions = { gapMs: DEFAULT_GAP_MS }): Incident[] {
  const ordered = [...alerts].sort(byTime);
  const parent = ordered.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    while (parent[i] !== root) [parent[i], i] = [root, parent[i]!];
    return root;
  };
  // The latest alert that named an entity: tying to it is enough, it is tied to the ones before.
  const latest = new Map<string, number>();
  ordered.forEach((alert, i) => {
    const { hosts, users, addresses } = alert.entities;
    for (const key of [...hosts.map((h) => `h:${h}`), ...users.map((u) => `u:${u}`), ...addresses.map((a) => `a:${a}`)]) {
      const before = latest.get(key);
      if (before !== undefined && !(alert.ms - ordered[before]!.ms > options.gapMs)) parent[find(i)] = find(before);
      latest.set(key, i);
    }
  });
  const groups = new Map<number, Alert[]>();
  ordered.forEach((alert, i) => {
    const root = find(i);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [alert]);
    else group.push(alert);
  });
  return [...groups.values()]
    .map(toIncident)
    .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || byTime(a.first, b.first));
}

function toIncident(alerts: readonly Alert[]): Incident {
  const union = (read: (alert: Alert) => readonly string[]): string[] => [...new Set(alerts.flatMap(read))];
  return {
    id: alerts[0]!.id,
    severity: alerts.reduce<Severity>(
      (worst, { rule }) => (SEVERITIES.indexOf(rule.severity) > SEVERITIES.indexOf(worst) ? rule.severity : worst),
      "informational",
    ),
    first: alerts[0]!,
    last: alerts.at(-1)!,
    steps: fold(alerts),
    hosts: union((a) => a.entities.hosts),
    users: union((a) => a.entities.users),
    addresses: union((a) => a.entities.addresses),
  };
}

/** Folds repeats. Without dedup fields of its own a rule repeats per host. */
export function fold(alerts: readonly Alert[]): Step[] {
  const steps: { alert: Alert; repeats: readonly Alert[] }[] = [];
  const open = new Map<string, { readonly step: (typeof steps)[number]; readonly repeats: Alert[]; readonly until: number }>();
  for (const alert of alerts) {
    const { dedup } = alert.rule;
    const key = JSON.stringify([alert.rule.key, ...(dedup === null ? [alert.host] : valuesOf(alert, dedup.fields))]);
    const last = open.get(key);
    if (last !== undefined && alert.ms <= last.until) {
      last.repeats.push(alert);
      last.step.repeats = last.repeats;
    } else {
      const step = { alert, repeats: NONE };
      steps.push(step);
      open.set(key, { step, repeats: [], until: alert.ms + (dedup?.windowMs ?? DEFAULT_GAP_MS) });
    }
  }
  return steps;
}

const NONE: readonly Alert[] = [];

function valuesOf({ events }: Alert, fields: readonly string[]): string[] {
  const { event } = events.findLast((one) => one !== null)!;
  return fields.map((field) => textAt(event, field) ?? "");
}

/** To the nanosecond; alerts without a time come last. */
export function byTime(a: Alert, b: Alert): number {
  if (Number.isNaN(a.ms)) return Number.isNaN(b.ms) ? 0 : 1;
  return Number.isNaN(b.ms) ? -1 : a.ms - b.ms || a.ns - b.ns;
}
