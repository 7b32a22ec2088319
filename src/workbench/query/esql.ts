/** A query in ES|QL over whatever is read: a sink for the readers. */
import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import { esqlPipeline, parseEsql, EsqlError, toJson, type Column, type EsqlPipeline, type EsqlQuery, type Row } from "../../esql/index.ts";
import type { Diagnostic, EventDocument, Schema } from "../../eql/index.ts";
import type { LogLocation, LogRecord, Problem, Sink } from "../../readers/index.ts";
import { columnDoubts } from "./column-doubts.ts";
import { foreignLanguage, type LooksLike } from "./language.ts";
import { flatten } from "../flatten.ts";
import { TimeSpan } from "../hunt/time-span.ts";
import { EventScope, NOT_NARROWED, type EventNarrowing, type EventsLeftOut } from "../narrowing/event-narrowing.ts";

export interface ReadEsql {
  /** Null where an error was found. */
  readonly query: EsqlQuery | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Another language that the text looks like, where it could not be read. */
  readonly looksLike: LooksLike | null;
}

/** Parses a query, and tries whether it can be run. */
export function readEsql(text: string, schema: Schema): ReadEsql {
  const { query, diagnostics } = parseEsql(text);
  if (query === null) return { query, diagnostics, looksLike: foreignLanguage(text, "esql", true) };
  try {
    esqlPipeline(query, { schema, now: 0 }, () => {});
    return { query, diagnostics: [...diagnostics, ...columnDoubts(query, schema)], looksLike: null };
  } catch (error) {
    if (!(error instanceof EsqlError)) throw error;
    return { query: null, diagnostics: [error.diagnostic], looksLike: null };
  }
}

export interface EsqlRunOptions {
  readonly schema: Schema;
  readonly now: number;
  readonly strictElastic?: boolean;
  /** The query sees only events that fit. */
  readonly narrowing?: EventNarrowing;
  /** Takes every event that fits the narrowing, before the query looks at it. */
  readonly onEvent?: (event: EventDocument) => void;
  /** Rows as they come: of events at once, of groups at the end. */
  readonly onRow: (row: EsqlRow) => void;
}

export interface EsqlRow {
  /** Columns by name, as JSON has them; with an open result the event's fields too, flat. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The event of the row; null for a group. */
  readonly event: EventDocument | null;
}

export class EsqlRun implements Sink {
  /** Columns that the query names, in order. */
  readonly columns: readonly string[];
  /** Whether the rows have fields beside them. */
  readonly isOpen: boolean;
  /** Rows are events, not groups. */
  readonly perEvent: boolean;
  /** Why values could not be computed, and how often. */
  readonly warnings = new Map<string, number>();
  readonly #pipeline: EsqlPipeline;
  readonly #normaliser;
  readonly #columns: readonly Column[];
  readonly #scope: EventScope;
  readonly #onEvent: (event: EventDocument) => void;
  readonly #span = new TimeSpan();
  #events = 0;
  #rows = 0;

  constructor(query: EsqlQuery, { schema, now, strictElastic, narrowing, onEvent, onRow }: EsqlRunOptions) {
    this.#onEvent = onEvent ?? (() => {});
    this.#scope = new EventScope(narrowing ?? NOT_NARROWED);
    this.#normaliser = createNormaliser({ strictElastic: strictElastic ?? false });
    this.#pipeline = esqlPipeline(
      query,
      { schema, now, onWarning: (reason) => this.warnings.set(reason, (this.warnings.get(reason) ?? 0) + 1) },
      (row) => {
        this.#rows++;
        onRow({ values: this.#values(row), event: this.perEvent ? row.event : null });
      },
    );
    this.#columns = this.#pipeline.columns;
    this.columns = this.#columns.map(({ name }) => name);
    this.isOpen = this.#pipeline.isOpen;
    this.perEvent = this.#pipeline.perEvent;
  }

  #values(row: Row): Readonly<Record<string, unknown>> {
    const values: { [name: string]: unknown } = Object.create(null) as { [name: string]: unknown };
    if (this.isOpen && row.event !== null)
      for (const { name, value } of flatten(row.event)) if (this.#pipeline.shows(name)) values[name] = value;
    for (const column of this.#columns) values[column.name] = toJson(column.read(row));
    return values;
  }

  record(record: LogRecord): void {
    this.take(this.#normaliser.normalise(record));
  }

  /** An event that was normalised before. */
  take({ event, id, index, place }: Normalised): void {
    this.#events++;
    this.#span.add(event["@timestamp"]);
    if (!this.#scope.takesEvent(event)) return;
    this.#onEvent(event);
    this.#pipeline.push(event, event, { _id: id ?? null, _index: index ?? place.file });
  }

  problem(_problem: Problem): void {}

  file(_place: LogLocation, _format: string): void {}

  get events(): number {
    return this.#events;
  }

  get leftOut(): EventsLeftOut {
    return this.#scope.leftOut;
  }

  /** In UTC; null where no event has a time. */
  get firstEvent(): string | null {
    return this.#span.first;
  }

  get lastEvent(): string | null {
    return this.#span.last;
  }

  get rows(): number {
    return this.#rows;
  }

  /** No more events. Throws an `EsqlLimitError` where a bound of memory was reached. */
  finish(): void {
    this.#pipeline.end();
  }
}
