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
  /** What to do, where it does not run here: the end of a sentence. */
  readonly advice: string | null;
}

const IN_ESQL = "say it in ES|QL (`--language esql`), such as `from logs | where event.code == 4625 | stats n = count(*) by user.name`";

/** How the beginning or a turn of phrase gives a language away; the first that fits is named. */
const SIGNS: readonly (LooksLike & { readonly sign: RegExp })[] = [
  foreign(
    "a Sigma rule",
    "save it as a file and run it with `tocsin hunt PATH --rules FILE`",
    /^(?:title|id|name|status|logsource|detection)\s*:[^\n]*\n[\s\S]*^(?:logsource|detection)\s*:/m,
  ),
  foreign("YARA-L", "say it in EQL, whose `sequence by` joins events", /^\s*rule\s+\w+\s*\{/),
  foreign("SQL", IN_ESQL, /^\s*(?:select\s[\s\S]{1,2000}?\sfrom\s|with\s+\w+\s+as\s*\()/i),
  own("eql", /^\s*(?:(?:sequence|sample|join)\s+(?:by\s|with\s|\[)|(?:[a-z_]+|"[^"\n]{1,80}")\s+where\s)/),
  own("esql", /^\s*(?:from\s+[\w.*,:"{}<>\s-]{1,500}?\||row\s+\w+\s*=)/i),
  foreign(
    "SPL (Splunk)",
    IN_ESQL,
    /^\s*(?:search\s+)?(?:(?:index|sourcetype|source|eventtype)\s*=|\w+=[^\s=]+\s+\w+=[^\s=])|^\s*\|\s*(?:tstats|inputlookup|from)\b|\|\s*(?:stats|table|eval|rex|timechart|dedup)\b/i,
  ),
  foreign("Microsoft's KQL (Kusto)", IN_ESQL, /^\s*\w+\s*\|\s*(?:where|project|extend|summarize|join|take|count)\b/i),
  own("lucene", /(?:^|[\s(])(?:[+-][\w.]+:|_exists_:|[\w.]+:(?:\/.+\/|[[{].{1,80}? TO .{1,80}?[\]}]))|\s(?:&&|\|\|)\s/),
  own("kql", /^\s*(?:not\s+)?\(*\s*[\w.@*-]+\s*(?::\s*[("\w*\\/.-]|[<>]=?\s)/i),
];

function own(language: QueryLanguage, sign: RegExp): (typeof SIGNS)[number] {
  return { title: QUERY_LANGUAGES[language], language, advice: null, sign };
}

function foreign(title: string, advice: string, sign: RegExp): (typeof SIGNS)[number] {
  return { title, language: null, advice, sign };
}

/** What a text looks like; null where nothing gives it away. */
export function languageOf(text: string): LooksLike | null {
  const head = text.slice(0, 4000);
  const fits = SIGNS.find(({ sign }) => sign.test(head));
  return fits === undefined ? null : { title: fits.title, language: fits.language, advice: fits.advice };
}

/** Languages of fields and values, in which a text without either is a search for its words: nearly any text is a query. */
const READS_ANY_TEXT: ReadonlySet<QueryLanguage> = new Set<QueryLanguage>(["kql", "lucene"]);

/**
 * Another language that a text looks like.
 * @param language what it was read as
 * @param isDoubtful whether it could not be read, or not without doubts
 */
export function foreignLanguage(text: string, language: QueryLanguage, isDoubtful: boolean): LooksLike | null {
  if (!isDoubtful && !READS_ANY_TEXT.has(language)) return null;
  const fits = languageOf(text);
  if (fits === null || fits.language === language) return null;
  // Most of Kibana's language means the same in Lucene's.
  return isDoubtful || fits.language !== "kql" ? fits : null;
}
