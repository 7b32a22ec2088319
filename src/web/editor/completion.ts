import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { completionAt, fieldCompletionAt, type QueryLanguage, type SeenFields } from "../../workbench/index.ts";

/** Completion as the editor asks for it. */
export function completeQuery(context: CompletionContext, language: QueryLanguage, seen: SeenFields): CompletionResult | null {
  const text = context.state.doc.toString();
  const found =
    language === "eql"
      ? completionAt(text, context.pos, seen, context.explicit)
      : fieldCompletionAt(text, context.pos, language, seen, context.explicit);
  return found === null ? null : { ...found, validFor: found.inString ? /^[^"\n]*$/ : /^[\w.@?`~-]*$/ };
}
