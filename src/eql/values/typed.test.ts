import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressSet } from "./address-set.ts";
import { inCidr, parseAddress, parseCidr } from "./cidr.ts";
import { anyEqualTest, constantTest } from "./typed.ts";
import { double } from "./values.ts";

const whole = fc.constantFrom(0, 1, -1, 4624, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, -(2 ** 53));
const number = fc.oneof(
  whole,
  whole.map(BigInt),
  whole.map(double),
  fc.constantFrom(2n ** 53n + 1n, 2n ** 62n, -0, 1.5, Number.POSITIVE_INFINITY, Number.NaN),
);
const address = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.1.2.3", "::1", "fe80::1", "::ffff:10.0.0.1", "not one", "");
const block = fc.oneof(address, fc.constantFrom("10.0.0.0/8", "10.0.0.0/31", "fe80::/10", "0.0.0.0/0", "::/0"));
const literals = fc.array(
  number.filter((n) => !Number.isNaN(n)),
  { minLength: 1, maxLength: 6 },
);

test.each(["unknown", "integer", "long", "double"] as const)("a list of numbers says what each says alone: %s", (type) => {
  const scalar = fc.oneof(
    number.map((n) => (typeof n === "object" ? n.value : n)),
    fc.boolean(),
    number.map((n) => (typeof n === "object" ? `${n.value}.0` : String(n))),
  );
  fc.assert(
    fc.property(literals, fc.array(scalar), (list, values) => {
      const together = anyEqualTest(type, list)!;
      for (const value of values)
        expect(together(value), String(value)).toBe(list.some((literal) => constantTest(type, "==", literal, undefined).test!(value)));
    }),
    { numRuns: 500 },
  );
});

test("lists of what has no quicker way are left alone", () => {
  expect(anyEqualTest("date", ["2026-01-01"])).toBeNull();
  expect(anyEqualTest("long", ["many"])).toBeNull();
  expect(anyEqualTest("unknown", [true, 1])).toBeNull();
});

test("a set of blocks holds the addresses that one of them holds", () => {
  const at = new Uint32Array(4);
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.array(address), (texts, addresses) => {
      const blocks = texts.flatMap((text) => parseCidr(text) ?? []);
      const set = new AddressSet(blocks);
      for (const text of addresses) expect(set.has(text), text).toBe(parseAddress(text, at) ? blocks.some((one) => inCidr(at, one)) : null);
      const ip = anyEqualTest("ip", texts)!;
      for (const text of addresses) expect(ip(text)).toBe(set.has(text) === true);
    }),
  );
});
