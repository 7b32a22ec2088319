/** A clock: milliseconds since any moment, with fractions, never going back. */
export type Clock = () => number;

/** One round of this many is timed: with some twenty readings of the clock on it, less than a hundredth of what an event costs. */
const EVERY = 251;
/** Rounds before the first that is timed: much is made ready on them. */
const FIRST = 8;

/**
 * How long each of several takes, estimated from a sample of the rounds (events) in which they have their turn. In a round that is
 * timed, `lap` is called after each turn.
 */
export class SampledTimes {
  readonly #clock: Clock;
  readonly #millis: Float64Array;
  readonly #whole: Float64Array;
  /** What reading the clock takes itself. */
  readonly #reading: number;
  #rounds = 0;
  #timed = 0;
  #last = 0;

  constructor(count: number, clock: Clock) {
    this.#clock = clock;
    this.#millis = new Float64Array(count);
    this.#whole = new Float64Array(count);
    this.#reading = readingTime(clock);
  }

  /** A round begins: whether to time it. */
  next(): boolean {
    if (++this.#rounds % EVERY !== FIRST) return false;
    this.#timed++;
    this.start();
    return true;
  }

  /** The next lap begins now. */
  start(): void {
    this.#last = this.#clock();
  }

  /** Milliseconds since the round or the last lap. */
  lap(): number {
    const now = this.#clock();
    const millis = now - this.#last - this.#reading;
    this.#last = now;
    return Math.max(millis, 0);
  }

  /** Time in a round. */
  add(number: number, millis: number): void {
    this.#millis[number]! += millis;
  }

  /** Time outside of the rounds: counted as it is. */
  addWhole(number: number, millis: number): void {
    this.#whole[number]! += millis;
  }

  /** Milliseconds over all rounds, of which some must have been timed, and outside of them. */
  totals(): Float64Array {
    const scale = this.#timed === 0 ? 0 : this.#rounds / this.#timed;
    return this.#millis.map((millis, number) => millis * scale + this.#whole[number]!);
  }
}

/** The median of some readings one after the other: 0 for a clock that is coarse. */
function readingTime(clock: Clock): number {
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const start = clock();
    times.push(clock() - start);
  }
  return times.sort((a, b) => a - b)[100]!;
}
