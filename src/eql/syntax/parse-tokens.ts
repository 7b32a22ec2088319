import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import type { Span } from "../span.ts";
import { KEYWORDS, type Token } from "./tokens.ts";
import type { QueryComment } from "./tree.ts";

/** Thrown inside the parser after a diagnostic was reported; whoever can synchronise catches it. Never leaves the room. */
export class Recover extends Error {}

/** The tokens that mean something, a cursor, and what is wrong so far. */
export class PositionedTokens {
  readonly comments: QueryComment[];
  readonly diagnostics: DiagnosticList;
  readonly #tokens: readonly Token[];
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;
  /** The deepest level of what the innermost chain has read so far. */
  #deepest = 0;

  constructor(tokens: readonly Token[], diagnostics: DiagnosticList, maxDepth: number) {
    this.#tokens = tokens.filter((token) => token.kind !== "blank" && token.kind !== "comment" && token.kind !== "bad");
    this.comments = tokens.filter((token) => token.kind === "comment").map(({ span, text }) => ({ span, text }));
    this.diagnostics = diagnostics;
    this.#maxDepth = maxDepth;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  /** Where the last token taken ends. */
  lastEnd(): number {
    return this.#at === 0 ? 0 : this.#tokens[this.#at - 1]!.span.to;
  }

  isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === "symbol" && token.text === text;
  }

  isSymbolAfterNext(text: string): boolean {
    const token = this.peek(1);
    return token.kind === "symbol" && token.text === text;
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.next();
    return true;
  }

  /** The keyword a token is, or would be in lower case (which is reported when it is taken as one). */
  keywordLike(token: Token): string | null {
    if (token.kind === "keyword") return token.text;
    if (token.kind !== "identifier" && token.kind !== "tilde-identifier") return null;
    const lower = token.text.toLowerCase();
    return KEYWORDS.has(lower) ? lower : null;
  }

  isKeyword(text: string): boolean {
    return this.keywordLike(this.peek()) === text;
  }

  takeKeyword(text: string): boolean {
    const token = this.peek();
    if (this.keywordLike(token) !== text) return false;
    if (token.kind !== "keyword")
      this.report("eql/keyword-case", `Keywords are lower case: \`${text}\`, not \`${token.text}\``, token.span, null);
    this.next();
    return true;
  }

  report(code: string, summary: string, span: Span, help: string | null): void {
    this.diagnostics.add({ code, severity: "error", summary, span, labels: [], help });
  }

  fail(code: string, summary: string, span: Span, help: string | null): never {
    this.report(code, summary, span, help);
    throw new Recover();
  }

  unexpected(wanted: string, help: string | null = null): never {
    return this.unexpectedToken(this.peek(), wanted, help);
  }

  unexpectedToken(token: Token, wanted: string, help: string | null = null): never {
    if (token.kind === "end") return this.fail("eql/unexpected-end", `Expected ${wanted}, found the end of the query`, token.span, help);
    return this.fail(
      "eql/unexpected",
      `Expected ${wanted}, found \`${token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text}\``,
      token.span,
      help,
    );
  }

  /** Runs `read` some levels deeper; beyond the limit the rest of the query is given up with one diagnostic. */
  deeper<T>(span: Span, read: () => T, levels = 1): T {
    if (this.#depth + levels > this.#maxDepth) this.deeperThan(span);
    this.#depth += levels;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    try {
      return read();
    } finally {
      this.#depth -= levels;
    }
  }

  /**
   * Begins a chain of left-associative operators: what stands left of one lies a level deeper in the tree than it was read at, which
   * `deeper` cannot know beforehand. `link` follows each operator, `endChain` with what this gave the last one.
   */
  beginChain(): number {
    const outer = this.#deepest;
    this.#deepest = this.#depth;
    return outer;
  }

  link(span: Span): void {
    this.#deepest++;
    if (this.#deepest > this.#maxDepth) this.deeperThan(span);
  }

  endChain(outer: number): void {
    this.#deepest = Math.max(outer, this.#deepest);
  }

  /** Gives up the rest of the query: it nests too deep. */
  deeperThan(span: Span): never {
    this.#at = this.#tokens.length - 1;
    return this.fail(
      "eql/too-deep",
      `The query is nested more than ${this.#maxDepth} levels deep`,
      span,
      "Split it into several conditions or rules.",
    );
  }

  get maxDepth(): number {
    return this.#maxDepth;
  }

  /** Skips to the next of the symbols (or `and` / `or` where `words` says so) outside any parentheses opened on the way. */
  skipTo(symbols: readonly string[], words = false): void {
    let open = 0;
    for (;;) {
      const token = this.peek();
      if (token.kind === "end") return;
      if (open === 0) {
        if (token.kind === "symbol" && symbols.includes(token.text)) return;
        if (words && token.kind === "keyword" && (token.text === "and" || token.text === "or")) return;
      }
      if (token.kind === "symbol" && token.text === "(") open++;
      else if (token.kind === "symbol" && token.text === ")" && open > 0) open--;
      this.next();
    }
  }
}
