/** `query --count-by`: how many of the matching events have which values. */
import { count, csvLine, faultText, plural, shareText, tableLines } from "../../report/index.ts";
import { AdHocQuery, FieldCounts, type FieldCount, type Query, type RuleFaultCode } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import type { Feed } from "./feed.ts";
import { warnNothingFits } from "../narrowing.ts";
import { writeJson, writeJsonLine } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { warnAbsent } from "./columns.ts";
import { readText, type QueryFormat, type RunQueryOptions } from "./tree.ts";

/** Counts while it reads: no event is kept. Returns the exit code. */
export async function runCountBy(
  context: CommandContext,
  query: Query,
  feed: Feed,
  fields: readonly string[],
  options: RunQueryOptions,
): Promise<number> {
  const { out, err } = context;
  const { narrowing, zone } = options.narrowed;
  if (query.kind !== "event" || query.pipes.length > 0)
    throw new Failure("--count-by counts events: the query has a sequence, a sample or pipes", {
      help: "Leave the pipes out, or count with the pipe `| count field`.",
    });
  const counts = new FieldCounts(fields);
  const faults = new Map<RuleFaultCode, number>();
  const run = new AdHocQuery(query, {
    ...options.search,
    timestampField: options.timestampField,
    narrowing,
    now: Date.now(),
    onFault: (code) => faults.set(code, (faults.get(code) ?? 0) + 1),
    onMatch: (event) => counts.add(event),
  });
  const input = await feed(run);
  print(out, fields, counts, options.format);
  if (counts.events > 0) warnAbsent(err, fields, (_, i) => counts.list().some(({ values }) => values[i] !== null));
  const label = err.paint("yellow", "warning");
  for (const [code, times] of faults) err.write(`${label}: ${faultText(code, times)}\n`);
  if (counts.notCounted > 0)
    err.write(`${label}: ${plural(counts.notCounted, "event")} with further values found no room; count by fewer fields\n`);
  const reading = { narrowing, leftOut: run.leftOut, events: run.events };
  warnNothingFits(err, reading, run, zone);
  if (options.format === "table")
    err.write(`${plural(counts.events, "match", "matches")} in ${readText(reading, options.narrowed)} of ${plural(input.files, "file")}\n`);
  return input.errors > 0 || faults.size > 0 || counts.notCounted > 0 ? EXIT.incomplete : EXIT.done;
}

function print(out: Terminal, fields: readonly string[], counts: FieldCounts, format: QueryFormat): void {
  const list = counts.list();
  const object = ({ values, events }: FieldCount): object => ({
    ...Object.fromEntries(fields.map((field, i) => [field, values[i]])),
    count: events,
  });
  if (format === "json") writeJson(out, { total: counts.events, notCounted: counts.notCounted, counts: list.map(object) });
  else if (format === "ndjson") for (const one of list) writeJsonLine(out, object(one));
  else if (format === "csv") {
    out.write(csvLine([...fields, "count"]));
    for (const { values, events } of list) out.write(csvLine([...values.map((value) => value ?? ""), String(events)]));
  } else if (list.length > 0) {
    const columns = [
      { title: "count", align: "right" as const },
      { title: "share", align: "right" as const },
      ...fields.map((title) => ({ title, shrink: true })),
    ];
    const rows = list.map(({ values, events }) => [
      count(events),
      shareText(events / counts.events),
      ...values.map((value) => value ?? "(missing)"),
    ]);
    for (const line of tableLines(columns, rows, out.width)) out.write(`${line}\n`);
  }
}
