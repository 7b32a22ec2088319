/** Numbers by the offsets of a chunk: a map without hashing, emptied in as many steps as it has entries. */
export class OffsetTable {
  /** The number plus 1; 0 = none. */
  readonly #at = new Int32Array(65_536);
  readonly #offsets: number[] = [];

  /** -1 where there is none; also beyond a chunk's end. */
  get(offset: number): number {
    return (this.#at[offset] ?? 0) - 1;
  }

  /** @param offset below 65,536 and not in the table. */
  set(offset: number, number: number): void {
    this.#at[offset] = number + 1;
    this.#offsets.push(offset);
  }

  clear(): void {
    for (let i = 0; i < this.#offsets.length; i++) this.#at[this.#offsets[i]!] = 0;
    this.#offsets.length = 0;
  }
}
