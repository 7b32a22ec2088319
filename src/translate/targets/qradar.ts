/**
 * IBM QRadar: an AQL search over Windows' events. Rules of QRadar's engine are made in its own wizard; the search has their condition.
 *
 * Facts (IBM's reference): `LIKE` and `MATCHES` are case-sensitive, `ILIKE` and `IMATCHES` are not; `%` and `_` are their wildcards;
 * custom properties are in double quotes. Their names depend on the content pack: those of the Windows custom properties are used
 * where they are known, Windows' own names elsewhere, and all can be overridden.
 */
import type { EventFilter } from "../../eql/index.ts";
import { among, anyOf, conditionText, either, selected, type Dialect } from "../dialect.ts";
import type { LossList } from "../loss-list.ts";
import { once } from "../once.ts";
import { wildcardOf, type Parts } from "../patterns.ts";
import { isPlainText } from "../plain-text.ts";
import { inlineFlags, pcreOfParts } from "../regex/pcre.ts";
import type { Table } from "../tables/table.ts";
import type { Branch } from "../tables/tables.ts";
import { WINDOWS_FAMILIES, windowsTableEvents, type WindowsLogged } from "../tables/windows.ts";
import { filterBranches, translateQuery } from "../translator.ts";
import type { Platform, TranslationRequest } from "../translation.ts";
import { UNSUPPORTED } from "../unsupported.ts";

/** Properties of IBM's content for Windows and Sysmon. */
const PROPERTIES: Readonly<Record<string, string>> = {
  CommandLine: "Process CommandLine",
  Image: "Process Path",
  NewProcessName: "Process Path",
  ParentImage: "Parent Process Path",
  ParentProcessName: "Parent Process Path",
  ParentCommandLine: "Parent Process CommandLine",
  ServiceName: "Service Name",
  ServiceFileName: "Service Filename",
  ImagePath: "Service Filename",
  ShareName: "Share Name",
  RelativeTargetName: "Share Relative Target Name",
  TargetFilename: "File Path",
  PipeName: "Pipe Name",
  TargetObject: "Registry Key",
  LogonType: "Logon Type",
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const tables = once((): readonly Table<WindowsLogged>[] => [
  {
    name: "events",
    events: windowsTableEvents(WINDOWS_FAMILIES, {
      data: (name) => quoted(PROPERTIES[name] ?? name),
      header: (name) => (name === "Computer" ? quoted("Machine Identifier") : name === "TimeCreated" ? "devicetime" : null),
    }),
  },
]);

export function aqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const AQL: Dialect = {
  and: "AND",
  or: "OR",
  equal: "=",
  // A missing property is null, and `NOT` null is null.
  not: (operand) => `NOT COALESCE(${operand}, FALSE)`,
  indent: "  ",
  exists: ({ name }) => `${name} IS NOT NULL`,
  comparable: (text, insensitive) => !insensitive && isSafe(text),
  equals: ({ name }, texts) => among(name, texts.map(aqlString), "=", "IN"),
  patterns: ({ name }, patterns, insensitive) =>
    patterns.map((parts) =>
      parts.some((part) => part.kind === "literal" && !isSafe(part.text))
        ? matches(name, wholeValue(parts), insensitive)
        : `${name} ${insensitive ? "ILIKE" : "LIKE"} ${aqlString(wildcardOf(parts, "%", "_", (text) => text))}`,
    ),
  regex: ({ name }, { source: portable, flags }) => {
    const source = asciiBoundaries(portable);
    const own = flags.replaceAll("i", "");
    const isWhole = own === "s" && /^\^\(\?:.*\)\$$/s.test(source);
    return matches(name, isWhole ? inlineFlags({ source, flags: own }) : anywhere(source, own), flags.includes("i"));
  },
  boolean: ({ name }, value) => `${name} ILIKE '${value}'`,
  number: ({ name, type, field }, operator, value) =>
    type === "number" ? `LONG(${name}) ${operator} ${value}` : UNSUPPORTED.notANumber(field),
  ranges: ({ name }, blocks) => blocks.map((block) => `INCIDR(${aqlString(block)}, ${name})`),
};

/** `LIKE` has no escape for its own wildcards, and a backslash is not certain to stand for itself; nor are there any in literals. */
function isSafe(text: string): boolean {
  return !/[%_\\]/.test(text) && isPlainText(text);
}

function matches(name: string, source: string, insensitive: boolean): string {
  return `${name} ${insensitive ? "IMATCHES" : "MATCHES"} ${aqlString(source)}`;
}

/** Until Java 19 `\b` knows letters outside ASCII as well, while `\w` does not: boundaries are written with the latter. */
function asciiBoundaries(source: string): string {
  return source.replaceAll(/\\[^]/g, (escape) => {
    if (escape === String.raw`\b`) return String.raw`(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))`;
    return escape === String.raw`\B` ? String.raw`(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))` : escape;
  });
}

/** An expression that is found anywhere, as `MATCHES` has it, which tests the whole value. */
function anywhere(source: string, flags: string): string {
  return `(?s:.*)(?${flags}:${source})(?s:.*)`;
}

/** A pattern as `MATCHES` has it: open at the ends where the pattern is. */
function wholeValue(parts: Parts): string {
  const source = pcreOfParts(parts);
  return `(?s)${source.startsWith("^") ? "" : ".*"}${source}${parts.at(-1)?.kind === "any" ? ".*" : ""}`;
}

function branchText({ events, condition, columns }: Branch<WindowsLogged>, losses: LossList): string | null {
  const where = conditionText(condition, AQL, { columns, reportLoss: losses.add });
  if (where === null) return null;
  const byChannel = new Map<string, string[]>();
  for (const { select } of events)
    if (select.code !== null) byChannel.set(select.channel, [...(byChannel.get(select.channel) ?? []), aqlString(select.code)]);
  const codes = [...byChannel.values()].map((literals) => among('"EventID"', literals, "=", "IN"));
  return selected(`LOGSOURCETYPENAME(devicetype) ILIKE '%Windows%' AND ${either(codes, AQL.or)}`, where, AQL);
}

function queryOf(filter: EventFilter, request: TranslationRequest, losses: LossList): string | null {
  const branches = filterBranches(filter, tables(), request, losses);
  const parts = branches.flatMap((branch) => branchText(branch, losses) ?? []);
  if (parts.length === 0) return null;
  losses.report(
    "exact",
    filter.span,
    "The custom properties must exist under these names, and be optimised for rules",
    "Override a name with --fields.",
  );
  const shown = [...new Set(branches.flatMap((branch) => [...branch.columns.keys()]))].filter((name) => name.startsWith('"'));
  const minutes = Math.max(1, Math.ceil(request.metadata.lookback / 60));
  return `SELECT DATEFORMAT(devicetime, 'yyyy-MM-dd HH:mm:ss') AS time, LOGSOURCENAME(logsourceid) AS source, username, "EventID"${shown.map((name) => `, ${name}`).join("")}\nFROM events\nWHERE ${anyOf(parts, AQL)}\nLAST ${minutes} MINUTES\n`;
}

export const qradar = {
  title: "IBM QRadar (AQL)",
  extension: "aql",
  checked: "text",
  translate: (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => queryOf(filter, request, losses),
      sequence: {
        reason: "AQL does not put events in order",
        advice: "Make a rule of QRadar's engine with the test `this sequence of rules`, a rule for each event.",
      },
    }),
} as const satisfies Platform;
