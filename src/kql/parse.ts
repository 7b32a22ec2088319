/**
 * Text -> tree. `or` binds weakest, then `and`, then `not`. What a run of unquoted characters is depends on where it stands, so there are
 * no tokens: names and values may hold blanks and end before an operator that stands between blanks.
 *
 * Facts: Kibana's documentation of the language and what its own parser accepts (kbn-es-query).
 */
import { DiagnosticList, type Diagnostic, type Span, type WildcardPart } from "../eql/index.ts";
import { isBlank } from "./blank.ts";
import type { KqlCode } from "./codes.ts";
import type { KqlJunction, KqlLiteral, KqlNegation, KqlNode, KqlRange, KqlValues } from "./tree.ts";

export interface ParsedKql {
  /** Null where the text has errors. */
  readonly query: KqlNode | null;
  /** In the order of the text; bounded. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parentheses and braces within one another. */
const MAX_DEPTH = 200;

/** Reads a whole query. Never throws; linear except for what is read again behind an error. */
export function parseKql(text: string): ParsedKql {
  const diagnostics = new DiagnosticList();
  const query = new Parser(text, diagnostics).query();
  return { query: diagnostics.errors > 0 ? null : query, diagnostics: diagnostics.sorted() };
}

const NEEDS_QUOTES = "Put the value in quotes, or write a backslash before the character.";

const STRAY: { readonly [char: string]: string | undefined } = Object.assign(Object.create(null) as object, {
  ")": "It closes nothing that was opened.",
  "}": "It closes nothing that was opened.",
  ":": "An operator is missing before the name, or the value before it needs quotes.",
});

/** Thrown where the rest of an operand cannot be read; caught where the next operator begins. One for all: a trace of each would cost more than the reading. */
const RECOVER = new Error("The operand cannot be read");

class Parser {
  readonly #text: string;
  readonly #diagnostics: DiagnosticList;
  #at = 0;
  #depth = 0;
  /** The rest of the text cannot be read; what is still open is not reported. */
  #ended = false;

  constructor(text: string, diagnostics: DiagnosticList) {
    this.#text = text;
    this.#diagnostics = diagnostics;
  }

  query(): KqlNode {
    this.#blanks();
    if (this.#at >= this.#text.length) return { kind: "everything", span: { from: 0, to: this.#text.length } };
    const query = this.#or();
    for (;;) {
      this.#blanks();
      if (this.#at >= this.#text.length) return query;
      this.#stray();
      this.#at++;
      this.#skipToOperator();
      if (this.#takeOperator("or") || this.#takeOperator("and")) this.#or();
    }
  }

  /** A character that cannot stand where it does, behind what could be read. */
  #stray(): void {
    const char = this.#char();
    const span = { from: this.#at, to: this.#at + 1 };
    const foreign = /(==|!=|=~|=|~)\s*$/.exec(this.#text.slice(Math.max(0, this.#at - 8), this.#at))?.[1];
    if (char === '"' && foreign !== undefined)
      return this.#report(
        "kql/operator-in-value",
        `\`${foreign}\` is no operator of this language`,
        span,
        "Write `field:value`, or `not field:value`.",
      );
    this.#report("kql/bad-character", `\`${char}\` is not expected here`, span, STRAY[char] ?? NEEDS_QUOTES);
  }

  #or(): KqlNode {
    return this.#junction("or", () => this.#junction("and", () => this.#guarded()));
  }

  /** Operands joined by one operator; alone it stands for itself. */
  #junction<Operand extends { readonly span: Span }>(kind: "and" | "or", operand: () => Operand): Operand | KqlJunction<Operand> {
    const operands = [operand()];
    while (this.#takeOperator(kind)) operands.push(operand());
    const [first] = operands;
    return operands.length === 1 ? first! : { kind, span: { from: first!.span.from, to: operands.at(-1)!.span.to }, operands };
  }

  /** One operand. What is wrong with it is reported, and reading goes on at the next operator. */
  #guarded(): KqlNode {
    const from = this.#at;
    const depth = this.#depth;
    try {
      return this.#negation(() => this.#operand());
    } catch (error) {
      if (error !== RECOVER) throw error;
      this.#depth = depth;
      this.#skipToOperator();
      return { kind: "everything", span: { from, to: this.#at } };
    }
  }

  #negation<Operand extends { readonly span: Span }>(operand: () => Operand): Operand | KqlNegation<Operand> {
    const from = this.#at;
    if (!this.#takeNot()) return operand();
    for (let again = this.#at; this.#takeNot(); again = this.#at)
      this.#report(
        "kql/not-not",
        "`not` stands twice",
        { from: again, to: again + 3 },
        "Leave both out, or use parentheses: `not (not ..)`.",
      );
    const value = operand();
    return { kind: "not", span: { from, to: value.span.to }, operand: value };
  }

  #operand(): KqlNode {
    const from = this.#at;
    if (this.#char() === "(") return this.#within("(", () => this.#or());
    const literal = this.#literal("operand");
    const end = this.#at;
    this.#blanks();
    const op = this.#rangeOperator();
    if (op !== null) {
      this.#nameOf(literal);
      this.#blanks();
      if (!this.#startsLiteral()) this.#fail("kql/missing-value", `\`${op}\` is followed by no value`, { from: end, to: this.#at }, null);
      const value = this.#literal("value");
      return { kind: "range", span: { from, to: value.span.to }, field: literal, op, value };
    }
    if (this.#char() !== ":") {
      this.#at = end;
      return { kind: "match", span: literal.span, field: null, values: literal };
    }
    this.#at++;
    this.#nameOf(literal);
    this.#blanks();
    if (this.#char() === "{") {
      const query = this.#within("{", () => this.#or());
      return { kind: "nested", span: { from, to: this.#at }, field: literal, query };
    }
    if (this.#char() !== "(" && !this.#startsLiteral())
      this.#fail(
        "kql/missing-value",
        "`:` is followed by no value",
        { from, to: this.#at },
        "Any value is `field:*`, none is `not field:*`.",
      );
    const values = this.#values();
    return { kind: "match", span: { from, to: this.#at }, field: literal, values };
  }

  #values(): KqlValues {
    if (this.#char() !== "(") return this.#literal("value");
    return this.#within<KqlValues>("(", () =>
      this.#junction<KqlValues>("or", () => this.#junction<KqlValues>("and", () => this.#negation<KqlValues>(() => this.#values()))),
    );
  }

  /** What stands between an opening character and its partner; its span takes both in where it is no node of its own. */
  #within<T>(open: "(" | "{", inside: () => T): T {
    const from = this.#at++;
    if (++this.#depth > MAX_DEPTH) {
      this.#end();
      this.#fail("kql/too-deep", `More than ${MAX_DEPTH} parentheses within one another`, { from, to: from + 1 }, "Use fewer of them.");
    }
    this.#blanks();
    const result = inside();
    this.#blanks();
    const close = open === "(" ? ")" : "}";
    if (this.#char() === close) this.#at++;
    else if (this.#ended) return result;
    else if (this.#at >= this.#text.length)
      this.#report("kql/unclosed-parenthesis", `The \`${open}\` is never closed`, { from, to: from + 1 }, `Close it with \`${close}\`.`);
    else
      this.#fail(
        "kql/bad-character",
        `\`${this.#char()}\` is not expected here`,
        { from: this.#at, to: this.#at + 1 },
        `\`${close}\`, \`and\` or \`or\` is expected. A value with this character needs quotes.`,
      );
    this.#depth--;
    return result;
  }

  // ------------------------------------------------------------------------------------------ names, values

  #startsLiteral(): boolean {
    const char = this.#char();
    return char !== "" && !"():<>{}".includes(char) && !this.#operatorAhead();
  }

  #literal(as: "operand" | "value"): KqlLiteral {
    if (this.#char() === '"') return this.#quoted();
    const word = /^(and|or|not)(?![^\s():<>"*{}\\])/i.exec(this.#text.slice(this.#at, this.#at + 4))?.[1];
    if (word !== undefined && as === "operand") {
      const span = { from: this.#at, to: this.#at + word.length };
      const next = this.#text[span.to] ?? "";
      if (next === "(") this.#fail("kql/keyword-needs-blank", `\`${word}\` needs a blank behind it`, span, `Write \`${word} (\`.`);
      if (next === "" || isBlank(next))
        this.#fail(
          "kql/missing-operand",
          `\`${word}\` has nothing to ${word.toLowerCase() === "not" ? "negate" : "join"}`,
          span,
          `The word itself is \`"${word}"\`.`,
        );
    }
    if (!this.#startsLiteral()) {
      const char = this.#char();
      if (char === "")
        this.#fail(
          "kql/missing-operand",
          "The query ends where something is expected",
          { from: this.#at, to: this.#at },
          "Add it, or remove the operator before it.",
        );
      this.#fail("kql/bad-character", `\`${char}\` is not expected here`, { from: this.#at, to: this.#at + 1 }, NEEDS_QUOTES);
    }
    return this.#unquoted();
  }

  #quoted(): KqlLiteral {
    const text = this.#text;
    const from = this.#at;
    let value = "";
    let at = from + 1;
    for (; at < text.length && text[at] !== '"'; at++) {
      if (text[at] !== "\\") {
        value += text[at]!;
        continue;
      }
      const [meaning, length] = this.#escape(at, '"\\', false);
      value += meaning;
      at += length - 1;
    }
    if (at >= text.length) {
      this.#end();
      this.#fail("kql/unclosed-string", "The quoted text is never closed", { from, to: text.length }, 'Close it with `"`.');
    }
    this.#at = at + 1;
    return { kind: "literal", span: { from, to: at + 1 }, form: "quoted", parts: value === "" ? [] : [{ kind: "literal", text: value }] };
  }

  /** Up to a character with a meaning of its own or an operator between blanks; blanks at the end do not belong to it. */
  #unquoted(): KqlLiteral {
    const text = this.#text;
    const from = this.#at;
    const parts: WildcardPart[] = [];
    let value = "";
    let blank = "";
    let end = from;
    let at = from;
    const flush = (): void => {
      if (value !== "") parts.push({ kind: "literal", text: value });
      value = "";
    };
    while (at < text.length) {
      const char = text[at]!;
      if (isBlank(char)) {
        this.#at = at;
        if (this.#operatorAhead()) break;
        while (at < text.length && isBlank(text[at]!)) blank += text[at++]!;
        continue;
      }
      if ('():<>"{}'.includes(char)) break;
      this.#at = at;
      if (at > from && blank !== "" && this.#startsWithNot())
        this.#fail(
          "kql/keyword-needs-blank",
          "`not` within a value is an operator",
          { from: at, to: at + 3 },
          "Put the whole value in quotes, or `and` before `not`.",
        );
      if (char === "*") {
        value += blank;
        flush();
        if (parts.at(-1)?.kind !== "any") parts.push({ kind: "any" });
        at++;
      } else if (char === "\\") {
        const [meaning, length] = this.#escape(at, '\\():<>"*{}', true);
        value += blank + meaning;
        at += length;
      } else {
        value += blank + char;
        at++;
      }
      blank = "";
      end = at;
    }
    flush();
    this.#at = end;
    return { kind: "literal", span: { from, to: end }, form: "unquoted", parts };
  }

  /** What the escape at `at` means, and its length in the text. */
  #escape(at: number, special: string, keywords: boolean): readonly [string, number] {
    const text = this.#text;
    const next = text[at + 1] ?? "";
    if (next === "t") return ["\t", 2];
    if (next === "r") return ["\r", 2];
    if (next === "n" && !(keywords && /^\\not(?![^\s])/i.test(text.slice(at, at + 5)))) return ["\n", 2];
    if (next !== "" && special.includes(next)) return [next, 2];
    const unicode = /^u([0-9a-f]{4})/i.exec(text.slice(at + 1, at + 6));
    if (unicode !== null) return [String.fromCharCode(Number.parseInt(unicode[1]!, 16)), 6];
    const keyword = keywords ? /^(?:or|and|not)/i.exec(text.slice(at + 1, at + 4)) : null;
    if (keyword !== null) return [keyword[0], keyword[0].length + 1];
    // In quotes a backslash before any other character is itself; without them it is refused.
    this.#diagnostics.add({
      code: "kql/bad-escape" satisfies KqlCode,
      severity: keywords ? "error" : "warning",
      summary: keywords ? `\`\\${next}\` is no escape` : `The backslash before \`${next}\` is taken as it is`,
      span: { from: at, to: Math.min(text.length, at + 2) },
      labels: [],
      help: "A backslash itself is written `\\\\`.",
    });
    return [`\\${next}`, next === "" ? 1 : 2];
  }

  /** A field's name with a blank in it is read as one name, as Kibana does; it is hardly meant. */
  #nameOf(literal: KqlLiteral): void {
    const text = this.#text.slice(literal.span.from, literal.span.to).replaceAll(/\s+/g, " ");
    if (literal.form === "unquoted" && text.includes(" "))
      this.#diagnostics.add({
        code: "kql/blank-in-name" satisfies KqlCode,
        severity: "warning",
        summary: `\`${text}\` is read as the name of one field`,
        span: literal.span,
        labels: [],
        help: "Is `and` or `or` missing before the name?",
      });
  }

  // ---------------------------------------------------------------------------------------------- operators

  #rangeOperator(): KqlRange["op"] | null {
    const char = this.#char();
    if (char !== "<" && char !== ">") return null;
    this.#at++;
    if (this.#char() !== "=") return char;
    this.#at++;
    return `${char}=`;
  }

  #operatorAhead(): boolean {
    return this.#operatorEnd("and") !== null || this.#operatorEnd("or") !== null;
  }

  #takeOperator(word: "and" | "or"): boolean {
    const end = this.#operatorEnd(word);
    if (end === null) return false;
    if (end.glued)
      this.#report(
        "kql/keyword-needs-blank",
        `\`${word}\` needs blanks around it`,
        { from: end.at - word.length, to: end.at },
        `Write it with a blank on each side: \` ${word} \`.`,
      );
    this.#at = end.at;
    this.#blanks();
    return true;
  }

  /** Where the operator that comes next ends; null where none does. `glued`: without the blanks that Kibana wants on both sides. */
  #operatorEnd(word: "and" | "or"): { readonly at: number; readonly glued: boolean } | null {
    const text = this.#text;
    let start = this.#at;
    while (start < text.length && isBlank(text[start]!)) start++;
    const at = start + word.length;
    if (text.slice(start, at).toLowerCase() !== word) return null;
    const blankBefore = start > this.#at;
    const next = text[at] ?? "";
    if (blankBefore && isBlank(next)) return { at, glued: false };
    const glued = blankBefore ? next === "(" : /[)"]/.test(text[start - 1] ?? "") && (isBlank(next) || next === "(");
    return glued ? { at, glued } : null;
  }

  #startsWithNot(): boolean {
    const text = this.#text;
    return text.slice(this.#at, this.#at + 3).toLowerCase() === "not" && this.#at + 3 < text.length && isBlank(text[this.#at + 3]!);
  }

  #takeNot(): boolean {
    if (!this.#startsWithNot()) return false;
    this.#at += 3;
    this.#blanks();
    return true;
  }

  #end(): void {
    this.#at = this.#text.length;
    this.#ended = true;
  }

  /** On to the next operator, or the parenthesis that closes what is open. */
  #skipToOperator(): void {
    let open = 0;
    while (this.#at < this.#text.length) {
      const char = this.#char();
      if (char === "(" || char === "{") open++;
      if ((char === ")" || char === "}") && open-- === 0) return;
      if (isBlank(char) && this.#operatorAhead()) return;
      this.#at++;
    }
  }

  #blanks(): void {
    while (this.#at < this.#text.length && isBlank(this.#text[this.#at]!)) this.#at++;
  }

  #char(): string {
    return this.#text[this.#at] ?? "";
  }

  #report(code: KqlCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "error", summary, span, labels: [], help });
  }

  #fail(code: KqlCode, summary: string, span: Span, help: string | null): never {
    this.#report(code, summary, span, help);
    throw RECOVER;
  }
}
