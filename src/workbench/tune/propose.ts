/**
 * Proposes exceptions for alerts that are false positives: alerts of a rule that share source, account and artefact become one
 * exception, as narrow as its alerts allow, and each is held against the package's own cases before anybody pastes it.
 */
import { tooBroad, type Detection, type ExceptionText } from "../../catalog/index.ts";
import { redact, textAt, textsAt, type EventDocument } from "../../detect/index.ts";
import type { WrittenAlert } from "./alerts.ts";
import { shapeOf } from "./shape.ts";
import { Tuning, type TunedCase } from "./tune.ts";

export interface ProposeOptions {
  readonly today: string;
  /** Who answers for the exceptions. */
  readonly owner: string;
  readonly reason: string;
  /** `2027-02-22` */
  readonly expires: string;
  /** Alert ids that are false positives. Empty: those the documents mark, and without any mark all alerts. */
  readonly falsePositives: readonly string[];
}

export interface Proposal {
  /**
   * `offered`: removes false positives and nothing else. `hides-more`: also hides alerts that are not marked. `refused`: it would
   * silence a case of the package that shows an attack, or tuning.yaml would not take it.
   */
  readonly verdict: "offered" | "hides-more" | "refused";
  readonly exception: ExceptionText;
  /** Ids of the false positives it removes. */
  readonly removes: readonly string[];
  /** Other alerts it would have hidden. */
  readonly alsoHides: readonly { readonly id: string; readonly rule: string; readonly what: string; readonly host: string }[];
  /** Cases that lose alerts by it. */
  readonly cases: readonly TunedCase[];
  readonly casesRun: number;
  /** Why it is refused, a sentence each. */
  readonly problems: readonly string[];
  /** One item of `exceptions`, ready to be pasted; null when refused. */
  readonly yaml: string | null;
}

export interface Proposals {
  readonly detection: string;
  /** Alerts of the package's rules that were read. */
  readonly alerts: number;
  readonly falsePositives: number;
  /** No alert was marked, so all of them were taken for false positives. */
  readonly allTaken: boolean;
  /** Those that remove most first; refused ones last. */
  readonly proposals: readonly Proposal[];
  /** False positives for which there can be no exception, and what they lack. */
  readonly left: readonly { readonly id: string; readonly rule: string; readonly what: string; readonly why: string }[];
  /** Ids that were named and are no alert of the package. */
  readonly unknownIds: readonly string[];
}

type Part = { [field: string]: string[] };

/** One alert as the three parts of an exception. */
interface Draft {
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

/** Values of a part after which it is no exception but a hole. */
const MAX_VALUES = 20;

export function propose(detection: Detection, alerts: readonly WrittenAlert[], options: ProposeOptions): Proposals {
  const own = alerts.filter((alert) => alert.rule.key.startsWith(`${detection.id}/`));
  const named = new Set(options.falsePositives);
  const marked = named.size > 0 ? own.filter((a) => named.has(a.id)) : own.filter((a) => a.marked);
  const allTaken = named.size === 0 && marked.length === 0;
  const wrong = allTaken ? own : marked;
  const wrongIds = new Set(wrong.map((a) => a.id));
  const left: Proposals["left"][number][] = [];
  const drafts = merged(
    wrong.flatMap((alert) => {
      const draft = draftOf(alert);
      if (typeof draft !== "string") return [draft];
      left.push({ id: alert.id, rule: alert.rule.key, what: alert.what, why: draft });
      return [];
    }),
  );
  const tuning = new Tuning(detection, options.today);
  const taken = new Set(detection.tuning.exceptions.map((e) => e.id));
  const proposals = drafts.map((draft): Proposal => {
    const exception = exceptionOf(draft, taken, options);
    const effect = tuning.effect(exception, own);
    const attacks = effect.cases.filter((c) => c.kind !== "negative");
    const problems = [
      ...effect.problems,
      ...attacks.map((c) => `It hides ${c.rules.join(", ")} in the ${c.kind} case ${c.name}, so tocsin prove would fail.`),
    ];
    const alsoHides = effect.removed
      .filter((a) => !wrongIds.has(a.id))
      .map(({ id, rule, what, host }) => ({ id, rule: rule.key, what, host }));
    return {
      verdict: problems.length > 0 ? "refused" : alsoHides.length > 0 ? "hides-more" : "offered",
      exception,
      removes: effect.removed.filter((a) => wrongIds.has(a.id)).map((a) => a.id),
      alsoHides,
      cases: effect.cases,
      casesRun: effect.casesRun,
      problems,
      yaml: problems.length > 0 ? null : effect.yaml,
    };
  });
  const order = { offered: 0, "hides-more": 1, refused: 2 } as const;
  const known = new Set(own.map((a) => a.id));
  return {
    detection: detection.id,
    alerts: own.length,
    falsePositives: wrong.length,
    allTaken,
    proposals: proposals.sort((a, b) => order[a.verdict] - order[b.verdict] || b.removes.length - a.removes.length),
    left,
    unknownIds: [...named].filter((id) => !known.has(id)),
  };
}

/** A sentence when a part cannot be made. */
function draftOf(alert: WrittenAlert): Draft | string {
  const events = alert.events.flatMap((e) => (e === null ? [] : [e.event]));
  const source = firstOf(events, SOURCE_FIELDS, isSource, (v) => v);
  if (source === null) return "Its events name no source: no address and no host.";
  const account = firstOf(events, ACCOUNT_FIELDS, isAccount, (v) => v);
  if (account === null) return "Its events name no account of a person or a service.";
  const artefact: Part = {};
  for (const group of ARTEFACT_GROUPS) {
    const found = firstOf(events, group, (v) => tooBroad(artefactValue(v)) === null && !v.startsWith("@"), artefactValue);
    if (found !== null) Object.assign(artefact, found);
  }
  if (Object.keys(artefact).length === 0) return "Its events name nothing that was used: no program, file, share or service.";
  return { ids: [alert.id], rules: new Set([alert.rule.key.slice(alert.rule.key.lastIndexOf("/") + 1)]), source, account, artefact };
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
function artefactValue(value: string): string {
  return shapeOf(redact(value));
}

function isSource(value: string): boolean {
  return tooBroad(value) === null && !value.startsWith("127.") && value !== "::1" && value !== "::" && value !== "0.0.0.0";
}

const SYSTEM = new Set(["system", "local service", "network service", "anonymous logon"]);
function isAccount(value: string): boolean {
  return tooBroad(value) === null && !value.startsWith("@") && !SYSTEM.has(value.toLowerCase());
}

/** Alerts alike in all parts are one exception; rules, then sources, then artefacts that differ alone are listed in it. */
function merged(drafts: readonly Draft[]): Draft[] {
  const rulesJoined = joined(drafts, (d) => JSON.stringify([d.source, d.account, d.artefact]), null);
  const sourcesJoined = joined(
    rulesJoined,
    (d) => JSON.stringify([[...d.rules].sort(), Object.keys(d.source), d.account, d.artefact]),
    "source",
  );
  // Of artefacts only those that differ in one field: lists of two fields would allow combinations that nobody saw.
  return ARTEFACT_GROUPS.flat().reduce(
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

function exceptionOf({ rules, source, account, artefact }: Draft, taken: Set<string>, options: ProposeOptions): ExceptionText {
  const who = Object.values(account)[0]![0]!;
  const where = Object.values(source)[0]!;
  const list = [...rules].sort();
  const base = slug(`${who} ${list.join(" ")}`);
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  taken.add(id);
  return {
    id,
    title: `${who} from ${where.length === 1 ? where[0]! : `${where.length} machines`}: ${list.join(", ")}`,
    rules: list,
    source,
    account,
    artefact,
    owner: options.owner,
    reason: options.reason,
    created: options.today,
    expires: options.expires,
  };
}

function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 60).replace(/-$/, "") || "exception";
}
