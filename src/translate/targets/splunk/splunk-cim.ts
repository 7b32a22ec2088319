/**
 * Splunk over the accelerated data models of the Common Information Model: `tstats` on `Endpoint` and `Network_Traffic`. It sees
 * whatever product feeds the model; what the model has no field for is left to the raw search.
 */
import { conditionText, type Dialect } from "../../dialect.ts";
import { LossList } from "../../loss-list.ts";
import { once } from "../../once.ts";
import { hasLetters } from "../../patterns.ts";
import { sensorTables, type ColumnTexts, type SensorEvent } from "../../tables/sensors.ts";
import type { Table } from "../../tables/table.ts";
import { keyColumn, type Branch } from "../../tables/tables.ts";
import { filterBranches, translateQuery } from "../../translator.ts";
import type { Platform, TranslationRequest } from "../../translation.ts";
import { repeatColumns, savedSearch } from "./saved-search.ts";
import { SEARCH } from "./spl.ts";

const named = (prefix: string, columns: ColumnTexts): ColumnTexts =>
  Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, `${prefix}.${column}`]));

const PROCESS: ColumnTexts = {
  "host.name": "dest",
  "host.id": "dest",
  "user.name": "user",
  "process.name": "process_name",
  "process.executable": "process_path",
  "process.command_line": "process",
  "process.args": "process text part",
  "process.pid": "process_id number",
  "process.hash.sha256": "process_hash text item",
  "process.pe.original_file_name": "original_file_name",
  "process.parent.name": "parent_process_name",
  "process.parent.executable": "parent_process_path",
  "process.parent.command_line": "parent_process",
  "process.parent.args": "parent_process text part",
};
const FILE: ColumnTexts = {
  "host.name": "dest",
  "host.id": "dest",
  "user.name": "user",
  "process.pid": "process_id number",
  "process.executable": "process_path",
  "process.name": "process_path text name",
  "file.path": "file_path",
  "file.name": "file_name",
  "file.extension": "file_name text extension",
};
const REGISTRY: ColumnTexts = {
  "host.name": "dest",
  "host.id": "dest",
  "user.name": "user",
  "process.pid": "process_id number",
  "process.executable": "process_path",
  "process.name": "process_path text name",
  "registry.path": "registry_path",
  "registry.value": "registry_value_name",
  "registry.data.strings": "registry_value_data",
};
const NETWORK: ColumnTexts = {
  "host.name": "dvc",
  "host.id": "dvc",
  "user.name": "user",
  "process.executable": "app",
  "process.name": "app text name",
  "source.ip": "src_ip ip",
  "source.port": "src_port number",
  "destination.ip": "dest_ip ip",
  "destination.port": "dest_port number",
  "network.transport": "transport",
};

const KINDS: readonly SensorEvent[] = [
  { table: "Endpoint.Processes", select: "", category: "process", type: ["start"], columns: named("Processes", PROCESS) },
  {
    table: "Endpoint.Filesystem",
    select: 'Filesystem.action="created"',
    category: "file",
    type: ["creation"],
    columns: named("Filesystem", FILE),
  },
  {
    table: "Endpoint.Filesystem",
    select: 'Filesystem.action="modified"',
    category: "file",
    type: ["change"],
    columns: named("Filesystem", FILE),
  },
  {
    table: "Endpoint.Filesystem",
    select: 'Filesystem.action="deleted"',
    category: "file",
    type: ["deletion"],
    columns: named("Filesystem", FILE),
  },
  {
    table: "Endpoint.Registry",
    select: 'Registry.action="modified"',
    category: "registry",
    type: ["change"],
    columns: named("Registry", REGISTRY),
  },
  {
    table: "Network_Traffic.All_Traffic",
    select: "",
    category: "network",
    type: ["start", "connection"],
    columns: named("All_Traffic", NETWORK),
  },
];

const tables = once((): readonly Table<string>[] => sensorTables(KINDS, new Map()));

export const splunkCim = {
  title: "Splunk (SPL, CIM data models)",
  extension: "spl",
  checked: "text",
  translate: (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => {
        const branches = filterBranches(filter, tables(), request, losses);
        const searches = branches.flatMap((branch) => search(branch, losses) ?? []);
        return searches.length === 0 ? null : `| ${searches.join("\n| append [\n| ")}${"\n]".repeat(searches.length - 1)}\n`;
      },
      sequence: {
        reason: "A search of accelerated models counts events; it does not put them in order",
        advice: "Take the search over raw events.",
      },
      files: (text, losses) => [deployed(request, text, losses)],
    }),
} as const satisfies Platform;

function deployed(request: TranslationRequest, text: string, losses: LossList): ReturnType<typeof savedSearch> {
  const { query } = request;
  const branches = query.kind === "event" ? filterBranches(query.filter, tables(), request, new LossList()) : [];
  const events = branches.flatMap((branch) => branch.events);
  const repeats = repeatColumns(request, losses, (field) => {
    const name = request.fields.get(field) ?? keyColumn(events, field)?.name ?? null;
    // The results have what is counted by.
    return name !== null && branches.every((branch) => groupedBy(branch).includes(name)) ? name.replace(/^\w+\./, "") : null;
  });
  return savedSearch(request, text, repeats, ".cim");
}

function groupedBy(branch: Branch<string>): readonly string[] {
  const root = branch.table.name.split(".")[1]!;
  return [...new Set([...branch.columns.keys(), `${root}.${root === "All_Traffic" ? "src" : "dest"}`])];
}

function search(branch: Branch<string>, losses: LossList): string | null {
  const condition = conditionText(branch.condition, CIM, { columns: branch.columns, reportLoss: losses.add });
  if (condition === null) return null;
  const root = branch.table.name.split(".")[1]!;
  const actions = branch.events.map((event) => event.select).filter((select) => select !== "");
  const action = actions.length === 0 ? [] : [actions.length === 1 ? actions[0]! : `(${actions.join(" OR ")})`];
  const where = condition.level === "or" && action.length > 0 ? `(${condition.text})` : condition.text;
  const conditions = [...action, ...(where === "" ? [] : [where])];
  return [
    `tstats summariesonly=false count min(_time) as firstTime max(_time) as lastTime from datamodel=${branch.table.name}`,
    ...(conditions.length === 0 ? [] : [`  where ${conditions.join(" ")}`]),
    `  by ${groupedBy(branch).join(" ")}`,
    `| \`drop_dm_object_name(${root})\``,
  ].join("\n");
}

/** `where` of `tstats` has the words of a search and nothing else: one character is any run, case is ignored. */
const CIM: Dialect = {
  ...SEARCH,
  patterns: (operand, patterns, insensitive) => {
    if (!insensitive && patterns.some(hasLetters)) operand.report("wider", "The data models are searched without regard to case");
    if (patterns.some((parts) => parts.some((part) => part.kind === "one")))
      operand.report("wider", "The data models have no wildcard for one character: `*` is used");
    const open = patterns.map((parts) => parts.map((part) => (part.kind === "one" ? ({ kind: "any" } as const) : part)));
    return SEARCH.patterns(operand, open);
  },
};
