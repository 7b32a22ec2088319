/** Every diagnostic of the language: what it means. The texts stand in docs/kql.md; each has a golden. */
export const KQL_CODES = {
  "kql/bad-character": "A character that has a meaning of its own stands where none is expected: it needs a backslash or quotes.",
  "kql/bad-date": "A date field is compared with what is no date.",
  "kql/bad-escape": "A backslash stands before a character that needs none, or `\\u` before no four hexadecimal digits.",
  "kql/bad-ip": "An address field is compared with what is neither an address nor a block of them.",
  "kql/bad-number": "A field of numbers, or a boolean one, is compared with another text.",
  "kql/blank-in-name": "A field's name holds blanks; most often an operator is missing before it.",
  "kql/field-pattern": "A pattern of field names stands where one name is needed.",
  "kql/keyword-needs-blank": "`and`, `or` and `not` are operators only with blanks around them.",
  "kql/missing-operand": "An operator has nothing to join or to negate.",
  "kql/missing-value": "A field is followed by `:` or a comparison, and by no value.",
  "kql/nested": "Conditions on one nested object are tested on all of them together.",
  "kql/not-not": "`not` stands twice, which Kibana refuses.",
  "kql/null-value": "`null` finds nothing: absence is `not field:*`.",
  "kql/operator-in-value": "What looks like an operator or an expression of another language is part of a value.",
  "kql/quoted-wildcard": "A `*` in quotes is an ordinary character.",
  "kql/question-mark": "`?` is an ordinary character; only `*` is a wildcard.",
  "kql/too-deep": "Parentheses are nested too deep to be read.",
  "kql/unclosed-parenthesis": "A parenthesis or brace is never closed.",
  "kql/unclosed-string": "A quoted text is never closed.",
  "kql/unknown-field": "The mapping has no such field.",
} as const satisfies Record<`kql/${string}`, string>;

export type KqlCode = keyof typeof KQL_CODES;
