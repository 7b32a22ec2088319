/**
 * CrowdStrike's query language (LogScale, Falcon Next-Gen SIEM) over the events of the Falcon sensor, and over Windows' logs for what
 * the sensor does not report.
 *
 * Facts (CrowdStrike's documentation): a pattern `field="*x*"` is anchored and case-sensitive, so everything here is a regular
 * expression `/x/i` or `in(..., ignoreCase=true)`; `$` and `/` are escaped; image names are device paths, so a name is what follows the
 * last backslash; `correlate` finds constellations of events in order. Windows' logs are as its collector and its parser for Windows
 * name them: `windows.Channel`, `windows.EventID`, `windows.EventData.*`.
 */
import type { EventFilter, SequenceQuery } from "../../eql/index.ts";
import { conditionText, type Dialect } from "../dialect.ts";
import { indented } from "../infix.ts";
import { LossList } from "../loss-list.ts";
import { once } from "../once.ts";
import { isPlainText } from "../plain-text.ts";
import { slashed } from "../regex/pcre.ts";
import { presentItems, SEQUENCE } from "../sequence.ts";
import { sensorTables, type ColumnTexts, type SensorEvent } from "../tables/sensors.ts";
import type { Table } from "../tables/table.ts";
import { keyColumn, type Branch } from "../tables/tables.ts";
import {
  codesByChannel,
  unlistedWindowsEvent,
  WINDOWS_FAMILIES,
  windowsTableEvents,
  type WindowsLogged,
  type WindowsNaming,
} from "../tables/windows.ts";
import { filterBranches, translateQuery } from "../translator.ts";
import type { Platform, TranslationRequest } from "../translation.ts";
import { UNSUPPORTED } from "../unsupported.ts";

const HOST: ColumnTexts = {
  "host.name": "ComputerName",
  "host.hostname": "ComputerName",
  "host.id": "aid",
  "user.name": "UserName",
  "user.id": "UserSid",
};
const ACTOR: ColumnTexts = {
  ...HOST,
  "process.name": "ContextBaseFileName",
  "process.executable": "ContextBaseFileName text nameOnly",
  "process.entity_id": "ContextProcessId",
};

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
      "process.parent.executable": "ParentBaseFileName text nameOnly",
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
  // Programs and scripts, not every file; values by which programs start, not every value.
  { table: "Falcon", select: "NewExecutableWritten", category: "file", type: ["creation"], columns: FILE, partial: true },
  { table: "Falcon", select: "PeFileWritten", category: "file", type: ["creation"], columns: FILE, partial: true },
  { table: "Falcon", select: "NewScriptWritten", category: "file", type: ["creation"], columns: FILE, partial: true },
  {
    table: "Falcon",
    select: "AsepValueUpdate",
    category: "registry",
    type: ["change"],
    partial: true,
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

const HEADER: Readonly<Record<string, string>> = {
  Computer: "windows.Computer",
  EventID: "windows.EventID",
  Provider: "windows.ProviderName",
  TimeCreated: "@timestamp",
};
/** Blanks would end a field's name. */
const WINDOWS: WindowsNaming = {
  data: (name) => `windows.EventData.${name.replaceAll(/[^\w.]/g, "_")}`,
  header: (name) => HEADER[name] ?? null,
};

/** A kind of event of the sensor by its name, or events of a log. */
type Select = string | WindowsLogged;

const tables = once((): readonly Table<Select>[] => [
  ...sensorTables(KINDS, LOGON_TYPES),
  {
    name: "Windows events",
    events: windowsTableEvents(WINDOWS_FAMILIES, WINDOWS),
    unlisted: (of) => unlistedWindowsEvent(of, WINDOWS),
    fallback: true,
  },
]);

export function logscaleString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

const LOGSCALE: Dialect = {
  and: "and",
  or: "or",
  equal: "=",
  not: (operand) => `not ${operand}`,
  indent: "  ",
  exists: ({ name }) => `${name}=*`,
  comparable: (text) => text !== "" && !/[*?]/.test(text) && isPlainText(text),
  equals: ({ name }, texts, insensitive) => `in(${name}, values=${list(texts)}${insensitive ? ", ignoreCase=true" : ""})`,
  // `d` lets the dot match line breaks.
  regex: ({ name }, { source, flags }) => `${name}=${slashed(source)}${flags.replaceAll("s", "d")}`,
  boolean: ({ name }, value) => `${name}=/^${value}$/i`,
  number: ({ name, type, field }, operator, value) => (type === "number" ? `${name}${operator}${value}` : UNSUPPORTED.notANumber(field)),
  ranges: ({ name }, blocks) => {
    // The sensor's events are those of IPv4: an address of IPv6 is in none of them.
    const own = name.startsWith("windows.") ? blocks : blocks.filter((block) => !block.includes(":"));
    return own.length > 0 && `cidr(${name}, subnet=${list(own)})`;
  },
};

function list(texts: readonly string[]): string {
  return `[${texts.map(logscaleString).join(", ")}]`;
}

function branchText({ events, condition, columns }: Branch<Select>, losses: LossList): string | null {
  const where = conditionText(condition, LOGSCALE, { columns, reportLoss: losses.add });
  if (where === null) return null;
  return `${selection(events)}${where.text === "" ? "" : `\n| ${where.text}`}`;
}

function selection(events: Branch<Select>["events"]): string {
  const names = events.flatMap(({ select }) => (typeof select === "string" ? [select] : []));
  const ofSensor = names.length === 1 ? `#event_simpleName=${names[0]}` : `in(#event_simpleName, values=${list(names)})`;
  const logged = events.flatMap((event) => (typeof event.select === "string" ? [] : [{ ...event, select: event.select }]));
  const channels = [...codesByChannel(logged)].map(([channel, codes]) => {
    const own = `windows.Channel=${logscaleString(channel)}`;
    if (codes === null) return own;
    return `${own} ${codes.length === 1 ? `windows.EventID=${codes[0]}` : `in(windows.EventID, values=${list(codes)})`}`;
  });
  if (names.length > 0) return `${ofSensor} event_platform=Win`;
  return channels.length === 1 ? channels[0]! : channels.map((channel) => `(${channel})`).join(" or ");
}

function eventsOf(
  filter: EventFilter,
  request: TranslationRequest,
  losses: LossList,
): { readonly text: string; readonly branches: readonly Branch<Select>[] } | null {
  const branches = filterBranches(filter, tables(), request, losses);
  const parts = branches.flatMap((branch) => branchText(branch, losses) ?? []);
  if (parts.length === 0) return null;
  if (parts.length === 1) return { text: parts[0]!, branches };
  // A `case` lets through what one of its branches does; without a last `*` the rest drops.
  return { text: `case {\n${parts.map((part) => indented(part.replace("\n| ", " | "), "  ")).join(";\n")};\n}`, branches };
}

function sequence(query: SequenceQuery, request: TranslationRequest, losses: LossList): string | null {
  const items = presentItems(query, losses);
  if (items.some((item) => item.runs > 1)) return losses.report("untranslatable", query.span, SEQUENCE.runs);
  if (items.length > 1 && query.by.length + items[0]!.by.length === 0) return losses.report("untranslatable", query.span, SEQUENCE.noKey);
  if (query.maxspan === null) losses.report("narrower", query.span, "`correlate` needs a time: an hour is taken");
  const parts: string[] = [];
  for (const [at, item] of items.entries()) {
    const found = eventsOf(item.filter, request, losses);
    if (found === null) return losses.report("untranslatable", item.span, SEQUENCE.event);
    const by = [...query.by, ...item.by];
    const first = [...query.by, ...items[0]!.by];
    const keys: string[] = [];
    for (const [key, field] of by.entries()) {
      const own = keyOf(found.branches, field.name, request);
      const other = at === 0 ? own : keyOf(eventsOf(items[0]!.filter, request, new LossList())!.branches, first[key]!.name, request);
      if (own === null || other === null)
        return losses.report("untranslatable", item.span, `The events have no one column for the key \`${field.name}\``);
      keys.push(at === 0 ? own : `${own} <=> event1.${other}`);
    }
    const links = at === 0 ? "" : keys.map((key) => `\n| ${key}`).join("");
    const hosts = new Set(
      found.branches.flatMap(({ table }) => (table.fallback === true ? ["windows.Computer"] : ["ComputerName", "aid"])),
    );
    parts.push(`  event${at + 1}: {\n${indented(found.text + links, "    ")}\n  } include: [${["@timestamp", ...hosts].join(", ")}]`);
  }
  const within = query.maxspan === null ? "1h" : `${query.maxspan.value}${query.maxspan.unit}`;
  return `correlate(\n${parts.join(",\n")},\n  sequence=true, within=${within}\n)\n`;
}

function keyOf(branches: readonly Branch<Select>[], field: string, request: TranslationRequest): string | null {
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
