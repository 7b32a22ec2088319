/** How often events have which values of some fields. */
import { valueAt, type EventDocument } from "../../detect/index.ts";
import { jsonText } from "../json-text.ts";

export interface FieldCount {
  /** In the order of the fields; null where the events have no such field. */
  readonly values: readonly (string | null)[];
  readonly events: number;
}

export class FieldCounts {
  readonly #fields: readonly string[];
  readonly #maxGroups: number;
  readonly #groups = new Map<string, { readonly values: readonly (string | null)[]; events: number }>();
  /** Events that were added. */
  events = 0;
  /** Events of further groups, which found no room. */
  notCounted = 0;

  constructor(fields: readonly string[], maxGroups = 100_000) {
    this.#fields = fields;
    this.#maxGroups = maxGroups;
  }

  add(event: EventDocument): void {
    this.events++;
    const values = this.#fields.map((field) => {
      const value = valueAt(event, field);
      return value === undefined || value === null ? null : fieldText(value);
    });
    const key = JSON.stringify(values);
    const group = this.#groups.get(key);
    if (group !== undefined) group.events++;
    else if (this.#groups.size < this.#maxGroups) this.#groups.set(key, { values, events: 1 });
    else this.notCounted++;
  }

  /** Most events first, equal ones in the order of their first event. */
  list(): FieldCount[] {
    return [...this.#groups.values()].sort((a, b) => b.events - a.events);
  }
}

/** A value of a field as one text: the values of a list with `; ` between them, objects as JSON. Nothing is an empty text. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(fieldText).join("; ");
  return typeof value === "string" ? value : jsonText(value);
}
