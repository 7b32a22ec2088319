/** Records in, ECS events out: recognises the shape, brings it to the raw form, and maps it by channel as Elastic's pipelines do. */
import type { JsonObject, LogRecord } from "../readers/index.ts";
import { addToEvent } from "./additions.ts";
import type { MappingContext, Flavour } from "./mapping-context.ts";
import { child, isObject, objectAt, put, text, textAt } from "./object.ts";
import { powershell, powershellOperational } from "./windows/powershell/powershell.ts";
import { recognise } from "./shapes/raw.ts";
import { security } from "./windows/security/security.ts";
import type { Normalised } from "./source.ts";
import { sourceOfDocument } from "./source-of-document.ts";
import { type LogKey, logOfChannel, SHIPPERS } from "./windows/shippers.ts";
import { syslogEvent } from "./syslog/syslog.ts";
import { sysmon } from "./windows/sysmon/sysmon.ts";
import { isoMilliseconds, LocalZone } from "./time.ts";

export interface NormaliserOptions {
  /** Paths of the time in documents that have no `@timestamp`, looked at before those that vendors have: `meta.when`. */
  readonly timestampFields?: readonly string[];
  /** Leave out what we add beyond Elastic's own pipelines (`additions.ts`). */
  readonly strictElastic?: boolean;
  /**
   * Whose pipelines to follow. By default the record decides: the Agent's documents the Agent's, everything else Winlogbeat's.
   * Given, it holds for all records.
   */
  readonly flavour?: Flavour;
}

/** Keeps what has to be remembered between records: the zone of files that write local times. */
export interface RecordNormaliser {
  /** Never throws. What cannot be mapped comes back as it is, with `unmapped`. */
  normalise(record: LogRecord): Normalised;
  /** The record in the raw shape of Winlogbeat; null where it is no Windows event or has been mapped already. */
  toRaw(record: LogRecord): JsonObject | null;
}

/** Other providers write to the Security channel too; Elastic maps those of Windows only. */
const SECURITY_PROVIDERS = new Set(["Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Eventlog"]);

const MODULES = { sysmon, security, powershell, powershell_operational: powershellOperational } as const;

export function createNormaliser(options: NormaliserOptions = {}): RecordNormaliser {
  const strict = options.strictElastic ?? false;
  const zone = new LocalZone();
  const timePaths = (options.timestampFields ?? []).map((path) => path.split("."));
  return {
    normalise(record) {
      const { form, document } = recognise(record, zone, timePaths);
      const id = record.kind === "document" ? record.id : undefined;
      const index = record.kind === "document" ? record.index : undefined;
      let event = document;
      let source: string;
      let unmapped: boolean;
      if (form === "raw") {
        const flavour = options.flavour ?? flavourOf(document);
        const mapped = mapRaw(document, flavour, strict);
        event = mapped.event;
        source = sourceId(flavour, mapped.channel, document);
        unmapped = !mapped.known;
      } else {
        const syslog = syslogEvent(document);
        if (syslog !== null) event = syslog;
        const documentSource = sourceOfDocument(event, index);
        source = documentSource.source;
        // Most lines of syslog are of no category, and no pipeline gives them one.
        unmapped = syslog === null && !documentSource.known;
      }
      const normalised: { -readonly [K in keyof Normalised]: Normalised[K] } = { event, source, place: record.place, unmapped };
      if (id !== undefined) normalised.id = id;
      if (index !== undefined) normalised.index = index;
      return normalised;
    },
    toRaw(record) {
      const { form, document } = recognise(record, zone);
      return form === "raw" ? document : null;
    },
  };
}

/** Which shipper the raw document comes from. The Agent's keeps `winlog.time_created`; Winlogbeat takes it away. */
function flavourOf(document: JsonObject): Flavour {
  const dataset = textAt(objectAt(document, "data_stream"), "dataset") ?? textAt(objectAt(document, "event"), "dataset");
  if (dataset === "windows.forwarded") return "forwarded";
  if (dataset !== undefined) return "agent";
  const agent = textAt(objectAt(document, "agent"), "type");
  if (agent === "filebeat" && objectAt(document, "elastic_agent") !== undefined) return "agent";
  return textAt(objectAt(document, "winlog"), "time_created") === undefined ? "winlogbeat" : "agent";
}

function sourceId(flavour: Flavour, channel: LogKey, document: JsonObject): string {
  const plainFilebeat = flavour === "winlogbeat" && isPlainFilebeat(document);
  return plainFilebeat ? "filebeat.winlog" : SHIPPERS[flavour].id(channel);
}

export interface Mapped {
  readonly event: JsonObject;
  readonly channel: LogKey;
  readonly known: boolean;
}

/** One raw document mapped to ECS; the document itself stays as it was. */
export function mapRaw(document: JsonObject, flavour: Flavour, strict: boolean): Mapped {
  const event = copy(document);
  const winlog = copy(objectAt(document, "winlog") ?? {});
  event["winlog"] = winlog;
  const described = copy(objectAt(document, "event") ?? {});
  event["event"] = described;
  ownObject(event, "host");
  ownObject(event, "log");
  const code = text(winlog["event_id"]) ?? text(described["code"]) ?? "";
  const data = objectAt(winlog, "event_data") ?? {};
  const channel = channelOf(winlog, described);
  const context: MappingContext = { event, winlog, data, code, flavour, strict };
  described["code"] = code;
  if (described["kind"] === undefined) described["kind"] = "event";
  winlog["event_id"] = code;
  let known = false;
  if (channel === "system" || channel === "other") {
    if (flavour === "agent") child(event, "ecs")["version"] = "8.0.0";
  } else if (strict && flavour === "winlogbeat" && isPlainFilebeat(event)) {
    // Filebeat's winlog input ships what it read; no pipeline of a module runs on it.
  } else {
    event["ecs"] = { version: flavour === "winlogbeat" ? "1.12.0" : "8.0.0" };
    timeAndLevel(context, channel);
    // These may stand in the document already; the pipelines write into them.
    ownObject(event, "user");
    ownObject(event, "process");
    ownObject(event, "file");
    ownObject(event, "source");
    ownObject(event, "destination");
    ownObject(event, "network");
    ownObject(event, "related");
    known = MODULES[channel](context);
  }
  const record = winlog["record_id"];
  if (typeof record === "number" || typeof record === "bigint") winlog["record_id"] = String(record);
  if (flavour === "forwarded") {
    const os = child(child(event, "host"), "os");
    if (os["type"] === undefined) os["type"] = "windows";
    if (os["family"] === undefined) os["family"] = "windows";
  }
  if (!strict && addToEvent(context, channel)) known = true;
  return { event, channel, known };
}

function isPlainFilebeat(event: JsonObject): boolean {
  return textAt(objectAt(event, "agent"), "type") === "filebeat";
}

function channelOf(winlog: JsonObject, event: JsonObject): LogKey {
  const provider = textAt(winlog, "provider_name") ?? textAt(event, "provider");
  const log = logOfChannel(textAt(winlog, "channel"));
  if (log === "security" && provider !== undefined && !SECURITY_PROVIDERS.has(provider)) return "other";
  return log === "other" && provider === "Microsoft-Windows-Sysmon" ? "sysmon" : log;
}

/** `winlog.time_created` and `winlog.level`, which the Agent's documents have and Winlogbeat's do not. */
function timeAndLevel(context: MappingContext, channel: LogKey): void {
  const { event, winlog } = context;
  const level = textAt(winlog, "level");
  if (level !== undefined) child(event, "log")["level"] = level;
  const created = textAt(winlog, "time_created");
  if (created !== undefined) {
    const time = isoMilliseconds(created);
    if (time !== undefined) {
      if (channel === "sysmon") child(event, "event")["created"] = time;
      else event["@timestamp"] = time;
    }
  }
  if (channel === "security") return;
  delete winlog["time_created"];
  delete winlog["level"];
}

/** A copy of the object under a name, so that writing into it leaves the record as it was. */
function ownObject(event: JsonObject, name: string): void {
  const present = event[name];
  if (isObject(present)) event[name] = copy(present);
}

function copy(object: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys(object)) put(out, key, object[key]!);
  return out;
}
