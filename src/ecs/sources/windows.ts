/**
 * The sources that carry Windows event logs. What they produce is declared by mapping one event of each kind with all of its data
 * filled in, so that the declarations and the mapping cannot part.
 */
import type { Json, JsonObject } from "../../readers/index.ts";
import type { Flavour } from "../mapping/context.ts";
import { mapRaw } from "../mapping/mapping.ts";
import { isObject, put, text } from "../object.ts";
import type { EventShape, Source, Telemetry } from "../source.ts";
import type { RecordedEvent } from "../windows/event.ts";
import { WINDOWS_LOGS, type WindowsLog } from "../windows/logs.ts";
import { SHIPPERS } from "../windows/shippers.ts";
import { exampleValue } from "./example-values.ts";

/** Fields that the shipper or the record gives to every event. */
export const RECORD: readonly string[] =
  "@timestamp agent.ephemeral_id agent.hostname agent.id agent.name agent.type agent.version ecs.version event.created event.ingested event.kind event.original event.outcome event.provider host.architecture host.hostname host.id host.ip host.mac host.name host.os.build host.os.family host.os.kernel host.os.name host.os.platform host.os.type host.os.version log.level message tags winlog.activity_id winlog.api winlog.channel winlog.computer_name winlog.event_id winlog.keywords winlog.level winlog.opcode winlog.outcome winlog.process.pid winlog.process.thread.id winlog.provider_guid winlog.provider_name winlog.record_id winlog.related_activity_id winlog.task winlog.time_created winlog.user.domain winlog.user.identifier winlog.user.name winlog.user.type winlog.version log.file.path".split(
    " ",
  );
const AGENT =
  "data_stream.dataset data_stream.namespace data_stream.type elastic_agent.id elastic_agent.snapshot elastic_agent.version event.agent_id_status event.dataset event.module input.type".split(
    " ",
  );

const FLAVOURS = ["winlogbeat", "agent", "forwarded"] as const satisfies readonly Flavour[];

export function windowsSources(): Source[] {
  const sources: Source[] = [];
  for (const flavour of FLAVOURS) {
    const { id, title, index } = SHIPPERS[flavour];
    for (const log of WINDOWS_LOGS) {
      sources.push({
        id: id(log.key),
        title: `${log.title} by ${title}`,
        telemetry: [telemetryOf(log)],
        indexPatterns: [index(log.key)],
        produces: log.events.map((event) => shapeOf(log, flavour, event)),
      });
    }
  }
  sources.push({
    id: "filebeat.winlog",
    title: "Filebeat's winlog input, which no pipeline maps",
    telemetry: [...new Set(WINDOWS_LOGS.map(telemetryOf))],
    indexPatterns: ["filebeat-*", "logs-winlog.winlog-*"],
    produces: WINDOWS_LOGS.flatMap((log) => log.events.map((event) => rawShape(log, event))),
  });
  return sources;
}

/** Windows keeps PowerShell's events in two logs. */
function telemetryOf({ key }: WindowsLog): Telemetry {
  return key === "powershell_operational" ? "powershell" : key;
}

/** The record of such an event with all of its data filled in, as Winlogbeat ships it before any pipeline. */
export function rawOf(log: WindowsLog, event: RecordedEvent): JsonObject {
  const data: JsonObject = {};
  const userData: JsonObject = {};
  for (const name of event.data) {
    if (name.startsWith("user_data.")) put(userData, name.slice(10), "value");
    else put(data, name, exampleValue(event.code, name));
  }
  const winlog: JsonObject = {
    channel: log.channel,
    provider_name: event.provider ?? log.provider,
    event_id: event.code,
    computer_name: "host",
    event_data: data,
    user: { identifier: "S-1-5-18" },
  };
  if (Object.keys(userData).length > 0) winlog["user_data"] = userData;
  return { "@timestamp": "2024-05-01T10:00:00Z", event: { code: event.code, kind: "event", action: event.tasks[0]! }, winlog };
}

function shapeOf(log: WindowsLog, flavour: Flavour, event: RecordedEvent): EventShape {
  const raw = rawOf(log, event);
  const elastic = mapRaw(raw, flavour, true);
  const own = mapRaw(raw, flavour, false);
  const fields = new Set(RECORD);
  if (flavour !== "winlogbeat") for (const name of AGENT) fields.add(name);
  namesOf(elastic, "", fields);
  // Without an address Windows writes "-", and the pipelines leave that where it is.
  if (event.data.includes("IpAddress")) fields.add("winlog.event_data.IpAddress").add("winlog.event_data.IpPort");
  const added = new Set<string>();
  namesOf(own, "", added);
  const described = elastic["event"] as JsonObject;
  const ours = own["event"] as JsonObject;
  const action = described["action"] === event.tasks[0] ? event.tasks : listOf(described["action"]);
  const category = listOf(described["category"]);
  const type = listOf(described["type"]);
  for (const name of CLOSED) fields.delete(name);
  const extra = [...added].filter((name) => !fields.has(name) && !CLOSED.has(name));
  return {
    codes: [event.code],
    title: log.label(event),
    name: event.name,
    audit: event.audit,
    category,
    type,
    action,
    fields: [...fields].sort(),
    additions: {
      category: listOf(ours["category"]).filter((value) => !category.includes(value)),
      type: listOf(ours["type"]).filter((value) => !type.includes(value)),
      action: listOf(ours["action"]).filter((value) => !action.includes(value)),
      fields: extra.sort(),
    },
  };
}

/** What such a document holds, and as our addition what Winlogbeat's mapping makes of it. */
function rawShape(log: WindowsLog, event: RecordedEvent): EventShape {
  const raw = rawOf(log, event);
  const fields = new Set(RECORD);
  namesOf(raw, "", fields);
  for (const name of CLOSED) fields.delete(name);
  const own = mapRaw(raw, "winlogbeat", false);
  const added = new Set<string>();
  namesOf(own, "", added);
  const ours = own["event"] as JsonObject;
  return {
    codes: [event.code],
    title: log.label(event),
    name: event.name,
    audit: event.audit,
    category: [],
    type: [],
    action: event.tasks,
    fields: [...fields].sort(),
    additions: {
      category: listOf(ours["category"]),
      type: listOf(ours["type"]),
      action: listOf(ours["action"]).filter((value) => !event.tasks.includes(value)),
      fields: [...added].filter((name) => !fields.has(name) && !CLOSED.has(name)).sort(),
    },
  };
}

/** Declared as closed sets, not as fields. */
const CLOSED: ReadonlySet<string> = new Set(["event.category", "event.type", "event.action", "event.code"]);

export function listOf(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => text(item) ?? "");
}

/** Dotted names of everything that holds a value; objects in arrays count by their fields. */
export function namesOf(object: JsonObject, prefix: string, into: Set<string>): void {
  for (const key of Object.keys(object)) {
    const value = object[key]!;
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (isObject(value)) namesOf(value, name, into);
    else {
      into.add(name);
      if (Array.isArray(value)) for (const item of value) if (isObject(item)) namesOf(item, name, into);
    }
  }
}
