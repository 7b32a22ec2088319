/** What a diagnostic's name stands for, for the reference and for editors. Every code has an example under `goldens/diagnostics`. */
export interface CodeEntry {
  /** `text`: reading the query. `meaning`: what Elasticsearch refuses of a query it can read. `advice`: most likely a mistake. `run`: found while running. */
  readonly group: "text" | "meaning" | "advice" | "run";
  readonly title: string;
  /** Markdown. */
  readonly doc: string;
}

/** Every diagnostic there is, by its code. */
export const CODES = {
  // ------------------------------------------------------------------------------------------------------- text
  "eql/back-quoted-category": {
    group: "text",
    title: "A category in back quotes",
    doc: "A category is a name or a string in double quotes. Back quotes are for fields.",
  },
  "eql/bad-character": {
    group: "text",
    title: "A character that EQL does not know",
    doc: "Typographic quotes, no-break spaces, `;`, `&`, a lone `!` or `~` and the like mean nothing in EQL.",
  },
  "eql/bad-escape": {
    group: "text",
    title: "An unknown escape sequence",
    doc: 'Inside `"..."` there are `\\b \\t \\n \\f \\r \\" \\\' \\\\` and `\\u{...}`. A backslash is written twice, or the string raw: `"""C:\\Windows"""`.',
  },
  "eql/bad-key": {
    group: "text",
    title: "A join key that is not a field",
    doc: "`by` is followed by plain fields, not by computed values.",
  },
  "eql/bad-maxspan": {
    group: "text",
    title: "A maxspan that is not a time span",
    doc: "A positive whole number and one of `ms`, `s`, `m`, `h`, `d`, without a blank between: `5m`.",
  },
  "eql/bad-operator": { group: "text", title: "An operator of another language", doc: "EQL has `and`, `or` and `not`, no `||`." },
  "eql/bad-runs": { group: "text", title: "A number of runs out of range", doc: "`with runs=N` takes 1 to 100." },
  "eql/by-after-with": {
    group: "text",
    title: "`by` after `with`",
    doc: "Keys come first: `sequence by KEYS with maxspan=...` and `[..] by KEYS with runs=...`.",
  },
  "eql/chained-comparison": {
    group: "text",
    title: "A chain of comparisons",
    doc: "`a < b < c` is not a condition; write `a < b and b < c`.",
  },
  "eql/empty-list": { group: "text", title: "An empty list", doc: "A list after `in`, `:`, `like` or `regex` has at least one value." },
  "eql/empty-name": { group: "text", title: "An empty name", doc: "There is at least one character between two back quotes." },
  "eql/empty-query": { group: "text", title: "An empty query", doc: "Nothing but blanks and comments." },
  "eql/keyword-as-category": { group: "text", title: "A keyword as category", doc: 'Write it in double quotes: `"join" where true`.' },
  "eql/keyword-as-field": {
    group: "text",
    title: "A keyword as a part of a field's name",
    doc: "Write the part in back quotes: ``event.`sequence` ``.",
  },
  "eql/keyword-case": { group: "text", title: "A keyword in capitals", doc: "Keywords are lower case: `and`, `where`, `true`." },
  "eql/maxspan-on-item": { group: "text", title: "maxspan after an item", doc: "maxspan belongs to the whole sequence." },
  "eql/misplaced-not": {
    group: "text",
    title: "`not` before a pattern operator",
    doc: "There is `x not in (..)`, but no `x not like ..`; write `not x like ..`.",
  },
  "eql/missing-where": {
    group: "text",
    title: "A condition without category and `where`",
    doc: "An event query is `category where condition`; `any where condition` for all categories.",
  },
  "eql/more-diagnostics": {
    group: "text",
    title: "Too many diagnostics to list",
    doc: "Only the first 100 diagnostics of a query are listed, errors before warnings; this one gives the number of the others.",
  },
  "eql/not-constant": {
    group: "text",
    title: "A constant is required",
    doc: "On the right of `:`, `like` and `regex`, and for some arguments (the blocks of `cidrMatch`, the base of `number`), only literals are allowed.",
  },
  "eql/question-string": { group: "text", title: 'A string as `?"..."`', doc: 'The raw string of older versions; write `"""..."""`.' },
  "eql/single-equals": {
    group: "text",
    title: "`=` for `==`",
    doc: "`==` compares exactly; `:` without regard to case and with wildcards.",
  },
  "eql/single-quotes": { group: "text", title: "A string in single quotes", doc: "Strings are written in double quotes." },
  "eql/too-deep": { group: "text", title: "A query nested too deep", doc: "Parentheses, calls, `not` and signs nest up to 250 levels." },
  "eql/too-long": { group: "text", title: "A query that is too long", doc: "Queries are read up to 1,000,000 characters." },
  "eql/trailing-comma": { group: "text", title: "A comma at the end of a list", doc: "Lists do not end with a comma." },
  "eql/unbalanced": { group: "text", title: "A closing bracket without its opening one", doc: "Each `)` and `]` closes something." },
  "eql/unclosed-bracket": { group: "text", title: "A bracket that is never closed", doc: "An item of a sequence ends with `]`." },
  "eql/unclosed-comment": {
    group: "text",
    title: "A comment that is never closed",
    doc: "`/*` ends with `*/`, and they nest. `//` ends with the line.",
  },
  "eql/unclosed-name": {
    group: "text",
    title: "A back-quoted name that is never closed",
    doc: "It ends with a back quote on the same line.",
  },
  "eql/unclosed-parenthesis": { group: "text", title: "A parenthesis that is never closed", doc: "Each `(` is closed with `)`." },
  "eql/unclosed-string": { group: "text", title: "A string that is never closed", doc: "Strings end on their line." },
  "eql/unexpected": { group: "text", title: "Something else is expected here", doc: "The message says what is allowed here." },
  "eql/unexpected-end": { group: "text", title: "The query ends too soon", doc: "The message says what may follow." },
  // ---------------------------------------------------------------------------------------------------- meaning
  "eql/argument-count": { group: "meaning", title: "Too many or too few arguments", doc: "The message says how many the function takes." },
  "eql/argument-type": {
    group: "meaning",
    title: "An argument of a wrong type",
    doc: "Texts for text functions, numbers for arithmetic; `cidrMatch` requires a field of the type `ip` in Elasticsearch, and accepts any text in the `tocsin` profile.",
  },
  "eql/array-index": {
    group: "meaning",
    title: "An index into an array",
    doc: "`field[0]` is refused: the order of the values of a field is not kept.",
  },
  "eql/bad-base": { group: "meaning", title: "An invalid base", doc: "`number` takes a base from 2 to 36." },
  "eql/bad-cidr": { group: "meaning", title: "An invalid IP block", doc: "IPv4 or IPv6 in CIDR notation." },
  "eql/bad-date": {
    group: "meaning",
    title: "An invalid date",
    doc: "A field of a date type is compared with ISO 8601, date math (`now-1d`) or epoch milliseconds.",
  },
  "eql/bad-ip": {
    group: "meaning",
    title: "An invalid IP address",
    doc: "A literal compared with an `ip` field, or a value given to `cidrMatch`, has to be an IPv4 or IPv6 address.",
  },
  "eql/bad-number": {
    group: "meaning",
    title: "A text that is not a number",
    doc: "`number` could not read the text. Of a literal it is an error of the query; of an event's value the predicate is false and counted as a fault.",
  },
  "eql/bad-regex": {
    group: "meaning",
    title: "An invalid regular expression",
    doc: "`regex` takes Lucene's syntax; the message says what is wrong with it.",
  },
  "eql/division-by-zero": {
    group: "meaning",
    title: "A division by zero",
    doc: "Of whole numbers. Elasticsearch fails the whole query; here, where the event gives the zero, the predicate is false and counted as a fault.",
  },
  "eql/field-comparison": {
    group: "meaning",
    title: "A comparison between two fields",
    doc: "Elasticsearch compares fields with constants only. The `tocsin` profile compares fields with each other.",
  },
  "eql/inconsistent-keys": {
    group: "meaning",
    title: "Items with different numbers of keys",
    doc: "Each item, and `until`, has as many keys as the first.",
  },
  "eql/join": { group: "meaning", title: "`join`", doc: "Elasticsearch reads `join` and refuses it." },
  "eql/key-type": { group: "meaning", title: "Keys of different types", doc: "Keys are equal or not; a text never equals a number." },
  "eql/lineage": {
    group: "meaning",
    title: "A process relationship",
    doc: "`child of`, `descendant of` and `event of` are read and refused, as in Elasticsearch.",
  },
  "eql/missing-needs-maxspan": {
    group: "meaning",
    title: "A missing event without maxspan",
    doc: "`![...]` says that something does not happen in time; maxspan says in what time.",
  },
  "eql/no-insensitive-form": {
    group: "meaning",
    title: "`~` on a function without a case-insensitive form",
    doc: "The table of functions shows which functions have one.",
  },
  "eql/no-positive-item": { group: "meaning", title: "A sequence of missing events only", doc: "At least one item has to happen." },
  "eql/not-boolean": {
    group: "meaning",
    title: "A condition that is neither true nor false",
    doc: "`where length(x)` is not a condition; `where length(x) > 3` is.",
  },
  "eql/operand-type": {
    group: "meaning",
    title: "An operand of a wrong type",
    doc: "Patterns are for texts, arithmetic for numbers, and the members of a list have the type of the value that is compared.",
  },
  "eql/overflow": {
    group: "meaning",
    title: "A number out of range",
    doc: "Whole numbers are of 64 bits (32 where both are), as in Elasticsearch, which fails the query.",
  },
  "eql/pipe-arguments": { group: "meaning", title: "Wrong arguments of a pipe", doc: "The message says what the pipe takes." },
  "eql/sample-item": {
    group: "meaning",
    title: "Something a sample cannot have",
    doc: "A sample has no order and no time, so no missing events and no runs.",
  },
  "eql/sample-without-keys": {
    group: "meaning",
    title: "A sample without keys",
    doc: "The events of a sample are joined by its keys.",
  },
  "eql/tocsin-only": {
    group: "meaning",
    title: "Something that EQL cannot express",
    doc: "Sigma can express it, EQL cannot: a search over every field, a literal `*` inside a wildcard, a regular expression that is not anchored. Such a rule runs here, in the `tocsin` profile.",
  },
  "eql/too-few-items": {
    group: "meaning",
    title: "A sequence or sample of one item",
    doc: "There are at least two items; `with runs=2` counts as two.",
  },
  "eql/unknown-field": {
    group: "meaning",
    title: "A field that is not mapped",
    doc: "Elasticsearch refuses the query; `?field` makes it null instead. Reported only with a strict schema.",
  },
  "eql/unknown-function": { group: "meaning", title: "A function that does not exist", doc: "Names are matched without regard to case." },
  "eql/unknown-pipe": { group: "meaning", title: "A pipe that does not exist", doc: "Elasticsearch has `head` and `tail`." },
  "eql/unsupported-pipe": {
    group: "meaning",
    title: "A pipe Elasticsearch does not support",
    doc: "`count`, `filter`, `sort`, `unique`, `unique_count` and our own `distinct_count` run in the `tocsin` profile.",
  },
  "eql/unsupported-type": {
    group: "meaning",
    title: "A field that cannot be compared",
    doc: "Nested fields, objects, geo shapes, ranges, fields that indices map differently, and texts without an exact sub-field.",
  },
  // ----------------------------------------------------------------------------------------------------- advice
  "eql/likely-misspelt": {
    group: "advice",
    title: "A field that looks misspelt",
    doc: "No such field is known, but one that is spelt almost alike.",
  },
  "eql/literal-wildcard": {
    group: "advice",
    title: "A wildcard taken literally",
    doc: "`==`, `!=` and `in` compare exactly: a `*` is an asterisk. Wildcards are for `:` and `like`.",
  },
  "eql/maxspan-beyond-look-back": {
    group: "advice",
    title: "A maxspan longer than the look-back",
    doc: "A rule sees the events of its look-back only, so a longer sequence is never found.",
  },
  "eql/never-equal": { group: "advice", title: "A comparison that is never true", doc: "The field's type has no such value." },
  // -------------------------------------------------------------------------------------------------------- run
  "eql/no-now": {
    group: "run",
    title: "`now` without a time",
    doc: "A date literal such as `now-1d` needs to know the time it stands for.",
  },
  "eql/regex-too-complex": {
    group: "run",
    title: "A regular expression that became too large",
    doc: "On this value the automaton grew beyond its limit; the predicate is false and counted as a fault.",
  },
  "eql/too-many-combinations": {
    group: "run",
    title: "Too many combinations of array values",
    doc: "A predicate over several arrays tries each combination of their values, up to 10,000; beyond, it is false and counted as a fault.",
  },
} as const satisfies Record<string, CodeEntry>;

/** A code of `CODES`, such as `eql/unknown-field`. */
export type DiagnosticCode = keyof typeof CODES;

/** True for a code of `CODES`. */
export function isDiagnosticCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(CODES, code);
}
