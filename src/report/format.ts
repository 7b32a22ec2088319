/** Numbers, sizes, durations and times as every face writes them, and how a long text is cut. */
import { clockTime, readInstant, UTC, type TimeZone } from "../workbench/index.ts";

/** `12,345` */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** `1 alert`, `12,345 alerts` */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A share from 0 to 1 of what was counted, rounded: `66.7 %`. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A score from 0 to 1, rounded down: it claims no more than was reached, and 100.0 % is all. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** Bytes in decimal units: `999 B`, `1.5 kB`, `12 MB`. */
export function byteText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Seconds as `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A short time in milliseconds: `0.42 ms`, `12 ms`, `1.5 s`. */
export function millisText(millis: number): string {
  if (millis >= 1000) return `${(millis / 1000).toFixed(1)} s`;
  return `${millis >= 10 ? Math.round(millis) : millis.toFixed(2)} ms`;
}

/** `2026-03-04 09:15:00.123` by the clocks of the zone; a text that is no time stays as it is, and null is written as `no time`. */
export function timeText(time: string | null, zone: TimeZone = UTC): string {
  if (time === null) return "(no time)";
  const match = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,3})?)?/.exec(time);
  const at = { millis: 0, nanos: 0 };
  // Milliseconds since 1970 are a time, too; a shorter number is a year.
  if ((match === null && !/^\d{9,16}$/.test(time)) || !readInstant(time, at)) return time;
  const shown = clockTime(at.millis, zone);
  // As many parts of a second as the text has.
  return shown === null ? time : shown.replace("T", " ").slice(0, 19 + (match === null ? 4 : (match[2]?.length ?? 0)));
}

/** The time of an event in milliseconds since 1970; beyond what a date can be it stays a number. */
export function clockText(ms: number, zone: TimeZone = UTC): string {
  return clockTime(ms, zone)?.replace("T", " ") ?? String(ms);
}

/** `A to B`, or `A` alone where both are the same. */
export function spanText(first: string | null, last: string | null, zone: TimeZone = UTC): string {
  return first === last ? timeText(first, zone) : `${timeText(first, zone)} to ${timeText(last, zone)}`;
}

/** A text within a bound. `note` is empty where nothing was cut. */
export interface Cut {
  readonly shown: string;
  readonly note: string;
}

/** The first `max` characters, never half of a surrogate pair, and a note of how many there were. */
export function cutText(text: string, max: number): Cut {
  if (text.length <= max) return { shown: text, note: "" };
  const end = /[\uD800-\uDBFF]/.test(text[max - 1] ?? "") ? max - 1 : max;
  return { shown: text.slice(0, end), note: ` … (cut: the first ${count(end)} of ${count(text.length)} characters)` };
}

/** The same as one text. */
export function cut(text: string, max: number): string {
  const { shown, note } = cutText(text, max);
  return `${shown}${note}`;
}

/** The items joined with commas; beyond `max` the rest is counted. */
export function listText(items: readonly string[], max: number): string {
  const more = items.length - max;
  return `${items.slice(0, max).join(", ")}${more > 0 ? ` and ${count(more)} more` : ""}`;
}
