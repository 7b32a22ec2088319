/**
 * One line of JSON from byte to byte: its grammar, the hash of its content, and the values of the fields that are asked for. The keys of
 * objects are not read but compared with those that came at the same place before; `WalkTables` is asked for what is new.
 */
import { KIND, LaneHash, type HashSecrets } from "./content-hash.ts";
import * as at from "./layout.ts";

/** What a walker asks for, by places in the input. All of it is rare. */
export interface WalkTables {
  /**
   * The number of a key that came after `previous` (0: the first) in an object at `path`; its text has the quotes. 0 where it cannot be
   * had: it is in the object already, or there is no room.
   */
  newKey(previous: number, path: number, from: number, to: number): number;
  /** The path of elements of an array at `path`; 0 where there is no room. */
  newElement(path: number): number;
  /** The number of a value; 0 where there is no room. */
  newValue(slot: number, from: number, to: number, hash: number, hash2: number): number;
  /** Writes a number that is no short whole one to `SCRATCH` as JavaScript does; returns its length, 0 where the number is beyond a double. */
  oddNumber(from: number, to: number): number;
}

/** Walks a line. */
export interface Walker {
  /**
   * True where the line is a document whose fields, hash and form are certain; false where whoever parses it must say.
   * @param length of the input.
   */
  walk(from: number, length: number): boolean;
  /** Whether the input is ASCII. @param length of the input. */
  isAscii(length: number): boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const FEED = 0x0a;

// Words of a frame of the stack.
const F_PATH = 0;
const F_KEY = 1;
const F_INDEX = 2;
const F_ARRAY = 3;
/** Of the container that is open: its own path and, in an array, its number there. */
const F_TARGET = 4;
const F_TARGET_INDEX = 5;
/** Where the text of an array that is a value begins, and its slot; -1: none. */
const F_SLOT = 6;
const F_FROM = 7;
const F_SUM = 8;

export class PlainWalker implements Walker {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #tables: WalkTables;
  readonly #hash: LaneHash;
  /** Sums of the hash's lanes. */
  readonly #sum = new Int32Array(4);
  #at = 0;

  constructor(memory: ArrayBuffer, secrets: HashSecrets, tables: WalkTables) {
    this.#bytes = new Uint8Array(memory);
    this.#words = new Int32Array(memory);
    this.#tables = tables;
    this.#hash = new LaneHash(secrets);
  }

  walk(from: number, length: number): boolean {
    const words = this.#words;
    const touched = at.RESULT / 4 + at.RESULT_TOUCHED;
    for (let i = words[touched]! - 1; i >= 0; i--) words[at.SLOTS / 4 + words[at.TOUCHED / 4 + i]! * 2] = 0;
    words[touched] = 0;
    words[at.RESULT / 4 + at.RESULT_DOTTED] = 0;
    this.#bytes[length] = FEED;
    this.#sum.fill(0);
    this.#at = from;
    const isSure = this.#line();
    const bytes = this.#bytes;
    let end = this.#at;
    while (bytes[end] !== FEED) end++;
    words[at.RESULT / 4 + at.RESULT_END] = end;
    words.set(this.#sum, at.RESULT / 4 + at.RESULT_SUM);
    return isSure;
  }

  isAscii(length: number): boolean {
    this.#bytes.fill(0, length, length + 4);
    let all = 0;
    for (let word = 0; word < length / 4; word++) all |= this.#words[word]!;
    return (all & 0x8080_8080) === 0;
  }

  /** Leaves `#at` somewhere in the line, before its end or at it. */
  #line(): boolean {
    const bytes = this.#bytes;
    const words = this.#words;
    if (this.#blanks() !== OPEN_OBJECT) return false;
    this.#at++;
    let path = at.ROOT;
    let key = 0;
    let index = 0;
    let isArray = false;
    let depth = 0;
    /** The container is empty so far. */
    let isFirst = true;
    for (;;) {
      let c = this.#blanks();
      let isClosed = isFirst && c === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT);
      if (!isClosed) {
        isFirst = false;
        let target = 0;
        let targetIndex = 0;
        if (isArray) {
          target = words[at.PATHS / 4 + path * at.PATH_WORDS + at.PATH_ELEMENT]!;
          if (target === 0 && (target = this.#tables.newElement(path)) === 0) return false;
          targetIndex = ++index;
        } else {
          if (c !== QUOTE) return false;
          key = this.#key(path, key);
          if (key === 0) return false;
          target = words[at.KEYS / 4 + key * at.KEY_WORDS + at.KEY_PATH]!;
          if (!this.#opensThrough(target)) return false;
          if (this.#blanks() !== COLON) return false;
          this.#at++;
          c = this.#blanks();
        }
        if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
          const frame = at.STACK / 4 + depth * at.FRAME_WORDS;
          if (++depth >= at.MAX_DEPTH) return false;
          words[frame + F_PATH] = path;
          words[frame + F_KEY] = key;
          words[frame + F_INDEX] = index;
          words[frame + F_ARRAY] = isArray ? 1 : 0;
          words[frame + F_TARGET] = target;
          words[frame + F_TARGET_INDEX] = targetIndex;
          isArray = c === OPEN_ARRAY;
          if (!this.#open(frame, target, isArray)) return false;
          path = target;
          key = 0;
          index = 0;
          isFirst = true;
          this.#at++;
          continue;
        }
        if (!this.#scalar(c, target, targetIndex)) return false;
      }
      // After a value, or at the end of an empty container: a comma, or brackets that close.
      for (;;) {
        if (!isClosed) {
          c = this.#blanks();
          if (c === COMMA) {
            this.#at++;
            break;
          }
          if (c !== (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) return false;
        }
        isClosed = false;
        this.#at++;
        if (depth === 0) return this.#blanks() === FEED;
        const frame = at.STACK / 4 + --depth * at.FRAME_WORDS;
        if (!this.#close(frame, isArray)) return false;
        path = words[frame + F_PATH]!;
        key = words[frame + F_KEY]!;
        index = words[frame + F_INDEX]!;
        isArray = words[frame + F_ARRAY] === 1;
      }
      if (bytes[this.#at] === FEED) return false;
    }
  }

  /** The next byte that is no blank. A line feed ends the line and is none. */
  #blanks(): number {
    const bytes = this.#bytes;
    let c = bytes[this.#at]!;
    while (c === 0x20 || c === 0x09 || c === 0x0d) c = bytes[++this.#at]!;
    return c;
  }

  /** The key here, and its place behind it; 0 where it is not certain. */
  #key(path: number, previous: number): number {
    const words = this.#words;
    const bytes = this.#bytes;
    const from = this.#at;
    const list = previous === 0 ? at.PATHS / 4 + path * at.PATH_WORDS + at.PATH_FIRST : at.KEYS / 4 + previous * at.KEY_WORDS + at.KEY_NEXT;
    const first = words[list]!;
    let before = 0;
    for (let key = first; key !== 0;) {
      const entry = at.KEYS / 4 + key * at.KEY_WORDS;
      const text = words[entry + at.KEY_TEXT]!;
      const length = words[entry + at.KEY_LENGTH]!;
      let i = 1;
      while (i < length && bytes[from + i] === bytes[text + i]) i++;
      if (i === length) {
        if (before !== 0) {
          // What came last is likely to come next.
          words[at.KEYS / 4 + before * at.KEY_WORDS + at.KEY_SIBLING] = words[entry + at.KEY_SIBLING]!;
          words[entry + at.KEY_SIBLING] = first;
          words[list] = key;
        }
        this.#at = from + length;
        return key;
      }
      before = key;
      key = words[entry + at.KEY_SIBLING]!;
    }
    let to = from + 1;
    for (; bytes[to] !== QUOTE; to++) if (bytes[to]! < 0x20 || bytes[to] === BACKSLASH) return 0;
    this.#at = to + 1;
    return this.#tables.newKey(previous, path, from, to + 1);
  }

  /** A key with dots opens objects, of which some may be asked for. A key of a form that others know is not walked. */
  #opensThrough(target: number): boolean {
    const words = this.#words;
    const entry = at.PATHS / 4 + target * at.PATH_WORDS;
    const flags = words[entry + at.PATH_FLAGS]!;
    if (flags < at.SPECIAL) return true;
    if ((flags & at.SPECIAL) !== 0) return false;
    words[at.RESULT / 4 + at.RESULT_DOTTED] = 1;
    const list = words[entry + at.PATH_THROUGH]! / 4;
    if (list === 0) return true;
    for (let i = words[list]!; i > 0; i--) if (!this.#isObject(words[list + i]!)) return false;
    return true;
  }

  #isObject(slot: number): boolean {
    const words = this.#words;
    const value = words[at.SLOTS / 4 + slot * 2]!;
    if (value === 0) this.#touch(slot, at.OBJECT, 0);
    return value === 0 || value === at.OBJECT;
  }

  #touch(slot: number, value: number, length: number): void {
    const words = this.#words;
    words[at.SLOTS / 4 + slot * 2] = value;
    words[at.SLOTS / 4 + slot * 2 + 1] = length;
    words[at.TOUCHED / 4 + words[at.RESULT / 4 + at.RESULT_TOUCHED]!++] = slot;
  }

  #open(frame: number, target: number, isArray: boolean): boolean {
    const words = this.#words;
    const sum = this.#sum;
    const entry = at.PATHS / 4 + target * at.PATH_WORDS;
    const slot = words[entry + at.PATH_SLOT]!;
    words[frame + F_SLOT] = -1;
    if (isArray) {
      if ((words[entry + at.PATH_FLAGS]! & at.PREFIX) !== 0) return false;
      if (slot >= 0 && words[at.SLOTS / 4 + slot * 2] !== 0) return false;
      words[frame + F_SLOT] = slot;
      words[frame + F_FROM] = this.#at;
    } else if (slot >= 0 && !this.#isObject(slot)) return false;
    if (words[frame + F_TARGET_INDEX] === 0) {
      this.#hash.begin(words, entry, 0);
      this.#hash.finish(isArray ? KIND.array : KIND.object, 0);
      this.#add();
    } else {
      words.set(sum, frame + F_SUM);
      sum.fill(0);
    }
    return true;
  }

  /** The bracket is behind `#at`. */
  #close(frame: number, isArray: boolean): boolean {
    const words = this.#words;
    const sum = this.#sum;
    const entry = at.PATHS / 4 + words[frame + F_TARGET]! * at.PATH_WORDS;
    if (words[frame + F_TARGET_INDEX] !== 0) {
      this.#hash.begin(words, entry, words[frame + F_TARGET_INDEX]!);
      this.#hash.take(sum[0]!, sum[1]!, sum[2]!, sum[3]!);
      this.#hash.finish(isArray ? KIND.array : KIND.object, 0);
      for (let lane = 0; lane < 4; lane++) sum[lane] = words[frame + F_SUM + lane]!;
      this.#add();
    }
    const slot = words[frame + F_SLOT]!;
    if (slot < 0) return true;
    const from = words[frame + F_FROM]!;
    this.#hash.begin(words, entry, 0);
    this.#hash.takeBytes(this.#bytes, from, this.#at);
    this.#hash.finish(KIND.text, this.#at - from);
    return this.#take(slot, from, this.#at);
  }

  #scalar(c: number, target: number, index: number): boolean {
    const words = this.#words;
    const entry = at.PATHS / 4 + target * at.PATH_WORDS;
    if ((words[entry + at.PATH_FLAGS]! & at.PREFIX) !== 0) return false;
    const from = this.#at;
    this.#hash.begin(words, entry, index);
    if (!(c === QUOTE ? this.#string() : c === 0x2d || (c >= 0x30 && c <= 0x39) ? this.#number() : this.#literal())) return false;
    this.#add();
    const slot = words[entry + at.PATH_SLOT]!;
    return slot < 0 || this.#take(slot, from, this.#at);
  }

  /** The text of a value whose hash is at hand becomes that of its slot, which must be free. */
  #take(slot: number, from: number, to: number): boolean {
    const words = this.#words;
    if (words[at.SLOTS / 4 + slot * 2] !== 0) return false;
    const { lanes } = this.#hash;
    const number =
      to - from > at.MAX_INTERNED || words[at.RAW_SLOTS / 4 + slot] === 1 ? 0 : this.#known(slot, from, to, lanes[0]!, lanes[1]!);
    if (number === 0) this.#touch(slot, -1 - from, to - from);
    else this.#touch(slot, number, 0);
    return true;
  }

  #known(slot: number, from: number, to: number, hash: number, hash2: number): number {
    const words = this.#words;
    const bytes = this.#bytes;
    for (let place = hash & (at.TABLE_SLOTS - 1); ; place = (place + 1) & (at.TABLE_SLOTS - 1)) {
      const number = words[at.TABLE / 4 + place]!;
      if (number === 0) break;
      const entry = at.VALUES / 4 + number * at.VALUE_WORDS;
      if (words[entry] !== hash2 || words[entry + 1] !== slot || words[entry + 3] !== to - from) continue;
      const text = words[entry + 2]!;
      let i = to - from - 1;
      while (i >= 0 && bytes[from + i] === bytes[text + i]) i--;
      if (i < 0) return number;
    }
    return this.#tables.newValue(slot, from, to, hash, hash2);
  }

  /** A string with escapes only where `JSON.stringify` writes them too. */
  #string(): boolean {
    const bytes = this.#bytes;
    const from = this.#at + 1;
    let i = from;
    for (let c = bytes[i]!; c !== QUOTE; c = bytes[++i]!) {
      if (c < 0x20) return false;
      if (c === BACKSLASH && !isPlainEscape(bytes[++i]!)) return false;
    }
    this.#hash.takeBytes(bytes, from, i);
    this.#hash.finish(KIND.string, i - from);
    this.#at = i + 1;
    return true;
  }

  #number(): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    let i = from;
    if (bytes[i] === 0x2d) i++;
    const digits = i;
    while (isDigit(bytes[i]!)) i++;
    const count = i - digits;
    if (count === 0 || (count > 1 && bytes[digits] === 0x30)) return false;
    let isOdd = count > 15 || (digits > from && bytes[digits] === 0x30);
    if (bytes[i] === 0x2e) {
      isOdd = true;
      if (!isDigit(bytes[++i]!)) return false;
      while (isDigit(bytes[i]!)) i++;
    }
    if ((bytes[i]! | 0x20) === 0x65) {
      isOdd = true;
      i++;
      if (bytes[i] === 0x2b || bytes[i] === 0x2d) i++;
      if (!isDigit(bytes[i]!)) return false;
      while (isDigit(bytes[i]!)) i++;
    }
    this.#at = i;
    if (!isOdd) {
      this.#hash.takeBytes(bytes, from, i);
      this.#hash.finish(KIND.number, i - from);
      return true;
    }
    const length = this.#tables.oddNumber(from, i);
    if (length === 0) return false;
    this.#hash.takeBytes(bytes, at.SCRATCH, at.SCRATCH + length);
    this.#hash.finish(KIND.number, length);
    return true;
  }

  #literal(): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    const word = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
    let length = 0;
    if (word === TRUE || word === NULL) length = 4;
    else if (word === FALS && bytes[from + 4] === 0x65) length = 5;
    if (length === 0) return false;
    this.#at = from + length;
    this.#hash.takeBytes(bytes, from, from + length);
    this.#hash.finish(KIND.literal, length);
    return true;
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

const TRUE = 0x6575_7274;
const NULL = 0x6c6c_756e;
const FALS = 0x736c_6166;

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
/** `"`, `\`, b, f, n, r, t */
const isPlainEscape = (c: number): boolean =>
  c === QUOTE || c === BACKSLASH || c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74;
