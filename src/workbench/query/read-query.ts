import { check, parse, type Diagnostic, type Profile, type Query, type Schema } from "../../eql/index.ts";
import { readKql } from "../../kql/index.ts";
import { readLucene } from "../../lucene/index.ts";
import { doubtsOf } from "./doubts.ts";
import { foreignLanguage, type LooksLike, type TreeLanguage } from "./language.ts";

export interface ReadQuery {
  /** Null where an error was found. */
  readonly query: Query | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Another language that the text looks like. */
  readonly looksLike: LooksLike | null;
}

export interface ReadQueryOptions {
  /** Default EQL. */
  readonly language?: TreeLanguage;
  readonly profile: Profile;
  readonly schema: Schema;
  /** What `process where` tests; `event.category` by default. */
  readonly categoryField?: string;
}

/** Parses and checks a query in a language that becomes the tree. */
export function readQuery(text: string, options: ReadQueryOptions): ReadQuery {
  const language = options.language ?? "eql";
  const { query, diagnostics } = READERS[language](text, options);
  const looksLike = foreignLanguage(text, language, diagnostics.length > 0);
  const doubts = query === null ? [] : doubtsOf(query, options.categoryField ?? "event.category");
  return { query, diagnostics: [...diagnostics, ...doubts], looksLike };
}

type Read = Omit<ReadQuery, "looksLike">;

const READERS = {
  eql: readEql,
  kql: (text, options) => ofEvents(readKql(text, options.schema), text, options),
  lucene: (text, options) => ofEvents(readLucene(text, options.schema), text, options),
} as const satisfies Record<TreeLanguage, (text: string, options: ReadQueryOptions) => Read>;

function readEql(text: string, { profile, schema }: ReadQueryOptions): Read {
  const parsed = parse(text);
  if (parsed.query === null) return parsed;
  const checked = check(parsed.query, { profile, schema, text });
  const diagnostics = [...parsed.diagnostics, ...checked.diagnostics];
  return { query: diagnostics.some((d) => d.severity === "error") ? null : parsed.query, diagnostics };
}

/** A language whose query is a condition of one event. Any field may be asked for; one that is hardly meant is said as for EQL. */
function ofEvents({ filter, diagnostics }: ReturnType<typeof readKql>, text: string, { profile, schema }: ReadQueryOptions): Read {
  if (filter === null) return { query: null, diagnostics };
  const query: Query = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
  const misspelt = check(query, { profile, schema, text }).diagnostics.filter(({ code }) => code === "eql/likely-misspelt");
  return { query, diagnostics: [...diagnostics, ...misspelt] };
}
