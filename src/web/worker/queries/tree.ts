import { cut, faultText, plural, jsonView } from "../../../report/index.ts";
import {
  AdHocQuery,
  ecsSchema,
  FieldCounts,
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
  type TreeLanguage,
} from "../../../workbench/index.ts";
import { fieldsOf, type Query } from "../../../eql/index.ts";
import type { InputFile, QueryEvent, QueryGroup } from "../../protocol.ts";
import { readFiles } from "../read-files.ts";
import { AbsentFields } from "./absent-fields.ts";
import { diagnosticText, refused, type QueryRun, type QueryWatch, type SavedResult } from "./result.ts";

/** Groups in the table. */
const MAX_ROWS = 500;
/** Events kept for the search; a query that matches everything in a large log is cut here, and the page says so. */
const MAX_CANDIDATES = 200_000;
/** Characters of these events. */
const MAX_WEIGHT = 300_000_000;
/** Matches that are counted. */
const MAX_MATCHES = 100_000;
const MAX_COLUMNS = 8;

interface TreeQuery {
  readonly text: string;
  readonly language: TreeLanguage;
  /** Fields by whose values matching events are counted; empty: the events are shown. */
  readonly countBy: readonly string[];
}

/** A query in EQL, KQL or Lucene's syntax over the files: events, sequences, or counts of them. */
export async function runTree({ text, language, countBy }: TreeQuery, files: readonly InputFile[], watch: QueryWatch): Promise<QueryRun> {
  const begun = performance.now();
  const { query, diagnostics, looksLike } = readQuery(text, { language, profile: "tocsin", schema: ecsSchema() });
  if (query === null) return refused(diagnostics.filter((d) => d.severity === "error").map(diagnosticText), looksLike);
  if (countBy.length > 0 && (query.kind !== "event" || query.pipes.length > 0))
    return refused(["Counting by fields is for events: leave out the sequence, the sample and the pipes, or count with `| count field`."]);
  const counts = countBy.length > 0 ? new FieldCounts(countBy) : null;
  const absent = new AbsentFields([...fieldsOf(query), ...countBy]);
  const faults = new Map<RuleFaultCode, number>();
  const run = new AdHocQuery(query, {
    size: MAX_MATCHES,
    maxCandidates: MAX_CANDIDATES,
    maxWeight: MAX_WEIGHT,
    onFault: (code) => faults.set(code, (faults.get(code) ?? 0) + 1),
    onEvent: (event) => absent.event(event),
    ...(counts === null ? {} : { onMatch: (event: EventDocument) => counts.add(event) }),
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
  const doubts = absent.doubts(diagnostics);
  const base = { events: run.events, aborted, doubts };
  if (counts !== null) {
    const notes = [
      ...faultsOf(faults, null),
      ...(counts.notCounted > 0 ? [`${plural(counts.notCounted, "event")} with further values found no room; count by fewer fields`] : []),
    ];
    const list = counts.list().map(({ values, events }) => [...values.map((value) => value ?? "(missing)"), events] as const);
    return counted({ ...base, ms: performance.now() - begun, notes }, countBy, list);
  }
  const result = run.finish();
  const notes = [
    ...(run.notKept > 0
      ? [`${plural(run.notKept, "further candidate")} found no room and ${run.notKept === 1 ? "was" : "were"} not searched`]
      : []),
    ...(result.withoutTimestamp > 0 ? [`${plural(result.withoutTimestamp, "event has", "events have")} no time`] : []),
    ...faultsOf(faults, result),
  ];
  const ms = performance.now() - begun;
  if (result.rows !== null && result.rows !== undefined) {
    const list = result.rows.map(({ key, count }) => [key.length === 0 ? "all" : keyText(key), count] as const);
    return counted({ ...base, ms, notes }, ["value"], list);
  }
  const columns = columnsOf(query);
  return {
    answer: { kind: "found", ...base, ms, total: result.total, columns, groups: groupsOf(result, columns), notes },
    saved: savedEvents(result, columns),
  };
}

/** Counts as a table, most first as they come. */
function counted(
  base: { readonly events: number; readonly ms: number; readonly aborted: boolean; readonly doubts: string[]; readonly notes: string[] },
  fields: readonly string[],
  list: readonly (readonly (string | number)[])[],
): QueryRun {
  const columns = [...fields, "events"];
  return {
    answer: {
      kind: "rows",
      noun: "value",
      ...base,
      total: list.length,
      columns: columns.map((name, i) => ({ name, isNumber: i === fields.length })),
      rows: list.slice(0, MAX_ROWS).map((row) => row.map((cell) => cut(String(cell), 500))),
    },
    saved: {
      columns,
      rows: () => list.map((row) => row.map(String)),
      lines: () => list.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]]))),
    },
  };
}

/** All that was found. Events of a sequence are a row each, with its number. */
function savedEvents(result: SearchResult, columns: readonly string[]): SavedResult {
  const sequences = result.sequences ?? [];
  const cells = ({ _source, _index, _id }: Hit): string[] => [
    textAt(_source, "@timestamp") ?? "",
    hostOf(_source),
    textAt(_source, "event.code") ?? "",
    ...columns.map((field) => cellText(valueAt(_source, field))),
    `${_index ?? ""}:${_id ?? ""}`,
  ];
  const names = ["time", "host", "event", ...columns, "place"];
  if (sequences.length === 0)
    return {
      columns: names,
      rows: () => (result.events ?? []).map(cells),
      lines: () => (result.events ?? []).map(({ _source }) => _source),
    };
  return {
    columns: ["sequence", ...names],
    rows: () => sequences.flatMap(({ events }, i) => events.flatMap((hit) => ("missing" in hit ? [] : [[String(i + 1), ...cells(hit)]]))),
    lines: () =>
      sequences.map(({ joinKeys, events }) => ({
        join_keys: joinKeys,
        events: events.map((hit) => ("missing" in hit ? null : hit._source)),
      })),
  };
}

function faultsOf(faults: ReadonlyMap<RuleFaultCode, number>, result: SearchResult | null): string[] {
  const losses = result?.losses;
  const givenUp = losses === undefined ? 0 : losses.evictedKeys + losses.truncatedKeys + losses.droppedWaiting;
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
