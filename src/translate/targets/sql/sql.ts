/**
 * SQL over ECS columns, for DuckDB and ClickHouse: a table `events` with one column per field of ECS.
 *
 * A column of several values by ECS is a list of texts; any other has the type of its field: numbers are BIGINT or DOUBLE,
 * booleans BOOLEAN, everything else VARCHAR, `@timestamp` TIMESTAMP. A test of a missing value is null in SQL; every test is made
 * certain, so that `NOT` means what it means in EQL.
 */
import { durationMillis, type EventFilter, type Query, type SequenceItem, type SequenceQuery } from "../../../eql/index.ts";
import { conditionText, type Dialect } from "../../dialect.ts";
import { fieldType } from "../../field-type.ts";
import { conditionOf } from "../../condition.ts";
import { indented } from "../../infix.ts";
import { LossList } from "../../loss-list.ts";
import { presentEvents, SEQUENCE } from "../../sequence.ts";
import { noPipe, noQuery } from "../../translator.ts";
import type { TranslationRequest, Translation } from "../../translation.ts";
import { sqlDialect, type SqlFlavour } from "./sql-dialect.ts";

export function translateSql(request: TranslationRequest, flavour: SqlFlavour): Translation {
  const losses = new LossList();
  const text = new SqlWriter(request, flavour, losses).statement() ?? "";
  return { text, files: [], losses: losses.forText(text, request.query.span) };
}

class SqlWriter {
  readonly #query: Query;
  readonly #flavour: SqlFlavour;
  readonly #dialect: Dialect;
  readonly #losses: LossList;
  readonly #name: (field: string) => string;
  readonly #time: string;

  constructor({ query, fields }: TranslationRequest, flavour: SqlFlavour, losses: LossList) {
    this.#query = query;
    this.#flavour = flavour;
    this.#losses = losses;
    this.#name = (field) => flavour.name(fields.get(field) ?? field);
    this.#dialect = sqlDialect(flavour, this.#name);
    this.#time = flavour.name("@timestamp");
  }

  /** Null where there is none; the losses say why. */
  statement(): string | null {
    const query = this.#query;
    const limit = this.#limit();
    if (limit === null) return null;
    switch (query.kind) {
      case "event": {
        const where = this.#where(query.filter);
        return where === null ? null : `SELECT *\nFROM events${where === "" ? "" : `\nWHERE ${where}`}${limit}\n`;
      }
      case "sequence": {
        const sequence = this.#sequence(query);
        return sequence === null ? null : `${sequence}${limit}\n`;
      }
      default: {
        const { reason, advice } = noQuery(query);
        return this.#losses.report("untranslatable", query.span, reason, advice);
      }
    }
  }

  /** Order and number of the rows: `head` or `tail`, once. */
  #limit(): string | null {
    let limit = "";
    for (const { name, args, span } of this.#query.pipes) {
      const end = name.toLowerCase();
      const [count] = args;
      if ((end !== "head" && end !== "tail") || count?.kind !== "number" || limit !== "")
        return this.#losses.report("untranslatable", span, noPipe(name));
      limit = `\nORDER BY ${this.#time}${end === "tail" ? " DESC" : ""}\nLIMIT ${count.value}`;
    }
    return limit;
  }

  #where(filter: EventFilter): string | null {
    return conditionText(conditionOf(filter), this.#dialect, { columns: new Map(), reportLoss: this.#losses.add })?.text ?? null;
  }

  /**
   * Each event that satisfies an item is a row; the rows of one key in order of time carry on the start of the latest row that satisfied
   * the item before. An event may satisfy several items: it counts for the later ones first, as in EQL.
   */
  #sequence(query: SequenceQuery): string | null {
    const losses = this.#losses;
    const items = presentEvents(query, losses);
    if (items.length === 0) return losses.report("untranslatable", query.span, SEQUENCE.nothing);
    losses.report("wider", query.span, SEQUENCE.reused);
    const steps: { readonly step: number; readonly of: SequenceItem }[] = [];
    for (const item of items) for (let run = 0; run < item.runs; run++) steps.push({ step: steps.length + 1, of: item });
    const until = query.until === null ? [] : [{ step: 0, of: query.until }];
    const tables: string[] = [];
    for (const { step, of } of [...steps, ...until]) {
      const where = this.#where(of.filter);
      if (where === null) return losses.report("untranslatable", of.span, SEQUENCE.event);
      const keys = [...query.by, ...of.by].map((field, at) => ({
        field,
        sql: `${this.#flavour.text(this.#name(field.name))} AS key${at + 1}`,
      }));
      const present = keys.filter(({ field }) => !field.optional).map(({ field }) => `${this.#name(field.name)} IS NOT NULL`);
      const list = keys.find(({ field }) => fieldType(field.name).several);
      if (list !== undefined)
        return losses.report("untranslatable", list.field.span, `\`${list.field.name}\` holds several values, and each is a key`);
      const conditions = [...(where === "" ? [] : [where.includes("\n") || / OR /.test(where) ? `(${where})` : where]), ...present];
      tables.push(
        `SELECT ${[`${step} AS step`, ...keys.map(({ sql }) => sql), "*"].join(", ")}\nFROM events${conditions.length === 0 ? "" : `\nWHERE ${conditions.join(" AND ")}`}`,
      );
    }
    const time = this.#time;
    const keyCount = query.by.length + (items[0]?.by.length ?? 0);
    const names = Array.from({ length: keyCount }, (_, at) => `key${at + 1}`);
    const partition = names.length === 0 ? "" : `PARTITION BY ${names.join(", ")} `;
    const span = query.maxspan === null ? null : durationMillis(query.maxspan);
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
