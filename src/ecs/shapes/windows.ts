/**
 * A Windows event (from EVTX or XML) in the shape that Winlogbeat, Filebeat's winlog input and the Elastic Agent give it before
 * any pipeline: libbeat's `winevent` fields. What needs the provider's message file (message, task and opcode names, account
 * names of SIDs) is there only when the event was rendered.
 */
import type { JsonObject, PackedData, WindowsEvent, WindowsRecord, XmlElement } from "../../readers/index.ts";
import { keywordsOf, levelName, opcodeName } from "../windows/levels.ts";
import { put } from "../object.ts";

const MAX_DEPTH = 32;

export function rawFromWindows(record: WindowsRecord): JsonObject {
  const { system, rendering } = record.event;
  const code = String(system.eventId);
  const event: JsonObject = { kind: "event", code, provider: system.provider.name };
  const winlog: JsonObject = { api: "wineventlog", event_id: code, provider_name: system.provider.name };
  const raw: JsonObject = {};
  if (system.timeCreated !== undefined) raw["@timestamp"] = shortened(system.timeCreated);
  raw["event"] = event;
  raw["winlog"] = winlog;
  if (system.provider.guid !== undefined) winlog["provider_guid"] = system.provider.guid;
  if (system.channel !== undefined) winlog["channel"] = system.channel;
  if (system.computer !== undefined) {
    winlog["computer_name"] = system.computer;
    raw["host"] = { name: system.computer };
  }
  if (system.eventRecordId !== undefined) winlog["record_id"] = system.eventRecordId;
  if (system.version !== undefined && system.version !== 0) winlog["version"] = system.version;
  setNames(record.event, raw, event, winlog);
  if (system.activityId !== undefined) winlog["activity_id"] = system.activityId;
  if (system.relatedActivityId !== undefined) winlog["related_activity_id"] = system.relatedActivityId;
  if (system.processId !== undefined) {
    const process: JsonObject = { pid: system.processId };
    if (system.threadId !== undefined) process["thread"] = { id: system.threadId };
    winlog["process"] = process;
  }
  if (system.userId !== undefined) winlog["user"] = { identifier: system.userId };
  if (rendering?.message !== undefined) raw["message"] = withoutReturns(rendering.message);
  setEventData(record.event, winlog);
  if (record.event.userData !== null) {
    const data = userData(record.event.userData);
    if (data !== null) winlog["user_data"] = data;
  }
  const place = record.place;
  raw["log"] = { ...(raw["log"] as JsonObject | undefined), file: { path: place.file } };
  return raw;
}

function setNames(windows: WindowsEvent, raw: JsonObject, event: JsonObject, winlog: JsonObject): void {
  const { system, rendering } = windows;
  const level = (rendering?.level?.toLowerCase() || undefined) ?? (system.level === undefined ? undefined : levelName(system.level));
  raw["log"] = level === undefined ? {} : { level };
  const task = rendering?.task || (system.task === undefined || system.task === 0 ? "None" : undefined);
  if (task !== undefined) {
    event["action"] = task;
    winlog["task"] = task;
  }
  // Events of providers without a manifest have no opcode: Windows takes it for 0.
  const opcode = rendering?.opcode || opcodeName(system.opcode ?? 0);
  if (opcode !== undefined) winlog["opcode"] = opcode;
  if (system.keywords === undefined) return;
  const keywords = keywordsOf(system.keywords);
  const names = rendering !== null && rendering.keywords.length > 0 ? rendering.keywords.slice() : keywords.names.slice();
  if (names.length > 0) winlog["keywords"] = names;
  if (keywords.outcome !== undefined) event["outcome"] = keywords.outcome;
}

/** Values are text, empty ones are dropped, unnamed ones are `param1` and on by position, the first of a name stays. */
function setEventData(windows: WindowsEvent, winlog: JsonObject): void {
  const packed = windows.packedData ?? null;
  if (packed !== null) {
    setPackedData(packed, winlog);
    return;
  }
  const eventData = windows.eventData;
  if (eventData === null) return;
  const data: JsonObject = {};
  let any = false;
  const list = eventData.data;
  for (let i = 0; i < list.length; i++) {
    const { name, value } = list[i]!;
    if (value === "") continue;
    const key = keyOfDatum(name, i);
    if (Object.hasOwn(data, key)) continue;
    put(data, key, withoutReturns(value));
    any = true;
  }
  if (eventData.binary !== undefined && eventData.binary !== "" && !Object.hasOwn(data, "Binary")) {
    data["Binary"] = eventData.binary;
    any = true;
  }
  if (any) winlog["event_data"] = data;
}

/** The same from the values as they lie in the log. */
function setPackedData(packed: PackedData, winlog: JsonObject): void {
  const data: JsonObject = {};
  let any = false;
  const { names } = packed;
  for (let i = 0; i < names.length; i++) {
    const value = packed.value(i);
    if (value === null || value === "") continue;
    const key = keyOfDatum(names[i], i);
    if (Object.hasOwn(data, key)) continue;
    put(data, key, typeof value === "string" ? withoutReturns(value) : String(value));
    any = true;
  }
  if (any) winlog["event_data"] = data;
}

/** The name of a datum in `winlog.event_data`. @param at its place, from 0. */
export function keyOfDatum(name: string | undefined, at: number): string {
  return name ?? `param${at + 1}`;
}

/** Line ends as Beats writes them: LF, and none at the end. */
export function withoutReturns(text: string): string {
  const lines = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
  let end = lines.length;
  while (end > 0 && lines.charCodeAt(end - 1) === 10) end--;
  return end === lines.length ? lines : lines.slice(0, end);
}

/** A time without the zeros that its fraction ends in, as Beats writes it (Go's RFC 3339). */
export function shortened(time: string): string {
  let end = time.length - 1;
  if (time.charCodeAt(end) !== 90 || time.charCodeAt(end - 1) !== 48 || time.charCodeAt(19) !== 46) return time;
  while (time.charCodeAt(end - 1) === 48) end--;
  return `${time.slice(0, end === 20 ? 19 : end)}Z`;
}

/** The leaves of the element by their names, and the name of the element itself; null where it has none. */
function userData(element: XmlElement): JsonObject | null {
  const data: JsonObject = { xml_name: element.name };
  leaves(element, data, 0);
  return Object.keys(data).length > 1 ? data : null;
}

function leaves(element: XmlElement, data: JsonObject, depth: number): void {
  for (const part of element.children) {
    if (typeof part === "string") continue;
    let text = "";
    let nested = false;
    for (const inner of part.children) {
      if (typeof inner === "string") text += inner;
      else nested = true;
    }
    if (nested && depth < MAX_DEPTH) leaves(part, data, depth + 1);
    else if (text !== "" && !Object.hasOwn(data, part.name)) put(data, part.name, withoutReturns(text));
  }
}
