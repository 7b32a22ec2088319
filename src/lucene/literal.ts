/** Names and values as they are written -> what they mean. */
import { mergedParts, type WildcardPart } from "../eql/index.ts";

/** What is wrong with a backslash: its offset in the text. */
export interface BadEscape {
  readonly at: number;
}

export interface Unescaped {
  readonly parts: readonly WildcardPart[];
  readonly bad: BadEscape | null;
}

/** @param wildcards whether `*` and `?` without a backslash stand for other characters */
export function unescape(text: string, wildcards: boolean): Unescaped {
  const parts: WildcardPart[] = [];
  let literal = "";
  let bad: BadEscape | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\") {
      const code = text[at + 1] === "u" ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6)) : null;
      if (at + 1 >= text.length || (text[at + 1] === "u" && code === null)) bad ??= { at };
      literal += code === null ? (text[at + 1] ?? "") : String.fromCharCode(Number.parseInt(code[0], 16));
      at += code === null ? 1 : 5;
    } else if (wildcards && (char === "*" || char === "?")) {
      parts.push({ kind: "literal", text: literal }, { kind: char === "*" ? "any" : "one" });
      literal = "";
    } else literal += char;
  }
  parts.push({ kind: "literal", text: literal });
  return { parts: mergedParts(parts), bad };
}

/** Everything that has a meaning of its own. */
const SPECIAL = /[\s\u3000+\-!():^[\]"{}~*?\\/&|]/g;

/** With a backslash before everything that has a meaning of its own. */
export function escape(text: string): string {
  return text.replaceAll(SPECIAL, String.raw`\$&`);
}

export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
