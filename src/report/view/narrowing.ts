/** What was asked for of the logs and the rules, and what was left out, in words. */
import type { EventNarrowing, EventsLeftOut, HuntResult, TimeZone } from "../../workbench/index.ts";
import { clockText, count, listText, plural, spanText } from "../format.ts";

const MAX_PATTERNS = 6;

/** What of a reading is asked for and what fits; `events` are all that were read. */
export interface NarrowedReading {
  readonly narrowing: EventNarrowing;
  readonly leftOut: EventsLeftOut;
  readonly events: number;
}

/** `since 2026-03-04 09:00:00.000 UTC, host srv*`; empty where nothing is narrowed. */
export function narrowingText({ since, until, hosts, users, channels }: EventNarrowing, zone: TimeZone): string {
  const parts = [
    ...(since === null ? [] : [`since ${clockText(since, zone)}`]),
    // The bound itself is outside.
    ...(until === null ? [] : [`before ${clockText(until, zone)}`]),
  ];
  return [
    ...(parts.length === 0 ? [] : [`${parts.join(" and ")} ${zone.name}`]),
    ...patternsText("host", hosts),
    ...patternsText("user", users),
    ...patternsText("channel", channels),
  ].join(", ");
}

function patternsText(what: string, patterns: readonly string[]): string[] {
  return patterns.length === 0 ? [] : [`${what} ${listText(patterns, MAX_PATTERNS)}`];
}

/** `12 of 40 events (3 without a time are left out)` */
export function fittingText({ leftOut, events }: NarrowedReading): string {
  const untimed = leftOut.withoutTime === 0 ? "" : ` (${plural(leftOut.withoutTime, "event")} without a time left out)`;
  return `${count(events - leftOut.events)} of ${plural(events, "event")}${untimed}`;
}

/** Why nothing can come of it: no event fits. Null where one does, or where there is none at all. */
export function nothingFitsText(
  { narrowing, leftOut, events }: NarrowedReading,
  { firstEvent, lastEvent }: Pick<HuntResult, "firstEvent" | "lastEvent">,
  zone: TimeZone,
): string | null {
  const asked = narrowingText(narrowing, zone);
  if (events === 0 || leftOut.events < events || asked === "") return null;
  const cover = firstEvent === null ? "no event has a time" : `the logs cover ${spanText(firstEvent, lastEvent, zone)} ${zone.name}`;
  return `none of ${plural(events, "event")} is ${asked}; ${cover}`;
}
