import type { Terminal } from "../output/terminal.ts";
import { renderDiagnostics, type Diagnostic } from "../../workbench/index.ts";

/** Diagnostics of a query on stderr, with the place underlined. */
export function printDiagnostics(err: Terminal, text: string, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) err.write(`${renderDiagnostics(text, diagnostics)}\n`);
}
