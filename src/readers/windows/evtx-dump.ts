/** evtx_dump's JSON of an event -> `WindowsEvent`: `{"Event":{"#attributes":..,"System":{..},"EventData":{..}}}`. */
import { isObject, type EventData, type Json, type JsonObject, type WindowsEvent, type WindowsSystem, type XmlElement } from "../record.ts";

/** Null where the document is none. */
export function windowsEventFromDump(document: JsonObject): WindowsEvent | null {
  const event = own(document, "Event");
  if (!isObject(event)) return null;
  const system = own(event, "System");
  if (!isObject(system) || own(system, "EventID") === undefined) return null;
  const userData = own(event, "UserData");
  return {
    system: systemOf(system),
    eventData: eventDataOf(own(event, "EventData"), bareGuids(system)),
    userData: isObject(userData) ? (elements(userData)[0] ?? null) : null,
    rendering: null,
    other: Object.keys(event)
      .filter((key) => !["#attributes", "System", "EventData", "UserData", "RenderingInfo"].includes(key))
      .flatMap((key) => element(key, event[key]!)),
  };
}

function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function plain(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return plain(own(value, "#text"));
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? "").join(", ");
  return String(value);
}

function attribute(value: Json | undefined, name: string): string | undefined {
  if (!isObject(value)) return undefined;
  const attributes = own(value, "#attributes");
  return isObject(attributes) ? plain(own(attributes, name)) : undefined;
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** evtx_dump leaves the braces out and writes upper case; Windows writes braces and lower case. */
function guid(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text.startsWith("{") ? text : `{${text.toLowerCase()}}`;
}

function systemOf(system: JsonObject): WindowsSystem {
  const provider = own(system, "Provider");
  const guidText = guid(attribute(provider, "Guid"));
  const sourceName = attribute(provider, "EventSourceName");
  const found: { -readonly [K in keyof WindowsSystem]: WindowsSystem[K] } = {
    provider: {
      name: attribute(provider, "Name") ?? "",
      ...(guidText === undefined ? {} : { guid: guidText }),
      ...(sourceName === undefined ? {} : { eventSourceName: sourceName }),
    },
    eventId: integer(plain(own(system, "EventID"))) ?? 0,
  };
  const set = <K extends keyof WindowsSystem>(key: K, value: WindowsSystem[K] | undefined): void => {
    if (value !== undefined && value !== "") found[key] = value;
  };
  set("qualifiers", integer(attribute(own(system, "EventID"), "Qualifiers")));
  set("version", integer(plain(own(system, "Version"))));
  set("level", integer(plain(own(system, "Level"))));
  set("task", integer(plain(own(system, "Task"))));
  set("opcode", integer(plain(own(system, "Opcode"))));
  set("keywords", plain(own(system, "Keywords")));
  set("timeCreated", attribute(own(system, "TimeCreated"), "SystemTime"));
  const record = plain(own(system, "EventRecordID"));
  if (record !== undefined && /^\d{1,20}$/.test(record)) found.eventRecordId = record.length < 16 ? Number(record) : BigInt(record);
  set("activityId", guid(attribute(own(system, "Correlation"), "ActivityID")));
  set("relatedActivityId", guid(attribute(own(system, "Correlation"), "RelatedActivityID")));
  set("processId", integer(attribute(own(system, "Execution"), "ProcessID")));
  set("threadId", integer(attribute(own(system, "Execution"), "ThreadID")));
  set("channel", plain(own(system, "Channel")));
  set("computer", plain(own(system, "Computer")));
  set("userId", attribute(own(system, "Security"), "UserID"));
  return found;
}

/** Old versions write GUIDs without braces and in upper case, wherever they are. */
function bareGuids(system: JsonObject): boolean {
  const found = attribute(own(system, "Provider"), "Guid");
  return found !== undefined && BARE_GUID.test(found);
}

const BARE_GUID = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** @param bare values that are GUIDs come as they do in old versions. A text that looks like one is taken for one. */
function eventDataOf(value: Json | undefined, bare: boolean): EventData | null {
  // `<EventData></EventData>`: it is there, and holds nothing.
  if (value === null) return { data: [] };
  if (!isObject(value)) return null;
  const named = Object.keys(value).some((key) => key !== "#attributes" && key !== "Binary" && key !== "Data");
  const textOf = (item: Json | undefined): string => {
    const text = plain(item) ?? "";
    return bare && text.length === 36 && BARE_GUID.test(text) ? `{${text.toLowerCase()}}` : text;
  };
  const data: { name?: string; value: string }[] = [];
  let binary: string | undefined;
  for (const key of Object.keys(value)) {
    const item = value[key]!;
    if (key === "#attributes") continue;
    if (key === "Binary") binary = plain(item);
    else if (key === "Data" && !(named && typeof item === "string")) {
      // `<Data>` without names: one text, or `#text` with one or many.
      const texts = isObject(item) ? own(item, "#text") : item;
      for (const text of Array.isArray(texts) ? texts : [texts]) data.push({ value: textOf(text) });
    } else data.push({ name: key, value: textOf(item) });
  }
  const name = attribute(value, "Name");
  return { ...(name === undefined ? {} : { name }), data, ...(binary === undefined ? {} : { binary }) };
}

function elements(value: JsonObject): XmlElement[] {
  return Object.keys(value)
    .filter((key) => key !== "#attributes" && key !== "#text")
    .flatMap((key) => element(key, value[key]!));
}

function element(name: string, value: Json): XmlElement[] {
  if (Array.isArray(value)) return value.flatMap((item) => element(name, item));
  if (!isObject(value)) return [{ name, attributes: [], children: [plain(value) ?? ""] }];
  const attributes = own(value, "#attributes");
  const text = plain(own(value, "#text"));
  return [
    {
      name,
      attributes: isObject(attributes) ? Object.keys(attributes).map((key) => [key, plain(attributes[key]) ?? ""] as const) : [],
      children: [...(text === undefined ? [] : [text]), ...elements(value)],
    },
  ];
}
