import { BAD_NUMBER, double, isNumeric, long, toDouble, type Numeric } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const number: EqlFunction = {
  name: "number",
  parameters: [
    { name: "string", type: "string" },
    { name: "base", type: "number", optional: true, constant: true },
  ],
  returns: "number",
  insensitive: false,
  doc: "The number a text writes, in base 10 by default; `0x` in front means base 16. Blanks around it and a sign are allowed, decimals in base 10 only. A text that is no number makes the predicate false and is counted as a fault.",
  examples: [
    { call: 'number("1337")', result: 1337 },
    { call: 'number("42.5")', result: 42.5 },
    { call: 'number("deadbeef", 16)', result: 3735928559 },
    { call: 'number("0xdeadbeef")', result: 3735928559 },
    { call: 'number(" -7 ")', result: -7 },
    { call: 'number("1010", 2)', result: 10 },
    { call: "number(null)", result: undefined },
  ],
  prepare: (constants) => {
    const base = constants[1];
    if (isNumeric(base) && (!Number.isInteger(toDouble(base)) || toDouble(base) < 2 || toDouble(base) > 36)) {
      return {
        prepared: null,
        problem: { argument: 1, code: "eql/bad-base", summary: `A base is a whole number from 2 to 36`, help: null },
      };
    }
    return { prepared: null as unknown, problem: null };
  },
  run: ([text, base]) => {
    if (typeof text !== "string") return undefined;
    return parse(text.trim(), isNumeric(base) ? toDouble(base) : undefined);
  },
};

function parse(text: string, base: number | undefined): Numeric {
  if (text.length === 0 || text.length > 400) throw BAD_NUMBER;
  const negative = text.startsWith("-");
  let digits = negative || text.startsWith("+") ? text.slice(1) : text;
  if ((base === undefined || base === 16) && /^0x/i.test(digits)) {
    base = 16;
    digits = digits.slice(2);
  }
  base ??= 10;
  if (base === 10 && !/^\d+$/.test(digits)) {
    if (!/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits)) throw BAD_NUMBER;
    return double(Number(digits) * (negative ? -1 : 1));
  }
  if (digits === "") throw BAD_NUMBER;
  let value = 0n;
  const big = BigInt(base);
  for (let i = 0; i < digits.length; i++) {
    const digit = digitOf(digits.charCodeAt(i));
    if (digit >= base) throw BAD_NUMBER;
    value = value * big + BigInt(digit);
  }
  return long(negative ? -value : value);
}

function digitOf(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 122 ? lower - 87 : 99;
}
