/** Fields of the document in the line that was walked last, asked for by their dotted names. */
import type { FieldExtractor, Json, JsonObject } from "../../readers/index.ts";

/** Numbers of values that `FieldExtractor.number` gives to what has none of its own. */
export const OBJECT = 1;

export class LineFields {
  readonly extractor: FieldExtractor;
  readonly #paths: (readonly string[])[] = [];
  readonly #slots = new Map<string, number>();

  constructor(extractor: FieldExtractor) {
    this.extractor = extractor;
  }

  /** The slot of a field. A new one has no values before the next line: see `isKnown`. -1 where it has none: there are too many, or its name is odd. */
  slot(field: string): number {
    let slot = this.#slots.get(field);
    if (slot === undefined) {
      // A document is made of the fields: nothing of it must become a prototype.
      slot = field.split(".").some((name) => name in Object.prototype) ? -1 : this.extractor.ask(field);
      this.#slots.set(field, slot);
      if (slot >= 0) this.#paths[slot] = field.split(".");
    }
    return slot;
  }

  /** Whether the field was asked for when the line was walked. */
  isKnown(slot: number): boolean {
    return slot >= 0 && slot < this.extractor.slots;
  }

  /** A document with these fields alone. */
  document(slots: ArrayLike<number>, more: ArrayLike<number> = []): JsonObject {
    const document: JsonObject = {};
    for (let i = 0; i < slots.length; i++) this.#place(document, slots[i]!);
    for (let i = 0; i < more.length; i++) this.#place(document, more[i]!);
    return document;
  }

  #place(document: JsonObject, slot: number): void {
    if (this.extractor.number(slot) !== 0) place(document, this.#paths[slot]!, this.extractor.value(slot)!);
  }
}

/** Nothing but an object is on the way to a field: that is certain of lines that are not left to the parser. */
function place(document: JsonObject, path: readonly string[], value: Json): void {
  let at = document;
  for (let i = 0; i < path.length - 1; i++) at = (at[path[i]!] ??= {}) as JsonObject;
  const last = path.at(-1)!;
  // An object may have been made for a field in it.
  if (typeof value !== "object" || value === null || Array.isArray(value) || at[last] === undefined) at[last] = value;
}
