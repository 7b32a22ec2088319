import type { Terminal } from "../output/terminal.ts";
import { renderDiagnostics, type Diagnostic, type LooksLike } from "../../workbench/index.ts";

/** Diagnostics of a query on stderr, with the place underlined. */
export function printDiagnostics(err: Terminal, text: string, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) err.write(`${renderDiagnostics(text, diagnostics)}\n`);
}

/** What there is to say of a query that was read, another language that it looks like included. */
export function printRead(
  err: Terminal,
  text: string,
  read: { readonly query: unknown; readonly diagnostics: readonly Diagnostic[]; readonly looksLike: LooksLike | null },
): void {
  printDiagnostics(err, text, read.diagnostics);
  if (read.looksLike === null) return;
  const { title, language, advice } = read.looksLike;
  const label = read.query === null ? err.paint("cyan", "help") : err.paint("yellow", "warning");
  const what = language === null ? `, which does not run here: ${advice}` : `: add \`--language ${language}\``;
  err.write(`${label}: this looks like ${title}${what}\n`);
}
