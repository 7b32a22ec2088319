/**
 * One event while it is mapped: what it came with, what it becomes, and by whose rules. The modules (`sysmon.ts`, `security.ts`, ...) read the event data of the raw record and
 * write ECS fields; what they consumed is left out when the event data is written.
 */
import type { Json, JsonObject } from "../readers/index.ts";
import { child, put, text } from "./object.ts";
import type { Categorisation } from "./windows/event.ts";

/**
 * Whose pipelines to follow: they set different `event.module`, `ecs.version` and a few other fields.
 * `winlogbeat`: the modules of Winlogbeat. `agent`: Elastic Agent's integrations Windows and System. `forwarded`: the Windows
 * integration's `forwarded` data stream, for records from a collector.
 */
export type Flavour = "winlogbeat" | "agent" | "forwarded";

export interface MappingContext {
  /** The event being built: the raw record's own top level, copied. */
  readonly event: JsonObject;
  readonly winlog: JsonObject;
  /** The raw record's event data: read only. Values are text, except where a JSON source had numbers. */
  readonly data: JsonObject;
  /** `event.code`. */
  readonly code: string;
  readonly flavour: Flavour;
  /** Leave out what we add beyond Elastic's pipelines. */
  readonly strict: boolean;
}

/** A value of the event data as text; undefined where absent or empty. */
export function eventDataText(context: MappingContext, name: string): string | undefined {
  return text(context.data[name]);
}

/** `-` is how Windows writes that there is no value. */
export function unlessDash(value: string | undefined): string | undefined {
  return value === "-" ? undefined : value;
}

/** Strict mode follows the pipeline of the Windows integration up to 1.24 for the forwarded stream, which knows less. */
export function isOlderForwarded({ flavour, strict }: MappingContext): boolean {
  return flavour === "forwarded" && strict;
}

/** Writes the event data without the consumed names; drops it when nothing is left. */
export function writeEventData(context: MappingContext, consumed: ReadonlySet<string>, more?: JsonObject): void {
  const left: JsonObject = {};
  let count = 0;
  const data = context.data;
  for (const name of Object.keys(data)) {
    if (consumed.has(name)) continue;
    const value: Json | undefined = data[name];
    if (value === undefined || value === null || value === "") continue;
    put(left, name, value);
    count++;
  }
  if (more !== undefined) {
    for (const name of Object.keys(more)) {
      put(left, name, more[name]!);
      count++;
    }
  }
  if (count > 0) context.winlog["event_data"] = left;
  else delete context.winlog["event_data"];
}

/** `event.category`, `.type` and `.action` as the event's description says. The arrays are the event's own. */
export function categorise(context: MappingContext, { category, type, action }: Categorisation): void {
  const event = child(context.event, "event");
  if (category !== undefined) event["category"] = category.slice();
  if (type !== undefined) event["type"] = type.slice();
  if (action !== undefined) event["action"] = action;
}

/** `domain\name` into two parts; undefined where it is not of that form. */
export function domainAndName(account: string): readonly [domain: string, name: string] | undefined {
  const at = account.indexOf("\\");
  if (at <= 0 || at === account.length - 1 || account.indexOf("\\", at + 1) >= 0) return undefined;
  return [account.slice(0, at), account.slice(at + 1)];
}
