import fc from "fast-check";
import { expect, test } from "vitest";
import { LiteralSearch } from "./literal-search.ts";

test("finds every literal that a text holds", () => {
  const unit = fc.constantFrom("a", "b", "c", "\u03C3", "\u{1F600}");
  const text = fc.string({ unit, maxLength: 40 });
  const literal = fc.string({ unit, minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.uniqueArray(literal, { minLength: 1, maxLength: 24 }), fc.array(text, { maxLength: 4 }), (literals, subjects) => {
      const search = new LiteralSearch(literals);
      const found = new Int32Array(literals.length);
      for (const subject of subjects) {
        const ours = [...found.subarray(0, search.search(subject, found))].map((number) => literals[number]!);
        expect(ours.sort()).toEqual(literals.filter((one) => subject.includes(one)).sort());
      }
    }),
    { numRuns: 1_000 },
  );
});

test("literals may share their grams, hold any unit, and repeat", () => {
  const all = Array.from({ length: 300 }, (_, i) => String.fromCharCode(i, i + 1, i + 2, i + 3));
  const search = new LiteralSearch([...all, ...all]);
  expect(search.literals).toEqual(all);
  const found = new Int32Array(all.length);
  for (const [number, literal] of all.entries()) {
    expect(search.search(literal, found)).toBe(1);
    expect(found[0]).toBe(number);
  }
  expect(search.search(all.join(""), found)).toBe(300);
});
