/** Patterns as regular expressions of the Perl family (RE2, PCRE, Java, Python), of the subset that all of them share. */
import type { RegexPattern, Unsupported, WildcardPart } from "../../eql/index.ts";
import { CONTROL, isPlainText } from "../plain-text.ts";
import { UNSUPPORTED } from "../unsupported.ts";
import { commonPcre, PCRE_SPECIAL, pcreLiteral, type Pcre } from "./pcre-subset.ts";

/** A text, so that it stands for itself. */
export function escapePcre(text: string): string {
  return [...text].map((char) => pcreLiteral(char, PCRE_SPECIAL)).join("");
}

/**
 * A wildcard as an expression that is found in a text when the pattern is the whole of it. Ends of `*` need no anchor, so the result
 * is the short form people write: `\\net\.exe$`. The target's dot must match line breaks (flag `s`) where `needsDotAll` says so.
 */
export function pcreOfParts(parts: readonly WildcardPart[]): string {
  if (parts.length === 0) return "^$";
  const open = parts[0]!.kind === "any";
  const closed = parts.at(-1)!.kind === "any";
  const inner = parts.slice(open ? 1 : 0, closed && parts.length > 1 ? -1 : undefined);
  const body = inner.map((part) => (part.kind === "any" ? ".*" : part.kind === "one" ? "." : escapePcre(part.text))).join("");
  return `${open ? "" : "^"}${body}${closed ? "" : "$"}`;
}

/** As `pcreOfParts`, with the flags that it needs. */
export function pcreOfWildcard(parts: readonly WildcardPart[], insensitive: boolean): Pcre {
  return { source: pcreOfParts(parts), flags: `${insensitive ? "i" : ""}${needsDotAll(parts) ? "s" : ""}` };
}

/** The expression with its flags within it: `(?is)a.b`. */
export function inlineFlags({ source, flags }: Pcre): string {
  return flags === "" ? source : `(?${flags})${source}`;
}

/** Between slashes, which end it and so are escaped within. */
export function slashed(source: string): string {
  return `/${source.replaceAll(/(?<!\\)((?:\\\\)*)\//g, String.raw`$1\/`)}/`;
}

/** Whether a pattern has a `*` or `?` between literals, which must match line breaks too. */
export function needsDotAll(parts: readonly WildcardPart[]): boolean {
  return parts.some((part, at) => part.kind === "one" || (part.kind === "any" && at > 0 && at < parts.length - 1));
}

/** A pattern of EQL or Sigma. Lucene's operators that Perl's family lacks are not supported. */
export function pcreOf(pattern: RegexPattern, insensitive: boolean): Pcre | Unsupported {
  if (pattern.flavour === "pcre")
    return commonPcre(pattern.source, insensitive && !pattern.flags.includes("i") ? `${pattern.flags}i` : pattern.flags);
  const body = ofLucene(pattern.source);
  return typeof body === "string" ? { source: `^(?:${body})$`, flags: insensitive ? "is" : "s" } : body;
}

/** Lucene: `^` and `$` are ordinary, `"..."` is literal, `~ & @ # <n-m>` are operators. */
function ofLucene(source: string): string | Unsupported {
  let out = "";
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === "\\") {
      const next = source[++i];
      if (next === undefined) return UNSUPPORTED.regexBackslash;
      out += /[dDwWsS]/.test(next) ? `\\${next}` : escapePcre(next);
    } else if (c === "[") {
      const end = classEnd(source, i);
      if (end < 0) return UNSUPPORTED.regexClass;
      // A backslash before a line break stands for the line break.
      out += source
        .slice(i, end)
        .replaceAll(/(?<=.)\[/g, String.raw`\[`)
        .replaceAll(ESCAPED_CONTROL, (_, char: string) => pcreLiteral(char, NONE));
      i = end - 1;
    } else if (c === '"') {
      const end = source.indexOf('"', i + 1);
      if (end < 0) return UNSUPPORTED.regexQuote;
      out += escapePcre(source.slice(i + 1, end));
      i = end;
    } else if (c === "@") out += ".*";
    else if (c === "#" || c === "~" || c === "&" || c === "<") return UNSUPPORTED.luceneOperator(c);
    else if (c === "^" || c === "$") out += `\\${c}`;
    else if (c === "(" && source[i + 1] === "?") return UNSUPPORTED.regexExtension;
    else out += isPlainText(c) ? c : pcreLiteral(c, NONE);
  }
  return out;
}

const ESCAPED_CONTROL = new RegExp(`\\\\?(${CONTROL.source})`, "g");
const NONE: ReadonlySet<string> = new Set();

/** Past the `]` of the class that opens at `from`; -1 where there is none. */
function classEnd(source: string, from: number): number {
  let at = from + 1;
  if (source[at] === "^") at++;
  for (let first = true; at < source.length; at++, first = false) {
    if (source[at] === "\\") at++;
    else if (source[at] === "]" && !first) return at + 1;
  }
  return -1;
}
