/** What the modifiers after a field's name ask for, checked for what goes together. */
import { literalText, mergedParts, suggestion, type Span } from "../../eql/index.ts";
import { base64, base64Offsets, utf16, utf8 } from "./bytes.ts";
import { SigmaError } from "../problem.ts";
import { withPlaceholders, type TextPart } from "../text.ts";
import type { WildcardPart } from "../../eql/index.ts";

/** A text while modifiers work on it. `dash` is any of the characters that Windows' programs take for a dash before a flag. */
export type ValuePart = TextPart | { readonly kind: "dash" };

/** How the field is compared in the end. */
export type Comparison = "text" | "re" | "cidr" | "exists" | "fieldref" | "lt" | "lte" | "gt" | "gte";
export type TimePart = "minute" | "hour" | "day" | "week" | "month" | "year";

export interface Modifiers {
  readonly comparison: Comparison;
  /** Texts are changed by these, in the order they were written. */
  readonly changes: readonly Change[];
  /** For `fieldref`: how the one field must lie in the other. */
  readonly position: "equals" | "contains" | "startswith" | "endswith";
  readonly all: boolean;
  readonly cased: boolean;
  readonly negated: boolean;
  readonly timePart: TimePart | null;
  /** Letters out of `i`, `m`, `s`. */
  readonly regexFlags: string;
  readonly names: readonly string[];
}

type Change = (parts: readonly ValuePart[], context: ChangeContext) => readonly (readonly ValuePart[])[];

export interface ChangeContext {
  /** Of `%name%`: the texts it stands for; undefined where the user's table has none. */
  readonly placeholder: (name: string) => readonly (readonly WildcardPart[])[] | undefined;
  /** Where the value stands. */
  readonly span: Span;
}

const MAX_EXPANSIONS = 10_000;
const DASHES = ["-", "/", "\u2013", "\u2014", "\u2015"] as const;
/** Up to this many dashes are written out as patterns (5 to the power of it); more become a regular expression. */
export const MAX_DASHES_WRITTEN_OUT = 2;

const TEXT_CHANGES = {
  contains: (parts) => [surrounded(parts, true, true)],
  startswith: (parts) => [surrounded(parts, false, true)],
  endswith: (parts) => [surrounded(parts, true, false)],
  windash: (parts) => [parts.flatMap(dashed)],
  wide: (parts, context) => [bytesAsText(utf16(plain(parts, "wide", context), false))],
  utf16le: (parts, context) => [bytesAsText(utf16(plain(parts, "utf16le", context), false))],
  utf16be: (parts, context) => [bytesAsText(utf16(plain(parts, "utf16be", context), true))],
  utf16: (parts, context) => [bytesAsText([0xff, 0xfe, ...utf16(plain(parts, "utf16", context), false)])],
  expand: (parts, context) => expanded(parts, context),
} as const satisfies Readonly<Record<string, Change>>;

const ENCODINGS: ReadonlySet<string> = new Set(["wide", "utf16", "utf16le", "utf16be"]);
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  re: "re",
  cidr: "cidr",
  exists: "exists",
  fieldref: "fieldref",
  lt: "lt",
  lte: "lte",
  gt: "gt",
  gte: "gte",
};
const TIME_PARTS: ReadonlySet<string> = new Set(["minute", "hour", "day", "week", "month", "year"]);
const REGEX_FLAGS: Readonly<Record<string, string>> = { i: "i", ignorecase: "i", m: "m", multiline: "m", s: "s", dotall: "s" };

/** All there are, for the message about one that is unknown. */
export const MODIFIER_NAMES: readonly string[] = [
  ...Object.keys(TEXT_CHANGES),
  "base64",
  "base64offset",
  ...Object.keys(COMPARISONS),
  "all",
  "cased",
  "neq",
  ...TIME_PARTS,
  "i",
  "m",
  "s",
];

/** @param span of the key. */
export function readModifiers(names: readonly string[], span: Span): Modifiers {
  let comparison: Comparison = "text";
  const changes: Change[] = [];
  let position: Modifiers["position"] = "equals";
  let all = false;
  let cased = false;
  let negated = false;
  let timePart: TimePart | null = null;
  let regexFlags = "";
  let encoded = false;
  for (const name of names) {
    const found = own(COMPARISONS, name);
    if (found !== undefined) {
      if (comparison !== "text") throw clash(names, span);
      comparison = found;
    } else if (name === "contains" || name === "startswith" || name === "endswith") {
      position = name;
      changes.push(TEXT_CHANGES[name]);
    } else if (Object.hasOwn(TEXT_CHANGES, name)) {
      if (ENCODINGS.has(name)) encoded = true;
      changes.push(TEXT_CHANGES[name as keyof typeof TEXT_CHANGES]);
    } else if (name === "base64" || name === "base64offset") {
      const fromText = !encoded;
      changes.push((parts, context) => {
        const text = plain(parts, name, context);
        const bytes = fromText ? utf8(text) : Array.from(text, (c) => c.charCodeAt(0));
        return (name === "base64" ? [base64(bytes)] : base64Offsets(bytes)).map((out) => [{ kind: "literal", text: out }]);
      });
      encoded = false;
    } else if (name === "all") all = true;
    else if (name === "cased") cased = true;
    else if (name === "neq") negated = true;
    else if (TIME_PARTS.has(name)) timePart = name as TimePart;
    else if (comparison === "re" && Object.hasOwn(REGEX_FLAGS, name)) {
      if (!regexFlags.includes(REGEX_FLAGS[name]!)) regexFlags += REGEX_FLAGS[name]!;
    } else {
      throw new SigmaError(
        "sigma/unknown-modifier",
        `There is no modifier \`${name}\``,
        span.from,
        `${didYouMean(name)}Sigma has ${MODIFIER_NAMES.join(", ")}.`,
      );
    }
  }
  const changesText = changes.length > 0 && !(changes.length === 1 && changes[0] === TEXT_CHANGES.expand);
  if (comparison !== "text" && comparison !== "fieldref" && changesText) throw clash(names, span);
  if (
    comparison === "fieldref" &&
    names.some((name) => !["fieldref", "contains", "startswith", "endswith", "cased", "neq", "all"].includes(name))
  )
    throw clash(names, span);
  if (timePart !== null && (changes.length > 0 || ["re", "cidr", "exists", "fieldref"].includes(comparison))) throw clash(names, span);
  return { comparison, changes, position, all, cased, negated, timePart, regexFlags, names };
}

function clash(names: readonly string[], span: Span): SigmaError {
  return new SigmaError("sigma/modifiers-clash", `The modifiers \`${names.join("|")}\` do not go together`, span.from);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The changes applied to a value, one after the other; each may make several out of one. */
export function applyChanges(
  modifiers: Modifiers,
  parts: readonly WildcardPart[],
  context: ChangeContext,
): readonly (readonly ValuePart[])[] {
  let values: readonly (readonly ValuePart[])[] = [parts];
  for (const change of modifiers.changes) {
    values = values.flatMap((value) => change(value, context));
    if (values.length > MAX_EXPANSIONS)
      throw new SigmaError("sigma/too-many-values", `The value stands for more than ${MAX_EXPANSIONS} texts`, context.span.from);
  }
  return values;
}

function surrounded(parts: readonly ValuePart[], before: boolean, after: boolean): readonly ValuePart[] {
  const out = [...parts];
  if (before && out[0]?.kind !== "any") out.unshift({ kind: "any" });
  if (after && (out.at(-1)?.kind !== "any" || out.length === 0)) out.push({ kind: "any" });
  return out;
}

/** A `-` or `/` that begins a word and follows none. */
function dashed(part: ValuePart): ValuePart[] {
  if (part.kind !== "literal") return [part];
  const out: ValuePart[] = [];
  let from = 0;
  const { text } = part;
  for (let i = 0; i < text.length; i++) {
    if ((text[i] !== "-" && text[i] !== "/") || (i > 0 && isWord(text[i - 1]!)) || i + 1 >= text.length || !isWord(text[i + 1]!)) continue;
    if (i > from) out.push({ kind: "literal", text: text.slice(from, i) });
    out.push({ kind: "dash" });
    from = i + 1;
  }
  if (from < text.length) out.push({ kind: "literal", text: text.slice(from) });
  return out;
}

function isWord(c: string): boolean {
  return /[\p{L}\p{N}_]/u.test(c);
}

function plain(parts: readonly ValuePart[], modifier: string, context: ChangeContext): string {
  const text = parts.every((part) => part.kind === "literal") ? literalText(mergedParts(parts)) : null;
  if (text === null) {
    throw new SigmaError(
      "sigma/wildcard-encoded",
      `\`${modifier}\` cannot encode a text with wildcards or placeholders`,
      context.span.from,
      "Write the characters themselves (`\\*`, `\\?`), or put `contains` after it.",
    );
  }
  return text;
}

function bytesAsText(bytes: readonly number[]): ValuePart[] {
  return [{ kind: "literal", text: bytes.map((byte) => String.fromCharCode(byte)).join("") }];
}

function expanded(parts: readonly ValuePart[], context: ChangeContext): readonly (readonly ValuePart[])[] {
  let out: ValuePart[][] = [[]];
  for (const part of parts) {
    const pieces: readonly ValuePart[] = part.kind === "literal" ? withPlaceholders([part]) : [part];
    for (const piece of pieces) {
      if (piece.kind !== "placeholder") {
        for (const value of out) value.push(piece);
        continue;
      }
      const texts = context.placeholder(piece.name);
      if (texts === undefined) {
        throw new SigmaError(
          "sigma/unresolved-placeholder",
          `Nothing says what \`%${piece.name}%\` stands for`,
          context.span.from,
          "Give its values when loading the rules: on the command line, `--placeholders FILE` of `name: [text, ...]`.",
        );
      }
      if (out.length * texts.length > MAX_EXPANSIONS) {
        throw new SigmaError("sigma/too-many-values", `The placeholders stand for more than ${MAX_EXPANSIONS} texts`, context.span.from);
      }
      out = out.flatMap((value) => texts.map((text) => [...value, ...text]));
    }
  }
  return out;
}

/** A value with its dashes as wildcards written out; null where that would be too many. */
export function writtenOut(parts: readonly ValuePart[]): readonly (readonly WildcardPart[])[] | null {
  const dashes = parts.filter((part) => part.kind === "dash").length;
  if (dashes > MAX_DASHES_WRITTEN_OUT) return null;
  let out: WildcardPart[][] = [[]];
  for (const part of parts) {
    if (part.kind === "dash") out = out.flatMap((value) => DASHES.map((dash) => [...value, { kind: "literal" as const, text: dash }]));
    else if (part.kind !== "placeholder") for (const value of out) value.push(part);
  }
  return out.map(mergedParts);
}

/** The same as a regular expression over the whole value. */
export function asRegex(parts: readonly ValuePart[]): string {
  let out = "\\A";
  for (const part of parts) {
    if (part.kind === "any") out += ".*";
    else if (part.kind === "one") out += ".";
    else if (part.kind === "dash") out += `[\\-/${DASHES.slice(2).join("")}]`;
    else if (part.kind === "literal") out += escapeRegex(part.text);
  }
  return `${out}\\z`;
}

export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/#\s-]/g, (c) => (/\s/.test(c) ? `\\x{${c.codePointAt(0)!.toString(16)}}` : `\\${c}`));
}

function didYouMean(name: string): string {
  const one = suggestion(name, MODIFIER_NAMES);
  return one === null ? "" : `${one} `;
}
