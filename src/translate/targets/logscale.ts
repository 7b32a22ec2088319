/**
 * CrowdStrike's query language (LogScale, Falcon Next-Gen SIEM) over the events of the Falcon sensor.
 *
 * Facts (CrowdStrike's documentation): a pattern `field="*x*"` is anchored and minds the case, so everything here is a regular
 * expression `/x/i` or `in(..., ignoreCase=true)`; `$` and `/` are escaped; image names are device paths, so a name is what follows the
 * last backslash; `correlate` finds constellations of events in order.
 */
import type { EventFilter, SequenceQuery } from "../../eql/index.ts";
import { translateQuery, presentItems } from "../translator.ts";
import type { Unsupported } from "../fold.ts";
import { formulaOf, type Test, type TextTest } from "../formula.ts";
import { indented, infix } from "../infix.ts";
import { needsDotAll, pcreOf, pcreOfParts } from "../regex/pcre.ts";
import { sensorTables, type ColumnTexts, type SensorEvent } from "../tables/sensors.ts";
import { branchesOf, keyColumn, type Branch, type Column, type Table } from "../tables/tables.ts";
import { LossList } from "../loss-list.ts";
import type { Platform, TranslationRequest } from "../translation.ts";

const HOST: ColumnTexts = {
  "host.name": "ComputerName",
  "host.hostname": "ComputerName",
  "host.id": "aid",
  "user.name": "UserName",
  "user.id": "UserSid",
};
const ACTOR: ColumnTexts = { ...HOST, "process.name": "ContextBaseFileName", "process.entity_id": "ContextProcessId" };

const OUT: ColumnTexts = {
  ...ACTOR,
  "source.ip": "LocalAddressIP4 ip",
  "source.port": "LocalPort number",
  "destination.ip": "RemoteAddressIP4 ip",
  "destination.port": "RemotePort number",
};
const IN: ColumnTexts = {
  ...ACTOR,
  "source.ip": "RemoteAddressIP4 ip",
  "source.port": "RemotePort number",
  "destination.ip": "LocalAddressIP4 ip",
  "destination.port": "LocalPort number",
};
const FILE: ColumnTexts = {
  ...ACTOR,
  "file.path": "TargetFileName",
  "file.name": "TargetFileName text name",
  "file.extension": "TargetFileName text extension",
};

const KINDS: readonly SensorEvent[] = [
  {
    table: "Falcon",
    select: "ProcessRollup2",
    category: "process",
    type: ["start"],
    columns: {
      ...HOST,
      "process.name": "ImageFileName text name",
      "process.executable": "ImageFileName",
      "process.command_line": "CommandLine",
      "process.args": "CommandLine text part",
      "process.entity_id": "TargetProcessId",
      "process.pid": "RawProcessId number",
      "process.hash.sha256": "SHA256HashData",
      "process.hash.md5": "MD5HashData",
      "process.pe.original_file_name": "OriginalFilename",
      "process.parent.name": "ParentBaseFileName",
    },
  },
  {
    table: "Falcon",
    select: "NetworkConnectIP4",
    category: "network",
    type: ["start", "connection"],
    columns: OUT,
    known: { "network.direction": ["egress", "outgoing"] },
  },
  {
    table: "Falcon",
    select: "NetworkReceiveAcceptIP4",
    category: "network",
    type: ["start", "connection"],
    columns: IN,
    known: { "network.direction": ["ingress", "incoming"] },
  },
  { table: "Falcon", select: "NewExecutableWritten", category: "file", type: ["creation"], columns: FILE },
  { table: "Falcon", select: "PeFileWritten", category: "file", type: ["creation"], columns: FILE },
  { table: "Falcon", select: "NewScriptWritten", category: "file", type: ["creation"], columns: FILE },
  {
    table: "Falcon",
    select: "AsepValueUpdate",
    category: "registry",
    type: ["change"],
    columns: { ...ACTOR, "registry.key": "RegObjectName", "registry.value": "RegValueName", "registry.data.strings": "RegStringValue" },
  },
  {
    table: "Falcon",
    select: "UserLogon",
    category: "authentication",
    type: ["start"],
    columns: { ...HOST, "user.domain": "LogonDomain", "source.ip": "RemoteAddressIP4 ip", "winlog.logon.type": "LogonType text words" },
    known: { "event.outcome": ["success"] },
  },
];

const LOGON_TYPES: ReadonlyMap<string, string> = new Map([
  ["Interactive", "2"],
  ["Network", "3"],
  ["Batch", "4"],
  ["Service", "5"],
  ["Unlock", "7"],
  ["NetworkCleartext", "8"],
  ["NewCredentials", "9"],
  ["RemoteInteractive", "10"],
  ["CachedInteractive", "11"],
]);

let made: readonly Table<string>[] | undefined;

function tables(): readonly Table<string>[] {
  made ??= sensorTables(KINDS, LOGON_TYPES);
  return made;
}

/** `/.../i`: a slash ends it, so it is escaped. */
function regex(source: string, flags: string): string {
  return `/${source.replaceAll(/(?<!\\)((?:\\\\)*)\//g, String.raw`$1\/`)}/${flags}`;
}

export function logscaleString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function testOf(test: Test, columns: ReadonlyMap<string, Column>): string | boolean | Unsupported {
  switch (test.kind) {
    case "text":
      return texts(test);
    case "regex": {
      const parts: string[] = [];
      for (const pattern of test.patterns) {
        const told = pcreOf(pattern, test.insensitive);
        if ("unsupported" in told) return told;
        // `d` lets the dot match line breaks.
        parts.push(`${test.field}=${regex(told.source, told.flags.replaceAll("s", "d"))}`);
      }
      return either(parts);
    }
    case "value":
      if (typeof test.value === "boolean") return `${test.field}=/^${test.value}$/i`;
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order here" };
      return columns.get(test.field)?.type === "number"
        ? `${test.field}${test.op === "==" ? "=" : test.op}${test.value}`
        : { unsupported: `${test.field} is no number` };
    case "exists":
      return `${test.field}=*`;
    case "cidr": {
      const four = test.blocks.filter((block) => !block.includes(":"));
      // The events are those of IPv4: an address of IPv6 is in none of them.
      return four.length === 0 ? false : `cidr(${test.field}, subnet=[${four.map(logscaleString).join(", ")}])`;
    }
    case "any-field":
      return { unsupported: "A free text search is of the whole event, not of single values", advice: "Name the fields." };
    case "computed":
      return { unsupported: "Computed values are not carried over" };
  }
}

function texts(test: TextTest): string {
  const values: string[] = [];
  const parts: string[] = [];
  for (const pattern of test.patterns) {
    const [only] = pattern.parts;
    if (pattern.parts.length === 1 && only!.kind === "any") return `${test.field}=*`;
    if (pattern.parts.length === 1 && only!.kind === "literal" && !/[*?]/.test(only!.text)) values.push(logscaleString(only!.text));
    else
      parts.push(
        `${test.field}=${regex(pcreOfParts(pattern.parts), `${test.insensitive ? "i" : ""}${needsDotAll(pattern.parts) ? "d" : ""}`)}`,
      );
  }
  if (values.length > 0) parts.unshift(`in(${test.field}, values=[${values.join(", ")}]${test.insensitive ? ", ignoreCase=true" : ""})`);
  return either(parts);
}

function either(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" or ")})`;
}

function branchText(branch: Branch<string>, losses: LossList): string | null {
  const folded = infix(
    branch.formula,
    { and: "and", or: "or", not: (operand) => `not ${operand}`, indent: "  ", test: (test) => testOf(test, branch.columns) },
    losses.add,
  );
  if (folded.kind === "lost" || (folded.kind === "constant" && !folded.value)) return null;
  const names = branch.events.map((event) => event.select);
  const select =
    names.length === 1 ? `#event_simpleName=${names[0]}` : `in(#event_simpleName, values=[${names.map(logscaleString).join(", ")}])`;
  const base = `${select} event_platform=Win`;
  return folded.kind === "constant" ? base : `${base}\n| ${folded.value.text}`;
}

function eventsOf(
  filter: EventFilter,
  request: TranslationRequest,
  losses: LossList,
): { readonly text: string; readonly branches: readonly Branch<string>[] } | null {
  const branches = branchesOf(formulaOf(filter), tables(), losses.add, filter.span, request.fields);
  const parts = branches.flatMap((branch) => branchText(branch, losses) ?? []);
  if (parts.length === 0) return null;
  if (parts.length === 1) return { text: parts[0]!, branches };
  // A `case` lets through what one of its branches does; without a last `*` the rest drops.
  return { text: `case {\n${parts.map((part) => indented(part.replace("\n| ", " | "), "  ")).join(";\n")};\n}`, branches };
}

function sequence(query: SequenceQuery, request: TranslationRequest, losses: LossList): string {
  const reportLoss = (effect: "wider" | "narrower" | "untranslatable", span: { from: number; to: number }, reason: string): string => {
    losses.add({ effect, span, reason, advice: null });
    return "";
  };
  const items = presentItems(query, losses);
  if (items.some((item) => item.runs > 1)) return reportLoss("untranslatable", query.span, "`with runs` is not carried over");
  if (items.length > 1 && query.by.length + items[0]!.by.length === 0)
    return reportLoss("untranslatable", query.span, "`correlate` joins events by what they have in common, and the sequence has no key");
  if (query.maxspan === null) reportLoss("narrower", query.span, "`correlate` needs a time: an hour is taken");
  const parts: string[] = [];
  for (const [at, item] of items.entries()) {
    const found = eventsOf(item.filter, request, losses);
    if (found === null) return reportLoss("untranslatable", item.span, "An event of the sequence cannot be said");
    const by = [...query.by, ...item.by];
    const first = [...query.by, ...items[0]!.by];
    const keys: string[] = [];
    for (const [key, field] of by.entries()) {
      const own = keyOf(found.branches, field.name, request);
      const other = at === 0 ? own : keyOf(eventsOf(items[0]!.filter, request, new LossList())!.branches, first[key]!.name, request);
      if (own === null || other === null)
        return reportLoss("untranslatable", item.span, `The sensor's events have no one column for the key \`${field.name}\``);
      keys.push(at === 0 ? own : `${own} <=> event1.${other}`);
    }
    const links = at === 0 ? "" : keys.map((key) => `\n| ${key}`).join("");
    parts.push(`  event${at + 1}: {\n${indented(found.text + links, "    ")}\n  } include: [@timestamp, ComputerName, aid]`);
  }
  const within = query.maxspan === null ? "1h" : `${query.maxspan.value}${query.maxspan.unit}`;
  return `correlate(\n${parts.join(",\n")},\n  sequence=true, within=${within}\n)\n`;
}

function keyOf(branches: readonly Branch<string>[], field: string, request: TranslationRequest): string | null {
  const events = branches.flatMap((branch) => branch.events);
  return request.fields.get(field) ?? keyColumn(events, field)?.name ?? null;
}

export const logscale = {
  title: "CrowdStrike (LogScale, Next-Gen SIEM)",
  extension: "logscale",
  checked: "text",
  translate: (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => {
        const found = eventsOf(filter, request, losses);
        return found === null ? null : `${found.text}\n`;
      },
      sequence: (query, losses) => sequence(query, request, losses),
    }),
} as const satisfies Platform;
