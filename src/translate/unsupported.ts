/** Why a part of a condition cannot be translated: every sentence, once, so that all targets use the same words. */
import type { Unsupported } from "../eql/index.ts";
import { oneLine } from "./plain-text.ts";

const WILDCARDS = "Write it with wildcards.";

export const UNSUPPORTED = {
  anyField: { unsupported: "A search over every field is not supported", advice: "Name the fields." },
  anyFieldInSequence: {
    unsupported: "A search over every field is possible only in `WHERE` right after `FROM`",
    advice: "Name the fields.",
  },
  anyFieldRegex: { unsupported: "A search over every field takes plain texts only", advice: "Name the fields." },
  computed: {
    unsupported: "Functions, arithmetic and comparisons of two fields are not supported",
    advice: "Store the computed value when the event is indexed.",
  },
  computedRaw: { unsupported: "Computed values are not supported on raw events", advice: "Use conditions on single fields." },
  mixedTypes: { unsupported: "Values of different types are compared" },
  missingField: { unsupported: "A rule cannot require that a field is missing" },
  textOrder: { unsupported: "Texts cannot be compared by order" },
  booleanOrder: { unsupported: "Booleans cannot be compared by order" },
  numberOrder: { unsupported: "Rules do not compare numbers" },

  ipv6Range: { unsupported: "IPv6 address ranges cannot be tested" },
  addressRange: { unsupported: "Only address ranges that end at a dot can be tested" },
  addressRanges: { unsupported: "None of the address ranges can be tested" },

  searchRegex: { unsupported: "A search has no regular expressions" },
  searchOneCharacter: { unsupported: "A search has no wildcard for one character" },
  searchControl: { unsupported: "A search cannot contain line breaks or control characters" },
  searchAsterisk: { unsupported: "A search treats every `*` as a wildcard" },

  regexBackslash: { unsupported: "A regular expression ends in a backslash" },
  regexClass: { unsupported: "A regular expression has an unclosed character class" },
  regexQuote: { unsupported: "A regular expression has an unclosed quotation" },
  regexGroup: { unsupported: "A regular expression has an unclosed group" },
  regexComment: { unsupported: "A regular expression has an unclosed comment" },
  regexClosing: { unsupported: "A regular expression closes a group that is not open" },
  regexAnchor: { unsupported: "Not every engine accepts a repeated anchor" },
  regexFlags: { unsupported: "Flags that begin within a regular expression are not portable" },
  regexNotPortable: { unsupported: "Look-around, back references and possessive quantifiers are not portable" },
  regexExtension: { unsupported: "A regular expression has an extension that Lucene reads differently" },
  regexMixedClass: {
    unsupported: "Python has no character class of ASCII's sets and letters outside ASCII in both cases",
    advice: "List both cases.",
  },
  regexNotLucene: { unsupported: "Lucene's regular expressions have no equivalent of this one", advice: WILDCARDS },
  regexEachCase: {
    unsupported: "The target's regular expressions are case-sensitive, and this one cannot be written for both cases",
    advice: WILDCARDS,
  },

  luceneOperator: (operator: string): Unsupported => ({ unsupported: `Lucene's operator \`${operator}\` has no equivalent` }),
  regexLength: (length: number, most: number): Unsupported => ({
    unsupported: `A regular expression may have ${most} characters, and this one has ${length}`,
    advice: "Split it.",
  }),
  fieldName: (field: string): Unsupported => ({ unsupported: `The field name \`${oneLine(field)}\` has characters that cannot be seen` }),
  notANumber: (field: string): Unsupported => ({ unsupported: `\`${field}\` is not a number` }),
  notOfType: (field: string, type: string): Unsupported => ({
    unsupported: `\`${field}\` has the type \`${type}\`, and the value has not`,
  }),
  partOfValue: (field: string, type: string): Unsupported => ({
    unsupported: `\`${field}\` has the type \`${type}\`, which allows no test of a part of the value`,
    advice: type === "ip" ? "Use `cidrMatch`." : "Compare it with whole values.",
  }),
  regexOfType: (field: string, type: string): Unsupported => ({
    unsupported: `\`${field}\` has the type \`${type}\`, which allows no regular expressions`,
  }),
  rangeOfType: (field: string, type: string): Unsupported => ({
    unsupported: `\`${field}\` has the type \`${type}\`, and address ranges need an address`,
  }),
  analysedText: (field: string): Unsupported => ({
    unsupported: `\`${field}\` is analysed text, of which only single words are kept`,
    advice: "Test the field that the text was made from.",
  }),
  partOfSeveral: (field: string): Unsupported => ({
    unsupported: `\`${field}\` has several values, and ES|QL cannot test parts of them in a sequence`,
    advice: "Test a field with one value.",
  }),
  partOfColumn: (field: string, column: string): Unsupported => ({
    unsupported: `\`${field}\` is a part of ${column}, in which only texts can be looked for`,
  }),
  nameOnly: (field: string, column: string): Unsupported => ({
    unsupported: `${column} has the last part of \`${field}\` alone`,
    advice: "Test the end of the path: a file's name, or its extension.",
  }),
  noColumn: (table: string, event: string, field: string): Unsupported => ({
    unsupported: `${table} (${event}) has no column for \`${field}\``,
  }),
} as const satisfies Record<string, Unsupported | ((...facts: never[]) => Unsupported)>;
