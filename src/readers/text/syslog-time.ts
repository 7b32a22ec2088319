/** The times of syslog lines. Those of RFC 3164 have neither a year nor a zone. */

/** What says which year the lines of a file are of. */
export interface YearHint {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** How much later a line may be. */
  readonly toleranceMs: number;
  readonly from: "name" | "modified";
}

const DAY = 86_400_000;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** `auth.log-20260308`, `messages.2026-03-08`: as log rotation and collectors name files. */
const DATED = /(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/;

/**
 * A date in the file's own name comes first: rotation puts the last day there, others the first of up to a month. Else when the file was last
 * written: no line is later than that (a day more, since lines are of an unknown zone).
 * @param modified in milliseconds since 1970; null where it is not known
 */
export function yearHint(file: string, modified: number | null): YearHint | null {
  const dated = DATED.exec(file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"), file.lastIndexOf("!")) + 1));
  if (dated !== null) {
    const at = Date.UTC(Number(dated[1]), Number(dated[3]) - 1, Number(dated[4]));
    return { at, toleranceMs: 32 * DAY, from: "name" };
  }
  return modified === null ? null : { at: modified, toleranceMs: DAY, from: "modified" };
}

/** 1 to 12; 0 for what is no month. */
export function monthOf(name: string): number {
  const at = MONTHS.indexOf(name);
  return at < 0 || at % 3 !== 0 ? 0 : at / 3 + 1;
}

/** `2024-02-29`; null where the year has no such day. */
export function dateIn(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  if (month === 0 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** The date in the latest year in which it is not after the hint; null where there is none within eight years, as for a 30th of February. */
export function dateBefore({ at, toleranceMs }: YearHint, month: number, day: number): string | null {
  const latest = at + toleranceMs;
  const last = new Date(latest).getUTCFullYear();
  for (let year = last; year > last - 9; year--) {
    const date = dateIn(year, month, day);
    if (date !== null && Date.UTC(year, month - 1, day) <= latest) return date;
  }
  return null;
}
