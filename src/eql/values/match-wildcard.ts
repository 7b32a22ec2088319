import { foldCase } from "./case.ts";
import type { WildcardPart } from "../syntax/tree.ts";

/** How a wildcard is tested, cheapest first. */
export type WildcardShape = "any" | "equals" | "starts" | "ends" | "contains" | "general";

/** A wildcard made ready. With `insensitive` the value must come folded (`foldCase`). */
export interface WildcardTest {
  readonly shape: WildcardShape;
  /** The longest literal, folded where `insensitive`; "" where there is none. Every match contains it. */
  readonly literal: string;
  /** All of them, folded in the same way. */
  readonly literals: readonly string[];
  readonly insensitive: boolean;
  readonly test: (value: string) => boolean;
}

/** A literal, or a number of `?`. */
type Piece = string | number;

/** `*` any run, `?` one code point. Linear in the value; no RegExp. */
export function prepareWildcard(parts: readonly WildcardPart[], insensitive: boolean): WildcardTest {
  const segments: Piece[][] = [[]];
  for (const part of parts) {
    const last = segments.at(-1)!;
    if (part.kind === "any") segments.push([]);
    else if (part.kind === "literal") {
      const text = insensitive ? foldCase(part.text) : part.text;
      if (typeof last.at(-1) === "string") last[last.length - 1] = `${last.at(-1)}${text}`;
      else if (text !== "") last.push(text);
    } else if (typeof last.at(-1) === "number") last[last.length - 1] = (last.at(-1) as number) + 1;
    else last.push(1);
  }
  const literals = segments.flat().filter((piece) => typeof piece === "string");
  const literal = literals.reduce((best, piece) => (piece.length > best.length ? piece : best), "");
  const make = (shape: WildcardShape, test: (value: string) => boolean): WildcardTest => ({ shape, literal, literals, insensitive, test });
  if (segments.length === 1) {
    const only = segments[0]!;
    if (only.length === 0) return make("equals", (value) => value === "");
    if (only.length === 1 && typeof only[0] === "string") {
      const text = only[0];
      return make("equals", (value) => value === text);
    }
    return make("general", (value) => matchAt(value, 0, only) === value.length);
  }
  const inner = segments.slice(1, -1).filter((segment) => segment.length > 0);
  const first = segments[0]!;
  const last = segments.at(-1)!;
  if (segments.flat().every((piece) => typeof piece === "string"))
    return literalWildcard(
      (first[0] ?? "") as string,
      inner.map((s) => s[0] as string),
      (last[0] ?? "") as string,
      make,
    );
  return make("general", (value) => matchSegments(value, first, inner, last));
}

function literalWildcard(
  prefix: string,
  inner: readonly string[],
  suffix: string,
  make: (shape: WildcardShape, test: (value: string) => boolean) => WildcardTest,
): WildcardTest {
  if (inner.length === 0) {
    if (prefix === "" && suffix === "") return make("any", () => true);
    if (suffix === "") return make("starts", (value) => value.startsWith(prefix));
    if (prefix === "") return make("ends", (value) => value.endsWith(suffix));
    const shortest = prefix.length + suffix.length;
    return make("general", (value) => value.length >= shortest && value.startsWith(prefix) && value.endsWith(suffix));
  }
  if (inner.length === 1 && prefix === "" && suffix === "") {
    const text = inner[0]!;
    return make("contains", (value) => value.includes(text));
  }
  const shortest = prefix.length + suffix.length + inner.reduce((sum, text) => sum + text.length, 0);
  return make("general", (value) => {
    if (value.length < shortest || !value.startsWith(prefix) || !value.endsWith(suffix)) return false;
    let at = prefix.length;
    for (let i = 0; i < inner.length; i++) {
      const found = value.indexOf(inner[i]!, at);
      if (found < 0) return false;
      at = found + inner[i]!.length;
    }
    return at <= value.length - suffix.length;
  });
}

/** The earliest place of each segment is enough: whatever a later place allows, the earliest allows too. */
function matchSegments(value: string, first: readonly Piece[], inner: readonly (readonly Piece[])[], last: readonly Piece[]): boolean {
  let at = matchAt(value, 0, first);
  if (at < 0) return false;
  for (let i = 0; i < inner.length; i++) {
    at = find(value, at, inner[i]!);
    if (at < 0) return false;
  }
  const start = startOfEnd(value, last);
  return start >= at && matchAt(value, start, last) === value.length;
}

/** The end of the segment at `at`, -1 where it does not match. */
function matchAt(value: string, at: number, segment: readonly Piece[]): number {
  for (let i = 0; i < segment.length; i++) {
    const piece = segment[i]!;
    if (typeof piece === "string") {
      if (!value.startsWith(piece, at)) return -1;
      at += piece.length;
    } else {
      for (let n = 0; n < piece; n++) {
        if (at >= value.length) return -1;
        at += isPair(value, at) ? 2 : 1;
      }
    }
  }
  return at;
}

function find(value: string, from: number, segment: readonly Piece[]): number {
  const head = segment[0]!;
  for (let at = from; at <= value.length; at++) {
    if (typeof head === "string") {
      at = value.indexOf(head, at);
      if (at < 0) return -1;
    } else if (at > from && isPair(value, at - 1)) continue;
    const end = matchAt(value, at, segment);
    if (end >= 0) return end;
  }
  return -1;
}

/** Where the last segment must begin so that it ends with the value; -1 where the value is too short. */
function startOfEnd(value: string, segment: readonly Piece[]): number {
  let at = value.length;
  for (let i = segment.length - 1; i >= 0; i--) {
    const piece = segment[i]!;
    if (typeof piece === "string") at -= piece.length;
    else for (let n = 0; n < piece; n++) at -= at >= 2 && isPair(value, at - 2) ? 2 : 1;
    if (at < 0) return -1;
  }
  return at;
}

/** A surrogate pair at `at`: one code point of two units. */
function isPair(value: string, at: number): boolean {
  const high = value.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = value.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
