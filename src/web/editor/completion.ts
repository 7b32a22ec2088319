import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { completionAt, type SeenFields } from "../../workbench/index.ts";

/** Completion of EQL as the editor asks for it. */
export function completeEql(context: CompletionContext, seen: SeenFields): CompletionResult | null {
  const text = context.state.doc.toString();
  const found = completionAt(text, context.pos, seen, context.explicit);
  return found === null ? null : { ...found, validFor: found.inString ? /^[^"\n]*$/ : /^[\w.@?`~-]*$/ };
}
