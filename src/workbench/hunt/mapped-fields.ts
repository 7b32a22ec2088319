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

interface MappedField {
  /** Of what it depends on; null where that is everything. */
  readonly slots: readonly number[] | null;
  readonly values: TupleMemo<{ readonly value: FieldValue }>;
  readonly access: FieldAccess;
}

/** How many values may still be remembered, of all fields and kinds together. */
export interface MemoBudget {
  left: number;
}

/** Values remembered of a field of a kind. */
const MAX_VALUES = 4_096;

export class MappedFields {
  /** Since it was set to false, a field of the line could not be told. */
  isUnsure = false;
  readonly #line: LineFields;
  readonly #fields: readonly string[];
  readonly #inputsOf: (field: string) => FieldInputs;
  readonly #normaliser: RecordNormaliser;
  readonly #budget: MemoBudget;
  readonly #known: (MappedField | null)[];
  /** What the kind follows from, and the inputs of all fields that were asked for so far. */
  readonly #slots: Set<number>;
  /** Of the line, as far as fields were asked for; null where it was not needed yet. */
  #event: JsonObject | null = null;

  /** @param kindSlots what the kind follows from. @param fields that may be asked for, by number. */
  constructor(
    line: LineFields,
    kindSlots: readonly number[],
    fields: readonly string[],
    inputsOf: (field: string) => FieldInputs,
    normaliser: RecordNormaliser,
    budget: MemoBudget,
  ) {
    this.#line = line;
    this.#slots = new Set(kindSlots);
    this.#fields = fields;
    this.#inputsOf = inputsOf;
    this.#normaliser = normaliser;
    this.#budget = budget;
    this.#known = fields.map(() => null);
  }

  /** A line of the kind was walked. */
  begin(): void {
    this.isUnsure = false;
    this.#event = null;
  }

  value(field: number): FieldValue {
    const { slots, values, access } = (this.#known[field] ??= this.#mapped(field));
    if (slots === null) return this.#unsure();
    const { extractor } = this.#line;
    const { tuple } = values;
    let isRemembered = true;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (!this.#line.isKnown(slot)) return this.#unsure();
      const number = extractor.number(slot);
      // What is in the object is not known.
      if (number === OBJECT) return this.#unsure();
      if (number < 0) isRemembered = false;
      tuple[i] = number;
    }
    if (!isRemembered) return access(this.event());
    const known = values.find();
    if (known !== undefined) return known.value;
    const value = access(this.event());
    values.set({ value });
    this.#budget.left--;
    return value;
  }

  /** Has the fields that were asked for, and perhaps others: of these it says nothing. */
  event(): JsonObject {
    return (this.#event ??= this.#normaliser.normalise({
      kind: "document",
      place: { file: "" },
      document: this.#line.document(this.#slots),
    }).event);
  }

  #unsure(): undefined {
    this.isUnsure = true;
    return undefined;
  }

  #mapped(field: number): MappedField {
    const name = this.#fields[field]!;
    const inputs = this.#inputsOf(name);
    const slots = inputs === "everything" ? null : inputs.map((input) => this.#line.slot(input));
    // What was made of the line lacks them.
    this.#event = null;
    for (const slot of slots ?? []) if (slot >= 0) this.#slots.add(slot);
    return { slots, values: new TupleMemo(slots?.length ?? 0, MAX_VALUES), access: nestedAccess(name) };
  }
}
