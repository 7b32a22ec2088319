/** What the linter says of one code in general. `docs/lint/` and `tocsin lint --explain` are made from it. */
export interface LintEntry {
  readonly severity: "error" | "warning" | "hint";
  readonly title: string;
  /** What it means and why it matters. */
  readonly doc: string;
  readonly fix: string;
  /** When a finding may be suppressed; every suppression gives its reason in the rule's file. */
  readonly suppress: string;
  /** The example of the code's golden, corrected: the linter does not find the code in it. Null where the query is not what is wrong. */
  readonly better: string | null;
}

/** Every finding of the linter: what it says in general, and what to do about it. The documentation pages are made from this table. */
export const LINT_CODES = {
  "dead-clause": {
    severity: "error",
    title: "A clause can never match",
    doc: "On every event a data source of the rule can produce, the clause is false: a field it needs is never set there, or the value it asks for is outside the closed set the source uses. The clause looks like coverage and covers nothing. Remove it, or rewrite it with the fields the source does set.",
    fix: "Read which field or value the finding names, and on which source. Ask for a field the source sets (`tocsin inspect FILE` shows what your events hold), or remove the clause. It is reported only when the clause is dead on all sources of the rule, once for each.",
    suppress: "When the query must stay byte for byte as somebody published it.",
    better:
      'any where\n  (event.category == "network" and event.type == "start" and destination.port == 445) or\n  (event.category == "process" and event.type == "start" and process.name : "psexec.exe")',
  },
  "blind-source": {
    severity: "error",
    title: "The whole rule can never match on a data source it names",
    doc: "No event of this data source can satisfy the rule. Drop the source from the rule's list, or add a clause that its events can satisfy; otherwise whoever collects only this source believes to be covered.",
    fix: "Remove the telemetry from the rule's `data_sources`, or join a second condition with `or` that uses what this source records.",
    suppress: "Hardly ever. Say in `blind_spots` what the source does not show, and do not list the source.",
    better:
      'process where event.type == "start" and (\n  process.hash.sha256 == "3337e3875b05e0bfba69ab926532e3f179e8cfbf162ebb60ce58a0281437a7ef" or process.name : "psexec.exe")',
  },
  "always-true": {
    severity: "warning",
    title: "A clause matches every event it is asked about",
    doc: "On every event a data source of the rule can produce, the clause is true, so it filters nothing. Often a negation of a field that the source never sets.",
    fix: "Remove the clause. If it was meant to exclude something, test a field that these events hold.",
    suppress: "When the same query also runs on a source that Tocsin does not know, where the clause does filter.",
    better: 'process where event.type == "start" and process.name : "x.exe"',
  },
  "broad-wildcard": {
    severity: "warning",
    title: "A wildcard is shorter than what it means",
    doc: "`*use*` also matches `user`, `*C$*` matches any name that ends in `C$`. Give the literal a boundary (a blank, a backslash, a quote), or test `process.args` for the whole word.",
    fix: 'Add what stands beside the word in real events: `* use *`, `*\\\\C$*`. For a word of a command line, `process.args` holds the words one by one: `process.args : "use"`.',
    suppress: "When the query must stay as published, or when the short text cannot be part of a longer word in that field.",
    better: 'process where process.args : "use" and process.command_line : ("*\\\\C$*", "*\\\\*\\\\ADMIN$*")',
  },
  "case-sensitive": {
    severity: "warning",
    title: "A case-sensitive comparison on data that has no case",
    doc: "Windows file names, registry paths, host names and accounts compare without case, and an attacker chooses the spelling. `==`, `in` and `like` in EQL are case-sensitive: use `:`, `in~` or `like~`.",
    fix: "Replace `==` by `:`, `in` by `in~`, `like` by `like~`. In `:` the characters `*` and `?` are wildcards.",
    suppress: "When the case itself is the evidence, such as a program that writes `Cmd.Exe`.",
    better:
      'process where process.name : "net.exe" or process.executable in~ ("C:\\\\a.exe", "C:\\\\b.exe") or process.command_line like~ "*ADMIN$*"',
  },
  "negation-passes-missing": {
    severity: "warning",
    title: "A negation lets events without the field through",
    doc: "In EQL a test of a missing field is false and its negation true. On a data source that never sets the field, the exclusion excludes nothing (and a condition made of it alone matches everything). Add `field != null` where events without it should not match.",
    fix: "Add `field != null and` before the negation when events without the field should not match; or narrow the rule to the events that have it.",
    suppress: "When events without the field are meant to pass, such as a signature that only one source records.",
    better: 'any where process.command_line != null and not process.command_line : "*\\\\trusted.exe*"',
  },
  "sysmon-user-id": {
    severity: "warning",
    title: "user.id on Sysmon is the Sysmon service, not the user",
    doc: "Elastic's pipeline sets user.id from the account that wrote the event, always S-1-5-18. Use user.name and user.domain.",
    fix: "Compare `user.name` and `user.domain`. As a key of a sequence, use them or `process.entity_id`.",
    suppress: "When Sysmon is only one of the sources, and the rule is meant to leave its events out.",
    better: 'process where event.type == "start" and not user.name : "SYSTEM"',
  },
  "key-absent": {
    severity: "error",
    title: "A sequence key is absent on a data source",
    doc: "An event without a join key takes no part in the sequence. On this data source the item can never join.",
    fix: "Join by a field that both events hold: a logon id, `process.entity_id`, the host. Each item may name its own with `] by field`. A key that may be missing is written `?field`, and then joins events that lack it.",
    suppress: "When another source of the rule sets the key and you accept that this one is not covered; say so in `blind_spots`.",
    better:
      'sequence by winlog.computer_name with maxspan=1m\n  [authentication where event.code == "4624"] by winlog.event_data.TargetLogonId\n  [any where event.code == "4697"] by winlog.event_data.SubjectLogonId',
  },
  "lookback-too-short": {
    severity: "error",
    title: "maxspan does not fit into the look-back",
    doc: "A scheduled rule sees only the events of its look-back. A sequence that may take longer than that is silently missed. Look back at least maxspan plus the interval plus the ingest delay.",
    fix: "Set `schedule.lookback` of the rule to at least `maxspan` plus `schedule.interval` plus the minutes events take to arrive, or shorten `maxspan`.",
    suppress: "When the rule only runs over files, never on a schedule.",
    better:
      'sequence by winlog.computer_name with maxspan=2m\n  [authentication where event.code == "4624"]\n  [authentication where event.code == "4624"]',
  },
  "missing-index-pattern": {
    severity: "error",
    title: "The events of a data source lie in an index the rule does not search",
    doc: "The rule names the data source, and none of the rule's index patterns covers where that source's events are stored. Add the pattern.",
    fix: "Add the pattern the finding names to the rule's `index_patterns`. If the package does not mean to cover that way of collecting, remove it from `data_sources` of package.yaml.",
    suppress: "When the rule is deployed to a view or alias that already covers the index.",
    better: null,
  },
  "duplicate-rule": {
    severity: "warning",
    title: "Two rules ask the same",
    doc: "Their conditions are the same up to order and layout. Keep one.",
    fix: "Remove one of the two, and move its cases to the other.",
    suppress: "When the two are deployed to different places, with another severity or schedule.",
    better:
      'process where process.name : "a.exe" and event.type == "start"\n---\nprocess where event.type == "start" and process.name : "b.exe"',
  },
  "subsumed-rule": {
    severity: "hint",
    title: "Every event of this rule is an event of another one",
    doc: "The other rule's condition follows from this one's. Fine when this one adds severity or context; otherwise it only doubles the alerts.",
    fix: "Remove the narrower rule, or exclude its events from the wider one.",
    suppress: "When the narrower one is rated higher, or the wider one is an alternative to it and not an addition.",
    better:
      'process where event.type == "start" and process.name : "net.exe" and process.args : "use"\n---\nany where event.category == "process" and process.name : "sc.exe"',
  },
  "no-anchor": {
    severity: "warning",
    title: "The rule is made of negations only",
    doc: "Nothing in the condition must be present, so every other event matches, and the rule has to be evaluated on all of them.",
    fix: "Say first what must be there: the kind of event (`process where`, `event.code`), then what is left out.",
    suppress: "When the rule runs on an index that holds only the events it is about.",
    better: 'process where event.type == "start" and user.name != null and not process.name : "a.exe"',
  },
  "unused-suppression": {
    severity: "warning",
    title: "A suppression that suppresses nothing",
    doc: "The rule suppresses a finding that the linter does not report. The rule or the linter has changed since; remove the entry, or it will hide the next such finding.",
    fix: "Remove the entry from `lint` in the rule's file.",
    suppress: "Never: remove the entry.",
    better: null,
  },
  "unknown-field": {
    severity: "error",
    title: "No data source and no schema knows this field",
    doc: "The field is neither in the Elastic Common Schema nor set by any data source. A spelling mistake matches nothing, in silence.",
    fix: "Correct the spelling. If an integration of your own sets the field, use one of the schema's fields, or write `?field` and say so in `fields.optional`.",
    suppress: "When your own pipeline sets the field.",
    better: 'process where process.name : "net.exe"',
  },
  "placeholder-text": {
    severity: "warning",
    title: "A text that is still to be written",
    doc: 'A name, description or reason is what `tocsin new` wrote for somebody to replace, or says TODO, TBD, FIXME, FILL IN, lorem ipsum or "description here". Whoever gets the alert reads it, and learns nothing.',
    fix: "Write the text, or remove the key where it may be left out.",
    suppress: "When the word is meant: a rule about a program called ToDo.",
    better: '// text: description net.exe maps an administrative share of another machine.\nprocess where process.name : "net.exe"',
  },
  "case-without-source": {
    severity: "warning",
    title: "A case without any event of the rule's data sources",
    doc: "None of the case's events is of a kind that the data sources of its rules produce, so it holds whatever the rules say. A negative case then proves nothing, and a positive one shows that the rule's `data_sources` are not all.",
    fix: "Put the events in that the data source records of it, or name the source that these are of in `data_sources`.",
    suppress: "When the case shows what a machine without the data source has.",
    better:
      '// case: negative backup {"event":{"code":"1","category":["process"]},"process":{"name":"net.exe","args":["net","view"]}}\nprocess where process.name : "net.exe" and process.args : "use"',
  },
  "trivial-negative": {
    severity: "warning",
    title: "A negative case that could not alert",
    doc: "No clause of the case's rules matches any of its events, so the rules are silent whatever their exclusions and the rest of their conditions say: notepad.exe does not show that a rule on psexec.exe can tell administrators from attackers.",
    fix: "Put in the ordinary work that looks most like the attack: the same program, share or command for a good reason.",
    suppress: "When the case stands for a whole day of ordinary work, and another one is near the attack.",
    better:
      '// case: negative view {"event":{"code":"1","category":["process"]},"process":{"name":"net.exe","args":["net","view"]}}\nprocess where process.name : "net.exe" and process.args : "use"',
  },
} as const satisfies Record<string, LintEntry>;

export const LINT_CODE_NAMES = Object.keys(LINT_CODES) as LintCode[];

export type LintCode = keyof typeof LINT_CODES;
