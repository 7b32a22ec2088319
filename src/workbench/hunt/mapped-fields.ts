/**
 * ECS fields of raw Windows events of one kind, from what of their documents the mapping declares that they depend on (`fieldInputs`). Each
 * combination of values is mapped once, by the normaliser itself.
 */
import { nestedAccess } from "../../detect/index.ts";
import type { FieldInputs, RecordNormaliser } from "../../ecs/index.ts";
import type { FieldAccess, FieldValue } from "../../eql/index.ts";
import type { JsonObject } from "../../readers/index.ts";
import { OBJECT, type LineFields } from "./line-fields.ts";
import { TupleMemo } from "./tuple-memo.ts";

/** What some fields depend on, and how they are worked out. */
interface Part {
  /** Null where they depend on everything. */
  readonly slots: readonly number[] | null;
  readonly normaliser: RecordNormaliser;
}

interface MappedField extends Part {
  readonly values: TupleMemo<{ readonly value: FieldValue }>;
  readonly access: FieldAccess;
}

/** How many values may still be remembered, of all fields and kinds together. */
export interface MemoBudget {
  left: number;
}

/** Values remembered of a field of a kind. */
const MAX_VALUES = 4_096;

export interface MappedFieldsOptions {
  readonly line: LineFields;
  /** What the kind follows from. */
  readonly kindSlots: readonly number[];
  /** Those that may be asked for, by number. */
  readonly fields: readonly string[];
  readonly inputsOf: (field: string) => FieldInputs;
  /** Maps documents as far as these fields are concerned. */
  readonly normaliserOf: (fields: readonly string[]) => RecordNormaliser;
  readonly budget: MemoBudget;
}

export class MappedFields {
  /** Since it was set to false, a field of the line could not be told. */
  isUnsure = false;
  readonly #options: MappedFieldsOptions;
  readonly #known: (MappedField | null)[];
  readonly #parts = new Map<readonly string[], Part>();

  constructor(options: MappedFieldsOptions) {
    this.#options = options;
    this.#known = options.fields.map(() => null);
  }

  value(field: number): FieldValue {
    const known = (this.#known[field] ??= this.#field(this.#options.fields[field]!));
    const { slots, values, access } = known;
    if (slots === null) return this.#unsure();
    const { line, budget } = this.#options;
    const { tuple } = values;
    let isRemembered = true;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (!line.isKnown(slot)) return this.#unsure();
      const number = line.extractor.number(slot);
      // What is in the object is not known.
      if (number === OBJECT) return this.#unsure();
      if (number < 0) isRemembered = false;
      tuple[i] = number;
    }
    if (!isRemembered) return access(this.#map(known, slots));
    const remembered = values.find();
    if (remembered !== undefined) return remembered.value;
    const value = access(this.#map(known, slots));
    values.set({ value });
    budget.left--;
    return value;
  }

  /** An event with these fields, or as much of them as is certain. @param fields the same list each time. */
  event(fields: readonly string[]): JsonObject {
    const { line } = this.#options;
    let part = this.#parts.get(fields);
    if (part === undefined) this.#parts.set(fields, (part = this.#part(fields)));
    const { slots } = part;
    if (slots === null || !slots.every((slot) => line.isKnown(slot) && line.extractor.number(slot) !== OBJECT)) {
      this.isUnsure = true;
      return {};
    }
    return this.#map(part, slots);
  }

  #map({ normaliser }: Part, slots: readonly number[]): JsonObject {
    const { line, kindSlots } = this.#options;
    const document = line.document(kindSlots, slots);
    return normaliser.normalise({ kind: "document", place: { file: "" }, document }).event;
  }

  #unsure(): undefined {
    this.isUnsure = true;
    return undefined;
  }

  #field(name: string): MappedField {
    const part = this.#part([name]);
    return { ...part, values: new TupleMemo(part.slots?.length ?? 0, MAX_VALUES), access: nestedAccess(name) };
  }

  #part(fields: readonly string[]): Part {
    const { line, inputsOf, normaliserOf } = this.#options;
    const inputs = new Set<string>();
    let isKnown = true;
    for (const field of fields) {
      const of = inputsOf(field);
      if (of === "everything") isKnown = false;
      else for (const input of of) inputs.add(input);
    }
    return { slots: isKnown ? [...inputs].map((input) => line.slot(input)) : null, normaliser: normaliserOf(fields) };
  }
}
