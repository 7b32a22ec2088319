import type { EventDocument } from "./observed.ts";

/**
 * Roughly how many characters an event holds in memory: its texts, and a little for each value. What keeps events is bounded by this as
 * well as by their number, since one field of a log can be a megabyte.
 */
export function weightOf(event: EventDocument): number {
  let weight = 0;
  const left: unknown[] = [event];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    weight += 16;
    if (typeof value === "string") weight += value.length;
    else if (typeof value === "object" && value !== null)
      for (const inner of Object.values(value)) if (inner !== undefined) left.push(inner);
  }
  return weight;
}

/** The most weight of events that is held for sequences before it is spilled: between 50 and 150 MB of memory. */
export const HELD_WEIGHT = 50_000_000;
