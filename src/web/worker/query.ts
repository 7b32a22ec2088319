import { cut, faultText } from "../../report/index.ts";
import {
  AdHocQuery,
  ecsSchema,
  hostOf,
  jsonText,
  readQuery,
  textAt,
  valueAt,
  type EventDocument,
  type LogLocation,
  type LogRecord,
  type RuleFaultCode,
  type SearchResult,
} from "../../workbench/index.ts";
import { fieldsOf, type Query } from "../../eql/index.ts";
import type { InputFile, QueryAnswer, QueryEvent, QueryGroup } from "../protocol.ts";
import { jsonView } from "./event-view.ts";
import { readFiles, type Watch } from "./read-files.ts";

/** Groups in the table. */
const MAX_ROWS = 500;
/** Events kept for the search; a query that matches everything in a large log is cut here, and the page says so. */
const MAX_CANDIDATES = 200_000;
/** Characters of these events. */
const MAX_WEIGHT = 300_000_000;
/** Matches that are counted. */
const MAX_MATCHES = 100_000;
const MAX_COLUMNS = 8;

export async function runQuery(
  text: string,
  files: readonly InputFile[],
  watch: Watch & { events(n: number): void },
): Promise<QueryAnswer> {
  const begun = performance.now();
  const { query, diagnostics } = readQuery(text, { profile: "tocsin", schema: ecsSchema() });
  if (query === null) {
    const errors = diagnostics.filter((d) => d.severity === "error");
    return { kind: "refused", messages: errors.map((d) => (d.help === null ? d.summary : `${d.summary}. ${d.help}`)) };
  }
  const faults = new Map<RuleFaultCode, number>();
  const run = new AdHocQuery(query, {
    size: MAX_MATCHES,
    maxCandidates: MAX_CANDIDATES,
    maxWeight: MAX_WEIGHT,
    onFault: (code) => faults.set(code, (faults.get(code) ?? 0) + 1),
  });
  const sink = {
    record(record: LogRecord): void {
      run.record(record);
      watch.events(run.events);
    },
    problem(): void {},
    file(place: LogLocation, format: string): void {
      run.file(place, format);
    },
  };
  const { aborted } = await readFiles(files, sink, watch);
  const result = run.finish();
  const columns = columnsOf(query);
  return {
    kind: "found",
    events: run.events,
    ms: performance.now() - begun,
    aborted,
    total: result.total,
    notKept: run.notKept,
    columns,
    groups: groupsOf(result, columns),
    counts: result.rows?.map(({ key, count }) => ({ key: cut(key.length === 0 ? "all" : keyText(key), 500), count })) ?? null,
    withoutTimestamp: result.withoutTimestamp,
    faults: faultsOf(faults, result),
  };
}

function faultsOf(faults: ReadonlyMap<RuleFaultCode, number>, { losses }: SearchResult): string[] {
  const givenUp = losses.evictedKeys + losses.truncatedKeys + losses.droppedWaiting;
  return [...faults, ...(givenUp > 0 ? [["rule/state-given-up", givenUp] as const] : [])].map(([code, n]) => faultText(code, n));
}

/** The fields that the query names, apart from those that every line shows. */
function columnsOf(query: Query): string[] {
  const always = new Set(["@timestamp", "host.name", "event.code"]);
  return fieldsOf(query)
    .filter((field) => !always.has(field))
    .slice(0, MAX_COLUMNS);
}

function groupsOf(result: SearchResult, columns: readonly string[]): QueryGroup[] {
  const sequences = (result.sequences ?? []).slice(0, MAX_ROWS).map(({ joinKeys, events }): QueryGroup => ({
    keys: joinKeys.length === 0 ? "" : cut(keyText(joinKeys), 500),
    events: events.map((hit) => ("missing" in hit ? null : eventOf(hit, columns))),
  }));
  const events = (result.events ?? []).slice(0, MAX_ROWS).map((hit): QueryGroup => ({ keys: null, events: [eventOf(hit, columns)] }));
  return [...sequences, ...events];
}

interface Hit {
  readonly _index?: string;
  readonly _id?: string;
  readonly _source: EventDocument;
}

function eventOf({ _source, _index, _id }: Hit, columns: readonly string[]): QueryEvent {
  return {
    time: cut(textAt(_source, "@timestamp") ?? "", 100),
    host: cut(hostOf(_source), 200),
    code: cut(textAt(_source, "event.code") ?? textAt(_source, "event.action") ?? "", 100),
    values: columns.map((field) => cut(cellText(valueAt(_source, field)), 300)),
    place: `${_index ?? ""}:${_id ?? ""}`,
    json: jsonView(_source).json,
  };
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : jsonText(value);
}

function keyText(keys: readonly unknown[]): string {
  return keys.map((key) => (key === null || key === undefined ? "(none)" : cellText(key))).join(", ");
}
