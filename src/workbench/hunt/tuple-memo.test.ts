import { expect, test } from "vitest";
import { TupleMemo } from "./tuple-memo.ts";

test("a tuple has the value that was set for it last, and no other tuple has", () => {
  const memo = new TupleMemo<string>(2, 1024);
  const at = (a: number, b: number): TupleMemo<string> => {
    memo.tuple.set([a, b]);
    return memo;
  };
  for (let a = 0; a < 20; a++) for (let b = 0; b < 20; b++) at(a, b).set(`${a} ${b}`);
  for (let a = 0; a < 20; a++) for (let b = 0; b < 20; b++) expect(at(a, b).find()).toBe(`${a} ${b}`);
  expect(at(20, 0).find()).toBeUndefined();
  at(3, 4).set("other");
  expect([at(3, 4).find(), at(4, 3).find()]).toEqual(["other", "4 3"]);
});

test("what finds no room makes room", () => {
  const memo = new TupleMemo<number>(1, 64);
  for (let n = 0; n < 100; n++) {
    memo.tuple[0] = n;
    memo.set(n);
    expect(memo.find()).toBe(n);
  }
  memo.tuple[0] = 1;
  expect(memo.find()).toBeUndefined();
});
