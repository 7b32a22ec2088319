import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseKql } from "./parse.ts";
import { printKql } from "./print.ts";
import { query } from "./testing/arbitrary.ts";
import type { KqlNode } from "./tree.ts";

/** A tree without its spans. */
function bare(node: KqlNode | null): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "span" ? undefined : value)));
}

const tree = (text: string): unknown => {
  const { query: parsed, diagnostics } = parseKql(text);
  expect(diagnostics, text).toEqual([]);
  return bare(parsed);
};

test("parse(print(tree)) equals the tree, and printing again changes nothing", () => {
  fc.assert(
    fc.property(query, (node) => {
      const text = printKql(node);
      const parsed = parseKql(text);
      expect(
        parsed.diagnostics.filter((d) => d.severity === "error"),
        text,
      ).toEqual([]);
      expect(bare(parsed.query), text).toEqual(bare(node));
      expect(printKql(parsed.query!)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test("any text ends with a tree or with diagnostics that have a place", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 60 }),
        fc
          .array(fc.constantFrom("a", ":", "(", ")", "{", "}", " and ", " or ", "not ", '"', "\\", "*", "<", "=", " ", "or(", ")and "), {
            maxLength: 20,
          })
          .map((p) => p.join("")),
      ),
      (text) => {
        const { query: parsed, diagnostics } = parseKql(text);
        const errors = diagnostics.filter((d) => d.severity === "error");
        expect(parsed === null, text).toBe(errors.length > 0);
        for (const { span } of diagnostics) {
          expect(span.from).toBeGreaterThanOrEqual(0);
          expect(span.to).toBeGreaterThanOrEqual(span.from);
          expect(span.to).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("100,000 of anything neither overflow the stack nor take long", () => {
  for (const piece of ["(", "not ", "a or ", "a and(", ")", "a:(", '"', "\\", "* ", "  "]) {
    const { diagnostics } = parseKql(piece.repeat(100_000));
    expect(diagnostics.length).toBeLessThanOrEqual(101);
  }
});

describe("what binds how", () => {
  test.each([
    ["a:1 or b:2 and c:3", "a:1 or b:2 and c:3"],
    ["(a:1 or b:2) and c:3", "(a:1 or b:2) and c:3"],
    ["not a:1 and b:2", "not a:1 and b:2"],
    ["not (a:1 and b:2)", "not (a:1 and b:2)"],
    ["a:(b or c and not d)", "a:(b or c and not d)"],
    ["A:1 AND B:2 Or C:3", "A:1 and B:2 or C:3"],
    ["a:\n  (b\nor c)", "a:(b or c)"],
    ["a : foo bar baz and b:c", "a:foo bar baz and b:c"],
    ["a>=5 and b < now-1d/d", "a >= 5 and b < now-1d/d"],
    ["a:{ b:1 and c:(2 or 3) }", "a:{ b:1 and c:(2 or 3) }"],
    ['a:"x \\"y\\" \\\\ z"', 'a:"x \\"y\\" \\\\ z"'],
    ["a:x\\:y\\*z*", "a:x\\:y\\*z*"],
    ["a:\\u0041b", "a:Ab"],
    ["a:(x \\or y)", "a:x \\or y"],
    ["", ""],
    ["*", "*"],
    ["(((a:1)))", "a:1"],
  ])("%j", (text, printed) => {
    const { query: parsed, diagnostics } = parseKql(text);
    expect(diagnostics).toEqual([]);
    expect(printKql(parsed!)).toBe(printed);
  });
});

test("values may hold blanks, and end before an operator that stands between blanks", () => {
  expect(tree("a:foo  bar and b:oregon")).toEqual({
    kind: "and",
    operands: [
      {
        kind: "match",
        field: { kind: "literal", form: "unquoted", parts: [{ kind: "literal", text: "a" }] },
        values: { kind: "literal", form: "unquoted", parts: [{ kind: "literal", text: "foo  bar" }] },
      },
      {
        kind: "match",
        field: { kind: "literal", form: "unquoted", parts: [{ kind: "literal", text: "b" }] },
        values: { kind: "literal", form: "unquoted", parts: [{ kind: "literal", text: "oregon" }] },
      },
    ],
  });
});
