/** Template instances: a template and the values that a record gives for its slots. */
import type { XmlElement } from "../record.ts";
import type { Size, Template } from "./template.ts";
import { scalar, type Scalar } from "./values.ts";

/** A value of a record: a scalar, an array of texts, or binary XML of its own. */
export type Value = Scalar | readonly string[] | Instance | Fragment;

/** Values by their slots; null where there is none. */
export interface Values {
  value(slot: number): Value;
}

export const NO_VALUES: Values = { value: () => null };

/** The bytes that instances are in, and where in them their values begin: shared by many. */
export interface ValueBytes {
  readonly view: DataView;
  /** The same as `view`. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
}

/**
 * An instance of a template. Where its values lie has been checked; a scalar is decoded each time it is asked for, so that nothing is spent on
 * those that nobody reads. The bytes must not change as long as the instance is in use.
 */
export class Instance implements Values {
  readonly template: Template;
  readonly bytes: ValueBytes;
  readonly count: number;
  /** Where the sizes and types of the values stand, four bytes each. */
  readonly table: number;
  /** Of the first value, in the starts. */
  readonly first: number;
  /** Values that are no scalars, by their slots; null where all are scalars. */
  readonly nested: readonly (Value | undefined)[] | null;

  constructor(
    template: Template,
    bytes: ValueBytes,
    count: number,
    table: number,
    first: number,
    nested: readonly (Value | undefined)[] | null,
  ) {
    this.template = template;
    this.bytes = bytes;
    this.count = count;
    this.table = table;
    this.first = first;
    this.nested = nested;
  }

  value(slot: number): Value {
    if (slot >= this.count) return null;
    const nested = this.nested?.[slot];
    return nested === undefined ? scalar(this.bytes.view, this.start(slot), this.size(slot), this.type(slot)) : nested;
  }

  /** Where the value begins; of slots that the instance has. */
  start(slot: number): number {
    return this.bytes.starts[this.first + slot]!;
  }

  /** How many bytes the value has; 0 of slots that the instance does not have. */
  size(slot: number): number {
    return slot < this.count ? this.bytes.view.getUint16(this.table + 4 * slot, true) : 0;
  }

  /** One of {@link TYPE}; {@link TYPE.null} of slots that the instance does not have. */
  type(slot: number): number {
    return slot < this.count ? this.bytes.view.getUint8(this.table + 4 * slot + 2) : 0;
  }
}

/** Binary XML that is not exactly one template instance. */
export class Fragment {
  readonly parts: readonly (Instance | XmlElement)[];

  constructor(parts: readonly (Instance | XmlElement)[]) {
    this.parts = parts;
  }
}

/** What one record may grow to: a record has at most 65,536 bytes, but slots that are used again and again multiply. */
export const MAX_NODES = 100_000;
export const MAX_CHARS = 4_000_000;

export function sizeOf(value: Instance | Fragment): Size {
  return value instanceof Instance ? sizeOfInstance(value) : sizeOfFragment(value);
}

/**
 * What an instance comes to when it is made into elements. Characters are counted only where slots repeat: elsewhere they are no more
 * than the record's bytes allow. Stops counting early.
 */
function sizeOfInstance(instance: Instance): Size {
  const { template, nested } = instance;
  const { uses, repeats } = template;
  if (nested === null && !repeats) return template.size;
  let { nodes } = template;
  let chars = 0;
  for (let i = 0; i < instance.count; i++) {
    const value = repeats ? instance.value(i) : nested![i];
    if (typeof value !== "object" || value === null) {
      if (typeof value === "string") chars += (uses[i] ?? 0) * value.length;
      continue;
    }
    const times = uses[i] ?? 0;
    if (times === 0) continue;
    if (value instanceof Instance || value instanceof Fragment) {
      const size = sizeOf(value);
      nodes += times * size.nodes;
      chars += times * size.chars;
      if (times > 1) chars += times * 65_536;
    } else {
      nodes += times * value.length;
      if (times > 1) for (const item of value) chars += times * item.length;
    }
    if (nodes > MAX_NODES || chars > MAX_CHARS) break;
  }
  return { nodes, chars };
}

function sizeOfFragment({ parts }: Fragment): Size {
  let nodes = 0;
  let chars = 0;
  for (const part of parts) {
    if (!(part instanceof Instance)) {
      nodes += nodesOf(part);
      continue;
    }
    const size = sizeOfInstance(part);
    nodes += size.nodes;
    chars += size.chars;
  }
  return { nodes, chars };
}

function nodesOf(element: XmlElement): number {
  let nodes = 1 + element.attributes.length;
  for (const child of element.children) if (typeof child !== "string") nodes += nodesOf(child);
  return nodes;
}
