/** The events of Windows' logs as tables, for targets that keep them under Windows' own names. */
import { windowsEvents, type WindowsEventType } from "../../ecs/index.ts";
import { fieldType } from "../field-type.ts";
import type { Column, TableEvent } from "./table.ts";
import type { Unlisted } from "./table.ts";

/** What selects events of Windows' logs. */
export interface WindowsLogged {
  readonly channel: string;
  /** Null: any code, which the condition asks for where it does. */
  readonly code: string | null;
  /** Null: not known; the channel may have several. */
  readonly provider: string | null;
  /** Null: of a channel that no table of ours is about. */
  readonly family: WindowsEventType["family"] | null;
}

export const WINDOWS_FAMILIES = [
  "security",
  "sysmon",
  "system",
  "powershell",
  "powershell_operational",
] as const satisfies readonly WindowsEventType["family"][];

/** The record's own names for what does not stand in the event's data. */
const HEADER: Readonly<Record<string, string>> = {
  "host.name": "Computer",
  "host.hostname": "Computer",
  // Windows' events do not carry Elastic's host id; the computer's name stands for the same machine.
  "host.id": "Computer",
  "winlog.computer_name": "Computer",
  "winlog.record_id": "EventRecordID",
  "@timestamp": "TimeCreated",
};

/** What the audit log's keywords say of the outcome (winnt.h: AUDIT_SUCCESS and AUDIT_FAILURE, with the classic bit). */
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ["success", "0x8020000000000000"],
  ["failure", "0x8010000000000000"],
]);
/** Events that Windows writes with one outcome only. */
const ONLY_OUTCOME: Readonly<Record<string, "success" | "failure">> = {
  "4624": "success",
  "4625": "failure",
  "4688": "success",
  "4697": "success",
};

/** The types that targets compare as such; everything else is text in Windows' logs. */
function columnType(field: string): Column["type"] {
  const { kind } = fieldType(field);
  return kind === "integer" || kind === "real" ? "number" : kind === "ip" ? "ip" : "text";
}

/** The part of the record that the data is in: providers may write XML of their own instead of `EventData`. */
export type DataPart = "event_data" | "user_data";

/** How a target names things. Either may return null: it does not have it. */
export interface WindowsNaming {
  readonly data: (name: string, of: { readonly under: DataPart } & WindowsLogged) => string | null;
  /** `Computer`, `EventRecordID`, `TimeCreated`, `Keywords`; `EventID` and `Provider` of events that are not listed. */
  readonly header: (name: string) => string | null;
  /** Of a column the type, where it is not what ECS makes of the field; everything is text in many a target. */
  readonly type?: (column: string, ecs: Column["type"]) => Column["type"];
  /** What `Keywords` holds of an outcome; the audit bits where nothing else is given. */
  readonly outcomes?: ReadonlyMap<string, string>;
  /** Columns whose letters may be of another case than the event's data. */
  readonly anyCase?: ReadonlySet<string>;
  /** The column of the header whose values may stand between apostrophes. */
  readonly quoted?: string;
}

/** Every kind of Windows event of these families, with the target's names. */
export function windowsTableEvents(families: readonly WindowsEventType["family"][], naming: WindowsNaming): TableEvent<WindowsLogged>[] {
  return windowsEvents()
    .filter((event) => families.includes(event.family))
    .map((event) => ({
      select: event,
      title: event.title,
      known: knownOf(event),
      fields: event.fields,
      columns: columnsOf(event, naming),
    }));
}

function columnsOf(event: WindowsEventType, naming: WindowsNaming): Map<string, Column> {
  const columns = new Map<string, Column>();
  const typed = naming.type ?? ((_, type) => type);
  for (const [field, origin] of event.origins) {
    const under = event.data.includes(`user_data.${origin.data}`) ? "user_data" : "event_data";
    const name = naming.data(origin.data, { ...event, under });
    if (name !== null)
      columns.set(field, {
        name,
        type: typed(name, origin.form === "whole" ? columnType(field) : "text"),
        form: origin.form === "whole" && naming.anyCase?.has(name) === true ? "anyCase" : origin.form,
        key: origin.key,
        words: origin.words,
      });
  }
  for (const [field, column] of headerColumns(HEADER, naming)) columns.set(field, column);
  const keywords = naming.header("Keywords");
  if (event.family === "security" && keywords !== null)
    columns.set("event.outcome", { name: keywords, type: "text", form: "words", words: naming.outcomes ?? OUTCOMES });
  return columns;
}

function headerColumns(header: Readonly<Record<string, string>>, naming: WindowsNaming): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const [field, of] of Object.entries(header)) {
    const name = naming.header(of);
    if (name === null) continue;
    columns.set(field, { name, type: field === "@timestamp" ? "time" : "text", form: name === naming.quoted ? "quoted" : "whole" });
  }
  return columns;
}

/** What identifies a record, of an event whose id or provider is not known beforehand. */
const PROVIDER: Readonly<Record<string, string>> = { "event.provider": "Provider", "winlog.provider_name": "Provider" };
const CODE: Readonly<Record<string, string>> = { "event.code": "EventID", "winlog.event_id": "EventID" };
/** The one listed channel to which any provider may write. */
const EVERYBODYS = "System";
const DATA = /^winlog\.(event_data|user_data)\.(.+)$/s;

/** An event of a channel, or with an id, of which no pipeline says anything: the record's own fields and its data. */
export function unlistedWindowsEvent(
  { channel, code, providers: listed, asked }: Unlisted,
  naming: WindowsNaming,
): TableEvent<WindowsLogged> {
  const providers = channel === EVERYBODYS ? [] : listed;
  const select = { channel, code, provider: providers[0] ?? null, family: null };
  const columns = headerColumns({ ...HEADER, ...(providers.length === 0 ? PROVIDER : {}), ...(code === null ? CODE : {}) }, naming);
  for (const field of asked) {
    const [, under, data] = DATA.exec(field) ?? [];
    const name = data === undefined ? null : naming.data(data, { ...select, under: under as DataPart });
    if (name !== null) columns.set(field, { name, type: "text", form: "whole" });
  }
  return {
    select,
    title: code === null ? channel : `${channel} ${code}`,
    known: new Map<string, readonly string[]>([
      ["event.category", []],
      ["event.type", []],
      ["winlog.channel", [channel]],
      ["event.kind", ["event"]],
      ["host.os.type", ["windows"]],
      ["host.os.family", ["windows"]],
      ...(code === null ? [] : Object.keys(CODE).map((field) => [field, [code]] as const)),
      ...(providers.length === 0 ? [] : Object.keys(PROVIDER).map((field) => [field, providers] as const)),
    ]),
    // What every record has, and any data.
    fields: new Set(asked.filter((field) => DATA.test(field) || field in CODE || windowsEvents().every(({ fields }) => fields.has(field)))),
    columns,
  };
}

/** The channels of logged events, each with its codes; null where any code will do. */
export function codesByChannel(events: readonly TableEvent<WindowsLogged>[]): ReadonlyMap<string, readonly string[] | null> {
  const codes = new Map<string, readonly string[] | null>();
  for (const { select } of events) {
    const known = codes.get(select.channel);
    codes.set(select.channel, select.code === null || known === null ? null : [...(known ?? []), select.code]);
  }
  return codes;
}

const AGENT_MODULE = {
  sysmon: ["sysmon", "windows"],
  security: ["security", "system"],
  powershell: ["powershell", "windows"],
  powershell_operational: ["powershell", "windows"],
  system: ["system"],
} satisfies Record<WindowsEventType["family"], readonly string[]>;

const AGENT_DATASET = {
  sysmon: ["windows.sysmon_operational"],
  security: ["system.security"],
  powershell: ["windows.powershell"],
  powershell_operational: ["windows.powershell_operational"],
  system: ["system.system"],
} satisfies Record<WindowsEventType["family"], readonly string[]>;

/** What both Winlogbeat and the Elastic Agent say of such an event; where they differ, either will do. */
function knownOf(event: WindowsEventType): Map<string, readonly string[]> {
  const dataset = AGENT_DATASET[event.family];
  const outcome = event.family === "security" ? ONLY_OUTCOME[event.code] : undefined;
  return new Map<string, readonly string[]>([
    ...(outcome === undefined ? [] : [["event.outcome", [outcome]] as const]),
    ["event.category", event.category],
    ["event.type", event.type],
    ["event.action", event.action],
    ["event.code", [event.code]],
    ["winlog.event_id", [event.code]],
    ["event.kind", ["event"]],
    ["event.provider", [event.provider]],
    ["winlog.provider_name", [event.provider]],
    ["winlog.channel", [event.channel]],
    ["event.module", AGENT_MODULE[event.family]],
    ["event.dataset", dataset],
    ["data_stream.dataset", dataset],
    ["host.os.type", ["windows"]],
    ["host.os.family", ["windows"]],
    ["agent.type", ["winlogbeat", "filebeat"]],
  ]);
}
