import { renderDiagnostics, type Diagnostic } from "../workbench/index.ts";
import { err } from "./terminal.ts";

/** Diagnostics of a query on stderr, with the place underlined. */
export function printDiagnostics(text: string, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) err.write(`${renderDiagnostics(text, diagnostics)}\n`);
}
