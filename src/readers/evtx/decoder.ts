/** The file: a header, then slots of 64 KiB (libyal/libevtx documentation). */
import { crc32 } from "../archives/crc32.ts";
import type { Format, ReadOptions } from "../format.ts";
import type { Decoder, PartEnd, Problem, Sink } from "../record.ts";
import { CHUNK_BYTES, ChunkReader, chunkWithin, isChunk, isZero, looksLikeChunk } from "./chunk.ts";

const HEADER_BYTES = 4096;
const FILE_MAGIC = [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00];
/** File header flag: the checksums were never written. */
const NO_CHECKSUMS = 4;

/** How many slots there are before a place; no whole number where it is not between two. */
const slotsUpTo = (offset: number): number => (offset - HEADER_BYTES) / CHUNK_BYTES;

function isFile(bytes: Uint8Array): boolean {
  for (let i = 0; i < 8; i++) if (bytes[i] !== FILE_MAGIC[i]) return false;
  return true;
}

/** Windows event logs. */
export const evtxFormat: Format = {
  id: "evtx",
  title: "Windows event log (EVTX)",
  text: false,
  sniff: ({ bytes }) => (isFile(bytes) || isChunk(bytes, 0) ? 1 : isChunk(bytes, HEADER_BYTES) ? 0.95 : 0),
  open: (file, options) => new EvtxDecoder(file, options),
  parts: {
    starts: (_file, { bytes }) => (isFile(bytes) ? { kind: "slots", first: HEADER_BYTES, size: CHUNK_BYTES } : null),
    open: (file, options, { bytes }, from) => new EvtxDecoder(file, options, { header: bytes.subarray(0, HEADER_BYTES), from }),
  },
};

/**
 * Reads slot after slot to the end of the file, whatever the header says of their number: logs that were copied while open or cut
 * short have a wrong one. A carved chunk without a file header is read too, and logs that were joined to one file.
 */
class EvtxDecoder implements Decoder {
  readonly #file: string;
  readonly #chunks: ChunkReader;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  #held = 0;
  /** Of the first byte that is not read yet. */
  #offset = 0;
  #headerRead = false;
  #declared = 0;
  #seen = 0;

  /** @param part for the slots from `from` on. */
  constructor(file: string, options: ReadOptions, part?: { readonly header: Uint8Array; readonly from: number }) {
    this.#file = file;
    this.#chunks = new ChunkReader(file, options);
    if (part === undefined) return;
    // What is odd about the header is the business of the first part.
    this.push(part.header, { record() {}, problem() {} });
    this.#offset = part.from;
    this.#seen = slotsUpTo(part.from);
  }

  push(bytes: Uint8Array, sink: Sink): void {
    let from = 0;
    while (from < bytes.length) {
      const wanted = this.#headerRead ? CHUNK_BYTES : HEADER_BYTES;
      if (this.#held === 0 && bytes.length - from >= wanted) {
        from += this.#unit(bytes.subarray(from, from + wanted), sink);
        continue;
      }
      const take = Math.min(wanted - this.#held, bytes.length - from);
      this.#buffer.set(bytes.subarray(from, from + take), this.#held);
      this.#held += take;
      from += take;
      while (this.#held >= (this.#headerRead ? CHUNK_BYTES : HEADER_BYTES)) {
        const used = this.#unit(this.#buffer.subarray(0, this.#headerRead ? CHUNK_BYTES : HEADER_BYTES), sink);
        this.#buffer.copyWithin(0, used, this.#held);
        this.#held -= used;
      }
    }
  }

  end(sink: Sink): void {
    this.#last(sink);
    this.#chunks.end(sink);
  }

  /** Where every slot so far had its place, as in nearly all logs: a log that is joined to this one shifts those behind it. */
  endPart(sink: Sink): PartEnd | null {
    if (this.#held > 0 || this.#seen !== slotsUpTo(this.#offset)) return null;
    this.#chunks.end(sink);
    return { lines: 0 };
  }

  #last(sink: Sink): void {
    if (!this.#headerRead && this.#held > 0 && isChunk(this.#buffer, 0)) this.#withoutHeader(sink);
    if (!this.#headerRead) {
      this.#problem(sink, "evtx/truncated", "error", this.#held, "The file ends in its header");
      return;
    }
    if (this.#held > 0 && !isZero(this.#buffer, 0, this.#held)) {
      this.#problem(
        sink,
        "evtx/truncated",
        "error",
        this.#offset + this.#held,
        `The last chunk has ${this.#held} of ${CHUNK_BYTES} bytes; its whole records are read`,
      );
      this.#chunks.read(this.#buffer.subarray(0, this.#held), this.#offset, sink);
    } else if (this.#seen < this.#declared) {
      this.#problem(
        sink,
        "evtx/truncated",
        "error",
        this.#offset + this.#held,
        `The header counts ${this.#declared} chunks, the file has ${this.#seen}`,
      );
    }
  }

  /** One header or one slot; returns how many of its bytes are done with. */
  #unit(bytes: Uint8Array, sink: Sink): number {
    if (!this.#headerRead) {
      if (isChunk(bytes, 0)) {
        this.#withoutHeader(sink);
        return 0;
      }
      this.#headerRead = true;
      this.#header(bytes, sink);
      this.#offset = HEADER_BYTES;
      return HEADER_BYTES;
    }
    let used = CHUNK_BYTES;
    if (isChunk(bytes, 0) || looksLikeChunk(bytes)) {
      this.#chunks.read(bytes, this.#offset, sink);
      this.#seen++;
    } else {
      const next = chunkWithin(bytes);
      if (next > 0) used = next;
      // Logs are made with room for chunks to come: zeros are no loss. Nor is the header of a log that was joined to this one.
      const joined = next === HEADER_BYTES && isFile(bytes);
      if (joined) this.#problem(sink, "evtx/joined", "warning", this.#offset, "Another log begins inside the file; it is read too");
      else if (!isZero(bytes, 0, used))
        this.#problem(sink, "evtx/bad-chunk", "error", this.#offset, `${used} bytes that are no chunk were skipped`);
      else if (used === CHUNK_BYTES) this.#seen++;
    }
    this.#offset += used;
    return used;
  }

  #withoutHeader(sink: Sink): void {
    this.#headerRead = true;
    this.#problem(sink, "evtx/no-header", "warning", 0, "The file begins with a chunk: its header is missing");
  }

  #header(bytes: Uint8Array, sink: Sink): void {
    if (!isFile(bytes)) {
      this.#problem(sink, "evtx/no-header", "warning", 0, "The file's header is damaged; its chunks are read");
      return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
    this.#declared = view.getUint16(42, true);
    if ((view.getUint32(120, true) & NO_CHECKSUMS) !== 0) {
      this.#chunks.checksums = false;
      return;
    }
    if (view.getUint32(124, true) !== crc32(bytes.subarray(0, 120)))
      this.#problem(sink, "evtx/bad-checksum", "warning", 0, "The checksum of the file's header is wrong");
  }

  #problem(sink: Sink, code: string, severity: Problem["severity"], offset: number, message: string): void {
    sink.problem({ code, severity, message, place: { file: this.#file, offset } });
  }
}
