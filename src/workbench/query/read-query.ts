import { check, parse, type Diagnostic, type Profile, type Query, type Schema } from "../../eql/index.ts";
import { readKql } from "../../kql/index.ts";
import { readLucene } from "../../lucene/index.ts";
import { languageOf, type LooksLike, type TreeLanguage } from "./language.ts";

export interface ReadQuery {
  /** Null where an error was found. */
  readonly query: Query | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Another language that the text looks like, where it could not be read, or not without doubts. */
  readonly looksLike: LooksLike | null;
}

export interface ReadQueryOptions {
  /** Default EQL. */
  readonly language?: TreeLanguage;
  readonly profile: Profile;
  readonly schema: Schema;
}

/** Parses and checks a query in a language that becomes the tree. */
export function readQuery(text: string, options: ReadQueryOptions): ReadQuery {
  const language = options.language ?? "eql";
  const { query, diagnostics } = READERS[language](text, options);
  if (diagnostics.length === 0) return { query, diagnostics, looksLike: null };
  const looksLike = languageOf(text);
  return { query, diagnostics, looksLike: looksLike?.language === language ? null : looksLike };
}

type Read = Omit<ReadQuery, "looksLike">;

const READERS = {
  eql: readEql,
  kql: (text, { schema }) => ofEvents(readKql(text, schema)),
  lucene: (text, { schema }) => ofEvents(readLucene(text, schema)),
} as const satisfies Record<TreeLanguage, (text: string, options: ReadQueryOptions) => Read>;

function readEql(text: string, { profile, schema }: ReadQueryOptions): Read {
  const parsed = parse(text);
  if (parsed.query === null) return parsed;
  const checked = check(parsed.query, { profile, schema, text });
  const diagnostics = [...parsed.diagnostics, ...checked.diagnostics];
  return { query: diagnostics.some((d) => d.severity === "error") ? null : parsed.query, diagnostics };
}

/** A language whose query is a condition of one event. */
function ofEvents({ filter, diagnostics }: ReturnType<typeof readKql>): Read {
  return { query: filter === null ? null : { kind: "event", span: filter.span, filter, pipes: [], comments: [] }, diagnostics };
}
