import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { ExpressionParser } from "./parse-expression.ts";
import { PositionedTokens, Recover } from "./parse-tokens.ts";
import { join, type Span } from "../span.ts";
import { isDurationUnit, UNIT_MILLIS } from "../values/duration.ts";
import { tokenizeInto } from "./tokens.ts";
import type { Category, QueryComment, EventFilter, Expr, FieldExpr, Maxspan, Pipe, Query, SequenceItem } from "./tree.ts";

/** Bounds of reading a query. */
export interface ParseOptions {
  /** Longest accepted text in UTF-16 units; default 1,000,000. */
  readonly maxLength?: number;
  /** Deepest accepted nesting; default 250. It bounds the recursion of everything that reads the tree. */
  readonly maxDepth?: number;
  /** Most diagnostics listed, a last one telling how many more there are; default 100. */
  readonly maxDiagnostics?: number;
}

export interface Parsed<T> {
  /** null where there is an error. */
  readonly tree: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A whole query. Never throws: what is wrong comes back as diagnostics, several where there are several. */
export function parse(
  text: string,
  options: ParseOptions = {},
): { readonly query: Query | null; readonly diagnostics: readonly Diagnostic[] } {
  const { tree, diagnostics } = run(text, options, (tokens, expressions) => new StatementParser(tokens, expressions).query());
  return { query: tree, diagnostics };
}

/** An expression alone, such as a filter or an exception's condition. */
export function parseExpression(
  text: string,
  options: ParseOptions = {},
): { readonly expr: Expr | null; readonly diagnostics: readonly Diagnostic[] } {
  const { tree, diagnostics } = run(text, options, (tokens, expressions) => {
    const expr = expressions.condition();
    if (tokens.peek().kind !== "end") tokens.unexpected("the end of the expression");
    return expr;
  });
  return { expr: tree, diagnostics };
}

function run<T>(text: string, options: ParseOptions, read: (tokens: PositionedTokens, expressions: ExpressionParser) => T): Parsed<T> {
  const maxLength = options.maxLength ?? 1_000_000;
  if (text.length > maxLength) {
    const span = { from: maxLength, to: maxLength };
    return {
      tree: null,
      diagnostics: [
        {
          code: "eql/too-long",
          severity: "error",
          summary: `The query is longer than ${maxLength} characters`,
          span,
          labels: [],
          help: "Split it into several rules.",
        },
      ],
    };
  }
  // Of its own, so that what is wrong with the characters does not crowd out what is wrong with the grammar before them.
  const lexical = new DiagnosticList(options.maxDiagnostics);
  const diagnostics = new DiagnosticList(options.maxDiagnostics);
  const tokens = new PositionedTokens(tokenizeInto(text, lexical), diagnostics, options.maxDepth ?? 250);
  let tree: T | null = null;
  try {
    tree = read(tokens, new ExpressionParser(tokens));
  } catch (error) {
    if (!(error instanceof Recover)) throw error;
  }
  diagnostics.addAll(lexical);
  return { tree: diagnostics.errors > 0 ? null : tree, diagnostics: diagnostics.sorted() };
}

/** A query without what all queries share. */
type Body = { [K in Query["kind"]]: Omit<Extract<Query, { kind: K }>, "span" | "pipes" | "comments"> }[Query["kind"]];

class StatementParser {
  readonly #t: PositionedTokens;
  readonly #e: ExpressionParser;

  constructor(tokens: PositionedTokens, expressions: ExpressionParser) {
    this.#t = tokens;
    this.#e = expressions;
  }

  query(): Query {
    const t = this.#t;
    const comments: QueryComment[] = t.comments;
    const start = t.peek();
    if (start.kind === "end")
      t.fail("eql/empty-query", "The query is empty", start.span, 'Write for example `process where process.name : "net.exe"`.');
    const head = t.keywordLike(start);
    const body = head === "sequence" || head === "join" ? this.#sequence(head) : head === "sample" ? this.#sample() : this.#event();
    const pipes = this.#pipes();
    if (t.peek().kind !== "end") t.unexpected("the end of the query");
    const span = { from: start.span.from, to: t.lastEnd() };
    return { ...body, span, pipes, comments };
  }

  #event(): Body {
    return { kind: "event", filter: this.#eventFilter(["|"]) };
  }

  /** `category where condition`; `stops` are symbols that end it. */
  #eventFilter(stops: readonly string[]): EventFilter {
    const t = this.#t;
    const start = t.peek();
    const category = this.#category();
    if (!t.takeKeyword("where")) {
      if (t.peek().kind === "symbol" && ["==", ":", "!=", "=", ".", "<", ">", "<=", ">="].includes(t.peek().text)) {
        t.report(
          "eql/missing-where",
          "An event query begins with a category and `where`",
          { from: start.span.from, to: t.peek().span.to },
          `Write \`any where ${start.text}...\`.`,
        );
        t.skipTo(stops);
        throw new Recover();
      }
      t.unexpected("`where`", "An event query is `category where condition`; `any where true` matches everything.");
    }
    const condition = this.#e.guarded(stops);
    return { span: { from: start.span.from, to: t.lastEnd() }, category, condition };
  }

  #category(): Category | null {
    const t = this.#t;
    const token = t.next();
    if (token.kind === "keyword" && token.text === "any") return null;
    if (t.keywordLike(token) === "any" && token.kind === "identifier") {
      t.report("eql/keyword-case", `Keywords are lower case: \`any\`, not \`${token.text}\``, token.span, null);
      return null;
    }
    if (token.kind === "identifier") return { span: token.span, value: token.value, form: "identifier" };
    if (token.kind === "string") return { span: token.span, value: token.value, form: token.form === "raw" ? "raw" : "quoted" };
    if (token.kind === "quoted-identifier")
      return t.fail("eql/back-quoted-category", "A category may not be in back quotes", token.span, `Write "${token.value}".`);
    if (token.kind === "keyword")
      return t.fail(
        "eql/keyword-as-category",
        `\`${token.text}\` is a keyword and cannot name a category here`,
        token.span,
        token.text === "where"
          ? "A query begins with a category, such as `process`, or with `any` for all: `any where ...`."
          : `Write "${token.text}" in double quotes.`,
      );
    if (token.kind === "end")
      return t.fail(
        "eql/unexpected-end",
        "Expected an event category, found the end of the query",
        token.span,
        "Write a category such as `process`, or `any`, then `where`.",
      );
    return t.fail(
      "eql/unexpected",
      `Expected an event category, found \`${token.text}\``,
      token.span,
      "Write a category such as `process`, or `any`, then `where`.",
    );
  }

  #sequence(kind: "sequence" | "join"): Body {
    const t = this.#t;
    t.next();
    const by: FieldExpr[] = t.takeKeyword("by") ? this.#keys() : [];
    let maxspan: Maxspan | null = null;
    if (kind === "sequence" && t.keywordLike(t.peek()) === "with") {
      maxspan = this.#maxspan();
      if (t.keywordLike(t.peek()) === "by")
        t.fail(
          "eql/by-after-with",
          "Please specify sequence [by] before [with] not after",
          t.peek().span,
          "Write `sequence by KEYS with maxspan=...`.",
        );
    }
    const items = this.#items();
    let until: SequenceItem | null = null;
    if (t.takeKeyword("until")) {
      if (!t.isSymbol("[") && !t.isSymbol("![")) t.unexpected("`[`", "`until` is followed by one event query in brackets.");
      until = this.#item();
    }
    return kind === "sequence" ? { kind, by, maxspan, items, until } : { kind, by, items, until };
  }

  #sample(): Body {
    const t = this.#t;
    t.next();
    const by = t.takeKeyword("by") ? this.#keys() : [];
    return { kind: "sample", by, items: this.#items() };
  }

  #keys(): FieldExpr[] {
    const keys: FieldExpr[] = [];
    do {
      const expr = this.#e.operand();
      if (expr.kind === "field") keys.push(expr);
      else
        this.#t.report(
          "eql/bad-key",
          "A join key must be a plain field",
          expr.span,
          "Compute nothing in `by`; add the value as a field where the events are made.",
        );
    } while (this.#t.takeSymbol(","));
    return keys;
  }

  #maxspan(): Maxspan {
    const t = this.#t;
    const start = t.next();
    if (!t.takeKeyword("maxspan")) t.unexpected("`maxspan`", "The header of a sequence allows only `with maxspan=...`.");
    if (!t.takeSymbol("=")) t.unexpected("`=`", "Write `with maxspan=5m`.");
    const negative = t.takeSymbol("-");
    const number = t.next();
    if (number.kind !== "integer" && number.kind !== "decimal")
      t.unexpectedToken(number, "a time span", "Write a number and a unit, such as `30s`, `5m` or `1h`.");
    const unit = t.peek();
    const attached = unit.span.from === number.span.to && (unit.kind === "identifier" || unit.kind === "keyword");
    if (attached) t.next();
    const text = `${negative ? "-" : ""}${number.text}${attached ? unit.text : ""}`;
    const span = { from: number.span.from, to: attached ? unit.span.to : number.span.to };
    const whole: Span = { from: start.span.from, to: span.to };
    if (number.kind === "decimal")
      t.report("eql/bad-maxspan", `Decimal time interval [${text}] not supported; please use an positive integer`, span, null);
    else if (!attached)
      t.report(
        "eql/bad-maxspan",
        `No time unit specified, did you mean [s] as in [${text}s]?`,
        span,
        "Units are ms, s, m, h, d, directly behind the number.",
      );
    else if (!isDurationUnit(unit.text))
      t.report("eql/bad-maxspan", `Unrecognized time unit [${unit.text}] in [${text}], please specify one of [ms, s, m, h, d]`, span, null);
    else if (negative || Number(number.text) <= 0)
      t.report("eql/bad-maxspan", `A positive maxspan value is required; found [${negative ? "-" : ""}${number.text}]`, span, null);
    else if (Number(number.text) > Number.MAX_SAFE_INTEGER / UNIT_MILLIS.d)
      t.report("eql/bad-maxspan", `The time span [${text}] is out of range`, span, null);
    return { span: whole, value: Number(number.text), unit: isDurationUnit(unit.text) ? unit.text : "s" };
  }

  #items(): SequenceItem[] {
    const t = this.#t;
    const items: SequenceItem[] = [];
    if (!t.isSymbol("[") && !t.isSymbol("!["))
      t.unexpected("`[`", "Each item of a sequence is an event query in brackets: `[process where ...]`.");
    while (t.isSymbol("[") || t.isSymbol("![")) {
      try {
        items.push(this.#item());
      } catch (error) {
        if (!(error instanceof Recover)) throw error;
        t.skipTo(["[", "![", "|"]);
      }
    }
    return items;
  }

  #item(): SequenceItem {
    const t = this.#t;
    const open = t.next();
    const filter = this.#eventFilter(["]", "|"]);
    if (!t.takeSymbol("]")) {
      if (t.peek().kind === "end" || t.isSymbol("[") || t.isSymbol("![") || t.isSymbol("|"))
        t.report("eql/unclosed-bracket", "The bracket is never closed", open.span, "Close it with `]`.");
      else t.unexpected("`and`, `or` or `]`");
    }
    const by = t.takeKeyword("by") ? this.#keys() : [];
    let runs = 1;
    let runsSpan: Span | null = null;
    if (t.keywordLike(t.peek()) === "with") {
      const start = t.next();
      if (t.peek().kind === "keyword" && t.peek().text === "maxspan")
        t.fail(
          "eql/maxspan-on-item",
          "[maxspan] belongs to the whole sequence",
          t.peek().span,
          "Write `sequence by KEYS with maxspan=... [..] [..]`.",
        );
      if (t.peek().kind !== "identifier" || t.peek().text !== "runs") t.unexpected("`runs`", "An item allows only `with runs=N`.");
      t.next();
      if (!t.takeSymbol("=")) t.unexpected("`=`", "Write `with runs=3`.");
      const negative = t.takeSymbol("-");
      const number = t.next();
      if (number.kind !== "integer") t.unexpectedToken(number, "a whole number", "Write `with runs=3`.");
      runs = Number(number.text) * (negative ? -1 : 1);
      runsSpan = join(start.span, number.span);
      if (t.keywordLike(t.peek()) === "by")
        t.fail("eql/by-after-with", "Please specify [by] before [with] not after", t.peek().span, "Write `[..] by KEYS with runs=N`.");
      if (runs < 1) t.report("eql/bad-runs", `A positive runs value is required; found [${runs}]`, runsSpan, null);
      else if (runs > 100)
        t.report(
          "eql/bad-runs",
          `A query cannot be repeated more than 100 times; found [${runs}]`,
          runsSpan,
          "Use a count over a window instead of many repeats.",
        );
    }
    return {
      span: { from: open.span.from, to: t.lastEnd() },
      missing: open.text === "![",
      filter,
      by,
      runs: Math.min(Math.max(runs, 1), 100),
      runsSpan,
    };
  }

  #pipes(): Pipe[] {
    const t = this.#t;
    const pipes: Pipe[] = [];
    while (t.isSymbol("|")) {
      const bar = t.next();
      if (t.isSymbol("|")) t.fail("eql/bad-operator", "`||` is not an operator", join(bar.span, t.peek().span), "Write `or`.");
      const name = t.next();
      if (name.kind !== "identifier" && name.kind !== "keyword")
        t.unexpectedToken(name, "the name of a pipe", "Pipes are `head N` and `tail N`.");
      const args: Expr[] = [];
      if (t.peek().kind !== "end" && !t.isSymbol("|")) {
        do args.push(this.#e.guarded([",", "|"]));
        while (t.takeSymbol(","));
      }
      pipes.push({ span: { from: bar.span.from, to: t.lastEnd() }, name: name.text, nameSpan: name.span, args });
    }
    return pipes;
  }
}
