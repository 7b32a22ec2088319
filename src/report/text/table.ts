import { visible } from "../../workbench/index.ts";

export interface Column {
  readonly title: string;
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
    const widest = cells.reduce((most, row) => Math.max(most, cellWidth(row[c]!)), Math.max(cellWidth(column.title), 1));
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
        const gap = " ".repeat(widths[c]! - cellWidth(text));
        return column.align === "right" ? gap + shown : shown + gap;
      })
      .join("  ")
      .trimEnd();
  yield line(
    columns.map((column) => column.title),
    (_, text) => text,
  );
  for (const [r, row] of cells.entries()) yield line(row, (c, text) => columns[c]!.paint?.(text, r) ?? text);
}

/** Columns a text takes on a terminal: East Asian wide and emoji count two, combining marks none. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0x300 && code <= 0x36f) continue;
    width += isWide(code) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f300 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd))
  );
}

function cut(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const char of text) {
    const w = cellWidth(char);
    if (used + w > width - 1) break;
    shown += char;
    used += w;
  }
  return `${shown}…`;
}
