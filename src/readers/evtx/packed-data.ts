import type { PackedData, TextSpan } from "../record.ts";
import type { Instance } from "./instance.ts";
import type { DataItem } from "./plan.ts";
import { TYPE, type Scalar } from "./values.ts";

/** The event data of an instance all of whose values are scalars. */
export class InstanceData implements PackedData {
  readonly names: readonly (string | undefined)[];
  readonly #items: readonly DataItem[];
  readonly #instance: Instance;

  constructor(names: readonly (string | undefined)[], items: readonly DataItem[], instance: Instance) {
    this.names = names;
    this.#items = items;
    this.#instance = instance;
  }

  value(at: number): string | number | null {
    const { slot, optional, text } = this.#items[at]!;
    if (slot < 0) return text;
    const value = this.#instance.value(slot);
    return value === null && !optional ? "" : (value as Scalar);
  }

  span(at: number, into: TextSpan): boolean {
    const { slot } = this.#items[at]!;
    const instance = this.#instance;
    if (slot < 0 || instance.type(slot) !== TYPE.string) return false;
    const { bytes } = instance.bytes;
    const start = instance.start(slot);
    let end = start + (instance.size(slot) & ~1);
    while (end > start && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
    into.bytes = bytes;
    into.start = start;
    into.end = end;
    return true;
  }
}
