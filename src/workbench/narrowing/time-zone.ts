/** Time zones: how far the clocks of a place are ahead of UTC, and times as those clocks show them. */

export interface TimeZone {
  /** As it is shown beside times: `UTC`, `Europe/Berlin`, `+02:00`. */
  readonly name: string;
  /** How far its clocks are ahead of UTC at a moment (milliseconds since 1970), in milliseconds. */
  readonly offsetAt: (ms: number) => number;
}

export const UTC: TimeZone = { name: "UTC", offsetAt: () => 0 };

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

/** A zone by its IANA name (in any case), `UTC`, an offset such as `+02:00`, or `local` for this machine's; null where there is none such. */
export function readTimeZone(text: string): TimeZone | null {
  if (/^(?:utc|gmt|z|etc\/utc)$/i.test(text)) return UTC;
  const offset = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?$/i.exec(text);
  if (offset !== null) {
    const minutes = 60 * Number(offset[2]) + Number(offset[3] ?? 0);
    if (minutes > 14 * 60) return null;
    const ahead = (offset[1] === "-" ? -1 : 1) * minutes * MINUTE;
    return ahead === 0 ? UTC : { name: offsetText(ahead), offsetAt: () => ahead };
  }
  try {
    return namedZone(/^local$/i.test(text) ? undefined : text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Throws a `RangeError` where there is no zone of the name; undefined is this machine's. */
function namedZone(name: string | undefined): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const { timeZone } = format.resolvedOptions();
  if (timeZone === "UTC") return UTC;
  // Clocks change at a quarter of an hour, so what holds at its beginning holds all through it.
  const known = new Map<number, number>();
  return {
    name: timeZone,
    offsetAt(ms) {
      const quarter = Math.floor(ms / QUARTER);
      const cached = known.get(quarter);
      if (cached !== undefined) return cached;
      const at = quarter * QUARTER;
      // No date, or no number.
      if (!(Math.abs(at) <= 8.64e15)) return 0;
      const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
      const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
      const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
      const offset = shown - at;
      if (known.size >= 10_000) known.clear();
      known.set(quarter, offset);
      return offset;
    },
  };
}

/** What a zone's clocks show at a moment, as `2026-03-04T10:15:00.123`; null beyond what a date can be. */
export function clockTime(ms: number, zone: TimeZone): string | null {
  const date = new Date(ms + zone.offsetAt(ms));
  return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, -1);
}

/** ISO 8601 with the zone's offset: `2026-03-04T10:15:00.123+01:00`, in UTC with `Z`; null beyond what a date can be. */
export function zonedTime(ms: number, zone: TimeZone): string | null {
  const shown = clockTime(ms, zone);
  return shown === null ? null : `${shown}${zone === UTC ? "Z" : offsetText(zone.offsetAt(ms))}`;
}

/**
 * When a zone's clocks show a time that is written as if it were UTC, for the first and for the last time: two moments in an hour that
 * they show twice, otherwise one. A time that they skip is read as if they had not been changed yet.
 */
export function momentsOf(shown: number, zone: TimeZone): { readonly first: number; readonly last: number } {
  const early = shown - zone.offsetAt(shown - 24 * 60 * MINUTE);
  const late = shown - zone.offsetAt(shown + 24 * 60 * MINUTE);
  const shows = (at: number): boolean => at + zone.offsetAt(at) === shown;
  const first = shows(early) || !shows(late) ? early : late;
  return { first, last: shows(late) ? late : first };
}

/** `+02:00` */
function offsetText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
