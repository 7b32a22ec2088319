import { casedCodePoints } from "../values/case.ts";

/** A set of code points as ascending, disjoint, inclusive ranges: `[from, to, from, to, ...]`. */
export type CharSet = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;
export const ANY: CharSet = [0, MAX_CODE_POINT];
export const DIGIT: CharSet = [48, 57];
export const WORD: CharSet = [48, 57, 65, 90, 95, 95, 97, 122];
/** Perl's `\s`: tab, line feed, vertical tab, form feed, carriage return, blank. */
export const SPACE: CharSet = [9, 13, 32, 32];
/** Lucene's `\s`: tab, line feed, carriage return, blank. */
export const LUCENE_SPACE: CharSet = [9, 10, 13, 13, 32, 32];
export const NEWLINE: CharSet = [10, 10];

/** Any ranges, in any order, made a set. */
export function charSet(ranges: readonly (readonly [number, number])[]): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const set: number[] = [];
  for (const [from, to] of sorted) {
    const end = set.at(-1);
    if (end !== undefined && from <= end + 1) set[set.length - 1] = Math.max(end, to);
    else set.push(from, to);
  }
  return set;
}

export function union(...sets: readonly CharSet[]): CharSet {
  return charSet(sets.flatMap(pairs));
}

export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > from) out.push(from, set[i]! - 1);
    from = set[i + 1]! + 1;
  }
  if (from <= MAX_CODE_POINT) out.push(from, MAX_CODE_POINT);
  return out;
}

export function has(set: CharSet, code: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (code < set[i]!) return false;
    if (code <= set[i + 1]!) return true;
  }
  return false;
}

/** The set with every other case of its members added. */
export function anyCase(set: CharSet): CharSet {
  const cased = casedCodePoints();
  const forms: [number, number][] = pairs(set);
  for (let i = 0; i < cased.length; i += 2) if (has(set, cased[i]!)) forms.push([cased[i + 1]!, cased[i + 1]!]);
  const lower = charSet(forms);
  for (let i = 0; i < cased.length; i += 2) if (has(lower, cased[i + 1]!)) forms.push([cased[i]!, cased[i]!]);
  return charSet(forms);
}

function pairs(set: CharSet): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) out.push([set[i]!, set[i + 1]!]);
  return out;
}
