/** What a costly function of a text gives, remembered: paths, hashes and command lines repeat from event to event. */

/** Hostile input repeats nothing: what is remembered stays within these. */
const MAX_ENTRIES = 4_096;
const MAX_CHARACTERS = 1_000_000;
/** Longer texts seldom repeat. */
const MAX_LENGTH = 2_048;

export class Memo<Result> {
  readonly #compute: (value: string) => Result;
  readonly #results = new Map<string, Result>();
  #characters = 0;

  /** @param compute pure. Its results are shared by all who ask: whoever writes into one copies it first. */
  constructor(compute: (value: string) => Result) {
    this.#compute = compute;
  }

  of(value: string): Result {
    if (value.length > MAX_LENGTH) return this.#compute(value);
    const known = this.#results.get(value);
    if (known !== undefined) return known;
    const result = this.#compute(value);
    this.#characters += value.length;
    if (this.#results.size >= MAX_ENTRIES || this.#characters > MAX_CHARACTERS) {
      this.#results.clear();
      this.#characters = value.length;
    }
    this.#results.set(value, result);
    return result;
  }
}
