/** Texts of query languages and files of rules as coloured pieces: comments, texts, numbers, words of the language. No piece is lost or changed. */

export type CodeTokenKind = "keyword" | "string" | "number" | "function" | "comment";

export interface CodeToken {
  readonly text: string;
  /** Null: no colour. */
  readonly kind: CodeTokenKind | null;
}

/** `kuery` is Kibana's KQL, `kusto` Microsoft's; `script` is whatever has quotes, `#` or `//` (Python, YARA-L, AQL). */
export const CODE_LANGUAGES = ["kuery", "lucene", "esql", "kusto", "spl", "sql", "yaml", "json", "xml", "script"] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

/** A longer text is data, and stays plain. */
const MAX_LENGTH = 200_000;

interface Grammar {
  /** Sources of expressions; each alternative ends where a line or its own end does, so that all are linear. */
  readonly comments: string;
  readonly strings: string;
  /** In lower case. */
  readonly words: ReadonlySet<string>;
  /** Words of the language are in capitals alone. */
  readonly capitals?: true;
  /** A word in front of `(` is a function. */
  readonly functions?: true;
}

const DOUBLE = String.raw`"(?:[^"\\\n]|\\.)*"?`;
const SINGLE = String.raw`'(?:[^'\\\n]|\\.)*'?`;
const LINE_SLASHES = String.raw`\/\/[^\n]*`;
const BLOCK = String.raw`\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?`;
const NEVER = "(?!)";

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

const GRAMMARS = {
  kuery: { comments: NEVER, strings: DOUBLE, words: words("and or not true false null") },
  lucene: { comments: NEVER, strings: `${DOUBLE}|\\/(?:[^/\\\\\\n]|\\\\.)+\\/`, words: words("and or not to"), capitals: true },
  esql: {
    comments: `${LINE_SLASHES}|${BLOCK}`,
    strings: `"""(?:[^"]|"(?!""))*(?:""")?|${DOUBLE}`,
    words: words(
      "from row where eval stats by keep drop rename sort asc desc limit dissect grok enrich on with mv_expand inlinestats metadata and or not in like rlike is null true false as nulls first last",
    ),
    functions: true,
  },
  kusto: {
    comments: LINE_SLASHES,
    strings: String.raw`@"(?:[^"]|"")*"?|@'(?:[^']|'')*'?|` + `${DOUBLE}|${SINGLE}`,
    words: words(
      "let where extend project summarize by join on kind inner leftouter union distinct count take top sort order asc desc and or not in has has_any has_all contains startswith endswith matches regex between true false null datatable materialize mv-expand parse serialize set",
    ),
    functions: true,
  },
  spl: {
    comments: "```(?:[^`]|`(?!``))*(?:```)?",
    strings: DOUBLE,
    words: words(
      "search where eval stats streamstats eventstats tstats table fields rename rex regex dedup sort head tail join append lookup inputlookup transaction bucket bin fillnull from datamodel count by as and or not in true false like isnull isnotnull",
    ),
    functions: true,
  },
  sql: {
    comments: `--[^\\n]*|${BLOCK}`,
    strings: String.raw`'(?:[^']|'')*'?`,
    words: words(
      "select from where and or not in like ilike is null as with join left right inner outer on using group by order having limit offset union all distinct case when then else end between exists true false over partition interval asc desc asof window qualify cast recursive values",
    ),
    functions: true,
  },
  json: { comments: NEVER, strings: DOUBLE, words: words("true false null") },
  xml: {
    comments: "<!--(?:[^-]|-(?!->))*(?:-->)?",
    strings: `"[^"\\n]*"|'[^'\\n]*'`,
    words: new Set<string>(),
  },
  script: {
    comments: `#[^\\n]*|${LINE_SLASHES}|${BLOCK}`,
    strings: `"""(?:[^"]|"(?!""))*(?:""")?|${DOUBLE}|${SINGLE}`,
    words: words(
      "and or not in is if else elif for while def return import from as with lambda true false none select where group by last start rule meta events match condition outcome any all of order having limit case let",
    ),
    functions: true,
  },
} as const satisfies Record<Exclude<CodeLanguage, "yaml">, Grammar>;

const patterns = new Map<CodeLanguage, RegExp>();

/** Groups: comment, text, number, word. Whatever else there is, is one character or a run of blanks. */
function patternOf(language: Exclude<CodeLanguage, "yaml">): RegExp {
  let pattern = patterns.get(language);
  if (pattern === undefined) {
    const { comments, strings } = GRAMMARS[language];
    pattern = new RegExp(`(${comments})|(${strings})|(\\b\\d+(?:\\.\\d+)?[a-z]{0,2}\\b)|([A-Za-z_@$][\\w.@$-]*)|\\s+|[^]`, "gu");
    patterns.set(language, pattern);
  }
  return pattern;
}

/** The pieces of a text, in order; put together they are the text. */
export function codeTokens(text: string, language: CodeLanguage): CodeToken[] {
  if (text.length > MAX_LENGTH) return [{ text, kind: null }];
  return joined(language === "yaml" ? yamlTokens(text) : queryTokens(text, language));
}

function* queryTokens(text: string, language: Exclude<CodeLanguage, "yaml">): Generator<CodeToken> {
  const grammar: Grammar = GRAMMARS[language];
  for (const { 0: piece, 1: comment, 2: string, 3: number, 4: word, index } of text.matchAll(patternOf(language))) {
    if (comment !== undefined) yield { text: piece, kind: "comment" };
    else if (string !== undefined)
      yield { text: piece, kind: language === "json" && isKey(text, index + piece.length) ? "keyword" : "string" };
    else if (number !== undefined) yield { text: piece, kind: "number" };
    else if (word !== undefined) yield { text: piece, kind: wordKind(word, grammar, text[index + piece.length]) };
    else yield { text: piece, kind: null };
  }
}

function wordKind(word: string, { words: known, capitals, functions }: Grammar, next: string | undefined): CodeTokenKind | null {
  // `or*` is a pattern, `not:` a field.
  if (known.has(word.toLowerCase()) && next !== "*" && next !== ":" && (capitals !== true || word === word.toUpperCase())) return "keyword";
  return functions === true && next === "(" ? "function" : null;
}

/** A JSON text in front of `:` is a key. */
function isKey(text: string, at: number): boolean {
  let i = at;
  while (text[i] === " ") i++;
  return text[i] === ":";
}

/** A longer line is no key with its value. */
const MAX_LINE = 2_000;

/** Keys, values and comments, a line at a time. */
function* yamlTokens(text: string): Generator<CodeToken> {
  for (const [i, line] of text.split("\n").entries()) {
    if (i > 0) yield { text: "\n", kind: null };
    if (/^\s*#/.test(line)) {
      yield { text: line, kind: "comment" };
      continue;
    }
    if (line.length > MAX_LINE) {
      yield { text: line, kind: null };
      continue;
    }
    const [, before = "", key, colon = "", rest = ""] = /^(\s*(?:- +)*)([^\s:#'"{[][^:#]*)(:)(?=\s|$)(.*)$/s.exec(line) ?? [];
    if (key === undefined) {
      yield { text: line, kind: null };
      continue;
    }
    const note = commentAt(rest);
    yield { text: before, kind: null };
    yield { text: key, kind: "keyword" };
    yield { text: colon, kind: null };
    yield { text: rest.slice(0, note), kind: "string" };
    yield { text: rest.slice(note), kind: "comment" };
  }
}

/** Where a comment begins behind a value, with the blanks before it: after the last quote, so that none lies in a text. */
function commentAt(rest: string): number {
  const at = rest.indexOf(" #", Math.max(rest.lastIndexOf("'"), rest.lastIndexOf('"')) + 1);
  return at < 0 ? rest.length : rest.slice(0, at).trimEnd().length;
}

/** Neighbours of one colour are one piece. */
function joined(tokens: Iterable<CodeToken>): CodeToken[] {
  const pieces: { text: string; readonly kind: CodeTokenKind | null }[] = [];
  for (const { text, kind } of tokens) {
    if (text === "") continue;
    const last = pieces.at(-1);
    if (last !== undefined && last.kind === kind) last.text += text;
    else pieces.push({ text, kind });
  }
  return pieces;
}
