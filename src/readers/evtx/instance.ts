/** Template instances: a template and the values that a record gives for its slots. */
import type { XmlElement } from "../record.ts";
import type { Size, Template } from "./template.ts";
import type { Scalar } from "./values.ts";

/** A value of a record: a scalar, an array of texts, or binary XML of its own. */
export type Value = Scalar | readonly string[] | Instance | Fragment;

export class Instance {
  readonly template: Template;
  readonly values: readonly Value[];
  /** All values are scalars. */
  readonly plain: boolean;

  constructor(template: Template, values: readonly Value[], plain: boolean) {
    this.template = template;
    this.values = values;
    this.plain = plain;
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
function sizeOfInstance({ template, values, plain }: Instance): Size {
  if (plain && !template.repeats) return template.size;
  let { nodes } = template;
  let chars = 0;
  const { uses, repeats } = template;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (typeof value !== "object" || value === null) {
      if (repeats && typeof value === "string") chars += (uses[i] ?? 0) * value.length;
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
