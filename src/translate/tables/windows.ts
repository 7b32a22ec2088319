/** The events of Windows' logs as tables, for targets that keep them under Windows' own names. */
import { windowsEvents, type WindowsEventType } from "../../ecs/index.ts";
import { fieldType } from "../field-type.ts";
import type { Column, TableEvent } from "./tables.ts";

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

/** How a target names things. Either may return null: it does not have it. */
export interface WindowsNaming {
  readonly data: (name: string, event: WindowsEventType) => string | null;
  readonly header: (name: string, event: WindowsEventType) => string | null;
  /** Of a column the type, where it is not what ECS makes of the field; everything is text in many a target. */
  readonly type?: (column: string, ecs: Column["type"]) => Column["type"];
}

/** Every kind of Windows event of these families, with the target's names. */
export function windowsTableEvents(families: readonly WindowsEventType["family"][], naming: WindowsNaming): TableEvent<WindowsEventType>[] {
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
    const name = naming.data(origin.data, event);
    if (name !== null)
      columns.set(field, {
        name,
        type: typed(name, origin.form === "whole" ? columnType(field) : "text"),
        form: origin.form,
        key: origin.key,
        words: origin.words,
      });
  }
  for (const [field, header] of Object.entries(HEADER)) {
    const name = naming.header(header, event);
    if (name !== null) columns.set(field, { name, type: field === "@timestamp" ? "time" : "text", form: "whole" });
  }
  const keywords = naming.header("Keywords", event);
  if (event.family === "security" && keywords !== null)
    columns.set("event.outcome", { name: keywords, type: "text", form: "words", words: OUTCOMES });
  return columns;
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
