/** The fields that are asked for, of lines of JSON that nobody parses. */
import type { Json, LineExtractor } from "../../record.ts";
import { isInvalidUtf8 } from "../../text/text.ts";
import { compiledWalker } from "./compiled-walker.ts";
import { foldLanes, type HashSecrets } from "./content-hash.ts";
import * as at from "./layout.ts";
import { ExtractorTables } from "./tables.ts";
import { PlainWalker, type Walker } from "./walk.ts";

/** Lines after which keys may be full again; sooner, and their order is too wild to be worth knowing. */
const WORTH_LINES = 4_000;
/** Lines that go without, then. */
const PAUSE_LINES = 40_000;

const QUOTE = 0x22;

export interface ExtractorOptions {
  /** Keys of documents that are left to the parser. */
  readonly special: Iterable<string>;
  readonly secrets: HashSecrets;
  /** Without WebAssembly also where there is some. */
  readonly plain?: boolean;
}

/**
 * Of each line what `ContentHash` says of the document in it, and of each field whether it has a value, and which. A line that is not
 * certain (damaged, a key twice, escapes in keys, arrays of objects where a field is asked for, ..) is left to the parser.
 */
export class FieldExtractor implements LineExtractor {
  end = 0;
  readonly #secrets: HashSecrets;
  readonly #tables: ExtractorTables;
  readonly #walker: Walker;
  readonly #parsed: (Json | undefined)[] = [];
  #generation = 0;
  #length = 0;
  #slots = 0;
  #linesOfKeys = 0;
  #pause = 0;

  constructor({ special, secrets, plain = false }: ExtractorOptions) {
    const compiled = plain ? null : compiledWalker();
    const memory = compiled?.memory ?? new ArrayBuffer(at.PAGES * 65_536);
    this.#secrets = secrets;
    this.#tables = new ExtractorTables(memory, special, secrets);
    this.#walker = compiled?.start(this.#tables) ?? new PlainWalker(memory, secrets, this.#tables);
  }

  /** The slot of one more field, by its dotted name: from the next line on it has values. -1 where there are too many. */
  ask(field: string): number {
    return this.#tables.ask(field);
  }

  /** How many slots the last line was walked for. */
  get slots(): number {
    return this.#slots;
  }

  load(lines: Uint8Array): boolean {
    this.#length = lines.length;
    if (lines.length > at.INPUT_BYTES) return false;
    this.#tables.bytes.set(lines, at.INPUT);
    return this.#walker.isAscii(lines.length) || !isInvalidUtf8(lines);
  }

  walk(from: number): boolean {
    const tables = this.#tables;
    if (this.#pause > 0) {
      this.#pause--;
      const feed = tables.bytes.indexOf(0x0a, from);
      this.end = feed < 0 || feed > this.#length ? this.#length : feed;
      return false;
    }
    if (tables.keysAreFull) {
      if (this.#linesOfKeys < WORTH_LINES) this.#pause = PAUSE_LINES;
      this.#linesOfKeys = 0;
    }
    if (tables.keysAreFull || this.#slots !== tables.slots) tables.clearKeys();
    this.#slots = tables.slots;
    if (tables.valuesAreFull) tables.clearValues();
    this.#linesOfKeys++;
    tables.lines++;
    const isSure = this.#walker.walk(from, this.#length);
    this.end = tables.words[at.RESULT / 4 + at.RESULT_END]!;
    return isSure;
  }

  /** The hash of the last line's document. */
  contentHash(): readonly [high: number, low: number] {
    return foldLanes(this.#tables.words, at.RESULT / 4 + at.RESULT_SUM, this.#secrets);
  }

  /** Whether a field of the last line, or an object on the way to one, is under a key with dots. */
  get isDotted(): boolean {
    return this.#tables.words[at.RESULT / 4 + at.RESULT_DOTTED] === 1;
  }

  /** Numbers of values mean the same until this changes. */
  get generation(): number {
    return this.#tables.generation;
  }

  /** The number of the value of a field of the last line: equal numbers, equal values; 0: it is missing; 1: an object; -1: a value without a number. */
  number(slot: number): number {
    const number = this.#tables.words[at.SLOTS / 4 + slot * 2]!;
    return number < 0 ? -1 : number;
  }

  /** Whether the value is a text that is not empty. */
  isText(slot: number): boolean {
    const { words, bytes } = this.#tables;
    const place = at.SLOTS / 4 + slot * 2;
    const number = words[place]!;
    if (number >= 0) return number > at.OBJECT && typeof this.value(slot) === "string" && this.value(slot) !== "";
    return bytes[-1 - number] === QUOTE && words[place + 1]! > 2;
  }

  /** The value itself; undefined where it is missing. Of an object nothing is known but that it is one. */
  value(slot: number): Json | undefined {
    const tables = this.#tables;
    const place = at.SLOTS / 4 + slot * 2;
    const number = tables.words[place]!;
    if (number === 0) return undefined;
    if (number === at.OBJECT) return {};
    if (number < 0) {
      const from = -1 - number;
      return parsed(tables.text(from, from + tables.words[place + 1]!));
    }
    if (this.#generation !== tables.generation) {
      this.#generation = tables.generation;
      this.#parsed.length = 0;
    }
    return (this.#parsed[number] ??= parsed(tables.valueText(number)));
  }
}

/** A text that was found to be JSON. */
function parsed(text: string): Json {
  return text.charCodeAt(0) === 0x22 && !text.includes("\\") ? text.slice(1, -1) : (JSON.parse(text) as Json);
}
