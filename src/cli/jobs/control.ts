/** What the threads of a hunt tell each other without a message: numbers in memory that they share. */

const NEXT = 0;

/** Room for the numbers of so many threads and files. */
export function newControl(threads: number, files: number): Int32Array {
  const control = new Int32Array(new SharedArrayBuffer(4 * (2 + threads + files)));
  control[1] = threads;
  control.fill(NOWHERE, 2 + threads);
  return control;
}

const NOWHERE = 0x7fff_ffff;

export class Control {
  readonly #numbers: Int32Array;
  readonly #thread: number;
  readonly #firstFile: number;

  /** @param thread whose weight `ahead` is */
  constructor(numbers: Int32Array, thread: number) {
    this.#numbers = numbers;
    this.#thread = 2 + thread;
    this.#firstFile = 2 + numbers[1]!;
  }

  /** The number of a unit that nobody has taken yet. */
  takeUnit(): number {
    return Atomics.add(this.#numbers, NEXT, 1);
  }

  /** The weight of the thread's batches that the hunt has not taken. */
  get ahead(): number {
    return Atomics.load(this.#numbers, this.#thread);
  }

  emitted(weight: number): void {
    Atomics.add(this.#numbers, this.#thread, weight);
  }

  taken(weight: number): void {
    Atomics.sub(this.#numbers, this.#thread, weight);
    Atomics.notify(this.#numbers, this.#thread);
  }

  /** Stops the thread until no more than this is ahead. */
  wait(most: number): void {
    for (let ahead = this.ahead; ahead > most; ahead = this.ahead) Atomics.wait(this.#numbers, this.#thread, ahead);
  }

  /** A unit goes on to the end of its file: those behind it are void. */
  endFile(file: number, unit: number): void {
    const at = this.#firstFile + file;
    for (let last = Atomics.load(this.#numbers, at); unit < last; last = Atomics.load(this.#numbers, at))
      Atomics.compareExchange(this.#numbers, at, last, unit);
  }

  /** Nothing is left to do for any thread. */
  stop(): void {
    Atomics.store(this.#numbers, NEXT, NOWHERE >> 1);
    for (let at = this.#firstFile; at < this.#numbers.length; at++) Atomics.store(this.#numbers, at, -1);
  }

  /** Whether a unit before this one has gone on to the end of the file. */
  isVoid(file: number, unit: number): boolean {
    return Atomics.load(this.#numbers, this.#firstFile + file) < unit;
  }
}
