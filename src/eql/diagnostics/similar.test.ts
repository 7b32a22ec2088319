import * as fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean, editDistance, similarNames } from "./similar.ts";

/** The definition, without any bound. */
function plainDistance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      let best = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, d[i - 2]![j - 2]! + 1);
      d[i]![j] = best;
    }
  }
  return d[a.length]![b.length]!;
}

test("the bounded distance is the distance, or one more than the bound", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0, max: 9 }), (a, b, bound) => {
      expect(editDistance(a, b, bound)).toBe(Math.min(plainDistance(a, b), bound + 1));
    }),
    { numRuns: 2_000 },
  );
});

test("the nearest names are suggested, in Elasticsearch's words", () => {
  expect(didYouMean(similarNames("md4", ["md5", "pid"]))).toBe(", did you mean [md5]?");
  expect(didYouMean(similarNames("process.nmae", ["process.name", "process.args"]))).toBe(", did you mean [process.name]?");
  expect(didYouMean(similarNames("pix", ["pid", "pie", "process"]))).toBe(", did you mean any of [pid, pie]?");
  expect(didYouMean(similarNames("Process.Name", ["process.name"]))).toBe(", did you mean [process.name]?");
  expect(didYouMean(similarNames("something", ["else"]))).toBe("");
  expect(similarNames("a".repeat(1_000), ["a".repeat(1_000)])).toEqual([]);
});

test("names that share no piece are passed over without losing one that is near", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "."), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 12 }), (name, names) => {
      const bound = Math.min(4, Math.max(1, Math.floor(name.length / 3)));
      const distances = names.map((candidate) => editDistance(name, candidate, bound));
      const least = Math.min(bound + 1, ...distances);
      const nearest = least > bound ? [] : names.filter((_, at) => distances[at] === least);
      expect(similarNames(name, names)).toEqual(nearest.sort().slice(0, 3));
    }),
    { numRuns: 2000 },
  );
});
