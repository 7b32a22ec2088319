import fc from "fast-check";
import { check } from "../check/check.ts";
import { describe, expect, test } from "vitest";
import { query as anyQuery } from "../testing/arbitrary.ts";
import { parse } from "./parse.ts";
import { print } from "./print.ts";
import { renderDiagnostics } from "../diagnostics/render.ts";
import { tokenize } from "./tokens.ts";
import { stripSpans } from "./walk.ts";

/** What must hold of any text whatever. */
function holds(text: string): void {
  const { query, diagnostics } = parse(text);
  if (query === null) expect(diagnostics.some((d) => d.severity === "error")).toBe(true);
  else expect(stripSpans(parse(print(query)).query!)).toEqual(stripSpans(query));
  for (const { span } of diagnostics) {
    expect(span.from).toBeLessThanOrEqual(span.to);
    expect(span.to).toBeLessThanOrEqual(text.length);
  }
  const shown = renderDiagnostics(text, diagnostics);
  expect(shown === "").toBe(diagnostics.length === 0);
}

describe("mutations of valid queries", () => {
  test("tokens removed, doubled and swapped", () => {
    const edits = fc.array(fc.record({ at: fc.nat(), to: fc.nat(), edit: fc.constantFrom("remove", "double", "swap") }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyQuery, edits, (query, list) => {
        const pieces = tokenize(print(query)).tokens.map((token) => token.text);
        for (const { at, to, edit } of list) {
          const i = at % pieces.length;
          const j = to % pieces.length;
          if (edit === "remove") pieces[i] = "";
          else if (edit === "double") pieces[i] += ` ${pieces[i]!}`;
          else [pieces[i], pieces[j]] = [pieces[j]!, pieces[i]!];
        }
        holds(pieces.join(""));
      }),
      { numRuns: 2000 },
    );
  });

  test("characters replaced, and the text cut short", () => {
    const char = fc.oneof(fc.constantFrom(..."\"'`()[]!|,.?~:=-+*/\\\n\r\t\0é漢\ud800"), fc.string({ minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(anyQuery, fc.nat(), char, fc.nat(), fc.boolean(), (query, at, replacement, end, cut) => {
        const text = print(query);
        const i = at % text.length;
        const mutated = text.slice(0, i) + replacement + text.slice(i + 1);
        holds(cut ? mutated.slice(0, end % mutated.length) : mutated);
      }),
      { numRuns: 2000 },
    );
  });

  test("a comment between any two tokens changes nothing, and printing keeps it", () => {
    const comment = fc.constantFrom("// one\n", "/* two */", "/* a\n   b */", "/* /* nested */ */");
    fc.assert(
      fc.property(anyQuery, fc.array(fc.record({ at: fc.nat(), comment }), { minLength: 1, maxLength: 4 }), (query, list) => {
        const pieces = tokenize(print(query)).tokens.map((token) => token.text);
        for (const { at, comment: text } of list) {
          // Only where a blank stands: `![`, `f(` and `5m` would fall apart.
          const blanks = pieces.flatMap((piece, i) => (/^\s+$/.test(piece) ? [i] : []));
          const i = blanks.length === 0 ? 0 : blanks[at % blanks.length]!;
          pieces.splice(i, 0, "\n", text, "\n");
        }
        const first = parse(pieces.join("")).query;
        expect(first).not.toBeNull();
        expect(stripSpans(first!)).toEqual(stripSpans(query));
        const printed = print(first!);
        const again = parse(printed).query;
        expect(stripSpans(again!)).toEqual(stripSpans(query));
        expect(again!.comments.map((c) => c.text)).toEqual(first!.comments.map((c) => c.text));
        expect(print(again!)).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("many mistakes", () => {
  test("a million stray characters: the first hundred, and how many more there are", () => {
    const text = ";".repeat(1_000_000);
    const { query, diagnostics } = parse(text);
    expect(query).toBeNull();
    expect(diagnostics.length).toBe(101);
    expect(diagnostics.filter((d) => d.code === "eql/bad-character").length).toBe(100);
    expect(diagnostics.at(-1)).toMatchObject({ code: "eql/more-diagnostics", summary: "999901 more diagnostics are not listed" });
    expect(tokenize(text).diagnostics.length).toBe(101);
  });

  test("the check lists errors before warnings, and what comes first before what comes last", () => {
    const warned = Array.from({ length: 300 }, () => 'process.name == "a*"').join(" or ");
    const refused = Array.from({ length: 150 }, (_, n) => `nothing${n}(user.name)`).join(" or ");
    const text = `process where ${warned} or ${refused}`;
    const { query } = parse(text, { maxDepth: 1000 });
    const { diagnostics } = check(query!, { text });
    expect(diagnostics.length).toBe(101);
    expect(diagnostics.slice(0, 100).map((d) => /nothing\d+/.exec(d.summary)?.[0])).toEqual(
      Array.from({ length: 100 }, (_, n) => `nothing${n}`),
    );
    expect(diagnostics.at(-1)).toMatchObject({ code: "eql/more-diagnostics", severity: "error" });
  });
});

describe("depth", () => {
  const many = 100_000;
  test.each([
    ["lists of `in`", "a in (".repeat(many)],
    ["signs and parentheses", "-(".repeat(many)],
    ["nots and parentheses", "(not ".repeat(many)],
    ["nots in closed parentheses", `${`(${"not ".repeat(240)}`.repeat(200)}a${")".repeat(200)}`],
    ["signs in closed parentheses", `${`(${"-".repeat(240)}`.repeat(200)}a${")".repeat(200)}`],
    ["sums left of sums", `${"(".repeat(200)}a${`${" + 1".repeat(240)})`.repeat(200)} == 1`],
    ["products left of sums", `${"(".repeat(200)}a${`${" * 1".repeat(240)} + 1)`.repeat(200)} == 1`],
  ])("%s: one diagnostic, no overflow", (_name, text) => {
    const { query, diagnostics } = parse(`any where ${text}`);
    expect(query).toBeNull();
    expect(diagnostics.map((d) => d.code)).toEqual(["eql/too-deep"]);
  });

  test("what is accepted prints and reads back", () => {
    const deep = [
      `${"(not ".repeat(124)}a${")".repeat(124)}`,
      `${"not ".repeat(248)}a`,
      `${"-".repeat(248)}1 == 1`,
      `1${" + 1".repeat(248)} == 1`,
      `${"(x or y and ".repeat(248)}a${")".repeat(248)}`,
      `${"(".repeat(120)}a${" + 1)".repeat(120)} == 1`,
      `${"a in (".repeat(248)}a${")".repeat(248)}`,
    ];
    for (const text of deep) {
      const { query, diagnostics } = parse(`any where ${text}`);
      expect(diagnostics).toEqual([]);
      expect(stripSpans(parse(print(query!)).query!)).toEqual(stripSpans(query!));
    }
  });
});
