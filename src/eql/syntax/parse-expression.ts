import { Recover, type PositionedTokens } from "./parse-tokens.ts";
import { join, type Span } from "../span.ts";
import type { Token } from "./tokens.ts";
import type { CallExpr, ComparisonExpr, Expr, FieldExpr, LineageExpr, LiteralExpr, NumberExpr, Pattern } from "./tree.ts";
import { parseWildcard } from "./wildcard.ts";

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const LINEAGE: ReadonlySet<string> = new Set(["child", "descendant", "event"]);

/** What other query languages write between a field and a value, and a second query. */
const FOREIGN: { readonly [word: string]: string | undefined } = Object.assign(Object.create(null) as object, {
  contains: 'Write `field : "*part*"`.',
  startswith: 'Write `field : "start*"`.',
  endswith: 'Write `field : "*end"`.',
  matches: "Write `:` or `like` for wildcards, `regex` for a regular expression.",
  rlike: "Write `regex`.",
  is: "Write `==`; whether a field has a value is `field != null`.",
  between: "Write `field >= 1 and field <= 9`.",
  exists: "Write `field != null`.",
  where: "One query at a time; one condition joins the next with `and` or `or`.",
});

/**
 * Conditions and operands, by precedence climbing: unary sign, `* / %`, `+ -`, comparison and predicates, `not`, `and`, `or`. A predicate
 * (`in`, `:`, `like`, `regex`) belongs to the operand right before it, as in Elasticsearch's grammar.
 */
export class ExpressionParser {
  readonly #t: PositionedTokens;

  constructor(tokens: PositionedTokens) {
    this.#t = tokens;
  }

  /** A condition; what goes wrong inside it is reported, and reading goes on behind the next of `stops`. */
  guarded(stops: readonly string[]): Expr {
    const start = this.#t.peek().span;
    try {
      const expr = this.condition();
      const after = this.#t.peek();
      if (after.kind !== "end" && !(after.kind === "symbol" && stops.includes(after.text)) && !this.#endsHere(after)) this.#leftover(after);
      return expr;
    } catch (error) {
      if (!(error instanceof Recover)) throw error;
      this.#t.skipTo(stops);
      return { kind: "boolean", span: { from: start.from, to: this.#t.lastEnd() }, value: false };
    }
  }

  /** Words that may follow a condition without a symbol between. */
  #endsHere(token: Token): boolean {
    return token.kind === "keyword" && (token.text === "until" || token.text === "by" || token.text === "with");
  }

  #leftover(token: Token): never {
    const t = this.#t;
    if (token.kind === "symbol") {
      if (token.text === ")")
        return t.fail("eql/unbalanced", "A `)` without its `(`", token.span, "Remove it, or open the parenthesis before.");
      if (token.text === "]") return t.fail("eql/unbalanced", "A `]` without its `[`", token.span, "Remove it.");
    }
    return t.unexpectedToken(token, "`and`, `or` or the end of the condition", FOREIGN[token.text.toLowerCase()] ?? null);
  }

  condition(): Expr {
    return this.#t.deeper(this.#t.peek().span, () => this.#logical("or"));
  }

  #logical(op: "or" | "and"): Expr {
    const read = (): Expr => (op === "or" ? this.#logical("and") : this.#not());
    const operands: Expr[] = [this.#recovering(read)];
    while (this.#t.takeKeyword(op)) operands.push(this.#recovering(read));
    if (operands.length === 1) return operands[0]!;
    return { kind: "logical", span: this.#span(operands[0]!.span), op, operands };
  }

  /** One operand of `and` / `or`: where it is broken, the next ones are still looked at, so that one run shows several mistakes. */
  #recovering(read: () => Expr): Expr {
    const t = this.#t;
    const start = t.peek().span;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Recover)) throw error;
      t.skipTo([")", "]", "|"], true);
      const next = t.peek();
      if (next.kind !== "keyword" && !(next.kind === "symbol" && next.text === ")")) throw error;
      return { kind: "boolean", span: { from: start.from, to: t.lastEnd() }, value: false };
    }
  }

  /** A chain of `not` is read in a loop, but each counts as a level: the tree is that deep. */
  #not(): Expr {
    const t = this.#t;
    const nots: Span[] = [];
    while (t.isKeyword("not")) {
      const token = t.peek();
      t.takeKeyword("not");
      nots.push(token.span);
      if (nots.length > t.maxDepth) t.deeperThan(token.span);
    }
    if (nots.length === 0) return this.#comparison();
    let expr = t.deeper(nots[0]!, () => this.#comparison(), nots.length);
    for (const from of nots.reverse()) expr = { kind: "not", span: { from: from.from, to: expr.span.to }, value: expr };
    return expr;
  }

  #comparison(): Expr {
    const t = this.#t;
    const left = this.operand();
    const token = t.peek();
    if (token.kind !== "symbol") return left;
    if (token.text === "=") {
      t.report(
        "eql/single-equals",
        "`=` is not an operator; did you mean `==`?",
        token.span,
        "`==` compares exactly, `:` without regard to case and with wildcards.",
      );
      t.next();
      const right = this.operand();
      return { kind: "comparison", span: join(left.span, right.span), op: "==", left, right };
    }
    if (!COMPARISONS.has(token.text)) return left;
    t.next();
    const right = this.operand();
    const expr: ComparisonExpr = { kind: "comparison", span: this.#span(left.span), op: token.text as ComparisonExpr["op"], left, right };
    const after = t.peek();
    if (after.kind === "symbol" && COMPARISONS.has(after.text)) {
      t.report(
        "eql/chained-comparison",
        "Comparisons cannot be chained",
        after.span,
        `Write two: \`a ${token.text} b and b ${after.text} c\`.`,
      );
      t.next();
      this.operand();
    }
    return expr;
  }

  /** An arithmetic expression, without comparison. Spans of left operands include the parentheses around them. */
  operand(): Expr {
    const t = this.#t;
    const outer = t.beginChain();
    let left = this.#product();
    while (t.isSymbol("+") || t.isSymbol("-")) left = this.#arithmetic(left, t.next(), this.#product());
    t.endChain(outer);
    return left;
  }

  #product(): Expr {
    const t = this.#t;
    const outer = t.beginChain();
    let left = this.#unary();
    while (t.isSymbol("*") || t.isSymbol("/") || t.isSymbol("%")) left = this.#arithmetic(left, t.next(), this.#unary());
    t.endChain(outer);
    return left;
  }

  #arithmetic(left: Expr, operator: Token, right: Expr): Expr {
    this.#t.link(operator.span);
    return { kind: "arithmetic", span: this.#span(left.span), op: operator.text as "+", left, right };
  }

  #unary(): Expr {
    const t = this.#t;
    const signs: Token[] = [];
    while (t.isSymbol("-") || t.isSymbol("+")) {
      signs.push(t.next());
      if (signs.length > t.maxDepth) t.deeperThan(t.peek().span);
    }
    if (signs.length === 0) return this.#predicated();
    let expr = t.deeper(signs[0]!.span, () => this.#predicated(), signs.length);
    for (const sign of signs.reverse())
      expr = { kind: "negate", span: { from: sign.span.from, to: expr.span.to }, op: sign.text as "-" | "+", value: expr };
    return expr;
  }

  #span(start: Span): Span {
    return { from: start.from, to: this.#t.lastEnd() };
  }

  // ------------------------------------------------------------------------------------------------ predicates

  #predicated(): Expr {
    const t = this.#t;
    const start = t.peek().span;
    const value = this.#primary();
    const token = t.peek();
    const word = t.keywordLike(token);
    if (word === "not") {
      const next = t.keywordLike(t.peek(1));
      if (next === "in" || next === "in~") {
        t.takeKeyword("not");
        return this.#in(value, start, true);
      }
      if (
        next === "like" ||
        next === "like~" ||
        next === "regex" ||
        next === "regex~" ||
        (t.peek(1).kind === "symbol" && t.peek(1).text === ":")
      ) {
        const operator = t.peek(1).text;
        t.report(
          "eql/misplaced-not",
          `\`not ${operator}\` is not an operator`,
          join(token.span, t.peek(1).span),
          `Write \`not\` before the field: \`not x ${operator} ...\`.`,
        );
        t.next();
        return this.#predicateOf(value, start) ?? value;
      }
      return value;
    }
    return this.#predicateOf(value, start) ?? value;
  }

  #predicateOf(value: Expr, start: Span): Expr | null {
    const t = this.#t;
    const word = t.keywordLike(t.peek());
    if (word === "in" || word === "in~") return this.#in(value, start, false);
    if (t.isSymbol(":")) {
      t.next();
      return this.#match(value, start, ":", true);
    }
    for (const op of ["like", "regex"] as const) {
      if (t.takeKeyword(op)) return this.#match(value, start, op, false);
      if (t.takeKeyword(`${op}~`)) return this.#match(value, start, op, true);
    }
    return null;
  }

  #in(value: Expr, start: Span, negated: boolean): Expr {
    const t = this.#t;
    const insensitive = t.keywordLike(t.peek()) === "in~";
    t.takeKeyword(insensitive ? "in~" : "in");
    const open = t.peek();
    if (!t.takeSymbol("(")) t.unexpected("`(`", 'A list follows `in`: `in ("a", "b")`.');
    const list = t.deeper(open.span, () => this.#list(open, () => this.operand()));
    return { kind: "in", span: this.#span(start), negated, insensitive, value, list };
  }

  #match(value: Expr, start: Span, op: ":" | "like" | "regex", insensitive: boolean): Expr {
    const t = this.#t;
    const open = t.peek();
    const list = t.takeSymbol("(");
    const patterns = list ? this.#list(open, () => this.#pattern(op)) : [this.#pattern(op)];
    return { kind: "match", span: this.#span(start), op, insensitive, value, patterns, list };
  }

  /** Behind the `(`, up to and with the `)`. */
  #list<T>(open: Token, read: () => T): T[] {
    const t = this.#t;
    const items: T[] = [];
    if (t.isSymbol(")")) {
      t.report("eql/empty-list", "The list is empty", join(open.span, t.peek().span), "A list needs at least one value.");
      t.next();
      return items;
    }
    for (;;) {
      items.push(read());
      if (!t.isSymbol(",")) break;
      const comma = t.next();
      if (t.isSymbol(")")) {
        t.report("eql/trailing-comma", "A list may not end with a comma", comma.span, "Remove the comma.");
        break;
      }
    }
    if (t.takeSymbol(")")) return items;
    if (t.peek().kind === "string" || t.peek().kind === "integer" || t.peek().kind === "decimal")
      return t.unexpected("`,` or `)`", "The values of a list are separated by commas.");
    if (t.peek().kind === "end")
      return t.fail("eql/unclosed-parenthesis", "The parenthesis is never closed", open.span, "Close it with `)`.");
    return t.unexpected("`,` or `)`");
  }

  #pattern(op: ":" | "like" | "regex"): Pattern {
    const t = this.#t;
    const token = t.peek();
    if (token.kind === "string") {
      t.next();
      const form = token.form ?? "quoted";
      if (op === "regex") return { kind: "regex", span: token.span, source: token.value, flavour: "lucene", flags: "", form };
      return { kind: "wildcard", span: token.span, parts: parseWildcard(token.value), form };
    }
    const literal = this.#literal();
    if (literal !== null && literal.kind !== "string") return { kind: "value", span: literal.span, value: literal };
    if (token.kind === "end") return t.unexpected("a constant");
    return t.fail(
      "eql/not-constant",
      `Only constants may stand on the right of \`${op}\``,
      token.span,
      "Compare computed values with `==`.",
    );
  }

  // ------------------------------------------------------------------------------------------------- primaries

  #literal(): LiteralExpr | null {
    const t = this.#t;
    const token = t.peek();
    switch (token.kind) {
      case "string":
        t.next();
        return { kind: "string", span: token.span, value: token.value, form: token.form ?? "quoted" };
      case "integer":
      case "decimal":
        t.next();
        return numberOf(token);
      case "keyword":
      case "identifier": {
        const word = t.keywordLike(token);
        if (word !== "true" && word !== "false" && word !== "null") return null;
        // `TRUE` alone is a mistake; `true.x` cannot be.
        if (token.kind === "identifier" && t.peek(1).kind === "symbol" && (t.peek(1).text === "." || t.peek(1).text === "(")) return null;
        t.takeKeyword(word);
        return word === "null" ? { kind: "null", span: token.span } : { kind: "boolean", span: token.span, value: word === "true" };
      }
      default:
        return null;
    }
  }

  #primary(): Expr {
    const t = this.#t;
    const token = t.peek();
    const literal = this.#literal();
    if (literal !== null) return literal;
    if (token.kind === "symbol") {
      if (token.text === "(") return this.#parenthesised();
      if (token.text === "?") return this.#field(true);
      if (token.text === "]" || token.text === ")" || token.text === "|") return t.unexpected("a condition");
      if (token.text === "*")
        return t.fail(
          "eql/unexpected",
          "Expected a value, found `*`",
          token.span,
          'A wildcard stands in a string: `x : "*"`; that a field has a value is `x != null`.',
        );
      return t.unexpected("a value");
    }
    if (token.kind === "tilde-identifier") return this.#call();
    if (token.kind === "identifier" && t.isSymbolAfterNext("(")) return this.#call();
    if (token.kind === "identifier" && LINEAGE.has(token.text) && t.peek(1).kind === "keyword" && t.peek(1).text === "of")
      return this.#lineage();
    if (token.kind === "identifier" || token.kind === "quoted-identifier") {
      const word = t.keywordLike(token);
      if (token.kind === "identifier" && word !== null && !this.#continuesName(1))
        return t.fail("eql/keyword-case", `Keywords are lower case: \`${word}\`, not \`${token.text}\``, token.span, null);
      return this.#field(false);
    }
    if (token.kind === "keyword") {
      if (
        ["and", "or", "by", "where", "with", "until", "in", "in~", "like", "like~", "regex", "regex~"].includes(token.text) &&
        !this.#continuesName(1)
      )
        return t.unexpected("a condition");
      return this.#field(false);
    }
    return t.unexpected("a condition");
  }

  #continuesName(ahead: number): boolean {
    const next = this.#t.peek(ahead);
    return next.kind === "symbol" && (next.text === "." || COMPARISONS.has(next.text) || next.text === ":" || next.text === "=");
  }

  #parenthesised(): Expr {
    const t = this.#t;
    const open = t.next();
    const inner = this.condition();
    if (t.takeSymbol(")")) return { ...inner, span: { from: open.span.from, to: t.lastEnd() } };
    if (t.peek().kind === "end" || t.isSymbol("]") || t.isSymbol("|"))
      return t.fail("eql/unclosed-parenthesis", "The parenthesis is never closed", open.span, "Close it with `)`.");
    return t.unexpected("`and`, `or` or `)`");
  }

  #call(): CallExpr {
    const t = this.#t;
    const name = t.next();
    const open = t.peek();
    if (!t.takeSymbol("(")) t.unexpected("`(`", `\`${name.text}\` is a function: write its arguments in parentheses.`);
    let args: Expr[] = [];
    if (!t.takeSymbol(")")) args = t.deeper(name.span, () => this.#list(open, () => this.#argument()));
    return {
      kind: "call",
      span: this.#span(name.span),
      name: name.value,
      nameSpan: name.span,
      insensitive: name.kind === "tilde-identifier",
      args,
    };
  }

  /** Elasticsearch allows any expression; a comparison is refused by its type, not by the grammar. */
  #argument(): Expr {
    return this.#logical("or");
  }

  #lineage(): LineageExpr {
    const t = this.#t;
    const relation = t.next();
    t.next();
    if (!t.takeSymbol("[")) t.unexpected("`[`");
    const start = t.peek();
    const category = t.next();
    if (!t.takeKeyword("where")) t.unexpected("`where`");
    const condition = this.condition();
    const filter = {
      span: this.#span(start.span),
      category:
        category.kind === "keyword" && category.text === "any"
          ? null
          : { span: category.span, value: category.value, form: "identifier" as const },
      condition,
    };
    if (!t.takeSymbol("]")) t.unexpected("`]`");
    return { kind: "lineage", span: this.#span(relation.span), relation: relation.text, filter };
  }

  #field(optional: boolean): FieldExpr {
    const t = this.#t;
    const start = t.peek().span;
    if (optional) t.next();
    const parts: string[] = [];
    let index: number | null = null;
    for (;;) {
      const token = t.peek();
      if (token.kind === "keyword") {
        const parent = parts.length > 0 ? `${parts.join(".")}.` : "";
        t.report(
          "eql/keyword-as-field",
          `\`${token.text}\` is a keyword and cannot be ${parts.length > 0 ? "part of a field name" : "a field name"} as it stands`,
          token.span,
          `Write it in back quotes: ${parent}\`${token.text}\`.`,
        );
        t.next();
        parts.push(token.text);
      } else if (token.kind === "identifier" || token.kind === "quoted-identifier") {
        t.next();
        parts.push(token.value);
      } else
        t.unexpected(
          "the name of a field",
          parts.length > 0 ? "A name may not end with a dot; a part that begins with a digit needs back quotes." : null,
        );
      // `[` behind a join key begins the next item; only a number makes it an index.
      while (t.isSymbol("[") && t.peek(1).kind === "integer") {
        t.next();
        index = Number(t.next().text);
        if (!t.takeSymbol("]")) t.unexpected("`]`");
      }
      if (!t.takeSymbol(".")) break;
    }
    // A hyphen inside a name is the commonest cause of a subtraction nobody meant; the check explains it when the field is unknown.
    return { kind: "field", span: this.#span(start), name: parts.join("."), optional, index };
  }
}

const INT32_MAX = 2_147_483_647n;
const INT64_MAX = 9_223_372_036_854_775_807n;

/** Integers are int32, then int64, then silently double, as in Elasticsearch. */
function numberOf(token: Token): NumberExpr {
  if (token.kind === "decimal") return { kind: "number", span: token.span, value: Number(token.text), type: "double" };
  // Longer than any int64; `BigInt` of a very long text would be quadratic.
  const digits = token.text.replace(/^0+(?=\d)/, "");
  if (digits.length > 19) return { kind: "number", span: token.span, value: Number(token.text), type: "double" };
  const value = BigInt(digits);
  if (value > INT64_MAX) return { kind: "number", span: token.span, value: Number(token.text), type: "double" };
  const type = value <= INT32_MAX ? "integer" : "long";
  return { kind: "number", span: token.span, value: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value, type };
}
