/** The beginning or the end of what is asked for: a moment, or a distance from now or from the end of the logs. */
import { UNIT_MILLIS } from "../../eql/index.ts";
import { momentsOf, type TimeZone } from "./time-zone.ts";

/**
 * What a bound stands for. A time written to the day or the minute is all of it: as a beginning it counts from `from`, as an end up to
 * but not including `to`. Both are milliseconds since 1970, or before the last event of the logs where `of` is `end`.
 */
export interface TimeBound {
  readonly of: "clock" | "end";
  readonly from: number;
  readonly to: number;
}

/** What people may write, for messages. */
export const TIME_BOUNDS =
  "2026-03-04, 2026-03-04T09:00 or 2026-03-04T09:00:00.123+01:00; 24h or -7d before now; end-2h before the last event of the logs";

const TIME = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?\s*(z|utc|[+-]\d\d(?::?\d\d)?)?$/i;
const DISTANCE = /^(?:(now|end)\s*(?:-|$)|-)?\s*((?:\d{1,9}\s*(?:ms|[smhdw])\s*)*)$/i;

/** @param zone of times that are written without one. Null where the text is no bound. */
export function readTimeBound(text: string, now: number, zone: TimeZone): TimeBound | null {
  const trimmed = text.trim();
  const time = TIME.exec(trimmed);
  if (time !== null) return momentBound(time, zone);
  const distance = DISTANCE.exec(trimmed);
  if (distance === null) return null;
  const [, origin, amounts = ""] = distance;
  if (origin === undefined && amounts === "") return null;
  // A dash with nothing behind it.
  if (amounts === "" && trimmed.endsWith("-")) return null;
  const before = millisOf(amounts);
  if (!Number.isSafeInteger(before)) return null;
  const at = origin?.toLowerCase() === "end" ? -before : now - before;
  return { of: origin?.toLowerCase() === "end" ? "end" : "clock", from: at, to: at + 1 };
}

/** `1d12h` */
function millisOf(amounts: string): number {
  const units = { ...UNIT_MILLIS, w: 7 * UNIT_MILLIS.d };
  let sum = 0;
  for (const [, digits, unit] of amounts.toLowerCase().matchAll(/(\d+)\s*(ms|[smhdw])/g))
    sum += Number(digits) * units[unit as keyof typeof units];
  return sum;
}

function momentBound([, year, month, day, hour, minute, second, fraction, offset]: RegExpExecArray, zone: TimeZone): TimeBound | null {
  const parts = [Number(year), Number(month) - 1, Number(day ?? 1), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)] as const;
  const start = Date.UTC(...parts);
  const written = new Date(start);
  const isDate =
    written.getUTCFullYear() === parts[0] &&
    written.getUTCMonth() === parts[1] &&
    written.getUTCDate() === parts[2] &&
    parts[3] < 24 &&
    parts[4] < 60 &&
    parts[5] < 60;
  if (!isDate) return null;
  // Up to the milliseconds that times of events have.
  const millis = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, "0"));
  const moments = (shown: number): { readonly first: number; readonly last: number } => {
    if (offset === undefined) return momentsOf(shown, zone);
    const at = shown - offsetMillis(offset);
    return { first: at, last: at };
  };
  const end = endOf(start + millis, { month, day, hour, second, fraction });
  // Of an hour that the clocks show twice all is meant; its last millisecond is asked for, since its end may be shown twice as well.
  return { of: "clock", from: moments(start + millis).first, to: moments(end - 1).last + 1 };
}

/** The end of the month, day, minute, second or part of it that a time is written to. */
function endOf(
  start: number,
  { day, hour, second, fraction }: Readonly<Record<"month" | "day" | "hour" | "second" | "fraction", string | undefined>>,
): number {
  if (day === undefined) {
    const date = new Date(start);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
  if (hour === undefined) return start + UNIT_MILLIS.d;
  if (second === undefined) return start + UNIT_MILLIS.m;
  return start + (fraction === undefined ? UNIT_MILLIS.s : 10 ** Math.max(0, 3 - fraction.length));
}

function offsetMillis(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes ?? 0)) * UNIT_MILLIS.m;
}
