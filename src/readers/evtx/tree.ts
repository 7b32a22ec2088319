/** The elements of a template, or of a record without one, as a tree with slots. */
import type { XmlElement } from "../record.ts";
import { OP, type Tokens, type Vocabulary } from "./tokens.ts";

/** A value of the record, by its index. */
export interface Slot {
  readonly slot: number;
  /** Without a value, the element or attribute that holds it is dropped. */
  readonly optional: boolean;
}

/** An instance that stands inside an element (not inside a template). */
export interface Inner {
  readonly inner: number;
}

export type Part = string | Slot | Inner | TemplateElement;

export interface TemplateElement {
  readonly name: string;
  readonly attributes: readonly TemplateAttribute[];
  /** An element that was not written as `<a/>` has at least an empty text. */
  readonly children: readonly Part[];
  /** Its content is one slot and nothing else: arrays repeat the element, an optional one without a value drops it. */
  readonly single: Slot | null;
  /** The element itself, when no part of it depends on the record: shared by all. */
  readonly constant: XmlElement | null;
}

export interface TemplateAttribute {
  readonly name: string;
  readonly parts: readonly (string | Slot)[];
}

export interface Tree {
  readonly elements: readonly TemplateElement[];
  readonly nodes: number;
  readonly uses: readonly number[];
}

/** The tree of tokens that {@link Tokens} has checked: every element is closed, nesting is bounded. */
export function treeOf(tokens: Tokens, vocabulary: Vocabulary): Tree {
  const { list, length } = tokens;
  const { words } = vocabulary;
  const uses: number[] = [];
  let nodes = 0;
  let i = 0;

  function value(): string | Slot | Inner {
    const what = list[i]! & 0xfff_ffff;
    const op = list[i++]! >>> 28;
    if (op === OP.text) return words[what]!;
    if (op === OP.instance) return { inner: what };
    const slot = what >>> 1;
    while (uses.length <= slot) uses.push(0);
    uses[slot]!++;
    return { slot, optional: (what & 1) === 1 };
  }

  function element(): TemplateElement {
    nodes++;
    const name = words[list[i++]! & 0xfff_ffff]!;
    const attributes: TemplateAttribute[] = [];
    while (list[i]! >>> 28 === OP.attribute) {
      nodes++;
      const attribute = words[list[i++]! & 0xfff_ffff]!;
      const parts: (string | Slot)[] = [];
      for (let op = list[i]! >>> 28; op === OP.text || op === OP.slot; op = list[i]! >>> 28) parts.push(value() as string | Slot);
      attributes.push({ name: attribute, parts });
    }
    const children: Part[] = [];
    if (list[i++]! >>> 28 === OP.content) {
      for (let op = list[i]! >>> 28; op !== OP.end; op = list[i]! >>> 28) children.push(op === OP.open ? element() : value());
      i++;
      // Windows writes `<a></a>` here; `<a/>` is closed by a token of its own.
      if (children.length === 0) children.push("");
    }
    const only = children.length === 1 ? children[0]! : "";
    const single = typeof only === "object" && "slot" in only ? only : null;
    return { name, attributes, children, single, constant: constantOf(name, attributes, children) };
  }

  const elements: TemplateElement[] = [];
  while (i < length) {
    if (list[i]! >>> 28 === OP.open) elements.push(element());
    else i++;
  }
  return { elements, nodes, uses };
}

function constantOf(name: string, attributes: readonly TemplateAttribute[], children: readonly Part[]): XmlElement | null {
  const texts: [string, string][] = [];
  for (const attribute of attributes) {
    let text = "";
    for (const part of attribute.parts) {
      if (typeof part !== "string") return null;
      text += part;
    }
    texts.push([attribute.name, text]);
  }
  const parts: (XmlElement | string)[] = [];
  for (const child of children) {
    if (typeof child === "string") parts.push(child);
    else if ("constant" in child && child.constant !== null) parts.push(child.constant);
    else return null;
  }
  return { name, attributes: texts, children: parts };
}
