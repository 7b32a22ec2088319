/** A binary heap: the first of its entries is known at once, adding and taking it out cost the logarithm of their number. */
export class Heap<T> {
  readonly #entries: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before whether `a` comes out before `b`; a strict order */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  /** In no order but that `entries[0]` is the first. */
  get entries(): readonly T[] {
    return this.#entries;
  }

  get first(): T | undefined {
    return this.#entries[0];
  }

  get size(): number {
    return this.#entries.length;
  }

  push(entry: T): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(entry, entries[parent]!)) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  /** Takes the first out; undefined where the heap is empty. */
  pop(): T | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const moved = entries.pop();
    if (moved === undefined || entries.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && this.#before(entries[child + 1]!, entries[child]!)) child++;
      if (!this.#before(entries[child]!, moved)) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = moved;
    return first;
  }

  /** Keeps only the entries that `isKept` says. */
  filter(isKept: (entry: T) => boolean): void {
    const kept = this.#entries.filter(isKept);
    this.#entries.length = 0;
    for (const entry of kept) this.push(entry);
  }
}
