import { csvLine } from "../../../report/index.ts";
import { jsonText, type Diagnostic } from "../../../workbench/index.ts";
import type { QueryAnswer } from "../../protocol.ts";
import { cellText } from "../exports.ts";
import type { Watch } from "../read-files.ts";

/** Who follows a query. */
export interface QueryWatch extends Watch {
  events(n: number): void;
}

/** What a query came to, and all of it for who saves it. */
export interface QueryRun {
  readonly answer: QueryAnswer;
  /** Null where there is nothing to save. */
  readonly saved: SavedResult | null;
}

/** A result as it is saved: more than the page shows. */
export interface SavedResult {
  readonly columns: readonly string[];
  /** Cells of each row, in the order of the columns. */
  readonly rows: () => Iterable<readonly string[]>;
  /** What stands on each line of NDJSON. */
  readonly lines: () => Iterable<unknown>;
}

export function refused(messages: readonly string[], looksLike: RefusedLanguage = null): QueryRun {
  return { answer: { kind: "refused", messages, looksLike }, saved: null };
}
type RefusedLanguage = (QueryAnswer & { readonly kind: "refused" })["looksLike"];

export function diagnosticText({ summary, help }: Diagnostic): string {
  return help === null ? summary : `${summary}. ${help}`;
}

/** A byte order mark, since spreadsheets guess otherwise. */
export function csvOf({ columns, rows }: SavedResult): Blob {
  const lines = [csvLine(columns)];
  for (const row of rows()) lines.push(csvLine(row.map(cellText)));
  return new Blob(["\uFEFF", ...lines], { type: "text/csv" });
}

export function ndjsonOf({ lines }: SavedResult): Blob {
  const parts: string[] = [];
  for (const line of lines()) parts.push(`${jsonText(line)}\n`);
  return new Blob(parts, { type: "application/x-ndjson" });
}
