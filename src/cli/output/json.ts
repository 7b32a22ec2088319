import { jsonText } from "../../workbench/index.ts";
import type { Output } from "./output.ts";

/**
 * Writes a value as one JSON document, laid out as `jsonText(value, 2)` lays it out, piece by piece: the document may be longer than a
 * text can be. Iterables that are no arrays are written as arrays, an item at a time.
 */
export function writeJson(out: Output, value: unknown): void {
  for (const piece of jsonPieces(value, 2)) {
    if (out.end !== null) return;
    out.write(piece);
  }
  out.write("\n");
}

/** Writes a value as one line of JSON. */
export function writeJsonLine(out: Output, value: unknown): void {
  if (out.end !== null) return;
  for (const piece of jsonPieces(value, 0)) out.write(piece);
  out.write("\n");
}

/** Values nested deeper than this are turned into text whole, if that text is not too long to be one. */
const WALKED_DEPTH = 2;

/** The pieces of what `writeJson` (with an indent of 2) and `writeJsonLine` (with none) write. */
export function* jsonPieces(value: unknown, indent: number, depth = 0): Generator<string> {
  if (depth >= WALKED_DEPTH || indent === 0 || !isWalked(value)) {
    const whole = wholeText(value, indent, depth);
    if (whole !== null) {
      yield whole;
      return;
    }
  }
  if (typeof value === "string") yield* stringPieces(value);
  else yield* itemPieces(value as object, indent, depth);
}

function* itemPieces(value: object, indent: number, depth: number): Generator<string> {
  const inner = indent === 0 ? "" : `\n${" ".repeat(indent * (depth + 1))}`;
  const isList = Symbol.iterator in value;
  let count = 0;
  for (const [key, item] of isList ? numbered(value as Iterable<unknown>) : Object.entries(value)) {
    const absent = item === undefined || typeof item === "function" || typeof item === "symbol";
    if (absent && !isList) continue;
    yield `${count === 0 ? (isList ? "[" : "{") : ","}${inner}${isList ? "" : `${JSON.stringify(key)}:${indent === 0 ? "" : " "}`}`;
    yield* jsonPieces(absent ? null : item, indent, depth + 1);
    count++;
  }
  if (count === 0) yield isList ? "[]" : "{}";
  else yield `${indent === 0 ? "" : `\n${" ".repeat(indent * depth)}`}${isList ? "]" : "}"}`;
}

function* numbered(items: Iterable<unknown>): Generator<readonly [string, unknown]> {
  for (const item of items) yield ["", item];
}

function isWalked(value: unknown): boolean {
  return typeof value === "object" && value !== null && !("toJSON" in value);
}

/** The text of a value as it stands at a depth; null where it is too long to be one text. */
function wholeText(value: unknown, indent: number, depth: number): string | null {
  try {
    const text = jsonText(value, indent) ?? "null";
    return depth === 0 || indent === 0 ? text : text.replaceAll("\n", `\n${" ".repeat(indent * depth)}`);
  } catch (error) {
    if (error instanceof RangeError && (isWalked(value) || typeof value === "string")) return null;
    throw error;
  }
}

const STRING_UNITS = 1 << 20;

function* stringPieces(text: string): Generator<string> {
  yield '"';
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + STRING_UNITS, text.length);
    const last = text.charCodeAt(to - 1);
    // Each half of a surrogate pair alone would be written as an escape.
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to--;
    yield JSON.stringify(text.slice(from, to)).slice(1, -1);
    from = to;
  }
  yield '"';
}
