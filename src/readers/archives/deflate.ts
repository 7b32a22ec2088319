import { Inflate } from "fflate";

/** Compressed bytes given to the inflater at a time: at most 1,032 times as many come out, so this bounds memory. */
const SLICE_BYTES = 16 * 1024;

const NOTHING = new Uint8Array(0);

/**
 * Raw DEFLATE, streamed, that knows where the compressed data ends: what follows it (a checksum, the next member) is the caller's.
 *
 * fflate's `Inflate` does the work. Where the stream ended it keeps to itself, so three of its private fields are read here; the version
 * of fflate is pinned, and the tests of this file fail should they change.
 */
export class Inflater {
  readonly #inflate: InflateInside;
  readonly #output: (bytes: Uint8Array) => void;
  /** Small pushes are gathered: each costs the inflater a copy of its window. */
  #gathered = new Uint8Array(SLICE_BYTES);
  #gatheredLength = 0;
  #inflated: Uint8Array = NOTHING;
  done = false;
  /** The data is no DEFLATE from some point on; what came out before is good. */
  corrupt = false;
  /** The slice in which the fault lies. */
  #failed: Uint8Array = NOTHING;
  /** Compressed bytes taken, those gathered included. After the end: the exact length of the compressed data. */
  inBytes = 0;
  outBytes = 0;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#output = output;
    this.#inflate = new Inflate((bytes) => {
      this.#inflated = bytes;
    }) as unknown as InflateInside;
  }

  /**
   * Takes compressed bytes. Once the data has ended (`done`), returns the bytes after its end, which may begin in an earlier push. `stop`
   * is asked between slices and ends the work early. Once the data is `corrupt`, returns the bytes from about the fault on.
   */
  push(bytes: Uint8Array, stop: () => boolean): Uint8Array {
    let at = 0;
    while (at < bytes.length && !this.done && !this.corrupt && !stop()) {
      if (this.#gatheredLength === 0 && bytes.length - at >= SLICE_BYTES) {
        this.#give(bytes.subarray(at, at + SLICE_BYTES));
        at += SLICE_BYTES;
        continue;
      }
      const take = Math.min(SLICE_BYTES - this.#gatheredLength, bytes.length - at);
      this.#gathered.set(bytes.subarray(at, at + take), this.#gatheredLength);
      this.#gatheredLength += take;
      at += take;
      if (this.#gatheredLength === SLICE_BYTES) this.flush();
    }
    if (this.corrupt) return joined(this.#failed, bytes.subarray(at));
    return this.done ? this.#after(bytes.subarray(at)) : NOTHING;
  }

  /** Inflates what was gathered; returns the bytes after the end of the data when it ended there. */
  flush(): Uint8Array {
    if (this.#gatheredLength === 0 || this.done || this.corrupt) return NOTHING;
    const slice = this.#gathered.slice(0, this.#gatheredLength);
    this.#gatheredLength = 0;
    this.#give(slice);
    if (this.corrupt) return this.#failed;
    return this.done ? this.#after(NOTHING) : NOTHING;
  }

  #give(slice: Uint8Array): void {
    this.inBytes += slice.length;
    if (!this.#tryGive(slice)) {
      this.#giveUpToFault(slice);
      this.corrupt = true;
      this.#failed = slice.slice();
      return;
    }
    const { s: state } = this.#inflate;
    this.done = Boolean(state.f) && !state.l;
  }

  /** A push that fails gives nothing at all; in steps of a byte in the end it gives what lies before the fault. */
  #giveUpToFault(slice: Uint8Array): void {
    let from = 0;
    for (const step of [64, 1]) while (from < slice.length && this.#tryGive(slice.subarray(from, from + step))) from += step;
  }

  /** False, and as if nothing had been pushed, where the data is no DEFLATE. */
  #tryGive(slice: Uint8Array): boolean {
    this.#inflated = NOTHING;
    const { p: pending, s: state } = this.#inflate;
    const before = { ...state };
    try {
      this.#inflate.push(slice);
    } catch {
      this.#inflate.p = pending;
      this.#inflate.s = before;
      return false;
    }
    const out = this.#inflated;
    this.outBytes += out.length;
    if (out.length > 0) this.#output(out);
    return true;
  }

  /** The bytes the inflater holds beyond the end, and those not given to it. */
  #after(rest: Uint8Array): Uint8Array {
    const { s: state, p: pending } = this.#inflate;
    const unused = pending.subarray(state.p > 0 ? 1 : 0);
    this.inBytes -= unused.length;
    return joined(unused, rest);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The parts of fflate 0.8.3's `Inflate` that are read: state (final block flag, literal map, bit position) and unread input. */
interface InflateInside {
  push(chunk: Uint8Array, final?: boolean): void;
  s: { readonly f?: number; readonly l?: unknown; readonly p: number };
  p: Uint8Array;
}
