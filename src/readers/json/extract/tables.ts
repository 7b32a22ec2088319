/** What a walker knows of the lines that came before: keys, paths, values. */
import { KIND, LaneHash, rootSeeds, SEED_LANES, type HashSecrets } from "./content-hash.ts";
import * as at from "./layout.ts";
import type { WalkTables } from "./walk.ts";

/** A step of the fields that are asked for. */
interface FieldNode {
  readonly children: Map<string, FieldNode>;
  slot: number;
  isSpecial: boolean;
}

/** Keys of one object; a longer one is left to the parser, and so is a key of more bytes. */
const MAX_KEYS_OF_OBJECT = 512;
const MAX_KEY_BYTES = 512;
/** A slot whose values are new so often is not looked up any more. */
const ENOUGH_VALUES = 1_500;
/** Fresh starts of the values after which all slots are tried again. */
const TRY_AGAIN = 16;

export class ExtractorTables implements WalkTables {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Int32Array<ArrayBuffer>;
  /** No room is left for keys or for values: to be cleared before the next line. */
  keysAreFull = false;
  valuesAreFull = false;
  /** Counts the fresh starts of the values: numbers of before mean nothing any more. */
  generation = 0;
  /** Fields that are asked for. */
  slots = 0;
  /** Lines since the last fresh start of the values; who walks them counts. */
  lines = 0;
  readonly #hash: LaneHash;
  readonly #fields: FieldNode = { children: new Map(), slot: -1, isSpecial: false };
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  #fieldOf: (FieldNode | null)[] = [];
  #childrenOf: (Map<string, number> | null)[] = [];
  readonly #before = new Int32Array(at.MAX_KEYS);
  readonly #position = new Uint16Array(at.MAX_KEYS);
  #paths = 0;
  #keys = 0;
  #texts = 0;
  #values = 0;
  #valueTexts = 0;
  readonly #news = new Int32Array(at.MAX_SLOTS);

  /**
   * @param special keys of documents that are not walked.
   */
  constructor(memory: ArrayBuffer, special: Iterable<string>, secrets: HashSecrets) {
    this.bytes = new Uint8Array(memory);
    this.words = new Int32Array(memory);
    this.#hash = new LaneHash(secrets);
    for (const key of special) this.#fields.children.set(key, { children: new Map(), slot: -1, isSpecial: true });
    this.words.set(rootSeeds(secrets), at.PATHS / 4 + at.ROOT * at.PATH_WORDS);
    this.words[at.FACTORS / 4] = secrets[0];
    this.words[at.FACTORS / 4 + 1] = secrets[1];
    this.bytes.fill(0xff, at.ONES, at.ONES + 16);
    this.clearKeys();
    this.clearValues();
  }

  /** The slot of a field; of a new one only after the keys were cleared. -1 where there are too many. */
  ask(field: string): number {
    let node = this.#fields;
    for (const name of field.split(".")) {
      let child = node.children.get(name);
      if (child === undefined) node.children.set(name, (child = { children: new Map(), slot: -1, isSpecial: false }));
      node = child;
    }
    if (node.slot < 0 && this.slots < at.MAX_SLOTS) node.slot = this.slots++;
    return node.slot;
  }

  clearKeys(): void {
    this.keysAreFull = false;
    this.#keys = 0;
    // A list at 0 would be none.
    this.#texts = 4;
    this.#paths = at.ROOT;
    this.#fieldOf = [null, this.#fields];
    this.#childrenOf = [null, null];
    this.#setPath(at.ROOT, this.#fields);
  }

  clearValues(): void {
    this.valuesAreFull = false;
    this.generation++;
    this.lines = 0;
    // 1 is what stands for an object.
    this.#values = at.OBJECT;
    this.#valueTexts = 0;
    this.#news.fill(0);
    this.words.fill(0, at.TABLE / 4, at.TABLE / 4 + at.TABLE_SLOTS);
    if (this.generation % TRY_AGAIN === 0) this.words.fill(0, at.RAW_SLOTS / 4, at.RAW_SLOTS / 4 + at.MAX_SLOTS);
  }

  newKey(previous: number, path: number, from: number, to: number): number {
    if (to - from > MAX_KEY_BYTES) return 0;
    const position = previous === 0 ? 0 : this.#position[previous]! + 1;
    if (position >= MAX_KEYS_OF_OBJECT) return 0;
    if (this.#keys + 1 >= at.MAX_KEYS || this.#texts + to - from + 16 > at.TEXTS_BYTES) {
      this.keysAreFull = true;
      return 0;
    }
    const target = this.#child(path, from + 1, to - 1);
    if (target === 0) return 0;
    const { words } = this;
    for (let key = previous; key !== 0; key = this.#before[key]!) {
      if (words[at.KEYS / 4 + key * at.KEY_WORDS + at.KEY_PATH] === target) return 0;
    }
    const key = ++this.#keys;
    this.#before[key] = previous;
    this.#position[key] = position;
    const list = previous === 0 ? at.PATHS / 4 + path * at.PATH_WORDS + at.PATH_FIRST : at.KEYS / 4 + previous * at.KEY_WORDS + at.KEY_NEXT;
    const entry = at.KEYS / 4 + key * at.KEY_WORDS;
    words[entry + at.KEY_TEXT] = at.TEXTS + this.#texts;
    words[entry + at.KEY_LENGTH] = to - from;
    words[entry + at.KEY_PATH] = target;
    words[entry + at.KEY_NEXT] = 0;
    words[entry + at.KEY_SIBLING] = words[list]!;
    words[list] = key;
    this.bytes.copyWithin(at.TEXTS + this.#texts, from, to);
    this.#texts += to - from;
    return key;
  }

  newElement(path: number): number {
    const element = this.#newPath(path, "[]", null);
    this.words[at.PATHS / 4 + path * at.PATH_WORDS + at.PATH_ELEMENT] = element;
    return element;
  }

  newValue(slot: number, from: number, to: number, hash: number, hash2: number): number {
    const news = ++this.#news[slot]!;
    if (news > ENOUGH_VALUES && news > this.lines / 3) {
      this.words[at.RAW_SLOTS / 4 + slot] = 1;
      return 0;
    }
    if (this.#values + 1 >= at.MAX_VALUES || this.#valueTexts + to - from > at.VALUE_TEXTS_BYTES) {
      this.valuesAreFull = true;
      return 0;
    }
    const { words } = this;
    const number = ++this.#values;
    const entry = at.VALUES / 4 + number * at.VALUE_WORDS;
    words[entry] = hash2;
    words[entry + 1] = slot;
    words[entry + 2] = at.VALUE_TEXTS + this.#valueTexts;
    words[entry + 3] = to - from;
    this.bytes.copyWithin(at.VALUE_TEXTS + this.#valueTexts, from, to);
    this.#valueTexts += to - from;
    let place = hash & (at.TABLE_SLOTS - 1);
    while (words[at.TABLE / 4 + place] !== 0) place = (place + 1) & (at.TABLE_SLOTS - 1);
    words[at.TABLE / 4 + place] = number;
    return number;
  }

  oddNumber(from: number, to: number): number {
    // Whole numbers beyond 2^53 are read as bigint, and infinity is reported.
    const written = this.text(from, to);
    const value = Number(written);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return 0;
    const text = String(value);
    for (let i = 0; i < text.length; i++) this.bytes[at.SCRATCH + i] = text.charCodeAt(i);
    return text.length;
  }

  /** The text at these places, which is UTF-8. */
  text(from: number, to: number): string {
    return this.#text.decode(this.bytes.subarray(from, to));
  }

  /** The text of a value, by its number. */
  valueText(number: number): string {
    const entry = at.VALUES / 4 + number * at.VALUE_WORDS;
    const from = this.words[entry + 2]!;
    return this.text(from, from + this.words[entry + 3]!);
  }

  #child(path: number, from: number, to: number): number {
    const name = this.text(from, to);
    const children = (this.#childrenOf[path] ??= new Map());
    const known = children.get(name);
    if (known !== undefined) return known;
    const through: number[] = [];
    let field = this.#fieldOf[path] ?? null;
    const isDotted = name.includes(".");
    if (field !== null && !isDotted) field = field.children.get(name) ?? null;
    else if (field !== null) {
      const parts = name.split(".");
      for (let i = 0; i < parts.length && field !== null; i++) {
        const next: FieldNode | null = field.children.get(parts[i]!) ?? null;
        field = next;
        if (next !== null && next.slot >= 0 && i < parts.length - 1) through.push(next.slot);
      }
    }
    const child = this.#newPath(path, name, field, through);
    if (child !== 0) children.set(name, child);
    return child;
  }

  #newPath(parent: number, name: string, field: FieldNode | null, through: readonly number[] = []): number {
    if (this.#paths + 1 >= at.MAX_PATHS || this.#texts + through.length * 4 + 16 > at.TEXTS_BYTES) {
      this.keysAreFull = true;
      return 0;
    }
    const path = ++this.#paths;
    const { words } = this;
    const bytes = ENCODER.encode(name);
    this.#hash.begin(words, at.PATHS / 4 + parent * at.PATH_WORDS, 0);
    this.#hash.takeBytes(bytes, 0, bytes.length);
    this.#hash.finish(KIND.key, bytes.length);
    const entry = at.PATHS / 4 + path * at.PATH_WORDS;
    for (let lane = 0; lane < SEED_LANES; lane++) words[entry + lane] = this.#hash.lanes[lane]!;
    this.#fieldOf[path] = field;
    this.#childrenOf[path] = null;
    this.#setPath(path, field);
    if (name.includes(".") && (field !== null || through.length > 0)) words[entry + at.PATH_FLAGS]! |= at.DOTTED;
    if (through.length > 0) {
      this.#texts = (this.#texts + 3) & ~3;
      const list = at.TEXTS + this.#texts;
      words[list / 4] = through.length;
      words.set(through, list / 4 + 1);
      words[entry + at.PATH_THROUGH] = list;
      this.#texts += (through.length + 1) * 4;
    }
    return path;
  }

  #setPath(path: number, field: FieldNode | null): void {
    const { words } = this;
    const entry = at.PATHS / 4 + path * at.PATH_WORDS;
    words[entry + at.PATH_FIRST] = 0;
    words[entry + at.PATH_SLOT] = field === null ? -1 : field.slot;
    words[entry + at.PATH_FLAGS] = field === null ? 0 : (field.children.size > 0 ? at.PREFIX : 0) | (field.isSpecial ? at.SPECIAL : 0);
    words[entry + at.PATH_ELEMENT] = 0;
    words[entry + at.PATH_THROUGH] = 0;
  }
}

const ENCODER = new TextEncoder();
