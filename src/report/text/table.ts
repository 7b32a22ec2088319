import { textColumns, visible } from "../../workbench/index.ts";

export interface Column {
  readonly title: string;
  /** Of its values, behind the title: `time (UTC)`. */
  readonly unit?: string;
  /** Numbers line up on the right. */
  readonly align?: "left" | "right";
  /** Colour of a cell, applied after it was cut to its width. */
  readonly paint?: (text: string, row: number) => string;
  /** The column that gives way first when the terminal is narrow; without one the last column does. */
  readonly shrink?: boolean;
}

/** Every cell of a column is padded to its widest, so one hostile name must not widen all. The last column is not padded and not cut. */
const MAX_PADDED = 500;

/** A plain table. Cells are made safe to print; with a `width` the shrinking columns are cut so that a row fits a line. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): string {
  return [...tableLines(columns, rows, width)].join("\n");
}

/** The same line by line, since a table may be longer than a text can be. */
export function* tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): Generator<string> {
  const cells = rows.map((row) => columns.map((_, c) => visible(row[c] ?? "")));
  const widths = columns.map((column, c) => {
    const widest = cells.reduce((most, row) => Math.max(most, textColumns(row[c]!)), Math.max(textColumns(headText(column)), 1));
    return c === columns.length - 1 && column.align !== "right" ? widest : Math.min(widest, MAX_PADDED);
  });
  if (width !== undefined) {
    const shrinking = columns.flatMap((column, c) => (column.shrink === true ? [c] : []));
    if (shrinking.length === 0) shrinking.push(columns.length - 1);
    let over = widths.reduce((sum, w) => sum + w + 2, -2) - width;
    while (over > 0) {
      const widest = shrinking.reduce((best, c) => (widths[c]! > widths[best]! ? c : best));
      if (widths[widest]! <= 12) break;
      const take = Math.min(over, Math.max(1, widths[widest]! - 12));
      widths[widest] = widths[widest]! - take;
      over -= take;
    }
  }
  const line = (row: readonly string[], painted: (c: number, text: string) => string): string =>
    columns
      .map((column, c) => {
        const text = cut(row[c]!, widths[c]!);
        const shown = painted(c, text);
        if (c === columns.length - 1 && column.align !== "right") return shown;
        const gap = " ".repeat(widths[c]! - textColumns(text));
        return column.align === "right" ? gap + shown : shown + gap;
      })
      .join("  ")
      .trimEnd();
  yield line(columns.map(headText), (_, text) => text);
  for (const [r, row] of cells.entries()) yield line(row, (c, text) => columns[c]!.paint?.(text, r) ?? text);
}

function headText({ title, unit }: Column): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

function cut(text: string, width: number): string {
  if (textColumns(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const char of text) {
    const w = textColumns(char);
    if (used + w > width - 1) break;
    shown += char;
    used += w;
  }
  return `${shown}…`;
}
