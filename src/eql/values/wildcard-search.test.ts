import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWildcard } from "../syntax/wildcard.ts";
import { foldCase } from "./case.ts";
import { prepareWildcard, type WildcardTest } from "./match-wildcard.ts";
import { WildcardSearch } from "./wildcard-search.ts";

const prepared = (pattern: string, insensitive = true): WildcardTest => prepareWildcard(parseWildcard(pattern), insensitive);

test("many wildcards together say what each says alone", () => {
  const unit = fc.constantFrom("a", "A", "b", "B", "\u03A3", "\u03C3", "\u0130", "i", "\u{1F600}");
  const text = fc.string({ unit, maxLength: 30 });
  const pattern = fc.string({ unit: fc.oneof({ weight: 3, arbitrary: unit }, fc.constantFrom("*", "?")), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.tuple(pattern, fc.boolean()), { maxLength: 30 }), fc.array(text, { maxLength: 4 }), (patterns, subjects) => {
      const wildcards = patterns.map(([one, insensitive]) => prepared(one, insensitive));
      const search = new WildcardSearch(wildcards);
      for (const subject of subjects) {
        const folded = foldCase(subject);
        const alone = wildcards.flatMap(({ test: passes, insensitive }, i) => (passes(insensitive ? folded : subject) ? [i] : []));
        const together: number[] = [];
        search.matches(subject, folded, together);
        expect(together.sort((a, b) => a - b)).toEqual(alone);
        expect(search.matchesAny(subject, folded)).toBe(alone.length > 0);
      }
    }),
    { numRuns: 500 },
  );
});

const SIZES = [1_000, 2_000, 4_000, 8_000];

test.each([
  ["contains", (i: number) => `*needle${i}x*`],
  ["starts", (i: number) => `needle${i}x*`],
  ["ends", (i: number) => `*needle${i}x`],
  ["general", (i: number) => `*nee?le${i}x*y`],
])("a longer list costs a text no more: %s", (_, pattern) => {
  const text = "c:\\windows\\system32\\needle.exe -needle -k needl needles 12345 ".repeat(10);
  const steps = SIZES.map((size) => {
    const search = new WildcardSearch(Array.from({ length: size }, (_unused, i) => prepared(pattern(i))));
    expect(search.matchesAny(text, text)).toBe(false);
    return search.steps;
  });
  expect(Math.max(...steps)).toBeLessThan(2.5 * text.length);
});

test("a longer text costs in proportion, whatever its literals share", () => {
  const search = new WildcardSearch(Array.from({ length: 500 }, (_, i) => prepared(`*${"a".repeat(i + 1)}b*`)));
  const steps = SIZES.map((size) => {
    const before = search.steps;
    expect(search.matchesAny("a".repeat(size), "a".repeat(size))).toBe(false);
    return search.steps - before;
  });
  SIZES.forEach((size, i) => expect(steps[i]).toBeLessThanOrEqual(2 * size));
});
