/**
 * SQL over ECS columns, for DuckDB and ClickHouse: a table `events` with one column per field of ECS.
 *
 * A column that ECS says holds several values is a list of texts, an ordinary one is what its type says: numbers are BIGINT or DOUBLE,
 * booleans BOOLEAN, everything else VARCHAR, `@timestamp` TIMESTAMP. A test of a missing value is null in SQL; every test is made
 * certain, so that `NOT` means what it means in EQL.
 */
import { ecsField } from "../../../ecs/index.ts";
import type { Expr, SequenceQuery, Span, WildcardPart } from "../../../eql/index.ts";
import type { Folded, Unsupported } from "../../fold.ts";
import { formulaOf, type Formula, type Test, type TextTest, type ValueTest } from "../../formula.ts";
import { indented, infix, type Fragment } from "../../infix.ts";
import { pcreOf } from "../../regex/pcre.ts";
import { LossList } from "../../loss-list.ts";
import type { TranslationRequest, Translation } from "../../translation.ts";

/** What the two databases say differently. Operands are SQL; the results are SQL of a truth value, null where the operand is. */
export interface SqlFlavour {
  /** A column, quoted. */
  readonly name: (field: string) => string;
  readonly lower: (text: string) => string;
  /** Anywhere in the text. */
  readonly regex: (text: string, source: string, flags: string) => string;
  /** A pattern of `LIKE` whose `!` escapes. */
  readonly like: (text: string, pattern: string, insensitive: boolean) => string;
  /** True where one value of the list passes. */
  readonly some: (list: string, test: (value: string) => string) => string;
  /** True where the list holds the literal. */
  readonly has: (list: string, literal: string) => string;
  readonly notEmpty: (list: string) => string;
  readonly cidr: (address: string, block: string) => string | Unsupported;
  readonly text: (value: string) => string;
  readonly number: (value: string, whole: boolean) => string;
  readonly length: (text: string) => string;
  /** A literal. */
  readonly string: (text: string) => string;
  readonly time: (milliseconds: number) => string;
  readonly lastBefore: (value: string) => string;
}

export type SqlType = "text" | "long" | "double" | "boolean" | "ip" | "time" | "list";

/** The column's type by ECS; what ECS does not know is text. */
export function sqlType(field: string): SqlType {
  const known = ecsField(field);
  if (known === undefined) return "text";
  if (known.array) return "list";
  switch (known.type) {
    case "long":
    case "integer":
    case "short":
    case "byte":
    case "unsigned_long":
      return "long";
    case "double":
    case "float":
    case "half_float":
    case "scaled_float":
      return "double";
    case "boolean":
      return "boolean";
    case "date":
    case "date_nanos":
      return "time";
    case "ip":
      return "ip";
    default:
      return "text";
  }
}

export function translateSql(request: TranslationRequest, flavour: SqlFlavour): Translation {
  const losses = new LossList();
  const writer = new SqlWriter(request, flavour, losses);
  const { query } = request;
  let tail = "";
  const time = flavour.name("@timestamp");
  for (const pipe of query.pipes) {
    const name = pipe.name.toLowerCase();
    const [count] = pipe.args;
    if (name === "head" && count?.kind === "number" && tail === "") tail = `\nORDER BY ${time}\nLIMIT ${count.value}`;
    else if (name === "tail" && count?.kind === "number" && tail === "") tail = `\nORDER BY ${time} DESC\nLIMIT ${count.value}`;
    else {
      losses.add({ effect: "untranslatable", span: pipe.span, reason: `The pipe \`${pipe.name}\` is not carried over`, advice: null });
      return { text: "", files: [], losses: losses.list };
    }
  }
  switch (query.kind) {
    case "event": {
      const where = writer.where(formulaOf(query.filter));
      const text = where === null ? "" : `SELECT *\nFROM events${where === "" ? "" : `\nWHERE ${where}`}${tail}\n`;
      return { text, files: [], losses: losses.forText(text, query.span) };
    }
    case "sequence": {
      const found = writer.sequence(query);
      const text = found === null ? "" : `${found}${tail}\n`;
      return { text, files: [], losses: losses.forText(text, query.span) };
    }
    default:
      losses.add({
        effect: "untranslatable",
        span: query.span,
        reason: `There is nothing like \`${query.kind}\``,
        advice: "Run it with Tocsin.",
      });
      return { text: "", files: [], losses: losses.forText("", query.span) };
  }
}

class SqlWriter {
  readonly #request: TranslationRequest;
  readonly #flavour: SqlFlavour;
  readonly #losses: LossList;

  constructor(request: TranslationRequest, flavour: SqlFlavour, losses: LossList) {
    this.#request = request;
    this.#flavour = flavour;
    this.#losses = losses;
  }

  /** "" where it always holds; null where nothing of it can be said. */
  where(formula: Formula): string | null {
    const folded: Folded<Fragment> = infix(
      formula,
      {
        and: "AND",
        or: "OR",
        not: (operand) =>
          `NOT coalesce(${operand.startsWith("(") && operand.endsWith(")") ? operand.slice(1, -1).trim() : operand}, FALSE)`,
        indent: "  ",
        test: (test, positive) => this.#test(test, positive),
      },
      this.#losses.add,
    );
    if (folded.kind === "lost") return null;
    return folded.kind === "constant" ? (folded.value ? "" : "FALSE") : folded.value.text;
  }

  #column(field: string): { readonly name: string; readonly type: SqlType } {
    return { name: this.#flavour.name(this.#request.fields.get(field) ?? field), type: sqlType(field) };
  }

  #test(test: Test, positive: boolean): string | boolean | Unsupported {
    if (test.kind === "any-field") return { unsupported: "A search over every column is none of SQL's", advice: "Name the fields." };
    if (test.kind === "computed") return this.#computed(test.expr);
    const { name, type } = this.#column(test.field);
    if (test.kind === "exists") return type === "list" ? this.#flavour.notEmpty(name) : `${name} IS NOT NULL`;
    if (type === "list") {
      const inner = (value: string): string | Unsupported => this.#value(test, value, "text", positive);
      const [first, ...others] = test.kind === "text" && !test.insensitive ? test.patterns : [];
      const [only, ...more] = first?.parts ?? [];
      if (only?.kind === "literal" && more.length === 0 && others.length === 0)
        return this.#flavour.has(name, this.#flavour.string(only.text));
      const probe = inner("x");
      if (typeof probe !== "string") return probe;
      return this.#flavour.some(name, (value) => inner(value) as string);
    }
    return this.#value(test, name, type, positive);
  }

  /** A test of one value, null where that is. */
  #value(
    test: Exclude<Test, { kind: "any-field" | "computed" | "exists" }>,
    value: string,
    type: SqlType,
    positive: boolean,
  ): string | Unsupported {
    const text = type === "text" || type === "ip" ? value : this.#flavour.text(value);
    switch (test.kind) {
      case "text":
        if (type === "long" || type === "double") return this.#numberTexts(test, value, text);
        return this.#texts(test, text);
      case "regex": {
        const parts: string[] = [];
        for (const pattern of test.patterns) {
          const told = pcreOf(pattern, test.insensitive);
          if ("unsupported" in told) return told;
          parts.push(this.#flavour.regex(text, told.source, told.flags));
        }
        return either(parts);
      }
      case "value":
        return this.#compared(test, value, type);
      case "cidr": {
        const parts: string[] = [];
        for (const block of test.blocks) {
          const told = this.#flavour.cidr(text, block);
          if (typeof told === "string") parts.push(told);
          else if (test.blocks.length === 1) return told;
          else
            this.#losses.add({
              effect: positive ? "narrower" : "wider",
              span: test.span,
              reason: `${told.unsupported}: the block ${block} is left out`,
              advice: told.advice ?? null,
            });
        }
        return parts.length === 0 ? { unsupported: "None of the blocks can be tested" } : either(parts);
      }
    }
  }

  /** A whole text that is a number is compared as one. */
  #numberTexts(test: TextTest, value: string, text: string): string {
    const numbers = test.patterns.map(({ parts: [only, ...more] }) =>
      only?.kind === "literal" && more.length === 0 && /^-?\d{1,15}$/.test(only.text) ? only.text : null,
    );
    return numbers.every((number) => number !== null)
      ? numbers.length === 1
        ? `${value} = ${numbers[0]!}`
        : `${value} IN (${numbers.join(", ")})`
      : this.#texts(test, text);
  }

  #texts(test: TextTest, text: string): string {
    const { lower, string, like } = this.#flavour;
    const equals: string[] = [];
    const parts: string[] = [];
    for (const { parts: of } of test.patterns) {
      const [only] = of;
      if (of.length === 0) parts.push(`${text} = ''`);
      else if (of.length === 1 && only!.kind === "any") parts.push(`${text} IS NOT NULL`);
      else if (of.length === 1 && only!.kind === "literal") equals.push(string(test.insensitive ? folded(only!.text) : only!.text));
      else parts.push(like(text, likePattern(of), test.insensitive));
    }
    if (equals.length > 0) {
      const subject = test.insensitive ? lower(text) : text;
      parts.unshift(equals.length === 1 ? `${subject} = ${equals[0]!}` : `${subject} IN (${equals.join(", ")})`);
    }
    return either(parts);
  }

  #compared(test: ValueTest, value: string, type: SqlType): string | Unsupported {
    const op = test.op === "==" ? "=" : test.op;
    if (typeof test.value === "boolean")
      return type === "boolean"
        ? `${value} = ${test.value ? "TRUE" : "FALSE"}`
        : `${type === "text" ? value : this.#flavour.text(value)} = '${test.value}'`;
    if (typeof test.value === "string") {
      if (type !== "text") return { unsupported: `\`${test.field}\` is put in order by its own type, which a text is not of` };
      return `${value} ${op} ${this.#flavour.string(test.value)}`;
    }
    if (type === "long" || type === "double") return `${value} ${op} ${test.value}`;
    if (type === "text") return `${this.#flavour.number(value, Number.isInteger(Number(test.value)))} ${op} ${test.value}`;
    return { unsupported: `\`${test.field}\` is no number` };
  }

  #computed(expr: Expr): string | Unsupported {
    if (expr.kind === "comparison") {
      const left = this.#operand(expr.left);
      const right = this.#operand(expr.right);
      if (left === null || right === null) return { unsupported: "This computation is not carried over to SQL" };
      const op = expr.op === "==" ? "=" : expr.op === "!=" ? "<>" : expr.op;
      if (left.type !== right.type) return { unsupported: "Values of different types are compared" };
      return `${left.sql} ${op} ${right.sql}`;
    }
    return { unsupported: "This computation is not carried over to SQL" };
  }

  #operand(expr: Expr): { readonly sql: string; readonly type: "text" | "number" } | null {
    switch (expr.kind) {
      case "number":
        return { sql: String(expr.value), type: "number" };
      case "string":
        return { sql: this.#flavour.string(expr.value), type: "text" };
      case "field": {
        const { name, type } = this.#column(expr.name);
        if (type === "text" || type === "ip") return { sql: name, type: "text" };
        return type === "long" || type === "double" ? { sql: name, type: "number" } : null;
      }
      case "call": {
        const [only, ...more] = expr.args;
        if (expr.name.toLowerCase() !== "length" || only === undefined || more.length > 0) return null;
        const operand = this.#operand(only);
        return operand?.type === "text" ? { sql: this.#flavour.length(operand.sql), type: "number" } : null;
      }
      default:
        return null;
    }
  }

  /**
   * Each event that satisfies an item is a row; the rows of one key in order of time carry on the start of the latest row that satisfied
   * the item before. An event may satisfy several items: it counts for the later ones first, as in EQL.
   */
  sequence(query: SequenceQuery): string | null {
    const reportLoss = (effect: "wider" | "narrower" | "untranslatable", span: Span, reason: string): null => {
      this.#losses.add({ effect, span, reason, advice: null });
      return null;
    };
    const items: { readonly item: SequenceQuery["items"][number]; readonly runs: number }[] = [];
    for (const item of query.items) {
      if (item.missing) reportLoss("wider", item.span, "A missing event is left out: the others alone are a match");
      else items.push({ item, runs: item.runs });
    }
    if (items.length === 0) return reportLoss("untranslatable", query.span, "Nothing is left of the sequence");
    reportLoss("wider", query.span, "An event may end several matches: what was matched is not used up");
    const steps: { readonly step: number; readonly of: SequenceQuery["items"][number] }[] = [];
    for (const { item, runs } of items) for (let run = 0; run < runs; run++) steps.push({ step: steps.length + 1, of: item });
    const until = query.until === null ? [] : [{ step: 0, of: query.until }];
    const tables: string[] = [];
    for (const { step, of } of [...steps, ...until]) {
      const where = this.where(formulaOf(of.filter));
      if (where === null) return reportLoss("untranslatable", of.span, "An event of the sequence cannot be said");
      const keys = [...query.by, ...of.by].map((field, at) => ({
        field,
        sql: `${this.#flavour.text(this.#column(field.name).name)} AS key${at + 1}`,
      }));
      const present = keys.filter(({ field }) => !field.optional).map(({ field }) => `${this.#column(field.name).name} IS NOT NULL`);
      const list = keys.find(({ field }) => sqlType(field.name) === "list");
      if (list !== undefined)
        return reportLoss("untranslatable", list.field.span, `\`${list.field.name}\` holds several values, and each is a key`);
      const conditions = [...(where === "" ? [] : [where.includes("\n") || / OR /.test(where) ? `(${where})` : where]), ...present];
      tables.push(
        `SELECT ${[`${step} AS step`, ...keys.map(({ sql }) => sql), "*"].join(", ")}\nFROM events${conditions.length === 0 ? "" : `\nWHERE ${conditions.join(" AND ")}`}`,
      );
    }
    const time = this.#flavour.name("@timestamp");
    const keyCount = query.by.length + (items[0]?.item.by.length ?? 0);
    const names = Array.from({ length: keyCount }, (_, at) => `key${at + 1}`);
    const partition = names.length === 0 ? "" : `PARTITION BY ${names.join(", ")} `;
    const span =
      query.maxspan === null ? null : query.maxspan.value * { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[query.maxspan.unit];
    const before = `(${partition}ORDER BY ${time}, step DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
    const last = (value: string): string => `${this.#flavour.lastBefore(value)} OVER ${before}`;
    const lines = [`WITH rows0 AS (\n${indented(tables.join("\nUNION ALL\n"), "  ")}\n)`];
    const ended = until.length === 0 ? "" : `, ${last(`CASE WHEN step = 0 THEN ${time} END`)} AS ended`;
    lines.push(`rows1 AS (\n  SELECT *, CASE WHEN step = 1 THEN ${time} END AS start1${ended}\n  FROM rows0\n)`);
    for (const { step } of steps.slice(1)) {
      lines.push(`held${step} AS (\n  SELECT *, ${last(`start${step - 1}`)} AS before${step}\n  FROM rows${step - 1}\n)`);
      const within = [
        `step = ${step}`,
        // Events of the same time are in no order.
        ...(span === null ? [] : [`${time} - before${step} <= ${this.#flavour.time(span)}`]),
        ...(until.length === 0 ? [] : [`(ended IS NULL OR ended < before${step})`]),
      ];
      lines.push(
        `rows${step} AS (\n  SELECT *, CASE WHEN ${within.join(" AND ")} THEN before${step} END AS start${step}\n  FROM held${step}\n)`,
      );
    }
    return `${lines.join(",\n")}\nSELECT *\nFROM rows${steps.length}\nWHERE start${steps.length} IS NOT NULL`;
  }
}

function either(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
}

/** As `lower` of the databases does for what the engine folds: Unicode's simple mapping. */
function folded(text: string): string {
  return [...text].map((char) => (char === "\u0130" ? "i" : char.toLowerCase())).join("");
}

/** `%` and `_`, escaped by `!` where they are meant. */
function likePattern(parts: readonly WildcardPart[]): string {
  return parts.map((part) => (part.kind === "any" ? "%" : part.kind === "one" ? "_" : part.text.replaceAll(/[!%_]/g, "!$&"))).join("");
}
