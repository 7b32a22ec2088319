/** What a field's type changes: how its values read, and how they compare. */
import { AddressSet } from "./address-set.ts";
import { compareAddresses, inCidr, parseAddress, parseCidr } from "./cidr.ts";
import { formatInstant, instantOf, parseDateMath } from "./dates.ts";
import type { Scalar } from "./fields.ts";
import {
  Double,
  compareValues,
  double,
  equalValues,
  isNumeric,
  parseNumeric,
  plainText,
  stringOf,
  toDouble,
  type Numeric,
  type Value,
} from "./values.ts";
import { compareVersions, parseVersion } from "./version.ts";

/** The families of Elasticsearch's field types that differ at run time; `unknown` takes the data's own types. */
export type ValueType = "unknown" | "keyword" | "integer" | "long" | "double" | "boolean" | "date" | "date_nanos" | "ip" | "version";

export type OrderOp = "==" | "<" | "<=" | ">" | ">=";

interface TypeBehaviour {
  /** A raw value as functions and arithmetic see it; undefined where the mapping would not have indexed it. */
  readonly read: (raw: Scalar) => Value | undefined;
  /** Order of two raw values (or other values of the language); NaN where there is none. */
  readonly compare: (a: Value, b: Value) => number;
}

const number = (raw: Scalar): Value | undefined =>
  typeof raw === "string" ? parseNumeric(raw) : typeof raw === "boolean" ? undefined : raw;

/** Fractions in a field of whole numbers are cut off, as coercion in a mapping does. */
const whole = (raw: Scalar): Value | undefined => {
  const value = number(raw);
  return isNumeric(value) && typeof value !== "bigint" ? Math.trunc(toDouble(value)) : value;
};

const addressA = new Uint32Array(4);
const addressB = new Uint32Array(4);

function compareInstants(a: Value, b: Value, nanos: boolean): number {
  let x = instantOf(a);
  let y = instantOf(b);
  if (x === undefined || y === undefined) return Number.NaN;
  if (!nanos) {
    x /= 1_000_000n;
    y /= 1_000_000n;
  }
  return x < y ? -1 : x > y ? 1 : 0;
}

const date = (raw: Scalar): Value | undefined => {
  const at = instantOf(raw);
  return at === undefined ? undefined : formatInstant(at);
};

export const TYPES = {
  unknown: { read: (raw) => raw, compare: compareValues },
  keyword: { read: plainText, compare: (a, b) => compareValues(plainText(a), plainText(b)) },
  integer: { read: whole, compare: compareValues },
  long: { read: whole, compare: compareValues },
  double: {
    read: (raw) => {
      const value = number(raw);
      return isNumeric(value) ? double(toDouble(value)) : undefined;
    },
    compare: compareValues,
  },
  boolean: {
    read: (raw) => (typeof raw === "boolean" ? raw : raw === "true" ? true : raw === "false" ? false : undefined),
    compare: compareValues,
  },
  date: { read: date, compare: (a, b) => compareInstants(a, b, false) },
  date_nanos: { read: date, compare: (a, b) => compareInstants(a, b, true) },
  ip: {
    read: plainText,
    compare: (a, b) =>
      parseAddress(stringOf(a), addressA) && parseAddress(stringOf(b), addressB) ? compareAddresses(addressA, addressB) : Number.NaN,
  },
  version: {
    read: plainText,
    compare: (a, b) => {
      const x = parseVersion(plainText(a));
      const y = parseVersion(plainText(b));
      return x === null || y === null ? (plainText(a) === plainText(b) ? 0 : Number.NaN) : compareVersions(x, y);
    },
  },
} as const satisfies Record<ValueType, TypeBehaviour>;

/** What `order` (of `compareValues` and its like) says of `a op b`. */
export function satisfies(op: OrderOp, order: number): boolean {
  switch (op) {
    case "==":
      return order === 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

export type ConstantTest =
  | { readonly test: (raw: Scalar) => boolean; readonly problem: null }
  | { readonly test: null; readonly problem: { readonly code: string; readonly summary: string; readonly help: string } };

/** A test of a field's raw value against a literal, made once. */
export function constantTest(type: ValueType, op: OrderOp, literal: Value, now: number | undefined): ConstantTest {
  switch (type) {
    case "date":
    case "date_nanos":
      return dateTest(type, op, literal, now);
    case "ip":
      return ipTest(op, literal);
    case "version":
      return { test: versionTest(op, plainText(literal)), problem: null };
    default: {
      const read: (raw: Scalar) => Value | undefined = TYPES[type].read;
      const constant =
        type === "keyword"
          ? plainText(literal)
          : type !== "unknown" && type !== "boolean" && typeof literal === "string"
            ? (parseNumeric(literal) ?? literal)
            : literal;
      const check =
        op === "=="
          ? (value: Value): boolean => equalValues(value, constant)
          : (value: Value): boolean => satisfies(op, compareValues(value, constant));
      if (type === "unknown") return { test: check, problem: null };
      return {
        test: (raw) => {
          const value = read(raw);
          return value !== undefined && check(value);
        },
        problem: null,
      };
    }
  }
}

/**
 * The same test of `==` against many literals, each of which `constantTest` takes: a look-up or two however many there are. Null
 * where there is no quicker way than one test after the other.
 */
export function anyEqualTest(type: ValueType, literals: readonly Value[]): ((raw: Scalar) => boolean) | null {
  if (type === "ip") {
    const set = new AddressSet(literals.flatMap((literal) => parseCidr(plainText(literal)) ?? []));
    return (raw) => typeof raw === "string" && set.has(raw) === true;
  }
  if (type !== "unknown" && type !== "integer" && type !== "long" && type !== "double") return null;
  const constants = literals.map((literal) => (type !== "unknown" && typeof literal === "string" ? parseNumeric(literal) : literal));
  if (!constants.every(isNumeric)) return null;
  const numbers = new Set(constants.map(numberKey));
  // Without a type a text equals the number that it is the digits of.
  const texts = new Set(type === "unknown" ? constants.map(plainText) : []);
  const read: (raw: Scalar) => Value | undefined = TYPES[type].read;
  return (raw) => {
    const value = read(raw);
    return typeof value === "string" ? texts.has(value) : isNumeric(value) && numbers.has(numberKey(value));
  };
}

/** Equal numbers, equal keys, whatever they are kept as; NaN, which equals nothing, is no literal. */
function numberKey(value: Numeric): number | bigint {
  const plain = value instanceof Double ? value.value : value;
  if (typeof plain === "bigint") return Number.isSafeInteger(Number(plain)) ? Number(plain) : plain;
  return Number.isInteger(plain) && !Number.isSafeInteger(plain) ? BigInt(plain) : plain;
}

/** A text means every instant it leaves open: `== "2020-01-01"` is the whole day, `> "2020-01-01"` after it. */
function dateTest(type: "date" | "date_nanos", op: OrderOp, literal: Value, now: number | undefined): ConstantTest {
  const at = isNumeric(literal) ? instantOf(literal instanceof Double ? literal.value : literal) : undefined;
  const range = at !== undefined ? { from: at, to: at } : typeof literal === "string" ? parseDateMath(literal, now) : null;
  if (range === null) {
    const needsNow = typeof literal === "string" && literal.startsWith("now") && parseDateMath(literal, 0) !== null;
    return {
      test: null,
      problem: needsNow
        ? {
            code: "eql/no-now",
            summary: `"${literal}" needs the present time, and none was given`,
            help: "Give the time that `now` stands for.",
          }
        : {
            code: "eql/bad-date",
            summary: `failed to parse date field [${stringOf(literal)}]`,
            help: "Write it like `2026-01-31T10:00:00Z`, or `now-1d`.",
          },
    };
  }
  const cut = (at: bigint): bigint => (type === "date" ? at / 1_000_000n : at);
  const from = cut(range.from);
  const to = cut(range.to);
  const compare = (raw: Scalar, check: (at: bigint) => boolean): boolean => {
    const value = instantOf(raw);
    return value !== undefined && check(cut(value));
  };
  const checks: Record<OrderOp, (at: bigint) => boolean> = {
    "==": (value) => value >= from && value <= to,
    "<": (value) => value < from,
    "<=": (value) => value <= to,
    ">": (value) => value > to,
    ">=": (value) => value >= from,
  };
  const check = checks[op];
  return { test: (raw) => compare(raw, check), problem: null };
}

function ipTest(op: OrderOp, literal: Value): ConstantTest {
  const text = plainText(literal);
  const block = parseCidr(text);
  if (block === null || (op !== "==" && text.includes("/"))) {
    return {
      test: null,
      problem: {
        code: "eql/bad-ip",
        summary: `'${text}' is not an IP string literal.`,
        help: "Write an IPv4 or IPv6 address; for blocks use `cidrMatch`.",
      },
    };
  }
  const value = new Uint32Array(4);
  if (op === "==") return { test: (raw) => typeof raw === "string" && parseAddress(raw, value) && inCidr(value, block), problem: null };
  return {
    test: (raw) => typeof raw === "string" && parseAddress(raw, value) && satisfies(op, compareAddresses(value, block.base)),
    problem: null,
  };
}

function versionTest(op: OrderOp, text: string): (raw: Scalar) => boolean {
  const literal = parseVersion(text);
  return (raw) => {
    const value = plainText(raw);
    if (value === text) return op === "==" || op === "<=" || op === ">=";
    const version = literal === null ? null : parseVersion(value);
    return version !== null && satisfies(op, compareVersions(version, literal!));
  };
}
