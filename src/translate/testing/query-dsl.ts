/**
 * Query DSL run on single documents, written from what Elasticsearch documents of each clause and sharing nothing with the engine:
 * what translations are held against. For tests; not exported from the room. It throws on anything it does not know.
 */
import { ecsField } from "../../ecs/index.ts";
import { jsOf } from "./regex.ts";

type Json = { readonly [key: string]: unknown };

export function dslMatches(clause: unknown, document: unknown): boolean {
  return matches(clause as Json, valuesOf(document));
}

const indexed = new WeakMap<object, ReadonlyMap<string, readonly unknown[]>>();

/** Every field's values as Elasticsearch would index them: dots for nesting, arrays flattened, null and [] nothing. */
export function valuesOf(document: unknown): ReadonlyMap<string, readonly unknown[]> {
  if (typeof document !== "object" || document === null) return index(document);
  let values = indexed.get(document);
  if (values === undefined) indexed.set(document, (values = index(document)));
  return values;
}

function index(document: unknown): ReadonlyMap<string, readonly unknown[]> {
  const values = new Map<string, unknown[]>();
  const put = (path: string, at: unknown): void => {
    if (at === null || at === undefined) return;
    if (Array.isArray(at)) for (const item of at) put(path, item);
    else if (typeof at === "object") for (const [key, item] of Object.entries(at)) put(path === "" ? key : `${path}.${key}`, item);
    else {
      const known = values.get(path);
      if (known === undefined) values.set(path, [at]);
      else known.push(at);
    }
  };
  put("", document);
  return values;
}

function matches(clause: Json, values: ReadonlyMap<string, readonly unknown[]>): boolean {
  const [kind, ...more] = Object.keys(clause);
  if (kind === undefined || more.length > 0) throw new Error(`a clause has one kind: ${JSON.stringify(clause)}`);
  const body = clause[kind] as Json;
  if (kind === "match_all") return true;
  if (kind === "match_none") return false;
  if (kind === "bool") return boolMatches(body, values);
  if (kind === "exists") {
    only(body, ["field"]);
    return (values.get(body["field"] as string)?.length ?? 0) > 0;
  }
  const [field, ...others] = Object.keys(body);
  if (field === undefined || others.length > 0) throw new Error(`${kind} is of one field: ${JSON.stringify(body)}`);
  const found = values.get(field) ?? [];
  const type = ecsField(field)?.type ?? "keyword";
  const wanted = body[field];
  switch (kind) {
    case "term": {
      const { value, insensitive } = withCase(wanted);
      return found.some((one) => equal(one, value, type, insensitive));
    }
    case "terms":
      return (wanted as unknown[]).some((value) => found.some((one) => equal(one, value, type, false)));
    case "wildcard": {
      textual(kind, type);
      const { value, insensitive } = withCase(wanted);
      const pattern = wildcard(fold(String(value), insensitive));
      return found.some((one) => glob(pattern, [...fold(String(one), insensitive)]));
    }
    case "regexp": {
      textual(kind, type);
      const { value, insensitive } = withCase(wanted, ["flags"]);
      const regex = new RegExp(`^(?:${jsOf(String(value))})$`, insensitive ? "sui" : "su");
      return found.some((one) => regex.test(String(one)));
    }
    case "range": {
      const bounds = wanted as Json;
      only(bounds, ["gt", "gte", "lt", "lte"]);
      return found.some((one) => Object.entries(bounds).every(([op, bound]) => inOrder(compare(one, bound, type), op)));
    }
    default:
      throw new Error(`there is no clause ${kind}`);
  }
}

function boolMatches(body: Json, values: ReadonlyMap<string, readonly unknown[]>): boolean {
  only(body, ["filter", "must_not", "should", "minimum_should_match"]);
  const list = (key: string): readonly Json[] => (body[key] ?? []) as readonly Json[];
  const least = (body["minimum_should_match"] as number | undefined) ?? (list("filter").length > 0 || list("should").length === 0 ? 0 : 1);
  return (
    list("filter").every((clause) => matches(clause, values)) &&
    !list("must_not").some((clause) => matches(clause, values)) &&
    list("should").filter((clause) => matches(clause, values)).length >= least
  );
}

function only(body: Json, keys: readonly string[]): void {
  for (const key of Object.keys(body)) if (!keys.includes(key)) throw new Error(`unknown parameter ${key}`);
}

function textual(kind: string, type: string): void {
  if (!["keyword", "wildcard", "constant_keyword", "flattened"].includes(type)) throw new Error(`${kind} on a field of type ${type}`);
}

function withCase(wanted: unknown, others: readonly string[] = []): { readonly value: unknown; readonly insensitive: boolean } {
  if (typeof wanted !== "object" || wanted === null) return { value: wanted, insensitive: false };
  only(wanted as Json, ["value", "case_insensitive", ...others]);
  return { value: (wanted as Json)["value"], insensitive: (wanted as Json)["case_insensitive"] === true };
}

/** ASCII alone, as Lucene's automata do. */
function fold(text: string, insensitive: boolean): string {
  return insensitive ? text.replaceAll(/[A-Z]/g, (char) => char.toLowerCase()) : text;
}

export function equal(one: unknown, wanted: unknown, type: string, insensitive: boolean): boolean {
  if (type === "ip") {
    if (insensitive) throw new Error("case_insensitive on an address");
    return String(wanted).includes("/") ? inBlock(String(one), String(wanted)) : bits(String(one)) === bits(String(wanted));
  }
  if (
    type === "long" ||
    type === "integer" ||
    type === "float" ||
    type === "double" ||
    type === "unsigned_long" ||
    type === "scaled_float"
  ) {
    if (insensitive) throw new Error("case_insensitive on a number");
    return Number(one) === Number(wanted);
  }
  if (type === "boolean") return String(one) === String(wanted);
  return fold(String(one), insensitive) === fold(String(wanted), insensitive);
}

export function compare(one: unknown, bound: unknown, type: string): number {
  if (type === "keyword" || type === "wildcard") {
    const [a, b] = [[...String(one)], [...String(bound)]];
    for (let at = 0; at < Math.max(a.length, b.length); at++) {
      const difference = (a[at]?.codePointAt(0) ?? -1) - (b[at]?.codePointAt(0) ?? -1);
      if (difference !== 0) return difference;
    }
    return 0;
  }
  if (type === "date") return Date.parse(String(one)) - Date.parse(String(bound));
  return Number(one) - Number(bound);
}

export function inOrder(difference: number, op: string): boolean {
  return op === "gt" ? difference > 0 : op === "gte" ? difference >= 0 : op === "lt" ? difference < 0 : difference <= 0;
}

type Piece = string | { readonly any: true } | { readonly one: true };

function wildcard(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === "\\" && at + 1 < chars.length) pieces.push(chars[++at]!);
    else pieces.push(char === "*" ? { any: true } : char === "?" ? { one: true } : char);
  }
  return pieces;
}

/** Which pieces may be next, character by character. */
function glob(pieces: readonly Piece[], text: readonly string[]): boolean {
  const skip = (at: Set<number>): Set<number> => {
    for (const one of at) if (typeof pieces[one] === "object" && "any" in pieces[one]) at.add(one + 1);
    return at;
  };
  let states = skip(new Set([0]));
  for (const char of text) {
    const next = new Set<number>();
    for (const at of states) {
      const piece = pieces[at];
      if (piece === undefined) continue;
      if (typeof piece === "object" && "any" in piece) next.add(at);
      else if (typeof piece === "object" || piece === char) next.add(at + 1);
    }
    states = skip(next);
  }
  return states.has(pieces.length);
}

/** An address as its 128 bits, IPv4 mapped into them as Lucene does. */
function bits(address: string): string {
  const word = (n: number): string => n.toString(2).padStart(16, "0");
  const four = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (four !== null) {
    const [a, b, c, d] = four.slice(1).map(Number) as [number, number, number, number];
    return "0".repeat(80) + "1".repeat(16) + word(a * 256 + b) + word(c * 256 + d);
  }
  const [head, tail] = address.split("::") as [string, string | undefined];
  const words = (part: string | undefined): string[] =>
    part === undefined || part === "" ? [] : part.split(":").map((hex) => word(Number.parseInt(hex, 16)));
  const before = words(head);
  const after = words(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => word(0)), ...after].join("");
}

function inBlock(address: string, block: string): boolean {
  const [base, length] = block.split("/") as [string, string];
  const prefix = Number(length) + (base.includes(".") ? 96 : 0);
  return bits(address).slice(0, prefix) === bits(base).slice(0, prefix);
}
