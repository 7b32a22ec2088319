/** A query of the tree of conditions over logs: matches as a table, in the shape of Elasticsearch, or as lines. */
import {
  count,
  csvLine,
  faultText,
  fittingText,
  narrowingText,
  plural,
  shareText,
  table,
  tableLines,
  type NarrowedReading,
} from "../../report/index.ts";
import {
  AdHocQuery,
  fieldText,
  toResponse,
  valueAt,
  type EventDocument,
  type Query,
  type QueryOptions,
  type RuleFaultCode,
  type SearchResult,
} from "../../workbench/index.ts";
import { fieldColumns, tellingColumns, warnAbsent } from "./columns.ts";
import type { CommandContext } from "../context.ts";
import { EXIT } from "../failure.ts";
import type { Feed } from "./feed.ts";
import { warnNothingFits, type Narrowed } from "../narrowing.ts";
import { writeJson, writeJsonLine } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";

/** `json`: the response of Elasticsearch's `_eql/search`; `ndjson`: one event per line. */
export type QueryFormat = "table" | "csv" | "json" | "ndjson";

export interface RunQueryOptions {
  readonly format: QueryFormat;
  /** Fields to show of the events; null for what tells most of them. */
  readonly fields: readonly string[] | null;
  /** Orders events, and is shown. */
  readonly timestampField: string;
  readonly search: Omit<QueryOptions, "timestampField" | "narrowing">;
  /** Which events are asked for, and whose clocks times are shown by. */
  readonly narrowed: Narrowed;
}

/** Order, limits and sequences need all events that satisfy the query: this many, of a few kilobytes each, are held. */
const MAX_CANDIDATES = 500_000;
/** Characters of these events (see `weightOf`): between 200 and 600 MB of memory, the more the smaller their values. */
const MAX_WEIGHT = 200_000_000;

/** Returns the exit code. */
export async function runQuery(context: CommandContext, query: Query, feed: Feed, options: RunQueryOptions): Promise<number> {
  const { out, err } = context;
  const faults = new Map<RuleFaultCode, number>();
  const run = new AdHocQuery(query, {
    ...options.search,
    timestampField: options.timestampField,
    narrowing: options.narrowed.narrowing,
    now: Date.now(),
    maxCandidates: MAX_CANDIDATES,
    maxWeight: MAX_WEIGHT,
    onFault: (code) => faults.set(code, (faults.get(code) ?? 0) + 1),
  });
  const started = performance.now();
  const input = await feed(run);
  const result = run.finish();
  const warnings = warningsOf(result, faults, run, options.timestampField);
  const isIncomplete = input.errors > 0 || warnings.length > 0;
  print(out, result, options, performance.now() - started, isIncomplete);
  const events = result.sequences?.flatMap((sequence) => sequence.events) ?? result.events ?? [];
  if (options.fields !== null && events.length > 0)
    warnAbsent(err, options.fields, (field) => events.some((hit) => !("missing" in hit) && valueAt(hit._source, field) !== undefined));
  for (const warning of warnings) err.write(`${err.paint("yellow", "warning")}: ${warning}\n`);
  const reading = { narrowing: options.narrowed.narrowing, leftOut: run.leftOut, events: run.events };
  warnNothingFits(err, reading, run, options.narrowed.zone);
  if (options.format === "table")
    err.write(`${plural(result.total, "match", "matches")} in ${readText(reading, options.narrowed)} of ${plural(input.files, "file")}\n`);
  return isIncomplete ? EXIT.incomplete : EXIT.done;
}

/** `40 events`, or `12 of 40 events (since ..., host ...)` */
export function readText(reading: NarrowedReading, { zone }: Narrowed): string {
  const asked = narrowingText(reading.narrowing, zone);
  return asked === "" ? plural(reading.events, "event") : `${fittingText(reading)} (${asked})`;
}

/** Why the answer may lack matches. */
function warningsOf(
  result: SearchResult,
  faults: ReadonlyMap<RuleFaultCode, number>,
  { notKept, candidates }: AdHocQuery,
  timestampField: string,
): string[] {
  const warnings = [...faults].map(([code, times]) => faultText(code, times));
  if (notKept > 0)
    warnings.push(
      `${plural(notKept, "further event")} satisfied the query and found no room; the answer is of the first ${count(candidates)}. Ask for fewer with --size or | tail 100`,
    );
  if (result.withoutTimestamp > 0)
    warnings.push(`${plural(result.withoutTimestamp, "event")} without a readable ${timestampField} took no part`);
  const { evictedKeys, truncatedKeys, droppedWaiting } = result.losses;
  if (evictedKeys + truncatedKeys + droppedWaiting > 0)
    warnings.push(
      `bounds of memory were reached; sequences may be missing (${evictedKeys} keys, ${truncatedKeys} combinations, ${droppedWaiting} waiting)`,
    );
  return warnings;
}

function print(out: Terminal, result: SearchResult, flags: RunQueryOptions, millis: number, isPartial: boolean): void {
  if (flags.format === "json") {
    writeJson(out, toResponse(result, Math.round(millis), isPartial));
    return;
  }
  if (result.rows !== undefined) {
    if (flags.format === "ndjson") for (const row of result.rows) writeJsonLine(out, row);
    else if (flags.format === "csv") printCounts(out, result.rows);
    else if (result.rows.length > 0) out.write(`${countTable(result.rows, out.width)}\n`);
    return;
  }
  const groups = result.sequences?.map((sequence) => sequence.events) ?? (result.events ?? []).map((event) => [event]);
  const { fields } = flags;
  if (flags.format === "ndjson") {
    // A slot in which nothing happened is no event.
    for (const hit of groups.flat())
      if (!("missing" in hit)) writeJsonLine(out, fields === null ? hit._source : partsOf(hit._source, fields));
    return;
  }
  const counts = result.sequences?.some((sequence) => sequence.count !== undefined)
    ? result.sequences.map(({ count: times, percent }) => ({ count: times ?? 1, percent: percent ?? 0 }))
    : result.counts;
  const isCsv = flags.format === "csv";
  const shown = fields === null ? tellingColumns(flags.timestampField, isCsv ? null : flags.narrowed.zone) : fieldColumns(fields);
  const columns = [
    ...(counts === undefined
      ? []
      : [
          { title: "count", align: "right" as const },
          { title: "share", align: "right" as const },
        ]),
    ...(result.sequences === undefined ? [] : [{ title: "seq", align: "right" as const }]),
    ...shown.columns,
  ];
  const rows = groups.flatMap((events, group) =>
    events.map((hit, at) => [
      ...(counts === undefined ? [] : at > 0 ? ["", ""] : countCells(counts[group]!, isCsv)),
      ...(result.sequences === undefined ? [] : [String(group + 1)]),
      ...("missing" in hit ? shown.columns.map((_, i) => (i === 0 ? "(missing)" : "")) : shown.cells(hit._source)),
    ]),
  );
  if (isCsv) for (const line of [columns.map(({ title }) => title), ...rows]) out.write(csvLine(line));
  else if (rows.length > 0) for (const line of tableLines(columns, rows, out.width)) out.write(`${line}\n`);
}

/** As people read them, or as a program does. */
function countCells({ count: times, percent }: { readonly count: number; readonly percent: number }, isPlain: boolean): string[] {
  return isPlain ? [String(times), String(percent)] : [count(times), shareText(percent)];
}

/** Fields by their dotted names; what is not there is left out. */
function partsOf(event: EventDocument, fields: readonly string[]): object {
  return Object.fromEntries(fields.map((field) => [field, valueAt(event, field)]));
}

function printCounts(out: Terminal, rows: NonNullable<SearchResult["rows"]>): void {
  const keys = rows.reduce((most, row) => Math.max(most, row.key.length), 0);
  out.write(csvLine(["count", "share", ...Array.from({ length: keys }, (_, i) => (keys === 1 ? "value" : `value ${i + 1}`))]));
  for (const row of rows) out.write(csvLine([...countCells(row, true), ...row.key.map(fieldText)]));
}

/** What the pipe `count` gives: a row of values with their count, or the total alone. */
function countTable(rows: NonNullable<SearchResult["rows"]>, width: number | undefined): string {
  const keys = rows.reduce((most, row) => Math.max(most, row.key.length), 0);
  const columns = [
    { title: "count", align: "right" as const },
    { title: "share", align: "right" as const },
    ...Array.from({ length: keys }, (_, i) => ({ title: i === 0 ? "value" : "", shrink: i === keys - 1 })),
  ];
  return table(
    columns,
    rows.map((row) => [
      count(row.count),
      shareText(row.percent),
      ...row.key.map((value) => (value === null ? "(missing)" : String(value))),
    ]),
    width,
  );
}
