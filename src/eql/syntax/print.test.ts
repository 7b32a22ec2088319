import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expression, query as anyQuery } from "../testing/arbitrary.ts";
import { parse, parseExpression } from "./parse.ts";
import { print, printExpr, unprintable, UnprintableError } from "./print.ts";
import { NOWHERE } from "../span.ts";
import { tokenize } from "./tokens.ts";
import type { Query } from "./tree.ts";
import { stripSpans } from "./walk.ts";

function parsed(text: string): Query {
  const { query, diagnostics } = parse(text);
  if (query === null) throw new Error(`${text}\n${diagnostics.map((d) => `${d.code} ${d.summary}`).join("\n")}`);
  return query;
}

describe("print", () => {
  test("parse(print(tree)) equals the tree, and printing is idempotent", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const text = print(query);
        const again = parsed(text);
        expect(stripSpans(again)).toEqual(stripSpans(query));
        expect(print(again)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test("expressions in one line read back to themselves", () => {
    fc.assert(
      fc.property(expression, (expr) => {
        const text = printExpr(expr);
        expect(text).not.toMatch(/[\r\n]/);
        expect(stripSpans(parseExpression(text).expr!)).toEqual(stripSpans(expr));
      }),
      { numRuns: 2000 },
    );
  });

  test("comments stay, each before the part it stood in", () => {
    const text = `// head
process where /* first */ a == 1 and
  // second
  (b == 2 or c == 3) // behind
| head 5 // end`;
    expect(print(parsed(text))).toBe(`// head
process where
  /* first */
  a == 1 and
  // second
  (b == 2 or c == 3)
// behind
| head 5
// end`);
  });

  test("a long list is broken where lines would be too long", () => {
    const names = Array.from({ length: 30 }, (_, i) => `"program-${i}.exe"`).join(", ");
    const text = print(parsed(`process where process.name : (${names}) and not user.name == "x"`));
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(112);
    expect(print(parsed(text))).toBe(text);
  });

  test("what EQL cannot say is named, not printed", () => {
    const tree: Query = {
      kind: "event",
      span: NOWHERE,
      pipes: [],
      comments: [],
      filter: {
        span: NOWHERE,
        category: null,
        condition: {
          kind: "any-field",
          span: NOWHERE,
          insensitive: true,
          patterns: [{ kind: "wildcard", span: NOWHERE, parts: [{ kind: "literal", text: "a*" }], form: "quoted" }],
        },
      },
    };
    expect(unprintable(tree).map((d) => d.summary)).toEqual([
      "EQL has no search over every field",
      "EQL cannot say a literal `*` or `?` in a wildcard",
    ]);
    expect(() => print(tree)).toThrow(UnprintableError);
  });
});

describe("hostile text", () => {
  test.each([
    ["parentheses", "(".repeat(100_000)],
    ["nots", "not ".repeat(100_000)],
    ["signs", "-".repeat(100_000)],
    ["calls", "f(".repeat(100_000)],
    ["brackets", "[any where ".repeat(100_000)],
    ["sums", `1${" + 1".repeat(100_000)}`],
  ])("100,000 nested %s give a diagnostic", (_name, text) => {
    const { query, diagnostics } = parse(`any where ${text}`);
    expect(query).toBeNull();
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThan(10);
  });

  test("a 47 kB query with a long list is nothing special", () => {
    const list = Array.from({ length: 72 }, (_, i) => `"${"x".repeat(650)}${i}"`).join(", ");
    expect(parsed(`process where process.name in (${list})`).kind).toBe("event");
  });

  test("any text gives tokens that join to it, and a query or a diagnostic", () => {
    const pieces = fc.constantFrom(
      "process",
      " where ",
      "any",
      "sequence by ",
      "[",
      "]",
      "![",
      "(",
      ")",
      '"',
      '"""',
      "'",
      "`",
      "/*",
      "*/",
      "//",
      "\n",
      "==",
      "=",
      ":",
      "in",
      "~",
      "not",
      "and",
      "or",
      ",",
      ".",
      "|",
      "?",
      "1",
      "1.5e",
      "with maxspan=1m",
      "until",
      "\\u{",
      "\\",
      "ü",
      "\ud800",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 30 }).map((p) => p.join("")),
          fc.string(),
        ),
        (text) => {
          expect(
            tokenize(text)
              .tokens.map((t) => t.text)
              .join(""),
          ).toBe(text);
          const { query, diagnostics } = parse(text);
          if (query === null) expect(diagnostics.some((d) => d.severity === "error")).toBe(true);
          for (const { span } of diagnostics) {
            expect(span.from).toBeGreaterThanOrEqual(0);
            expect(span.to).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

const corpus = new URL("../../../../shared/suites/eql/detection_rules_queries.ndjson", import.meta.url);

describe.skipIf(!existsSync(corpus))("Elastic's rule queries (skipped where ../shared is absent)", () => {
  test("all parse, print, and parse again to the same tree; comments and layout stay put", ({ task }) => {
    const queries = readFileSync(corpus, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly path: string; readonly query: string });
    const counted = {
      table: "detection-rules queries: parse, print, parse again",
      row: "detection_rules_queries.ndjson",
      of: queries.length,
    };
    let same = 0;
    task.meta.counted = { ...counted, same };
    for (const { query } of queries) {
      const tree = parsed(query);
      const text = print(tree);
      const again = parsed(text);
      expect(stripSpans(again)).toEqual(stripSpans(tree));
      expect(again.comments.length).toBe(tree.comments.length);
      expect(print(again)).toBe(text);
      task.meta.counted = { ...counted, same: ++same };
    }
    expect(queries.length).toBe(547);
  });
});

const published = new URL("../../../../shared/spec/t1021_002/queries.md", import.meta.url);

describe.skipIf(!existsSync(published))("the published queries for T1021.002 (skipped where ../shared is absent)", () => {
  test("all parse, print, and parse again to the same tree", () => {
    const queries = [...readFileSync(published, "utf8").matchAll(/```eql\n([\s\S]*?)```/g)].map((match) => match[1]!);
    for (const text of queries) {
      const tree = parsed(text);
      const printed = print(tree);
      expect(stripSpans(parsed(printed))).toEqual(stripSpans(tree));
      expect(print(parsed(printed))).toBe(printed);
    }
    console.info(`Published queries for T1021.002: ${queries.length} of ${queries.length} parse, print and parse again`);
    expect(queries.length).toBeGreaterThan(0);
  });
});
