import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import type { Span } from "../span.ts";

/** What a piece of the text is; `bad` is a character without meaning. */
export type TokenKind =
  | "keyword"
  | "identifier"
  | "quoted-identifier"
  /** `endsWith~`: a function in its case-insensitive form; `value` is without the `~`. */
  | "tilde-identifier"
  | "string"
  | "integer"
  | "decimal"
  | "symbol"
  | "comment"
  | "blank"
  /** Characters that begin no token; reported. */
  | "bad"
  | "end";

/** A piece of the text. `text` is as written; `value` is what it means (escapes resolved, back quotes gone). */
export interface Token {
  readonly kind: TokenKind;
  readonly span: Span;
  readonly text: string;
  readonly value: string;
  /** Strings only. */
  readonly form?: "quoted" | "raw";
}

/** Case-sensitive, as in Elasticsearch. `in~`, `like~` and `regex~` are one token each. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  "and",
  "any",
  "by",
  "false",
  "in",
  "in~",
  "join",
  "like",
  "like~",
  "maxspan",
  "not",
  "null",
  "of",
  "or",
  "regex",
  "regex~",
  "sample",
  "sequence",
  "true",
  "until",
  "where",
  "with",
]);

const SYMBOLS = ["![", "==", "!=", "<=", ">=", "<", ">", "=", ":", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "|", "?"];

export interface Tokens {
  /** Everything, blanks and comments too: their texts joined are the input. The last one is `end`. */
  readonly tokens: readonly Token[];
  /** In the order of the text; bounded. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Splits the whole text. Never throws; linear. */
export function tokenize(text: string): Tokens {
  const diagnostics = new DiagnosticList();
  const tokens = tokenizeInto(text, diagnostics);
  return { tokens, diagnostics: diagnostics.sorted() };
}

/** The same, with what is wrong added to a list that goes on. */
export function tokenizeInto(text: string, diagnostics: DiagnosticList): readonly Token[] {
  const lexer = new Lexer(text, diagnostics);
  lexer.run();
  return lexer.tokens;
}

class Lexer {
  readonly tokens: Token[] = [];
  readonly #diagnostics: DiagnosticList;
  readonly #text: string;
  #at = 0;

  constructor(text: string, diagnostics: DiagnosticList) {
    this.#text = text;
    this.#diagnostics = diagnostics;
  }

  run(): void {
    while (this.#at < this.#text.length) this.#next();
    this.#add("end", this.#at);
  }

  #next(): void {
    const text = this.#text;
    const at = this.#at;
    const c = text.charCodeAt(at);
    // Editors on Windows put a byte order mark at the beginning of a file.
    if (at === 0 && c === 0xfeff) return this.#add("blank", 1);
    if (isBlank(c)) return this.#add("blank", this.#while(at + 1, isBlank));
    if (c === SLASH && text.charCodeAt(at + 1) === SLASH)
      return this.#add(
        "comment",
        this.#while(at + 2, (d) => d !== 10 && d !== 13),
      );
    if (c === SLASH && text.charCodeAt(at + 1) === STAR) return this.#blockComment();
    if (isLetter(c) || c === AT) return this.#word();
    if (isDigit(c) || (c === DOT && isDigit(text.charCodeAt(at + 1)))) return this.#number();
    if (c === QUOTE) return text.startsWith('"""', at) ? this.#raw() : this.#string();
    if (c === BACKQUOTE) return this.#quotedIdentifier();
    if (c === APOSTROPHE || (c === QUESTION && (text[at + 1] === '"' || text[at + 1] === "'"))) return this.#foreignString();
    const symbol = SYMBOLS.find((s) => text.startsWith(s, at));
    if (symbol !== undefined) return this.#add("symbol", at + symbol.length);
    const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    const piece = text.slice(at, at + width);
    this.#error(
      "eql/bad-character",
      `\`${piece}\` has no meaning here`,
      { from: at, to: at + width },
      NON_ASCII_HELP[piece] ?? (c > 127 ? "A field name with other than ASCII letters needs back quotes: `` `name` ``." : null),
    );
    this.#add("bad", at + width);
  }

  #add(kind: TokenKind, to: number, value?: string, form?: "quoted" | "raw"): void {
    const piece = this.#text.slice(this.#at, to);
    this.tokens.push({ kind, span: { from: this.#at, to }, text: piece, value: value ?? piece, ...(form === undefined ? {} : { form }) });
    this.#at = to;
  }

  #error(code: string, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "error", summary, span, labels: [], help });
  }

  #while(from: number, test: (c: number) => boolean): number {
    let to = from;
    while (to < this.#text.length && test(this.#text.charCodeAt(to))) to++;
    return to;
  }

  #blockComment(): void {
    const text = this.#text;
    // Comments nest.
    let depth = 1;
    let to = this.#at + 2;
    while (to < text.length && depth > 0) {
      const c = text.charCodeAt(to);
      if (c === SLASH && text.charCodeAt(to + 1) === STAR) {
        depth++;
        to += 2;
      } else if (c === STAR && text.charCodeAt(to + 1) === SLASH) {
        depth--;
        to += 2;
      } else to++;
    }
    if (depth > 0)
      this.#error(
        "eql/unclosed-comment",
        "The comment is never closed",
        { from: this.#at, to: this.#at + 2 },
        "Close it with `*/`; comments nest.",
      );
    this.#add("comment", Math.min(to, text.length));
  }

  #word(): void {
    const to = this.#while(this.#at + 1, (c) => isLetter(c) || isDigit(c));
    const word = this.#text.slice(this.#at, to);
    if (this.#text.charCodeAt(to) === TILDE) {
      if (KEYWORDS.has(`${word}~`)) return this.#add("keyword", to + 1);
      return this.#add("tilde-identifier", to + 1, word);
    }
    this.#add(KEYWORDS.has(word) ? "keyword" : "identifier", to);
  }

  #number(): void {
    const text = this.#text;
    let to = this.#while(this.#at, isDigit);
    let decimal = false;
    if (text.charCodeAt(to) === DOT) {
      decimal = true;
      to = this.#while(to + 1, isDigit);
    }
    if (text[to] === "e" || text[to] === "E") {
      const sign = text[to + 1] === "+" || text[to + 1] === "-" ? 1 : 0;
      if (isDigit(text.charCodeAt(to + 1 + sign))) {
        decimal = true;
        to = this.#while(to + 1 + sign, isDigit);
      }
    }
    this.#add(decimal ? "decimal" : "integer", to);
  }

  /** `"..."`: no raw line break inside; an unknown escape is an error at its place. */
  #string(): void {
    const text = this.#text;
    const from = this.#at;
    let value = "";
    let i = from + 1;
    let plain = i;
    for (; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === QUOTE || c === 10 || c === 13) break;
      if (c !== BACKSLASH) continue;
      value += text.slice(plain, i);
      const [meaning, length] = this.#escape(i);
      value += meaning;
      i += length - 1;
      plain = i + 1;
    }
    i = Math.min(i, text.length);
    value += text.slice(plain, i);
    const closed = text.charCodeAt(i) === QUOTE;
    if (!closed)
      this.#error(
        "eql/unclosed-string",
        "The string is never closed",
        { from, to: i },
        'Close it with `"`. A string may not span lines; write `\\n` for a line break.',
      );
    this.#add("string", closed ? i + 1 : i, value, "quoted");
  }

  /** What the escape at `i` means, and its length in the text. */
  #escape(i: number): readonly [string, number] {
    const text = this.#text;
    const name = text[i + 1];
    const simple = name === undefined ? undefined : ESCAPES[name];
    if (simple !== undefined) return [simple, 2];
    if (name === "u" && text[i + 2] === "{") {
      const end = this.#while(i + 3, isHex);
      const digits = text.slice(i + 3, end);
      const code = Number.parseInt(digits, 16);
      if (text[end] === "}" && digits.length >= 2 && digits.length <= 8 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff))
        return [String.fromCodePoint(code), end + 1 - i];
      const to = text[end] === "}" ? end + 1 : end;
      this.#error(
        "eql/bad-escape",
        `\`${text.slice(i, to)}\` names no character`,
        { from: i, to },
        "Write `\\u{` with 2 to 8 hexadecimal digits of a Unicode scalar value and `}`.",
      );
      return ["", Math.max(2, to - i)];
    }
    const to = Math.min(text.length, i + (name === undefined || name === "\n" || name === "\r" ? 1 : 2));
    this.#error(
      "eql/bad-escape",
      `\`${text.slice(i, to)}\` is not an escape sequence`,
      { from: i, to },
      'A literal backslash is written `\\\\`; or use a raw string: """C:\\Windows""".',
    );
    return [text.slice(i, to), to - i];
  }

  /** `"""..."""`: no escapes, no line breaks; up to two further quotes belong to the string. */
  #raw(): void {
    const text = this.#text;
    const from = this.#at;
    let i = from + 3;
    while (i < text.length && !text.startsWith('"""', i) && text[i] !== "\n" && text[i] !== "\r") i++;
    if (!text.startsWith('"""', i)) {
      this.#error(
        "eql/unclosed-string",
        "The raw string is never closed",
        { from, to: i },
        'Close it with `"""`. A string may not span lines.',
      );
      return this.#add("string", i, text.slice(from + 3, i), "raw");
    }
    let extra = 0;
    while (extra < 2 && text[i + 3] === '"') {
      extra++;
      i++;
    }
    this.#add("string", i + 3, text.slice(from + 3, i), "raw");
  }

  #quotedIdentifier(): void {
    const text = this.#text;
    const from = this.#at;
    let value = "";
    let i = from + 1;
    let closed = false;
    for (; i < text.length && text[i] !== "\n" && text[i] !== "\r"; i++) {
      if (text[i] !== "`") value += text[i];
      else if (text[i + 1] === "`") {
        value += "`";
        i++;
      } else {
        closed = true;
        break;
      }
    }
    if (!closed)
      this.#error(
        "eql/unclosed-name",
        "The back-quoted name is never closed",
        { from, to: i },
        "Close it with a back quote; a back quote inside is doubled.",
      );
    else if (value === "") this.#error("eql/empty-name", "A back-quoted name may not be empty", { from, to: i + 1 }, null);
    this.#add("quoted-identifier", closed ? i + 1 : i, value);
  }

  /** `'..'`, `?"..."`, `?'..'`: strings of older dialects, refused with what to write instead. */
  #foreignString(): void {
    const text = this.#text;
    const from = this.#at;
    const optional = text[from] === "?";
    const quote = text[from + (optional ? 1 : 0)]!;
    let i = from + (optional ? 2 : 1);
    while (i < text.length && text[i] !== quote && text[i] !== "\n" && text[i] !== "\r") i += text[i] === "\\" && !optional ? 2 : 1;
    i = Math.min(i, text.length);
    const to = text[i] === quote ? i + 1 : i;
    const content = text.slice(from + (optional ? 2 : 1), i);
    if (optional)
      this.#error(
        "eql/question-string",
        `Use triple double quotes ["""] to define unescaped string literals, not [?${quote}]`,
        { from, to },
        `Write """${content}""".`,
      );
    else
      this.#error(
        "eql/single-quotes",
        `Use double quotes ["] to define string literals, not single quotes [']`,
        { from, to },
        `Write "${content}".`,
      );
    this.#add("string", to, content, "quoted");
  }
}

const SLASH = 47;
const STAR = 42;
const DOT = 46;
const QUOTE = 34;
const BACKQUOTE = 96;
const APOSTROPHE = 39;
const QUESTION = 63;
const BACKSLASH = 92;
const TILDE = 126;
const AT = 64;

const ESCAPES: { readonly [name: string]: string | undefined } = Object.assign(Object.create(null) as object, {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  '"': '"',
  "'": "'",
  "\\": "\\",
});

const NON_ASCII_HELP: { readonly [piece: string]: string | undefined } = Object.assign(Object.create(null) as object, {
  "“": 'Typographic quotes: write `"`.',
  "”": 'Typographic quotes: write `"`.',
  "‘": 'Typographic quotes: write `"`.',
  "’": 'Typographic quotes: write `"`.',
  "\u00a0": "A no-break space: write an ordinary one.",
  ";": "A query needs no `;` at its end.",
  "!": "Write `not` before a condition, or `!=`.",
  "&": "Write `and`.",
  $: "There are no variables. A field name with this character needs back quotes.",
  "~": "`~` belongs directly behind a function name, `in`, `like` or `regex`, without a blank.",
});

function isBlank(c: number): boolean {
  return c === 32 || c === 9 || c === 10 || c === 13;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isHex(c: number): boolean {
  return isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
}

/** Letters of names: ASCII and `_`; `@` may only begin one. */
function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
}
