import { flatten, whereText, type Observed } from "../../workbench/index.ts";
import type { EventView, FieldValueText } from "../protocol.ts";
import { cut } from "../text.ts";

const MAX_FIELDS = 400;
/** Characters of one value: what is shown is cut again by the page, what is copied is this long. */
const MAX_VALUE = 20_000;
const MAX_JSON = 300_000;

/** An event as the page shows it: bounded, whatever the log held. */
export function eventView({ event, place, source }: Observed): EventView {
  const all = flatten(event);
  const fields = all.slice(0, MAX_FIELDS).map(({ name, value }): FieldValueText => ({ field: name, value: cut(value, MAX_VALUE) }));
  return { place: whereText(place), source, fields, more: all.length - fields.length, ...jsonView(event) };
}

/** JSON with long values cut; 64-bit integers stay whole. */
export function jsonView(event: unknown): { readonly json: string; readonly cut: boolean } {
  let wasCut = false;
  const json = jsonText(event, 2, (text) => {
    if (text.length <= MAX_VALUE) return text;
    wasCut = true;
    return cut(text, MAX_VALUE);
  });
  return json.length <= MAX_JSON ? { json, cut: wasCut } : { json: cut(json, MAX_JSON), cut: true };
}

/** `JSON.rawJSON` writes a number as it stands; browsers without it get the digits as text. */
const rawJson = (JSON as unknown as { readonly rawJSON?: (text: string) => unknown }).rawJSON;

export function jsonText(value: unknown, indent?: number, text: (text: string) => string = (t) => t): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) =>
      typeof item === "bigint" ? (rawJson?.(item.toString()) ?? item.toString()) : typeof item === "string" ? text(item) : item,
    indent,
  );
}
