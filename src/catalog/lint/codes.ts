/** Every finding of the linter: what it says in general, and what to do about it. The documentation pages are made from this table. */
export const LINT_CODES = {
  "dead-clause": {
    severity: "error",
    title: "A clause can never match",
    doc: "On every event a data source of the rule can produce, the clause is false: a field it needs is never set there, or the value it asks for is outside the closed set the source uses. The clause looks like coverage and is none. Remove it, or rewrite it with the fields the source does set.",
  },
  "blind-source": {
    severity: "error",
    title: "The whole rule can never match on a data source it names",
    doc: "No event of this data source can satisfy the rule. Drop the source from the rule's list, or add a clause that its events can satisfy; otherwise whoever collects only this source believes to be covered.",
  },
  "always-true": {
    severity: "warning",
    title: "A clause matches every event it is asked about",
    doc: "On every event a data source of the rule can produce, the clause is true, so it filters nothing. Often a negation of a field that the source never sets.",
  },
  "broad-wildcard": {
    severity: "warning",
    title: "A wildcard is shorter than what it means",
    doc: "`*use*` also matches `user`, `*C$*` matches any name that ends in `C$`. Give the literal a boundary (a blank, a backslash, a quote), or test `process.args` for the whole word.",
  },
  "case-sensitive": {
    severity: "warning",
    title: "A case-sensitive comparison on data that has no case",
    doc: "Windows file names, registry paths, host names and accounts compare without case, and an attacker chooses the spelling. `==`, `in` and `like` in EQL are case-sensitive: use `:`, `in~` or `like~`.",
  },
  "negation-passes-missing": {
    severity: "warning",
    title: "A negation lets events without the field through",
    doc: "In EQL a test of a missing field is false and its negation true. On a data source that never sets the field, the exclusion excludes nothing (and a condition made of it alone matches everything). Add `field != null` where events without it should not match.",
  },
  "sysmon-user-id": {
    severity: "warning",
    title: "user.id on Sysmon is the Sysmon service, not the user",
    doc: "Elastic's pipeline sets user.id from the account that wrote the event, always S-1-5-18. Use user.name and user.domain.",
  },
  "key-absent": {
    severity: "error",
    title: "A sequence key is absent on a data source",
    doc: "An event without a join key takes no part in the sequence. On this data source the item can never join.",
  },
  "lookback-too-short": {
    severity: "error",
    title: "maxspan is longer than the look-back",
    doc: "A scheduled rule sees only the events of its look-back. A sequence that may take longer than that is silently missed. Look back at least maxspan plus the interval plus the ingest delay.",
  },
  "missing-index-pattern": {
    severity: "error",
    title: "The events of a data source lie in an index the rule does not search",
    doc: "The rule names the data source, and none of the rule's index patterns covers where that source's events are stored. Add the pattern.",
  },
  "duplicate-rule": {
    severity: "warning",
    title: "Two rules ask the same",
    doc: "Their conditions are the same up to order and layout. Keep one.",
  },
  "subsumed-rule": {
    severity: "hint",
    title: "Every event of this rule is an event of another one",
    doc: "The other rule's condition follows from this one's. Fine when this one adds severity or context; otherwise it only doubles the alerts.",
  },
  "no-anchor": {
    severity: "warning",
    title: "The rule is made of negations only",
    doc: "Nothing in the condition must be present, so every other event matches, and the rule has to be evaluated on all of them.",
  },
  "unused-suppression": {
    severity: "warning",
    title: "A reason is given for a finding that is not there",
    doc: "The rule lives with a finding the linter does not make. The rule or the linter has changed since; remove the entry, or it will hide the next one.",
  },
  "unknown-field": {
    severity: "error",
    title: "No data source and no schema knows this field",
    doc: "The field is neither in the Elastic Common Schema nor set by any data source. A spelling mistake matches nothing, in silence.",
  },
} as const satisfies Record<string, { severity: "error" | "warning" | "hint"; title: string; doc: string }>;

export const LINT_CODE_NAMES = Object.keys(LINT_CODES) as LintCode[];

export type LintCode = keyof typeof LINT_CODES;
