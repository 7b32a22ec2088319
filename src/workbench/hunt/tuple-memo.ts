/** Remembers something of tuples of small whole numbers, all of one length, without making anything to look one up. Bounded: when it is full it starts anew. */
export class TupleMemo<T> {
  /** To be filled before `find` or `set`. */
  readonly tuple: Int32Array;
  readonly #length: number;
  readonly #most: number;
  #places = FIRST_PLACES;
  #tuples: Int32Array;
  #values: (T | undefined)[];
  #size = 0;

  /** @param most a power of two, 16 at least; half of it are remembered. */
  constructor(length: number, most: number) {
    this.tuple = new Int32Array(length);
    this.#length = length;
    this.#most = most;
    this.#tuples = new Int32Array(length * FIRST_PLACES);
    this.#values = emptyPlaces(FIRST_PLACES);
  }

  find(): T | undefined {
    return this.#values[this.#place()];
  }

  set(value: T): void {
    if (this.#size >= this.#places / 2) {
      if (this.#places >= this.#most) this.clear();
      else this.#grow();
    }
    const place = this.#place();
    if (this.#values[place] === undefined) this.#size++;
    this.#values[place] = value;
    this.#tuples.set(this.tuple, place * this.#length);
  }

  #grow(): void {
    const wanted = this.tuple.slice();
    const [tuples, values] = [this.#tuples, this.#values];
    this.#places *= 4;
    this.#tuples = new Int32Array(this.#length * this.#places);
    this.#values = emptyPlaces(this.#places);
    values.forEach((value, old) => {
      if (value === undefined) return;
      this.tuple.set(tuples.subarray(old * this.#length, (old + 1) * this.#length));
      const place = this.#place();
      this.#values[place] = value;
      this.#tuples.set(this.tuple, place * this.#length);
    });
    this.tuple.set(wanted);
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
    for (let place = (hash ^ (hash >>> 16)) & (this.#places - 1); ; place = (place + 1) & (this.#places - 1)) {
      if (this.#values[place] === undefined) return place;
      const from = place * length;
      let i = 0;
      while (i < length && this.#tuples[from + i] === tuple[i]) i++;
      if (i === length) return place;
    }
  }
}

const FIRST_PLACES = 16;

function emptyPlaces<T>(length: number): (T | undefined)[] {
  return Array.from<T | undefined>({ length }).fill(undefined);
}
