/** Chunks of event logs out of bytes of any kind: disk images, memory, swap files, unallocated space. */
import type { Format, ReadOptions } from "../format.ts";
import type { Decoder, Problem, Sink } from "../record.ts";
import { CHUNK_BYTES, ChunkReader, isChunk, isChunkHeader } from "./chunk.ts";

/** For what no format of the table knows, when carving was asked for. It is not in the table: it would take every file. */
export const carveFormat: Format = {
  id: "evtx-carved",
  title: "chunks of Windows event logs",
  text: false,
  sniff: () => 0,
  open: (file, options) => new CarveDecoder(file, options),
};

/** Two chunks and what is pushed at once: most pushes are copied once. */
const BUFFER_BYTES = 8 * CHUNK_BYTES;

/**
 * Looks for the beginning of chunks at every byte. A chunk ends where the next begins, at the latest after 64 KiB: on a disk the
 * second half of one may have been given to another file. Linear: no byte is read as part of two chunks.
 */
class CarveDecoder implements Decoder {
  readonly #file: string;
  readonly #chunks: ChunkReader;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #held = 0;
  /** Of the first byte that is held. */
  #offset = 0;
  #found = 0;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#chunks = new ChunkReader(file, options);
  }

  push(bytes: Uint8Array, sink: Sink): void {
    for (let from = 0; from < bytes.length;) {
      const take = Math.min(BUFFER_BYTES - this.#held, bytes.length - from);
      this.#buffer.set(bytes.subarray(from, from + take), this.#held);
      this.#held += take;
      from += take;
      if (this.#held === BUFFER_BYTES) this.#scan(sink, false);
    }
  }

  end(sink: Sink): void {
    this.#scan(sink, true);
    this.#chunks.end(sink);
    if (this.#found === 0) this.#problem(sink, "input/unknown-format", "error", "Not read: there is no chunk of an event log in it");
    else
      this.#problem(
        sink,
        "evtx/carved",
        "warning",
        `${this.#found} chunks of event logs were carved out; their records may be old, doubled, or of several logs`,
      );
  }

  #scan(sink: Sink, last: boolean): void {
    const held = this.#buffer.subarray(0, this.#held);
    let at = 0;
    for (;;) {
      const start = nextChunk(held, at);
      if (start < 0) {
        // A header may go on with the next bytes.
        at = last ? held.length : Math.max(at, held.length - 64);
        break;
      }
      at = start;
      const whole = start + CHUNK_BYTES <= held.length;
      if (!whole && !last) break;
      const limit = whole ? start + CHUNK_BYTES : held.length;
      const next = nextChunk(held.subarray(0, limit), start + 1);
      const end = next < 0 ? limit : next;
      this.#found++;
      this.#chunks.read(held.subarray(start, end), this.#offset + start, sink);
      at = end;
    }
    this.#buffer.copyWithin(0, at, this.#held);
    this.#held -= at;
    this.#offset += at;
  }

  #problem(sink: Sink, code: string, severity: Problem["severity"], message: string): void {
    sink.problem({ code, severity, message, place: { file: this.#file } });
  }
}

function nextChunk(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x45, from); at >= 0; at = bytes.indexOf(0x45, at + 1))
    if (isChunk(bytes, at) && isChunkHeader(bytes, at)) return at;
  return -1;
}
