/** Functions of dates. */
import { UNIT_MILLIS } from "../../eql/index.ts";
import { EsqlDate, textOf, toDate, type EsqlScalar, type EsqlValue } from "../value.ts";
import { scalar, type EsqlFunction } from "./function.ts";

/** A length of time as an argument: months are not of one length. */
export class Timespan {
  readonly months: number;
  readonly ms: number;

  constructor(months: number, ms: number) {
    this.months = months;
    this.ms = ms;
  }

  /** A date moved by the timespan; the 31st plus a month is the last day of a shorter one. */
  addTo(date: EsqlDate, sign: 1 | -1): EsqlDate {
    if (this.months === 0) return new EsqlDate(date.ms + sign * this.ms);
    const moved = new Date(date.ms);
    const day = moved.getUTCDate();
    moved.setUTCDate(1);
    moved.setUTCMonth(moved.getUTCMonth() + sign * this.months);
    const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
    moved.setUTCDate(Math.min(day, last));
    return new EsqlDate(moved.getTime() + sign * this.ms);
  }

  /** The beginning of the span that a date lies in; spans of weeks begin on a Monday. */
  startOf(date: EsqlDate): EsqlDate {
    if (this.months > 0) {
      const at = new Date(date.ms);
      const month = Math.floor((at.getUTCFullYear() * 12 + at.getUTCMonth()) / this.months) * this.months;
      const start = new Date(0);
      start.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
      return new EsqlDate(start.getTime());
    }
    const shift = this.ms % WEEK === 0 ? MONDAY : 0;
    return new EsqlDate(Math.floor((date.ms - shift) / this.ms) * this.ms + shift);
  }
}

const WEEK = 7 * UNIT_MILLIS.d;
/** 1970-01-05 */
const MONDAY = 4 * UNIT_MILLIS.d;
const UNITS: ReadonlyMap<string, number> = new Map([
  ["microsecond", 0.001],
  ["microseconds", 0.001],
  ["millisecond", 1],
  ["milliseconds", 1],
  ["ms", 1],
  ["second", UNIT_MILLIS.s],
  ["seconds", UNIT_MILLIS.s],
  ["ss", UNIT_MILLIS.s],
  ["s", UNIT_MILLIS.s],
  ["minute", UNIT_MILLIS.m],
  ["minutes", UNIT_MILLIS.m],
  ["mi", UNIT_MILLIS.m],
  ["n", UNIT_MILLIS.m],
  ["hour", UNIT_MILLIS.h],
  ["hours", UNIT_MILLIS.h],
  ["hh", UNIT_MILLIS.h],
  ["day", UNIT_MILLIS.d],
  ["days", UNIT_MILLIS.d],
  ["dd", UNIT_MILLIS.d],
  ["d", UNIT_MILLIS.d],
  ["week", WEEK],
  ["weeks", WEEK],
  ["ww", WEEK],
]);

const MONTHS: ReadonlyMap<string, number> = new Map([
  ["month", 1],
  ["months", 1],
  ["mm", 1],
  ["m", 1],
  ["quarter", 3],
  ["quarters", 3],
  ["qq", 3],
  ["year", 12],
  ["years", 12],
  ["yyyy", 12],
  ["yy", 12],
]);

const PARTS: ReadonlyMap<string, (date: Date) => number> = new Map([
  ["year", (date: Date) => date.getUTCFullYear()],
  ["month_of_year", (date: Date) => date.getUTCMonth() + 1],
  ["day_of_month", (date: Date) => date.getUTCDate()],
  ["day_of_week", (date: Date) => ((date.getUTCDay() + 6) % 7) + 1],
  ["hour_of_day", (date: Date) => date.getUTCHours()],
  ["minute_of_hour", (date: Date) => date.getUTCMinutes()],
  ["second_of_minute", (date: Date) => date.getUTCSeconds()],
]);

const dateOf = (value: EsqlValue): EsqlDate | null => toDate(value) ?? null;

export const DATE_FUNCTIONS: readonly EsqlFunction[] = [
  { name: "now", arity: [0, 0], type: "date", doc: "The present time.", run: (_, { now }) => new EsqlDate(now) },
  {
    name: "date_trunc",
    arity: [2, 2],
    type: "date",
    doc: "The beginning of the span of time that a date lies in.",
    run: ([span, value]) => trunc(value!, span),
  },
  {
    name: "bucket",
    arity: [2, 2],
    type: (types) => types[0] ?? "unknown",
    doc: "The beginning of the span of time, or of numbers, that a value lies in.",
    run: ([value, span]) => {
      if ((span as unknown) instanceof Timespan) return trunc(value!, span);
      return typeof value === "number" && typeof span === "number" && span > 0 ? Math.floor(value / span) * span : null;
    },
  },
  {
    name: "date_diff",
    arity: [3, 3],
    type: "integer",
    doc: "How many whole units lie between two dates.",
    run: scalar(([unit, from, to], { warn }) => {
      const [a, b] = [dateOf(from!), dateOf(to!)];
      const name = textOf(unit as EsqlScalar).toLowerCase();
      if (a === null || b === null) return null;
      const ms = UNITS.get(name);
      if (ms !== undefined) return Math.trunc((b.ms - a.ms) / ms);
      const months = MONTHS.get(name);
      if (months !== undefined) return Math.trunc(monthsBetween(a.ms, b.ms) / months);
      warn(`\`${name}\` is no unit of time`);
      return null;
    }),
  },
  {
    name: "date_extract",
    arity: [2, 2],
    type: "integer",
    doc: "A part of a date: year, month_of_year, day_of_month, day_of_week, hour_of_day, minute_of_hour, second_of_minute.",
    run: scalar(([part, value], { warn }) => {
      const date = dateOf(value!);
      const read = PARTS.get(textOf(part as EsqlScalar).toLowerCase());
      if (read === undefined) warn(`\`${textOf(part as EsqlScalar)}\` is no part of a date that is read`);
      return date === null || read === undefined ? null : read(new Date(date.ms));
    }),
  },
  {
    name: "date_format",
    arity: [1, 2],
    type: "text",
    doc: "A date as a text, by a pattern of `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss`, `SSS`; ISO 8601 without one.",
    run: scalar(([first, second]) => {
      const date = dateOf(second ?? first!);
      if (date === null) return null;
      const iso = new Date(date.ms).toISOString();
      if (second === undefined) return iso;
      const pieces: Readonly<Record<string, string>> = {
        yyyy: iso.slice(0, 4),
        MM: iso.slice(5, 7),
        dd: iso.slice(8, 10),
        HH: iso.slice(11, 13),
        mm: iso.slice(14, 16),
        ss: iso.slice(17, 19),
        SSS: iso.slice(20, 23),
      };
      return textOf(first as EsqlScalar).replaceAll(
        /yyyy|MM|dd|HH|mm|ss|SSS|'([^']*)'/g,
        (piece, quoted?: string) => quoted ?? pieces[piece] ?? piece,
      );
    }),
  },
  {
    name: "date_parse",
    arity: [1, 2],
    type: "date",
    doc: "A text in ISO 8601 as a date.",
    run: scalar(([first, second]) => dateOf(second ?? first!)),
  },
];

function trunc(value: EsqlValue, span: unknown): EsqlValue {
  const date = dateOf(value);
  return date === null || !(span instanceof Timespan) || (span.ms <= 0 && span.months <= 0) ? null : span.startOf(date);
}

function monthsBetween(from: number, to: number): number {
  const [a, b] = [new Date(from), new Date(to)];
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  const moved = new Timespan(Math.abs(months), 0).addTo(new EsqlDate(from), months < 0 ? -1 : 1).ms;
  return months > 0 && moved > to ? months - 1 : months < 0 && moved < to ? months + 1 : months;
}
