/** A search for a text in every field, as a query. */
import { compileFilter, make, mergedParts, parseWildcard, type EventFilter, type Pattern, type Query, type Span } from "../../eql/index.ts";

/**
 * `text` is found anywhere in a value, in any case, and `*` and `?` are wildcards; `/expression/` is a regular expression of Sigma's kind,
 * `/expression/i` without regard to case. Null with what is wrong where the expression cannot be read.
 */
export function textSearch(
  text: string,
): { readonly query: Query; readonly problem: null } | { readonly query: null; readonly problem: string } {
  const span: Span = { from: 0, to: text.length };
  const regex = /^\/(.+)\/([ims]*)$/s.exec(text);
  const pattern: Pattern =
    regex === null
      ? make.wildcard(mergedParts([{ kind: "any" }, ...parseWildcard(text), { kind: "any" }]), span)
      : { kind: "regex", span, source: regex[1]!, flavour: "pcre", flags: regex[2]!, form: "quoted" };
  const filter: EventFilter = {
    span,
    category: null,
    condition: { kind: "any-field", span, insensitive: regex === null, patterns: [pattern] },
  };
  let problem: string | null = null;
  compileFilter(filter, { onDiagnostic: ({ summary }) => (problem ??= summary) });
  return problem === null ? { query: { kind: "event", span, filter, pipes: [], comments: [] }, problem } : { query: null, problem };
}
