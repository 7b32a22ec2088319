/** What a hunt found, written in the form that was asked for. */
import {
  absentFields,
  alertRows,
  alertsCsv,
  alertsLines,
  alertsMarkdown,
  alertsTable,
  bundledRulesText,
  eventRows,
  fieldsFor,
  plural,
  summaryMarkdown,
  summaryText,
  type AlertRow,
  type AskedFields,
  type TextTerminal,
} from "../../report/index.ts";
import { alertDocument, visible, type Detection, type TimeZone } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { printFaults, type Hunted } from "../hunting.ts";
import { writeFiles } from "../output/files.ts";
import { jsonPieces } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { huntJson, rowJson } from "./document.ts";
import type { Shape } from "./shape.ts";

/** What a form is made of. */
interface Writing extends Hunted {
  readonly shape: Shape;
  readonly zone: TimeZone;
  /** What was read and what went wrong, as JSON has it. */
  readonly problems: object;
  /** What ran where nobody named rules; null where somebody did. */
  readonly bundled: readonly Detection[] | null;
}

/** A file is plain, and its lines are not cut. */
const IN_A_FILE: TextTerminal = { width: undefined, paint: (_, text) => text };

/** The alerts go into the file or onto standard output; then comes a summary, where the form has none of its own. */
export async function writeHunt({ out, err }: CommandContext, writing: Writing): Promise<void> {
  const { result, shape, zone } = writing;
  const { format, file, quiet, summaryOnly, fields } = shape;
  if (file === null) print(out, pieces(writing, out));
  else {
    await writeFiles([{ path: file, content: pieces(writing, IN_A_FILE) }]);
    if (!quiet) out.write(`${plural(result.alerts.length, "alert")} in ${visible(file)}\n`);
  }
  if (quiet) return;
  if (file !== null || (format === "table" && !summaryOnly)) print(out, ["\n", ...summary(writing, out)]);
  else if (format !== "table" && format !== "markdown") printFaults(err, result);
  if (fields === null || summaryOnly) return;
  for (const name of absentFields(fields, eventRows(result, zone)))
    err.write(`${err.paint("yellow", "warning")}: no event of an alert has the field ${visible(name)}\n`);
}

function print(out: Terminal, texts: Iterable<string>): void {
  for (const text of texts) {
    if (out.end !== null) return;
    out.write(text);
  }
}

function* summary({ result, input, zone, bundled }: Writing, terminal: TextTerminal): Generator<string> {
  yield summaryText(result, input, terminal, zone);
  if (bundled !== null) yield `\n${bundledRulesText(bundled, terminal.width)}`;
}

/** The form, piece by piece: it may be longer than a text can be. */
function* pieces(writing: Writing, terminal: TextTerminal): Generator<string> {
  const { result, input, shape, zone, problems } = writing;
  const { format, fields, summaryOnly } = shape;
  if (format === "json") {
    yield* jsonPieces(huntJson(result, summaryOnly ? null : documents(result, fields, zone), problems, zone), 2);
    yield "\n";
  } else if (format === "ndjson") {
    for (const document of documents(result, fields, zone)) {
      yield* jsonPieces(document, 0);
      yield "\n";
    }
  } else if (format === "table" && (fields === null || summaryOnly)) {
    if (summaryOnly) yield* summary(writing, terminal);
    else for (const line of alertsLines(result, terminal, zone)) yield `${line}\n`;
  } else {
    if (format === "markdown" && !shape.quiet) yield* summaryMarkdown(result, input, zone);
    if (summaryOnly || fields === null) return;
    const rows = format === "timeline" ? eventRows(result, zone) : alertRows(result, zone);
    yield* WRITERS[format](rows, fieldsFor(fields, rows), terminal);
  }
}

const WRITERS = { table: alertsTable, csv: alertsCsv, timeline: alertsCsv, markdown: alertsMarkdown } as const;

function* documents(result: Hunted["result"], fields: AskedFields | null, zone: TimeZone): Generator<object> {
  if (fields === null) {
    for (const alert of result.alerts) yield alertDocument(alert);
    return;
  }
  const rows: readonly AlertRow[] = alertRows(result, zone);
  const read = fieldsFor(fields, rows);
  for (const row of rows) yield rowJson(row, read);
}
