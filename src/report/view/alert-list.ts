/** All alerts of a hunt as a list that a page holds, sorts and filters by itself, and how that list travels. */
import { SEVERITIES, textAt, UTC, visible, type Alert, type HuntResult, type Severity, type TimeZone } from "../../workbench/index.ts";
import { cut } from "../format.ts";
import type { ActRuleView, ActSummary } from "./act.ts";
import { ALERT_LIMITS, alertView, type AlertView, type Concerned } from "./alert.ts";
import { incidentViews, type IncidentView } from "./incident.ts";

/** An alert as a line of the list. Long texts are cut: tens of thousands of lines go into a page. */
export interface ListedAlert extends Omit<AlertView, "where"> {
  /** Where its events lie, joined. */
  readonly place: string;
  /** The address that the first event with one came from; empty where none has. */
  readonly source: string;
  /** Its incident and the act in it, as places in the lists. */
  readonly incident: number;
  readonly act: number;
}

/** An incident without its alerts. */
export interface ListedIncident extends Omit<IncidentView, "acts"> {
  readonly acts: readonly ActSummary[];
}

export interface ListedRule {
  readonly name: string;
  /** Where it is described, from the root of the site; null where it is not. */
  readonly page: string | null;
}

export interface AlertList {
  /** In time order. */
  readonly alerts: readonly ListedAlert[];
  /** The gravest first. */
  readonly incidents: readonly ListedIncident[];
  /** By their keys. */
  readonly rules: ReadonlyMap<string, ListedRule>;
  /** Alerts beyond the bound: counted, not kept. */
  readonly notKept: number;
}

/** Hosts, accounts or addresses of an incident. */
const MAX_CONCERNED = 50;

export function alertList(
  result: Pick<HuntResult, "alerts" | "incidents" | "excepted" | "alertsNotKept">,
  zone: TimeZone = UTC,
  pageOf: (rule: string) => string | null = () => null,
): AlertList {
  const places = new Map<string, { readonly incident: number; readonly act: number }>();
  const incidents = incidentViews(result, bareView, zone).map(({ acts, ...incident }, i): ListedIncident => {
    acts.forEach(({ steps }, act) => {
      for (const { alert, repeats } of steps) for (const { id } of [alert, ...repeats]) places.set(id, { incident: i, act });
    });
    return {
      ...incident,
      concerned: incident.concerned.map(boundedConcerned),
      acts: acts.map(({ steps: _steps, ...act }) => ({ ...act, deeds: act.deeds.map((deed) => cut(deed, ALERT_LIMITS.what)) })),
    };
  });
  return {
    alerts: result.alerts.map((alert) => ({ ...listedView(alert), ...(places.get(alert.id) ?? { incident: -1, act: -1 }) })),
    incidents,
    rules: new Map(result.alerts.map(({ rule }) => [rule.key, { name: rule.name, page: pageOf(rule.key) }])),
    notKept: result.alertsNotKept,
  };
}

/** An incident's story needs of an alert no more than which it is. */
function bareView({ id, time, ms, rule, title, host, who, what }: Alert): AlertView {
  return { id, time, ms, severity: rule.severity, rule: rule.key, ruleId: "", title, host, who, what, where: [] };
}

function listedView(alert: Alert): Omit<ListedAlert, "incident" | "act"> {
  const { where, ...view } = alertView(alert);
  return {
    ...view,
    time: view.time === null ? null : cut(view.time, ALERT_LIMITS.time),
    host: cut(view.host, ALERT_LIMITS.host),
    title: cut(view.title, ALERT_LIMITS.title),
    who: cut(view.who, ALERT_LIMITS.who),
    what: cut(view.what, ALERT_LIMITS.what),
    place: cut(where.map((place) => place ?? "(missing)").join(" | "), ALERT_LIMITS.where),
    source: sourceOf(alert),
  };
}

function sourceOf({ events }: Alert): string {
  for (const observed of events) {
    const address = observed === null ? undefined : textAt(observed.event, "source.ip");
    if (address !== undefined && address.length <= 100 && visible(address) === address) return address;
  }
  return "";
}

export function boundedConcerned({ title, values }: Concerned): Concerned {
  return { title, values: values.slice(0, MAX_CONCERNED).map((value) => cut(value, ALERT_LIMITS.host)) };
}

/** The list in columns, each text once: what JSON and gzip make small. */
export interface PackedAlertList {
  readonly texts: readonly string[];
  readonly rules: readonly (ListedRule & { readonly key: string; readonly id: string; readonly severity: Severity })[];
  readonly incidents: readonly PackedIncident[];
  readonly notKept: number;
  readonly ids: readonly string[];
  readonly times: readonly (string | null)[];
  readonly ms: readonly (number | null)[];
  /** Numbers of a row, one row after the other, as `COLUMNS` has them. */
  readonly rows: readonly number[];
}

interface PackedIncident extends Omit<ListedIncident, "acts"> {
  readonly acts: readonly PackedAct[];
}

/** Rules as places in the list of rules, each with its number of alerts behind it. */
type PackedAct = Omit<ActSummary, "rules"> & { readonly rules: readonly number[] };

/** Of `rows`: the rule, the severity, places of texts, the incident and the act. */
const COLUMNS = ["rule", "severity", "title", "host", "who", "what", "place", "source", "incident", "act"] as const;

export function packAlertList({ alerts, incidents, rules: listedRules, notKept }: AlertList): PackedAlertList {
  const texts: string[] = [];
  const textAts = new Map<string, number>();
  const text = (value: string): number => {
    let at = textAts.get(value);
    if (at === undefined) {
      textAts.set(value, (at = texts.length));
      texts.push(value);
    }
    return at;
  };
  const rules: PackedAlertList["rules"][number][] = [];
  const ruleAts = new Map<string, number>();
  const rule = ({ rule: key, ruleId: id, severity }: ListedAlert): number => {
    let at = ruleAts.get(key);
    if (at === undefined) {
      ruleAts.set(key, (at = rules.length));
      const { name, page } = listedRules.get(key) ?? { name: key, page: null };
      rules.push({ key, id, name, page, severity });
    }
    return at;
  };
  const rows: number[] = [];
  for (const alert of alerts) {
    const { title, host, who, what, place, source, incident, act } = alert;
    rows.push(
      rule(alert),
      SEVERITIES.indexOf(alert.severity),
      text(title),
      text(host),
      text(who),
      text(what),
      text(place),
      text(source),
      incident,
      act,
    );
  }
  return {
    texts,
    rules,
    incidents: incidents.map((incident) => ({
      ...incident,
      acts: incident.acts.map((act) => ({ ...act, rules: act.rules.flatMap(({ key, alerts: n }) => [ruleAts.get(key) ?? -1, n]) })),
    })),
    notKept,
    ids: alerts.map(({ id }) => id),
    times: alerts.map(({ time }) => time),
    ms: alerts.map(({ ms }) => (Number.isNaN(ms) ? null : ms)),
    rows,
  };
}

/** The list again, after it went through JSON, which has no NaN. */
export function unpackAlertList({ texts, rules, incidents, notKept, ids, times, ms, rows }: PackedAlertList): AlertList {
  const timeOf = (value: number | null): number => value ?? Number.NaN;
  return {
    alerts: ids.map((id, i): ListedAlert => {
      const at = i * COLUMNS.length;
      const rule = rules[rows[at]!]!;
      const text = (column: number): string => texts[rows[at + column]!]!;
      return {
        id,
        time: times[i]!,
        ms: timeOf(ms[i]!),
        severity: SEVERITIES[rows[at + 1]!]!,
        rule: rule.key,
        ruleId: rule.id,
        title: text(2),
        host: text(3),
        who: text(4),
        what: text(5),
        place: text(6),
        source: text(7),
        incident: rows[at + 8]!,
        act: rows[at + 9]!,
      };
    }),
    incidents: incidents.map((incident) => ({
      ...incident,
      acts: incident.acts.map((act) => ({
        ...act,
        ms: timeOf(act.ms),
        lastMs: timeOf(act.lastMs),
        rules: act.rules.flatMap((at, i): ActRuleView[] => {
          const rule = i % 2 === 0 ? rules[at] : undefined;
          return rule === undefined
            ? []
            : [{ key: rule.key, id: rule.id, name: rule.name, severity: rule.severity, alerts: act.rules[i + 1]! }];
        }),
      })),
    })),
    rules: new Map(rules.map(({ key, name, page }) => [key, { name, page }])),
    notKept,
  };
}
