/** How raw Windows events of one kind become ECS: the processors for it, all of them or those that the fields asked for need. */
import type { JsonObject } from "../../readers/index.ts";
import { child, isObject, objectAt, textAt } from "../object.ts";
import { isoMilliseconds } from "../time.ts";
import { WINDOWS_LOGS } from "../windows/logs.ts";
import { powershell, powershellOperational } from "../windows/powershell/powershell.ts";
import { POWERSHELL_EVENTS, POWERSHELL_OPERATIONAL_EVENTS } from "../windows/powershell/events.ts";
import { isKnownSecurityEvent, security } from "../windows/security/security.ts";
import type { LogKey } from "../windows/shippers.ts";
import { SYSMON_EVENTS } from "../windows/sysmon/events.ts";
import { sysmon } from "../windows/sysmon/sysmon.ts";
import { ADDITIONS, unlessThere } from "./additions.ts";
import type { Flavour, MappingContext } from "./context.ts";
import { rawKindOf, type RawKind } from "./kind.ts";
import { constant, processor, requirements, type Processor } from "./processor.ts";

interface Module {
  readonly processors: (kind: RawKind) => readonly Processor[];
  /** Whether one of Elastic's pipelines categorises the event. */
  readonly knows: (kind: RawKind) => boolean;
}

const MODULES: { readonly [K in LogKey]?: Module } = {
  sysmon: { processors: sysmon, knows: ({ code }) => SYSMON_EVENTS.has(code) },
  security: { processors: security, knows: isKnownSecurityEvent },
  powershell: { processors: powershell, knows: ({ code }) => POWERSHELL_EVENTS.get(code)?.ecs !== undefined },
  powershell_operational: {
    processors: powershellOperational,
    knows: ({ code }) => POWERSHELL_OPERATIONAL_EVENTS.get(code)?.ecs !== undefined,
  },
};

/** Null where no pipeline of a module runs on the event. */
function moduleOf({ log, flavour, strict, isPlainFilebeat }: RawKind): Module | null {
  return strict && flavour === "winlogbeat" && isPlainFilebeat ? null : (MODULES[log] ?? null);
}

/** Every processor that runs on events of a kind, in order. */
export function processorsOf(kind: RawKind): readonly Processor[] {
  const { log, flavour, strict } = kind;
  const module = moduleOf(kind);
  const unmoduled = log === "system" || log === "other";
  return [
    CODE,
    unlessThere("event.kind", "event"),
    ...(unmoduled && flavour === "agent" ? [constant("ecs.version", "8.0.0")] : []),
    ...(module === null
      ? []
      : [schemaVersion(flavour === "winlogbeat" ? "1.12.0" : "8.0.0"), ...timeAndLevel(log), ...module.processors(kind)]),
    RECORD_ID,
    ...(flavour === "forwarded" ? [unlessThere("host.os.type", "windows"), unlessThere("host.os.family", "windows")] : []),
    ...(strict ? [] : ADDITIONS.flatMap((addition) => addition.processors(kind))),
  ];
}

/** Whether anything categorises events of a kind, or knows that they are of no category. */
export function isKnown(kind: RawKind): boolean {
  if (moduleOf(kind)?.knows(kind) === true) return true;
  return !kind.strict && ADDITIONS.some(({ makesKnown }) => makesKnown?.(kind) === true);
}

const CODE = processor({
  reads: ["winlog.event_id", "event.code"],
  writes: ["winlog.event_id", "event.code"],
  apply: ({ event, winlog, code }) => {
    child(event, "event")["code"] = code;
    winlog["event_id"] = code;
  },
});

function schemaVersion(version: string): Processor {
  return processor({ writes: ["ecs"], apply: ({ event }) => (event["ecs"] = { version }) });
}

/** `winlog.time_created` and `winlog.level`, which the Agent's documents have and Winlogbeat's do not. */
function timeAndLevel(log: LogKey): readonly Processor[] {
  return [
    processor({
      reads: ["winlog.level"],
      writes: ["log.level"],
      apply: ({ event, winlog }) => {
        const level = textAt(winlog, "level");
        if (level !== undefined) child(event, "log")["level"] = level;
      },
    }),
    processor({
      reads: ["winlog.time_created"],
      writes: [log === "sysmon" ? "event.created" : "@timestamp"],
      apply: ({ event, winlog }) => {
        const created = textAt(winlog, "time_created");
        const time = created === undefined ? undefined : isoMilliseconds(created);
        if (time === undefined) return;
        if (log === "sysmon") child(event, "event")["created"] = time;
        else event["@timestamp"] = time;
      },
    }),
    ...(log === "security" ? [] : [MOVED]),
  ];
}

const MOVED = processor({
  writes: ["winlog.time_created", "winlog.level"],
  apply: ({ winlog }) => {
    delete winlog["time_created"];
    delete winlog["level"];
  },
});

const RECORD_ID = processor({
  reads: ["winlog.record_id"],
  writes: ["winlog.record_id"],
  apply: ({ winlog }) => {
    const record = winlog["record_id"];
    if (typeof record === "number" || typeof record === "bigint") winlog["record_id"] = String(record);
  },
});

const EVENT_DATA = "winlog.event_data";

/** The mapping of one kind of event. */
export class Mapping {
  readonly isKnown: boolean;
  readonly #processors: readonly Processor[];
  /** Objects that processors write into, an object before those in it: they are copied, so that the document stays as it was. */
  readonly #written: readonly (readonly string[])[];
  readonly #askedData: ReadonlySet<string> | null;
  readonly #isWhole: boolean;

  /** @param fields those asked for; null: all */
  constructor(kind: RawKind, fields: readonly string[] | null) {
    this.isKnown = isKnown(kind);
    const all = processorsOf(kind);
    this.#processors = fields === null ? all : requirements(all, fields).processors;
    this.#isWhole = fields === null;
    this.#askedData = fields === null ? null : eventDataAmong(fields);
    this.#written = objectsOf(this.#processors.flatMap(({ writes }) => writes));
  }

  /**
   * The event of a document, which stays as it was. Fields that are not asked for are as in the document, or as in the whole event.
   * @param code `event.code`
   * @returns null where only some fields are asked for and the document is too odd for that: something other than an object stands
   * where a processor writes into one.
   */
  apply(document: JsonObject, code: string): JsonObject | null {
    const event: JsonObject = { ...document };
    for (let i = 0; i < this.#written.length; i++) if (!copyAt(event, this.#written[i]!) && !this.#isWhole) return null;
    const winlog = child(event, "winlog");
    const context: MappingContext = { event, winlog, code, added: {}, askedData: this.#askedData, details: null };
    const data = objectAt(objectAt(document, "winlog"), "event_data") ?? {};
    for (let i = 0; i < this.#processors.length; i++) this.#processors[i]!.apply(context, data);
    return event;
  }
}

/** Copies the object at a path, where there is one; false where something else is there. */
function copyAt(event: JsonObject, path: readonly string[]): boolean {
  let parent = event;
  const last = path.length - 1;
  for (let i = 0; i < last; i++) {
    const next = parent[path[i]!];
    if (!isObject(next)) return true;
    parent = next;
  }
  const present = parent[path[last]!];
  if (present === undefined) return true;
  if (Array.isArray(present)) {
    parent[path[last]!] = present.slice();
    return path[0] === "related" && last === 1;
  }
  if (!isObject(present)) return path[0] === "related" && last === 1;
  parent[path[last]!] = { ...present };
  return true;
}

function objectsOf(fields: readonly string[]): readonly (readonly string[])[] {
  const objects = new Set(["winlog"]);
  for (const field of fields) {
    const path = field.split(".");
    for (let i = 1; i < path.length; i++) objects.add(path.slice(0, i).join("."));
    // Its lists are added to.
    if (path[0] === "related") objects.add(field);
  }
  // It is not written into but anew.
  objects.delete(EVENT_DATA);
  return [...objects].map((object) => object.split(".")).sort((a, b) => a.length - b.length);
}

function eventDataAmong(fields: readonly string[]): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const field of fields) {
    if (field === "winlog" || field === EVENT_DATA) return null;
    if (field.startsWith(`${EVENT_DATA}.`)) names.add(field.slice(EVENT_DATA.length + 1).split(".", 1)[0]!);
  }
  return names;
}

const KNOWN_CODES = new Map<LogKey, ReadonlySet<string>>(
  WINDOWS_LOGS.map(({ key, events }) => [key, new Set(events.map(({ code }) => code))]),
);

/** The kind that stands for all events that are mapped like this one: codes that no table has are one. */
export function kindAsTabled(kind: RawKind): RawKind {
  return KNOWN_CODES.get(kind.log)?.has(kind.code) === true ? kind : { ...kind, code: "" };
}

const FLAVOURS: readonly Flavour[] = ["winlogbeat", "agent", "forwarded"];

/** The mappings of all kinds, each made when the first event comes. There are as many as the tables of events say, whatever comes. */
export class Mappings {
  readonly #fields: readonly string[] | null;
  /** By log, whatever else makes a kind, and code. */
  readonly #byLog: { [K in LogKey]?: Map<string, Mapping>[] } = {};

  /** @param fields those asked for; null: all */
  constructor(fields: readonly string[] | null) {
    this.#fields = fields;
  }

  of(kind: RawKind): Mapping {
    const { log, flavour, strict, isServiceControl, isPlainFilebeat } = kind;
    const variant = (strict ? 1 : 0) + (isServiceControl ? 2 : 0) + (isPlainFilebeat ? 4 : 0) + 8 * FLAVOURS.indexOf(flavour);
    const variants = (this.#byLog[log] ??= []);
    const byCode = (variants[variant] ??= new Map());
    const known = byCode.get(kind.code);
    if (known !== undefined) return known;
    const tabled = kindAsTabled(kind);
    let mapping = byCode.get(tabled.code);
    if (mapping === undefined) byCode.set(tabled.code, (mapping = new Mapping(tabled, this.#fields)));
    return mapping;
  }
}

/** For all who ask for every field. */
export const WHOLE = new Mappings(null);

/** One raw document mapped to ECS; the document itself stays as it was. */
export function mapRaw(document: JsonObject, flavour: Flavour, strict: boolean): JsonObject {
  const kind = rawKindOf(document, flavour, strict);
  return WHOLE.of(kind).apply(document, kind.code)!;
}
