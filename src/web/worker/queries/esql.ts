import { cut, plural } from "../../../report/index.ts";
import { ecsSchema, EsqlLimitError, EsqlRun, esqlFields, fieldText, readEsql, type EsqlRow } from "../../../workbench/index.ts";
import type { InputFile } from "../../protocol.ts";
import { readFiles } from "../read-files.ts";
import { AbsentFields } from "./absent-fields.ts";
import { diagnosticText, refused, type QueryRun, type QueryWatch } from "./result.ts";

/** Rows in the table. */
const MAX_SHOWN = 500;
/** Rows that are kept to be saved; each may be a whole event. */
const MAX_KEPT = 50_000;
/** Columns of a result whose rows are whole events; all are in what is saved. */
const TELLING = [
  "@timestamp",
  "host.name",
  "event.code",
  "event.action",
  "user.name",
  "process.name",
  "process.command_line",
  "source.ip",
  "destination.ip",
  "file.path",
] as const;

/** A query in ES|QL over the files: rows of events or of groups. */
export async function runEsql(text: string, files: readonly InputFile[], watch: QueryWatch): Promise<QueryRun> {
  const begun = performance.now();
  const { query, diagnostics, looksLike } = readEsql(text, ecsSchema());
  if (query === null) return refused(diagnostics.filter((d) => d.severity === "error").map(diagnosticText), looksLike);
  const rows: EsqlRow[] = [];
  const absent = new AbsentFields(esqlFields(query));
  const run = new EsqlRun(query, {
    schema: ecsSchema(),
    now: Date.now(),
    onEvent: (event) => {
      absent.event(event);
      watch.events(run.events);
    },
    onRow: (row) => {
      if (rows.length < MAX_KEPT) rows.push(row);
    },
  });
  const { aborted } = await readFiles(files, run, watch);
  try {
    run.finish();
  } catch (error) {
    if (!(error instanceof EsqlLimitError)) throw error;
    return refused([`${error.message}, and has no result. Narrow the events down with \`where\`, or group by fewer values.`]);
  }
  const all = columnsOf(run, rows);
  const shown = run.isOpen ? [...TELLING.filter((name) => all.includes(name)), ...run.columns.filter((name) => !isTelling(name))] : all;
  return {
    answer: {
      kind: "rows",
      noun: "row",
      events: run.events,
      ms: performance.now() - begun,
      aborted,
      total: run.rows,
      columns: shown.map((name) => ({ name, isNumber: rows.every(({ values }) => typeof (values[name] ?? 0) === "number") })),
      rows: rows.slice(0, MAX_SHOWN).map(({ values }) => shown.map((name) => cut(fieldText(values[name]), 300))),
      notes: [
        ...[...run.warnings].map(([reason, times]) => `${reason}; ${plural(times, "value")} counted as null`),
        ...(run.rows > rows.length ? [`${plural(run.rows - rows.length, "further row")} found no room; \`limit\` asks for fewer`] : []),
      ],
      doubts: absent.doubts(diagnostics),
    },
    saved: {
      columns: all,
      rows: function* () {
        for (const { values } of rows) yield all.map((name) => fieldText(values[name]));
      },
      lines: () => rows.map(({ values }) => values),
    },
  };
}

function isTelling(name: string): boolean {
  return (TELLING as readonly string[]).includes(name);
}

/** The query's own columns; of an open result the fields that some row has before them, in order of name. */
function columnsOf(run: EsqlRun, rows: readonly EsqlRow[]): string[] {
  if (!run.isOpen) return [...run.columns];
  const fields = new Set(rows.flatMap(({ values }) => Object.keys(values)));
  for (const name of run.columns) fields.delete(name);
  return [...[...fields].sort(), ...run.columns];
}
