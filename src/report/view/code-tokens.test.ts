import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CODE_LANGUAGES, codeTokens, type CodeLanguage } from "./code-tokens.ts";

const shown = (text: string, language: CodeLanguage): string =>
  codeTokens(text, language)
    .map(({ text: piece, kind }) => (kind === null ? piece : `<${kind[0]} ${piece}>`))
    .join("");

describe("coloured code", () => {
  test.for<readonly [CodeLanguage, string, string]>([
    ["kuery", 'process.name: "a b" and not user.name: or*', 'process.name: <s "a b"> <k and> <k not> user.name: or*'],
    ["lucene", "+process.name:/net1?/ AND not:x", "+process.name:<s /net1?/> <k AND> not:x"],
    ["esql", 'from logs | where a == "x" // why\n| limit 20', '<k from> logs | <k where> a == <s "x"> <c // why>\n| <k limit> <n 20>'],
    ["kusto", 'T | where P endswith @"\\net.exe" and ago(1d)', 'T | <k where> P <k endswith> <s @"\\net.exe"> <k and> <f ago>(<n 1d>)'],
    [
      "spl",
      'search index=* Image="*\\\\net.exe" | stats count by host ```why```',
      '<k search> index=* Image=<s "*\\\\net.exe"> | <k stats> <k count> <k by> host <c ```why```>',
    ],
    ["sql", "SELECT * FROM t WHERE a = 'it''s' -- why", "<k SELECT> * <k FROM> t <k WHERE> a = <s 'it''s'> <c -- why>"],
    ["yaml", "# why\ntitle: net use # x\nlist:\n  - a: b", "<c # why>\n<k title>:<s  net use><c  # x>\n<k list>:\n  - <k a>:<s  b>"],
    ["json", '{"a": "b", "c": [1, true]}', '{<k "a">: <s "b">, <k "c">: [<n 1>, <k true>]}'],
    ["xml", '<!-- why --><rule id="1">', '<c <!-- why -->><rule id=<s "1">>'],
    ["script", 'def rule(event):  # why\n  return "x"', '<k def> <k rule>(event):  <c # why>\n  <k return> <s "x">'],
  ])("%s", ([language, text, expected]) => {
    expect(shown(text, language)).toBe(expected);
  });

  test("no character is lost or changed, whatever the text", () => {
    const parts = fc.constantFrom(
      '"',
      "'",
      "\\",
      "/*",
      "*/",
      "//",
      "--",
      "#",
      "```",
      '"""',
      "<!--",
      "-->",
      "\n",
      " ",
      "a",
      "where",
      "1",
      ":",
      "é",
      "\u{1f600}",
      "@",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), fc.constantFrom(...CODE_LANGUAGES), (pieces, language) => {
        const text = pieces.join("");
        expect(
          codeTokens(text, language)
            .map((token) => token.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });

  test.each(CODE_LANGUAGES)("%s: a hostile text costs no more than its length", (language) => {
    for (const unit of ['"', "'", "/*", "`", "\\", "a:", "- ", "<!-", " #", "@'", '"""']) {
      const begun = performance.now();
      codeTokens(unit.repeat(Math.floor(199_000 / unit.length)), language);
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
  });
});
