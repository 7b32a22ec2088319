/** The lines of the list: alerts that pass the filters, sorted, in groups that open and close. No element is made here. */
import { SEVERITIES, type Severity } from "../../../workbench/index.ts";
import { count, plural, WORDS, type ActSummary, type AlertList, type ListedAlert, type ListedIncident } from "../../../report/index.ts";
import type { Grouping, PanelState } from "./state.ts";

export type Row = GroupRow | ActRow | AlertRow;

export interface GroupRow {
  readonly kind: "group";
  /** Unique among rows: `incident:ID`, `host:NAME`. */
  readonly key: string;
  readonly level: 1;
  readonly isOpen: boolean;
  readonly title: string;
  readonly note: string;
  readonly severity: Severity;
  readonly alerts: readonly ListedAlert[];
  readonly incident: ListedIncident | null;
}

export interface ActRow {
  readonly kind: "act";
  readonly key: string;
  readonly level: 2;
  readonly isOpen: boolean;
  readonly act: ActSummary;
  readonly alerts: readonly ListedAlert[];
}

export interface AlertRow {
  readonly kind: "alert";
  readonly key: string;
  readonly level: 1 | 2 | 3;
  readonly alert: ListedAlert;
}

/** Texts that are made at a time. */
const SLICE = 2_000;

/** What a text filter looks through, made when one is first asked for. */
export class SearchTexts {
  readonly #texts = new Map<ListedAlert, string>();
  readonly #list: AlertList;

  constructor(list: AlertList) {
    this.#list = list;
  }

  /** Makes them in slices, between other work, so that the first search does not wait for all. */
  prepare(from = 0): void {
    const to = Math.min(from + SLICE, this.#list.alerts.length);
    for (let i = from; i < to; i++) this.of(this.#list.alerts[i]!);
    if (to < this.#list.alerts.length) setTimeout(() => this.prepare(to), 0);
  }

  of(alert: ListedAlert): string {
    let text = this.#texts.get(alert);
    if (text === undefined) {
      const { time, host, title, who, what, rule, source } = alert;
      text = [time ?? "", host, title, who, what, rule, this.#list.rules.get(rule)?.name ?? "", source].join("\n").toLowerCase();
      this.#texts.set(alert, text);
    }
    return text;
  }
}

/** Alerts that pass, in time order. @param anyTime leaves out the bounds of time: for pictures in which such bounds are drawn. */
export function passing(list: AlertList, state: PanelState, texts: SearchTexts, anyTime = false): ListedAlert[] {
  const words = state.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const least = state.severity === null ? 0 : SEVERITIES.indexOf(state.severity);
  const { host, account, rule } = state;
  const from = anyTime ? null : state.from;
  const until = anyTime ? null : state.until;
  return list.alerts.filter((alert) => {
    if (rule !== null && alert.rule !== rule) return false;
    if (host !== null && alert.host !== host) return false;
    if (account !== null && alert.who !== account) return false;
    if (least > 0 && SEVERITIES.indexOf(alert.severity) < least) return false;
    if (from !== null && !(alert.ms >= from)) return false;
    if (until !== null && !(alert.ms <= until)) return false;
    if (words.length === 0) return true;
    const text = texts.of(alert);
    return words.every((word) => text.includes(word));
  });
}

/** @param open keys of groups and acts whose state is not the usual one: incidents are open, all else is closed. */
export function rowsOf(list: AlertList, shown: readonly ListedAlert[], state: PanelState, open: ReadonlySet<string>): Row[] {
  if (state.group === "none") return sorted(shown, state).map((alert) => alertRow(alert, 1));
  const groups = groupsOf(list, shown, state.group);
  const ordered = sortedGroups(groups, state);
  const rows: Row[] = [];
  for (const group of ordered) {
    const isOpen = open.has(group.key) !== (group.incident !== null);
    rows.push({ ...group, kind: "group", level: 1, isOpen });
    if (!isOpen) continue;
    if (group.incident === null) for (const alert of sorted(group.alerts, state)) rows.push(alertRow(alert, 2));
    else rows.push(...actRows(group.incident, group.alerts, state, open));
  }
  return rows;
}

function actRows(incident: ListedIncident, alerts: readonly ListedAlert[], state: PanelState, open: ReadonlySet<string>): Row[] {
  const byAct = new Map<number, ListedAlert[]>();
  for (const alert of alerts) put(byAct, alert.act, alert);
  return incident.acts.flatMap((act, i): Row[] => {
    const own = byAct.get(i);
    if (own === undefined) return [];
    const key = `act:${act.id}`;
    const isOpen = open.has(key);
    const row: ActRow = { kind: "act", key, level: 2, isOpen, act, alerts: own };
    return isOpen ? [row, ...sorted(own, state).map((alert) => alertRow(alert, 3))] : [row];
  });
}

function alertRow(alert: ListedAlert, level: AlertRow["level"]): AlertRow {
  return { kind: "alert", key: `alert:${alert.id}`, level, alert };
}

type Group = Omit<GroupRow, "kind" | "level" | "isOpen">;

function groupsOf(list: AlertList, shown: readonly ListedAlert[], by: Exclude<Grouping, "none">): Group[] {
  const read = {
    incident: (alert: ListedAlert) => String(alert.incident),
    rule: (alert: ListedAlert) => alert.rule,
    host: (alert: ListedAlert) => alert.host,
    account: (alert: ListedAlert) => alert.who,
  }[by];
  const groups = new Map<string, ListedAlert[]>();
  for (const alert of shown) put(groups, read(alert), alert);
  return [...groups].map(([name, alerts]): Group => {
    const incident = by === "incident" ? (list.incidents[Number(name)] ?? null) : null;
    return {
      key: incident === null ? `${by}:${name}` : `incident:${incident.id}`,
      title: incident === null ? titleOf(list, by, name) : incident.title,
      note: noteOf(by, alerts, incident),
      severity: worstOf(alerts),
      alerts,
      incident,
    };
  });
}

function titleOf(list: AlertList, by: Grouping, name: string): string {
  if (by === "rule") {
    const short = name.slice(name.lastIndexOf("/") + 1);
    const title = list.rules.get(name)?.name ?? name;
    return title === name || !name.includes("/") ? title : `${short} ${title}`;
  }
  return name !== "" ? name : by === "host" ? WORDS.noHost : WORDS.noUser;
}

function noteOf(by: Grouping, alerts: readonly ListedAlert[], incident: ListedIncident | null): string {
  const n = plural(alerts.length, "alert");
  if (incident !== null) return `${plural(new Set(alerts.map(({ act }) => act)).size, "act")}, ${n}`;
  const hosts = new Set(alerts.map(({ host }) => host)).size;
  return by === "host" ? `${n} of ${plural(new Set(alerts.map(({ rule }) => rule)).size, "rule")}` : `${n} on ${plural(hosts, "host")}`;
}

function sortedGroups(groups: readonly Group[], { sort, descending }: PanelState): Group[] {
  const by = {
    // Incidents of one severity keep the order of their numbers.
    severity: (a: Group, b: Group) =>
      rank(a.severity) - rank(b.severity) ||
      (a.incident === null || b.incident === null ? a.alerts.length - b.alerts.length : b.incident.number - a.incident.number),
    time: (a: Group, b: Group) => firstMs(a) - firstMs(b),
    host: (a: Group, b: Group) => compare(a.alerts[0]!.host, b.alerts[0]!.host),
    rule: (a: Group, b: Group) => compare(a.title, b.title),
    account: (a: Group, b: Group) => compare(a.alerts[0]!.who, b.alerts[0]!.who),
  }[sort];
  return [...groups].sort((a, b) => (descending ? -by(a, b) : by(a, b)) || firstMs(a) - firstMs(b));
}

function sorted(alerts: readonly ListedAlert[], { sort, descending }: PanelState): readonly ListedAlert[] {
  // They are in time order; sorting is stable, so time decides what the sort leaves open.
  if (sort === "time") return descending ? alerts.toReversed() : alerts;
  const by = {
    severity: (a: ListedAlert, b: ListedAlert) => rank(a.severity) - rank(b.severity),
    host: (a: ListedAlert, b: ListedAlert) => compare(a.host, b.host),
    rule: (a: ListedAlert, b: ListedAlert) => compare(a.ruleId || a.title, b.ruleId || b.title),
    account: (a: ListedAlert, b: ListedAlert) => compare(a.who, b.who),
  }[sort];
  return [...alerts].sort((a, b) => (descending ? -by(a, b) : by(a, b)));
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(a: string, b: string): number {
  return a === b ? 0 : collator.compare(a, b);
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

function worstOf(alerts: readonly ListedAlert[]): Severity {
  let worst = 0;
  for (const { severity } of alerts) worst = Math.max(worst, rank(severity));
  return SEVERITIES[worst]!;
}

function firstMs({ alerts }: Group): number {
  const { ms } = alerts[0]!;
  return Number.isNaN(ms) ? Infinity : ms;
}

function put<K>(groups: Map<K, ListedAlert[]>, key: K, alert: ListedAlert): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [alert]);
  else known.push(alert);
}

/** What has the most alerts, most first. */
export interface Top {
  readonly name: string;
  readonly title: string;
  readonly alerts: number;
  readonly worst: Severity;
}

export function topsOf(list: AlertList, shown: readonly ListedAlert[], by: "host" | "account" | "rule", most: number): Top[] {
  const groups = groupsOf(list, shown, by);
  return groups
    .sort((a, b) => b.alerts.length - a.alerts.length || compare(a.title, b.title))
    .slice(0, most)
    .map(({ key, title, alerts, severity }) => ({ name: key.slice(by.length + 1), title, alerts: alerts.length, worst: severity }));
}

/** `31 of 61 alerts in 2 incidents` */
export function shownText(list: AlertList, shown: readonly ListedAlert[], marked: number): string {
  const incidents = new Set(shown.map(({ incident }) => incident)).size;
  return [
    `${shown.length === list.alerts.length ? "" : `${count(shown.length)} of `}${plural(list.alerts.length, "alert")} in ${plural(incidents, "incident")}`,
    ...(list.notKept > 0 ? [`${count(list.notKept)} more were counted and not kept`] : []),
    ...(marked > 0 ? [`${count(marked)} marked`] : []),
  ].join("; ");
}
