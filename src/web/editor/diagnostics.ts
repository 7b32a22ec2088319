import type { Diagnostic as EditorDiagnostic } from "@codemirror/lint";
import { ecsSchema, readQuery } from "../../workbench/index.ts";

/** What our own parser and checker say of a query, at the places the editor marks. */
export function diagnosticsOf(text: string): EditorDiagnostic[] {
  if (text.trim() === "") return [];
  const { diagnostics } = readQuery(text, { profile: "tocsin", schema: ecsSchema() });
  return diagnostics.slice(0, 100).map(({ span, severity, summary, help, code }) => {
    // A place at the very end, or of no width, still needs a character to be marked at.
    const to = Math.min(Math.max(span.to, span.from + 1), text.length);
    return {
      from: Math.min(span.from, Math.max(0, to - 1)),
      to,
      severity: severity === "hint" ? "hint" : severity,
      message: help === null ? summary : `${summary}\n${help}`,
      source: code,
    };
  });
}
