/**
 * Events in event-time order, whatever order they were read in, with bounded memory.
 *
 * Files of many hosts are read one after the other; a sequence may begin in one and end in another. Only events that satisfy some
 * item of some sequence are added here. Up to `limit` of them, or so much weight, are held; then they are sorted and handed to the
 * spill as one run.
 * `inOrder` merges the runs. Without a spill (in a page) the surplus is dropped.
 */
export class Timeline<E> {
  #held: Timed<E>[] = [];
  #order = 0;
  readonly #runs: Iterable<Timed<E>>[] = [];
  readonly #limit: number;
  readonly #spill: Spill<E> | null;
  readonly #weight: Weight<E> | null;
  #heldWeight = 0;

  constructor(limit: number, spill: Spill<E> | null, weight: Weight<E> | null = null) {
    this.#limit = limit;
    this.#spill = spill;
    this.#weight = weight;
  }

  /** Returns false where the event was dropped: memory is full and there is nowhere to put it. */
  add(ms: number, ns: number, items: readonly number[], event: E): boolean {
    const weight = this.#weight === null ? 0 : this.#weight.of(event);
    if (
      this.#held.length >= this.#limit ||
      (this.#held.length > 0 && this.#weight !== null && this.#heldWeight + weight > this.#weight.most)
    ) {
      if (this.#spill === null) return false;
      this.#runs.push(this.#spill.write(this.#held.sort(compare)));
      this.#held = [];
      this.#heldWeight = 0;
    }
    this.#heldWeight += weight;
    this.#held.push({ ms, ns, order: this.#order++, items, event });
    return true;
  }

  get size(): number {
    return this.#order;
  }

  /** All events, oldest first; equal times in the order they were read. Call it once. */
  *inOrder(): Generator<Timed<E>, void> {
    const runs = [...this.#runs, this.#held.sort(compare)].map((run) => run[Symbol.iterator]());
    if (runs.length === 1) {
      yield* { [Symbol.iterator]: () => runs[0]! };
      return;
    }
    // Few runs (input size / limit), so a sorted list of heads is as good as a heap.
    const heads: { value: Timed<E>; rest: Iterator<Timed<E>> }[] = [];
    const put = (rest: Iterator<Timed<E>>): void => {
      const next = rest.next();
      if (next.done === true) return;
      let at = heads.length;
      while (at > 0 && compare(heads[at - 1]!.value, next.value) < 0) at--;
      heads.splice(at, 0, { value: next.value, rest });
    };
    runs.forEach(put);
    for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
      yield head.value;
      put(head.rest);
    }
  }
}

/** What events weigh, and the most that is held in memory. */
export interface Weight<E> {
  readonly of: (event: E) => number;
  readonly most: number;
}

export interface Timed<E> {
  /** Milliseconds since 1970, whole. */
  readonly ms: number;
  /** Nanoseconds within the millisecond, 0 to 999,999. */
  readonly ns: number;
  /** Position in the input: the last tie-breaker. */
  readonly order: number;
  /** Which items of which sequences the event satisfies. */
  readonly items: readonly number[];
  readonly event: E;
}

/** Where sorted runs go when memory is full: the command line gives temporary files. */
export interface Spill<E> {
  write(run: readonly Timed<E>[]): Iterable<Timed<E>>;
}

function compare(a: { ms: number; ns: number; order: number }, b: { ms: number; ns: number; order: number }): number {
  return a.ms - b.ms || a.ns - b.ns || a.order - b.order;
}
