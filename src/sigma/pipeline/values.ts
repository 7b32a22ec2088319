/** The values of a detection item as pySigma's transformations see them: after the modifiers, as texts in which `*` and `?` are wildcards. */
import { RE2JS } from "re2js";
import { mergedParts, type Span, type WildcardPart } from "../../eql/index.ts";
import { applyChanges, readModifiers, writtenOut } from "../load/modifiers.ts";
import type { DetectionItem, Selection } from "../load/selection.ts";
import type { ScalarNode } from "../load/yaml-node.ts";
import { SigmaError } from "../problem.ts";
import { parseText, printText, withPlaceholders } from "../text.ts";

/** Modifiers that say how values are compared or joined, and leave them as they are. */
const KEPT: ReadonlySet<string> = new Set(["all", "cased", "neq"]);

/**
 * The item with its texts as the modifiers make them; null where it compares otherwise than as text (`re`, `cidr`, `lt`), and under
 * `windash` and `base64offset`, whose values stand for several texts: for pySigma those are none.
 */
export function settled(item: DetectionItem): Selection | null {
  if (item.modifiers.includes("windash") || item.modifiers.includes("base64offset")) return null;
  const modifiers = readModifiers(item.modifiers, item.keySpan);
  if (modifiers.comparison !== "text" || modifiers.timePart !== null) return null;
  if (modifiers.changes.length === 0) return item;
  const alternatives = item.values.map((value) => alternativesOf(item, value));
  const open = alternatives.flat().some((value) => item.modifiers.includes("expand") && hasPlaceholder(value));
  const kept = item.modifiers.filter((name) => KEPT.has(name) || (open && name === "expand"));
  if (!modifiers.all || alternatives.every((values) => values.length === 1))
    return { ...item, modifiers: kept, values: alternatives.flat() };
  // Each value must match, each in any of its forms.
  const single = kept.filter((name) => name !== "all");
  return { kind: "all", parts: alternatives.map((values) => ({ ...item, modifiers: single, values })), span: item.span };
}

function alternativesOf(item: DetectionItem, value: ScalarNode): ScalarNode[] {
  const { span } = value;
  if (value.value === null) throw new SigmaError("sigma/bad-value", "A modifier cannot change null", span.from);
  const placeholder = (name: string): WildcardPart[][] =>
    item.placeholders?.get(name)?.map(parseText) ?? [[{ kind: "literal", text: `%${name}%` }]];
  // Without `windash` there are no dashes that could not be written out.
  return applyChanges(readModifiers(item.modifiers, item.keySpan), parseText(String(value.value)), { placeholder, span }).flatMap((parts) =>
    writtenOut(parts)!.map((one) => textValue(printText(one), span)),
  );
}

function hasPlaceholder({ value }: ScalarNode): boolean {
  return typeof value === "string" && withPlaceholders([{ kind: "literal", text: value }]).some(({ kind }) => kind === "placeholder");
}

export function textValue(text: string, span: Span): ScalarNode {
  return { kind: "scalar", span, value: text, source: text, textAt: null };
}

/**
 * The values that conditions of a pipeline look at, texts after the modifiers; undefined for what is neither text, number, true, false nor null
 * (regular expressions, blocks of addresses, what stands for several texts).
 */
export function valuesSeen(item: DetectionItem): readonly (ScalarNode["value"] | undefined)[] {
  const seen = settled(item);
  if (seen === null) return item.values.map(() => undefined);
  const items = seen.kind === "item" ? [seen] : seen.parts.flatMap((part) => (part.kind === "item" ? [part] : []));
  return items.flatMap(({ values }) => values.map(({ value }) => value));
}

/** As pySigma prints a text: wildcards as `*` and `?`, the characters themselves with a backslash before them, backslashes single. */
export function plainText(parts: readonly WildcardPart[]): string {
  return parts.map((part) => (part.kind === "literal" ? part.text.replaceAll(/[*?]/g, "\\$&") : part.kind === "any" ? "*" : "?")).join("");
}

// --------------------------------------------------------------------------------------------------- expressions

/** A regular expression of Python's, linear in the text. Throws a `SigmaError` where RE2 does not have it. */
export function regexAt(source: string, at: number): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new SigmaError(
      "sigma/pipeline-unsupported",
      `The regular expression cannot be read: ${error.message.split("\n")[0]!}`,
      at,
      "Look-around and references back are not supported.",
    );
  }
}

/** Whether the text begins with what the expression asks for: Python's `match`. */
export function beginsWith(regex: RE2JS, text: string): boolean {
  return regex.matcher(text).lookingAt();
}

type Piece = { readonly text: string } | { readonly group: number | string };

/** A replacement as Python's `re.sub` reads it: `\1`, `\g<1>`, `\g<name>`, `\n`. */
export function replacementOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const [piece, number, group, escape] of text.matchAll(/\\(\d{1,2})|\\g<([^<>]+)>|\\([\\nrt])|[^\\]+|\\/g)) {
    if (number !== undefined) pieces.push({ group: Number(number) });
    else if (group !== undefined) pieces.push({ group: /^\d+$/.test(group) ? Number(group) : group });
    else if (escape !== undefined) pieces.push({ text: { "\\": "\\", n: "\n", r: "\r", t: "\t" }[escape]! });
    else pieces.push({ text: piece });
  }
  return pieces;
}

/** The text with every match replaced, and whether there was one. */
function substituted(
  text: string,
  regex: RE2JS,
  replacement: readonly Piece[],
  kept: (from: number, to: number) => void,
  put: (text: string) => void,
): boolean {
  const matcher = regex.matcher(text);
  let at = 0;
  let isChanged = false;
  while (matcher.find()) {
    isChanged = true;
    kept(at, matcher.start());
    put(replacement.map((piece) => ("text" in piece ? piece.text : (matcher.group(piece.group) ?? ""))).join(""));
    at = matcher.end();
  }
  kept(at, text.length);
  return isChanged;
}

/**
 * Every match in the text as it is printed, replaced; the same parts where there is none. What was not matched stays what it is; what
 * replaces a match is read as a text of Sigma, in which a backslash is itself unless `*` or `?` follows.
 */
export function replaced(parts: readonly WildcardPart[], regex: RE2JS, replacement: readonly Piece[]): readonly WildcardPart[] {
  const printed = new PrintedText(parts);
  const out: WildcardPart[] = [];
  const isChanged = substituted(
    printed.text,
    regex,
    replacement,
    (from, to) => void out.push(...printed.slice(from, to)),
    (text) => void out.push(...parseText(text.replaceAll(/\\(?![*?])/g, "\\\\"))),
  );
  return isChanged ? mergedParts(out) : parts;
}

/** Every match between wildcards replaced. `special`: `*` and `?` in the result are wildcards. */
export function replacedBetween(
  parts: readonly WildcardPart[],
  regex: RE2JS,
  replacement: readonly Piece[],
  special: boolean,
): readonly WildcardPart[] {
  return mergedParts(
    parts.flatMap((part): readonly WildcardPart[] => {
      if (part.kind !== "literal") return [part];
      let text = "";
      const isChanged = substituted(
        part.text,
        regex,
        replacement,
        (from, to) => void (text += part.text.slice(from, to)),
        (put) => void (text += put),
      );
      return !isChanged ? [part] : special ? parseText(text) : [{ kind: "literal", text }];
    }),
  );
}

/** A text as it is printed, which knows what each of its characters stands for. */
class PrintedText {
  readonly text: string;
  /** null is the backslash before a `*` or `?` that is no wildcard. */
  readonly #characters: (WildcardPart | null)[] = [];

  constructor(parts: readonly WildcardPart[]) {
    this.text = plainText(parts);
    for (const part of parts) {
      if (part.kind !== "literal") this.#characters.push(part);
      else
        for (const c of part.text.split("")) {
          if (c === "*" || c === "?") this.#characters.push(null);
          this.#characters.push({ kind: "literal", text: c });
        }
    }
  }

  slice(from: number, to: number): readonly WildcardPart[] {
    const out = this.#characters.slice(from, to).filter((character) => character !== null);
    // Its backslash was replaced.
    if (from > 0 && from < to && this.#characters[from - 1] === null) out[0] = { kind: this.text[from] === "*" ? "any" : "one" };
    return out;
  }
}
