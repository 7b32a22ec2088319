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

/** The item with its texts as the modifiers make them; null where it compares otherwise than as text (`re`, `cidr`, `lt`). */
export function settled(item: DetectionItem): Selection | null {
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
  return applyChanges(readModifiers(item.modifiers, item.keySpan), parseText(String(value.value)), { placeholder, span }).flatMap(
    (parts) => {
      const written = writtenOut(parts);
      if (written === null)
        throw new SigmaError("sigma/pipeline-unsupported", "A pipeline cannot change a value with so many dashes", span.from);
      return written.map((one) => textValue(printText(one), span));
    },
  );
}

function hasPlaceholder({ value }: ScalarNode): boolean {
  return typeof value === "string" && withPlaceholders([{ kind: "literal", text: value }]).some(({ kind }) => kind === "placeholder");
}

export function textValue(text: string, span: Span): ScalarNode {
  return { kind: "scalar", span, value: text, source: text, textAt: null };
}

/** The values that conditions of a pipeline look at. */
export function valuesSeen(item: DetectionItem): readonly ScalarNode[] {
  const seen = settled(item);
  if (seen === null) return item.values;
  return seen.kind === "item" ? seen.values : seen.parts.flatMap((part) => (part.kind === "item" ? part.values : []));
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

/**
 * The text with every match replaced. Wildcards outside of the matches and in groups stay what they are; in the replacement's own text
 * `*` and `?` are wildcards where `special` is given.
 */
export function replaced(
  parts: readonly WildcardPart[],
  regex: RE2JS,
  replacement: readonly Piece[],
  special: boolean,
): readonly WildcardPart[] {
  const tagged = new TaggedText(parts);
  const out: WildcardPart[] = [];
  const matcher = regex.matcher(tagged.text);
  let at = 0;
  while (matcher.find()) {
    out.push(...tagged.slice(at, matcher.start()));
    for (const piece of replacement) {
      if ("text" in piece) out.push(...(special ? parseText(piece.text) : [{ kind: "literal" as const, text: piece.text }]));
      else {
        const start = matcher.start(piece.group);
        if (start >= 0) out.push(...tagged.slice(start, matcher.end(piece.group)));
      }
    }
    at = matcher.end();
  }
  return at === 0 && out.length === 0 ? parts : mergedParts([...out, ...tagged.slice(at, tagged.text.length)]);
}

/** A text as it is printed, which knows what each of its characters stands for. */
class TaggedText {
  readonly text: string;
  readonly #parts: WildcardPart[] = [];

  constructor(parts: readonly WildcardPart[]) {
    this.text = plainText(parts);
    for (const part of parts) {
      if (part.kind !== "literal") this.#parts.push(part);
      else
        for (const c of part.text.split("")) {
          if (c === "*" || c === "?") this.#parts.push({ kind: "literal", text: "" });
          this.#parts.push({ kind: "literal", text: c });
        }
    }
  }

  slice(from: number, to: number): readonly WildcardPart[] {
    return this.#parts.slice(from, to);
  }
}
