/** Alerts that several rules raised on one act, put together. */
import { SEVERITIES, type Alert, type Observed, type RunnableRule, type Severity } from "../../detect/index.ts";
import { readInstant, type Instant } from "../../eql/index.ts";
import { eventKey } from "./act-keys.ts";
import type { Deed } from "./deed.ts";
import { AllEventFacts } from "./event-facts.ts";
import type { HostNames } from "./host-names.ts";

/** One thing that was done, with all the alerts it raised. Names of hosts are as people say them: without a domain that tells nothing apart. */
export interface Act {
  /** The id of its first alert. */
  readonly id: string;
  /** `PsExec from WS01 to SRV01 as adm.kira` */
  readonly title: string;
  /** The first part of it. */
  readonly noun: string;
  readonly severity: Severity;
  /** In time order. */
  readonly alerts: readonly Alert[];
  /** The host that acted, and the host it acted on. `to` is empty where only one host is named; `from`, where none is. */
  readonly from: string;
  readonly to: string;
  /** Accounts, without their domains; those of the system only where there is no other. The first is the title's. */
  readonly accounts: readonly string[];
  /** What was done, in order; each sentence once. */
  readonly deeds: readonly ActDeed[];
  /** Sentences beyond the bound. */
  readonly moreDeeds: number;
  /** The rules that saw it, most severe first. */
  readonly rules: readonly ActRule[];
  /** How often it was done, one after the other. */
  readonly times: number;
  /** Why it may be ordinary work, and is set apart; null for what is not. */
  readonly apart: string | null;
}

export interface ActDeed {
  /** `opened ADMIN$\PSEXESVC.exe for writing` */
  readonly text: string;
  readonly host: string;
  readonly times: number;
}

export interface ActRule {
  readonly rule: RunnableRule;
  readonly alerts: number;
}

/** Alerts of one act follow each other this closely, and all lie within so much. */
const LINK_MS = 10_000;
const ACT_MS = 120_000;
/** The same act again, this soon, is a repeat. */
const REPEAT_MS = 15 * 60_000;
const MAX_DEEDS = 12;

/** The acts behind alerts that are in time order. Linear in alerts and in what they name. */
export function actsOf(alerts: readonly Alert[], names: HostNames): Act[] {
  const facts = new AllEventFacts(names);
  const groups: Alert[][] = [];
  const parent: number[] = [];
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    while (parent[i] !== root) [parent[i], i] = [root, parent[i]!];
    return root;
  };
  const latest = new Map<string, { readonly group: number; readonly ms: number }>();
  const started: number[] = [];
  for (const alert of alerts) {
    const keys = linksOf(alert, facts);
    let at = -1;
    for (const key of keys) {
      const known = latest.get(key);
      if (known === undefined) continue;
      const isRecord = key.startsWith("event:");
      const group = find(known.group);
      if (!isRecord && !(alert.ms - known.ms <= LINK_MS && alert.ms - started[group]! <= ACT_MS)) continue;
      if (at === -1) at = group;
      else if (group !== at) {
        const [kept, joined] = started[group]! < started[at]! ? [group, at] : [at, group];
        parent[joined] = kept;
        for (const one of groups[joined]!) groups[kept]!.push(one);
        groups[joined] = [];
        at = kept;
      }
    }
    if (at === -1) {
      at = groups.length;
      groups.push([]);
      parent.push(at);
      started.push(alert.ms);
    }
    groups[at]!.push(alert);
    for (const key of keys) latest.set(key, { group: at, ms: alert.ms });
  }
  const order = new Map(alerts.map((alert, i) => [alert, i]));
  const acts = groups
    .filter((group) => group.length > 0)
    .map((group) =>
      actOf(
        group.sort((a, b) => order.get(a)! - order.get(b)!),
        names,
        facts,
      ),
    )
    .sort((a, b) => order.get(a.alerts[0]!)! - order.get(b.alerts[0]!)!);
  return withoutRepeats(acts);
}

/** What ties an alert to others of the same act. */
function linksOf({ events }: Alert, facts: AllEventFacts): Set<string> {
  return new Set(events.flatMap((observed) => (observed === null ? [] : facts.of(observed).keys)));
}

function actOf(alerts: readonly Alert[], names: HostNames, facts: AllEventFacts): Act {
  const deeds = new Map<string, { text: string; host: string; times: number; weight: number }>();
  const people: string[] = [];
  const machines: string[] = [];
  let most: { deed: Deed; account: string; host: string } | null = null;
  let way: { from: string; to: string; weight: number; account: string } | null = null;
  for (const observed of eventsOf(alerts)) {
    const { deed, from, to, host, account } = facts.of(observed);
    if (account !== "") (isSystem(account) ? machines : people).push(account);
    if (deed.noun !== "" && (most === null || deed.weight > most.deed.weight)) most = { deed, account, host };
    // The host acted on says best who did it there.
    const weight = deed.weight + (deed.source === "" ? 0 : 1_000);
    if (to !== "" && (way === null || weight > way.weight)) way = { from, to, weight, account };
    if (deed.text === "") continue;
    const key = `${host.toLowerCase()}\n${deed.text.toLowerCase()}`;
    const known = deeds.get(key);
    if (known === undefined) deeds.set(key, { text: deed.text, host: names.shown(host), times: 1, weight: deed.weight });
    else known.times++;
  }
  const first = alerts[0]!;
  const rules = rulesOf(alerts);
  const noun = most?.deed.noun ?? rules[0]!.rule.name;
  const [from, to] = way === null ? [most?.host ?? first.host, ""] : [way.from, way.to];
  const leading = [way?.account ?? "", most?.account ?? ""].filter((name) => name !== "" && !isSystem(name));
  const accounts = [...new Set([...leading, ...people])];
  const shown = {
    from: names.shown(from),
    to: to === "" ? "" : names.shown(to),
    accounts: accounts.length > 0 ? accounts : [...new Set(machines)],
  };
  return {
    id: first.id,
    title: titleOf(noun, shown.from, shown.to, shown.accounts[0] ?? ""),
    noun,
    severity: rules[0]!.rule.severity,
    alerts,
    ...shown,
    deeds: mostTelling([...deeds.values()]),
    moreDeeds: Math.max(0, deeds.size - MAX_DEEDS),
    rules,
    times: 1,
    apart: null,
  };
}

/** The events of the alerts, each once, in order of time. */
function eventsOf(alerts: readonly Alert[]): Observed[] {
  const all = new Map<string, { readonly observed: Observed; readonly at: Instant }>();
  for (const { events } of alerts)
    for (const observed of events) {
      if (observed === null || all.has(eventKey(observed))) continue;
      const at = { millis: 0, nanos: 0 };
      if (!readInstant(observed.event["@timestamp"], at)) at.millis = Infinity;
      all.set(eventKey(observed), { observed, at });
    }
  return [...all.values()]
    .sort((a, b) => (a.at.millis === b.at.millis ? a.at.nanos - b.at.nanos : a.at.millis - b.at.millis))
    .map(({ observed }) => observed);
}

/** As many as are shown, in order. */
function mostTelling(deeds: readonly (ActDeed & { readonly weight: number })[]): ActDeed[] {
  const shown = new Set([...deeds].sort((a, b) => b.weight - a.weight).slice(0, MAX_DEEDS));
  return deeds.filter((deed) => shown.has(deed)).map(({ text, host, times }) => ({ text, host, times }));
}

function titleOf(noun: string, from: string, to: string, account: string): string {
  const where = to === "" ? (from === "" ? "" : ` on ${from}`) : from === "" ? ` on ${to}` : ` from ${from} to ${to}`;
  return `${noun}${where}${account === "" ? "" : ` as ${account}`}`;
}

function rulesOf(alerts: readonly Alert[]): ActRule[] {
  const counts = new Map<RunnableRule, number>();
  for (const { rule } of alerts) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .map(([rule, n]) => ({ rule, alerts: n }))
    .sort((a, b) => SEVERITIES.indexOf(b.rule.severity) - SEVERITIES.indexOf(a.rule.severity));
}

/** An act with the title of one before it, and soon after it, is that one again. */
function withoutRepeats(acts: readonly Act[]): Act[] {
  const kept: Act[] = [];
  const latest = new Map<string, { at: number; ms: number }>();
  for (const act of acts) {
    const begins = act.alerts[0]!.ms;
    const ends = act.alerts.at(-1)!.ms;
    const known = latest.get(act.title);
    if (known !== undefined && begins - known.ms <= REPEAT_MS) {
      kept[known.at] = joined(kept[known.at]!, act);
      known.ms = ends;
    } else {
      latest.set(act.title, { at: kept.length, ms: ends });
      kept.push(act);
    }
  }
  return kept.map((act) => (act.times === 1 ? act : { ...act, rules: rulesOf(act.alerts) }));
}

function joined(act: Act, again: Act): Act {
  // Thousands of repeats: the list of the first one grows, and is not copied.
  const alerts = act.times === 1 ? [...act.alerts] : (act.alerts as Alert[]);
  for (const alert of again.alerts) alerts.push(alert);
  const deeds = new Map(act.deeds.map((deed) => [`${deed.host}\n${deed.text}`, deed]));
  let more = act.moreDeeds + again.moreDeeds;
  for (const deed of again.deeds) {
    const key = `${deed.host}\n${deed.text}`;
    const known = deeds.get(key);
    if (known !== undefined) deeds.set(key, { ...known, times: known.times + deed.times });
    else if (deeds.size < MAX_DEEDS) deeds.set(key, deed);
    else more++;
  }
  const worse = SEVERITIES.indexOf(again.severity) > SEVERITIES.indexOf(act.severity) ? again.severity : act.severity;
  const accounts = again.accounts.every((name) => act.accounts.includes(name))
    ? act.accounts
    : [...new Set([...act.accounts, ...again.accounts])];
  return { ...act, alerts, severity: worse, deeds: [...deeds.values()], moreDeeds: more, accounts, times: act.times + 1 };
}

const SYSTEM = new Set(["system", "local service", "network service", "anonymous logon", "root", "-"]);

function isSystem(account: string): boolean {
  return SYSTEM.has(account.toLowerCase()) || account.endsWith("$") || /^(?:DWM|UMFD)-\d+$/i.test(account);
}
