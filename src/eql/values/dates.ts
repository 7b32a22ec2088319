/**
 * Dates as Elasticsearch's `strict_date_optional_time||epoch_millis` reads them, and date math. Instants are nanoseconds since
 * 1970 in UTC, as bigint.
 */
import { UNIT_MILLIS } from "./duration.ts";

/** The instants a text may mean: `2020` is every instant of that year, `2020-01-01T00:00:00.000Z` just one. */
export interface DateRange {
  readonly from: bigint;
  /** Inclusive. */
  readonly to: bigint;
}

const MS = 1_000_000n;

/**
 * `2020-01-31T10:00:00.123456789Z`, any part from the right left out, an offset (`+01:00`, `+0100`, `+01`) at the end; a blank
 * may stand for the `T`, as Sysmon writes. Only digits (other than four): epoch milliseconds. Null for anything else.
 */
export function parseDate(text: string): DateRange | null {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
    text,
  );
  if (match === null) return parseEpoch(text);
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const from = instant(Number(year), Number(month ?? 1), Number(day ?? 1), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0));
  if (from === null) return null;
  const offset = zone === undefined ? 0n : zoneOffset(zone);
  if (offset === null) return null;
  const start = from - offset + BigInt((fraction ?? "").padEnd(9, "0"));
  if (fraction !== undefined) return { from: start, to: start };
  const unit: DateUnit =
    second !== undefined
      ? "s"
      : minute !== undefined
        ? "m"
        : hour !== undefined
          ? "h"
          : day !== undefined
            ? "d"
            : month !== undefined
              ? "M"
              : "y";
  return { from: start, to: addUnits(from, 1, unit) - offset - 1n };
}

function parseEpoch(text: string): DateRange | null {
  if (!/^-?\d{1,17}$/.test(text)) return null;
  const at = BigInt(text) * MS;
  return { from: at, to: at };
}

/** Epoch nanoseconds of a value of a date field: a text, or a number of milliseconds. Undefined where it is no date. */
export function instantOf(value: unknown): bigint | undefined {
  if (typeof value === "string") return parseDate(value)?.from;
  if (typeof value === "bigint") return value * MS;
  if (typeof value === "number" && Number.isFinite(value)) return BigInt(Math.round(value * 1000)) * 1000n;
  return undefined;
}

/**
 * A date with date math: `now-1d/d`, `2020-01-01||+1M/d`. Units y M w d h H m s. `now` is epoch milliseconds; without it a text
 * with `now` is null. Rounding makes a range: the whole unit.
 */
export function parseDateMath(text: string, now: number | undefined): DateRange | null {
  let at: bigint;
  let rest: string;
  if (text.startsWith("now")) {
    if (now === undefined) return null;
    at = BigInt(Math.trunc(now)) * MS;
    rest = text.slice(3);
  } else {
    const bars = text.indexOf("||");
    if (bars < 0) return parseDate(text);
    const anchor = parseDate(text.slice(0, bars));
    if (anchor === null) return null;
    at = anchor.from;
    rest = text.slice(bars + 2);
  }
  let to = at;
  let i = 0;
  while (i < rest.length) {
    const step = /^(?:([+-])(\d{0,6})|(\/))([yMwdhHms])/.exec(rest.slice(i, i + 10));
    if (step === null) return null;
    const unit = (step[4] === "H" ? "h" : step[4]) as DateUnit;
    if (step[3] === undefined) {
      at = addUnits(at, Number(step[2] === "" ? 1 : step[2]) * (step[1] === "-" ? -1 : 1), unit);
      to = at;
    } else {
      at = roundDown(at, unit);
      to = addUnits(at, 1, unit) - 1n;
    }
    i += step[0].length;
  }
  return { from: at, to };
}

type DateUnit = "y" | "M" | "w" | "d" | "h" | "m" | "s";

/** Nanoseconds. */
const LENGTH = {
  w: 7n * BigInt(UNIT_MILLIS.d) * MS,
  d: BigInt(UNIT_MILLIS.d) * MS,
  h: BigInt(UNIT_MILLIS.h) * MS,
  m: BigInt(UNIT_MILLIS.m) * MS,
  s: BigInt(UNIT_MILLIS.s) * MS,
} as const;

function addUnits(at: bigint, count: number, unit: DateUnit): bigint {
  if (unit !== "y" && unit !== "M") return at + BigInt(count) * LENGTH[unit];
  const { date, rest } = calendar(at);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (unit === "y" ? 12 : 1);
  const year = Math.floor(months / 12);
  const month = months - year * 12;
  // The 31st plus one month is the last day of a shorter month.
  const day = Math.min(date.getUTCDate(), daysIn(year, month + 1));
  const moved = new Date(date);
  moved.setUTCFullYear(year, month, day);
  return Number.isFinite(moved.getTime()) ? BigInt(moved.getTime()) * MS + rest : at;
}

function roundDown(at: bigint, unit: DateUnit): bigint {
  if (unit === "y" || unit === "M") {
    const { date } = calendar(at);
    const start = new Date(0);
    start.setUTCFullYear(date.getUTCFullYear(), unit === "y" ? 0 : date.getUTCMonth(), 1);
    return BigInt(start.getTime()) * MS;
  }
  const length = LENGTH[unit];
  // Weeks begin on Monday; 1970-01-05 was one.
  const shift = unit === "w" ? 4n * LENGTH.d : 0n;
  const moved = at - shift;
  const over = ((moved % length) + length) % length;
  return at - over;
}

function calendar(at: bigint): { readonly date: Date; readonly rest: bigint } {
  const rest = ((at % MS) + MS) % MS;
  return { date: new Date(Number((at - rest) / MS)), rest };
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function instant(year: number, month: number, day: number, hour: number, minute: number, second: number): bigint | null {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return BigInt(date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000) * MS;
}

function zoneOffset(zone: string): bigint | null {
  if (zone === "Z") return 0n;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 18 || minutes > 59) return null;
  return BigInt((zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes)) * 60n * LENGTH.s;
}

/** `2020-01-31T10:00:00.123Z`, with microseconds or nanoseconds where there are any. */
export function formatInstant(at: bigint): string {
  const { date, rest } = calendar(at);
  if (!Number.isFinite(date.getTime())) return String(at);
  const iso = date.toISOString();
  return rest === 0n
    ? iso
    : `${iso.slice(0, -1)}${String(rest)
        .padStart(6, "0")
        .replace(/(?:000)$/, "")}Z`;
}
