import type { Diagnostic } from "./diagnostic.ts";
import { textColumns } from "./text-columns.ts";
import { positionAt, type Span } from "../span.ts";

/** How diagnostics are written out. */
export interface RenderOptions {
  /** Colours a piece of text; plain text where it is not given. */
  readonly paint?: (style: "error" | "warning" | "hint" | "place" | "help", text: string) => string;
  /** Widest source line shown; a longer one is cut around the place. Default 160. */
  readonly width?: number;
  /** Most diagnostics shown; the number of the others is printed. Default 100: each costs a scan of the text, and a hostile query has very many. */
  readonly limit?: number;
}

/**
 * Diagnostics as text: the place as `line L:C` (Elasticsearch's own form), the summary, the source line with the place underlined, the
 * labels, and what to do.
 */
export function renderDiagnostics(text: string, diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const limit = options.limit ?? 100;
  const shown = diagnostics.slice(0, limit).map((diagnostic) => renderOne(text, diagnostic, options));
  if (diagnostics.length > limit) shown.push(`${diagnostics.length - limit} more not shown`);
  return shown.join("\n\n");
}

function renderOne(text: string, diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = options.paint ?? ((_style, piece) => piece);
  const width = options.width ?? 160;
  const { severity, code, summary, span, labels, help } = diagnostic;
  const { line, column } = positionAt(text, span.from);
  const lines = [`${paint(severity, severity)}: line ${line}:${column}: ${visible(summary)} ${paint("place", `[${code}]`)}`];
  lines.push(...excerpt(text, span, "^", "", width, (piece) => paint(severity, piece)));
  for (const label of labels)
    lines.push(...excerpt(text, label.span, "-", ` ${visible(label.text)}`, width, (piece) => paint("place", piece)));
  if (help !== null) lines.push(`  ${paint("help", "help")}: ${visible(help)}`);
  return lines.join("\n");
}

/** The line of the span with the span underlined; of a span over several lines, what lies on its first. */
function excerpt(text: string, span: Span, mark: string, after: string, width: number, paint: (piece: string) => string): string[] {
  let start = Math.min(span.from, text.length);
  while (start > 0 && text[start - 1] !== "\n" && text[start - 1] !== "\r") start--;
  let end = Math.min(span.from, text.length);
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
  let from = start;
  let to = end;
  if (to - from > width) {
    from = Math.max(start, Math.min(span.from - Math.floor(width / 3), end - width));
    to = Math.min(end, from + width);
  }
  const before = text.slice(from, span.from);
  const inside = text.slice(span.from, Math.max(Math.min(span.to, to), span.from));
  const number = String(positionAt(text, span.from).line);
  const gutter = " ".repeat(number.length);
  const shown = `${from > start ? "…" : ""}${visible(text.slice(from, to))}${to < end ? "…" : ""}`;
  const pad = textColumns(visible(before)) + (from > start ? 1 : 0);
  return [
    `${gutter} |`,
    `${number} | ${shown}`,
    `${gutter} | ${" ".repeat(pad)}${paint(mark.repeat(Math.max(1, textColumns(visible(inside)))))}${after}`,
  ];
}

/** Tabs and other controls as one visible character, so that the underline stays below its text and nothing reaches the terminal. */
function visible(text: string): string {
  let shown = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    const control =
      code < 0x20 ||
      (code >= 0x7f && code < 0xa0) ||
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069);
    shown += code === 9 ? " " : control ? "\ufffd" : char;
  }
  return shown;
}
