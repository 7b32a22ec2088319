/** An instance as elements: what Windows renders of it. */
import type { XmlElement } from "../record.ts";
import { Fragment, Instance, type Value, type Values } from "./instance.ts";
import type { Slot, TemplateElement } from "./tree.ts";

const NONE: readonly Instance[] = [];

export function fill(value: Instance | Fragment): XmlElement[] {
  const found: XmlElement[] = [];
  fillInto(value, found);
  return found;
}

function fillInto(value: Instance | Fragment, into: (XmlElement | string)[]): void {
  if (value instanceof Instance) for (const element of value.template.elements) fillElement(element, value, NONE, into);
  else
    for (const part of value.parts) {
      if (part instanceof Instance) fillInto(part, into);
      else into.push(part);
    }
}

/**
 * An element with its slots filled: none when an optional value is absent, many when the value is an array.
 * @param inner the instances that stand inside the element, which then is of no template.
 */
export function fillElement(template: TemplateElement, values: Values, inner: readonly Instance[], into: (XmlElement | string)[]): void {
  if (template.constant !== null) {
    into.push(template.constant);
    return;
  }
  const attributes: [string, string][] = [];
  for (const { name, parts } of template.attributes) {
    const text = attributeText(parts, values);
    if (text !== null) attributes.push([name, text]);
  }
  const { name, single } = template;
  if (single !== null) {
    const value = values.value(single.slot);
    if (value === null) {
      if (!single.optional) into.push({ name, attributes, children: [""] });
      return;
    }
    if (isArray(value)) {
      for (const item of value) into.push({ name, attributes, children: [item] });
      return;
    }
  }
  const children: (XmlElement | string)[] = [];
  for (const part of template.children) {
    if (typeof part === "string") children.push(part);
    else if ("name" in part) fillElement(part, values, inner, children);
    else if ("inner" in part) fillInto(inner[part.inner]!, children);
    else {
      const value = values.value(part.slot);
      if (value instanceof Instance || value instanceof Fragment) fillInto(value, children);
      else if (value !== null && value !== "") children.push(scalarText(value));
    }
  }
  // `<Data></Data>`, not `<Data/>`: the template has content, and it came out empty.
  if (children.length === 0 && template.children.length > 0) children.push("");
  into.push({ name, attributes, children });
}

/** Null when the attribute is to be dropped. */
export function attributeText(parts: readonly (string | Slot)[], values: Values): string | null {
  let text = "";
  let missing = false;
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      const value = values.value(part.slot);
      if (value === null) missing = part.optional;
      else if (!(value instanceof Instance || value instanceof Fragment)) text += scalarText(value);
    }
  }
  return missing && text === "" ? null : text;
}

export function isArray(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

export function scalarText(value: string | number | readonly string[]): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : value.join(", ");
}
