import type { WildcardPart } from "./tree.ts";

/** A wildcard, or a run of other characters: EQL's literals have no escapes. */
const UNESCAPED = /[*?]|[^*?]+/g;

/**
 * `*` and `?` of a text as parts, adjacent `*` as one.
 * @param pieces how a language with escapes divides the text (global, linear): each piece is a wildcard or literal text, and an escaped
 *   character is the expression's group 1
 */
export function parseWildcard(text: string, pieces: RegExp = UNESCAPED): WildcardPart[] {
  return mergedParts(
    Array.from(text.matchAll(pieces), ([piece, escaped]) =>
      piece === "*" ? { kind: "any" } : piece === "?" ? { kind: "one" } : { kind: "literal", text: escaped ?? piece },
    ),
  );
}

/** The EQL literal of the parts; null when a literal part holds `*` or `?`, which EQL cannot say. */
export function wildcardText(parts: readonly WildcardPart[]): string | null {
  let text = "";
  for (const part of parts) {
    if (part.kind === "any") text += "*";
    else if (part.kind === "one") text += "?";
    else if (/[*?]/.test(part.text)) return null;
    else text += part.text;
  }
  return text;
}

/** The one text that the parts stand for; null where they hold a wildcard and stand for many. */
export function literalText(parts: readonly WildcardPart[]): string | null {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "literal") return null;
    text += part.text;
  }
  return text;
}

/** Adjacent literals and adjacent `*` as one, without empty literals. */
export function mergedParts(parts: readonly WildcardPart[]): WildcardPart[] {
  const out: WildcardPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind === "literal") {
      if (part.text === "") continue;
      if (last?.kind === "literal") out[out.length - 1] = { kind: "literal", text: last.text + part.text };
      else out.push(part);
    } else if (part.kind !== "any" || last?.kind !== "any") out.push(part);
  }
  return out;
}
