/** Regular expressions in Lucene's syntax: anchored to the whole value, all optional operators on. */
import type { RegexPattern, WildcardPart } from "../../eql/index.ts";

/** A text, so that it stands for itself. What query strings accept no backslash before is in a set of its own. */
export function escapeLucene(text: string): string {
  return text.replaceAll(/[.#@<>$]|[?+*|{}[\]()"\\&~^/]/g, (char) => (/[.#@<>$]/.test(char) ? `[${char}]` : `\\${char}`));
}

/** A pattern as an expression of the whole value. `insensitive`: every letter of ASCII as both its cases. */
export function luceneOfParts(parts: readonly WildcardPart[], insensitive: boolean): string {
  return parts
    .map((part) => {
      // `.` is any character, line breaks included.
      if (part.kind === "any") return ".*";
      if (part.kind === "one") return ".";
      return insensitive ? eachCase(part.text) : escapeLucene(part.text);
    })
    .join("");
}

function eachCase(text: string): string {
  let out = "";
  for (const char of text) {
    const lower = char.toLowerCase();
    const upper = char.toUpperCase();
    // Letters such as the sharp s have a case of several letters: these stay as they are.
    out += lower !== upper && lower.length === char.length && upper.length === char.length ? `[${lower}${upper}]` : escapeLucene(char);
  }
  return out;
}

/** The pattern in Lucene's syntax; null where that has no equal, or where finding it takes more than reading it over. */
export function luceneRegexOf(pattern: RegexPattern): { readonly source: string; readonly insensitive: boolean } | null {
  if (pattern.flavour === "lucene") return { source: pattern.source, insensitive: false };
  return ofPcre(pattern.source, pattern.flags);
}

/** Classes that both know under the same letter. */
const CLASSES = "dDwWsS";
const CONTROLS: { readonly [letter: string]: string | undefined } = { t: "\t", n: "\n", r: "\r", f: "\f" };

/**
 * An expression that is found anywhere becomes one of the whole: `.*` on the sides that are not tied to the text's ends. Only what
 * both syntaxes share is translated.
 */
function ofPcre(source: string, flags: string): { readonly source: string; readonly insensitive: boolean } | null {
  let insensitive = flags.includes("i");
  if (flags.includes("m")) return null;
  let dotAll = flags.includes("s");
  let text = source;
  const inline = /^\(\?([is]+)\)/.exec(text);
  if (inline !== null) {
    insensitive ||= inline[1]!.includes("i");
    dotAll ||= inline[1]!.includes("s");
    text = text.slice(inline[0].length);
  }
  let out = "";
  let depth = 0;
  let bars = false;
  let tiedStart = false;
  let tiedEnd = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    switch (char) {
      case "\\": {
        const next = text[++at];
        if (next === undefined) return null;
        if (CLASSES.includes(next)) out += `\\${next}`;
        else if (CONTROLS[next] !== undefined) out += CONTROLS[next];
        else if (/[A-Za-z0-9]/.test(next)) return null;
        else out += escapeLucene(next);
        break;
      }
      case "[": {
        const set = charSet(text, at);
        if (set === null) return null;
        out += set.source;
        at = set.end;
        break;
      }
      case "(":
        if (text[at + 1] === "?") {
          if (text[at + 2] !== ":") return null;
          at += 2;
        }
        depth++;
        out += "(";
        break;
      case ")":
        if (--depth < 0) return null;
        out += ")";
        break;
      case "|":
        if (depth === 0) bars = true;
        out += "|";
        break;
      case "^":
        // Elsewhere than at the ends it may or may not hold.
        if (at !== 0) return null;
        tiedStart = true;
        break;
      case "$":
        if (at !== text.length - 1) return null;
        tiedEnd = true;
        break;
      case ".":
        out += dotAll ? "." : "[^\n]";
        break;
      case "*":
      case "+":
      case "?":
      case "}": {
        out += char;
        // Lazy repeats find the same values as greedy ones; possessive ones do not.
        const next = text[at + 1];
        if (next === "+") return null;
        if (next === "?") at++;
        break;
      }
      case "{":
        if (!/^\{\d+(,\d*)?\}/.test(text.slice(at, at + 16))) return null;
        out += char;
        break;
      default:
        out += /[0-9A-Za-z,]/.test(char) ? char : escapeLucene(char);
    }
  }
  if (depth !== 0) return null;
  // `^a|b$` ties each alternative on one side only.
  if (bars && (tiedStart || tiedEnd)) return null;
  // `$` also matches before a last line break.
  const body = bars ? `(${out})` : out;
  return { source: `${tiedStart ? "" : ".*"}${body}${tiedEnd ? "\n?" : ".*"}`, insensitive };
}

function charSet(text: string, from: number): { readonly source: string; readonly end: number } | null {
  let at = from + 1;
  let out = "[";
  if (text[at] === "^") {
    out += "^";
    at++;
  }
  const start = at;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (char === "]" && at > start) return { source: `${out}]`, end: at };
    if (char === "[" || (char === "]" && at === start)) return null;
    if (char === "\\") {
      const next = text[++at];
      if (next === undefined) return null;
      if (CLASSES.includes(next)) out += `\\${next}`;
      else if (CONTROLS[next] !== undefined) out += CONTROLS[next];
      else if (/[A-Za-z0-9]/.test(next)) return null;
      else out += `\\${next}`;
    } else if (char === "-") out += at === start || text[at + 1] === "]" ? String.raw`\-` : "-";
    else out += char === "^" ? String.raw`\^` : char;
  }
  return null;
}

/** Every letter for both its cases; null where letters are part of an operator. */
export function anyCase(source: string): string | null {
  let out = "";
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    if (char === "\\") {
      const next = source[++at];
      if (next === undefined || /[A-Za-z]/.test(next)) {
        if (next === undefined || !"dDsSwW".includes(next)) return null;
      }
      out += `\\${next}`;
    } else if (char === "[") {
      const end = setEnd(source, at);
      if (end === null) return null;
      out += anyCaseSet(source.slice(at, end));
      at = end - 1;
    } else if (char === '"' || char === "<") return null;
    else out += /[A-Za-z]/.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : char;
  }
  return out;
}

function setEnd(source: string, from: number): number | null {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "]" && at > from + 1) return at + 1;
  }
  return null;
}

/** Ranges stay ranges; of each letter in the set, the other case is added. */
function anyCaseSet(set: string): string {
  const start = set[1] === "^" ? 2 : 1;
  const inside = set.slice(start, -1);
  let more = "";
  for (let at = 0; at < inside.length; at++) {
    const char = inside[at]!;
    if (char === "\\") {
      at++;
      continue;
    }
    if (inside[at + 1] === "-" && at + 2 < inside.length) {
      more += otherCases(char, inside[at + 2]!);
      at += 2;
    } else more += otherCases(char, char);
  }
  return `${set.slice(0, -1)}${more}]`;
}

/** Of a range of ASCII the letters within it in their other case. */
function otherCases(from: string, to: string): string {
  let more = "";
  for (let code = from.charCodeAt(0); code <= Math.min(to.charCodeAt(0), 127); code++) {
    const char = String.fromCharCode(code);
    if (/[a-z]/.test(char)) more += char.toUpperCase();
    else if (/[A-Z]/.test(char)) more += char.toLowerCase();
  }
  return more;
}
