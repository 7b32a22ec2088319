import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, unpack } from "./packed.ts";

const data = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom(undefined, null, true, false, 0, -0, 1, -1, 2 ** 27, -(2 ** 27), 2 ** 53, Number.NaN, Infinity, -Infinity, 0.1),
    fc.bigInt(),
    fc.double(),
    fc.integer(),
    fc.string({ unit: "binary" }),
    fc.constant("\ud800"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "from", "to")), tie("value"), { maxKeys: 4 }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value;

test("what is unpacked is what was packed", () => {
  fc.assert(
    fc.property(data, (value) => {
      const back = unpack(pack(value));
      expect(back).toEqual(value);
      expect(pack(back).equals(pack(value))).toBe(true);
    }),
  );
});

test("a key that would be the prototype stays a key, in its place", () => {
  const value: unknown = JSON.parse('{"a":1,"__proto__":{"b":2},"c":3}');
  const back = unpack(pack(value)) as object;
  expect(JSON.stringify(back)).toBe(JSON.stringify(value));
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
});

test("parts that are equal are one", () => {
  const value = { a: [{ from: 1, to: 2 }], b: [{ from: 1, to: 2 }], c: { to: 2, from: 1 } };
  const back = unpack(pack(value)) as typeof value;
  expect(back).toEqual(value);
  expect(back.a).toBe(back.b);
  expect(back.c).not.toBe(back.a[0]);
  expect(Object.keys(back.c)).toEqual(["to", "from"]);
});

test("functions and objects of a class are refused", () => {
  for (const value of [() => {}, new Date(), [Symbol("x")], { a: new Set() }]) expect(() => pack(value)).toThrow(TypeError);
});
