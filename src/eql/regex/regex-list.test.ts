import fc from "fast-check";
import { expect, test } from "vitest";
import { foldCase } from "../values/case.ts";
import { Fault } from "../values/values.ts";
import { prepareRegex, type RegexTest } from "./prepare.ts";
import { RegexList } from "./regex-list.ts";

function prepared(source: string, flavour: "lucene" | "pcre", insensitive: boolean): RegexTest[] {
  const { regex } = prepareRegex({ source, flavour, flags: "" }, insensitive);
  return regex === null ? [] : [regex];
}

function passes(regex: RegexTest, text: string): boolean | "fault" {
  try {
    return regex.test(text);
  } catch (error) {
    if (error instanceof Fault) return "fault";
    throw error;
  }
}

const unit = fc.constantFrom("a", "A", "b", "B", "c", "1", "\u03A3", "\u03C3", "\u212A", "k", "\u0130", "\u{1F600}");
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit, minLength: 1, maxLength: 5 }) },
    { weight: 3, arbitrary: fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => a + b) },
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{0,2}")).map(([a, times]) => `(${a})${times}`),
    fc.constantFrom(".", ".*", "[a-c]", "[^b]", "[ab]", "\\d", "^", "$", "\\b", "~(a)", "&", "#", "@", "<1-3>"),
  ),
}));
const regex = fc.record({ source: pattern, flavour: fc.constantFrom("lucene" as const, "pcre" as const), insensitive: fc.boolean() });

test("many expressions together say what each says alone, and what they require is there", () => {
  fc.assert(
    fc.property(fc.array(regex, { maxLength: 12 }), fc.array(fc.string({ unit, maxLength: 24 }), { maxLength: 4 }), (sources, subjects) => {
      const regexes = sources.flatMap(({ source, flavour, insensitive }) => prepared(source, flavour, insensitive));
      const list = new RegexList(regexes);
      for (const subject of subjects) {
        const alone = regexes.map((one) => passes(one, subject));
        regexes.forEach(({ required }, i) => {
          if (alone[i] === true && required.length > 0)
            expect(
              required.some((text) => foldCase(subject).includes(text)),
              sources[i]?.source,
            ).toBe(true);
        });
        expect(list.test(subject)).toBe(alone.includes(true));
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["foo[0-9]+barbaz", ["barbaz"]],
  ["(?:one|two) thing", ["one thing", "two thing"]],
  ["^C:\\\\Windows\\\\", ["c:\\windows\\"]],
  ["a?b?c", ["abc", "ac", "bc", "c"]],
  ["(powershell){2,}x*", ["powershell"]],
  [".*", []],
  ["(long|.)", []],
  ["x*", []],
])("what %s requires", (source, required) => {
  expect([...prepared(source, "pcre", false)[0]!.required].sort()).toEqual(required);
});

test("a fault counts where nothing else matches", () => {
  const fails: RegexTest = {
    required: [],
    steps: () => 0,
    test: () => {
      throw new Fault("eql/regex-too-complex");
    },
  };
  const other = prepared("needle", "pcre", false)[0]!;
  const list = new RegexList([fails, other]);
  expect(list.test("a needle")).toBe(true);
  expect(() => list.test("a thread")).toThrow();
});

test("a longer list costs a text no more", () => {
  const text = "C:\\Windows\\System32\\cmd.exe /c needle 12345 && whoami ".repeat(10);
  const steps = [250, 500, 1_000, 2_000].map((size) => {
    const list = new RegexList(Array.from({ length: size }, (_, i) => prepared(`needle${i}x[0-9]+end`, "pcre", true)[0]!));
    expect(list.test(text)).toBe(false);
    return list.steps;
  });
  expect(Math.max(...steps)).toBeLessThan(2.5 * text.length);
});
