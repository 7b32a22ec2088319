/**
 * Text -> tokens, as the classic parser of Lucene divides it. What is wrong with a token is a token too, which the parser reports where it
 * stands. Linear in the text.
 *
 * Facts: Lucene's documentation of the classic query parser's syntax, and Elasticsearch's of `query_string`.
 */
import type { Span } from "../eql/index.ts";

export type TokenKind =
  | "and"
  | "or"
  | "not"
  | "plus"
  | "minus"
  /** `+`, `-` or `!` with a blank behind it, which is a word. */
  | "sign"
  | "open"
  | "close"
  | "colon"
  /** `^2` */
  | "boost"
  /** `~`, `~2` */
  | "tilde"
  | "quoted"
  /** An unquoted word without wildcards. */
  | "word"
  /** An unquoted word with wildcards. */
  | "pattern"
  | "regex"
  | "range"
  | "unclosed-string"
  | "unclosed-regex"
  | "unclosed-range"
  | "stray"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly span: Span;
  /** As written. */
  readonly text: string;
}

const KEYWORDS: ReadonlyMap<string, TokenKind> = new Map([
  ["AND", "and"],
  ["&&", "and"],
  ["OR", "or"],
  ["||", "or"],
  ["NOT", "not"],
]);

const BOOST = /\^\d{1,9}(?:\.\d{1,9})?/y;
const TILDE = /~(?:\d{1,9}(?:\.\d{1,9})?)?/y;

const SINGLE: ReadonlyMap<string, TokenKind> = new Map([
  ["(", "open"],
  [")", "close"],
  [":", "colon"],
  ["!", "not"],
  ["+", "plus"],
  ["-", "minus"],
]);

/** What ends a word; `+` and `-` may be within one, and do not begin it. */
const SPECIAL: ReadonlySet<string> = new Set('!():^[]"{}~/');

/** The last token is `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (kind: TokenKind, to: number): void => {
    tokens.push({ kind, span: { from: at, to }, text: text.slice(at, to) });
    at = to;
  };
  for (;;) {
    while (isBlank(text[at])) at++;
    const char = text[at];
    if (char === undefined) {
      add("end", at);
      return tokens;
    }
    switch (char) {
      case '"':
        closed("quoted", quotedEnd(text, at), "unclosed-string");
        break;
      case "/":
        closed("regex", regexEnd(text, at), "unclosed-regex");
        break;
      case "[":
      case "{":
        closed("range", rangeEnd(text, at), "unclosed-range");
        break;
      case "^":
        if (!sticky(BOOST, "boost")) add("stray", at + 1);
        break;
      case "~":
        sticky(TILDE, "tilde");
        break;
      case "+":
      case "-":
      case "!":
        add(isBlank(text[at + 1]) ? "sign" : SINGLE.get(char)!, at + 1);
        break;
      default: {
        const end = wordEnd(text, at);
        if (end > at) add(kindOfWord(text.slice(at, end)), end);
        else add(SINGLE.get(char) ?? "stray", at + 1);
      }
    }
  }

  /** What is never closed takes the rest of the text. */
  function closed(kind: TokenKind, end: number, otherwise: TokenKind): void {
    if (end > 0) add(kind, end);
    else add(otherwise, text.length);
  }

  function sticky(pattern: RegExp, kind: TokenKind): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    add(kind, pattern.lastIndex);
    return true;
  }
}

function kindOfWord(word: string): TokenKind {
  const keyword = KEYWORDS.get(word);
  if (keyword !== undefined) return keyword;
  for (let at = 0; at < word.length; at++) {
    if (word[at] === "\\") at++;
    else if (word[at] === "*" || word[at] === "?") return "pattern";
  }
  return "word";
}

export function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r" || char === "\u3000";
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text[at]) && !SPECIAL.has(text[at]!)) at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

/** Behind the quote that closes; 0 where none does. */
function quotedEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at < text.length ? at + 1 : 0;
}

/** Behind the slash that has no backslash before it; where there is none, behind the last slash of all. */
function regexEnd(text: string, from: number): number {
  let last = 0;
  for (let at = text.indexOf("/", from + 1); at > 0; at = text.indexOf("/", at + 1)) {
    last = at + 1;
    if (text[at - 1] !== "\\") break;
  }
  return last;
}

/** A bracket within quotes closes nothing. */
function rangeEnd(text: string, from: number): number {
  for (let at = from + 1; at > 0 && at < text.length; at++) {
    if (text[at] === "]" || text[at] === "}") return at + 1;
    if (text[at] === '"') at = quotedEnd(text, at) - 1;
    if (at < 0) return 0;
  }
  return 0;
}
