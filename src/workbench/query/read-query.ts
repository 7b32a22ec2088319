import { check, parse, type Diagnostic, type Profile, type Query, type Schema } from "../../eql/index.ts";

/** Parses and checks a query; null where an error was found. */
export function readQuery(
  text: string,
  options: { readonly profile: Profile; readonly schema: Schema },
): { readonly query: Query | null; readonly diagnostics: readonly Diagnostic[] } {
  const parsed = parse(text);
  if (parsed.query === null) return parsed;
  const checked = check(parsed.query, { ...options, text });
  const diagnostics = [...parsed.diagnostics, ...checked.diagnostics];
  return { query: diagnostics.some((d) => d.severity === "error") ? null : parsed.query, diagnostics };
}
