/** What can be written of an alert: named fields, any ECS field, and profiles of such. */
import {
  alertDocument,
  ecsFields,
  flatten,
  hostOf,
  similarNames,
  textAt,
  valueAt,
  whatOf,
  whereText,
  whoOf,
  zonedTime,
  type EventDocument,
} from "../../workbench/index.ts";
import type { AlertRow } from "./alert-rows.ts";

/** A field by its name, ready to be read from rows. */
export interface AlertField {
  readonly name: string;
  /** A text, a number, a list of texts; null or undefined where there is nothing. */
  readonly read: (row: AlertRow) => unknown;
  /** Written by us or by the rule's author; everything else may be a text out of a log. */
  readonly isOurs: boolean;
}

interface NamedField {
  readonly means: string;
  readonly read: (row: AlertRow) => unknown;
  readonly isOurs?: true;
}

const NAMED = {
  time: { means: "when the event was, ISO 8601 by the clocks of --timezone", read: timeOf, isOurs: true },
  severity: { means: "of the alert", read: ({ alert }) => alert.rule.severity, isOurs: true },
  host: { means: "the computer", read: hostOfRow },
  user: { means: "the account that acted", read: ({ alert, observed, isLast }) => (isLast ? alert.who : whoOf(observed.event)) },
  rule: { means: "the rule's name", read: ({ alert }) => alert.rule.name, isOurs: true },
  rule_id: { means: "the rule's key: T1021.002/B1, or a UUID", read: ({ alert }) => alert.rule.key, isOurs: true },
  title: { means: "the alert's title, with names out of the event where the rule has them", read: ({ alert }) => alert.title },
  what: { means: "what was done, in a line", read: whatOfRow },
  tactic: { means: "tactics of ATT&CK", read: ({ alert }) => unique(alert.rule.threat.map((t) => t.tactic.name)), isOurs: true },
  technique: { means: "techniques of ATT&CK, by id", read: techniquesOf, isOurs: true },
  tag: { means: "the rule's tags", read: ({ alert }) => alert.rule.tags, isOurs: true },
  risk_score: { means: "0 to 100", read: ({ alert }) => alert.rule.riskScore, isOurs: true },
  language: { means: "what the rule is written in", read: ({ alert }) => alert.rule.language, isOurs: true },
  incident: { means: "the number of its incident", read: ({ incident }) => incident, isOurs: true },
  alert_id: { means: "the same in every hunt over the same events", read: ({ alert }) => alert.id, isOurs: true },
  events: { means: "how many events the alert has", read: eventsOf, isOurs: true },
  channel: { means: "the log of Windows, or the data set", read: eventText("winlog.channel", "event.dataset", "data_stream.dataset") },
  provider: { means: "what wrote the event", read: eventText("event.provider", "winlog.provider_name") },
  event_id: { means: "the number or name of the event's kind", read: eventText("event.code", "event.action") },
  record_id: { means: "the number of the record in its log", read: eventText("winlog.record_id") },
  file: { means: "where the event lies: file, line or offset, record", read: ({ observed }) => whereText(observed.place) },
  message: { means: "title and what was done", read: messageOf },
  datetime: { means: "the time, under Timesketch's name", read: timeOf, isOurs: true },
  timestamp_desc: { means: "what the time is, under Timesketch's name", read: descriptionOf, isOurs: true },
} as const satisfies { readonly [name: string]: NamedField };

/** Named sets of fields. `all` is every field above and every field of the events. */
const PROFILES = {
  minimal: ["time", "severity", "host", "title"],
  standard: ["time", "severity", "host", "user", "rule", "what", "tactic", "technique", "event_id"],
  // oxfmt-ignore
  verbose: [
    "time", "severity", "risk_score", "incident", "host", "user", "rule", "rule_id", "title", "what", "tactic", "technique", "tag",
    "channel", "provider", "event_id", "record_id", "process.executable", "process.command_line", "process.parent.executable",
    "source.ip", "destination.ip", "destination.port", "file.path", "registry.path", "events", "file", "alert_id",
  ],
  // oxfmt-ignore
  timesketch: [
    "message", "datetime", "timestamp_desc", "severity", "host", "user", "rule", "tactic", "technique", "tag", "channel", "event_id",
    "record_id", "file", "rule_id", "alert_id", "incident",
  ],
  all: Object.keys(NAMED),
} as const satisfies { readonly [name: string]: readonly string[] };

export type AlertProfile = keyof typeof PROFILES;

/** The profiles, and the named fields with what they mean, for help and documents. */
export const ALERT_PROFILES = Object.keys(PROFILES) as readonly AlertProfile[];
export const ALERT_FIELD_NAMES: readonly (readonly [name: string, means: string])[] = Object.entries(NAMED).map(([name, { means }]) => [
  name,
  means,
]);

/** What `--fields` asks for. */
export interface AskedFields {
  readonly names: readonly string[];
  /** Of these, what was named itself, and not by a profile. */
  readonly named: readonly string[];
  /** Every field of the events as well. */
  readonly isOpen: boolean;
}

/** Reads `standard,process.command_line`; of names that there are not, what may have been meant. */
export function readFields(text: string): { readonly asked: AskedFields; readonly problem: string | null } {
  const names = new Set<string>();
  const named: string[] = [];
  let isOpen = false;
  let problem: string | null = null;
  for (const name of text.split(",").map((part) => part.trim())) {
    if (name === "") continue;
    if (isProfile(name)) {
      for (const one of PROFILES[name]) names.add(one);
      isOpen ||= name === "all";
    } else if (Object.hasOwn(NAMED, name) || name.includes(".") || isEcs(name)) {
      names.add(name);
      named.push(name);
    } else {
      const similar = similarNames(name, [...Object.keys(NAMED), ...ALERT_PROFILES]);
      problem ??= `there is no field ${name}${similar.length === 0 ? "" : `; did you mean ${similar.join(" or ")}?`}`;
    }
  }
  if (names.size === 0) problem ??= "no field is named";
  return { asked: { names: [...names], named, isOpen }, problem };
}

export function profileFields(profile: AlertProfile): AskedFields {
  return { names: PROFILES[profile], named: [], isOpen: profile === "all" };
}

/** The fields for these rows: with `isOpen` those of their events follow, in order of name. */
export function fieldsFor({ names, isOpen }: AskedFields, rows: readonly AlertRow[]): AlertField[] {
  const all = new Set(names);
  if (isOpen) {
    const found = new Set<string>();
    // Lists of objects are one field.
    for (const { observed } of rows) for (const { name } of flatten(observed.event)) found.add(name.split("[", 1)[0]!);
    for (const name of [...found].sort()) all.add(name);
  }
  return [...all].map(fieldOf);
}

/** Fields of the events that were named and that no row has: they may be misspelt. */
export function absentFields({ named }: AskedFields, rows: readonly AlertRow[]): string[] {
  if (rows.length === 0) return [];
  return named.filter((name) => !Object.hasOwn(NAMED, name) && rows.every((row) => fieldOf(name).read(row) === undefined));
}

function fieldOf(name: string): AlertField {
  if (Object.hasOwn(NAMED, name)) {
    const { read, isOurs }: NamedField = NAMED[name as keyof typeof NAMED];
    return { name, read, isOurs: isOurs === true };
  }
  if (/^(?:rule|threat|tocsin)\./.test(name)) return { name, read: ({ alert }) => valueAt(alertDocument(alert), name), isOurs: false };
  return { name, read: ({ observed }) => valueAt(observed.event, name), isOurs: false };
}

function isProfile(name: string): name is AlertProfile {
  return Object.hasOwn(PROFILES, name);
}

function isEcs(name: string): boolean {
  for (const field of ecsFields()) if (field.name === name) return true;
  return false;
}

/** What an alert says is of its last event; the rows of the others say what those did. */
function hostOfRow({ alert, observed, isLast }: AlertRow): string {
  return isLast ? alert.host : hostOf(observed.event);
}

function whatOfRow({ alert, observed, isLast }: AlertRow): string {
  return isLast ? alert.what : whatOf(observed.event);
}

function messageOf(row: AlertRow): string {
  const what = whatOfRow(row);
  return `${row.alert.title}${what === "" ? "" : `: ${what}`}`;
}

function timeOf({ ms, zone, observed }: AlertRow): string | null {
  return zonedTime(ms, zone) ?? textAt(observed.event, "@timestamp") ?? null;
}

/** Of an alert of several events, those before the last did not raise it by themselves. */
function descriptionOf({ isLast }: AlertRow): string {
  return isLast ? "Event that raised the alert" : "Event before the alert";
}

function techniquesOf({ alert }: AlertRow): string[] {
  return unique(
    alert.rule.threat.flatMap(({ technique }) => (technique === undefined ? [] : [technique.subtechnique?.id ?? technique.id])),
  );
}

function eventsOf({ alert }: AlertRow): number {
  return alert.count ?? alert.events.filter((event) => event !== null).length;
}

function eventText(...names: readonly string[]): (row: AlertRow) => string | undefined {
  return ({ observed }) => firstText(observed.event, names);
}

function firstText(event: EventDocument, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textAt(event, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
