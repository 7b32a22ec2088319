/** Complete sequences that wait until their trailing missing event can no longer occur. */
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
  readonly #heap: Waiting<E>[] = [];
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
    const heap = this.#heap;
    let at = heap.push(waiting) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!earlier(waiting, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = waiting;
  }

  /** Takes out the next one whose deadline lies before the time given; null where there is none. */
  due(millis: number, nanos: number): Waiting<E> | null {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined) return null;
      if (!top.over && compareTimes(top.deadlineMillis, top.deadlineNanos, millis, nanos) >= 0) return null;
      this.#pop();
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
    return this.#heap.filter((one) => !one.over).sort((a, b) => a.number - b.number);
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
    if (this.#heap.length > 64 && this.#heap.length > this.live * 2) this.#tidy();
  }

  #tidy(): void {
    const left = this.#heap
      .filter((one) => !one.over)
      .sort((a, b) => compareTimes(a.deadlineMillis, a.deadlineNanos, b.deadlineMillis, b.deadlineNanos) || a.number - b.number);
    this.#heap.length = 0;
    for (const one of left) this.#heap.push(one);
  }

  #pop(): void {
    const heap = this.#heap;
    const moved = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child++;
      if (!earlier(heap[child]!, moved)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  }
}

function earlier<E>(a: Waiting<E>, b: Waiting<E>): boolean {
  const difference = compareTimes(a.deadlineMillis, a.deadlineNanos, b.deadlineMillis, b.deadlineNanos);
  return difference < 0 || (difference === 0 && a.number < b.number);
}
