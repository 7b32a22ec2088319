// What a query finds, and what the Query DSL finds that Kibana makes of it, and that it is translated to.
import fc from "fast-check";
import { expect, test } from "vitest";
import { ecsSchema } from "../catalog/index.ts";
import { compileFilter } from "../eql/index.ts";
import { event } from "../translate/testing/arbitrary.ts";
import { dslMatches } from "../translate/testing/query-dsl.ts";
import { metadata } from "../translate/testing/sample-rule.ts";
import { translateDsl } from "../translate/languages/query-dsl.ts";
import { printKql, readKql } from "./index.ts";
import { typedQuery } from "./testing/arbitrary.ts";
import { evaluate } from "./testing/evaluate.ts";

test("on events at random a query's closures say what its Query DSL says", () => {
  const schema = ecsSchema();
  let matched = 0;
  let tried = 0;
  let exact = 0;
  let queries = 0;
  fc.assert(
    fc.property(typedQuery, fc.array(event, { minLength: 1, maxLength: 8 }), (node, events) => {
      const text = printKql(node);
      const { filter, diagnostics } = readKql(text, schema);
      expect(
        diagnostics.filter(({ severity }) => severity === "error"),
        text,
      ).toEqual([]);
      const run = compileFilter(filter!, { schema });
      const made = translateDsl({
        query: { kind: "event", span: filter!.span, filter: filter!, pipes: [], comments: [] },
        metadata,
        fields: new Map(),
      });
      queries++;
      const translated = made.losses.length > 0 ? null : (JSON.parse(made.text) as { query: unknown }).query;
      if (translated !== null) exact++;
      for (const one of events) {
        const document = JSON.parse(JSON.stringify(one)) as object;
        const found = run(document as never);
        tried++;
        if (found) matched++;
        expect(found, text).toBe(evaluate(node, document));
        if (translated !== null) expect(dslMatches(translated, document), text).toBe(found);
      }
    }),
    { numRuns: 1500 },
  );
  expect(matched / tried).toBeGreaterThan(0.1);
  expect(matched / tried).toBeLessThan(0.9);
  // Of these queries nothing is lost in translation.
  expect(exact).toBe(queries);
});
