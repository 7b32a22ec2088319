/** Alerts as the three parts of an exception (source, account, artefact), as narrow as the alerts allow. */
import { tooBroad } from "../../catalog/index.ts";
import { redact, textAt, textsAt, type EventDocument } from "../../detect/index.ts";
import type { WrittenAlert } from "./alerts.ts";
import { shapeOf } from "./shape.ts";

export type Part = { [field: string]: string[] };

/** One alert as the three parts of an exception. */
export interface Draft {
  readonly ids: string[];
  readonly rules: Set<string>;
  readonly source: Part;
  readonly account: Part;
  readonly artefact: Part;
}

/** Where the machine acted from is named, most telling first. */
const SOURCE_FIELDS = ["source.ip", "host.name", "winlog.computer_name"] as const;
const ACCOUNT_FIELDS = ["winlog.event_data.SubjectUserName", "user.name", "winlog.event_data.TargetUserName"] as const;

/** What was used, by group: of a group the first field an alert has is taken, and all groups together are the artefact. */
const ARTEFACT_GROUPS = [
  ["process.code_signature.subject_name", "process.hash.sha256"],
  ["process.executable", "process.name"],
  ["process.command_line"],
  ["process.parent.executable", "process.parent.name"],
  ["winlog.event_data.ServiceFileName", "winlog.event_data.ImagePath"],
  ["winlog.event_data.RelativeTargetName"],
  ["winlog.event_data.ShareName"],
  ["registry.path"],
  ["file.path"],
] as const;

/** How the values of an artefact are written: those that change from run to run as `*`, or all as they are. */
export type ValueForm = (value: string) => string;

/** Values of a part after which it is no exception but a hole. */
const MAX_VALUES = 20;

/** A sentence when a part cannot be made. */
export function draftOf(
  alert: Pick<WrittenAlert, "id" | "rule">,
  events: readonly EventDocument[],
  form: ValueForm = shapeOf,
): Draft | string {
  const source = firstOf(events, SOURCE_FIELDS, isSource, (v) => v);
  if (source === null) return "Its events name no source: no address and no host.";
  const account = firstOf(events, ACCOUNT_FIELDS, isAccount, (v) => v);
  if (account === null) return "Its events name no account of a person or a service.";
  const artefact = events
    .toReversed()
    .map((event) => artefactOf(event, form))
    .find((part) => Object.keys(part).length > 0);
  if (artefact === undefined) return "Its events name nothing that was used: no program, file, share or service.";
  return { ids: [alert.id], rules: new Set([alert.rule.key.slice(alert.rule.key.lastIndexOf("/") + 1)]), source, account, artefact };
}

/** All that one event names: the fields of a part have to hold of the same event. */
function artefactOf(event: EventDocument, form: ValueForm): Part {
  const value = (text: string): string => artefactValue(text, form);
  const artefact: Part = {};
  for (const group of ARTEFACT_GROUPS)
    Object.assign(
      artefact,
      firstOf([event], group, (v) => tooBroad(value(v)) === null && !v.startsWith("@"), value),
    );
  return artefact;
}

/** The last event of a sequence is the one the alert is about, so it is asked first. */
function firstOf(
  events: readonly EventDocument[],
  fields: readonly string[],
  fits: (value: string) => boolean,
  shape: (value: string) => string,
): Part | null {
  for (const field of fields) {
    for (const event of events.toReversed()) {
      const value = textsAt(event, field)[0] ?? textAt(event, field);
      if (value !== undefined && fits(value)) return { [field]: [shape(value)] };
    }
  }
  return null;
}

/** A password on a command line is not copied into a file that everybody reads. */
function artefactValue(value: string, form: ValueForm): string {
  // An asterisk of the value itself would stand for anything; `?` is one character.
  return form(redact(value.replaceAll("*", "?")));
}

function isSource(value: string): boolean {
  return tooBroad(value) === null && !value.startsWith("127.") && value !== "::1" && value !== "::" && value !== "0.0.0.0";
}

const SYSTEM = new Set(["system", "local service", "network service", "anonymous logon"]);
function isAccount(value: string): boolean {
  return tooBroad(value) === null && !value.startsWith("@") && !SYSTEM.has(value.toLowerCase());
}

/** Alerts alike in rule and all parts are one exception. */
export function mergedSame(drafts: readonly Draft[]): Draft[] {
  return joined(drafts, (d) => JSON.stringify([[...d.rules], d.source, d.account, d.artefact]), null);
}

/** Alerts alike in all parts are one exception, of all their rules. */
export function mergedRules(drafts: readonly Draft[]): Draft[] {
  return joined(drafts, (d) => JSON.stringify([d.source, d.account, d.artefact]), null);
}

/** The same, and sources, then artefacts that differ alone are listed in it. */
export function merged(drafts: readonly Draft[]): Draft[] {
  const rulesJoined = mergedRules(drafts);
  const sourcesJoined = joined(
    rulesJoined,
    (d) => JSON.stringify([[...d.rules].sort(), Object.keys(d.source), d.account, d.artefact]),
    "source",
  );
  // Of artefacts only those that differ in one field: lists of two fields would allow combinations that nobody saw.
  const fields = new Set(drafts.flatMap(({ artefact }) => Object.keys(artefact)));
  return [...fields].reduce(
    (all: Draft[], field) =>
      joined(
        all,
        (d) => JSON.stringify([[...d.rules].sort(), d.source, d.account, { ...d.artefact, [field]: Object.hasOwn(d.artefact, field) }]),
        "artefact",
      ),
    sourcesJoined,
  );
}

function joined(drafts: readonly Draft[], key: (draft: Draft) => string, part: "source" | "artefact" | null): Draft[] {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const k = key(draft);
    const open = groups.get(k);
    if (open === undefined) {
      groups.set(k, [copyOf(draft)]);
      continue;
    }
    const into = open.at(-1)!;
    if (part !== null && Object.values(into[part]).some((values) => values.length >= MAX_VALUES)) {
      open.push(copyOf(draft));
      continue;
    }
    into.ids.push(...draft.ids);
    for (const rule of draft.rules) into.rules.add(rule);
    if (part === null) continue;
    for (const [field, values] of Object.entries(draft[part])) {
      const known = into[part][field]!;
      for (const value of values) if (!known.includes(value)) known.push(value);
    }
  }
  return [...groups.values()].flat();
}

function copyOf({ ids, rules, source, account, artefact }: Draft): Draft {
  const copy = (part: Part): Part => Object.fromEntries(Object.entries(part).map(([field, values]) => [field, [...values]]));
  return { ids: [...ids], rules: new Set(rules), source: copy(source), account: copy(account), artefact: copy(artefact) };
}

/** A name of letters, digits and hyphens. */
export function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 60).replace(/-$/, "") || "exception";
}
