/** The longest times without an event. */
export interface TimeGap {
  readonly ms: number;
  /** When the last event before it was, and the first after it. */
  readonly from: string;
  readonly to: string;
}

const KEPT = 3;

/** Takes the events of one channel in the order in which they lie in a file. */
export class TimeGaps {
  readonly #longest: TimeGap[] = [];
  #previous: { readonly ms: number; readonly time: string } | null = null;

  /** Another file begins: what lies between it and the one before is no gap. */
  restart(): void {
    this.#previous = null;
  }

  /** False where the event lies before the one that came last. */
  add(ms: number, time: string): boolean {
    const previous = this.#previous;
    this.#previous = { ms, time };
    if (previous === null) return true;
    if (ms < previous.ms) return false;
    const gap = ms - previous.ms;
    if (this.#longest.length < KEPT || gap > this.#longest.at(-1)!.ms) {
      this.#longest.push({ ms: gap, from: previous.time, to: time });
      this.#longest.sort((a, b) => b.ms - a.ms);
      this.#longest.splice(KEPT);
    }
    return true;
  }

  /** The longest first. */
  get longest(): readonly TimeGap[] {
    return this.#longest;
  }
}
