/** The binary XML of one chunk's records. */
import type { XmlElement } from "../record.ts";
import { BinXmlError } from "./error.ts";
import { OffsetTable } from "./offset-table.ts";
import { fillElement } from "./fill.ts";
import { Fragment, Instance, MAX_CHARS, MAX_NODES, NO_VALUES, sizeOf, type Value, type ValueBytes } from "./instance.ts";
import type { Template, TemplateCache } from "./template.ts";
import { MAX_DEPTH, Tokens } from "./tokens.ts";
import { treeOf } from "./tree.ts";
import { arrayTexts, TYPE } from "./values.ts";

/** What all records of a chunk may grow to together. */
const MAX_CHUNK_NODES = 400_000;
const MAX_CHUNK_CHARS = 8_000_000;

const NO_BYTES = new DataView(new ArrayBuffer(0));
/** How many beginnings of values are kept in one piece of memory. */
const STARTS = 4096;

function valueBytes(view: DataView, starts: Int32Array): ValueBytes {
  return { view, bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength), starts };
}

/** Reads the binary XML of one chunk's records. Offsets are from the beginning of the chunk, and all of them may be hostile. */
export class ChunkXml {
  #view: DataView = NO_BYTES;
  #bytes: ValueBytes = valueBytes(NO_BYTES, new Int32Array(0));
  /** How many of the starts are taken. */
  #started = 0;
  readonly #tokens: Tokens;
  readonly #cache: TemplateCache;
  /** The chunk's templates by the offsets of their definitions. */
  readonly #known = new OffsetTable();
  readonly #templates: Template[] = [];
  #nodes = 0;
  #chars = 0;
  #chunkNodes = 0;
  #chunkChars = 0;

  constructor(cache: TemplateCache) {
    this.#cache = cache;
    this.#tokens = new Tokens();
  }

  /** Another chunk: offsets are of this one from now on. Its bytes must stay as they are while what comes out of it is in use. */
  begin(view: DataView): void {
    this.#view = view;
    this.#bytes = valueBytes(view, this.#bytes.starts);
    this.#cache.makeRoom();
    this.#tokens.begin(view, this.#cache.vocabulary);
    this.#known.clear();
    this.#templates.length = 0;
    this.#chunkNodes = 0;
    this.#chunkChars = 0;
  }

  /** A record's binary XML. What comes out is bounded: it can be made into elements without limits of their own. @throws BinXmlError */
  record(at: number, end: number): Instance | Fragment {
    let found: Instance | Fragment;
    this.#nodes = 0;
    this.#chars = 0;
    try {
      found = this.#fragment(at, end, 0);
    } catch (error) {
      if (error instanceof RangeError) throw new BinXmlError("runs beyond its end");
      throw error;
    }
    const size = sizeOf(found);
    if (size.nodes > MAX_NODES || size.chars > MAX_CHARS) throw new BinXmlError("it grows beyond all bounds");
    this.#chunkNodes += size.nodes;
    this.#chunkChars += size.chars;
    if (this.#chunkNodes > MAX_CHUNK_NODES || this.#chunkChars > MAX_CHUNK_CHARS)
      throw new BinXmlError("the chunk's records grow beyond all bounds");
    return found;
  }

  #fragment(at: number, end: number, depth: number): Instance | Fragment {
    if (depth > MAX_DEPTH) throw new BinXmlError("nested too deep");
    let first: Instance | null = null;
    let parts: (Instance | XmlElement)[] | null = null;
    while (at < end) {
      const token = this.#view.getUint8(at);
      if (token === 0x00) break;
      if (token === 0x0f) {
        at += 4;
        continue;
      }
      let part: Instance | XmlElement | null = null;
      if (token === 0x0c) {
        part = this.#instance(at, end, depth);
        at = this.#next;
      } else if (token === 0x01 || token === 0x41) {
        part = this.#element(at, end, depth);
        at = this.#next;
      } else if (token === 0x0a) at += 5;
      else if (token === 0x0b) at += 3 + 2 * this.#view.getUint16(at + 1, true);
      else throw new BinXmlError(`unknown token 0x${token.toString(16)}`);
      if (part === null) continue;
      if (first === null && parts === null && part instanceof Instance) first = part;
      else {
        if (parts === null) parts = first === null ? [] : [first];
        first = null;
        parts.push(part);
      }
    }
    return first ?? new Fragment(parts ?? []);
  }

  /** Where what was read last ends. */
  #next = 0;

  #instance(at: number, end: number, depth: number): Instance {
    const view = this.#view;
    const definition = view.getUint32(at + 6, true);
    let table = this.#table(at);
    const template = this.#templates[this.#known.get(definition)] ?? this.#template(definition);
    const count = view.getUint32(table, true);
    table += 4;
    if (count > 16_384 || table + 4 * count > end) throw new BinXmlError(`${count} values do not fit`);
    const first = this.#reserve(count);
    const bytes = this.#bytes;
    const { starts } = bytes;
    let nested: (Value | undefined)[] | null = null;
    let value = table + 4 * count;
    for (let i = 0; i < count; i++) {
      const size = view.getUint16(table + 4 * i, true);
      const type = view.getUint8(table + 4 * i + 2);
      if (value + size > end) throw new BinXmlError("a value runs beyond the record");
      starts[first + i] = value;
      if (size !== 0 && (type & TYPE.array) !== 0) (nested ??= [])[i] = arrayTexts(view, value, size, type & 0x7f);
      else if (size !== 0 && type === TYPE.binxml) (nested ??= [])[i] = this.#fragment(value, value + size, depth + 1);
      value += size;
    }
    this.#next = value;
    return new Instance(template, bytes, count, table, first, nested);
  }

  /** Room for the beginnings of so many values: the number of the first. */
  #reserve(count: number): number {
    if (this.#started + count > this.#bytes.starts.length) {
      this.#bytes = valueBytes(this.#view, new Int32Array(Math.max(STARTS, count)));
      this.#started = 0;
    }
    const first = this.#started;
    this.#started += count;
    return first;
  }

  /** Where the table of an instance's values begins: after the definition, when that stands right here. */
  #table(at: number): number {
    const definition = this.#view.getUint32(at + 6, true);
    return definition === at + 10 ? at + 34 + this.#view.getUint32(at + 30, true) : at + 10;
  }

  #template(definition: number): Template {
    const view = this.#view;
    if (definition < 128 || definition + 24 > view.byteLength) throw new BinXmlError("a template lies outside the chunk");
    const end = definition + 24 + view.getUint32(definition + 20, true);
    if (end > view.byteLength) throw new BinXmlError("a template runs beyond the chunk");
    this.#tokens.readTemplate(definition + 24, end);
    const template = this.#cache.template(this.#tokens);
    this.#known.set(definition, this.#templates.push(template) - 1);
    return template;
  }

  /** An element that stands in the record itself: forwarded and re-saved records have no templates, and texts for values. */
  #element(at: number, end: number, depth: number): XmlElement {
    this.#tokens.readElement(at, end, this.#skip);
    this.#next = this.#tokens.at;
    const { instances } = this.#tokens;
    const offsets = instances.length === 0 ? instances : instances.slice();
    const { elements, nodes } = treeOf(this.#tokens, this.#cache.vocabulary);
    const next = this.#next;
    const inner = offsets.map((offset) => this.#instance(offset, end, depth + 1));
    this.#next = next;
    this.#nodes += nodes;
    for (const instance of inner) {
      const size = sizeOf(instance);
      this.#nodes += size.nodes;
      this.#chars += size.chars;
    }
    if (this.#nodes > MAX_NODES || this.#chars > MAX_CHARS) throw new BinXmlError("it grows beyond all bounds");
    const found: XmlElement[] = [];
    fillElement(elements[0]!, NO_VALUES, inner, found);
    return found[0] ?? { name: elements[0]!.name, attributes: [], children: [] };
  }

  readonly #skip = (at: number, end: number): number => {
    let table = this.#table(at);
    const count = this.#view.getUint32(table, true);
    table += 4;
    let value = table + 4 * count;
    if (value > end) throw new BinXmlError(`${count} values do not fit`);
    for (let i = 0; i < count; i++) value += this.#view.getUint16(table + 4 * i, true);
    if (value > end) throw new BinXmlError("a value runs beyond the record");
    return value;
  };
}
