/** Logons as a table, CSV or JSON. */
import { count, csvLine, plural, table, timeText } from "../../report/index.ts";
import type { LogonCounts, LogonField } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { warnNothingFits, type Narrowed } from "../narrowing.ts";
import { writeJson } from "../output/json.ts";
import { readText } from "../query/tree.ts";

export interface PrintLogonsOptions {
  readonly fields: readonly LogonField[];
  readonly narrowed: Narrowed;
  readonly format: "table" | "csv" | "json";
  readonly dropDuplicates: boolean;
}

/** Reads the logs and prints who logged on. Returns the exit code. */
export async function printLogons(
  context: CommandContext,
  paths: readonly string[],
  logons: LogonCounts,
  { fields, narrowed, format, dropDuplicates }: PrintLogonsOptions,
): Promise<number> {
  const { out, err } = context;
  const { narrowing, zone } = narrowed;
  const input = await readWithProgress(context, paths, logons, () => logons.events, { dropDuplicates });
  const groups = logons.groups();
  const rows = groups.map(({ values, events, first, last }) => [...values, events, first, last] as const);
  const columns = [...fields, "events", "first", "last"];
  if (format === "json") {
    const objects = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
    writeJson(out, { logons: objects, events: logons.events, notCounted: logons.notCounted, duplicates: input.duplicates });
  } else if (format === "csv") {
    out.write(csvLine(columns));
    for (const row of rows) out.write(csvLine(row.map((cell) => String(cell ?? ""))));
  } else if (groups.length > 0) {
    const titles = [
      ...fields.map((title) => ({ title, shrink: title !== "outcome", least: 8 })),
      { title: "events", align: "right" as const },
      // When it was last tells more, and CSV and JSON have both.
      { title: "first", optional: 1 },
      { title: "last" },
    ];
    const cells = groups.map(({ values, events, first, last }) => [
      ...values.map((value) => (value === "" ? "-" : value)),
      count(events),
      timeText(first, zone),
      timeText(last, zone),
    ]);
    out.write(`${table(titles, cells, out.width)}\n`);
  }
  if (logons.notCounted > 0)
    err.write(
      `${err.paint("yellow", "warning")}: ${plural(logons.notCounted, "logon")} of further groups found no room; ask for fewer with --group-by\n`,
    );
  const reading = { narrowing, leftOut: logons.leftOut, events: logons.events };
  warnNothingFits(err, reading, logons, zone);
  if (format === "table")
    err.write(`${plural(logons.logons, "logon event")} in ${readText(reading, narrowed)} of ${plural(input.files, "file")}\n`);
  return input.errors > 0 || logons.notCounted > 0 ? EXIT.incomplete : EXIT.done;
}
