import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldCase } from "./case.ts";
import { fieldAccess, someValue } from "./fields.ts";
import { valuesOf } from "../testing/interpret.ts";
import { prepareWildcard } from "./match-wildcard.ts";
import { Double, Fault, arithmetic, compareStrings, compareValues, double, stringOf, type ArithmeticOp, type Numeric } from "./values.ts";
import { compareVersions, parseVersion } from "./version.ts";
import { parseWildcard } from "../syntax/wildcard.ts";

describe("numbers", () => {
  test.each([
    [7, "/", 2, 3],
    [-7, "/", 2, -3],
    [-7, "%", 3, -1],
    [7, "%", -3, 1],
    [9007199254740993n, "+", 1, 9007199254740994n],
    [9007199254740991, "+", 2, 9007199254740993n],
    [9007199254740993n, "-", 9007199254740992n, 1],
    [3037000500, "*", 3037000499, 9223372033963249500n],
    [0.5, "*", 4, new Double(2)],
    [new Double(7), "/", 2, 3.5],
  ] as [Numeric, ArithmeticOp, Numeric, Numeric][])("%s %s %s", (a, op, b, expected) => {
    expect(arithmetic(op, a, b, false)).toEqual(expected);
  });

  test.each([
    [9223372036854775807n, "+", 1],
    [-9223372036854775808n, "-", 1],
    [-9223372036854775808n, "/", -1],
    [3037000500, "*", 3037000500],
    [1, "/", 0],
    [1, "%", 0],
    [1.5, "/", 0],
  ] as [Numeric, ArithmeticOp, Numeric][])("%s %s %s is a fault", (a, op, b) => {
    expect(() => arithmetic(op, a, b, false)).toThrow(expect.any(Fault));
  });

  test("int64 arithmetic equals BigInt's", () => {
    const whole = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -100n, max: 100n }));
    const plain = (n: bigint): number | bigint => (n >= -9007199254740991n && n <= 9007199254740991n ? Number(n) : n);
    fc.assert(
      fc.property(whole, whole, fc.constantFrom<ArithmeticOp>("+", "-", "*", "/", "%"), (a, b, op) => {
        let exact: bigint | null;
        if (b === 0n && (op === "/" || op === "%")) exact = null;
        else exact = { "+": () => a + b, "-": () => a - b, "*": () => a * b, "/": () => a / b, "%": () => a % b }[op]();
        if (exact !== null && (exact < -(2n ** 63n) || exact > 2n ** 63n - 1n)) exact = null;
        let ours: Numeric | null;
        try {
          ours = arithmetic(op, plain(a), plain(b), false);
        } catch {
          ours = null;
        }
        expect(ours).toBe(exact === null ? null : plain(exact));
      }),
    );
  });

  test.each([
    [1, "1"],
    [new Double(2), "2.0"],
    [double(0), "0.0"],
    [0.001, "0.001"],
    [0.0001, "1.0E-4"],
    [new Double(1e7), "1.0E7"],
    [12345678.5, "1.23456785E7"],
    [true, "true"],
    [9007199254740993n, "9007199254740993"],
  ])("%s as text", (value, text) => {
    expect(stringOf(value)).toBe(text);
  });

  test("numbers of different kinds compare exactly", () => {
    expect(compareValues(9007199254740993n, 9007199254740992)).toBe(1);
    expect(compareValues(new Double(2), 2)).toBe(0);
    expect(compareValues("10", 9)).toBe(1);
    expect(compareValues("x", 9)).toBe(Number.NaN);
  });
});

test("strings order as their UTF-8 bytes do", () => {
  const unit = fc.constantFrom("a", "b", "\u007F", "\u00DF", "\uD7FF", "\uE000", "\uFFFF", "\u{10000}", "\u{1F600}", "\u{10FFFF}");
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 4 }), fc.string({ unit, maxLength: 4 }), (a, b) => {
      expect(Math.sign(compareStrings(a, b))).toBe(Math.sign(Buffer.compare(encoder.encode(a), encoder.encode(b))));
    }),
  );
});

describe("case", () => {
  test.each([
    ["ABC", "abc"],
    ["\u0130", "i"],
    ["\u0391\u03A3", "\u03B1\u03C3"],
    ["STRA\u1E9EE", "stra\u00DFe"],
    ["\u{10400}", "\u{10428}"],
    ["\u212A", "k"],
  ])("%j folds to %j", (text, folded) => {
    expect(foldCase(text)).toBe(folded);
  });

  test("keeps the length and is stable", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const folded = foldCase(text);
        expect(folded.length).toBe(text.length);
        expect(foldCase(folded)).toBe(folded);
        expect(folded).toBe([...text].map(foldCase).join(""));
      }),
    );
  });
});

describe("fields", () => {
  test("every spelling and shape, as the plain walk finds them", () => {
    const names = ["a", "b", "a.b", "a.b.c", "b.c"];
    const leaf = fc.oneof(fc.constantFrom("x", 1, true, null, 5n), fc.array(fc.constantFrom("y", null, 2), { maxLength: 2 }));
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.dictionary(fc.constantFrom(...names, "c", "__proto__"), tie("node"), { maxKeys: 4 }),
        fc.array(tie("node"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, "a.b"), node, { maxKeys: 4 }), (event) => {
        for (const name of names) {
          const found = fieldAccess(name)(event);
          const list = found === undefined ? [] : typeof found === "object" ? [...found] : [found];
          expect(list).toEqual(valuesOf(event, name.split(".")));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("nested events need no other spelling", () => {
    const event = { a: { b: { c: ["x", null] } }, "a.b": { c: "not seen" } };
    expect(fieldAccess("a.b.c", { nested: true })(event)).toBe("x");
  });

  test("an explicit null counts where the mapping says so", () => {
    expect(fieldAccess("a", { nullValue: "NULL" })({ a: null })).toBe("NULL");
    expect(fieldAccess("a", { nullValue: "NULL" })({})).toBe(undefined);
  });

  test("keys of the prototype are not fields", () => {
    for (const name of ["constructor", "__proto__", "constructor.name", "a.constructor.name", "toString"])
      expect(fieldAccess(name)({ a: {} })).toBe(undefined);
    expect(fieldAccess("__proto__.x")(JSON.parse('{"__proto__": {"x": "1"}}') as Record<string, unknown>)).toBe("1");
  });

  test("hostile nesting ends", () => {
    let deep: unknown = "x";
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(fieldAccess("a")({ a: deep })).toBe(undefined);
    expect(someValue({ a: deep }, () => true)).toBe(false);
  });
});

describe("wildcards", () => {
  const literal = fc.string({ unit: fc.constantFrom("a", "b", "\u{1F600}", "\n"), maxLength: 3 });
  test("equal the plain definition", () => {
    const plain = (pattern: readonly string[], text: readonly string[]): boolean => {
      const [head, ...rest] = pattern;
      if (head === undefined) return text.length === 0;
      if (head === "*") return plain(rest, text) || (text.length > 0 && plain(pattern, text.slice(1)));
      return text.length > 0 && (head === "?" || head === text[0]) && plain(rest, text.slice(1));
    };
    const pattern = fc.array(fc.oneof(literal, fc.constantFrom("*", "?")), { maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom("a", "b", "\u{1F600}", "\n"), maxLength: 8 }), (source, text) => {
        const { test: matches, literal: longest } = prepareWildcard(parseWildcard(source), false);
        expect(matches(text)).toBe(plain([...source], [...text]));
        if (matches(text)) expect(text).toContain(longest);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ["*", "any"],
    ["a", "equals"],
    ["a*", "starts"],
    ["*a", "ends"],
    ["*a*", "contains"],
    ["a*b", "general"],
  ])("%s is %s", (source, shape) => {
    expect(prepareWildcard(parseWildcard(source), true).shape).toBe(shape);
  });
});

describe("versions", () => {
  test("in order", () => {
    const ordered = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.2.4-SNAPSHOT",
      "1.2.4",
      "1.10.0",
      "2",
    ];
    for (let i = 1; i < ordered.length; i++)
      expect([ordered[i], compareVersions(parseVersion(ordered[i - 1]!)!, parseVersion(ordered[i]!)!) < 0]).toEqual([ordered[i], true]);
  });

  test.each(["", "bad", "1.", "1..2", "v1", "1.0-"])("%j is none", (text) => {
    expect(parseVersion(text)).toBeNull();
  });
});
