/**
 * Binary XML as a list of numbers that no longer depends on where in which chunk it stood (libyal/libevtx documentation; MS-EVEN6
 * 2.2.12): names and texts are numbers of one vocabulary, offsets and sizes are gone. Two templates are the same when their numbers are.
 */
import { BinXmlError } from "./error.ts";
import { OffsetTable } from "./offset-table.ts";
import { memoised, utf16Text } from "./texts.ts";

/** A token is `op << 28 | what`. */
export const OP = {
  /** An element begins; what: its name. */
  open: 0,
  /** An attribute of it; what: its name. Texts and slots up to the next token of another kind are its value. */
  attribute: 1,
  /** What: the text. */
  text: 2,
  /** A value of the record goes here; what: its index << 1 | 1 when it is optional. */
  slot: 3,
  /** The start tag ends, content follows. */
  content: 4,
  /** The element ends without content. */
  empty: 5,
  /** The element ends. */
  end: 6,
  /** A template instance inside an element; what: its index in {@link Tokens.instances}. */
  instance: 7,
} as const;

/** Deepest nesting of elements, and of binary XML in values. */
export const MAX_DEPTH = 64;
/** In characters; the longest name of Windows' own is far shorter. */
const MAX_NAME = 1024;
/**
 * How many bytes of templates and names may be walked for one chunk: a chunk has 65,536, each written once, but offsets may
 * point at the same bytes again and again.
 */
const MAX_WALKED = 1 << 20;
/** The vocabulary begins anew beyond this; only hostile files get there. */
const MAX_WORDS = 100_000;
const MAX_WORD_CHARS = 4_000_000;

const NO_BYTES = new DataView(new ArrayBuffer(0));

const ENTITIES: { readonly [name: string]: string | undefined } = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Every name and constant text, by number. */
export class Vocabulary {
  readonly words: string[] = [];
  readonly #numbers = new Map<string, number>();
  #chars = 0;

  number(word: string): number {
    let number = this.#numbers.get(word);
    if (number === undefined) {
      number = this.words.length;
      this.words.push(word);
      this.#numbers.set(word, number);
      this.#chars += word.length;
    }
    return number;
  }

  get full(): boolean {
    return this.words.length > MAX_WORDS || this.#chars > MAX_WORD_CHARS;
  }
}

/** Reads the tokens of one chunk's templates and elements. */
export class Tokens {
  /** What the last {@link read} found, up to {@link length}. Overwritten by the next. */
  list = new Int32Array(1024);
  length = 0;
  /** Where the last {@link read} stopped. */
  at = 0;
  hash = 0;
  /** Offsets of the template instances that stood inside the element. */
  readonly instances: number[] = [];
  #vocabulary = new Vocabulary();
  #view: DataView = NO_BYTES;
  /** The chunk's names by their offsets. */
  readonly #names = new OffsetTable();
  #end = 0;
  #walked = 0;

  /** Another chunk. */
  begin(view: DataView, vocabulary: Vocabulary): void {
    this.#view = view;
    this.#vocabulary = vocabulary;
    this.#names.clear();
    this.#walked = 0;
  }

  /** The template definition's fragment from `at` to `end`. @throws BinXmlError */
  readTemplate(at: number, end: number): void {
    this.#walk(end - at);
    this.#read(at, end, true, null);
  }

  /** One element that stands in a record itself. @param skip finds the end of a template instance that stands inside. @throws BinXmlError */
  readElement(at: number, end: number, skip: (at: number, end: number) => number): void {
    this.#read(at, end, false, skip);
  }

  #walk(bytes: number): void {
    this.#walked += bytes;
    if (this.#walked > MAX_WALKED) throw new BinXmlError("the chunk's templates overlap too often");
  }

  #read(at: number, end: number, template: boolean, skip: ((at: number, end: number) => number) | null): void {
    this.length = 0;
    this.hash = 0;
    this.instances.length = 0;
    this.at = at;
    this.#end = end;
    let depth = 0;
    while (this.at < end) {
      const token = this.#view.getUint8(this.at);
      switch (token) {
        case 0x00:
          if (depth > 0) throw new BinXmlError("ends in the middle of an element");
          this.at++;
          return;
        case 0x0f:
          this.at += 4;
          break;
        case 0x01:
        case 0x41:
          if (this.#start(token === 0x41, template) && ++depth > MAX_DEPTH) throw new BinXmlError("nested too deep");
          if (depth === 0 && !template) return;
          break;
        case 0x04:
          this.at++;
          this.#add(OP.end, 0);
          if (--depth < 0) throw new BinXmlError("an element ends that did not begin");
          if (depth === 0 && !template) return;
          break;
        case 0x0a:
        case 0x0b:
          this.#processing(token);
          break;
        case 0x0c:
          // By the grammar none can stand here; in a template it could name that template again.
          if (skip === null || depth === 0) throw new BinXmlError("a template inside a template");
          this.#add(OP.instance, this.instances.length);
          this.instances.push(this.at);
          this.at = skip(this.at, end);
          break;
        default:
          if (depth === 0 || !this.#value()) throw new BinXmlError(`unknown token 0x${token.toString(16)}`);
      }
    }
    if (depth > 0) throw new BinXmlError("ends in the middle of an element");
  }

  #add(op: number, what: number): void {
    if (this.length === this.list.length) {
      const longer = new Int32Array(2 * this.length);
      longer.set(this.list);
      this.list = longer;
    }
    const token = (op << 28) | what;
    this.list[this.length++] = token;
    this.hash = Math.imul(this.hash ^ token, 0x9e3779b1);
    this.hash ^= this.hash >>> 15;
  }

  /** A start tag; true when content follows. */
  #start(hasAttributes: boolean, template: boolean): boolean {
    // Only elements of templates have a dependency id.
    this.at += template ? 7 : 5;
    this.#add(OP.open, this.#name());
    if (hasAttributes) {
      this.at += 4;
      while ((this.#byte() & 0xbf) === 0x06) {
        this.at++;
        this.#add(OP.attribute, this.#name());
        while (this.#value());
      }
    }
    const close = this.#byte();
    this.at++;
    if (close === 0x02) this.#add(OP.content, 0);
    else if (close === 0x03) this.#add(OP.empty, 0);
    else throw new BinXmlError(`a start tag is closed by 0x${close.toString(16)}`);
    return close === 0x02;
  }

  /** Takes a text or a slot; false, and nothing taken, where something else stands. */
  #value(): boolean {
    const token = this.#byte();
    switch (token) {
      case 0x05:
      case 0x45:
        this.#text(this.at + 4, 2 * this.#view.getUint16(this.at + 2, true));
        return true;
      case 0x07:
      case 0x47:
        this.#text(this.at + 3, 2 * this.#view.getUint16(this.at + 1, true));
        return true;
      case 0x08:
      case 0x48:
        this.#add(OP.text, this.#vocabulary.number(String.fromCharCode(this.#view.getUint16(this.at + 1, true))));
        this.at += 3;
        return true;
      case 0x09:
      case 0x49: {
        this.at++;
        const name = this.#vocabulary.words[this.#name()]!;
        this.#add(OP.text, this.#vocabulary.number((Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined) ?? `&${name};`));
        return true;
      }
      case 0x0d:
      case 0x0e:
        this.#add(OP.slot, (this.#view.getUint16(this.at + 1, true) << 1) | (token === 0x0e ? 1 : 0));
        this.at += 4;
        return true;
      default:
        return false;
    }
  }

  #byte(): number {
    if (this.at >= this.#end) throw new BinXmlError("ends in the middle of an element");
    return this.#view.getUint8(this.at);
  }

  #text(at: number, size: number): void {
    if (at + size > this.#end) throw new BinXmlError("a text runs beyond its end");
    this.#add(OP.text, this.#vocabulary.number(memoised(this.#view, at, size, TEXT, utf16Text)));
    this.at = at + size;
  }

  /** A name by its offset, which may be right here: then it is skipped. */
  #name(): number {
    const offset = this.#view.getUint32(this.at, true);
    this.at += 4;
    let name = this.#names.get(offset);
    if (name < 0) {
      const length = this.#view.getUint16(offset + 6, true);
      if (length > MAX_NAME || offset + 8 + 2 * length > this.#view.byteLength) throw new BinXmlError("a name runs beyond its end");
      this.#walk(10 + 2 * length);
      name = this.#vocabulary.number(memoised(this.#view, offset + 8, 2 * length, TEXT, utf16Text));
      this.#names.set(offset, name);
    }
    if (offset === this.at) this.at += 10 + 2 * this.#view.getUint16(offset + 6, true);
    return name;
  }

  /** Processing instructions say nothing in event logs; they are skipped. */
  #processing(token: number): void {
    this.at++;
    if (token === 0x0a) this.#name();
    else this.at += 2 + 2 * this.#view.getUint16(this.at, true);
  }
}

/** The kind of {@link memoised} that string values have: a name and a value of the same characters are one string. */
const TEXT = 1;
