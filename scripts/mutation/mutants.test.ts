import { expect, test } from "vitest";
import { mutantsOf, mutated } from "./mutants.ts";

const changes = (source: string): string[] => mutantsOf(source).map((mutant) => mutated(source, mutant));

test.each([
  ["a < b;", ["a <= b;"]],
  ["a === b && c;", ["a !== b && c;", "a === b || c;"]],
  ["a + 1;", ["a - 1;", "a + 2;"]],
  ['a + "text";', []],
  ["if (!a) b();", ["if (!(!a)) b();", "if (a) b();", "if (!a) ;"]],
  ["const x = a ? true : false;", ["const x = !(a) ? true : false;", "const x = a ? false : false;", "const x = a ? true : true;"]],
  ["n++;", ["n--;"]],
  ["all.some((one) => one);", [";", "all.every((one) => one);"]],
  ["x = y;", [";"]],
])("%s", (source, expected) => {
  expect(changes(source).sort()).toEqual([...expected].sort());
});

test("types, imports, texts, names of properties and long tables are left alone", () => {
  expect(changes("const x = { 4616: y };")).toEqual([]);
  expect(changes(`new Map([${'[1, "a"], '.repeat(8)}])`)).toEqual([]);
  expect(changes('import { a } from "b"; type T = 1 | true; const x: 1 | 2 = y as 1; interface I { a: true }')).toEqual([]);
});

test("each mutant is another text, and parses", () => {
  const source =
    "export function f(a: number): boolean { for (let i = 0; i < a; i++) { if (i * 2 >= a || g(i)) return true; } return false; }";
  const texts = changes(source);
  expect(new Set([source, ...texts]).size).toBe(texts.length + 1);
  for (const text of texts) expect(() => mutantsOf(text)).not.toThrow();
});
