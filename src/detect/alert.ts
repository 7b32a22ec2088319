import { readInstant, type Instant } from "../eql/index.ts";
import { textAt, textsAt, type EventDocument, type Observed } from "./observed.ts";
import type { RunnableRule } from "./rule.ts";
import { VENDOR_ACCOUNTS, VENDOR_ACTIONS } from "./vendor-fields.ts";

/** A rule matched: one event, or the events of a sequence in order (null stands where an event had to be missing). */
export interface RuleMatch extends AlertGroup {
  readonly rule: RunnableRule;
  readonly events: readonly (Observed | null)[];
  /** `@timestamp` of the last event in milliseconds since 1970; NaN where there is none. */
  readonly ms: number;
  /** Values of the join keys of a sequence, or of the fields that events are grouped by. */
  readonly keys: readonly unknown[];
}

/** What a rule that groups events says of a group. */
export interface AlertGroup {
  /** How many events it has, where the alert shows the latest of them alone. */
  readonly count?: number | undefined;
  /** What was worked out of them, by name, as JSON has it. */
  readonly row?: Readonly<Record<string, unknown>> | undefined;
}

/** A match as people are shown it. Its `ms` and `ns` order alerts. */
export interface Alert extends RuleMatch {
  /** Nanoseconds of its last event within `ms`. */
  readonly ns: number;
  /** Of the rule, its version and the events, wherever they lay (see `matchId`); unique within a hunt. */
  readonly id: string;
  /** `@timestamp` of the last event, as the event has it; null where it has none. */
  readonly time: string | null;
  readonly title: string;
  readonly host: string;
  readonly who: string;
  readonly what: string;
  readonly entities: Entities;
}

/** What ties alerts to each other. All lower case. */
export interface Entities {
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  readonly addresses: readonly string[];
}

/** @param id `matchId`, made unique among the alerts that are kept together. */
export function makeAlert({ rule, events, ms, keys, count, row }: RuleMatch, id: string): Alert {
  const present = events.filter((event) => event !== null);
  const last = present.at(-1)!;
  const host = hostOf(last.event);
  const at: Instant = { millis: 0, nanos: 0 };
  return {
    id,
    rule,
    events,
    time: textAt(last.event, "@timestamp") ?? null,
    ms,
    ns: readInstant(last.event["@timestamp"], at) ? at.nanos : 0,
    keys,
    ...(count === undefined ? {} : { count }),
    ...(row === undefined ? {} : { row }),
    title: rule.title === null ? rule.name : fillTitle(rule.title, present),
    host,
    who: first(present, whoOf),
    what: first([...present].reverse(), whatOf),
    entities: entitiesOf(present),
  };
}

function first(events: readonly Observed[], read: (event: EventDocument) => string): string {
  for (const { event } of events) {
    const text = read(event);
    if (text !== "") return text;
  }
  return "";
}

export function hostOf(event: EventDocument): string {
  return textAt(event, "host.name") ?? textAt(event, "winlog.computer_name") ?? textAt(event, "host.hostname") ?? "";
}

/** The account that acted: Sysmon and Defend name it in `user.*`, Security in the subject (or, for logons, the target). */
export function whoOf(event: EventDocument): string {
  const name =
    textAt(event, "user.name") ?? textAt(event, "winlog.event_data.SubjectUserName") ?? textAt(event, "winlog.event_data.TargetUserName");
  if (name === undefined) return firstText(event, VENDOR_ACCOUNTS);
  const domain = textAt(event, "user.domain") ?? textAt(event, "winlog.event_data.SubjectDomainName");
  return domain === undefined || name.includes("\\") ? name : `${domain}\\${name}`;
}

/** What was done, in one line: the most telling field the event has. */
export function whatOf(event: EventDocument): string {
  const share = textAt(event, "winlog.event_data.ShareName");
  if (share !== undefined) {
    const target = textAt(event, "winlog.event_data.RelativeTargetName");
    const from = textAt(event, "source.ip");
    return `${share}${target === undefined || target === "\\" ? "" : `\\${target}`}${from === undefined ? "" : ` from ${from}`}`;
  }
  const service = textAt(event, "winlog.event_data.ServiceName") ?? textAt(event, "service.name");
  const image = textAt(event, "winlog.event_data.ImagePath") ?? textAt(event, "winlog.event_data.ServiceFileName");
  if (service !== undefined && image !== undefined) return `service ${service}: ${image}`;
  const command = textAt(event, "process.command_line");
  if (command !== undefined) return redact(command);
  const registry = textAt(event, "registry.path");
  if (registry !== undefined) return registry;
  const file = textAt(event, "file.path") ?? textAt(event, "file.name");
  if (file !== undefined) return file;
  const port = textAt(event, "destination.port");
  const process = textAt(event, "process.executable") ?? textAt(event, "process.name");
  if (port !== undefined) return `${process ?? "?"} -> ${textAt(event, "destination.ip") ?? "?"}:${port}`;
  if (process !== undefined) return process;
  const logon = textAt(event, "winlog.logon.type");
  if (logon !== undefined) return `${logon} logon${textAt(event, "source.ip") === undefined ? "" : ` from ${textAt(event, "source.ip")}`}`;
  return textAt(event, "message")?.split("\n", 1)[0] ?? textAt(event, "event.action") ?? firstText(event, VENDOR_ACTIONS);
}

/** The first of the fields that the event has; empty where it has none. */
function firstText(event: EventDocument, fields: readonly string[]): string {
  for (const field of fields) {
    const text = textAt(event, field);
    if (text !== undefined) return text;
  }
  return "";
}

/**
 * Hides the password of `net use \\host\C$ PASSWORD /user:NAME` and of `psexec -p PASSWORD`: command lines put secrets into
 * logs, and an alert is read by more people than the log. The event itself is left as it is.
 */
export function redact(command: string): string {
  const words = command.split(" ");
  const isNetUse = /(^|[\\"])net1?(\.exe)?"?$/i.test(words[0] ?? "") && words.some((w) => w.toLowerCase() === "use");
  const isRemote = /(psexec(64)?|paexec|remcom|csexec)(\.exe)?"?$/i.test(words[0] ?? "");
  let afterShare = false;
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word === "") continue;
    if (isRemote && /^[-/]p$/i.test(words[i - 1] ?? "")) words[i] = "*****";
    else if (isNetUse && afterShare && !word.startsWith("/") && word !== "*" && words.some((w) => /^\/u(ser)?:/i.test(w)))
      words[i] = "*****";
    if (word.startsWith("\\\\") || word.startsWith('"\\\\')) afterShare = true;
  }
  return words.join(" ");
}

function fillTitle(template: string, events: readonly Observed[]): string {
  return template.replaceAll(
    /\{([\w.@]+)\}/g,
    (_, field: string) => first([...events].reverse(), (event) => textAt(event, field) ?? "") || `(no ${field})`,
  );
}

/** Accounts of the system itself tie nothing together. */
const SYSTEM_ACCOUNTS = new Set(["system", "local service", "network service", "anonymous logon", "-", "lokaler dienst", "netzwerkdienst"]);

function entitiesOf(events: readonly Observed[]): Entities {
  const hosts = new Set<string>();
  const users = new Set<string>();
  const addresses = new Set<string>();
  for (const { event } of events) {
    const host = hostOf(event).toLowerCase();
    if (host !== "") hosts.add(host);
    for (const field of ["user.name", "winlog.event_data.SubjectUserName", "winlog.event_data.TargetUserName", ...VENDOR_ACCOUNTS]) {
      for (const name of textsAt(event, field)) {
        const user = name.toLowerCase().split("\\").at(-1)!;
        if (!SYSTEM_ACCOUNTS.has(user) && !user.endsWith("$")) users.add(user);
      }
    }
    for (const address of textsAt(event, "source.ip")) if (!isLoopback(address)) addresses.add(address.toLowerCase());
  }
  return { hosts: [...hosts], users: [...users], addresses: [...addresses] };
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address === "-" || address === "0.0.0.0" || address === "::";
}
