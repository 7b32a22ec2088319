import type { WildcardPart } from "./tree.ts";

/** `*` and `?` of an EQL literal, which has no way to escape them, as parts. Adjacent `*` are one. */
export function parseWildcard(text: string): WildcardPart[] {
  const parts: WildcardPart[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "*") {
      flush();
      if (parts.at(-1)?.kind !== "any") parts.push({ kind: "any" });
    } else if (c === "?") {
      flush();
      parts.push({ kind: "one" });
    } else literal += c;
  }
  flush();
  return parts;
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
