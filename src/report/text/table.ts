import { textColumns, visible } from "../../workbench/index.ts";
import type { TextTerminal } from "./terminal.ts";

export interface Column {
  readonly title: string;
  /** Of its values, behind the title: `time (UTC)`. */
  readonly unit?: string;
  /** Numbers line up on the right. */
  readonly align?: "left" | "right";
  /** Colour of a cell, applied after it was cut to its width. */
  readonly paint?: (text: string, row: number) => string;
  /** The column gives way when the terminal is narrow; where none does it is the last one. */
  readonly shrink?: boolean;
  /** Down to how many columns of the terminal; default 12. */
  readonly least?: number;
  /** Left out where there is no room for all, those with the highest number first. */
  readonly optional?: number;
}

/** Every cell of a column is padded to its widest, so one hostile name must not widen all. The last column is not padded and not cut. */
const MAX_PADDED = 500;
const LEAST = 12;
const GAP = 2;

/** A plain table. Cells are made safe to print; with a `width` columns are cut, and the optional ones left out, so that a row fits a line. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): string {
  return [...tableLines(columns, rows, width)].join("\n");
}

/** The same under a heading: indented, and heads in lower case as in every table of the command line. */
export function* indentedTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width }: Pick<TextTerminal, "width">,
): Generator<string> {
  const heads = columns.map((column) => ({ ...column, title: column.title.toLowerCase() }));
  for (const line of tableLines(heads, rows, width === undefined ? undefined : width - 2)) yield `  ${line}`;
}

/** The same line by line, since a table may be longer than a text can be. */
export function* tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): Generator<string> {
  const cells = rows.map((row) => columns.map((_, c) => visible(row[c] ?? "")));
  const widest = columns.map((column, c) => {
    const most = cells.reduce((sofar, row) => Math.max(sofar, textColumns(row[c]!)), Math.max(textColumns(headText(column)), 1));
    return c === columns.length - 1 && column.align !== "right" ? most : Math.min(most, MAX_PADDED);
  });
  const { shown, widths } = width === undefined ? { shown: columns.map((_, c) => c), widths: widest } : fitted(columns, widest, width);
  const line = (row: readonly string[], painted: (c: number, text: string) => string): string =>
    shown
      .map((c, at) => {
        const column = columns[c]!;
        const text = cut(row[c]!, widths[c]!);
        const cell = painted(c, text);
        if (at === shown.length - 1 && column.align !== "right") return cell;
        const gap = " ".repeat(widths[c]! - textColumns(text));
        return column.align === "right" ? gap + cell : cell + gap;
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  yield line(columns.map(headText), (_, text) => text);
  for (const [r, row] of cells.entries()) yield line(row, (c, text) => columns[c]!.paint?.(text, r) ?? text);
}

/** Which columns are shown, and how wide, so that they fit. */
function fitted(
  columns: readonly Column[],
  widest: readonly number[],
  width: number,
): { readonly shown: readonly number[]; readonly widths: readonly number[] } {
  const widths = [...widest];
  const shrinks = columns.map(({ shrink }) => shrink === true);
  if (!shrinks.includes(true)) shrinks[columns.length - 1] = true;
  const least = widths.map((w, c) => (shrinks[c] === true ? Math.min(w, columns[c]!.least ?? LEAST) : w));
  const over = (all: readonly number[], by: readonly number[]): number => all.reduce((sum, c) => sum + by[c]! + GAP, -GAP) - width;
  let shown = columns.map((_, c) => c);
  while (over(shown, least) > 0) {
    const dropped = shown.reduce((best, c) => ((columns[c]!.optional ?? 0) > (columns[best]?.optional ?? 0) ? c : best), -1);
    if (dropped === -1) break;
    shown = shown.filter((c) => c !== dropped);
  }
  for (;;) {
    const excess = over(shown, widths);
    const giving = shown.filter((c) => widths[c]! > least[c]!);
    if (excess <= 0 || giving.length === 0) return { shown, widths };
    const first = giving.reduce((best, c) => (widths[c]! > widths[best]! ? c : best));
    // Down to the next widest, so that all that are wide give alike.
    const next = giving.reduce((most, c) => (widths[c]! < widths[first]! ? Math.max(most, widths[c]!) : most), least[first]!);
    widths[first] = widths[first]! - Math.min(excess, Math.max(1, widths[first]! - next));
  }
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
