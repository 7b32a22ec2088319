import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ecsSchema } from "../catalog/index.ts";
import { compileFilter } from "../eql/index.ts";
import { event } from "../translate/testing/arbitrary.ts";
import { luceneFilter, parseLucene, printLucene, readLucene, type LuceneNode } from "./index.ts";
import { query, typedQuery } from "./testing/arbitrary.ts";
import { evaluate } from "./testing/evaluate.ts";

/** A tree without its spans. */
function bare(node: LuceneNode | null): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "span" ? undefined : value)));
}

test("parse(print(tree)) equals the tree, and printing again changes nothing", () => {
  fc.assert(
    fc.property(query, (node) => {
      const text = printLucene(node);
      const parsed = parseLucene(text);
      expect(
        parsed.diagnostics.filter((d) => d.severity === "error"),
        text,
      ).toEqual([]);
      expect(bare(parsed.query), text).toEqual(bare(node));
      expect(printLucene(parsed.query!)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test("on events at random a query's closures say what a reference says", () => {
  const schema = ecsSchema();
  let matched = 0;
  let tried = 0;
  fc.assert(
    fc.property(typedQuery, fc.array(event, { minLength: 1, maxLength: 8 }), (node, events) => {
      const text = printLucene(node);
      const { filter, diagnostics } = luceneFilter(parseLucene(text).query!, schema);
      expect(diagnostics, text).toEqual([]);
      const run = compileFilter(filter!, { schema });
      for (const one of events) {
        const document = JSON.parse(JSON.stringify(one)) as { destination: { port?: unknown } };
        if (Array.isArray(document.destination.port)) document.destination.port = document.destination.port[0];
        tried++;
        const found = run(document);
        if (found) matched++;
        expect(found, text).toBe(evaluate(node, document));
      }
    }),
    { numRuns: 1500 },
  );
  expect(matched / tried).toBeGreaterThan(0.1);
  expect(matched / tried).toBeLessThan(0.9);
});

test("any text ends with a tree or with diagnostics that have a place", () => {
  const schema = ecsSchema();
  const pieces = [
    "a",
    "process.name:",
    "@timestamp:",
    "message:",
    ":",
    "(",
    ")",
    "[",
    "}",
    " TO ",
    " AND ",
    " OR ",
    "NOT ",
    "!",
    "+",
    "-",
    "- ",
    '"',
    "\\",
    "\\u",
    "*",
    "?",
    "/",
    "^2",
    "~",
    "<",
    ">=",
    " ",
    "_exists_:",
  ];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 60 }),
        fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((p) => p.join("")),
      ),
      (text) => {
        const { query: parsed, diagnostics } = parseLucene(text);
        const errors = diagnostics.filter((d) => d.severity === "error");
        expect(parsed === null, text).toBe(errors.length > 0);
        for (const { span } of [...diagnostics, ...diagnostics.flatMap(({ labels }) => labels)]) {
          expect(span.from).toBeGreaterThanOrEqual(0);
          expect(span.to).toBeGreaterThanOrEqual(span.from);
          expect(span.to).toBeLessThanOrEqual(text.length);
        }
        const { filter } = readLucene(text, schema);
        if (filter !== null) compileFilter(filter, { schema })({ process: { name: "a" }, message: "a" });
        if (parsed !== null) expect(bare(parseLucene(printLucene(parsed)).query), text).toEqual(bare(parsed));
      },
    ),
    { numRuns: 4000 },
  );
});

test("100,000 of anything neither overflow the stack nor take long", () => {
  for (const piece of [
    "(",
    "NOT ",
    "a OR ",
    "a AND(",
    ")",
    "a:(",
    '"',
    "\\",
    "* ",
    "  ",
    "[",
    '["',
    "/",
    "\\/",
    "~",
    "+",
    "a ",
    "^2",
    "a:b ",
  ]) {
    const { diagnostics } = parseLucene(piece.repeat(100_000));
    expect(diagnostics.length).toBeLessThanOrEqual(101);
  }
});

describe("what binds how, and how it is printed", () => {
  test.each([
    ["a:1 OR b:2", "a:1 OR b:2"],
    ["a:1 b:2", "a:1 OR b:2"],
    ["a:1 && b:2", "a:1 AND b:2"],
    ["a:1 || b:2", "a:1 OR b:2"],
    ["!a:1", "NOT a:1"],
    ["a:1 AND b:2 OR c:3", "+a:1 +b:2 OR c:3"],
    ["a:1 OR b:2 AND c:3", "a:1 +b:2 +c:3"],
    ["(a:1 OR b:2) AND c:3", "(a:1 OR b:2) AND c:3"],
    ["a:1 OR NOT b:2", "a:1 -b:2"],
    ["+a:1 -b:2", "a:1 AND NOT b:2"],
    ["NOT a:1 AND NOT b:2", "NOT a:1 AND NOT b:2"],
    ["a:(b OR c)", "a:(b OR c)"],
    ["a:(b OR d:c)", "a:b OR d:c"],
    ["a:(b AND (c OR d))", "a:(b AND (c OR d))"],
    ["a:(b c)", String.raw`a:b\ c`],
    ["a:(b c OR d)", "a:(b OR c OR d)"],
    ["a : b", "a:b"],
    ["a:[1 TO 5}", "a:[1 TO 5}"],
    ["a:{1 TO *]", "a:>1"],
    ["a:(>=1 AND <5)", "a:(>=1 AND <5)"],
    ["a:[* TO *]", "_exists_:a"],
    ["a:*", "_exists_:a"],
    ['a:["x y" TO "*"]', 'a:["x y" TO "*"]'],
    [String.raw`a:x\:y\*z*?`, String.raw`a:x\:y\*z*?`],
    [String.raw`a:\u0041b`, "a:Ab"],
    [String.raw`process.\*:x`, String.raw`process.\*:x`],
    ["*:x", "x"],
    ["*:*", "*"],
    [String.raw`a:/x\/y[0-9]+/`, String.raw`a:/x\/y[0-9]+/`],
    [String.raw`a:/x\\/`, String.raw`a:/x[\\]/`],
    ["(((a:1)))", "a:1"],
    ["", ""],
  ])("%j", (text, printed) => {
    const { query: parsed, diagnostics } = parseLucene(text);
    expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(printLucene(parsed!)).toBe(printed);
  });
});
