/** A rule in ES|QL as a machine of a hunt: rows of events alert as they come, rows of groups at the end. */
import type { GroupingMachine, GroupMatch, Pipeline } from "../detect/index.ts";
import type { EventDocument, Schema } from "../eql/index.ts";
import { EsqlLimitError, esqlPipeline, parseEsql, toJson, type EsqlPipeline, type EsqlQuery, type Row } from "../esql/index.ts";

/** @param text of a query that was checked. It is parsed when a hunt starts it. */
export function esqlGrouping(text: string, schema: Schema): Pipeline {
  return { kind: "pipeline", text, start: (document, now) => new EsqlMachine(parseEsql(text).query!, schema, document, now) };
}

class EsqlMachine<E> implements GroupingMachine<E> {
  evicted = 0;
  faults = 0;
  readonly #document: (event: E) => EventDocument;
  readonly #pipeline: EsqlPipeline;
  #found: GroupMatch<E>[] = [];
  #over = false;

  constructor(query: EsqlQuery, schema: Schema, document: (event: E) => EventDocument, now: number) {
    this.#document = document;
    this.#pipeline = esqlPipeline(query, { schema, now, onWarning: () => this.faults++ }, (row) => this.#keep(row));
  }

  #keep(row: Row): void {
    const events = row.origins as readonly E[];
    // A row of no events, such as the count of nothing, has nothing to show.
    if (events.length === 0) return;
    const columns = this.#pipeline.columns.map((column) => [column.name, toJson(column.read(row))] as const);
    this.#found.push({ values: [], count: 1, events, row: Object.fromEntries(columns) });
  }

  accept(event: E): readonly GroupMatch<E>[] {
    return this.#bounded(() => this.#pipeline.push(this.#document(event), event));
  }

  end(): readonly GroupMatch<E>[] {
    return this.#bounded(() => this.#pipeline.end());
  }

  /** Beyond the bound of memory there is no result rather than a wrong one, and what is missing is counted. */
  #bounded(step: () => void): readonly GroupMatch<E>[] {
    if (this.#over) {
      this.evicted++;
      return [];
    }
    try {
      step();
    } catch (error) {
      if (!(error instanceof EsqlLimitError)) throw error;
      this.#over = true;
      this.evicted++;
    }
    const found = this.#found;
    this.#found = [];
    return found;
  }
}
