/** Remembers something of tuples of small whole numbers, all of one length, without making anything to look one up. Bounded: when it is full it starts anew. */
export class TupleMemo<T> {
  /** To be filled before `find` or `set`. */
  readonly tuple: Int32Array;
  readonly #length: number;
  readonly #most: number;
  readonly #tuples: Int32Array;
  readonly #values: (T | undefined)[];
  #size = 0;

  /** @param most a power of two; half of it are remembered. */
  constructor(length: number, most: number) {
    this.tuple = new Int32Array(length);
    this.#length = length;
    this.#most = most;
    this.#tuples = new Int32Array(length * most);
    this.#values = Array.from<T | undefined>({ length: most }).fill(undefined);
  }

  find(): T | undefined {
    return this.#values[this.#place()];
  }

  set(value: T): void {
    if (this.#size >= this.#most / 2) this.clear();
    const place = this.#place();
    if (this.#values[place] === undefined) this.#size++;
    this.#values[place] = value;
    this.#tuples.set(this.tuple, place * this.#length);
  }

  clear(): void {
    this.#size = 0;
    this.#values.fill(undefined);
  }

  /** Where the tuple lies, or would. */
  #place(): number {
    const { tuple } = this;
    const length = this.#length;
    let hash = 0;
    for (let i = 0; i < length; i++) hash = Math.imul((hash ^ tuple[i]!) + i, 0x9e37_79b1) ^ (hash >>> 15);
    for (let place = (hash ^ (hash >>> 16)) & (this.#most - 1); ; place = (place + 1) & (this.#most - 1)) {
      if (this.#values[place] === undefined) return place;
      const from = place * length;
      let i = 0;
      while (i < length && this.#tuples[from + i] === tuple[i]) i++;
      if (i === length) return place;
    }
  }
}
