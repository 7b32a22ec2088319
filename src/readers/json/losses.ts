import type { Json } from "../record.ts";

/** Something that the value of a JSON text does not hold as it was written. */
export interface JsonLoss {
  readonly code: "json/duplicate-key" | "json/number-too-large" | "json/lone-surrogate";
  readonly message: string;
}

/**
 * What was lost between a text and its value: of equal keys only the last remains, a number beyond the largest double is infinite,
 * and half of a surrogate pair is no character. Cheap where nothing was, which is nearly always.
 */
export function jsonLosses(text: string, value: Json): readonly JsonLoss[] {
  const seen: Seen = { keys: 0, infinite: false };
  visit(value, seen);
  const losses: JsonLoss[] = [];
  if (seen.keys !== countQuoteColons(text)) {
    const written = countKeys(text);
    if (written > seen.keys) {
      const many = written - seen.keys;
      const message =
        many === 1
          ? "A key occurs twice in one object: the last value counts"
          : `${many} keys occur again in one object: the last value counts`;
      losses.push({ code: "json/duplicate-key", message });
    }
  }
  if (seen.infinite)
    losses.push({
      code: "json/number-too-large",
      message: "A number is larger than any that can be computed with: it was read as infinite",
    });
  // Only an escape can stand for half a pair: bytes that do are no UTF-8, and are reported as such.
  if (text.includes("\\u") && (text.includes("\\ud") || text.includes("\\uD")) && hasLoneSurrogate(text)) {
    losses.push({ code: "json/lone-surrogate", message: "An escape stands for half of a surrogate pair, which is no character" });
  }
  return losses;
}

interface Seen {
  keys: number;
  infinite: boolean;
}

/** The depth is bounded: the value was parsed with a bound. */
function visit(value: Json, seen: Seen): void {
  if (typeof value === "number") {
    if (value === Infinity || value === -Infinity) seen.infinite = true;
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) visit(item, seen);
    return;
  }
  // An object of JSON has no keys but its own.
  for (const key in value) {
    seen.keys++;
    const member = value[key]!;
    if (typeof member === "object" || typeof member === "number") visit(member, seen);
  }
}

/** How often a quote is directly followed by a colon, outside an escape: the number of keys where nothing stands between the two. */
function countQuoteColons(text: string): number {
  let count = 0;
  // There are fewer colons than quotes.
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1))
    if (text.charCodeAt(at - 1) === 0x22 && (text.charCodeAt(at - 2) !== 0x5c || !isEscaped(text, at - 1))) count++;
  return count;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

/** The keys of a text that is JSON: every colon outside a string follows one. */
function countKeys(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x3a) count++;
    else if (c === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    }
  }
  return count;
}

const PAIR = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g;
const HALF = /\\u[dD][89a-fA-F][0-9a-fA-F]{2}/;

function hasLoneSurrogate(text: string): boolean {
  // A backslash that is escaped itself begins no escape.
  return HALF.test(text.replaceAll("\\\\", "").replaceAll(PAIR, ""));
}
