/** `<EventData>` straight from the values of a record. */
import type { EventData } from "../record.ts";
import { attributeText, fill, isArray, scalarText } from "./fill.ts";
import { Fragment, Instance, type Value, type Values } from "./instance.ts";
import type { DataItem, DataPlan, Source } from "./plan.ts";
import type { Slot, TemplateElement } from "./tree.ts";
import { textOf } from "../windows/event-element.ts";

export const NOWHERE: Source = { slot: -1, text: null, parts: null };

export function sourceOf(parts: readonly (string | Slot)[] | undefined): Source {
  if (parts === undefined) return NOWHERE;
  if (parts.every((part) => typeof part === "string")) return { slot: -1, text: parts.join(""), parts: null };
  const [first] = parts;
  if (parts.length === 1 && typeof first === "object") return { slot: first.slot, text: null, parts: null };
  return { slot: -1, text: null, parts };
}

export function sourceValue(source: Source, values: Values): string | number | null {
  if (source.slot >= 0) {
    const value = values.value(source.slot);
    if (typeof value === "string" || typeof value === "number") return value;
    return value !== undefined && value !== null && isArray(value) ? scalarText(value) : null;
  }
  return source.parts === null ? source.text : attributeText(source.parts, values);
}

/** Null when it holds anything but `<Data>`, `<ComplexData>` and `<Binary>` with one value each: then it is made as elements first. */
export function compileData(element: TemplateElement): DataPlan | null {
  if (element.name !== "EventData") return null;
  const items: DataItem[] = [];
  for (const child of element.children) {
    if (typeof child === "string") continue;
    if (!("name" in child)) return null;
    const { single } = child;
    let text = "";
    if (single === null)
      for (const part of child.children) {
        if (typeof part !== "string") return null;
        text += part;
      }
    const nameSource = sourceOf(child.attributes.find((attribute) => attribute.name === "Name")?.parts);
    const constant = nameSource.slot < 0 && nameSource.parts === null;
    items.push({
      name: nameSource.text,
      nameSource: constant ? null : nameSource,
      slot: single?.slot ?? -1,
      optional: single?.optional ?? false,
      text,
      complex: child.name === "ComplexData",
      binary: child.name === "Binary",
    });
  }
  return { name: sourceOf(element.attributes.find((attribute) => attribute.name === "Name")?.parts), items, names: namesOf(items) };
}

/** Data without a name counts by its position, which one that is dropped would change. */
function namesOf(items: readonly DataItem[]): DataPlan["names"] {
  const isFixed = items.every((item) => item.nameSource === null && !item.binary && item.text.isWellFormed());
  const isNamed = items.every((item) => item.name !== null);
  if (!isFixed || (!isNamed && items.some((item) => item.optional))) return null;
  return items.map((item) => item.name ?? undefined);
}

type Datum = EventData["data"][number];

export function eventData(plan: DataPlan, values: Values): EventData {
  const { items } = plan;
  const data: Datum[] = [];
  let binary: string | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    let value: Value = item.text;
    if (item.slot >= 0) {
      value = values.value(item.slot);
      if (value === null) {
        if (item.optional) continue;
        value = "";
      }
    }
    let { name } = item;
    if (item.nameSource !== null) {
      const given = sourceValue(item.nameSource, values);
      name = given === null ? null : scalarText(given);
    }
    if (typeof value === "number") value = String(value);
    if (typeof value === "string") {
      if (item.binary) binary = value;
      else data.push(datum(name, value, item.complex));
    } else if (value instanceof Instance || value instanceof Fragment) {
      let text = "";
      for (const element of fill(value)) text += textOf(element);
      if (item.binary) binary = text;
      else data.push(datum(name, text, item.complex));
    } else {
      for (const text of value) {
        if (item.binary) binary = text;
        else data.push(datum(name, text, item.complex));
      }
    }
  }
  const name = plan.name === NOWHERE ? null : sourceValue(plan.name, values);
  if (name === null) return binary === undefined ? { data } : { data, binary };
  return binary === undefined ? { name: scalarText(name), data } : { name: scalarText(name), data, binary };
}

function datum(name: string | null, value: string, complex: boolean): Datum {
  if (complex) return name === null ? { value, complex } : { name, value, complex };
  return name === null ? { value } : { name, value };
}
