import { schemaFromTypes, type EventDocument } from "../../eql/index.ts";
import { esqlPipeline, parseEsql, toJson } from "../index.ts";

export const NOW = Date.parse("2026-01-31T12:00:00Z");

const SCHEMA = schemaFromTypes([
  ["@timestamp", "date"],
  ["event.code", "keyword"],
  ["host.ip", "ip"],
  ["host.name", "keyword"],
  ["message", "match_only_text"],
  ["process.args", "keyword"],
  ["process.name", "keyword"],
  ["process.pid", "long"],
  ["user.name", "keyword"],
]);

export interface Result {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly warnings: readonly string[];
}

/** The rows of a query over events. Throws where the query cannot be read or run. */
export function rowsOf(text: string, events: readonly EventDocument[] = []): Result {
  const { query, diagnostics } = parseEsql(text);
  if (query === null) throw new Error(diagnostics.map(({ code, summary }) => `${code}: ${summary}`).join("; "));
  const rows: Readonly<Record<string, unknown>>[] = [];
  const warnings: string[] = [];
  const pipeline = esqlPipeline(query, { schema: SCHEMA, now: NOW, onWarning: (reason) => warnings.push(reason) }, (row) =>
    rows.push(Object.fromEntries(pipeline.columns.map((column) => [column.name, toJson(column.read(row))]))),
  );
  events.forEach((event, at) => pipeline.push(event, event, { _id: String(at), _index: "logs" }));
  pipeline.end();
  return { rows, warnings };
}
