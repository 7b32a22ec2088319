/** What the wildcard patterns of a condition are, where a target has a simpler way to write them. */
import { literalText, type WildcardPart } from "../eql/index.ts";

export type Parts = readonly WildcardPart[];

/** `*`: every value matches. */
export function isAnything(parts: Parts): boolean {
  return parts.length > 0 && parts.every((part) => part.kind === "any");
}

/** What stands at the ends of a pattern that is otherwise plain text. */
export interface Shape {
  readonly shape: "equals" | "contains" | "startswith" | "endswith";
  readonly text: string;
}

/** Null for a pattern with a wildcard in its midst. */
export function shapeOf(parts: Parts): Shape | null {
  const plain = literalText(parts);
  if (plain !== null) return { shape: "equals", text: plain };
  const text = parts.find((part) => part.kind === "literal")?.text ?? "";
  switch (parts.map((part) => part.kind).join(" ")) {
    case "any literal any":
      return { shape: "contains", text };
    case "literal any":
      return { shape: "startswith", text };
    case "any literal":
      return { shape: "endswith", text };
    default:
      return null;
  }
}

/** The pattern with the target's own wildcards. */
export function wildcardOf(parts: Parts, any: string, one: string, literal: (text: string) => string): string {
  return parts.map((part) => (part.kind === "any" ? any : part.kind === "one" ? one : literal(part.text))).join("");
}

/** `*`, `?`, and a backslash before each that is meant literally, as Elasticsearch reads them. */
export function elasticWildcard(parts: Parts): string {
  return wildcardOf(parts, "*", "?", (text) => text.replaceAll(/[\\*?]/g, String.raw`\$&`));
}

/** Lower case as the engine folds it, and as databases do: character by character, Unicode's simple mapping. */
export function lowerCase(text: string): string {
  return [...text].map((char) => (char === "\u0130" ? "i" : char.toLowerCase())).join("");
}

/** Whether a text has letters of two cases outside ASCII: many targets ignore the case of ASCII's letters only. */
export function hasCaseBeyondAscii(text: string): boolean {
  for (const char of text) if (char > "\u007f" && char.toLowerCase() !== char.toUpperCase()) return true;
  return false;
}

/** Whether case matters to a pattern. */
export function hasLetters(parts: Parts): boolean {
  return parts.some((part) => part.kind === "literal" && /\p{L}/u.test(part.text));
}
