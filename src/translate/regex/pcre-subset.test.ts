import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { engine, flags, source, text } from "../testing/pcre.ts";
import { commonPcre } from "./pcre-subset.ts";

test.each([
  [String.raw`a\z`, "", String.raw`a\z`],
  [String.raw`[[:alpha:]\d_]`, "", String.raw`[A-Za-z\d_]`],
  [String.raw`\h+\Qa.b\E`, "", String.raw`[ \t]+a\.b`],
  [String.raw`\x{41}\u0042\x09`, "", String.raw`AB\t`],
  [String.raw`(?i)a(?<name>b)(?#why)c`, "", "a(?:b)c"],
  [String.raw`[]a-z-9\-]`, "", String.raw`[\]a-z\-9\-]`],
  [String.raw`C:[\\/]+x\++`, "", String.raw`C:[\\\/]+x\++`],
  ["a{,3}{", "", String.raw`a\{,3}\{`.replace("}", String.raw`\}`)],
])("%s", (source, flags, expected) => {
  const result = commonPcre(source, flags);
  expect("source" in result ? result.source : result).toBe(expected);
});

test.each([String.raw`a(?=b)`, String.raw`(a)\1`, "a++", "(?>a)", "a(?i)b", "a(?x: b)", String.raw`\p{L}`, "(a", "a)", "[a", "\\"])(
  "%s has no equal, which is reported",
  (source) => expect(commonPcre(source, "")).toHaveProperty("unsupported"),
);

test("what is written is RE2's, and finds what the engine finds", () => {
  let compared = 0;
  fc.assert(
    fc.property(source, flags, fc.array(text, { minLength: 3, maxLength: 3 }), (of, letters, values) => {
      if (engine(of, letters, "") === null) return;
      const result = commonPcre(of, letters);
      if ("unsupported" in result) return;
      const compiled = RE2JS.compile(`${result.flags === "" ? "" : `(?${result.flags})`}${result.source}`);
      for (const value of values) {
        compared++;
        expect(compiled.matcher(value).find(), `${result.source} on ${JSON.stringify(value)}`).toBe(engine(of, letters, value));
      }
    }),
    { numRuns: 3000 },
  );
  expect(compared).toBeGreaterThan(2000);
});
