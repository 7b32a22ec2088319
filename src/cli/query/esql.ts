/** `query --language esql`: rows as a table, CSV or JSON. */
import { count, csvLine, plural, table } from "../../report/index.ts";
import { EsqlLimitError, EsqlRun, fieldText, readEsql, type EsqlRow, type Schema } from "../../workbench/index.ts";
import { fieldColumns, tellingColumns } from "./columns.ts";
import type { CommandContext } from "../context.ts";
import { printRead } from "./diagnostics.ts";
import { EXIT, Failure } from "../failure.ts";
import type { Feed } from "./feed.ts";
import { warnNothingFits, type Narrowed } from "../narrowing.ts";
import { writeJson, writeJsonLine } from "../output/json.ts";
import { readText } from "./tree.ts";

export interface EsqlFlags {
  readonly json?: true;
  readonly ndjson?: true;
  readonly csv?: true;
  readonly strictElastic?: true;
}

/** Rows that a table, CSV with open columns or a JSON document waits for. */
const MAX_ROWS = 100_000;

export async function runEsql(
  context: CommandContext,
  text: string,
  feed: Feed,
  schema: Schema,
  flags: EsqlFlags,
  narrowed: Narrowed,
): Promise<number> {
  const { out, err } = context;
  const read = readEsql(text, schema);
  printRead(err, text, read);
  const { query } = read;
  if (query === null) return EXIT.usage;
  const rows: EsqlRow[] = [];
  let notKept = 0;
  const run = new EsqlRun(query, {
    schema,
    now: Date.now(),
    strictElastic: flags.strictElastic === true,
    narrowing: narrowed.narrowing,
    onRow: (row) => {
      if (flags.ndjson === true) writeJsonLine(out, row.values);
      else if (rows.length < MAX_ROWS) rows.push(row);
      else notKept++;
    },
  });
  const input = await feed(run);
  try {
    run.finish();
  } catch (error) {
    if (!(error instanceof EsqlLimitError)) throw error;
    throw new Failure(`${error.message}, and has no result`, { help: "Narrow the events down with `where`, or group by fewer values." });
  }
  if (flags.json === true) writeJson(out, { columns: columnsOf(run, rows), rows: rows.map(({ values }) => values) });
  else if (flags.csv === true) printCsv(context, run, rows);
  else if (flags.ndjson !== true && rows.length > 0) out.write(`${tableOf(run, rows, out.width, narrowed)}\n`);
  for (const [reason, times] of run.warnings)
    err.write(`${err.paint("yellow", "warning")}: ${reason}; ${plural(times, "value")} counted as null\n`);
  if (notKept > 0)
    err.write(
      `${err.paint("yellow", "warning")}: ${plural(notKept, "further row")} found no room; \`--ndjson\` writes all, \`limit\` asks for fewer\n`,
    );
  const reading = { narrowing: narrowed.narrowing, leftOut: run.leftOut, events: run.events };
  warnNothingFits(err, reading, run, narrowed.zone);
  if (flags.json !== true && flags.ndjson !== true && flags.csv !== true)
    err.write(`${plural(run.rows, "row")} of ${readText(reading, narrowed)} in ${plural(input.files, "file")}\n`);
  return input.errors > 0 || notKept > 0 ? EXIT.incomplete : EXIT.done;
}

/** Fields that some row has, in order of name, and the query's own columns. */
function columnsOf(run: EsqlRun, rows: readonly EsqlRow[]): string[] {
  if (!run.isOpen) return [...run.columns];
  const fields = new Set(rows.flatMap(({ values }) => Object.keys(values)));
  for (const name of run.columns) fields.delete(name);
  return [...[...fields].sort(), ...run.columns];
}

function printCsv({ out }: CommandContext, run: EsqlRun, rows: readonly EsqlRow[]): void {
  const columns = columnsOf(run, rows);
  out.write(csvLine(columns));
  for (const { values } of rows) {
    if (out.end !== null) return;
    out.write(csvLine(columns.map((name) => fieldText(values[name]))));
  }
}

function tableOf(run: EsqlRun, rows: readonly EsqlRow[], width: number | undefined, { zone }: Narrowed): string {
  const shown = run.isOpen ? tellingColumns("@timestamp", zone) : fieldColumns([]);
  const numbers = new Set(run.columns.filter((name) => rows.every(({ values }) => typeof (values[name] ?? 0) === "number")));
  const cells = rows.map(({ values, event }) => [
    ...(event === null ? shown.columns.map(() => "") : shown.cells(event)),
    ...run.columns.map((name) => (typeof values[name] === "number" ? count(values[name]) : fieldText(values[name]))),
  ]);
  return table(
    [
      ...shown.columns,
      ...run.columns.map((title) => ({ title, shrink: !numbers.has(title), ...(numbers.has(title) ? { align: "right" as const } : {}) })),
    ],
    cells,
    width,
  );
}
