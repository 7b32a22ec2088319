import type { Part } from "./units.ts";

const NEWLINE = 0x0a;

/** Cuts the bytes of a part out of what is read of its file. */
export class PartBytes {
  /** Where to read from. */
  readonly position: number;
  readonly #to: number;
  readonly #byLines: boolean;
  /** Whether the first line of the part has begun. */
  #begun: boolean;

  constructor({ from, to, starts }: Pick<Part, "from" | "to" | "starts">) {
    this.#byLines = starts.kind === "lines";
    // A line begins at `from` where the byte before it ends one.
    this.position = this.#byLines && from > 0 ? from - 1 : from;
    this.#begun = this.position === from;
    this.#to = to;
  }

  /**
   * What of a chunk belongs to the part, from one index to another; `isLast` where what comes behind does not.
   * @param at the chunk's place in the file; the first chunk lies at `position`, the others behind it.
   */
  of(chunk: Uint8Array, at: number): { readonly from: number; readonly to: number; readonly isLast: boolean } {
    let from = 0;
    if (!this.#begun) {
      const feed = chunk.indexOf(NEWLINE);
      const start = feed < 0 ? chunk.length : feed + 1;
      // A line that reaches over all of the part: none begins in it.
      if (at + start >= this.#to) return { from: 0, to: 0, isLast: true };
      if (feed < 0) return { from: start, to: start, isLast: false };
      this.#begun = true;
      from = start;
    }
    if (at + chunk.length < this.#to) return { from, to: chunk.length, isLast: false };
    if (!this.#byLines) return { from, to: Math.min(chunk.length, this.#to - at), isLast: true };
    const feed = chunk.indexOf(NEWLINE, Math.max(from, this.#to - 1 - at));
    return feed < 0 ? { from, to: chunk.length, isLast: false } : { from, to: feed + 1, isLast: true };
  }
}
