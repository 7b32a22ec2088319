/**
 * Binary XML (libyal/libevtx documentation; MS-EVEN6). A template is parsed once per chunk into elements with slots; a record
 * only fills the slots. All offsets are from the beginning of the chunk, and all of them are hostile: nesting, sizes and the work
 * per record are bounded.
 */
import type { XmlElement } from "../record.ts";
import { arrayTexts, TYPE, utf16Text, valueText } from "./values.ts";

/** Something in a record or template that cannot be read; caught by the chunk reader, which goes on with the next record. */
export class BinXmlError extends Error {}

const MAX_DEPTH = 64;
const MAX_NODES = 100_000;

interface Slot {
  readonly slot: number;
  readonly optional: boolean;
}
type Part = string | Slot | TemplateElement;

interface TemplateElement {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly parts: readonly (string | Slot)[] }[];
  readonly children: readonly Part[];
  /** Its content is one slot and nothing else: arrays repeat the element, an optional null drops it. */
  readonly single: Slot | null;
}

interface Substitution {
  readonly at: number;
  readonly size: number;
  readonly type: number;
}

export class BinXml {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names = new Map<number, string>();
  readonly #templates = new Map<number, readonly Part[]>();
  #at = 0;
  #end = 0;
  #nodes = 0;

  /** @param chunk one chunk, 64 KiB or what is left of it. */
  constructor(chunk: Uint8Array) {
    this.#bytes = chunk;
    this.#view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  /** The elements of the fragment at `at`, which ends before `end`. @throws BinXmlError */
  fragment(at: number, end: number): XmlElement[] {
    this.#nodes = 0;
    return this.#fragment(at, Math.min(end, this.#bytes.length), 0);
  }

  #fragment(at: number, end: number, depth: number): XmlElement[] {
    if (depth > MAX_DEPTH) throw new BinXmlError("nested too deep");
    const saved = [this.#at, this.#end] as const;
    this.#at = at;
    this.#end = end;
    const found: XmlElement[] = [];
    try {
      while (this.#at < this.#end) {
        const token = this.#bytes[this.#at]!;
        if (token === 0x00) break;
        if (token === 0x0f) this.#at += 4;
        else if (token === 0x0c) found.push(...this.#instance(depth));
        else if ((token & 0xbf) === 0x01) {
          const element = this.#element(false, depth);
          found.push(...this.#fill(element, [], depth));
        } else if (token === 0x0a || token === 0x0b) this.#processing(token);
        else throw new BinXmlError(`unknown token 0x${token.toString(16)} at 0x${this.#at.toString(16)}`);
      }
    } catch (error) {
      if (error instanceof RangeError) throw new BinXmlError("runs beyond its end");
      throw error;
    } finally {
      [this.#at, this.#end] = saved;
    }
    return found;
  }

  // ------------------------------------------------------------------------------------------------- templates

  #instance(depth: number): XmlElement[] {
    const definition = this.#view.getUint32(this.#at + 6, true);
    this.#at += 10;
    if (definition === this.#at) {
      // The definition stands right here: read it by its offset like any other, and skip it.
      this.#at += 24 + this.#view.getUint32(this.#at + 20, true);
    }
    const at = this.#at;
    const parts = this.#template(definition, depth);
    this.#at = at;
    const count = this.#view.getUint32(this.#at, true);
    if (count > 8192 || this.#at + 4 + 4 * count > this.#end) throw new BinXmlError(`${count} substitutions do not fit the record`);
    const values: Substitution[] = [];
    let value = this.#at + 4 + 4 * count;
    for (let i = 0; i < count; i++) {
      const size = this.#view.getUint16(this.#at + 4 + 4 * i, true);
      if (value + size > this.#end) throw new BinXmlError("a value runs beyond the record");
      values.push({ at: value, size, type: this.#bytes[this.#at + 6 + 4 * i]! });
      value += size;
    }
    this.#at = value;
    const after = this.#at;
    const found = parts.flatMap((part) => (typeof part === "object" && "name" in part ? this.#fill(part, values, depth) : []));
    this.#at = after;
    return found;
  }

  #template(definition: number, depth: number): readonly Part[] {
    const known = this.#templates.get(definition);
    if (known !== undefined) return known;
    if (definition < 128 || definition + 24 > this.#bytes.length) throw new BinXmlError("a template lies outside the chunk");
    const size = this.#view.getUint32(definition + 20, true);
    const end = definition + 24 + size;
    if (size > this.#bytes.length || end > this.#bytes.length) throw new BinXmlError("a template runs beyond the chunk");
    const saved = [this.#at, this.#end] as const;
    this.#at = definition + 24;
    this.#end = end;
    const parts: Part[] = [];
    while (this.#at < this.#end) {
      const token = this.#bytes[this.#at]!;
      if (token === 0x00) break;
      if (token === 0x0f) this.#at += 4;
      else if ((token & 0xbf) === 0x01) parts.push(this.#element(true, depth));
      else if (token === 0x0a || token === 0x0b) this.#processing(token);
      else throw new BinXmlError(`unknown token 0x${token.toString(16)} in a template`);
    }
    [this.#at, this.#end] = saved;
    this.#templates.set(definition, parts);
    return parts;
  }

  /** @param inTemplate only elements of template definitions have a dependency id. */
  #element(inTemplate: boolean, depth: number): TemplateElement {
    if (depth > MAX_DEPTH) throw new BinXmlError("nested too deep");
    if (++this.#nodes > MAX_NODES) throw new BinXmlError("too many elements");
    const hasAttributes = (this.#bytes[this.#at]! & 0x40) !== 0;
    this.#at += inTemplate ? 7 : 5;
    const name = this.#name();
    const attributes: { name: string; parts: (string | Slot)[] }[] = [];
    if (hasAttributes) {
      this.#at += 4;
      while ((this.#byte() & 0xbf) === 0x06) {
        this.#at++;
        const attribute = this.#name();
        const parts: (string | Slot)[] = [];
        for (let part = this.#value(); part !== null; part = this.#value()) parts.push(part);
        attributes.push({ name: attribute, parts });
        if (attributes.length > 4096) throw new BinXmlError("too many attributes");
      }
    }
    const close = this.#byte();
    this.#at++;
    if (close === 0x03) return { name, attributes, children: [], single: null };
    if (close !== 0x02) throw new BinXmlError(`a start tag is closed by 0x${close.toString(16)}`);
    const children: Part[] = [];
    for (;;) {
      const token = this.#byte();
      if (token === 0x04) {
        this.#at++;
        break;
      }
      if ((token & 0xbf) === 0x01) children.push(this.#element(inTemplate, depth + 1));
      else if (token === 0x0a || token === 0x0b) this.#processing(token);
      else if (token === 0x0c) {
        // A template instance as the content of an element that is none itself.
        for (const element of this.#instance(depth + 1)) children.push(asTemplate(element));
      } else if (token === 0x0f) this.#at += 4;
      else {
        const part = this.#value();
        if (part === null) throw new BinXmlError(`unknown token 0x${token.toString(16)} in an element`);
        children.push(part);
      }
    }
    // Windows writes `<a></a>` here; `<a/>` is closed by a token of its own.
    if (children.length === 0) children.push("");
    const only = children.length === 1 ? children[0]! : null;
    return { name, attributes, children, single: only !== null && typeof only === "object" && "slot" in only ? only : null };
  }

  /** A text or a slot; null (and nothing taken) where something else stands. */
  #value(): string | Slot | null {
    const token = this.#byte();
    switch (token & 0xbf) {
      case 0x05: {
        const length = 2 * this.#view.getUint16(this.#at + 2, true);
        const text = this.#text(this.#at + 4, length);
        this.#at += 4 + length;
        return text;
      }
      case 0x07: {
        const length = 2 * this.#view.getUint16(this.#at + 1, true);
        const text = this.#text(this.#at + 3, length);
        this.#at += 3 + length;
        return text;
      }
      case 0x08: {
        const text = String.fromCharCode(this.#view.getUint16(this.#at + 1, true));
        this.#at += 3;
        return text;
      }
      case 0x09: {
        this.#at++;
        const name = this.#name();
        return ENTITIES[name] ?? `&${name};`;
      }
      case 0x0d:
      case 0x0e: {
        const slot = { slot: this.#view.getUint16(this.#at + 1, true), optional: token === 0x0e };
        this.#at += 4;
        return slot;
      }
      default:
        return null;
    }
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new BinXmlError("ends in the middle of an element");
    return this.#bytes[this.#at]!;
  }

  #text(at: number, length: number): string {
    if (at + length > this.#end) throw new BinXmlError("a text runs beyond its end");
    return utf16Text(this.#bytes, at, length);
  }

  /** A name by its offset; when that is right here, the name is skipped. */
  #name(): string {
    const offset = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    let name = this.#names.get(offset);
    if (name === undefined) {
      const length = 2 * this.#view.getUint16(offset + 6, true);
      if (offset + 8 + length > this.#bytes.length) throw new BinXmlError("a name runs beyond the chunk");
      name = utf16Text(this.#bytes, offset + 8, length);
      this.#names.set(offset, name);
    }
    if (offset === this.#at) this.#at += 10 + 2 * this.#view.getUint16(offset + 6, true);
    return name;
  }

  /** Processing instructions say nothing in event logs; they are skipped. */
  #processing(token: number): void {
    this.#at++;
    if (token === 0x0a) {
      this.#name();
      return;
    }
    this.#at += 2 + 2 * this.#view.getUint16(this.#at, true);
  }

  // --------------------------------------------------------------------------------------------------- filling

  #fill(template: TemplateElement, values: readonly Substitution[], depth: number): XmlElement[] {
    if (depth > MAX_DEPTH) throw new BinXmlError("nested too deep");
    if (++this.#nodes > MAX_NODES) throw new BinXmlError("too many elements");
    const attributes: [string, string][] = [];
    for (const { name, parts } of template.attributes) {
      let text = "";
      let missing = false;
      for (const part of parts) {
        if (typeof part === "string") text += part;
        else {
          const value = this.#slotText(part, values);
          if (value === null) missing = part.optional;
          else text += value;
        }
      }
      if (!missing || text !== "") attributes.push([name, text]);
    }
    const { single } = template;
    if (single !== null) {
      const value = values[single.slot];
      if (value === undefined || value.type === TYPE.null || (value.size === 0 && single.optional && value.type !== TYPE.string)) {
        return single.optional ? [] : [{ name: template.name, attributes, children: [""] }];
      }
      if ((value.type & TYPE.array) !== 0) {
        const items = arrayTexts(this.#view, this.#bytes, value.at, value.size, value.type & 0x7f);
        this.#nodes += items.length;
        return items.map((item) => ({ name: template.name, attributes, children: [item] }));
      }
    }
    const children: (XmlElement | string)[] = [];
    for (const part of template.children) {
      if (typeof part === "string") children.push(part);
      else if ("name" in part) children.push(...this.#fill(part, values, depth + 1));
      else {
        const value = values[part.slot];
        if (value === undefined) continue;
        if (value.type === TYPE.binxml) children.push(...this.#fragment(value.at, value.at + value.size, depth + 1));
        else {
          const text = this.#slotText(part, values);
          if (text !== null && text !== "") children.push(text);
        }
      }
    }
    // `<Data></Data>`, not `<Data/>`: the template has content, and it came out empty.
    if (children.length === 0 && template.children.length > 0) children.push("");
    return [{ name: template.name, attributes, children }];
  }

  #slotText(slot: Slot, values: readonly Substitution[]): string | null {
    const value = values[slot.slot];
    if (value === undefined) return null;
    if ((value.type & TYPE.array) !== 0) return arrayTexts(this.#view, this.#bytes, value.at, value.size, value.type & 0x7f).join(", ");
    return valueText(this.#view, this.#bytes, value.at, value.size, value.type);
  }
}

const ENTITIES: { readonly [name: string]: string | undefined } = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function asTemplate(element: XmlElement): TemplateElement {
  return {
    name: element.name,
    attributes: element.attributes.map(([name, value]) => ({ name, parts: [value] })),
    children: element.children.map((child) => (typeof child === "string" ? child : asTemplate(child))),
    single: null,
  };
}
