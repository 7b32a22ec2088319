/** Query languages: those that run here, and others that people paste. */

/** The languages that become the tree of conditions. */
export const TREE_LANGUAGES = { eql: "EQL", kql: "KQL (Kibana)", lucene: "Lucene's query syntax" } as const satisfies Record<
  string,
  string
>;

/** The languages that `query` takes. */
export const QUERY_LANGUAGES = { ...TREE_LANGUAGES, esql: "ES|QL" } as const satisfies Record<string, string>;

export type TreeLanguage = keyof typeof TREE_LANGUAGES;
export type QueryLanguage = keyof typeof QUERY_LANGUAGES;

export function isTreeLanguage(language: QueryLanguage): language is TreeLanguage {
  return Object.hasOwn(TREE_LANGUAGES, language);
}

export interface LooksLike {
  readonly title: string;
  /** Null where it does not run here. */
  readonly language: QueryLanguage | null;
}

/** How the beginning or a turn of phrase gives a language away; the first that fits is named. */
const SIGNS: readonly (LooksLike & { readonly sign: RegExp })[] = [
  { title: "a Sigma rule", language: null, sign: /^\s*(?:title|logsource|detection)\s*:[^\n]*\n[\s\S]*^(?:logsource|detection)\s*:/m },
  { title: "YARA-L", language: null, sign: /^\s*rule\s+\w+\s*\{/ },
  { title: "SQL", language: null, sign: /^\s*(?:select\s[\s\S]{1,2000}?\sfrom\s|with\s+\w+\s+as\s*\()/i },
  {
    title: QUERY_LANGUAGES.eql,
    language: "eql",
    sign: /^\s*(?:(?:sequence|sample|join)\s+(?:by\s|with\s|\[)|(?:[a-z_]+|"[^"\n]{1,80}")\s+where\s)/,
  },
  { title: QUERY_LANGUAGES.esql, language: "esql", sign: /^\s*(?:from\s+[\w.*,:"{}<>\s-]{1,500}?\||row\s+\w+\s*=)/i },
  {
    title: "SPL (Splunk)",
    language: null,
    sign: /^\s*(?:search\s+)?(?:index|sourcetype|source|eventtype)\s*=|^\s*\|\s*(?:tstats|inputlookup|from)\b|\|\s*(?:stats|table|eval|rex|timechart|dedup)\b/i,
  },
  { title: "Microsoft's KQL (Kusto)", language: null, sign: /^\s*\w+\s*\|\s*(?:where|project|extend|summarize|join|take|count)\b/i },
  {
    title: "a Lucene query",
    language: null,
    sign: /(?:^|[\s(])(?:[+-][\w.]+:|_exists_:|[\w.]+:(?:\/.+\/|[[{].{1,80}? TO .{1,80}?[\]}]))|\s(?:&&|\|\|)\s/,
  },
  { title: QUERY_LANGUAGES.kql, language: "kql", sign: /^\s*(?:not\s+)?\(*\s*[\w.@*-]+\s*(?::\s*[("\w*\\/.-]|[<>]=?\s)/i },
];

/** What a text looks like; null where nothing gives it away. */
export function languageOf(text: string): LooksLike | null {
  const head = text.slice(0, 4000);
  const fits = SIGNS.find(({ sign }) => sign.test(head));
  return fits === undefined ? null : { title: fits.title, language: fits.language };
}
