/**
 * 64 bits of a document's content under secrets of one run: nobody can write a document that is taken for another. The order of keys, white
 * space and the spelling of numbers and escapes do not count. What is hashed are the values, each under its path, as `JSON.stringify`
 * writes them; their hashes are added up. Whoever has the text of a document need not parse it to get there: see `walk.ts`.
 *
 * A value is taken 16 bytes at a time into two times four lanes of 32 bits, which WebAssembly has instructions for. The halves are shifted
 * differently, so that what cancels in one does not in the other.
 */
import type { Json, JsonObject } from "../../record.ts";

/** What the hashes of one run have in common, in whatever thread they are made: two odd numbers and two of any kind, of 31 bits each. */
export type HashSecrets = readonly [factor: number, factor2: number, seed: number, seed2: number];

/** What a value is, so that `"1"` is not `1`. */
export const KIND = { string: 1, number: 2, literal: 3, object: 4, array: 5, key: 6, text: 7 } as const;

/** Between an element of an array and the next. */
export const STEP = 0x9e37_79b1;

/** Lanes of a path: what the hash of a value under it begins with. */
export const SEED_LANES = 8;

/** The state of a value's hash. Its use: `begin`, `take` any number of blocks, `finish`; then `lanes` has the hash in its first four. */
export class LaneHash {
  readonly lanes = new Int32Array(SEED_LANES);
  readonly #factor: number;
  readonly #factor2: number;

  constructor([factor, factor2]: HashSecrets) {
    this.#factor = factor;
    this.#factor2 = factor2;
  }

  /** @param index of an element of an array, from 1; 0 otherwise. */
  begin(seeds: ArrayLike<number>, at: number, index: number): void {
    const step = Math.imul(index, STEP);
    for (let lane = 0; lane < SEED_LANES; lane++) this.lanes[lane] = seeds[at + lane]! + step;
  }

  /** 16 bytes. */
  take(w0: number, w1: number, w2: number, w3: number): void {
    const { lanes } = this;
    const f = this.#factor;
    const g = this.#factor2;
    let x = Math.imul(lanes[0]! ^ w0, f);
    lanes[0] = x ^ (x >>> 15);
    x = Math.imul(lanes[1]! ^ w1, f);
    lanes[1] = x ^ (x >>> 15);
    x = Math.imul(lanes[2]! ^ w2, f);
    lanes[2] = x ^ (x >>> 15);
    x = Math.imul(lanes[3]! ^ w3, f);
    lanes[3] = x ^ (x >>> 15);
    x = Math.imul(lanes[4]! ^ w0, g);
    lanes[4] = x ^ (x >>> 13);
    x = Math.imul(lanes[5]! ^ w1, g);
    lanes[5] = x ^ (x >>> 13);
    x = Math.imul(lanes[6]! ^ w2, g);
    lanes[6] = x ^ (x >>> 13);
    x = Math.imul(lanes[7]! ^ w3, g);
    lanes[7] = x ^ (x >>> 13);
  }

  /** Bytes that lie in a buffer, the last block filled up with zeros. */
  takeBytes(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    for (; at + 16 <= to; at += 16) this.take(word(bytes, at), word(bytes, at + 4), word(bytes, at + 8), word(bytes, at + 12));
    if (at < to) this.take(lastWord(bytes, at, to), lastWord(bytes, at + 4, to), lastWord(bytes, at + 8, to), lastWord(bytes, at + 12, to));
  }

  /** @param length of the value in bytes. */
  finish(kind: number, length: number): void {
    const { lanes } = this;
    const f = this.#factor;
    const g = this.#factor2;
    const end = (length << 3) | kind;
    let [a0, a1, a2, a3] = [lanes[0]! ^ end, lanes[1]! ^ end, lanes[2]! ^ end, lanes[3]! ^ end];
    let [b0, b1, b2, b3] = [lanes[4]!, lanes[5]!, lanes[6]!, lanes[7]!];
    // Each lane comes to depend on all.
    for (let round = 0; round < 3; round++) {
      const [c0, c1, c2, c3] = [Math.imul(a0 ^ b1, f), Math.imul(a1 ^ b2, f), Math.imul(a2 ^ b3, f), Math.imul(a3 ^ b0, f)];
      a0 = c0 ^ (c0 >>> 15);
      a1 = c1 ^ (c1 >>> 15);
      a2 = c2 ^ (c2 >>> 15);
      a3 = c3 ^ (c3 >>> 15);
      const [d0, d1, d2, d3] = [Math.imul(b0 + a2, g), Math.imul(b1 + a3, g), Math.imul(b2 + a0, g), Math.imul(b3 + a1, g)];
      b0 = d0 ^ (d0 >>> 13);
      b1 = d1 ^ (d1 >>> 13);
      b2 = d2 ^ (d2 >>> 13);
      b3 = d3 ^ (d3 >>> 13);
    }
    lanes[0] = a0;
    lanes[1] = a1;
    lanes[2] = a2;
    lanes[3] = a3;
    lanes[4] = b0;
    lanes[5] = b1;
    lanes[6] = b2;
    lanes[7] = b3;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function lastWord(bytes: Uint8Array, at: number, to: number): number {
  let value = 0;
  for (let i = Math.min(at + 3, to - 1); i >= at; i--) value = (value << 8) | bytes[i]!;
  return value;
}

/** The lanes that the paths of all documents begin with. */
export function rootSeeds([, , seed, seed2]: HashSecrets): Int32Array {
  return Int32Array.from({ length: SEED_LANES }, (_, lane) => Math.imul(lane % 2 === 0 ? seed : seed2, 2 * lane + 1) ^ lane);
}

/** What the sums of a document's lanes come to: 64 bits. */
export function foldLanes(lanes: ArrayLike<number>, at: number, [factor, factor2]: HashSecrets): readonly [high: number, low: number] {
  return [(lanes[at]! + Math.imul(lanes[at + 2]!, factor)) | 0, (lanes[at + 1]! + Math.imul(lanes[at + 3]!, factor2)) | 0];
}

/** The keys of an object that are known, with the seeds of their paths. */
interface KnownPath {
  readonly seeds: Int32Array;
  readonly keys: Map<string, KnownPath>;
  /** Of the elements of an array that lies here. */
  element: KnownPath | null;
}

/** Paths remembered at a time. */
const MAX_PATHS = 20_000;
/** Characters encoded at a time. */
const SLICE = 16_384;
const ENCODER = new TextEncoder();
/** What `JSON.stringify` writes in another way. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Hashes documents that are parsed. `high` and `low` are those of the last one. */
export class ContentHash {
  high = 0;
  low = 0;
  readonly #secrets: HashSecrets;
  readonly #hash: LaneHash;
  readonly #bytes = new Uint8Array(SLICE * 3);
  #root: KnownPath;
  #paths = 0;
  /** Sums of the lanes. */
  #sum = new Int32Array(4);

  constructor(secrets: HashSecrets) {
    this.#secrets = secrets;
    this.#hash = new LaneHash(secrets);
    this.#root = { seeds: rootSeeds(secrets), keys: new Map(), element: null };
  }

  of(document: JsonObject): void {
    if (this.#paths > MAX_PATHS) {
      this.#root = { ...this.#root, keys: new Map(), element: null };
      this.#paths = 0;
    }
    this.#sum.fill(0);
    this.#members(document, this.#root);
    [this.high, this.low] = foldLanes(this.#sum, 0, this.#secrets);
  }

  /** Readers bound the depth. */
  #members(object: JsonObject, path: KnownPath): void {
    // An object of JSON has no keys but its own, and this is the quick way to its members.
    for (const key in object) this.#value(object[key]!, this.#child(path, key), 0);
  }

  #value(value: Json, path: KnownPath, index: number): void {
    const hash = this.#hash;
    if (typeof value !== "object" || value === null) {
      hash.begin(path.seeds, 0, index);
      if (typeof value === "string") this.#text(value, KIND.string);
      else this.#text(String(value), typeof value === "number" || typeof value === "bigint" ? KIND.number : KIND.literal);
      this.#add();
      return;
    }
    const kind = Array.isArray(value) ? KIND.array : KIND.object;
    // Members of objects lie at paths of their own; what lies in an element of an array is the element's.
    const outer = index > 0 ? this.#sum : null;
    if (outer === null) {
      hash.begin(path.seeds, 0, 0);
      hash.finish(kind, 0);
      this.#add();
    } else this.#sum = new Int32Array(4);
    if (Array.isArray(value)) {
      path.element ??= this.#known(path.seeds, "[]");
      for (let i = 0; i < value.length; i++) this.#value(value[i]!, path.element, i + 1);
    } else this.#members(value, path);
    if (outer === null) return;
    const [w0, w1, w2, w3] = this.#sum;
    this.#sum = outer;
    hash.begin(path.seeds, 0, index);
    hash.take(w0!, w1!, w2!, w3!);
    hash.finish(kind, 0);
    this.#add();
  }

  #child(path: KnownPath, key: string): KnownPath {
    const known = path.keys.get(key);
    if (known !== undefined) return known;
    const child = this.#known(path.seeds, key);
    if (this.#paths <= MAX_PATHS) path.keys.set(key, child);
    return child;
  }

  #known(seeds: Int32Array, key: string): KnownPath {
    this.#paths++;
    this.#hash.begin(seeds, 0, 0);
    this.#text(key, KIND.key);
    return { seeds: this.#hash.lanes.slice(), keys: new Map(), element: null };
  }

  /** The bytes of the text as JSON has them between quotes. */
  #text(text: string, kind: number): void {
    const written = ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
    const bytes = this.#bytes;
    let length = 0;
    let held = 0;
    for (let from = 0; from < written.length;) {
      let to = Math.min(from + SLICE - 16, written.length);
      // Not between the halves of a pair.
      if (to < written.length && (written.charCodeAt(to) & 0xfc00) === 0xdc00) to--;
      const slice = from === 0 && to === written.length ? written : written.slice(from, to);
      const count = encode(slice, bytes, held);
      from = to;
      length += count;
      held += count;
      if (from >= written.length) break;
      const whole = held & ~15;
      this.#hash.takeBytes(bytes, 0, whole);
      bytes.copyWithin(0, whole, held);
      held -= whole;
    }
    this.#hash.takeBytes(bytes, 0, held);
    this.#hash.finish(kind, length);
  }

  #add(): void {
    const sum = this.#sum;
    const { lanes } = this.#hash;
    sum[0]! += lanes[0]!;
    sum[1]! += lanes[1]!;
    sum[2]! += lanes[2]!;
    sum[3]! += lanes[3]!;
  }
}

/** Up to this length a text is quicker written character by character. */
const SHORT = 48;

function encode(text: string, into: Uint8Array, at: number): number {
  const { length } = text;
  if (length <= SHORT) {
    let i = 0;
    for (; i < length; i++) {
      const c = text.charCodeAt(i);
      if (c >= 0x80) break;
      into[at + i] = c;
    }
    if (i === length) return length;
  }
  return ENCODER.encodeInto(text, into.subarray(at)).written;
}
