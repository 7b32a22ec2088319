/** Sigma's strings: wildcards, escapes and placeholders. */
import { parseWildcard, type WildcardPart } from "../eql/index.ts";

/** A part of a Sigma string; placeholders stand for the texts a user's table gives. */
export type TextPart = WildcardPart | { readonly kind: "placeholder"; readonly name: string };

const PIECES = /[*?]|\\([*?\\])|[^*?\\]+|\\/g;

/**
 * `*` and `?` are wildcards. A backslash takes the meaning from a `*`, `?` or backslash that follows; before anything else, and at the
 * end, it is itself.
 */
export function parseText(text: string): WildcardPart[] {
  return parseWildcard(text, PIECES);
}

/** A Sigma string that `parseText` reads as these parts. Backslashes are doubled where they stand beside one or before a wildcard. */
export function printText(parts: readonly WildcardPart[]): string {
  let out = "";
  parts.forEach((part, at) => {
    if (part.kind === "any") out += "*";
    else if (part.kind === "one") out += "?";
    else {
      const last = at === parts.length - 1;
      out += part.text.replaceAll(/\\+|[*?]/g, (found, offset: number) => {
        if (found === "*" || found === "?") return `\\${found}`;
        const next = part.text[offset + found.length];
        const alone = found.length === 1 && next !== "*" && next !== "?" && (next !== undefined || last);
        return alone ? found : found + found;
      });
    }
  });
  return out;
}

/** `%name%` in the literals become placeholders. */
export function withPlaceholders(parts: readonly WildcardPart[]): TextPart[] {
  const out: TextPart[] = [];
  for (const part of parts) {
    if (part.kind !== "literal") {
      out.push(part);
      continue;
    }
    let rest = part.text;
    for (;;) {
      const found = /%([\w.-]+)%/.exec(rest);
      if (found === null) break;
      if (found.index > 0) out.push({ kind: "literal", text: rest.slice(0, found.index) });
      out.push({ kind: "placeholder", name: found[1]! });
      rest = rest.slice(found.index + found[0].length);
    }
    if (rest !== "") out.push({ kind: "literal", text: rest });
  }
  return out;
}
