import type { ReadOptions } from "../format.ts";
import { Gathering } from "../gathering.ts";
import type { Decoder, PartEnd, Sink } from "../record.ts";
import { isInvalidUtf8 } from "./text.ts";

const NEWLINE = 0x0a;
/** Decoded at a time. One character beyond Latin-1 makes V8 hold a whole block in two bytes a character, so blocks are small. */
const BLOCK_BYTES = 64 * 1024;

/** What a format of one record per line makes of the lines. */
export interface LineHandler {
  /**
   * A line that is not empty, without its line feed (a carriage return stays). Bytes that are no UTF-8 are U+FFFD and reported before.
   * @param number from 1; empty lines and those that are too long count
   * @param ended false for the last line of a file where no line feed ends it
   */
  line(text: string, number: number, sink: Sink, ended: boolean): void;
  /**
   * Takes whole lines without their texts; -1 where it does not, else how many they are.
   * @param before the number of the line before them
   */
  block?(bytes: Uint8Array, before: number, sink: Sink): number;
  /** A line longer than `maxRecordBytes` was skipped. */
  tooLong(number: number, sink: Sink): void;
  /** No more lines. */
  end(sink: Sink): void;
  /** Nothing of the lines so far bears on those to come. Left out: something may. */
  readonly isFresh?: boolean;
}

/**
 * UTF-8 bytes in any split, lines out: what every format of lines shares. A line is held only until it ends, so memory is bounded by
 * the longest one allowed.
 */
export class LineDecoder implements Decoder {
  readonly #file: string;
  readonly #handler: LineHandler;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #maxBytes: number;
  readonly #blockBytes: number;
  /** The beginning of a line whose end has not come. */
  readonly #held = new Gathering();
  /** The line is longer than allowed: drop bytes until it ends. */
  #dropping = false;
  /** Lines that ended so far. */
  #lines = 0;

  constructor(file: string, options: ReadOptions, handler: LineHandler) {
    this.#file = file;
    this.#handler = handler;
    this.#maxBytes = options.maxRecordBytes;
    this.#blockBytes = Math.min(BLOCK_BYTES, options.maxRecordBytes);
  }

  push(bytes: Uint8Array, sink: Sink): void {
    let from = 0;
    if (this.#dropping || this.#held.length > 0) {
      const end = bytes.indexOf(NEWLINE);
      if (end < 0) return this.#hold(bytes, sink);
      if (this.#dropping) this.#endDropped();
      else if (this.#held.length + end > this.#maxBytes) {
        this.#tooLong(sink);
        this.#endDropped();
      } else {
        this.#held.add(bytes.subarray(0, end + 1));
        this.#blockHeld(sink);
      }
      from = end + 1;
    }
    const last = bytes.lastIndexOf(NEWLINE);
    while (from <= last) {
      let end = last + 1;
      if (end - from > this.#blockBytes) {
        const cut = bytes.lastIndexOf(NEWLINE, from + this.#blockBytes);
        end = (cut >= from ? cut : bytes.indexOf(NEWLINE, from)) + 1;
      }
      // Only a line alone in its block is longer than a block.
      if (end - 1 - from > this.#maxBytes) {
        this.#tooLong(sink);
        this.#endDropped();
      } else this.#block(bytes.subarray(from, end), sink);
      from = end;
    }
    if (from < bytes.length) this.#hold(bytes.subarray(from), sink);
  }

  end(sink: Sink): void {
    if (this.#held.length > 0) this.#blockHeld(sink);
    this.#handler.end(sink);
  }

  endPart(): PartEnd | null {
    const isWhole = this.#held.length === 0 && !this.#dropping;
    return isWhole && this.#handler.isFresh === true ? { lines: this.#lines } : null;
  }

  #hold(bytes: Uint8Array, sink: Sink): void {
    if (this.#dropping) return;
    if (this.#held.length + bytes.length > this.#maxBytes) return this.#tooLong(sink);
    this.#held.add(bytes);
  }

  #blockHeld(sink: Sink): void {
    this.#block(this.#held.view(), sink);
    this.#held.clear();
  }

  #tooLong(sink: Sink): void {
    this.#held.clear();
    this.#dropping = true;
    this.#handler.tooLong(this.#lines + 1, sink);
  }

  #endDropped(): void {
    this.#dropping = false;
    this.#lines++;
  }

  /** Whole lines, the last one perhaps without its line feed. */
  #block(bytes: Uint8Array, sink: Sink): void {
    const lines = this.#handler.block?.(bytes, this.#lines, sink) ?? -1;
    if (lines >= 0) {
      this.#lines += lines;
      return;
    }
    const text = this.#text.decode(bytes);
    const invalid = text.includes("\uFFFD") ? invalidLines(bytes) : NONE;
    const length = text.length;
    for (let start = 0, n = 0; start < length; n++) {
      const feed = text.indexOf("\n", start);
      const end = feed < 0 ? length : feed;
      const number = ++this.#lines;
      if (invalid.has(n)) {
        const place = { file: this.#file, line: number };
        sink.problem({ code: "text/invalid-utf8", severity: "warning", message: "Bytes that are no UTF-8 were read as U+FFFD", place });
      }
      if (end > start) this.#handler.line(text.slice(start, end), number, sink, feed >= 0);
      start = end + 1;
    }
  }
}

const NONE: ReadonlySet<number> = new Set();

/** Which lines of a block, from 0, hold bytes that are no UTF-8; U+FFFD itself is a character like any other. */
function invalidLines(bytes: Uint8Array): ReadonlySet<number> {
  const lines = new Set<number>();
  for (let start = 0, n = 0; start < bytes.length; n++) {
    let end = bytes.indexOf(NEWLINE, start);
    if (end < 0) end = bytes.length;
    if (isInvalidUtf8(bytes.subarray(start, end))) lines.add(n);
    start = end + 1;
  }
  return lines;
}
