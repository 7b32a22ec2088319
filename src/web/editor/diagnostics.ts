import type { Diagnostic as EditorDiagnostic } from "@codemirror/lint";
import {
  doubtedField,
  ecsSchema,
  isTreeLanguage,
  readEsql,
  readQuery,
  type QueryLanguage,
  type SeenFields,
} from "../../workbench/index.ts";

/** A query with more mistakes than this is not one yet. */
const MAX_SHOWN = 100;

/** What our own parsers and checkers say of a query, at the places the editor marks. A field that the files have is not misspelt. */
export function diagnosticsOf(text: string, language: QueryLanguage, seen: SeenFields): EditorDiagnostic[] {
  if (text.trim() === "") return [];
  const schema = ecsSchema();
  const { diagnostics } = isTreeLanguage(language) ? readQuery(text, { language, profile: "tocsin", schema }) : readEsql(text, schema);
  return diagnostics
    .filter((diagnostic) => {
      const field = doubtedField(diagnostic);
      return field === null || !seen.has(field);
    })
    .slice(0, MAX_SHOWN)
    .map(({ span, severity, summary, help, code }) => {
      // A place at the very end, or of no width, still needs a character to be marked at.
      const to = Math.min(Math.max(span.to, span.from + 1), text.length);
      const message = help === null ? summary : `${summary}\n${help}`;
      return { from: Math.min(span.from, Math.max(0, to - 1)), to, severity, message, source: code };
    });
}
