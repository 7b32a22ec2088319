/** Expressions, by precedence: or, and, not, comparisons and tests, sums, products, signs, casts. */
import { UNIT_MILLIS, type Span } from "../eql/index.ts";
import { EsqlError } from "./error.ts";
import type { Token } from "./tokens.ts";
import type { BinaryExpr, EsqlExpr, NameExpr } from "./tree.ts";

/** Expressions within one another. */
const MAX_DEPTH = 200;

const UNITS: ReadonlyMap<string, { readonly ms: number; readonly months: number }> = new Map(
  (
    [
      [["millisecond", "milliseconds", "ms"], UNIT_MILLIS.ms, 0],
      [["second", "seconds", "sec", "s"], UNIT_MILLIS.s, 0],
      [["minute", "minutes", "min", "m"], UNIT_MILLIS.m, 0],
      [["hour", "hours", "h"], UNIT_MILLIS.h, 0],
      [["day", "days", "d"], UNIT_MILLIS.d, 0],
      [["week", "weeks", "w"], 7 * UNIT_MILLIS.d, 0],
      [["month", "months", "mo"], 0, 1],
      [["quarter", "quarters", "q"], 0, 3],
      [["year", "years", "yr", "y"], 0, 12],
    ] as const
  ).flatMap(([names, ms, months]) => names.map((name) => [name, { ms, months }] as const)),
);

const COMPARISONS = ["==", "!=", "=~", "<=", ">=", "<", ">"] as const;

export class ExpressionParser {
  protected readonly tokens: readonly Token[];
  protected at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  expression(): EsqlExpr {
    if (++this.#depth > MAX_DEPTH) throw new EsqlError("esql/syntax", "The expression is nested too deep", this.peek().span);
    try {
      return this.#chain("or", () => this.#chain("and", () => this.#not()));
    } finally {
      this.#depth--;
    }
  }

  #chain(word: "and" | "or", operand: () => EsqlExpr): EsqlExpr {
    let left = operand();
    while (this.takeWord(word)) {
      const right = operand();
      left = { kind: "binary", op: word, left, right, span: join(left.span, right.span) };
    }
    return left;
  }

  #not(): EsqlExpr {
    const start = this.peek();
    let negations = 0;
    while (this.takeWord("not")) negations++;
    const value = this.#test();
    return negations % 2 === 0 ? value : { kind: "unary", op: "not", value, span: join(start.span, value.span) };
  }

  /** A comparison, or `in`, `like`, `rlike`, `is null` behind a value. */
  #test(): EsqlExpr {
    const left = this.#sum();
    const op = COMPARISONS.find((one) => this.isSymbol(one));
    if (op !== undefined) {
      this.next();
      const right = this.#sum();
      return { kind: "binary", op, left, right, span: join(left.span, right.span) };
    }
    if (this.isSymbol(":") && left.kind === "name") {
      this.next();
      const text = this.expect("string", "a text");
      return { kind: "match", field: left, text: text.value, span: join(left.span, text.span) };
    }
    const negated = this.isWord("not") && ["in", "like", "rlike"].includes(this.peek(1).text.toLowerCase());
    if (negated) this.next();
    const test = this.#memberOrPattern(left);
    if (test !== null) return negated ? { kind: "unary", op: "not", value: test, span: test.span } : test;
    if (this.takeWord("is")) {
      const isNot = this.takeWord("not");
      const end = this.peek();
      if (!this.takeWord("null")) this.unexpected("`null`");
      return { kind: "is-null", value: left, negated: isNot, span: join(left.span, end.span) };
    }
    return left;
  }

  #memberOrPattern(value: EsqlExpr): EsqlExpr | null {
    if (this.takeWord("in")) {
      const list = this.#list(() => this.expression());
      return { kind: "in", value, list, span: { from: value.span.from, to: this.lastEnd() } };
    }
    const kind = this.isWord("like") ? "like" : this.isWord("rlike") ? "rlike" : null;
    if (kind === null) return null;
    this.next();
    const pattern = (): { readonly text: string; readonly span: Span } => {
      const token = this.expect("string", "a pattern in quotes");
      return { text: token.value, span: token.span };
    };
    const patterns = this.isSymbol("(") ? this.#list(pattern) : [pattern()];
    return { kind, value, patterns, span: { from: value.span.from, to: this.lastEnd() } };
  }

  #list<T>(item: () => T): T[] {
    this.symbol("(");
    const items = [item()];
    while (this.takeSymbol(",")) items.push(item());
    this.symbol(")");
    return items;
  }

  #sum(): EsqlExpr {
    return this.#arithmetic(["+", "-"], () => this.#arithmetic(["*", "/", "%"], () => this.#sign()));
  }

  #arithmetic(ops: readonly BinaryExpr["op"][], operand: () => EsqlExpr): EsqlExpr {
    let left = operand();
    for (;;) {
      const op = ops.find((one) => this.isSymbol(one));
      if (op === undefined) return left;
      this.next();
      const right = operand();
      left = { kind: "binary", op, left, right, span: join(left.span, right.span) };
    }
  }

  #sign(): EsqlExpr {
    const start = this.peek();
    let negative = false;
    while (this.isSymbol("-") || this.isSymbol("+")) if (this.next().text === "-") negative = !negative;
    const value = this.#cast();
    return negative ? { kind: "unary", op: "-", value, span: join(start.span, value.span) } : value;
  }

  /** `value::type` is the function `to_type`. */
  #cast(): EsqlExpr {
    let value = this.#primary();
    while (this.takeSymbol("::")) {
      const type = this.expect("name", "a type");
      const name = `to_${CAST_NAMES.get(type.text.toLowerCase()) ?? type.text.toLowerCase()}`;
      value = { kind: "call", name, nameSpan: type.span, args: [value], span: join(value.span, type.span) };
    }
    return value;
  }

  #primary(): EsqlExpr {
    const token = this.peek();
    if (this.takeSymbol("(")) {
      const inner = this.expression();
      this.symbol(")");
      return inner;
    }
    if (this.isSymbol("[")) return this.#literalList();
    if (token.kind === "string") return literal(this.next().value, token.span);
    if (token.kind === "integer" || token.kind === "decimal") return this.#number();
    if (this.takeWord("true")) return literal(true, token.span);
    if (this.takeWord("false")) return literal(false, token.span);
    if (this.takeWord("null")) return literal(null, token.span);
    if (token.kind === "name" && this.peek(1).text === "(" && this.peek(1).kind === "symbol") return this.#call();
    if (token.kind === "name" || token.kind === "quoted-name") return this.name();
    return this.unexpected("a value, a column or a function");
  }

  #number(): EsqlExpr {
    const token = this.next();
    const unit = this.peek().kind === "name" ? UNITS.get(this.peek().text.toLowerCase()) : undefined;
    if (unit !== undefined) {
      const end = this.next();
      const count = Number(token.text);
      return { kind: "timespan", ms: unit.ms * count, months: unit.months * count, span: join(token.span, end.span) };
    }
    if (token.kind === "decimal") return { kind: "literal", value: Number(token.text), decimal: true, span: token.span };
    const value = Number(token.text);
    return literal(Number.isSafeInteger(value) ? value : BigInt(token.text), token.span);
  }

  #literalList(): EsqlExpr {
    const from = this.symbol("[").span.from;
    const values: (string | number | bigint | boolean)[] = [];
    do {
      const item = this.#sign();
      const value =
        item.kind === "unary" && item.value.kind === "literal"
          ? -(item.value.value as number)
          : item.kind === "literal"
            ? item.value
            : null;
      if (value === null || typeof value === "object")
        throw new EsqlError("esql/syntax", "A list in brackets holds texts, numbers and booleans", item.span);
      values.push(value);
    } while (this.takeSymbol(","));
    this.symbol("]");
    return {
      kind: "literal",
      value: values,
      decimal: values.some((v) => typeof v === "number" && !Number.isInteger(v)),
      span: { from, to: this.lastEnd() },
    };
  }

  #call(): EsqlExpr {
    const name = this.next();
    this.symbol("(");
    const args: EsqlExpr[] = [];
    if (!this.isSymbol(")")) {
      do args.push(this.isSymbol("*") ? { kind: "star", span: this.next().span } : this.expression());
      while (this.takeSymbol(","));
    }
    this.symbol(")");
    return { kind: "call", name: name.text.toLowerCase(), nameSpan: name.span, args, span: { from: name.span.from, to: this.lastEnd() } };
  }

  /** A column's name: segments and back-quoted segments joined by dots. */
  name(): NameExpr {
    const first = this.next();
    let name = first.value;
    let end = first.span.to;
    while (this.isSymbol(".") && this.peek().span.from === end && ["name", "quoted-name"].includes(this.peek(1).kind)) {
      this.next();
      const segment = this.next();
      name += `.${segment.value}`;
      end = segment.span.to;
    }
    return { kind: "name", name, span: { from: first.span.from, to: end } };
  }

  // --------------------------------------------------------------------------------------------- tokens

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.at++;
    return token;
  }

  lastEnd(): number {
    return this.at === 0 ? 0 : this.tokens[this.at - 1]!.span.to;
  }

  isSymbol(symbol: string): boolean {
    const token = this.peek();
    return token.kind === "symbol" && token.text === symbol;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.at++;
    return true;
  }

  symbol(symbol: string): Token {
    return this.isSymbol(symbol) ? this.next() : this.unexpected(`\`${symbol}\``);
  }

  isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === "name" && token.text.toLowerCase() === word;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.at++;
    return true;
  }

  expect(kind: Token["kind"], what: string): Token {
    return this.peek().kind === kind ? this.next() : this.unexpected(what);
  }

  unexpected(what: string): never {
    const token = this.peek();
    const found = token.kind === "end" ? "the end" : `\`${token.text.slice(0, 40)}\``;
    throw new EsqlError("esql/syntax", `${found} where ${what} is expected`, token.span);
  }
}

const CAST_NAMES: ReadonlyMap<string, string> = new Map([
  ["int", "integer"],
  ["bool", "boolean"],
  ["keyword", "string"],
  ["text", "string"],
  ["date", "datetime"],
]);

function literal(value: string | number | bigint | boolean | null, span: Span): EsqlExpr {
  return { kind: "literal", value, decimal: false, span };
}

export function join(first: Span, last: Span): Span {
  return { from: first.from, to: last.to };
}
