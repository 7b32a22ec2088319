/** Rows of alerts as CSV, as a table of Markdown, and as a table on a terminal. */
import { fieldText, visible } from "../../workbench/index.ts";
import type { AlertField } from "../view/alert-fields.ts";
import type { AlertRow } from "../view/alert-rows.ts";
import { csvLine } from "./csv.ts";
import { markdownCode, markdownRow, markdownText } from "./markdown.ts";
import { tableLines, type Column } from "./table.ts";
import { SEVERITY_STYLE, type TextTerminal } from "./terminal.ts";

/** A row is a line: what would break it, or act on a terminal, is spelt out. */
export function* alertsCsv(rows: readonly AlertRow[], fields: readonly AlertField[]): Generator<string> {
  yield csvLine(fields.map(({ name }) => visible(name)));
  for (const row of rows) yield csvLine(fields.map((field) => textOf(field, row)));
}

/** Texts out of logs are code, in which nothing is a link, a mention or markup. */
export function* alertsMarkdown(rows: readonly AlertRow[], fields: readonly AlertField[]): Generator<string> {
  if (rows.length === 0) return;
  yield markdownRow(fields.map(({ name }) => markdownText(visible(name))));
  yield markdownRow(fields.map(() => "---"));
  for (const row of rows) {
    yield markdownRow(
      fields.map((field) => {
        const text = textOf(field, row);
        return field.isOurs ? markdownText(text) : markdownCode(text);
      }),
    );
  }
}

/** Fields that are short by their nature: the others give way where a line is too long. */
const SHORT = new Set(["time", "datetime", "severity", "risk_score", "incident", "events", "event_id", "record_id"]);

export function* alertsTable(rows: readonly AlertRow[], fields: readonly AlertField[], terminal: TextTerminal): Generator<string> {
  if (rows.length === 0) return;
  const columns = fields.map(({ name }): Column => ({
    title: visible(name),
    shrink: !SHORT.has(name),
    ...(name === "severity"
      ? { paint: (text: string, row: number) => terminal.paint(SEVERITY_STYLE[rows[row]!.alert.rule.severity], text) }
      : {}),
  }));
  for (const line of tableLines(
    columns,
    rows.map((row) => fields.map((field) => textOf(field, row))),
    terminal.width,
  ))
    yield `${line}\n`;
}

function textOf({ read }: AlertField, row: AlertRow): string {
  return visible(fieldText(read(row)));
}
