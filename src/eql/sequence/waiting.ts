/** Complete sequences that wait until their trailing missing event can no longer occur. */
import { Heap } from "../run/heap.ts";
import { compareTimes } from "../run/ordinal.ts";

export interface Waiting<E> {
  readonly key: string;
  readonly hash: number;
  readonly number: number;
  readonly events: readonly (E | null)[];
  /** It fires once this time has passed; equal has not. */
  readonly deadlineMillis: number;
  readonly deadlineNanos: number;
  /** The time of its last event: only later ones can spoil it. */
  readonly lastMillis: number;
  readonly lastNanos: number;
  /** Fired or spoilt, and still in one of the two lists. */
  over: boolean;
}

interface Queue<E> {
  readonly list: Waiting<E>[];
  start: number;
  live: number;
}

/** A heap by deadline over all keys, and per key a queue in the order of the last event. */
export class WaitingList<E> {
  live = 0;
  readonly #heap = new Heap<Waiting<E>>(earlier);
  readonly #queues = new Map<string, Queue<E>>();

  /** How many wait under a key. */
  of(key: string): number {
    return this.#queues.get(key)?.live ?? 0;
  }

  add(waiting: Waiting<E>): void {
    let queue = this.#queues.get(waiting.key);
    if (queue === undefined) this.#queues.set(waiting.key, (queue = { list: [], start: 0, live: 0 }));
    queue.list.push(waiting);
    queue.live++;
    this.live++;
    this.#heap.push(waiting);
  }

  /** Takes out the next one whose deadline lies before the time given; null where there is none. */
  due(millis: number, nanos: number): Waiting<E> | null {
    for (;;) {
      const top = this.#heap.first;
      if (top === undefined) return null;
      if (!top.over && compareTimes(top.deadlineMillis, top.deadlineNanos, millis, nanos) >= 0) return null;
      this.#heap.pop();
      if (top.over) continue;
      this.#finish(top, this.#queues.get(top.key)!);
      return top;
    }
  }

  /** An event that must be missing occurred: ends those of the key whose last event lies before it. */
  spoil(key: string, millis: number, nanos: number): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    while (queue.start < queue.list.length) {
      const first = queue.list[queue.start]!;
      if (!first.over) {
        if (compareTimes(first.lastMillis, first.lastNanos, millis, nanos) >= 0) return;
        this.#finish(first, queue);
        continue;
      }
      queue.start++;
    }
  }

  /** All that wait, in the order in which they completed. */
  all(): Waiting<E>[] {
    return this.#heap.entries.filter((one) => !one.over).sort((a, b) => a.number - b.number);
  }

  #finish(waiting: Waiting<E>, queue: Queue<E>): void {
    waiting.over = true;
    this.live--;
    queue.live--;
    if (queue.live === 0) {
      this.#queues.delete(waiting.key);
      queue.start = queue.list.length;
    } else {
      while (queue.list[queue.start]?.over === true) queue.start++;
      if (queue.start > 64 && queue.start * 2 > queue.list.length) {
        queue.list.splice(0, queue.start);
        queue.start = 0;
      }
    }
    // Spoilt ones stay in the heap until they are due; not more of them than live ones.
    if (this.#heap.size > 64 && this.#heap.size > this.live * 2) this.#heap.filter((one) => !one.over);
  }
}

function earlier<E>(a: Waiting<E>, b: Waiting<E>): boolean {
  const difference = compareTimes(a.deadlineMillis, a.deadlineNanos, b.deadlineMillis, b.deadlineNanos);
  return difference < 0 || (difference === 0 && a.number < b.number);
}
