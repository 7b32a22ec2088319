/**
 * IBM QRadar: an AQL search over Windows' events. Rules of QRadar's engine are made in its own wizard; the search says what they test.
 *
 * Facts (IBM's reference): `LIKE` and `MATCHES` mind the case, `ILIKE` and `IMATCHES` do not; `%` and `_` are their wildcards;
 * custom properties stand in double quotes. Their names depend on the content pack: those of the Windows custom properties are taken
 * where they are known, Windows' own names elsewhere, and all can be overridden.
 */
import type { WindowsEventType } from "../../ecs/index.ts";
import type { EventFilter } from "../../eql/index.ts";
import { translateQuery } from "../translator.ts";
import type { Unsupported } from "../fold.ts";
import { formulaOf, type Test, type TextTest } from "../formula.ts";
import { indented, infix } from "../infix.ts";
import { pcreOf, pcreOfParts } from "../regex/pcre.ts";
import { branchesOf, type Branch, type Column, type Table } from "../tables/tables.ts";
import type { LossList } from "../loss-list.ts";
import type { Platform, TranslationRequest } from "../translation.ts";
import { windowsTableEvents } from "../tables/windows.ts";

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

let made: readonly Table<WindowsEventType>[] | undefined;

function tables(): readonly Table<WindowsEventType>[] {
  made ??= [
    {
      name: "events",
      events: windowsTableEvents(["security", "sysmon", "system", "powershell", "powershell_operational"], {
        data: (name) => quoted(PROPERTIES[name] ?? name),
        header: (name) => (name === "Computer" ? quoted("Machine Identifier") : name === "TimeCreated" ? "devicetime" : null),
      }),
    },
  ];
  return made;
}

export function aqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function testOf(test: Test, columns: ReadonlyMap<string, Column>): string | Unsupported {
  switch (test.kind) {
    case "text":
      return texts(test);
    case "regex": {
      const parts: string[] = [];
      for (const pattern of test.patterns) {
        const told = pcreOf(pattern, test.insensitive);
        if ("unsupported" in told) return told;
        const flags = told.flags.replaceAll("i", "");
        const source = /^\^\(\?:.*\)\$$/s.test(told.source) && flags === "s" ? `(?s)${told.source}` : found(told.source, flags);
        parts.push(`${test.field} ${told.flags.includes("i") ? "IMATCHES" : "MATCHES"} ${aqlString(source)}`);
      }
      return either(parts);
    }
    case "value":
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order here" };
      if (typeof test.value === "boolean") return `${test.field} ILIKE '${test.value}'`;
      return columns.get(test.field)?.type === "number"
        ? `LONG(${test.field}) ${test.op === "==" ? "=" : test.op} ${test.value}`
        : { unsupported: `${test.field} is no number` };
    case "exists":
      return `${test.field} IS NOT NULL`;
    case "cidr":
      return either(test.blocks.map((block) => `INCIDR(${aqlString(block)}, ${test.field})`));
    case "any-field":
      return { unsupported: "A search in the payload is not one in every field", advice: "Name the fields." };
    case "computed":
      return { unsupported: "Computed values are not carried over" };
  }
}

/** An expression that is found anywhere, whatever it is made of. */
function found(source: string, flags: string): string {
  return `(?s:.*)(?${flags}:${source})(?s:.*)`;
}

/** `MATCHES` takes the whole value (Java's); an expression that is found anywhere is opened at both ends. */
function whole(source: string, dotAll: boolean): string {
  const open = source.startsWith("^") ? "" : ".*";
  const close = source.endsWith("$") && !source.endsWith(String.raw`\$`) ? "" : ".*";
  return `${dotAll || open !== "" || close !== "" ? "(?s)" : ""}${open}${source}${close}`;
}

function texts(test: TextTest): string {
  const { field, insensitive } = test;
  const equals: string[] = [];
  const parts: string[] = [];
  for (const { parts: of } of test.patterns) {
    const [only] = of;
    if (of.length === 1 && only!.kind === "any") return `${field} IS NOT NULL`;
    const literal = of.map((part) => (part.kind === "literal" ? part.text : "")).join("");
    if (/[%_\\]/.test(literal)) {
      // `LIKE` has no escape for its own wildcards, and a backslash is not sure to stand for itself.
      parts.push(`${field} ${insensitive ? "IMATCHES" : "MATCHES"} ${aqlString(whole(pcreOfParts(of), true))}`);
    } else if (!insensitive && of.length === 1) equals.push(aqlString(literal));
    else {
      const like = of.map((part) => (part.kind === "any" ? "%" : part.kind === "one" ? "_" : part.text)).join("");
      parts.push(`${field} ${insensitive ? "ILIKE" : "LIKE"} ${aqlString(like)}`);
    }
  }
  if (equals.length > 0) parts.unshift(equals.length === 1 ? `${field} = ${equals[0]!}` : `${field} IN (${equals.join(", ")})`);
  return either(parts);
}

function either(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
}

/** A missing property is null, and `NOT null` is null: `not` must hold there. */
function not(operand: string): string {
  return `NOT COALESCE(${operand}, FALSE)`;
}

function branchText({ events, formula, columns }: Branch<WindowsEventType>, losses: LossList): string | null {
  const folded = infix(formula, { and: "AND", or: "OR", not, indent: "  ", test: (test) => testOf(test, columns) }, losses.add);
  if (folded.kind === "lost" || (folded.kind === "constant" && !folded.value)) return null;
  const byChannel = new Map<string, string[]>();
  for (const { select } of events) byChannel.set(select.channel, [...(byChannel.get(select.channel) ?? []), `'${select.code}'`]);
  const select = either(
    [...byChannel.values()].map((codes) => `"EventID" ${codes.length === 1 ? `= ${codes[0]!}` : `IN (${codes.join(", ")})`}`),
  );
  const source = "LOGSOURCETYPENAME(devicetype) ILIKE '%Windows%'";
  if (folded.kind === "constant") return `${source} AND ${select}`;
  return `${source} AND ${select} AND ${folded.value.level === "or" ? `(\n${indented(folded.value.text, "  ")}\n)` : folded.value.text}`;
}

function queryOf(filter: EventFilter, request: TranslationRequest, losses: LossList): string | null {
  const branches = branchesOf(formulaOf(filter), tables(), losses.add, filter.span, request.fields);
  const parts = branches.flatMap((branch) => branchText(branch, losses) ?? []);
  if (parts.length === 0) return null;
  losses.add({
    effect: "exact",
    span: filter.span,
    reason: "The custom properties must exist under these names, and be optimised for rules",
    advice: "Override a name with --fields.",
  });
  const shown = [...new Set(branches.flatMap((branch) => [...branch.columns.keys()]))].filter((name) => name.startsWith('"'));
  const where = parts.length === 1 ? parts[0]! : parts.map((part) => `(\n${indented(part, "  ")}\n)`).join("\nOR ");
  const minutes = Math.max(1, Math.ceil(request.metadata.lookback / 60));
  const text = `SELECT DATEFORMAT(devicetime, 'yyyy-MM-dd HH:mm:ss') AS time, LOGSOURCENAME(logsourceid) AS source, username, "EventID"${shown.map((name) => `, ${name}`).join("")}\nFROM events\nWHERE ${where}\nLAST ${minutes} MINUTES\n`;
  return text;
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
