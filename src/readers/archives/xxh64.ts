/**
 * XXH64 with seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), whose low half is the content checksum of Zstandard frames.
 * The stripes are hashed in halves of 32 bits, because bigint is too slow for them; only the end of the content is hashed with bigint.
 */

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;
/** The halves of the two primes that stripes are multiplied by. */
const PRIME_1_LOW = 0x85ebca87;
const PRIME_1_HIGH = 0x9e3779b1;
const PRIME_2_LOW = 0x27d4eb4f;
const PRIME_2_HIGH = 0xc2b2ae3d;

/** Four lanes of eight bytes each. */
const STRIPE_BYTES = 32;

export class Xxh64 {
  /** Low and high half of each lane. */
  readonly #lanes = new Int32Array(8);
  readonly #rest = new Uint8Array(STRIPE_BYTES);
  #restBytes = 0;
  #total = 0;

  constructor() {
    [PRIME_1 + PRIME_2, PRIME_2, 0n, -PRIME_1].forEach((start, lane) => {
      this.#lanes[lane * 2] = Number(BigInt.asIntN(32, start));
      this.#lanes[lane * 2 + 1] = Number(BigInt.asIntN(32, start >> 32n));
    });
  }

  update(bytes: Uint8Array): void {
    this.#total += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(STRIPE_BYTES - this.#restBytes, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < STRIPE_BYTES) return;
      hashStripes(this.#lanes, this.#rest, 0, STRIPE_BYTES);
      this.#restBytes = 0;
    }
    const whole = at + Math.floor((bytes.length - at) / STRIPE_BYTES) * STRIPE_BYTES;
    hashStripes(this.#lanes, bytes, at, whole);
    this.#rest.set(bytes.subarray(whole));
    this.#restBytes = bytes.length - whole;
  }

  /** The hash of everything so far. */
  digest(): bigint {
    let hash = (this.#total < STRIPE_BYTES ? PRIME_5 : this.#merged()) + BigInt(this.#total);
    const view = new DataView(this.#rest.buffer, 0, this.#restBytes);
    let at = 0;
    for (; at + 8 <= this.#restBytes; at += 8) {
      hash = rotated(wrapped(hash) ^ hashWord(0n, view.getBigUint64(at, true)), 27n) * PRIME_1 + PRIME_4;
    }
    if (at + 4 <= this.#restBytes) {
      hash = rotated(wrapped(hash) ^ wrapped(BigInt(view.getUint32(at, true)) * PRIME_1), 23n) * PRIME_2 + PRIME_3;
      at += 4;
    }
    for (; at < this.#restBytes; at++) hash = rotated(wrapped(hash) ^ wrapped(BigInt(view.getUint8(at)) * PRIME_5), 11n) * PRIME_1;
    hash = wrapped(hash);
    hash = wrapped((hash ^ (hash >> 33n)) * PRIME_2);
    hash = wrapped((hash ^ (hash >> 29n)) * PRIME_3);
    return hash ^ (hash >> 32n);
  }

  #merged(): bigint {
    const lanes = [0, 1, 2, 3].map((lane) => {
      const low = BigInt.asUintN(32, BigInt(this.#lanes[lane * 2]!));
      return (BigInt.asUintN(32, BigInt(this.#lanes[lane * 2 + 1]!)) << 32n) | low;
    }) as [bigint, bigint, bigint, bigint];
    let hash = rotated(lanes[0], 1n) + rotated(lanes[1], 7n) + rotated(lanes[2], 12n) + rotated(lanes[3], 18n);
    for (const lane of lanes) hash = (wrapped(hash) ^ hashWord(0n, lane)) * PRIME_1 + PRIME_4;
    return hash;
  }
}

function wrapped(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotated(value: bigint, by: bigint): bigint {
  const word = wrapped(value);
  return wrapped(word << by) | (word >> (64n - by));
}

/** One round: the lane with one more word of eight bytes in it. */
function hashWord(lane: bigint, word: bigint): bigint {
  return wrapped(rotated(lane + wrapped(word * PRIME_2), 31n) * PRIME_1);
}

/** The same round on halves of 32 bits, for all whole stripes between two offsets. */
function hashStripes(lanes: Int32Array, b: Uint8Array, from: number, to: number): void {
  for (let lane = 0; lane < 4; lane++) {
    let low = lanes[lane * 2]!;
    let high = lanes[lane * 2 + 1]!;
    for (let at = from + lane * 8; at < to; at += STRIPE_BYTES) {
      const wordLow = b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24);
      const wordHigh = b[at + 4]! | (b[at + 5]! << 8) | (b[at + 6]! << 16) | (b[at + 7]! << 24);
      const addLow = Math.imul(wordLow, PRIME_2_LOW);
      const addHigh = (upperHalf(wordLow, PRIME_2_LOW) + Math.imul(wordHigh, PRIME_2_LOW) + Math.imul(wordLow, PRIME_2_HIGH)) | 0;
      const sum = (low >>> 0) + (addLow >>> 0);
      const sumHigh = (high + addHigh + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      const sumLow = sum | 0;
      // Rotated by 31.
      const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
      const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
      low = Math.imul(turnedLow, PRIME_1_LOW);
      high = (upperHalf(turnedLow, PRIME_1_LOW) + Math.imul(turnedHigh, PRIME_1_LOW) + Math.imul(turnedLow, PRIME_1_HIGH)) | 0;
    }
    lanes[lane * 2] = low;
    lanes[lane * 2 + 1] = high;
  }
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function upperHalf(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  // Neither sum exceeds 32 bits.
  const cross = a1 * b0 + (Math.imul(a0, b0) >>> 16);
  return (Math.imul(a1, b1) + (cross >>> 16) + ((a0 * b1 + (cross & 0xffff)) >>> 16)) | 0;
}
