/** `winlog.event_data` of the event: what the mapping leaves of the record's own, and what it adds. */
import type { Json, JsonObject } from "../../readers/index.ts";
import { put } from "../object.ts";
import type { MappingContext } from "./context.ts";
import type { Processor } from "./processor.ts";

/**
 * Writes the event data and drops it when nothing is left. What becomes of a datum depends on that datum alone, and on what processors
 * before it put into `added`.
 * @param keeps whether the datum stays; false where it is in another field now
 */
export function eventData(keeps: (name: string, value: Json) => boolean): Processor {
  return { data: [], reads: [], writes: ["winlog.event_data"], apply: (context, data) => write(context, data, keeps) };
}

function write({ winlog, added, askedData }: MappingContext, data: JsonObject, keeps: (name: string, value: Json) => boolean): void {
  const left: JsonObject = {};
  let isEmpty = true;
  for (const name in data) {
    if (askedData !== null && !askedData.has(name)) continue;
    const value = data[name];
    if (value === undefined || value === null || value === "" || Object.hasOwn(added, name) || !keeps(name, value)) continue;
    put(left, name, value);
    isEmpty = false;
  }
  for (const name in added) {
    left[name] = added[name]!;
    isEmpty = false;
  }
  if (isEmpty) delete winlog["event_data"];
  else winlog["event_data"] = left;
}
