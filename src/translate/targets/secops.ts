/**
 * Google SecOps: YARA-L 2.0 over the Unified Data Model.
 *
 * Facts (Google's reference): `target` is what is acted on (of a process launch the new process), `principal` what acts; texts are
 * compared with `nocase` where case is ignored; a missing field is the empty text; `re.regex` finds an expression of RE2 anywhere,
 * backquotes hold it without escapes; several events are joined by placeholders and `match ... over`.
 */
import type { EventFilter, SequenceQuery } from "../../eql/index.ts";
import { translateQuery, presentItems } from "../translator.ts";
import type { Unsupported } from "../fold.ts";
import { formulaOf, type Test } from "../formula.ts";
import { indented, infix } from "../infix.ts";
import { needsDotAll, pcreOf, pcreOfParts } from "../regex/pcre.ts";
import { sensorTables, type ColumnTexts, type SensorEvent } from "../tables/sensors.ts";
import { branchesOf, keyColumn, type Branch, type Column, type Table } from "../tables/tables.ts";
import type { LossList } from "../loss-list.ts";
import type { Platform, TranslationRequest } from "../translation.ts";

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

/** The model's words for Windows' types of logon. */
const MECHANISMS: ReadonlyMap<string, string> = new Map([
  ["Interactive", "INTERACTIVE"],
  ["Network", "NETWORK"],
  ["Batch", "BATCH"],
  ["Service", "SERVICE"],
  ["Unlock", "UNLOCK"],
  ["NewCredentials", "NEW_CREDENTIALS"],
  ["RemoteInteractive", "REMOTE_INTERACTIVE"],
  ["CachedInteractive", "CACHED_INTERACTIVE"],
]);

let made: readonly Table<string>[] | undefined;

function tables(): readonly Table<string>[] {
  made ??= sensorTables(KINDS, MECHANISMS);
  return made;
}

export function yaraString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
}

/** Without escapes between backquotes; a backquote itself cannot stand there. */
function regexString(source: string): string {
  // A backslash before it goes: it was that of an escape, which the code is already.
  return `\`${source.replaceAll(/\\([^`])|\\?`/gs, (whole, char: string | undefined) => (char === undefined ? String.raw`\x60` : whole))}\``;
}

/** Repeated fields: one of the values will do. `any` stands before the field, also within a function (Google's reference). */
const REPEATED: ReadonlySet<string> = new Set(["principal.ip", "target.ip"]);

function testOf(test: Test, event: string, columns: ReadonlyMap<string, Column>): string | Unsupported {
  if (test.kind === "any-field") return { unsupported: "There is no search over every field", advice: "Name the fields." };
  if (test.kind === "computed") return { unsupported: "Computed values are not carried over" };
  const field = `${event}.${test.field}`;
  const any = REPEATED.has(test.field) ? "any " : "";
  switch (test.kind) {
    case "text": {
      const parts = test.patterns.map(({ parts: of }) => {
        const nocase = test.insensitive ? " nocase" : "";
        const [only] = of;
        if (of.length === 1 && only!.kind === "any") return `${any}${field} != ""`;
        if (of.length === 1 && only!.kind === "literal") return `${any}${field} = ${yaraString(only!.text)}${nocase}`;
        return `re.regex(${any}${field}, ${regexString(`${needsDotAll(of) ? "(?s)" : ""}${pcreOfParts(of)}`)})${nocase}`;
      });
      return either(parts);
    }
    case "regex": {
      const parts: string[] = [];
      for (const pattern of test.patterns) {
        const told = pcreOf(pattern, test.insensitive);
        if ("unsupported" in told) return told;
        parts.push(`re.regex(${any}${field}, ${regexString(`${told.flags === "" ? "" : `(?${told.flags})`}${told.source}`)})`);
      }
      return either(parts);
    }
    case "value":
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order here" };
      if (columns.get(test.field)?.type !== "number") {
        if (test.op !== "==") return { unsupported: `${test.field} is no number` };
        return `${any}${field} = ${yaraString(String(test.value))}`;
      }
      return `${any}${field} ${test.op === "==" ? "=" : test.op} ${String(test.value)}`;
    case "exists":
      return columns.get(test.field)?.type === "number" ? `${field} != 0` : `${any}${field} != ""`;
    case "cidr":
      return either(test.blocks.map((block) => `net.ip_in_range_cidr(${any}${field}, ${yaraString(block)})`));
  }
}

function either(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" or ")})`;
}

function eventsOf(
  filter: EventFilter,
  event: string,
  request: TranslationRequest,
  losses: LossList,
): { readonly text: string; readonly branches: readonly Branch<string>[] } | null {
  const branches = branchesOf(formulaOf(filter), tables(), losses.add, filter.span, request.fields);
  const parts: string[] = [];
  for (const branch of branches) {
    const folded = infix(
      branch.formula,
      { and: "and", or: "or", not: (operand) => `not ${operand}`, indent: "  ", test: (test) => testOf(test, event, branch.columns) },
      losses.add,
    );
    if (folded.kind === "lost" || (folded.kind === "constant" && !folded.value)) continue;
    const type = either(branch.events.map(({ select }) => `${event}.metadata.event_type = ${yaraString(select)}`));
    parts.push(
      folded.kind === "constant"
        ? type
        : `${type} and ${folded.value.level === "or" ? `(\n${indented(folded.value.text, "  ")}\n)` : folded.value.text}`,
    );
  }
  if (parts.length === 0) return null;
  return { text: parts.length === 1 ? parts[0]! : `(\n${indented(parts.map((part) => `(${part})`).join("\nor "), "  ")}\n)`, branches };
}

function sequence(
  query: SequenceQuery,
  request: TranslationRequest,
  losses: LossList,
): { readonly events: string; readonly match: string; readonly condition: string } | null {
  const reportLoss = (effect: "wider" | "narrower" | "untranslatable", span: { from: number; to: number }, reason: string): null => {
    losses.add({ effect, span, reason, advice: null });
    return null;
  };
  const items = presentItems(query, losses);
  const keyCount = query.by.length + (items[0]?.by.length ?? 0);
  if (keyCount === 0)
    return reportLoss("untranslatable", query.span, "Events are joined by what they have in common, and the sequence has no key");
  if (query.maxspan === null) reportLoss("narrower", query.span, "`match` needs a time: a day is taken");
  const seconds =
    query.maxspan === null ? 86_400 : query.maxspan.value * { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }[query.maxspan.unit];
  const over = seconds < 60 ? "1m" : seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.ceil(seconds / 60)}m`;
  if (seconds % 60 !== 0) reportLoss("wider", query.span, `Windows of time are whole minutes: ${over} is taken`);
  const lines: string[] = [];
  const conditions: string[] = [];
  for (const [at, item] of items.entries()) {
    const event = `$e${at + 1}`;
    const found = eventsOf(item.filter, event, request, losses);
    if (found === null) return reportLoss("untranslatable", item.span, "An event of the sequence cannot be said");
    lines.push(found.text);
    for (const [key, field] of [...query.by, ...item.by].entries()) {
      const events = found.branches.flatMap((branch) => branch.events);
      const column = request.fields.get(field.name) ?? keyColumn(events, field.name)?.name ?? null;
      if (column === null) return reportLoss("untranslatable", item.span, `The model has no one field for the key \`${field.name}\``);
      lines.push(`${event}.${column} = $key${key + 1}`);
    }
    if (at > 0) lines.push(`$e${at}.metadata.event_timestamp.seconds <= ${event}.metadata.event_timestamp.seconds`);
    conditions.push(item.runs > 1 ? `#e${at + 1} >= ${item.runs}` : event);
  }
  if (items.length > 1) reportLoss("wider", query.span, "Events of the same second are taken in either order");
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
