/** Random expressions as Sigma's `re` has them, texts to try them on, and what the engine finds. */
import fc from "fast-check";
import { compileFilter, NOWHERE } from "../../eql/index.ts";

const span = NOWHERE;

const PIECES = [
  "a",
  "B",
  "k",
  "0",
  "-",
  "_",
  " ",
  "/",
  "é",
  "\\\\",
  "\\.",
  "\\d",
  "\\W",
  "\\s",
  "\\h",
  "\\z",
  "\\A",
  "\\b",
  "\\x41",
  "\\x{e9}",
  "\\u0061",
  "\\t",
  "\\Qa+\\E",
  "\\/",
  "\\-",
  '\\"',
  ".",
  "^",
  "$",
  "|",
  "(",
  "(?:",
  "(?i:",
  "(?s-i:",
  "(?<n>",
  ")",
  "*",
  "+",
  "?",
  "+?",
  "{2}",
  "{1,}",
  "{",
  "}",
  "[ab]",
  "[^a-c]",
  "[]a]",
  "[a-]",
  "[\\w-]",
  "[a-z-9]",
  "[[:digit:]x]",
  "[&&a]",
  "[\\\\/]",
  "[\\b\\n]",
  "[.*$]",
];
export const source = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
export const text = fc
  .array(fc.constantFrom("a", "A", "b", "B", "c", "K", "0", "9", "-", "_", " ", "/", "\\", "é", "É", ".", "&", "+", "{", "]", "\t"), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
export const flags = fc.constantFrom("", "i", "s", "is", "m");

/** What the engine finds; null where it takes no such expression. */
export function engine(of: string, letters: string, value: string): boolean | null {
  try {
    const matches = compileFilter({
      span,
      category: null,
      condition: {
        kind: "match",
        span,
        op: "regex",
        insensitive: letters.includes("i"),
        list: false,
        value: { kind: "field", span, name: "x", optional: false, index: null },
        patterns: [{ kind: "regex", span, source: of, flavour: "pcre", flags: letters, form: "quoted" }],
      },
    });
    return matches({ x: value });
  } catch {
    return null;
  }
}
