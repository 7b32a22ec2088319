/** Every diagnostic of the language: what it means. The texts stand in docs/lucene.md; each has a golden. */
export const LUCENE_CODES = {
  "lucene/bad-character": "A character that has a meaning of its own stands where none is expected: it needs a backslash or quotes.",
  "lucene/bad-date": "A date field is compared with what is no date.",
  "lucene/bad-escape": "A backslash stands at the end, or `\\u` before no four hexadecimal digits.",
  "lucene/bad-ip": "An address field is compared with what is neither an address nor a block of them.",
  "lucene/bad-number": "A field of numbers, or a boolean one, is compared with another text.",
  "lucene/bad-range": "A range is not `[from TO to]`, with `{` and `}` for bounds that are left out and `*` for an open end.",
  "lucene/bad-regex": "The regular expression between slashes cannot be read.",
  "lucene/boost": "A boost (`^2`) changes the score of what is found, and a rule has no score: it is ignored.",
  "lucene/field-needed": "A range or a comparison stands without a field.",
  "lucene/field-pattern": "A pattern of field names stands where one name is needed, or its `*` has no backslash.",
  "lucene/lowercase-operator": "`and`, `or` and `not` are operators in capitals only; in small letters they are words that are looked for.",
  "lucene/missing-operand": "An operator has nothing to join or to negate.",
  "lucene/missing-value": "A field is followed by `:` or a comparison, and by no value.",
  "lucene/mixed-operators": "`AND` and `OR` stand in one group: neither binds closer, and what only `OR` joins is optional.",
  "lucene/not-supported": "A fuzzy search, words near one another, or a regular expression over analysed text.",
  "lucene/operator-in-value": "What looks like an operator of another language is part of a value.",
  "lucene/or-not": "`OR NOT` excludes, as `AND NOT` does.",
  "lucene/sign-alone": "A sign with a blank behind it is a word that is looked for, not an operator.",
  "lucene/too-deep": "Parentheses are nested too deep to be read.",
  "lucene/unclosed-parenthesis": "A parenthesis is never closed.",
  "lucene/unclosed-regex": "A slash begins a regular expression that is never closed.",
  "lucene/unclosed-string": "A quoted text is never closed.",
  "lucene/unknown-field": "The mapping has no such field.",
  "lucene/value-without-field": "A value stands behind another one of a field, and is looked for in every field.",
} as const satisfies Record<`lucene/${string}`, string>;

export type LuceneCode = keyof typeof LUCENE_CODES;
