/**
 * ECS events in a DuckDB table of the shape that `sql.ts` describes, and what a query finds there. For tests.
 */
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { duckdbName } from "../src/translate/targets/sql/duckdb.ts";
import { fieldType, type FieldType, type ValueKind } from "../src/translate/field-type.ts";

type Json = { readonly [key: string]: unknown };

const TYPES = {
  text: "VARCHAR",
  words: "VARCHAR",
  ip: "VARCHAR",
  other: "VARCHAR",
  integer: "BIGINT",
  real: "DOUBLE",
  boolean: "BOOLEAN",
  time: "TIMESTAMP",
} as const satisfies Record<ValueKind, string>;

function columnType(field: string): string {
  const { kind, several } = fieldType(field);
  return several ? "VARCHAR[]" : TYPES[kind];
}

/** Dotted names and values: arrays stay, null and empty arrays are nothing. */
export function columnsOf(event: Json): Map<string, unknown> {
  const columns = new Map<string, unknown>();
  const put = (value: unknown, name: string): void => {
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return;
    if (typeof value === "object" && !Array.isArray(value))
      for (const [key, item] of Object.entries(value)) put(item, name === "" ? key : `${name}.${key}`);
    else columns.set(name, value);
  };
  put(event, "");
  return columns;
}

export class EventTable {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** @param fields that there are columns for. The number of an event is its `_row`. */
  static async of(events: readonly Json[], fields: Iterable<string>): Promise<EventTable> {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = events.map(columnsOf);
    const names = [...new Set(["@timestamp", ...fields])];
    await connection.run(`CREATE TABLE events (_row BIGINT, ${names.map((name) => `${duckdbName(name)} ${columnType(name)}`).join(", ")})`);
    for (let from = 0; from < rows.length; from += 200) {
      const values = rows
        .slice(from, from + 200)
        .map((row, at) => `(${from + at}, ${names.map((name) => literal(row.get(name), fieldType(name))).join(", ")})`);
      if (values.length > 0) await connection.run(`INSERT INTO events VALUES ${values.join(", ")}`);
    }
    return new EventTable(connection);
  }

  /** Numbers of the events that a query finds, ascending, each once. */
  async find(sql: string): Promise<number[]> {
    const reader = await this.#connection.runAndReadAll(`SELECT DISTINCT _row FROM (${sql}) ORDER BY _row`);
    return reader.getRowsJson().map(([row]) => Number(row));
  }
}

function literal(value: unknown, { kind, several }: FieldType): string {
  if (value === undefined) return "NULL";
  if (several) return `[${(Array.isArray(value) ? value : [value]).map((item) => quoted(String(item))).join(", ")}]`;
  if (Array.isArray(value)) throw new TypeError(`a column of one value is given ${value.length}: ${JSON.stringify(value)}`);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  switch (kind) {
    case "integer":
    case "real":
      return Number.isFinite(Number(value)) ? text : "NULL";
    case "boolean":
      return text === "true" ? "TRUE" : "FALSE";
    case "time":
      return `TRY_CAST(${quoted(text)} AS TIMESTAMP)`;
    default:
      return quoted(text);
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("\0", "")}'`;
}
