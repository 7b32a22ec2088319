/**
 * Tokens -> tree. There is no precedence: an operator marks the clause behind it, and `AND` also the one before it.
 *
 * Facts: Lucene's documentation of the classic query parser, Elasticsearch's of `query_string`, and what a real engine answered.
 */
import { DiagnosticList, prepareRegex, type Diagnostic, type Span } from "../eql/index.ts";
import type { LuceneCode } from "./codes.ts";
import { Values } from "./parse-value.ts";
import { tokenize, type Token, type TokenKind } from "./tokens.ts";
import type { LuceneClause, LuceneLiteral, LuceneName, LuceneNode, LuceneRange, LuceneValue } from "./tree.ts";

export interface ParsedLucene {
  /** Null where the text has errors. */
  readonly query: LuceneNode | null;
  /** In the order of the text; bounded. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parentheses within one another. */
const MAX_DEPTH = 200;

/** Reads a whole query. Never throws; linear. */
export function parseLucene(text: string): ParsedLucene {
  const diagnostics = new DiagnosticList();
  const query = new Parser(text, diagnostics).query();
  return { query: diagnostics.errors > 0 ? null : query, diagnostics: diagnostics.sorted() };
}

/** Thrown where a clause cannot be read; caught where the next one begins. One for all: a trace of each would cost more than the reading. */
const RECOVER = new Error("The clause cannot be read");

/** What may not follow the last word of a run of words that is one value. */
const NOT_BEHIND_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>(["colon", "tilde", "boost", "and", "or"]);

/** A clause while its group is being read: an `AND` behind it changes its mark. */
interface OpenClause {
  occur: LuceneClause["occur"];
  readonly span: Span;
  readonly node: LuceneNode;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #diagnostics: DiagnosticList;
  readonly #values: Values;
  #at = 0;
  #depth = 0;

  constructor(text: string, diagnostics: DiagnosticList) {
    this.#tokens = tokenize(text);
    this.#diagnostics = diagnostics;
    this.#values = new Values((code, summary, span, help) => this.#report(code, summary, span, help));
  }

  query(): LuceneNode {
    if (this.#is("end")) return { kind: "everything", span: { from: 0, to: this.#token.span.to } };
    for (;;) {
      const query = this.#group(null);
      if (this.#is("end")) return query;
      this.#report("lucene/bad-character", "`)` is not expected here", this.#next().span, "It closes nothing that was opened.");
      if (this.#is("and") || this.#is("or")) this.#next();
      if (this.#is("end")) return query;
    }
  }

  /** Clauses up to the parenthesis that closes, or the end. */
  #group(field: LuceneName | null): LuceneNode {
    const clauses: OpenClause[] = [];
    const joints = new Set<"and" | "or">();
    const from = this.#token.span.from;
    do {
      this.#clause(field, clauses, joints);
    } while (!this.#is("end") && !this.#is("close"));
    const span = { from, to: clauses.at(-1)?.span.to ?? from };
    if (joints.size > 1) this.#mixed(clauses, span);
    const [first] = clauses;
    if (first === undefined) return { kind: "everything", span };
    // A mark has no effect on the only clause, unless it excludes.
    return clauses.length === 1 && first.occur !== "must_not" ? first.node : { kind: "group", span, clauses };
  }

  /** One clause with the operators before it. What is wrong with it is reported, and reading goes on behind it. */
  #clause(field: LuceneName | null, clauses: OpenClause[], joints: Set<"and" | "or">): void {
    const start = this.#token;
    const depth = this.#depth;
    try {
      const words = this.#wordsAsOne();
      if (words !== null) {
        const node = this.#valueOf(field, this.#compared(words), words.span);
        if (field === null) this.#lonely(node, clauses.at(-1));
        clauses.push({ occur: "should", span: words.span, node });
        return;
      }
      const joint = this.#joint(clauses.length === 0);
      if (joint !== null) joints.add(joint);
      const mark = this.#mark();
      const node = this.#operand(field);
      if (joint === null && mark === null && field === null) this.#lonely(node, clauses.at(-1));
      const before = clauses.at(-1);
      if (joint === "and" && before !== undefined && before.occur !== "must_not") before.occur = "must";
      if (joint === "or" && mark === "not" && before !== undefined && before.occur !== "must_not")
        this.#warn(
          "lucene/or-not",
          "`OR NOT` excludes: nothing that the condition behind it holds for is found",
          { from: start.span.from, to: node.span.to },
          "Put it in parentheses: `a OR (NOT b)`.",
        );
      const occur = mark === "not" ? "must_not" : mark === "plus" || joint === "and" ? "must" : "should";
      clauses.push({ occur, span: { from: start.span.from, to: this.#before.span.to }, node });
    } catch (error) {
      if (error !== RECOVER) throw error;
      this.#depth = depth;
      this.#skip();
      // It keeps its place, so that the operator behind it has something before it.
      clauses.push({ occur: "should", span: start.span, node: { kind: "everything", span: start.span } });
    }
  }

  /** `AND` or `OR` before a clause. */
  #joint(isFirst: boolean): "and" | "or" | null {
    const token = this.#token;
    if (token.kind !== "and" && token.kind !== "or") return null;
    this.#next();
    if (isFirst) this.#fail("lucene/missing-operand", `\`${token.text}\` has nothing to join`, token.span, wordHelp(token));
    if (this.#is("end") || this.#is("close") || this.#is("and") || this.#is("or"))
      this.#fail("lucene/missing-operand", `\`${token.text}\` has nothing to join`, token.span, wordHelp(token));
    return token.kind;
  }

  #mark(): "not" | "plus" | null {
    const token = this.#token;
    if (token.kind !== "not" && token.kind !== "minus" && token.kind !== "plus") return null;
    this.#next();
    const { kind } = this.#token;
    if (kind === "end" || kind === "close" || kind === "and" || kind === "or")
      this.#fail(
        "lucene/missing-operand",
        `\`${token.text}\` has nothing to ${token.kind === "plus" ? "require" : "exclude"}`,
        token.span,
        wordHelp(token),
      );
    if (kind === "not" || kind === "minus" || kind === "plus")
      this.#fail(
        "lucene/missing-operand",
        `\`${token.text}\` and \`${this.#token.text}\` stand before one clause`,
        { from: token.span.from, to: this.#token.span.to },
        "Use parentheses: `NOT (NOT a)`.",
      );
    return token.kind === "plus" ? "plus" : "not";
  }

  /** A value, or a group in parentheses; with a field of its own, or with that of the group around it. */
  #operand(outer: LuceneName | null): LuceneNode {
    const token = this.#token;
    let field = outer;
    if ((token.kind === "word" || token.kind === "pattern") && this.#tokens[this.#at + 1]?.kind === "colon") {
      this.#next();
      const colon = this.#next();
      const { kind } = this.#token;
      if (kind === "end" || kind === "close" || kind === "and" || kind === "or")
        this.#fail(
          "lucene/missing-value",
          "`:` is followed by no value",
          { from: token.span.from, to: colon.span.to },
          "Any value is `field:*`, none is `NOT _exists_:field`.",
        );
      if (token.text === "_exists_") return this.#exists(token);
      // `*:value`, and `\\*:value`, look into every field, as no name does.
      const name = token.text === "*" ? null : this.#values.name(token);
      field = name?.parts.length === 1 && name.parts[0]!.kind === "any" ? null : name;
    }
    const inner = this.#is("open") ? this.#parentheses(field) : this.#term(token, field);
    this.#suffixes(inner);
    return inner;
  }

  #exists(token: Token): LuceneNode {
    if (!this.#is("word") && !this.#is("pattern") && !this.#is("quoted"))
      this.#fail("lucene/field-pattern", "`_exists_` needs the name of one field", this.#spanFrom(token), "Write `_exists_:process.name`.");
    const field = this.#values.name(this.#next());
    return { kind: "exists", span: this.#spanFrom(token), field };
  }

  #parentheses(field: LuceneName | null): LuceneNode {
    const open = this.#next();
    if (++this.#depth > MAX_DEPTH) {
      this.#at = this.#tokens.length - 1;
      this.#fail("lucene/too-deep", `More than ${MAX_DEPTH} parentheses within one another`, open.span, "Use fewer of them.");
    }
    if (this.#is("close"))
      this.#fail(
        "lucene/missing-operand",
        "There is nothing in these parentheses",
        { from: open.span.from, to: this.#next().span.to },
        null,
      );
    const errors = this.#diagnostics.errors;
    const inner = this.#group(field);
    if (this.#is("close")) this.#next();
    else if (this.#diagnostics.errors === errors)
      this.#report("lucene/unclosed-parenthesis", "The `(` is never closed", open.span, "Close it with `)`.");
    this.#depth--;
    return inner;
  }

  #term(start: Token, field: LuceneName | null): LuceneNode {
    const token = this.#next();
    const value = this.#value(token);
    const span = { from: start.span.from, to: token.span.to };
    return this.#valueOf(field, value, span);
  }

  #valueOf(field: LuceneName | null, value: LuceneValue, span: Span): LuceneNode {
    if (value.kind === "range" && field === null)
      this.#fail("lucene/field-needed", "A range needs a field", value.span, "Write `field:[1 TO 5]`, or `field:>=1`.");
    // `field:*` and `field:[* TO *]` ask whether there is a value.
    const isAnything =
      value.kind === "range"
        ? value.from === null && value.to === null
        : value.kind === "literal" && value.parts.length === 1 && value.parts[0]!.kind === "any";
    return isAnything && field !== null ? { kind: "exists", span, field } : { kind: "term", span, field, value };
  }

  #value(token: Token): LuceneValue {
    const { kind, span, text } = token;
    switch (kind) {
      case "word":
      case "pattern":
      case "quoted":
        return this.#compared(this.#values.literal(token));
      case "range":
        return (
          this.#values.range(token) ??
          this.#fail(
            "lucene/bad-range",
            `\`${text}\` is no range`,
            span,
            "Write `[1 TO 5]`, or `{1 TO *]` for more than 1; a bound with a blank in it needs quotes.",
          )
        );
      case "regex":
        return this.#regex(token);
      case "sign":
        this.#warn(
          "lucene/sign-alone",
          `\`${text}\` with a blank behind it is a word that is looked for`,
          span,
          `Write it before its clause without a blank: \`${text}field:value\`.`,
        );
        return { kind: "literal", span, form: "unquoted", parts: [{ kind: "literal", text }] };
      case "unclosed-string":
        return this.#fail("lucene/unclosed-string", "The quoted text is never closed", span, 'Close it with `"`.');
      case "unclosed-regex":
        return this.#fail(
          "lucene/unclosed-regex",
          "`/` begins a regular expression that is never closed",
          { from: span.from, to: span.from + 1 },
          "Put a value with a slash in quotes, or write `\\/`.",
        );
      case "unclosed-range":
        return this.#fail(
          "lucene/bad-range",
          "The range is never closed",
          span,
          "Close it with `]`, or with `}` where the bound is left out.",
        );
      case "plus":
      case "minus":
      case "not":
        return this.#fail(
          "lucene/bad-character",
          `\`${text}\` is not expected here`,
          span,
          'Put the value in quotes, such as `"-5"`, or write a backslash before the sign.',
        );
      case "colon":
        return this.#fail(
          "lucene/bad-character",
          "`:` is not expected here",
          span,
          "An operator is missing before the name, or the value before it needs quotes.",
        );
      case "tilde":
      case "boost":
        return this.#fail("lucene/bad-character", `\`${text}\` stands behind nothing`, span, NEEDS_QUOTES);
      default:
        return this.#fail("lucene/bad-character", `\`${text}\` is not expected here`, span, NEEDS_QUOTES);
    }
  }

  /** A text that begins with `<` or `>` is a comparison, a backslash before it or not. */
  #compared(value: LuceneLiteral): LuceneLiteral | LuceneRange {
    const [first] = value.parts;
    const op = value.form === "unquoted" && first?.kind === "literal" ? /^[<>]=?/.exec(first.text)?.[0] : undefined;
    if (op === undefined) return value;
    const range = this.#values.comparison(op, value);
    if (range !== null) return range;
    return this.#fail(
      "lucene/missing-value",
      `\`${op}\` compares with no value`,
      value.span,
      'Write the value right behind it: `field:>=5`. One with blanks or a sign goes into a range: `field:["a b" TO *]`.',
    );
  }

  #regex({ span, text }: Token): LuceneValue {
    // A backslash before the last slash would not let it close.
    const source = text.slice(1, -1).replace(/\\\\$/, String.raw`[\\]`);
    const { problem } = prepareRegex({ source, flavour: "lucene", flags: "" }, false);
    if (problem === null) return { kind: "regex", span, source };
    const at = span.from + 1 + Math.min(problem.offset, source.length);
    this.#diagnostics.add({
      code: "lucene/bad-regex" satisfies LuceneCode,
      severity: "error",
      summary: problem.summary,
      span,
      labels: [{ span: { from: at, to: Math.min(at + 1, span.to) }, text: "here" }],
      // The help is written for texts in which a backslash is doubled.
      help: problem.help?.replaceAll("\\\\", "\\") ?? null,
    });
    throw RECOVER;
  }

  /** `~` and `^` behind a clause. */
  #suffixes(node: LuceneNode): void {
    for (;;) {
      const token = this.#token;
      if (token.kind === "boost") {
        this.#warn("lucene/boost", `\`${token.text}\` is ignored: it changes scores alone`, token.span, "Leave it out.");
      } else if (token.kind === "tilde") {
        const isPhrase = node.kind === "term" && node.value.kind === "literal" && node.value.form === "quoted";
        this.#report(
          "lucene/not-supported",
          isPhrase
            ? `Words near one another (\`${token.text}\`) are not searched for here`
            : `A fuzzy search (\`${token.text}\`) does not run here`,
          token.span,
          isPhrase ? "Write the phrase, or the words joined by `AND`." : "List the spellings, or use `?` and `*`.",
        );
      } else return;
      this.#next();
    }
  }

  /** Two and more words without a field of their own and without operators: one value, with a blank between each two. */
  #wordsAsOne(): LuceneLiteral | null {
    let end = this.#at;
    while (this.#tokens[end]!.kind === "word" && !NOT_BEHIND_WORDS.has(this.#tokens[end + 1]!.kind)) end++;
    if (end - this.#at < 2) return null;
    const words = this.#tokens.slice(this.#at, end);
    this.#at = end;
    const span = { from: words[0]!.span.from, to: words.at(-1)!.span.to };
    const text = words.map((word) => {
      this.#foreignOperator(word);
      return this.#values
        .literal(word)
        .parts.map((part) => (part.kind === "literal" ? part.text : ""))
        .join("");
    });
    return { kind: "literal", span, form: "unquoted", parts: [{ kind: "literal", text: text.join(" ") }] };
  }

  /** What is an operator in another language, or with capitals, and a word here. */
  #foreignOperator({ text, span }: Token): void {
    if (/^(?:and|or|not)$/i.test(text))
      this.#warn(
        "lucene/lowercase-operator",
        `\`${text}\` is a word here, not an operator`,
        span,
        `The operator is written \`${text.toUpperCase()}\`.`,
      );
    else if (/^(?:[<>]=?|==?|\|)$/.test(text))
      this.#warn(
        "lucene/operator-in-value",
        `\`${text}\` is part of the value here`,
        span,
        "A field stands before `:`, and a comparison behind it without a blank: `field:value`, `field:>=5`.",
      );
  }

  /** A value without a field right behind one of a field. */
  #lonely(node: LuceneNode, before: OpenClause | undefined): void {
    if (node.kind !== "term" || node.field !== null || node.value.kind !== "literal" || node.value.form !== "unquoted") return;
    const { node: last } = before ?? {};
    const [part] = node.value.parts;
    const isOperator = part?.kind === "literal" && /^(?:and|or|not)$/.test(part.text);
    if (isOperator) return this.#foreignOperator({ kind: "word", span: node.span, text: part.text });
    if (this.#before.kind === "sign") return;
    if (last?.kind !== "term" || last.field === null || last.value.kind !== "literal" || last.value.form !== "unquoted") return;
    this.#warn(
      "lucene/value-without-field",
      "This is looked for in every field: the field before it has the value up to the blank",
      node.span,
      "Put the whole value in quotes, or its words in parentheses: `field:(a OR b)`.",
    );
  }

  #mixed(clauses: readonly OpenClause[], span: Span): void {
    const optional = clauses.filter(({ occur }) => occur === "should");
    this.#diagnostics.add({
      code: "lucene/mixed-operators" satisfies LuceneCode,
      severity: "warning",
      summary: "`AND` and `OR` stand side by side, and neither binds closer",
      span,
      labels: optional.map((clause) => ({ span: clause.node.span, text: "has no effect" })),
      help: "Put what belongs together in parentheses.",
    });
  }

  // -------------------------------------------------------------------------------------------------- tokens

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  get #before(): Token {
    return this.#tokens[Math.max(0, this.#at - 1)]!;
  }

  #is(kind: TokenKind): boolean {
    return this.#token.kind === kind;
  }

  #next(): Token {
    const token = this.#token;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  #spanFrom(start: Token): Span {
    return { from: start.span.from, to: Math.max(this.#before.span.to, start.span.to) };
  }

  /** On to the next operator, or the parenthesis that closes what is open. */
  #skip(): void {
    for (let open = 0; !this.#is("end"); this.#next()) {
      const { kind } = this.#token;
      if (kind === "open") open++;
      if (kind === "close" && open-- === 0) return;
      if (open === 0 && (kind === "and" || kind === "or")) return;
    }
  }

  #warn(code: LuceneCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "warning", summary, span, labels: [], help });
  }

  #report(code: LuceneCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "error", summary, span, labels: [], help });
  }

  #fail(code: LuceneCode, summary: string, span: Span, help: string | null): never {
    this.#report(code, summary, span, help);
    throw RECOVER;
  }
}

const NEEDS_QUOTES = "Put the value in quotes, or write a backslash before the character.";

function wordHelp({ text }: Token): string {
  return /^[A-Z]/.test(text) ? `The word itself is \`"${text}"\`.` : NEEDS_QUOTES;
}
