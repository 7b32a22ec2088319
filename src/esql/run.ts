/** A query as a pipeline: events are pushed in, rows come out. What needs all rows (`stats`, `sort`) holds them, within a bound. */
import { prepareWildcard, type EventDocument, type Schema, type WildcardPart } from "../eql/index.ts";
import { EsqlError } from "./error.ts";
import { compileExpression, type CompileContext, type Compiled } from "./evaluate.ts";
import { EsqlLimitError } from "./limit.ts";
import { dissectOf, grokOf } from "./patterns.ts";
import { Scope, type Column, type Row } from "./scope.ts";
import { Grouping } from "./stats.ts";
import type { EsqlCommand, EsqlQuery, NamePattern } from "./tree.ts";
import { compareScalars, listOf, single, textOf, type EsqlValue } from "./value.ts";

export interface EsqlOptions {
  readonly schema: Schema;
  /** Epoch milliseconds that `now()` is. */
  readonly now: number;
  /** A value could not be computed and is null. */
  readonly onWarning?: (reason: string) => void;
}

export interface EsqlPipeline {
  /** Computed and kept columns, in order. */
  readonly columns: readonly Column[];
  /** Whether fields of the event that no column names belong to the result. */
  readonly isOpen: boolean;
  /** Whether a field of the event does. */
  readonly shows: (field: string) => boolean;
  /** Whether rows are events, each with what was computed of it; else they are groups. */
  readonly perEvent: boolean;
  /** @param origin what the event came from, for those who trace a row back. Throws an `EsqlLimitError`. */
  readonly push: (event: EventDocument, origin: unknown, metadata?: Readonly<Record<string, EsqlValue>>) => void;
  /** No more events. Throws an `EsqlLimitError`. */
  readonly end: () => void;
}

/** Rows that `sort` and `inline stats` hold. */
const MAX_ROWS = 1_000_000;

interface Stage {
  push(row: Row): void;
  end(): void;
}

/** Throws an `EsqlError` where the query names what there is not. */
export function esqlPipeline(query: EsqlQuery, options: EsqlOptions, onRow: (row: Row) => void): EsqlPipeline {
  const context: CompileContext = { schema: options.schema, now: options.now, warn: options.onWarning ?? (() => {}) };
  const builder = new Builder(context);
  const start = builder.source(query);
  for (const command of query.commands) builder.command(command);
  const first = builder.connect({ push: onRow, end: () => {} });
  const { scope } = builder;
  return {
    columns: scope.columns,
    isOpen: scope.isOpen,
    shows: (field) => scope.shows(field),
    perEvent: query.source.kind === "from" && query.commands.every((command) => command.kind !== "stats" || command.inline),
    push: (event, origin, metadata = {}) => {
      if (query.source.kind === "from") first.push({ event, metadata, slots: [], origins: [origin] });
    },
    end: () => {
      for (const row of start) first.push(row);
      first.end();
    },
  };
}

/** What a stage does, given the one behind it. */
type Link = (next: Stage) => Stage;

class Builder {
  scope: Scope;
  readonly #context: CompileContext;
  readonly #links: Link[] = [];

  constructor(context: CompileContext) {
    this.#context = context;
    this.scope = Scope.ofEvents(context.schema);
  }

  /** Rows that are there before any event. */
  source({ source }: EsqlQuery): readonly Row[] {
    if (source.kind === "from") return [];
    this.scope = Scope.empty(this.#context.schema);
    let row: Row = { event: null, metadata: {}, slots: [], origins: [] };
    for (const { name, value } of source.fields) {
      const compiled = compileExpression(value, this.scope, this.#context);
      row = { ...row, slots: [...row.slots, compiled.run(row)] };
      this.scope = this.scope.with([{ name, type: compiled.type }]);
    }
    return [row];
  }

  connect(last: Stage): Stage {
    return this.#links.reduceRight((next, link) => link(next), last);
  }

  command(command: EsqlCommand): void {
    switch (command.kind) {
      case "where": {
        const condition = this.#compile(command.condition);
        return this.#each((row, emit) => {
          if (condition.run(row) === true) emit(row);
        });
      }
      case "eval":
        for (const { name, value } of command.fields) {
          const compiled = this.#compile(value);
          this.scope = this.scope.with([{ name, type: compiled.type }]);
          this.#each((row, emit) => emit({ ...row, slots: [...row.slots, compiled.run(row)] }));
        }
        return;
      case "stats":
        return command.inline ? this.#inlineStats(command) : this.#stats(command);
      case "keep":
        this.scope = this.scope.keep(command.names.map((name) => this.#known(name)));
        return;
      case "drop": {
        const tests = command.names.map((name) => this.#known(name).test);
        this.scope = this.scope.drop((name) => tests.some((test) => test(name)));
        return;
      }
      case "rename":
        for (const { from, to, span } of command.pairs) {
          const renamed = this.scope.rename(from, to);
          if (renamed === null) throw new EsqlError("esql/unknown-column", `There is no column \`${from}\` here`, span);
          this.scope = renamed;
        }
        return;
      case "sort":
        return this.#sort(command);
      case "limit": {
        let left = command.count;
        return this.#each((row, emit) => {
          if (left-- > 0) emit(row);
        });
      }
      case "mv_expand": {
        const column = this.#compile({ kind: "name", name: command.name, span: command.span });
        this.scope = this.scope.with([{ name: command.name, type: column.type }]);
        return this.#each((row, emit) => {
          const value = column.run(row);
          const values: readonly EsqlValue[] = value === null ? [null] : listOf(value);
          for (const one of values) emit({ ...row, slots: [...row.slots, one] });
        });
      }
      case "grok":
        return this.#extract(
          this.#compile(command.value),
          command.patterns.map(({ text, span }) => grokOf(text, span)),
        );
      case "dissect":
        return this.#extract(this.#compile(command.value), [dissectOf(command.pattern, command.separator, command.patternSpan)]);
    }
  }

  #compile(expr: Parameters<typeof compileExpression>[0]): Compiled {
    return compileExpression(expr, this.scope, this.#context);
  }

  #each(step: (row: Row, emit: (row: Row) => void) => void): void {
    this.#links.push((next) => ({ push: (row) => step(row, (out) => next.push(out)), end: () => next.end() }));
  }

  #stats(command: Extract<EsqlCommand, { kind: "stats" }>): void {
    const empty = Scope.empty(this.#context.schema);
    const grouping = new Grouping(command, this.scope, empty, this.#context);
    this.scope = empty.with(grouping.columns);
    this.#links.push((next) => ({
      push: (row) => grouping.add(row),
      end: () => {
        for (const row of grouping.rows()) next.push(row);
        next.end();
      },
    }));
  }

  #inlineStats(command: Extract<EsqlCommand, { kind: "stats" }>): void {
    const grouping = new Grouping(command, this.scope, Scope.empty(this.#context.schema), this.#context);
    this.scope = this.scope.with(grouping.columns.slice(0, command.aggregates.length));
    this.#links.push((next) => {
      const rows = new Held("inline stats");
      return {
        push: (row) => {
          rows.add(row);
          grouping.add(row);
        },
        end: () => {
          for (const row of rows.all) next.push({ ...row, slots: [...row.slots, ...grouping.valuesFor(row)] });
          next.end();
        },
      };
    });
  }

  #sort({ keys }: Extract<EsqlCommand, { kind: "sort" }>): void {
    const compiled = keys.map(({ value, descending, nullsFirst }) => ({ ...this.#compile(value), descending, nullsFirst }));
    this.#links.push((next) => {
      const rows = new Held("sort");
      return {
        push: (row) => rows.add(row),
        end: () => {
          const keyed = rows.all.map((row) => ({ row, values: compiled.map(({ run }) => run(row)) }));
          keyed.sort((a, b) => {
            for (const [at, { descending, nullsFirst }] of compiled.entries()) {
              const order = compareForSort(a.values[at]!, b.values[at]!, descending, nullsFirst);
              if (order !== 0) return order;
            }
            return 0;
          });
          for (const { row } of keyed) next.push(row);
          next.end();
        },
      };
    });
  }

  /** The first pattern that fits gives its columns; where none does they are null. */
  #extract(value: Compiled, extractions: readonly ReturnType<typeof grokOf>[]): void {
    const columns = [...new Map(extractions.flatMap((one) => one.columns).map((column) => [column.name, column])).values()];
    this.scope = this.scope.with(columns);
    this.#each((row, emit) => {
      const text = single(value.run(row));
      let found: ReturnType<(typeof extractions)[number]["extract"]> = null;
      if (text !== null) for (const { extract } of extractions) if ((found = extract(textOf(text))) !== null) break;
      emit({ ...row, slots: [...row.slots, ...columns.map(({ name }) => valuesNamed(found ?? [], name))] });
    });
  }

  #known({ text, span }: NamePattern): { readonly text: string; readonly isPattern: boolean; readonly test: (name: string) => boolean } {
    const isPattern = text.includes("*");
    if (!isPattern && this.scope.find(text) === null)
      throw new EsqlError(
        "esql/unknown-column",
        `There is no column \`${text}\` here`,
        span,
        "Behind `stats` and `keep` only the columns that they name are left.",
      );
    const parts: WildcardPart[] = text
      .split(/(\*)/)
      .filter((piece) => piece !== "")
      .map((piece) => (piece === "*" ? { kind: "any" } : { kind: "literal", text: piece }));
    return { text, isPattern, test: prepareWildcard(parts, false).test };
  }
}

class Held {
  readonly all: Row[] = [];
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  add(row: Row): void {
    if (this.all.length >= MAX_ROWS) throw new EsqlLimitError(`\`${this.#what}\` holds more than ${MAX_ROWS} rows`);
    this.all.push(row);
  }
}

function valuesNamed(captures: readonly { readonly name: string; readonly value: string | number }[], name: string): EsqlValue {
  const values = captures.filter((one) => one.name === name).map(({ value }) => value);
  return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
}

/** Of several values the least counts, or the greatest in descending order. */
function compareForSort(a: EsqlValue, b: EsqlValue, descending: boolean, nullsFirst: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
  const edge = (value: EsqlValue): ReturnType<typeof single> =>
    listOf(value).reduce((best, one) => (compareScalars(one, best) < 0 === !descending ? one : best));
  const order = compareScalars(edge(a)!, edge(b)!);
  return Number.isNaN(order) ? 0 : descending ? -order : order;
}
