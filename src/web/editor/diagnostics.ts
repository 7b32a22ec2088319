import type { Diagnostic as EditorDiagnostic } from "@codemirror/lint";
import { ecsSchema, readQuery, type SeenFields } from "../../workbench/index.ts";

/** A query with more mistakes than this is not one yet. */
const MAX_SHOWN = 100;

/** What our own parser and checker say of a query, at the places the editor marks. A field that the files have is not misspelt. */
export function diagnosticsOf(text: string, seen: SeenFields): EditorDiagnostic[] {
  if (text.trim() === "") return [];
  const { diagnostics } = readQuery(text, { profile: "tocsin", schema: ecsSchema() });
  return diagnostics
    .filter(({ code, span }) => code !== "eql/likely-misspelt" || !seen.has(text.slice(span.from, span.to)))
    .slice(0, MAX_SHOWN)
    .map(({ span, severity, summary, help, code }) => {
      // A place at the very end, or of no width, still needs a character to be marked at.
      const to = Math.min(Math.max(span.to, span.from + 1), text.length);
      const message = help === null ? summary : `${summary}\n${help}`;
      return { from: Math.min(span.from, Math.max(0, to - 1)), to, severity, message, source: code };
    });
}
