/**
 * Where an event stands in the order of events: its timestamp to the nanosecond, its tiebreaker, and its place in the input.
 *
 * A point in time is two numbers, so that nanoseconds since 1970 survive (they need 61 bits) and the hot path needs no bigint.
 */

/** Whole milliseconds since 1970 and the nanoseconds (0..999,999) within that millisecond. */
export interface Instant {
  millis: number;
  nanos: number;
}

const MAX_MILLIS = 8.64e15;

/** -1, 0 or 1. */
export function compareTimes(aMillis: number, aNanos: number, bMillis: number, bNanos: number): number {
  if (aMillis !== bMillis) return aMillis < bMillis ? -1 : 1;
  return aNanos === bNanos ? 0 : aNanos < bNanos ? -1 : 1;
}

/** True when `to - from > span` (milliseconds): the comparison of `maxspan`, where equal passes. */
export function exceeds(fromMillis: number, fromNanos: number, toMillis: number, toNanos: number, span: number): boolean {
  const difference = toMillis - fromMillis;
  return difference > span || (difference === span && toNanos > fromNanos);
}

function setMillis(value: number, out: Instant): boolean {
  const millis = Math.floor(value);
  if (!(Math.abs(millis) <= MAX_MILLIS)) return false;
  out.millis = millis;
  out.nanos = Math.min(999_999, Math.round((value - millis) * 1_000_000));
  return true;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads `count` digits at `at`; -1 where they are not all digits. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Reads a timestamp as Elasticsearch's date fields do by default (`strict_date_optional_time||epoch_millis`) and as `date_nanos`
 * does: a number or bigint of epoch milliseconds, a string of them, or ISO 8601 with up to nine digits of fraction and an offset
 * (none is UTC). A blank instead of `T` is taken too. An array counts by its first value. False, and `out` untouched or
 * meaningless, where it is none of these.
 */
export function readInstant(value: unknown, out: Instant): boolean {
  if (typeof value === "string") return readText(value, out);
  if (typeof value === "number") return setMillis(value, out);
  if (typeof value === "bigint") return setMillis(Number(value), out);
  if (Array.isArray(value)) return !Array.isArray(value[0]) && readInstant(value[0], out);
  return false;
}

function readText(text: string, out: Instant): boolean {
  const year = digits(text, 0, 4);
  if (year < 0 || (text.length > 4 && text.charCodeAt(4) !== 45)) return readEpoch(text, out);
  let month = 1;
  let day = 1;
  let at = 4;
  if (text.charCodeAt(at) === 45) {
    month = digits(text, at + 1, 2);
    at += 3;
    if (text.charCodeAt(at) === 45) {
      day = digits(text, at + 1, 2);
      at += 3;
    }
  }
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month < 1 || month > 12 || day < 1 || day > (month === 2 && leap ? 29 : MONTH_DAYS[month - 1]!)) return false;
  let hour = 0;
  let minute = 0;
  let second = 0;
  let nanos = 0;
  const separator = text.charCodeAt(at);
  if (separator === 84 || separator === 32 || separator === 116) {
    hour = digits(text, at + 1, 2);
    at += 3;
    if (text.charCodeAt(at) === 58) {
      minute = digits(text, at + 1, 2);
      at += 3;
      if (text.charCodeAt(at) === 58) {
        second = digits(text, at + 1, 2);
        at += 3;
        const point = text.charCodeAt(at);
        if (point === 46 || point === 44) {
          let scale = 100_000_000;
          const start = ++at;
          for (; at < text.length; at++) {
            const digit = text.charCodeAt(at) - 48;
            if (!(digit >= 0 && digit <= 9)) break;
            nanos += digit * scale;
            scale = Math.floor(scale / 10);
          }
          if (at === start || at - start > 9) return false;
        }
      }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  }
  let offset = 0;
  if (at < text.length) {
    const zone = text.charCodeAt(at);
    if ((zone === 90 || zone === 122) && at + 1 === text.length) offset = 0;
    else if (zone === 43 || zone === 45) {
      const hours = digits(text, at + 1, 2);
      at += 3;
      if (text.charCodeAt(at) === 58) at++;
      const minutes = at === text.length ? 0 : digits(text, at, 2);
      if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || (at !== text.length && at + 2 !== text.length)) return false;
      offset = (zone === 43 ? 1 : -1) * (hours * 60 + minutes);
    } else return false;
  }
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; four centuries further it does not, and the calendar repeats.
  const days = Date.UTC(year + 400, month - 1, day) - 12_622_780_800_000;
  const submillis = nanos % 1_000_000;
  out.millis = days + ((hour * 60 + minute - offset) * 60 + second) * 1000 + (nanos - submillis) / 1_000_000;
  out.nanos = submillis;
  return true;
}

function readEpoch(text: string, out: Instant): boolean {
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  const start = at;
  let points = 0;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 46 && points === 0 && at > start) points = 1;
    else if (!(c >= 48 && c <= 57)) return false;
  }
  return at > start && at <= 32 && setMillis(Number(text), out);
}

/** `2024-01-02T03:04:05.678Z`, with nine digits of fraction where there are nanoseconds. */
export function printInstant(at: Instant): string {
  const text = new Date(at.millis).toISOString();
  return at.nanos === 0 ? text : `${text.slice(0, -1)}${String(at.nanos).padStart(6, "0")}Z`;
}

/** Numbers and bigints by value, then everything else as text by code unit; null (no tiebreaker) sorts last, as in Elasticsearch. */
export function compareTiebreakers(a: unknown, b: unknown): number {
  const x = Array.isArray(a) ? a[0] : a;
  const y = Array.isArray(b) ? b[0] : b;
  if (x === y) return 0;
  const noX = x === null || x === undefined;
  const noY = y === null || y === undefined;
  if (noX || noY) return noX && noY ? 0 : noX ? 1 : -1;
  const numberX = typeof x === "number" || typeof x === "bigint";
  const numberY = typeof y === "number" || typeof y === "bigint";
  if (numberX && numberY) return x < y ? -1 : x > y ? 1 : 0;
  if (numberX !== numberY) return numberX ? -1 : 1;
  const textX = String(x);
  const textY = String(y);
  return textX < textY ? -1 : textX > textY ? 1 : 0;
}
