import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { compileFilter, NOWHERE } from "../../eql/index.ts";
import { commonPcre } from "./pcre-subset.ts";

const span = NOWHERE;

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
  const told = commonPcre(source, flags);
  expect("source" in told ? told.source : told).toBe(expected);
});

test.each([String.raw`a(?=b)`, String.raw`(a)\1`, "a++", "(?>a)", "a(?i)b", "a(?x: b)", String.raw`\p{L}`, "(a", "a)", "[a", "\\"])(
  "%s has no equal, which is said",
  (source) => expect(commonPcre(source, "")).toHaveProperty("unsupported"),
);

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
const source = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
const text = fc
  .array(fc.constantFrom("a", "A", "b", "B", "c", "K", "0", "9", "-", "_", " ", "/", "\\", "é", "É", ".", "&", "+", "{", "]", "\t"), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const flags = fc.constantFrom("", "i", "s", "is", "m");

/** What the engine finds; null where it takes no such expression. */
function engine(of: string, letters: string, value: string): boolean | null {
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

test("what is written is RE2's, and finds what the engine finds", () => {
  let compared = 0;
  fc.assert(
    fc.property(source, flags, fc.array(text, { minLength: 3, maxLength: 3 }), (of, letters, values) => {
      if (engine(of, letters, "") === null) return;
      const told = commonPcre(of, letters);
      if ("unsupported" in told) return;
      const compiled = RE2JS.compile(`${told.flags === "" ? "" : `(?${told.flags})`}${told.source}`);
      for (const value of values) {
        compared++;
        expect(compiled.matcher(value).find(), `${told.source} on ${JSON.stringify(value)}`).toBe(engine(of, letters, value));
      }
    }),
    { numRuns: 3000 },
  );
  expect(compared).toBeGreaterThan(2000);
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
test.skipIf(!hasPython)("Python takes it too, and finds the same (needs python3)", () => {
  const asked: { source: string; flags: string; value: string; found: boolean }[] = [];
  fc.assert(
    fc.property(source, flags, text, (of, letters, value) => {
      const found = engine(of, letters, value);
      const told = commonPcre(of, letters);
      if (found !== null && !("unsupported" in told))
        asked.push({
          source: told.source.replaceAll(/\\(.)/gs, (whole, char: string) => (char === "z" ? "\\Z" : whole)),
          flags: told.flags,
          value,
          found,
        });
    }),
    { numRuns: 2000 },
  );
  const script = `import json,re,sys
wrong=[]
for one in json.load(sys.stdin):
  f=0 if any(ord(c)>127 for c in one["source"]) and "i" in one["flags"] else re.A
  for c in one["flags"]: f|=getattr(re,c.upper())
  try: got=bool(re.compile(one["source"],f).search(one["value"]))
  except re.error as e: got=str(e)
  if got!=one["found"]: wrong.append([one,got])
print(json.dumps(wrong[:5]))`;
  const answer = spawnSync("python3", ["-c", script], { input: JSON.stringify(asked), encoding: "utf8" });
  expect(answer.stderr).toBe("");
  expect(JSON.parse(answer.stdout)).toEqual([]);
  expect(asked.length).toBeGreaterThan(500);
});
