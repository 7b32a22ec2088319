/**
 * Where Windows' own events say what ECS fields hold, for those who search raw logs. Found by mapping: an event is mapped as it is
 * and once more for each of its data with that one changed; the fields that changed with it come from it.
 */
import type { Json, JsonObject } from "../../readers/index.ts";
import { mapRaw } from "../mapping/mapping.ts";
import { isObject, text } from "../object.ts";
import type { RecordedEvent } from "../windows/event.ts";
import { WINDOWS_LOGS, type WindowsLog, type WindowsLogKey } from "../windows/logs.ts";
import { listOf, rawOf, RECORD } from "./windows.ts";

/**
 * `whole`: the value is the field's. `name`: the field is what follows the value's last backslash. `head`: what precedes the first.
 * `item`: the value is a list `KEY=value,..` and the field is that of `key`. `extension`: what follows its last dot. `part`: the field's values are somewhere in
 * it (arguments in a command line). `words`: the value is a code and the field the word for it. `registryData`: Sysmon's `DWORD (0x00000001)`
 * is the number 1, everything else itself. Any other relation is no origin.
 */
export interface Origin {
  /** `CommandLine` */
  readonly data: string;
  readonly form: "whole" | "name" | "head" | "item" | "extension" | "part" | "words" | "registryData";
  /** `SHA256`, for `item`. */
  readonly key: string | null;
  /** For `words`: by the field's value the data's, such as `Network` -> `3`. */
  readonly words: ReadonlyMap<string, string> | null;
}

type Relation = Omit<Origin, "data">;

/** Codes that the mapping has words for. */
const CODED: Readonly<Record<string, readonly string[]>> = {
  LogonType: ["0", "2", "3", "4", "5", "7", "8", "9", "10", "11", "12", "13"],
  Initiated: ["true", "false"],
};

export interface WindowsEventType {
  /** `sysmon`, `security`, ... */
  readonly family: WindowsLogKey;
  readonly channel: string;
  readonly provider: string;
  readonly code: string;
  readonly title: string;
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly action: readonly string[];
  /** All fields that the record or the mapping can set, our additions among them. */
  readonly fields: ReadonlySet<string>;
  /** Names of the event's data, in Windows' own order. */
  readonly data: readonly string[];
  /** By ECS field. */
  readonly origins: ReadonlyMap<string, Origin>;
}

const WHOLE: Relation = { form: "whole", key: null, words: null };

let all: readonly WindowsEventType[] | undefined;

/** Every event of the Windows sources. Made at first use. */
export function windowsEvents(): readonly WindowsEventType[] {
  all ??= WINDOWS_LOGS.flatMap((log) => log.events.map((event) => eventOf(log, event)));
  return all;
}

function eventOf(log: WindowsLog, event: RecordedEvent): WindowsEventType {
  const raw = rawOf(log, event);
  const mapped = mapRaw(raw, "winlogbeat", false);
  const base = flat(mapped);
  const origins = new Map<string, Origin>();
  for (const name of event.data) {
    if (name.startsWith("user_data.")) {
      origins.set(`winlog.${name}`, { data: name.slice(10), ...WHOLE });
      continue;
    }
    // What a pipeline takes out of the event's data is in the raw event all the same.
    origins.set(`winlog.event_data.${name}`, { data: name, ...WHOLE });
    for (const [value, changed] of changes(dataOf(raw)[name])) {
      for (const [field, now] of flat(mapRaw(withData(raw, name, changed), "winlogbeat", false))) {
        if (origins.has(field) || now === base.get(field)) continue;
        const relation = relationOf(value, changed, base.get(field), now);
        if (relation !== null) origins.set(field, { data: name, ...relation });
      }
    }
    for (const [field, words] of wordsOf(raw, name, base))
      if (!origins.has(field)) origins.set(field, { data: name, form: "words", key: null, words });
  }
  for (const process of ["process", "process.parent"]) {
    const line = origins.get(`${process}.command_line`);
    if (line !== undefined && base.has(`${process}.args`)) origins.set(`${process}.args`, { ...line, form: "part" });
  }
  const details = origins.get("winlog.event_data.Details");
  if (details !== undefined && base.has("registry.data.strings"))
    origins.set("registry.data.strings", { ...details, form: "registryData" });
  const described = isObject(mapped["event"]) ? mapped["event"] : {};
  const provider = raw["winlog"] as JsonObject;
  return {
    family: log.key,
    channel: log.channel,
    provider: text(provider["provider_name"]) ?? "",
    code: event.code,
    title: log.label(event),
    category: listOf(described["category"]),
    type: listOf(described["type"]),
    action: [...new Set([...listOf(described["action"]), ...event.tasks])],
    fields: new Set([...RECORD, ...base.keys()]),
    data: event.data,
    origins,
  };
}

function dataOf(raw: JsonObject): JsonObject {
  return (raw["winlog"] as JsonObject)["event_data"] as JsonObject;
}

function withData(raw: JsonObject, name: string, value: string): JsonObject {
  const winlog = raw["winlog"] as JsonObject;
  return { ...raw, event: { ...(raw["event"] as JsonObject) }, winlog: { ...winlog, event_data: { ...dataOf(raw), [name]: value } } };
}

/** Other values of the same form: each with something else in one place. */
function changes(value: Json | undefined): [before: string, after: string][] {
  if (typeof value !== "string") return [];
  const changed: string[] = [];
  const cut = value.lastIndexOf("\\");
  if (value.includes("=")) {
    for (const match of value.matchAll(/=([0-9a-f]+)/g))
      changed.push(`${value.slice(0, match.index + 1)}77${value.slice(match.index + 1)}`);
  } else if (/^\d+$/.test(value)) changed.push(String(Number(value) + 1));
  else if (/^\d+\.\d+\.\d+\.\d+$/.test(value)) changed.push(`${value}1`);
  else if (cut >= 0) {
    changed.push(`${value.slice(0, cut + 1)}zz${value.slice(cut + 1)}`, `${value}zz`);
    if (!value.startsWith("\\")) changed.push(`zz${value}`);
  } else changed.push(`zz${value}`, `${value}zz`);
  return changed.map((after) => [value, after]);
}

function relationOf(before: string, after: string, was: string | undefined, now: string): Relation | null {
  const one = relation(before, was);
  const other = relation(after, now);
  return one !== null && other !== null && one.form === other.form && one.key === other.key ? one : null;
}

function relation(value: string, field: string | undefined): Relation | null {
  if (field === undefined) return null;
  if (field === value) return WHOLE;
  const cut = value.indexOf("\\");
  if (cut < 0) {
    const item = value.split(",").find((part) => part.endsWith(`=${field}`));
    return item === undefined ? null : { form: "item", key: item.slice(0, item.indexOf("=")), words: null };
  }
  if (field === value.slice(value.lastIndexOf("\\") + 1)) return { form: "name", key: null, words: null };
  if (field === value.slice(0, cut)) return { form: "head", key: null, words: null };
  return field === value.slice(value.lastIndexOf(".") + 1) ? { form: "extension", key: null, words: null } : null;
}

/** Of a coded value the fields that hold a word for it, with the words. */
function wordsOf(raw: JsonObject, name: string, base: ReadonlyMap<string, string>): Map<string, Map<string, string>> {
  const byField = new Map<string, Map<string, string>>();
  for (const code of CODED[name] ?? []) {
    for (const [field, word] of flat(mapRaw(withData(raw, name, code), "winlogbeat", false))) {
      if (!base.has(field) || word === code || field.startsWith("winlog.event_data.")) continue;
      const words = byField.get(field) ?? new Map<string, string>();
      words.set(word, code);
      byField.set(field, words);
    }
  }
  for (const [field, words] of byField) if (words.size < 2) byField.delete(field);
  return byField;
}

/** Dotted names and their only value as text; lists of several values are left out. */
function flat(object: JsonObject): Map<string, string> {
  const into = new Map<string, string>();
  const visit = (part: JsonObject, prefix: string): void => {
    for (const [key, value] of Object.entries(part)) {
      if (isObject(value)) visit(value, `${prefix}${key}.`);
      else if (Array.isArray(value)) {
        into.set(prefix + key, value.length === 1 ? (text(value[0]) ?? "") : "");
      } else if (value !== null && value !== undefined) into.set(prefix + key, text(value) ?? "");
    }
  };
  visit(object, "");
  return into;
}
