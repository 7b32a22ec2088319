import type { EventDocument } from "../eql/index.ts";

/** One field of an event. */
export interface FlatField {
  readonly name: string;
  readonly value: string;
}

const MAX_DEPTH = 64;

/**
 * The fields of an event by dotted name, in order of name, values as text. Arrays of values are one field, each value quoted where it is
 * text; what holds objects is shown as their fields with the place in the list. Nothing is cut here.
 */
export function flatten(event: EventDocument): FlatField[] {
  const fields: FlatField[] = [];
  add(fields, "", event, 0);
  return fields.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function add(fields: FlatField[], name: string, value: unknown, depth: number): void {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (depth < MAX_DEPTH && items.some((item) => typeof item === "object" && item !== null)) {
      items.forEach((item, i) => add(fields, `${name}[${i}]`, item, depth + 1));
    } else fields.push({ name, value: items.length === 1 ? scalarText(items[0]) : `[${items.map(quoted).join(", ")}]` });
  } else if (typeof value === "object" && value !== null) {
    if (depth >= MAX_DEPTH) fields.push({ name, value: "(nested too deep to be shown)" });
    else for (const [key, inner] of Object.entries(value)) add(fields, name === "" ? key : `${name}.${key}`, inner, depth + 1);
  } else fields.push({ name, value: scalarText(value) });
}

function scalarText(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "object" && value !== null ? "(object)" : String(value);
}

function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : scalarText(value);
}
