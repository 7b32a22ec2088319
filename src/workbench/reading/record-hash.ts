import type { HashSecrets } from "../../readers/index.ts";

/** What the hashes of one run have in common, in whatever thread they are made. */
export type RecordSecrets = HashSecrets;

export function newSecrets(): RecordSecrets {
  return [secret(), secret(), secret(), secret()];
}

/**
 * 64 bits of texts and numbers under secrets of one run: nobody can write an event that is taken for another. Its use is short: `begin`,
 * add what belongs together, read `high` and `low`.
 */
export class RecordHash {
  readonly #factor: number;
  readonly #factor2: number;
  readonly #seed: number;
  readonly #seed2: number;
  /** Hashes of the texts that came lately. */
  #recent = new Map<string, number>();
  readonly #buffer = new Uint8Array(SLICE * 3 + 4);
  readonly #words = new Int32Array(this.#buffer.buffer);
  high = 0;
  low = 0;

  constructor([factor, factor2, seed, seed2]: RecordSecrets = newSecrets()) {
    this.#factor = factor;
    this.#factor2 = factor2;
    this.#seed = seed;
    this.#seed2 = seed2;
  }

  begin(): void {
    this.high = this.#seed;
    this.low = this.#seed2;
  }

  /** A text and its length, so that `ab`, `c` is not `a`, `bc`. */
  text(text: string): void {
    const { length } = text;
    this.word(length);
    if (length <= SHORT) this.#units(text);
    else for (let from = 0; from < length; from += SLICE) this.#bytes(length <= SLICE ? text : text.slice(from, from + SLICE));
  }

  #units(text: string): void {
    const factor = this.#factor;
    const factor2 = this.#factor2;
    const { length } = text;
    let x = this.high;
    let y = this.low;
    // The halves are shifted differently: what cancels in one does not in the other.
    for (let i = 0; i < length; i += 2) {
      const pair = i + 1 < length ? (text.charCodeAt(i) << 16) | text.charCodeAt(i + 1) : text.charCodeAt(i);
      x = Math.imul(x ^ pair, factor);
      x ^= x >>> 15;
      y = Math.imul(y ^ pair, factor2);
      y ^= y >>> 13;
    }
    this.high = x;
    this.low = y;
  }

  /** The same with four bytes of UTF-8 at a time, which is several times quicker for a long text. */
  #bytes(text: string): void {
    const { written } = ENCODER.encodeInto(text, this.#buffer);
    this.#buffer.fill(0, written, written + 4);
    const factor = this.#factor;
    const factor2 = this.#factor2;
    const words = this.#words;
    const last = (written + 3) >> 2;
    let x = this.high;
    let y = this.low;
    for (let i = 0; i < last; i++) {
      const word = words[i]!;
      x = Math.imul(x ^ word, factor);
      x ^= x >>> 15;
      y = Math.imul(y ^ word, factor2);
      y ^= y >>> 13;
    }
    this.high = x;
    this.low = y;
  }

  /**
   * A text that may well have come before, as names and values of Windows' events do: by 32 bits of it, and quicker. Carriage returns do
   * not count: XML ends lines with a line feed alone.
   */
  repeated(text: string): void {
    let known = this.#recent.get(text);
    if (known === undefined) {
      const { high, low } = this;
      this.begin();
      this.text(text.includes("\r") ? text.replaceAll("\r", "") : text);
      known = this.high;
      this.high = high;
      this.low = low;
      if (this.#recent.size >= MAX_RECENT) this.#recent = new Map();
      if (text.length <= MAX_RECENT_LENGTH) this.#recent.set(text, known);
    }
    this.word(known);
  }

  /** 32 bits. */
  word(word: number): void {
    const x = Math.imul(this.high ^ word, this.#factor);
    this.high = x ^ (x >>> 15);
    const y = Math.imul(this.low ^ word, this.#factor2);
    this.low = y ^ (y >>> 13);
  }

  /** A whole number up to 2^63. */
  whole(number: number): void {
    this.word(number | 0);
    this.word((number / 0x1_0000_0000) | 0);
  }
}

/** Texts, of these lengths at most: some megabytes. */
const MAX_RECENT = 16_384;
const MAX_RECENT_LENGTH = 128;

const ENCODER = new TextEncoder();
/** Up to this length a text is quicker read unit by unit. */
const SHORT = 32;
/** Longer texts are encoded in slices. */
const SLICE = 16_384;

/** An odd number of 31 bits. */
function secret(): number {
  return Math.floor(Math.random() * 0x4000_0000) * 2 + 1;
}
