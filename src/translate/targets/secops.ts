/**
 * Google SecOps: YARA-L 2.0 over the Unified Data Model, and over Windows' logs for what the model has no kind of event for.
 *
 * Facts (Google's reference): `target` is what is acted on (of a process launch the new process), `principal` what acts; texts are
 * compared with `nocase` where case is ignored; a missing field is the empty text; `re.regex` finds an expression of RE2 anywhere,
 * backquotes hold it without escapes; several events are joined by placeholders and `match ... over`. Of events of Windows' logs
 * `metadata.product_name` is the provider and `metadata.product_event_type` the id (Google's own rules); what the model has no field
 * for is in `additional.fields`, a map.
 */
import { durationMillis, type EventFilter, type SequenceQuery } from "../../eql/index.ts";
import { conditionText, either, selected, type Dialect } from "../dialect.ts";
import { indented } from "../infix.ts";
import type { LossList } from "../loss-list.ts";
import { once } from "../once.ts";
import { isPlainText } from "../plain-text.ts";
import { inlineFlags, pcreOfWildcard } from "../regex/pcre.ts";
import { presentItems, SEQUENCE } from "../sequence.ts";
import { sensorTables, type ColumnTexts, type SensorEvent } from "../tables/sensors.ts";
import type { Column, Table } from "../tables/table.ts";
import { keyColumn, type Branch } from "../tables/tables.ts";
import { unlistedWindowsEvent, WINDOWS_FAMILIES, windowsTableEvents, type WindowsLogged, type WindowsNaming } from "../tables/windows.ts";
import { filterBranches, translateQuery } from "../translator.ts";
import type { Platform, TranslationRequest } from "../translation.ts";
import { UNSUPPORTED } from "../unsupported.ts";

const ACTOR: ColumnTexts = {
  "host.name": "principal.hostname",
  "host.hostname": "principal.hostname",
  "host.id": "principal.asset_id",
  "user.name": "principal.user.userid",
  "user.id": "principal.user.windows_sid",
  "process.executable": "principal.process.file.full_path",
  "process.name": "principal.process.file.full_path text name",
  "process.command_line": "principal.process.command_line",
  "process.args": "principal.process.command_line text part",
  "process.pid": "principal.process.pid",
};
const LAUNCH: ColumnTexts = {
  "host.name": "principal.hostname",
  "host.hostname": "principal.hostname",
  "host.id": "principal.asset_id",
  "user.name": "principal.user.userid",
  "user.id": "principal.user.windows_sid",
  "process.executable": "target.process.file.full_path",
  "process.name": "target.process.file.full_path text name",
  "process.command_line": "target.process.command_line",
  "process.args": "target.process.command_line text part",
  "process.pid": "target.process.pid",
  "process.hash.sha256": "target.process.file.sha256",
  "process.hash.md5": "target.process.file.md5",
  "process.pe.original_file_name": "target.process.file.exif_info.original_file",
  "process.parent.executable": "principal.process.file.full_path",
  "process.parent.name": "principal.process.file.full_path text name",
  "process.parent.command_line": "principal.process.command_line",
  "process.parent.args": "principal.process.command_line text part",
  "process.parent.pid": "principal.process.pid",
};
const FILE: ColumnTexts = {
  ...ACTOR,
  "file.path": "target.file.full_path",
  "file.name": "target.file.full_path text name",
  "file.extension": "target.file.full_path text extension",
};
const NETWORK: ColumnTexts = {
  ...ACTOR,
  "source.ip": "principal.ip ip",
  "source.port": "principal.port number",
  "destination.ip": "target.ip ip",
  "destination.port": "target.port number",
  "network.direction": "network.direction text words",
};

const KINDS: readonly SensorEvent[] = [
  { table: "UDM", select: "PROCESS_LAUNCH", category: "process", type: ["start"], columns: LAUNCH },
  { table: "UDM", select: "NETWORK_CONNECTION", category: "network", type: ["start", "connection"], columns: NETWORK },
  { table: "UDM", select: "FILE_CREATION", category: "file", type: ["creation"], columns: FILE },
  { table: "UDM", select: "FILE_MODIFICATION", category: "file", type: ["change"], columns: FILE },
  { table: "UDM", select: "FILE_DELETION", category: "file", type: ["deletion"], columns: FILE },
  {
    table: "UDM",
    select: "REGISTRY_MODIFICATION",
    category: "registry",
    type: ["change"],
    columns: {
      ...ACTOR,
      "registry.path": "target.registry.registry_key",
      "registry.value": "target.registry.registry_value_name",
      "registry.data.strings": "target.registry.registry_value_data",
    },
  },
  {
    table: "UDM",
    select: "USER_LOGIN",
    category: "authentication",
    type: ["start"],
    columns: {
      ...ACTOR,
      "host.name": "target.hostname",
      "host.id": "target.asset_id",
      "user.name": "target.user.userid",
      "user.id": "target.user.windows_sid",
      "source.ip": "principal.ip ip",
      "source.port": "principal.port number",
      "winlog.logon.type": "extensions.auth.mechanism text words",
    },
  },
];

/** The model's words for Windows' types of logon, and for directions seen from the host (`Network.Direction`). */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["egress", "OUTBOUND"],
  ["outgoing", "OUTBOUND"],
  ["ingress", "INBOUND"],
  ["incoming", "INBOUND"],
  ["Interactive", "INTERACTIVE"],
  ["Network", "NETWORK"],
  ["Batch", "BATCH"],
  ["Service", "SERVICE"],
  ["Unlock", "UNLOCK"],
  ["NewCredentials", "NEW_CREDENTIALS"],
  ["RemoteInteractive", "REMOTE_INTERACTIVE"],
  ["CachedInteractive", "CACHED_INTERACTIVE"],
]);

/** Where Google's parsers and rules have the data of Windows' events. */
const DATA: Readonly<Record<string, string>> = {
  SubjectUserName: "principal.user.userid",
  SubjectUserSid: "principal.user.windows_sid",
  TargetUserName: "target.user.userid",
  TargetUserSid: "target.user.windows_sid",
  IpAddress: "principal.ip",
  IpPort: "principal.port",
  NewProcessName: "target.process.file.full_path",
  CommandLine: "target.process.command_line",
  ParentProcessName: "principal.process.file.full_path",
  Image: "principal.process.file.full_path",
  PipeName: "target.resource.name",
  TargetObject: "target.registry.registry_key",
  Details: "target.registry.registry_value_data",
  TargetFilename: "target.file.full_path",
};
const SERVICE_INSTALLED: ReadonlySet<string | null> = new Set(["4697", "7045"]);
const TYPES: Readonly<Record<string, Column["type"]>> = { "principal.ip": "ip", "principal.port": "number" };

/** What the model has no field for. */
const ADDITIONAL = "additional.fields";
const WINDOWS: WindowsNaming = {
  data: (name, { code }) =>
    name === "ServiceName" && SERVICE_INSTALLED.has(code) ? "target.application" : (DATA[name] ?? `${ADDITIONAL}[${yaraString(name)}]`),
  header: (name) => (name === "Computer" ? "principal.hostname" : name === "Provider" ? "metadata.product_name" : null),
  type: (column) => TYPES[column] ?? "text",
};

/** A kind of event of the model, or events of a log. */
type Select = string | WindowsLogged;

const tables = once((): readonly Table<Select>[] => [
  ...sensorTables(KINDS, WORDS),
  {
    name: "Windows events",
    events: windowsTableEvents(WINDOWS_FAMILIES, WINDOWS),
    unlisted: (of) => {
      // The model has no field for the channel: an event is known by its provider, or by the one that the rule names.
      const event = of.code === null ? null : unlistedWindowsEvent(of, WINDOWS);
      return event?.select.provider != null || of.asked.includes("event.provider") ? event : null;
    },
    fallback: true,
  },
]);

export function yaraString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
}

/** Without escapes, between backquotes; a backquote itself is written by its code. */
function regexString(source: string): string {
  // A backslash before it goes: it was that of an escape, which the code is already.
  return `\`${source.replaceAll(/\\([^`])|\\?`/gs, (whole, char: string | undefined) => (char === undefined ? String.raw`\x60` : whole))}\``;
}

/** Repeated fields: one of the values will do. `any` precedes the field, also within a function (Google's reference). */
const REPEATED: ReadonlySet<string> = new Set(["principal.ip", "target.ip"]);

/** @param event the variable that stands for the event: `$e`. */
const yaral = (event: string): Dialect => ({
  and: "and",
  or: "or",
  equal: "=",
  not: (operand) => `not ${operand}`,
  indent: "  ",
  operand: (field) => ({ name: `${REPEATED.has(field) ? "any " : ""}${event}.${field}` }),
  exists: ({ name, type }) => `${name} != ${type === "number" ? "0" : '""'}`,
  comparable: (text) => text !== "" && isPlainText(text),
  equals: ({ name }, texts, insensitive) => texts.map((text) => `${name} = ${yaraString(text)}${nocase(insensitive)}`),
  patterns: ({ name }, patterns, insensitive) =>
    patterns.map((parts) => `re.regex(${name}, ${regexString(inlineFlags(pcreOfWildcard(parts, false)))})${nocase(insensitive)}`),
  regex: ({ name }, regex) => `re.regex(${name}, ${regexString(inlineFlags(regex))})`,
  boolean: ({ name }, value) => `${name} = "${value}"`,
  number: ({ name, type, field }, operator, value) => {
    if (type === "number") return `${name} ${operator} ${value}`;
    return operator === "=" ? `${name} = "${value}"` : UNSUPPORTED.notANumber(field);
  },
  ranges: ({ name }, blocks) => blocks.map((block) => `net.ip_in_range_cidr(${name}, ${yaraString(block)})`),
});

function nocase(insensitive: boolean): string {
  return insensitive ? " nocase" : "";
}

function eventsOf(
  filter: EventFilter,
  event: string,
  request: TranslationRequest,
  losses: LossList,
): { readonly text: string; readonly branches: readonly Branch<Select>[] } | null {
  const branches = filterBranches(filter, tables(), request, losses);
  const parts: string[] = [];
  const dialect = yaral(event);
  for (const { events, condition, columns } of branches) {
    const where = conditionText(condition, dialect, { columns, reportLoss: losses.add });
    if (where === null) continue;
    parts.push(selected(either(selections(events, event), dialect.or), where, dialect));
    if ([...columns.keys()].some((name) => name.startsWith(ADDITIONAL)))
      losses.report(
        "exact",
        filter.span,
        "What the model has no field for must be in `additional.fields` under Windows' own names",
        "Put it there with an extension of the parser, or override a name with --fields.",
      );
  }
  if (parts.length === 0) return null;
  return { text: parts.length === 1 ? parts[0]! : `(\n${indented(parts.map((part) => `(${part})`).join("\nor "), "  ")}\n)`, branches };
}

/** What selects events of the model, and of each provider those with its ids. */
function selections(events: Branch<Select>["events"], event: string): readonly string[] {
  const types: string[] = [];
  const codes = new Map<string | null, string[]>();
  for (const { select } of events) {
    if (typeof select === "string") types.push(`${event}.metadata.event_type = ${yaraString(select)}`);
    else if (select.code !== null) codes.set(select.provider, [...(codes.get(select.provider) ?? []), select.code]);
  }
  const logged = [...codes].map(([provider, own]) => {
    const ids = either(
      own.map((code) => `${event}.metadata.product_event_type = ${yaraString(code)}`),
      "or",
    );
    return provider === null ? ids : `${event}.metadata.product_name = ${yaraString(provider)} and ${ids}`;
  });
  return types.length + logged.length === 1 ? [...types, ...logged] : [...types, ...logged.map((one) => `(${one})`)];
}

function sequence(
  query: SequenceQuery,
  request: TranslationRequest,
  losses: LossList,
): { readonly events: string; readonly match: string; readonly condition: string } | null {
  const items = presentItems(query, losses);
  const keyCount = query.by.length + (items[0]?.by.length ?? 0);
  if (keyCount === 0) return losses.report("untranslatable", query.span, SEQUENCE.noKey);
  if (query.maxspan === null) losses.report("narrower", query.span, "`match` needs a time: a day is taken");
  const seconds = query.maxspan === null ? 86_400 : durationMillis(query.maxspan) / 1000;
  const over = seconds < 60 ? "1m" : seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.ceil(seconds / 60)}m`;
  if (seconds % 60 !== 0) losses.report("wider", query.span, `Windows of time are whole minutes: ${over} is taken`);
  const lines: string[] = [];
  const conditions: string[] = [];
  for (const [at, item] of items.entries()) {
    const event = `$e${at + 1}`;
    const found = eventsOf(item.filter, event, request, losses);
    if (found === null) return losses.report("untranslatable", item.span, SEQUENCE.event);
    lines.push(found.text);
    for (const [key, field] of [...query.by, ...item.by].entries()) {
      const events = found.branches.flatMap((branch) => branch.events);
      const column = request.fields.get(field.name) ?? keyColumn(events, field.name)?.name ?? null;
      if (column === null) return losses.report("untranslatable", item.span, `The model has no one field for the key \`${field.name}\``);
      lines.push(`${event}.${column} = $key${key + 1}`);
    }
    if (at > 0) lines.push(`$e${at}.metadata.event_timestamp.seconds <= ${event}.metadata.event_timestamp.seconds`);
    conditions.push(item.runs > 1 ? `#e${at + 1} >= ${item.runs}` : event);
  }
  if (items.length > 1) losses.report("wider", query.span, "Events of the same second are taken in either order");
  const keys = Array.from({ length: keyCount }, (_, key) => `$key${key + 1}`).join(", ");
  return { events: lines.join("\n"), match: `${keys} over ${over}`, condition: conditions.join(" and ") };
}

export const secops = {
  title: "Google SecOps (YARA-L 2.0)",
  extension: "yaral",
  checked: "text",
  translate: (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => {
        const found = eventsOf(filter, "$e", request, losses);
        return found === null ? null : rule(request, found.text, null, "$e");
      },
      sequence: (query, losses) => {
        const found = sequence(query, request, losses);
        return found === null ? null : rule(request, found.events, found.match, found.condition);
      },
    }),
} as const satisfies Platform;

function rule({ metadata }: TranslationRequest, events: string, match: string | null, condition: string): string {
  const meta = [
    ["author", metadata.authors.join(", ")],
    ["description", metadata.description.replaceAll(/\s+/g, " ").trim()],
    ["rule_id", metadata.uuid],
    ["severity", metadata.severity.toUpperCase()],
    ["risk_score", String(metadata.riskScore)],
    ["technique", metadata.attack.map(({ technique, subtechnique }) => (subtechnique ?? technique).id).join(", ")],
  ].filter(([, value]) => value !== "");
  const name = `${metadata.id}_${metadata.title}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return [
    `rule ${/^[a-z]/.test(name) ? name : `rule_${name}`} {`,
    "  meta:",
    ...meta.map(([key, value]) => `    ${key!} = ${yaraString(value!)}`),
    "",
    "  events:",
    indented(events, "    "),
    "",
    ...(match === null ? [] : ["  match:", `    ${match}`, ""]),
    "  condition:",
    `    ${condition}`,
    "}",
    "",
  ].join("\n");
}
