/** What a hunt read, what it could not see, and what its rules saw, as plain data that a face lays out. */
import {
  blindRules,
  SEVERITIES,
  type Detection,
  type HuntResult,
  type InputSummary,
  type RuleFaultCode,
  type Severity,
  type TimeZone,
  UTC,
} from "../../workbench/index.ts";
import { byteText, count, listText, plural, spanText } from "../format.ts";
import { fittingText, narrowingText } from "./narrowing.ts";
import { CONDITION_FAULTS, FAULTS, WORDS } from "../words.ts";

/** What was read, as far as a report shows it. */
export type ReportInput = Pick<InputSummary, "files" | "bytes" | "notRead" | "duplicates" | "problems" | "errors" | "warnings" | "aborted">;

/** A fact with its title. */
export interface Fact {
  readonly title: string;
  readonly text: string;
}

const MAX_SOURCES = 40;
const MAX_UNMAPPED = 20;
const MAX_EXCEPTIONS = 20;
const MAX_FAULTS = 20;

/** What was read, what of it was asked for, and what the exceptions took away. */
export function readFacts(
  result: HuntResult,
  input: Pick<ReportInput, "files" | "bytes" | "notRead" | "duplicates" | "aborted">,
  zone: TimeZone = UTC,
): Fact[] {
  const sources = result.sources.map(({ source, events }) => `${source} (${count(events)})`);
  const copies = duplicatesText(input.duplicates);
  return [
    {
      title: "Input",
      text: `${plural(input.files, "file")}, ${byteText(input.bytes)}${notReadText(input.notRead)}${input.aborted ? "; the reading was stopped before its end" : ""}`,
    },
    {
      title: "Events",
      text:
        result.firstEvent === null
          ? count(result.events)
          : `${count(result.events)}, ${spanText(result.firstEvent, result.lastEvent, zone)} ${zone.name}`,
    },
    ...(copies === "" ? [] : [{ title: "Copies", text: copies }]),
    ...narrowedFacts(result, zone),
    { title: "Data sources", text: sources.length === 0 ? "none" : listText(sources, MAX_SOURCES) },
    ...(result.excepted.length === 0 ? [] : [{ title: WORDS.suppressed, text: suppressedText(result) }]),
  ];
}

function narrowedFacts(result: HuntResult, zone: TimeZone): Fact[] {
  const { rules, leftOut } = result;
  const asked = narrowingText(result.narrowing, zone);
  const alerts = leftOut.alerts === 0 ? "" : `${plural(leftOut.alerts, "alert")} left out`;
  const ofRules = leftOut.rules === 0 ? "" : `${count(rules.length)} of ${plural(rules.length + leftOut.rules, "rule")} run`;
  const text = [...(asked === "" ? [] : [`${asked}: ${fittingText(result)}`]), alerts, ofRules].filter((part) => part !== "").join("; ");
  return text === "" ? [] : [{ title: "Narrowed", text }];
}

const MAX_COPIES = 5;

/** What was read more than once; empty where nothing was. */
export function duplicatesText(duplicates: ReportInput["duplicates"]): string {
  if (duplicates === null) return "";
  const { events, conflicts, untracked } = duplicates;
  const files = [...duplicates.files]
    .sort((a, b) => b.events - a.events)
    .map(({ file, of, events: n }) => `${count(n)} in ${file} of ${of}`);
  return [
    ...(events === 0
      ? []
      : [`${plural(events, "event was", "events were")} read before and counted once (${listText(files, MAX_COPIES)})`]),
    ...(conflicts === 0
      ? []
      : [
          `${plural(conflicts, "event has", "events have")} channel, computer, record number and time of another and other content, and all are counted`,
        ]),
    ...(untracked === 0 ? [] : [`copies of ${plural(untracked, "event")} were not recognised, for lack of room`]),
  ].join("; ");
}

function notReadText({ files, bytes }: ReportInput["notRead"]): string {
  return files === 0 ? "" : `; not read: ${plural(files, "file")}, ${byteText(bytes)}`;
}

function suppressedText({ excepted }: HuntResult): string {
  const alerts = new Map<string, number>();
  const titles = new Map<string, string>();
  for (const { exception } of excepted) {
    alerts.set(exception.id, (alerts.get(exception.id) ?? 0) + 1);
    titles.set(exception.id, exception.title);
  }
  const each = [...alerts].map(([id, n]) => `${titles.get(id) ?? ""} (${id}) ${count(n)}`);
  return `${plural(excepted.length, "alert")}: ${listText(each, MAX_EXCEPTIONS)}`;
}

/** What a hunt may have missed, apart from whole rules (`blindRules`). Empty where nothing is known to be missing. */
export function gapFacts(result: HuntResult, input: Pick<ReportInput, "errors">): Fact[] {
  const facts: Fact[] = [];
  const add = (n: number, title: string, text: string): void => {
    if (n > 0) facts.push({ title, text });
  };
  const unmapped = result.unmapped.reduce((sum, u) => sum + u.count, 0);
  const kinds = result.unmapped.map(
    (u) => `${u.provider.slice(0, 100)}${u.code === "" ? "" : ` ${u.code.slice(0, 40)}`} (${count(u.count)})`,
  );
  add(input.errors, "Could not be read", `${plural(input.errors, "part")} of the input`);
  add(unmapped, "Not mapped to ECS", `${plural(unmapped, "record")}, found by raw fields only: ${listText(kinds, MAX_UNMAPPED)}`);
  const faults = faultViews(result);
  for (const { line } of faults.slice(0, MAX_FAULTS)) facts.push({ title: WORDS.fault, text: line });
  add(faults.length - MAX_FAULTS, WORDS.fault, `${count(faults.length - MAX_FAULTS)} more that are not listed`);
  add(result.withoutGroup, "Events without a field that a correlation groups by", count(result.withoutGroup));
  return facts;
}

/** A fault of a rule in words. */
export interface FaultView {
  /** The rule's key; null for what concerns all rules. */
  readonly rule: string | null;
  readonly code: RuleFaultCode;
  readonly count: number;
  readonly text: string;
  /** The same with the rule's key and name in front. */
  readonly line: string;
}

export function faultViews({ faults }: Pick<HuntResult, "faults">): FaultView[] {
  return faults.map(({ rule, code, count: n }) => {
    const text = faultText(code, n);
    return { rule: rule?.key ?? null, code, count: n, text, line: rule === null ? text : `${rule.key} ${rule.name}: ${text}` };
  });
}

/** `3 values on which a condition could not be computed (a division by zero) and counted as false [eql/division-by-zero]` */
export function faultText(code: RuleFaultCode, n: number): string {
  if (!isRuleFault(code))
    return `${plural(n, "value")} on which a condition could not be computed (${CONDITION_FAULTS[code]}) and counted as false [${code}]`;
  const [noun, what] = FAULTS[code];
  return `${plural(n, noun)} ${what} [${code}]`;
}

function isRuleFault(code: RuleFaultCode): code is keyof typeof FAULTS {
  return Object.hasOwn(FAULTS, code);
}

/** A rule that could not see all it looks for. */
export interface BlindView {
  /** `T1021.002/C2 Service created over the network` */
  readonly rule: string;
  /** What was not in the input: `security 4697, 7045`. */
  readonly missing: readonly { readonly events: string; readonly audit: string }[];
}

/** Rules that had none of their events (`whole`), and those that had some kinds of them (`part`). */
export function blindViews(
  packages: readonly Detection[],
  result: HuntResult,
): { readonly whole: BlindView[]; readonly part: BlindView[] } {
  const views = { whole: [] as BlindView[], part: [] as BlindView[] };
  for (const { key, name, blind, missing } of blindRules(packages, result))
    views[blind].push({
      rule: `${key} ${name}`,
      missing: missing.map(({ source, events, audit }) => ({ events: `${source} ${events.join(", ")}`.trim(), audit })),
    });
  return views;
}

/** How many incidents there are of each severity, worst first. */
export function severityCounts({
  incidents,
}: Pick<HuntResult, "incidents">): { readonly severity: Severity; readonly incidents: number }[] {
  return [...SEVERITIES]
    .reverse()
    .map((severity) => ({ severity, incidents: incidents.filter((incident) => incident.severity === severity).length }))
    .filter((one) => one.incidents > 0);
}
