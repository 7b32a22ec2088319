/** Every diagnostic of the language: what it means. docs/esql.md lists them. */
export const ESQL_CODES = {
  "esql/aggregate-place": "A function that aggregates stands outside of `stats`, or a plain column stands in it without one.",
  "esql/bad-argument": "A function is called with too few, too many or other arguments than it takes.",
  "esql/bad-character": "A character has no meaning in the language.",
  "esql/bad-pattern": "A pattern of `like`, `rlike`, `replace`, `grok` or `dissect` cannot be read.",
  "esql/bad-query": "A query within the query (`kql`, `qstr`) cannot be read.",
  "esql/not-supported": "A command or function of Elasticsearch's that does not run here.",
  "esql/syntax": "Something else is expected at this place.",
  "esql/unclosed-string": "A text is never closed.",
  "esql/unknown-command": "There is no such command.",
  "esql/unknown-function": "There is no such function.",
  "esql/unknown-column": "A column that no longer exists, or never did, is named.",
} as const satisfies Record<`esql/${string}`, string>;

export type EsqlCode = keyof typeof ESQL_CODES;
