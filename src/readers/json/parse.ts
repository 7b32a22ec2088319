import type { Json, JsonObject } from "../record.ts";

/** Why a text is not JSON, and where. */
export class JsonFault {
  readonly code: string;
  /** A clause without subject or place: `a string is not closed`. */
  readonly reason: string;
  /** UTF-16 offset in the text. */
  readonly offset: number;

  constructor(code: string, reason: string, offset: number) {
    this.code = code;
    this.reason = reason;
    this.offset = offset;
  }
}

/**
 * One JSON text to its value. Integers that a double cannot hold become bigint, nesting is bounded (callers may walk the value
 * recursively), a `__proto__` key is an own property like any other, and of equal keys the last wins.
 */
export function parseJson(text: string, maxDepth: number): Json | JsonFault {
  // Making the engine's error costs as much as parsing kilobytes: a file of short broken lines must not be slow.
  if (text.length < SHORT) {
    const fault = explain(text);
    if (fault !== null) return fault;
  }
  const openings = countOpenings(text, maxDepth);
  if (openings > maxDepth) {
    const tooDeep = findDepth(text, maxDepth);
    if (tooDeep >= 0) return new JsonFault("json/too-deep", `nesting deeper than ${maxDepth} levels`, tooDeep);
  }
  const big = findBigInteger(text, 0);
  try {
    return big < 0 ? (JSON.parse(text) as Json) : parseWithBigIntegers(text, big, openings);
  } catch {
    return explain(text) ?? new JsonFault("json/syntax", "the text is no JSON", 0);
  }
}

const SHORT = 32;

/** How often `{` and `[` occur, strings included; gives up above `limit`. Never less than the depth, and nearly always cheap. */
function countOpenings(text: string, limit: number): number {
  let count = 0;
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at + 1)) if (++count > limit) return count;
  for (let at = text.indexOf("["); at >= 0; at = text.indexOf("[", at + 1)) if (++count > limit) return count;
  return count;
}

/** Where the nesting goes beyond `maxDepth`, or -1. */
function findDepth(text: string, maxDepth: number): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      for (i++; i < text.length; i++) {
        const s = text.charCodeAt(i);
        if (s === 0x5c) i++;
        else if (s === 0x22) break;
      }
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) return i;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return -1;
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const MAX_SAFE = "9007199254740991";
/** Turning digits into a bigint takes more than linear time: beyond this many they stay a number. */
const MAX_DIGITS = 100;

/**
 * Where an integer beyond 2^53 - 1 begins (its first digit), at or after `from`, or -1. Sixteen digits in a row cover every
 * sixteenth position, so only those are looked at. May point into a string that looks the part.
 */
function findBigInteger(text: string, from: number): number {
  const length = text.length;
  for (let at = from + 15; at < length; at += 16) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > from && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < length && isDigit(text.charCodeAt(end))) end++;
    const digits = end - start;
    if (digits < 16) continue;
    if (digits <= MAX_DIGITS && isNumberAlone(text, start, end) && (digits > 16 || text.slice(start, end) > MAX_SAFE)) return start;
    at = end - 1;
  }
  return -1;
}

/** Not the fraction or exponent of a float, not a part of a word: something that may end a value stands on both sides. */
function isNumberAlone(text: string, start: number, end: number): boolean {
  const sign = text.charCodeAt(start - 1) === 0x2d ? 1 : 0;
  const before = start - sign <= 0 ? 0x20 : text.charCodeAt(start - sign - 1);
  const after = end >= text.length ? 0x20 : text.charCodeAt(end);
  return (
    (before === 0x3a || before === 0x2c || before === 0x5b || before <= 0x20) &&
    (after === 0x2c || after === 0x7d || after === 0x5d || after <= 0x20)
  );
}

function parseWithBigIntegers(text: string, first: number, openings: number): Json {
  // A flat object, the usual case (`"Keywords":-9214364837600034816` in NXLog's JSON): only the keys in question are replaced.
  if (openings === 1) {
    const value = JSON.parse(text) as Json;
    if (typeof value === "object" && value !== null && !Array.isArray(value) && replaceInFlat(text, first, value)) return value;
  }
  return JSON.parse(text, reviveBigInteger) as Json;
}

function replaceInFlat(text: string, first: number, object: JsonObject): boolean {
  for (let start = first; start >= 0;) {
    let end = start;
    while (isDigit(text.charCodeAt(end))) end++;
    const begin = text.charCodeAt(start - 1) === 0x2d ? start - 1 : start;
    const colon = text.charCodeAt(begin - 1) === 0x3a ? begin - 1 : begin - 2;
    if (text.charCodeAt(colon) !== 0x3a || text.charCodeAt(colon - 1) !== 0x22) return false;
    const open = text.lastIndexOf('"', colon - 2);
    const key = text.slice(open + 1, colon - 1);
    if (open < 0 || key.includes("\\") || key === "__proto__" || !Object.hasOwn(object, key)) return false;
    const digits = text.slice(begin, end);
    const now = object[key];
    if (typeof now === "bigint" || now === Number(digits)) object[key] = BigInt(digits);
    // Of two equal keys the later one may hold something else; anything odd takes the exact path.
    else return false;
    start = findBigInteger(text, end);
  }
  return true;
}

/** The source text of a primitive is the third argument (JSON.parse source text access: Node 22, current browsers). */
function reviveBigInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && source.length <= MAX_DIGITS && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** What is wrong with a text, null where nothing is; the engine's own messages differ and quote the input. */
function explain(text: string): JsonFault | null {
  const bad = (reason: string, offset: number, code = "json/syntax"): JsonFault => new JsonFault(code, reason, offset);
  const closers: number[] = [];
  // What may come next: v = a value, V = a value or ], k = a key or }, K = a key, c = a colon, e = a comma or the closing bracket.
  let expect = "v" as "v" | "V" | "k" | "K" | "c" | "e";
  let i = 0;
  for (;;) {
    while (i < text.length && " \t\r\n".includes(text[i]!)) i++;
    if (i >= text.length) break;
    const c = text[i]!;
    if (expect === "e") {
      if (closers.length === 0) return bad("text after the end of the value", i, "json/more-text");
      if (c === ",") expect = closers.at(-1) === 0x7d ? "K" : "v";
      else if (c.charCodeAt(0) === closers.at(-1)) closers.pop();
      else return bad(`${show(c)} where a comma or ${closers.at(-1) === 0x7d ? "}" : "]"} is expected`, i);
      i++;
      continue;
    }
    if (expect === "c") {
      if (c !== ":") return bad(`${show(c)} where a colon is expected`, i);
      expect = "v";
      i++;
      continue;
    }
    if ((expect === "k" && c === "}") || (expect === "V" && c === "]")) {
      closers.pop();
      expect = "e";
      i++;
      continue;
    }
    if (c === '"') {
      const start = i;
      for (i++; i < text.length && text[i] !== '"'; i++) {
        const code = text.charCodeAt(i);
        if (code < 0x20) return bad(`a control character (${hex(code)}) in a string`, i, "json/control-character");
        if (code !== 0x5c) continue;
        const escape = text[++i];
        if (escape === undefined) break;
        if (escape === "u" ? !/^[0-9a-fA-F]{4}$/.test(text.slice(i + 1, i + 5)) : !'"\\/bfnrt'.includes(escape)) {
          return bad("an unknown escape in a string", i - 1);
        }
      }
      if (i >= text.length) return bad("a string is not closed", start, "json/truncated");
      i++;
      expect = expect === "k" || expect === "K" ? "c" : "e";
      continue;
    }
    if (expect === "k" || expect === "K") return bad(`${show(c)} where a key in double quotes is expected`, i);
    if (c === "{" || c === "[") {
      closers.push(c === "{" ? 0x7d : 0x5d);
      expect = c === "{" ? "k" : "V";
      i++;
      continue;
    }
    const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
    scalar.lastIndex = i;
    const match = scalar.exec(text);
    if (match === null) return bad(`${show(c)} where a value is expected`, i);
    i += match[0].length;
    expect = "e";
  }
  return expect === "e" && closers.length === 0 ? null : bad("the text ends inside a value", text.length, "json/truncated");
}

const hex = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
const show = (c: string): string => (/^[!-~]$/.test(c) ? `"${c}"` : hex(c.codePointAt(0)!));

/** The text with raw control characters inside strings escaped, as sloppy exporters fail to do. */
export function escapeControlCharacters(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) inString = !inString;
    else if (c === 0x5c && inString) i++;
    else if (c < 0x20 && inString) {
      parts.push(text.slice(from, i), `\\u${c.toString(16).padStart(4, "0")}`);
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.join("");
}

/** Sets an own property, also for the key `__proto__`, which a plain assignment would take for the prototype. */
export function setOwn(object: JsonObject, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
