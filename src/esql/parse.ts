/** Text -> tree: a source, and commands joined by `|`. */
import type { Diagnostic } from "../eql/index.ts";
import { EsqlError } from "./error.ts";
import { ExpressionParser, join } from "./parse-expression.ts";
import { tokenize } from "./tokens.ts";
import type { Aggregate, Assignment, EsqlCommand, EsqlExpr, EsqlQuery, FromCommand, NamePattern, RowCommand, SortCommand } from "./tree.ts";

export interface ParsedEsql {
  readonly query: EsqlQuery | null;
  /** The first thing that is wrong. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a whole query. Never throws. */
export function parseEsql(text: string): ParsedEsql {
  try {
    return { query: new QueryParser(text).query(), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof EsqlError)) throw error;
    return { query: null, diagnostics: [error.diagnostic] };
  }
}

/** Commands of Elasticsearch's that need what a folder of logs does not have. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["completion", "it asks a language model"],
  ["rerank", "it asks a language model"],
  ["enrich", "it needs an enrich policy of a cluster"],
  ["lookup", "it needs another index"],
  ["fork", "branches are not run"],
  ["fuse", "branches are not run"],
  ["sample", "a sample is another each time"],
  ["change_point", "it needs Elastic's models"],
  ["show", "there is no cluster"],
  ["ts", "metrics are not read"],
]);

const COMMANDS = [
  "where",
  "eval",
  "stats",
  "inline",
  "inlinestats",
  "keep",
  "drop",
  "rename",
  "sort",
  "limit",
  "mv_expand",
  "grok",
  "dissect",
];

class QueryParser extends ExpressionParser {
  readonly #text: string;

  constructor(text: string) {
    super(tokenize(text));
    this.#text = text;
  }

  query(): EsqlQuery {
    const source = this.#source();
    const commands: EsqlCommand[] = [];
    while (this.takeSymbol("|")) commands.push(this.#command());
    if (this.peek().kind !== "end") this.unexpected("`|`");
    return { span: { from: source.span.from, to: this.lastEnd() }, source, commands };
  }

  #source(): FromCommand | RowCommand {
    const start = this.peek();
    if (this.takeWord("row")) {
      const fields = this.#assignments();
      return { kind: "row", fields, span: { from: start.span.from, to: this.lastEnd() } };
    }
    if (!this.takeWord("from")) return this.#elsewhere("`from` or `row`");
    const patterns = [this.#pattern(["|", ","], "metadata").text];
    while (this.takeSymbol(",")) patterns.push(this.#pattern(["|", ","], "metadata").text);
    const metadata: string[] = [];
    if (this.takeWord("metadata")) {
      do metadata.push(this.name().name);
      while (this.takeSymbol(","));
    }
    return { kind: "from", patterns, metadata, span: { from: start.span.from, to: this.lastEnd() } };
  }

  #command(): EsqlCommand {
    const start = this.peek();
    const word = start.kind === "name" ? start.text.toLowerCase() : "";
    if (!COMMANDS.includes(word)) return this.#elsewhere("a command");
    this.next();
    const from = start.span.from;
    switch (word) {
      case "where": {
        const condition = this.expression();
        return { kind: "where", condition, span: join(start.span, condition.span) };
      }
      case "eval": {
        const fields = this.#assignments();
        return { kind: "eval", fields, span: { from, to: this.lastEnd() } };
      }
      case "inline":
        if (!this.takeWord("stats")) this.unexpected("`stats`");
        return this.#stats(from, true);
      case "inlinestats":
      case "stats":
        return this.#stats(from, word === "inlinestats");
      case "keep":
      case "drop": {
        const names = [this.#pattern(["|", ","])];
        while (this.takeSymbol(",")) names.push(this.#pattern(["|", ","]));
        return { kind: word, names, span: { from, to: this.lastEnd() } };
      }
      case "rename": {
        const pairs: { from: string; to: string; span: { from: number; to: number } }[] = [];
        do {
          const first = this.name();
          const isAssignment = this.takeSymbol("=");
          if (!isAssignment && !this.takeWord("as")) this.unexpected("`as`");
          const second = this.name();
          const [old, now] = isAssignment ? [second, first] : [first, second];
          pairs.push({ from: old.name, to: now.name, span: join(first.span, second.span) });
        } while (this.takeSymbol(","));
        return { kind: "rename", pairs, span: { from, to: this.lastEnd() } };
      }
      case "sort": {
        const keys: SortCommand["keys"][number][] = [];
        do keys.push(this.#sortKey());
        while (this.takeSymbol(","));
        return { kind: "sort", keys, span: { from, to: this.lastEnd() } };
      }
      case "limit": {
        const count = this.expect("integer", "a number");
        return { kind: "limit", count: Number(count.text), span: join(start.span, count.span) };
      }
      case "mv_expand": {
        const column = this.name();
        return { kind: "mv_expand", name: column.name, span: join(start.span, column.span) };
      }
      case "grok": {
        const value = this.expression();
        const patterns: { text: string; span: { from: number; to: number } }[] = [];
        do {
          const pattern = this.expect("string", "a pattern in quotes");
          patterns.push({ text: pattern.value, span: pattern.span });
        } while (this.takeSymbol(","));
        return { kind: "grok", value, patterns, span: { from, to: this.lastEnd() } };
      }
      default: {
        const value = this.expression();
        const pattern = this.expect("string", "a pattern in quotes");
        let separator = "";
        if (this.takeWord("append_separator")) {
          this.symbol("=");
          separator = this.expect("string", "a text").value;
        }
        return { kind: "dissect", value, pattern: pattern.value, patternSpan: pattern.span, separator, span: { from, to: this.lastEnd() } };
      }
    }
  }

  #stats(from: number, inline: boolean): EsqlCommand {
    const aggregates: Aggregate[] = [];
    if (!this.isWord("by")) {
      do {
        const one = this.#assignment();
        const where = this.takeWord("where") ? this.expression() : null;
        aggregates.push({ ...one, where });
      } while (this.takeSymbol(","));
    }
    const by = this.takeWord("by") ? this.#assignments() : [];
    return { kind: "stats", inline, aggregates, by, span: { from, to: this.lastEnd() } };
  }

  #sortKey(): SortCommand["keys"][number] {
    const value = this.expression();
    const descending = this.takeWord("desc");
    if (!descending) this.takeWord("asc");
    // A missing value counts as larger than any other.
    let nullsFirst = descending;
    if (this.takeWord("nulls")) {
      nullsFirst = this.takeWord("first");
      if (!nullsFirst && !this.takeWord("last")) this.unexpected("`first` or `last`");
    }
    return { value, descending, nullsFirst };
  }

  #assignments(): Assignment[] {
    const fields = [this.#assignment()];
    while (this.takeSymbol(",")) fields.push(this.#assignment());
    return fields;
  }

  #assignment(): Assignment {
    const start = this.at;
    if (["name", "quoted-name"].includes(this.peek().kind)) {
      const name = this.name();
      if (this.takeSymbol("=")) {
        const value = this.expression();
        return { name: name.name, value, span: join(name.span, value.span) };
      }
      this.at = start;
    }
    const value: EsqlExpr = this.expression();
    const name = value.kind === "name" ? value.name : this.#text.slice(value.span.from, value.span.to);
    return { name, value, span: value.span };
  }

  /** A name with `*` in it, or an index pattern: everything up to a blank or what ends it. */
  #pattern(ends: readonly string[], word?: string): NamePattern {
    const first = this.peek();
    let text = "";
    let to = first.span.from;
    for (;;) {
      const token = this.peek();
      if (token.kind === "end" || (token.kind === "symbol" && ends.includes(token.text))) break;
      if (text !== "" && token.span.from > to) break;
      if (text === "" && word !== undefined && token.text.toLowerCase() === word) break;
      text += this.next().value;
      to = token.span.to;
    }
    return text === "" ? this.unexpected("a name") : { text, span: { from: first.span.from, to } };
  }

  #elsewhere(expected: string): never {
    const token = this.peek();
    const why = ELSEWHERE.get(token.text.toLowerCase());
    if (why !== undefined) throw new EsqlError("esql/not-supported", `\`${token.text}\` does not run here: ${why}`, token.span);
    if (token.kind === "name" && expected === "a command")
      throw new EsqlError(
        "esql/unknown-command",
        `There is no command \`${token.text}\``,
        token.span,
        `Commands are ${COMMANDS.join(", ")}.`,
      );
    return this.unexpected(expected);
  }
}
