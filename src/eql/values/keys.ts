/**
 * Join keys: what ties the events of a sequence or a sample together.
 *
 * A key of one or more values is one string, so that it can be hashed, saved and compared. Values keep their type (the text "1" is not
 * the number 1) and their case. The most frequent key, a single text, is that very text: no allocation per event.
 */

/** One value of a join key. Integers within ±(2^53 - 1) are numbers; `null` stands for a missing `?key`. */
export type KeyValue = string | number | bigint | boolean | null;

/** Where one value of a join key comes from. */
export interface KeyPart<E> {
  /** The field's value in the event: a scalar, an array of them, or null/undefined where it is missing. */
  readonly read: (event: E) => unknown;
  /** `?key`: missing is the value null. Otherwise an event without the field has no key. */
  readonly optional: boolean;
}

const MARK = "\u0000";

function encodePart(value: KeyValue): string {
  if (typeof value === "string") return `s${value.length}:${value}`;
  if (value === null) return "n";
  if (typeof value === "boolean") return value ? "t" : "f";
  const text = String(value);
  return `${typeof value === "bigint" ? "b" : "d"}${text.length}:${text}`;
}

export function encodeKey(values: readonly KeyValue[]): string {
  if (values.length === 1) {
    const only = values[0]!;
    if (typeof only === "string" && !only.startsWith(MARK)) return only;
  }
  let key = MARK;
  for (const value of values) key += encodePart(value);
  return key;
}

/** The values that `encodeKey` made `key` of; an empty list where it made it of none of ours. */
export function decodeKey(key: string): KeyValue[] {
  if (!key.startsWith(MARK)) return [key];
  const values: KeyValue[] = [];
  for (let at = 1; at < key.length;) {
    const tag = key[at++];
    if (tag === "n") values.push(null);
    else if (tag === "t" || tag === "f") values.push(tag === "t");
    else {
      const colon = key.indexOf(":", at);
      const length = Number(key.slice(at, colon));
      if (colon < 0 || !Number.isSafeInteger(length)) return [];
      const text = key.slice(colon + 1, colon + 1 + length);
      values.push(tag === "s" ? text : tag === "b" ? BigInt(text) : Number(text));
      at = colon + 1 + length;
    }
  }
  return values;
}

function scalar(value: unknown): KeyValue | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return value === 0 ? 0 : value;
    case "bigint":
      return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
    default:
      return undefined;
  }
}

const RANK = { boolean: 1, number: 2, bigint: 2, string: 3 } as const satisfies Record<"boolean" | "number" | "bigint" | "string", number>;

function rank(value: KeyValue): number {
  return value === null ? 0 : RANK[typeof value as keyof typeof RANK];
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** By code point: UTF-16 order differs only where exactly one side has a surrogate. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

/** null first, then false, true, numbers, texts by code point: the order of sample keys and of an array's key values. */
export function compareKeyValues(a: KeyValue, b: KeyValue): number {
  const difference = rank(a) - rank(b);
  if (difference !== 0 || a === null || b === null) return difference;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = compareKeyValues(a[i]!, b[i]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function flatten(value: unknown, into: Set<KeyValue>, limit: number, depth: number): boolean {
  if (Array.isArray(value)) {
    if (depth > 8) return false;
    for (const element of value) if (!flatten(element, into, limit, depth + 1)) return false;
    return true;
  }
  const one = scalar(value);
  if (one === undefined || into.has(one)) return true;
  if (into.size >= limit) return false;
  into.add(one);
  return true;
}

/** Takes the keys out of events. One per list of key fields; `keys[0..count)` is overwritten by the next `extract`. */
export class KeyExtractor<E> {
  /** The keys of the last event: one, or for array fields one per combination of their distinct values in ascending order. */
  readonly keys: string[] = [];
  count = 0;
  /** True when the last event had more combinations than allowed and some were left out. */
  truncated = false;
  readonly #parts: readonly KeyPart<E>[];
  readonly #limit: number;
  readonly #single: KeyPart<E> | null;

  constructor(parts: readonly KeyPart<E>[], limit: number) {
    this.#parts = parts;
    this.#limit = Math.max(1, limit);
    this.#single = parts.length === 1 ? parts[0]! : null;
  }

  /** The number of keys of `event`; 0 where a key that is not optional is missing. */
  extract(event: E): number {
    this.truncated = false;
    if (this.#parts.length === 0) {
      this.keys[0] = MARK;
      return (this.count = 1);
    }
    if (this.#single !== null) {
      const value = this.#single.read(event);
      if (typeof value === "string" && value.charCodeAt(0) !== 0) {
        this.keys[0] = value;
        return (this.count = 1);
      }
      if (value === null || value === undefined) {
        if (!this.#single.optional) return (this.count = 0);
        this.keys[0] = `${MARK}n`;
        return (this.count = 1);
      }
    }
    return this.#combine(event);
  }

  #combine(event: E): number {
    this.count = 0;
    const lists: KeyValue[][] = [];
    let total = 1;
    for (const part of this.#parts) {
      const value = part.read(event);
      const one = scalar(value);
      let list: KeyValue[];
      if (one !== undefined) list = [one];
      else {
        const set = new Set<KeyValue>();
        if (!flatten(value, set, this.#limit, 0)) this.truncated = true;
        list = [...set].sort(compareKeyValues);
        if (list.length === 0) {
          if (!part.optional) return 0;
          list = [null];
        }
      }
      lists.push(list);
      total *= list.length;
    }
    if (total > this.#limit) {
      total = this.#limit;
      this.truncated = true;
    }
    const values: KeyValue[] = lists.map((list) => list[0]!);
    const at = new Int32Array(lists.length);
    for (let n = 0; n < total; n++) {
      this.keys[n] = encodeKey(values);
      for (let i = lists.length - 1; i >= 0; i--) {
        const next = at[i]! + 1 < lists[i]!.length ? at[i]! + 1 : 0;
        at[i] = next;
        values[i] = lists[i]![next]!;
        if (next !== 0) break;
      }
    }
    return (this.count = total);
  }
}
