/**
 * The values of the language at run time.
 *
 * `undefined` is the language's null: a missing field, or a function of one. Whole numbers are `number` (or `bigint` beyond
 * 2^53 - 1) and follow Java's `long`; a fraction is a `double`. A double that happens to be whole (`7.0`) is a `Double`, so that
 * `7.0 / 2` is 3.5 while `7 / 2` is 3.
 */
export type Value = string | number | bigint | boolean | Double;

/** A double with a whole value. Fractions need no wrapper: `Number.isInteger` tells them apart. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export type Numeric = number | bigint | Double;

/** Why a predicate could not be computed. Elasticsearch fails the whole query; here the predicate is false and the fault counted. */
export type FaultCode =
  | "eql/division-by-zero"
  | "eql/overflow"
  | "eql/bad-number"
  | "eql/bad-ip"
  | "eql/too-many-combinations"
  | "eql/regex-too-complex";

/** Thrown by an operation, caught at the edge of the predicate. One instance per code: throwing costs no stack trace. */
export class Fault {
  readonly code: FaultCode;
  constructor(code: FaultCode) {
    this.code = code;
  }
}

export const DIVISION_BY_ZERO = new Fault("eql/division-by-zero");
export const OVERFLOW = new Fault("eql/overflow");
export const BAD_NUMBER = new Fault("eql/bad-number");
export const BAD_IP = new Fault("eql/bad-ip");
export const TOO_MANY_COMBINATIONS = new Fault("eql/too-many-combinations");
export const REGEX_TOO_COMPLEX = new Fault("eql/regex-too-complex");

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === "number" || typeof value === "bigint" || value instanceof Double;
}

/** A double as a value: wrapped when it is whole (infinities and NaN need no wrapper). */
export function double(value: number): Numeric {
  return Number.isInteger(value) ? new Double(value) : value;
}

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** A whole number as a value: a `number` where it fits exactly; beyond int64 a fault. */
export function long(value: bigint): number | bigint {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value);
  if (value < MIN_LONG || value > MAX_LONG) throw OVERFLOW;
  return value;
}

function isDouble(value: Numeric): boolean {
  return typeof value === "number" ? !Number.isInteger(value) : typeof value !== "bigint";
}

export function toDouble(value: Numeric): number {
  return typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : value.value;
}

export type ArithmeticOp = "+" | "-" | "*" | "/" | "%";

/**
 * Java's arithmetic: whole with whole stays whole (`/` truncates toward zero, `%` takes the dividend's sign) and overflow is a
 * fault; a double on either side makes a double. `narrow`: both sides are int32, and so must the result be.
 */
export function arithmetic(op: ArithmeticOp, left: Numeric, right: Numeric, narrow: boolean): Numeric {
  if (isDouble(left) || isDouble(right)) return double(doubleArithmetic(op, toDouble(left), toDouble(right)));
  if (typeof left === "number" && typeof right === "number") {
    const result = longArithmetic(op, left, right);
    if (Number.isSafeInteger(result)) {
      if (narrow && (result < -2147483648 || result > 2147483647)) throw OVERFLOW;
      return result === 0 ? 0 : result;
    }
  }
  const a = BigInt(left as number | bigint);
  const b = BigInt(right as number | bigint);
  if (b === 0n && (op === "/" || op === "%")) throw DIVISION_BY_ZERO;
  return long(op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : op === "/" ? a / b : a % b);
}

function doubleArithmetic(op: ArithmeticOp, a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0) throw DIVISION_BY_ZERO;
      return a / b;
    case "%":
      if (b === 0) throw DIVISION_BY_ZERO;
      return a % b;
  }
}

function longArithmetic(op: ArithmeticOp, a: number, b: number): number {
  const result = doubleArithmetic(op, a, b);
  return op === "/" ? Math.trunc(result) : result;
}

export function negate(value: Numeric, narrow: boolean): Numeric {
  if (value instanceof Double) return new Double(-value.value);
  if (typeof value === "bigint") return long(-value);
  if (narrow && value === -2147483648) throw OVERFLOW;
  return value === 0 ? 0 : -value;
}

/** What a value prints as in `string()` and `concat()`: as Java does, so a whole double keeps its `.0`. */
export function stringOf(value: Value): string {
  if (typeof value === "string") return value;
  return value instanceof Double
    ? doubleString(value.value)
    : typeof value === "number" && !Number.isInteger(value)
      ? doubleString(value)
      : String(value);
}

/** Java's `Double.toString`: plain from 10^-3 to below 10^7, else `d.dddE±n`. */
function doubleString(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/**
 * Order of two strings by code point (as Elasticsearch orders UTF-8 bytes). UTF-16 order, which `<` has, differs only where a
 * surrogate meets a unit above it.
 */
export function compareStrings(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates above everything else in the basic plane.
      if (x >= 0xd800 && y >= 0xd800) {
        x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
        y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
      }
      return x - y;
    }
  }
  return a.length - b.length;
}

export function compareNumbers(a: Numeric, b: Numeric): number {
  // JavaScript compares number with bigint exactly.
  const x = a instanceof Double ? a.value : a;
  const y = b instanceof Double ? b.value : b;
  return x < y ? -1 : x > y ? 1 : x == y ? 0 : Number.NaN;
}

/**
 * Negative, zero or positive; NaN where the two have no order. Without a mapping the data gives the types, so a string that
 * writes a number meets a number as in a numeric field.
 */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return a === b ? 0 : compareStrings(a, b);
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "string" && isNumeric(b)) return compareMixed(a, b);
  if (isNumeric(a) && typeof b === "string") return -compareMixed(b, a);
  if (typeof a === "string" && typeof b === "boolean") return a === String(b) ? 0 : Number.NaN;
  if (typeof a === "boolean" && typeof b === "string") return b === String(a) ? 0 : Number.NaN;
  return Number.NaN;
}

function compareMixed(text: string, number: Numeric): number {
  const parsed = parseNumeric(text);
  return parsed === undefined ? Number.NaN : compareNumbers(parsed, number);
}

/**
 * `a == b` for two values that are there. A string meets a number or boolean as a mapping would make them meet: by the plain text
 * of the other.
 */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === "string") return typeof b !== "string" && a === plainText(b);
  if (typeof b === "string") return b === plainText(a);
  return compareValues(a, b) === 0;
}

/** A value as a keyword field would hold it: `4624` is "4624". */
export function plainText(value: Value): string {
  return typeof value === "string" ? value : value instanceof Double ? String(value.value) : String(value);
}

/** A decimal number as a mapping would take it from a string (`"4"`, `"-1.5"`, `"1e3"`); undefined for anything else. */
export function parseNumeric(text: string): Numeric | undefined {
  if (text.length === 0 || text.length > 400) return undefined;
  if (/^[+-]?\d+$/.test(text)) {
    const value = Number(text);
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    const big = BigInt(text.startsWith("+") ? text.slice(1) : text);
    return big < MIN_LONG || big > MAX_LONG ? double(Number(big)) : big;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? double(value) : undefined;
}
