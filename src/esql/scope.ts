/** Which columns there are at a place of the pipeline, and where their values lie. */
import { fieldAccess, type EventDocument, type Schema } from "../eql/index.ts";
import { readScalar, typeOfField, valueOf, type EsqlType, type EsqlValue } from "./value.ts";

/** A row on its way through the pipeline. */
export interface Row {
  /** The event it was read from; null behind `stats` and `row`. */
  readonly event: EventDocument | null;
  /** Of the event: `_id`, `_index`. */
  readonly metadata: Readonly<Record<string, EsqlValue>>;
  /** Values of computed columns. */
  readonly slots: readonly EsqlValue[];
  /** What it was made of, the latest last: one for a row of an event, the latest few of a group behind `stats`. */
  readonly origins: readonly unknown[];
}

export interface Column {
  readonly name: string;
  readonly type: EsqlType;
  readonly read: (row: Row) => EsqlValue;
}

/** The names of the fields that an event may show beside the columns. */
type Open = (field: string) => boolean;

const METADATA: ReadonlySet<string> = new Set(["_id", "_index", "_version", "_ignored", "_source", "_score"]);

/** Columns in order, and the event's own fields where they are still visible. Immutable. */
export class Scope {
  readonly columns: readonly Column[];
  readonly #schema: Schema;
  readonly #open: Open | null;
  readonly size: number;

  private constructor(schema: Schema, columns: readonly Column[], open: Open | null, size: number) {
    this.#schema = schema;
    this.columns = columns;
    this.#open = open;
    this.size = size;
  }

  /** Every field of the events. */
  static ofEvents(schema: Schema): Scope {
    return new Scope(schema, [], () => true, 0);
  }

  static empty(schema: Schema): Scope {
    return new Scope(schema, [], null, 0);
  }

  /** Whether fields of the event that no column names are visible. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  shows(field: string): boolean {
    return this.#open?.(field) === true && !this.columns.some((column) => column.name === field);
  }

  find(name: string): Column | null {
    const column = this.columns.findLast((one) => one.name === name);
    if (column !== undefined) return column;
    if (METADATA.has(name)) return { name, type: "text", read: (row) => row.metadata[name] ?? null };
    return this.#open?.(name) === true ? this.#field(name) : null;
  }

  #field(name: string): Column {
    const access = fieldAccess(this.#schema.sourceOf(name));
    const type = typeOfField(this.#schema.typeOf(name));
    return {
      name,
      type,
      read: ({ event }) => {
        const value = event === null ? undefined : access(event);
        if (value === undefined) return null;
        if (typeof value !== "object") return readScalar(value, type) ?? null;
        return valueOf(value.flatMap((one) => readScalar(one, type) ?? []));
      },
    };
  }

  /** With columns behind the others, whose values are appended to a row's slots; a column of the same name goes. */
  with(added: readonly { readonly name: string; readonly type: EsqlType }[]): Scope {
    const names = new Set(added.map(({ name }) => name));
    const columns = added.map(({ name, type }, at): Column => {
      const slot = this.size + at;
      return { name, type, read: (row) => row.slots[slot] ?? null };
    });
    // Of two of one name, the last one counts.
    const last = columns.filter((column, at) => !columns.slice(at + 1).some((later) => later.name === column.name));
    return new Scope(this.#schema, [...this.columns.filter(({ name }) => !names.has(name)), ...last], this.#open, this.size + added.length);
  }

  /** Only columns that are named, in the order of the names; patterns keep fields of the event visible. */
  keep(patterns: readonly { readonly text: string; readonly isPattern: boolean; readonly test: (name: string) => boolean }[]): Scope {
    const kept: Column[] = [];
    for (const { text, isPattern, test } of patterns) {
      const found = isPattern ? this.columns.filter(({ name }) => test(name)) : [this.find(text)];
      for (const column of found) if (column !== null && !kept.some(({ name }) => name === column.name)) kept.push(column);
    }
    const wild = patterns.filter(({ isPattern }) => isPattern);
    const before = this.#open;
    const open: Open | null =
      before === null || wild.length === 0 ? null : (field) => before(field) && wild.some(({ test }) => test(field));
    return new Scope(this.#schema, kept, open, this.size);
  }

  drop(test: (name: string) => boolean): Scope {
    const before = this.#open;
    return new Scope(
      this.#schema,
      this.columns.filter(({ name }) => !test(name)),
      before === null ? null : (field) => before(field) && !test(field),
      this.size,
    );
  }

  rename(from: string, to: string): Scope | null {
    const column = this.find(from);
    if (column === null) return null;
    const without = this.drop((name) => name === from || name === to);
    const renamed = { ...column, name: to };
    const at = this.columns.findIndex(({ name }) => name === from);
    const columns = [...without.columns];
    columns.splice(at < 0 ? columns.length : Math.min(at, columns.length), 0, renamed);
    return new Scope(this.#schema, columns, without.#open, this.size);
  }
}
