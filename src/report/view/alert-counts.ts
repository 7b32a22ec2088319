/** How many alerts there are, by severity, host, day, tactic and user, and along the time. */
import { clockTime, SEVERITIES, UTC, type Alert, type HuntResult, type Severity, type TimeZone } from "../../workbench/index.ts";
import { count, listText } from "../format.ts";
import { WORDS } from "../words.ts";
import type { Fact } from "./hunt.ts";

/** Alerts that have something in common. */
export interface AlertCount {
  readonly name: string;
  readonly alerts: number;
  readonly worst: Severity;
}

export interface AlertCounts {
  /** Worst first. */
  readonly bySeverity: readonly AlertCount[];
  /** Most first; an alert without a host counts as `(no host)`, and so on. */
  readonly byHost: readonly AlertCount[];
  readonly byTactic: readonly AlertCount[];
  readonly byUser: readonly AlertCount[];
  /** In order, by the clocks of the zone. */
  readonly byDay: readonly AlertCount[];
}

type Found = Pick<HuntResult, "alerts">;

export function alertCounts({ alerts }: Found, zone: TimeZone = UTC): AlertCounts {
  const tactics = (alert: Alert): readonly string[] => [...new Set(alert.rule.threat.map(({ tactic }) => tactic.name))];
  const bySeverity = counted(alerts, (alert) => [alert.rule.severity]);
  return {
    bySeverity: [...bySeverity].sort((a, b) => SEVERITIES.indexOf(b.worst) - SEVERITIES.indexOf(a.worst)),
    byHost: mostFirst(counted(alerts, (alert) => [alert.host], WORDS.noHost)),
    byTactic: mostFirst(counted(alerts, tactics, WORDS.noTactic)),
    byUser: mostFirst(counted(alerts, (alert) => [alert.who], WORDS.noUser)),
    byDay: [...counted(alerts, (alert) => [clockTime(alert.ms, zone)?.slice(0, 10) ?? ""], WORDS.noTime)].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
  };
}

/** Names that differ in case alone are one, as it was met first. */
function counted(alerts: readonly Alert[], read: (alert: Alert) => readonly string[], without = ""): Iterable<AlertCount> {
  const groups = new Map<string, { name: string; alerts: number; worst: Severity }>();
  for (const alert of alerts) {
    const names = read(alert).filter((name) => name !== "");
    for (const name of names.length === 0 ? [without] : names) {
      const { severity } = alert.rule;
      const group = groups.get(name.toLowerCase());
      if (group === undefined) groups.set(name.toLowerCase(), { name, alerts: 1, worst: severity });
      else {
        group.alerts++;
        if (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(group.worst)) group.worst = severity;
      }
    }
  }
  return groups.values();
}

function mostFirst(counts: Iterable<AlertCount>): AlertCount[] {
  return [...counts].sort((a, b) => b.alerts - a.alerts || (a.name < b.name ? -1 : 1));
}

const MAX_NAMES = 12;
const MAX_DAYS = 31;
const MAX_NAME = 100;

/** The same as sentences. Empty where there is no alert. */
export function alertFacts(found: Found, zone: TimeZone = UTC): Fact[] {
  const { bySeverity, byHost, byDay, byTactic, byUser } = alertCounts(found, zone);
  if (found.alerts.length === 0) return [];
  const list = (counts: readonly AlertCount[], most = MAX_NAMES): string =>
    listText(
      counts.map(({ name, alerts }) => `${name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name} (${count(alerts)})`),
      most,
    );
  const severities = bySeverity.map(({ name, alerts }) => `${count(alerts)} ${name}`).join(", ");
  return [
    { title: "Alerts", text: `${count(found.alerts.length)} (${severities})` },
    { title: "By host", text: list(byHost) },
    { title: "By user", text: list(byUser) },
    { title: "By tactic", text: list(byTactic) },
    { title: `By day (${zone.name})`, text: list(byDay, MAX_DAYS) },
  ];
}

/** Alerts of one length of time. */
export interface HistogramBar {
  /** When it begins, by the clocks of the zone: `2026-03-04 09:00`, or a day. */
  readonly name: string;
  readonly alerts: number;
  /** Null where there is none. */
  readonly worst: Severity | null;
  /** From when until before when, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** What a bar is made of. */
interface Marked {
  /** Milliseconds since 1970, NaN where there is no time. */
  readonly ms: number;
  readonly severity: Severity;
}

export interface Histogram {
  readonly bars: readonly HistogramBar[];
  /** What a bar stands for: `5 min`, `1 h`, `1 d`. */
  readonly each: string;
}

/** `Alerts over time (UTC, 1 h a line)` */
export function histogramTitle({ each }: Histogram, zone: TimeZone): string {
  return `${WORDS.overTime} (${zone.name}, ${each} a line)`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths of a bar that clocks and calendars know. */
const WIDTHS: readonly (readonly [ms: number, name: string])[] = [
  [MINUTE, "1 min"],
  [5 * MINUTE, "5 min"],
  [15 * MINUTE, "15 min"],
  [HOUR, "1 h"],
  [3 * HOUR, "3 h"],
  [6 * HOUR, "6 h"],
  [12 * HOUR, "12 h"],
  [DAY, "1 d"],
  [7 * DAY, "7 d"],
  [28 * DAY, "28 d"],
  [364 * DAY, "364 d"],
];
const MAX_BARS = 24;

/** Alerts along the time in at most 24 bars, which begin as the clocks of the zone do. Null where less than two alerts have a time. */
export function alertHistogram({ alerts }: Found, zone: TimeZone = UTC): Histogram | null {
  return histogramOf(
    alerts.map(({ ms, rule }) => ({ ms, severity: rule.severity })),
    zone,
  );
}

/** The same of whatever has a time and a severity. */
export function histogramOf(alerts: readonly Marked[], zone: TimeZone = UTC): Histogram | null {
  const shown = alerts.flatMap(({ ms, severity }) => (isClockTime(ms) ? [{ at: ms + zone.offsetAt(ms), severity }] : []));
  if (shown.length < 2) return null;
  const first = shown.reduce((least, { at }) => Math.min(least, at), Infinity);
  const last = shown.reduce((most, { at }) => Math.max(most, at), -Infinity);
  const barsOf = (ms: number): number => Math.floor(last / ms) - Math.floor(first / ms) + 1;
  // Times that are far apart are more likely wrong than ages of evidence; bars of years hold them all the same.
  let [width, each] = WIDTHS.find(([ms]) => barsOf(ms) <= MAX_BARS) ?? [Math.ceil((last - first) / (MAX_BARS - 1) / DAY) * DAY, ""];
  if (each === "") each = `${count(width / DAY)} d`;
  const from = Math.floor(first / width);
  const utcOf = (clock: number): number => clock - zone.offsetAt(clock - zone.offsetAt(clock));
  const bars = Array.from({ length: barsOf(width) }, (_, i): Mutable<HistogramBar> => ({
    name:
      clockTime((from + i) * width, UTC)
        ?.slice(0, width >= DAY ? 10 : 16)
        .replace("T", " ") ?? "",
    alerts: 0,
    worst: null,
    from: utcOf((from + i) * width),
    until: utcOf((from + i + 1) * width),
  }));
  for (const { at, severity } of shown) {
    const bar = bars[Math.floor(at / width) - from]!;
    bar.alerts++;
    if (bar.worst === null || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(bar.worst)) bar.worst = severity;
  }
  return { bars, each };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a date can be, by the clocks of any zone. */
function isClockTime(ms: number): boolean {
  return Math.abs(ms) < 8.64e15 - DAY;
}
