import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { completionAt, ecsFields, type QueryLanguage, type SeenFields } from "../../workbench/index.ts";

/** Completion as the editor asks for it: of EQL everything, of the other languages the fields. */
export function completeQuery(context: CompletionContext, language: QueryLanguage, seen: SeenFields): CompletionResult | null {
  return language === "eql" ? completeEql(context, seen) : completeFields(context, seen);
}

function completeEql(context: CompletionContext, seen: SeenFields): CompletionResult | null {
  const text = context.state.doc.toString();
  const found = completionAt(text, context.pos, seen, context.explicit);
  return found === null ? null : { ...found, validFor: found.inString ? /^[^"\n]*$/ : /^[\w.@?`~-]*$/ };
}

function completeFields(context: CompletionContext, seen: SeenFields): CompletionResult | null {
  const word = context.matchBefore(/[\w.@]+/);
  if (word === null && !context.explicit) return null;
  const own = [...seen.keys()].map((label) => ({ label, type: "property", detail: "in the files", boost: 2 }));
  const ecs = [...ecsFields()].flatMap(({ name, type }) => (seen.has(name) ? [] : [{ label: name, type: "property", detail: type }]));
  return { from: word?.from ?? context.pos, options: [...own, ...ecs], validFor: /^[\w.@]*$/ };
}
