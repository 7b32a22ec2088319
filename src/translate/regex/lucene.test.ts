import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter, NOWHERE, type EventFilter, type RegexPattern } from "../../eql/index.ts";
import { jsOf } from "../testing/regex.ts";
import { escapeLucene, luceneRegexOf } from "./lucene.ts";

const span = NOWHERE;
const pattern = (source: string, flags: string): RegexPattern => ({ kind: "regex", span, source, flavour: "pcre", flags, form: "quoted" });

test.each([
  ["a.c", "", ".*a[^\n]c.*"],
  ["a.c", "s", ".*a.c.*"],
  ["^a", "", "a.*"],
  ["^a$", "", "a\n?"],
  ["a|b", "", ".*(a|b).*"],
  [String.raw`\\admin\$`, "i", String.raw`.*\\admin[$].*`],
  ["(?:a#b)+?", "", ".*(a[#]b)+.*"],
  [String.raw`[\]a^-]`, "", String.raw`.*[\]a\^\-].*`],
])("%s with %j is %s", (source, flags, lucene) => {
  expect(luceneRegexOf(pattern(source, flags))?.source).toBe(lucene);
});

test.each([
  "^a|b",
  "a^b",
  "a$b",
  String.raw`\ba`,
  "a(?=b)",
  "(?<!a)b",
  "a++",
  String.raw`(a)\1`,
  "(a",
  "a)",
  "[a",
  String.raw`a\x41`,
  "(?m)^a",
])("%s has none", (source) => {
  expect(luceneRegexOf(pattern(source, ""))).toBeNull();
});

test("a text stands for itself", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      expect(new RegExp(`^(?:${jsOf(escapeLucene(text))})$`, "su").test(text)).toBe(true);
    }),
  );
});

test("on expressions and texts at random both find the same", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "^",
    "$",
    "|",
    "(a|b)",
    "(?:ab)",
    "[a-c]",
    "[^a]",
    "\\d",
    "\\w",
    "\\s",
    "\\.",
    "\\\\",
    ".",
    "a*",
    "a+?",
    "b{1,2}",
    "[.#$]",
    "@",
    "<1>",
  );
  const source = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const text = fc.array(fc.constantFrom("a", "b", "A", "1", "\n", ".", "\\", "@", "<1>"), { maxLength: 5 }).map((parts) => parts.join(""));
  let translated = 0;
  let matched = 0;
  fc.assert(
    fc.property(source, fc.constantFrom("", "i", "s", "is"), fc.array(text, { minLength: 1, maxLength: 8 }), (of, flags, texts) => {
      const lucene = luceneRegexOf(pattern(of, flags));
      if (lucene === null) return;
      translated++;
      const filter: EventFilter = {
        span,
        category: null,
        condition: {
          kind: "match",
          span,
          op: "regex",
          insensitive: false,
          list: false,
          value: { kind: "field", span, name: "a", optional: false, index: null },
          patterns: [pattern(of, flags)],
        },
      };
      const problems: string[] = [];
      const engine = compileFilter(filter, { onDiagnostic: ({ summary }) => problems.push(summary) });
      expect(problems, of).toEqual([]);
      const regex = new RegExp(`^(?:${jsOf(lucene.source)})$`, lucene.insensitive ? "sui" : "su");
      for (const a of texts) {
        const found = engine({ a });
        if (found) matched++;
        expect(regex.test(a), `${of} as ${lucene.source} on ${JSON.stringify(a)}`).toBe(found);
      }
    }),
    { numRuns: 3000 },
  );
  expect(translated).toBeGreaterThan(500);
  expect(matched).toBeGreaterThan(500);
});
