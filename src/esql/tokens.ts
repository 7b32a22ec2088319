import type { Span } from "../eql/index.ts";
import { EsqlError } from "./error.ts";

export type TokenKind = "name" | "quoted-name" | "string" | "integer" | "decimal" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly span: Span;
  /** As written. */
  readonly text: string;
  /** What it means: escapes resolved, quotes gone. */
  readonly value: string;
}

const SYMBOLS = [
  "==",
  "!=",
  "=~",
  "<=",
  ">=",
  "::",
  "<",
  ">",
  "=",
  "+",
  "-",
  "*",
  "/",
  "%",
  "(",
  ")",
  "[",
  "]",
  ",",
  "|",
  ":",
  ".",
  "?",
  "{",
  "}",
];

/** Splits the whole text; blanks and comments are left out. Linear. Throws an `EsqlError`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (kind: TokenKind, to: number, value: string): void => {
    tokens.push({ kind, span: { from: at, to }, text: text.slice(at, to), value });
    at = to;
  };
  while (at < text.length) {
    const rest = /\s+|\/\/[^\n]*|\/\*/y;
    rest.lastIndex = at;
    const blank = rest.exec(text)?.[0];
    if (blank === "/*") at = commentEnd(text, at);
    else if (blank !== undefined) at += blank.length;
    else if (text.startsWith('"""', at)) {
      const end = text.indexOf('"""', at + 3);
      if (end < 0) throw unclosed(at, text.length, '"""');
      // Further quotes belong to the text.
      let to = end + 3;
      while (to < text.length && text[to] === '"' && to < end + 5) to++;
      add("string", to, text.slice(at + 3, to - 3));
    } else if (text[at] === '"') {
      const [value, to] = quoted(text, at);
      add("string", to, value);
    } else if (text[at] === "`") {
      const match = matchAt(/`(?:[^`]|``)*`/y, text, at);
      if (match === null) throw unclosed(at, text.length, "`");
      add("quoted-name", at + match.length, match.slice(1, -1).replaceAll("``", "`"));
    } else {
      const name = matchAt(/[A-Za-z_@][\w@]*(?:\.[\w@]+)*/y, text, at);
      const number = name === null ? matchAt(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+/y, text, at) : null;
      const symbol = name === null && number === null ? SYMBOLS.find((one) => text.startsWith(one, at)) : undefined;
      if (name !== null) add("name", at + name.length, name);
      else if (number !== null) add(/^\d+$/.test(number) ? "integer" : "decimal", at + number.length, number);
      else if (symbol !== undefined) add("symbol", at + symbol.length, symbol);
      else
        throw new EsqlError(
          "esql/bad-character",
          `\`${text[at]!}\` has no meaning here`,
          { from: at, to: at + 1 },
          text[at] === "'" ? 'Texts stand in double quotes: `"..."`.' : null,
        );
    }
  }
  add("end", at, "");
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Comments nest. */
function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith("/*", at)) {
      depth++;
      at++;
    } else if (text.startsWith("*/", at)) {
      at++;
      if (--depth === 0) return at + 1;
    }
  }
  return text.length;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

function quoted(text: string, from: number): readonly [string, number] {
  let value = "";
  for (let at = from + 1; at < text.length && text[at] !== "\n"; at++) {
    const char = text[at]!;
    if (char === '"') return [value, at + 1];
    if (char !== "\\") value += char;
    else {
      const next = text[++at] ?? "";
      const meaning = ESCAPES.get(next);
      if (meaning === undefined)
        throw new EsqlError(
          "esql/syntax",
          `\`\\${next}\` is no escape`,
          { from: at - 1, to: at + 1 },
          'A backslash itself is `\\\\`; or write the text between `"""`.',
        );
      value += meaning;
    }
  }
  throw unclosed(from, text.length, '"');
}

function unclosed(from: number, to: number, quote: string): EsqlError {
  return new EsqlError("esql/unclosed-string", "The text is never closed", { from, to }, `Close it with \`${quote}\`.`);
}
