/** A chunk of 64 KiB: a header and records (libyal/libevtx documentation). */
import { crc32 } from "../archives/crc32.ts";
import type { ReadOptions } from "../format.ts";
import type { LogLocation, Problem, Sink, WindowsEvent } from "../record.ts";
import { ChunkXml } from "./chunk-xml.ts";
import { BinXmlError } from "./error.ts";
import { eventOf } from "./event.ts";
import { TemplateCache } from "./template.ts";

export const CHUNK_BYTES = 65_536;
const CHUNK_HEADER_BYTES = 512;
const MAGIC = [0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0x00];
/** `2A 2A 00 00` */
const RECORD_MAGIC = 0x2a2a;
/** Magic, size, number and time before the binary XML, and the size again behind it. */
const SMALLEST_RECORD = 28;
/** Chunk header flag: the checksums were never written. */
const NO_CHECKSUMS = 4;

export function isChunk(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 8; i++) if (bytes[at + i] !== MAGIC[i]) return false;
  return true;
}

/** The header says that it has 128 bytes, as all do. */
export function isChunkHeader(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 40] === 128 && bytes[at + 41] === 0 && bytes[at + 42] === 0 && bytes[at + 43] === 0;
}

/** A chunk whose first bytes are damaged: the size of its header and its first record are as they should be. */
export function looksLikeChunk(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(40, true) === 128 && isRecord(view, CHUNK_HEADER_BYTES, bytes.length);
}

/** Where in the slot a chunk begins that is not at its place; -1 when none does. */
export function chunkWithin(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x45, 1); at >= 0; at = bytes.indexOf(0x45, at + 1)) if (isChunk(bytes, at)) return at;
  return -1;
}

export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** A whole record, by the two copies of its size. */
function isRecord(view: DataView, at: number, end: number): boolean {
  if (at + SMALLEST_RECORD > end || view.getUint32(at, true) !== RECORD_MAGIC) return false;
  const size = view.getUint32(at + 4, true);
  return size >= SMALLEST_RECORD && at + size <= end && view.getUint32(at + size - 4, true) === size;
}

function nextRecord(bytes: Uint8Array, view: DataView, from: number, end: number): number {
  for (let at = bytes.indexOf(0x2a, from); at >= 0 && at + SMALLEST_RECORD <= end; at = bytes.indexOf(0x2a, at + 1))
    if (isRecord(view, at, end)) return at;
  return -1;
}

/** Files hold the same templates: one cache for all of them. */
const templates = new TemplateCache();

/** Reads the chunks of one file. */
export class ChunkReader {
  /** False where the file says that it has none. */
  checksums = true;
  readonly #file: string;
  readonly #carve: boolean;
  readonly #xml = new ChunkXml(templates);
  /** Records in free space that were not read, and where the first of them lies. */
  #stales = 0;
  #firstStale = 0;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#carve = options.carve;
  }

  /** @param chunk one slot, or what is left of the last one. @param offset its place in the file. */
  read(chunk: Uint8Array, offset: number, sink: Sink): void {
    if (chunk.length <= CHUNK_HEADER_BYTES) return;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (!isChunk(chunk, 0))
      this.#problem(sink, "evtx/bad-chunk-header", "warning", offset, "The chunk's magic bytes are damaged; its records are read");
    const free = view.getUint32(48, true);
    const sane = free >= CHUNK_HEADER_BYTES && free <= CHUNK_BYTES;
    if (!sane)
      this.#problem(sink, "evtx/bad-chunk-header", "warning", offset, "The chunk's header is damaged; records are read as far as they go");
    else if (chunk.length === CHUNK_BYTES && this.checksums && (view.getUint32(120, true) & NO_CHECKSUMS) === 0) {
      if (view.getUint32(124, true) !== crc32(chunk.subarray(128, CHUNK_HEADER_BYTES), crc32(chunk.subarray(0, 120))))
        this.#problem(sink, "evtx/bad-checksum", "warning", offset, "The checksum of the chunk's header is wrong");
      if (view.getUint32(52, true) !== crc32(chunk.subarray(CHUNK_HEADER_BYTES, free)))
        this.#problem(
          sink,
          "evtx/bad-checksum",
          "warning",
          offset,
          "The checksum of the chunk's records is wrong; they are read all the same",
        );
    }
    const end = Math.min(sane ? free : CHUNK_BYTES, chunk.length);
    const xml = this.#xml;
    // A copy: events are decoded when somebody looks at them, which may be later, and the caller uses its bytes again.
    const kept = new Uint8Array(chunk);
    const keptView = new DataView(kept.buffer);
    xml.begin(keptView);
    this.#records(xml, kept, keptView, end, offset, sink);
    if (sane) this.#stale(xml, kept, keptView, end, offset, sink);
  }

  #records(xml: ChunkXml, chunk: Uint8Array, view: DataView, end: number, offset: number, sink: Sink): void {
    let at = CHUNK_HEADER_BYTES;
    while (at + SMALLEST_RECORD <= end) {
      let size = view.getUint32(at + 4, true);
      if (view.getUint32(at, true) !== RECORD_MAGIC) {
        const next = nextRecord(chunk, view, at + 1, end);
        const to = next < 0 ? end : next;
        if (!isZero(chunk, at, to))
          this.#problem(sink, "evtx/bad-record", "error", offset + at, `${to - at} bytes that are no record were skipped`);
        at = to;
        continue;
      }
      if (size < SMALLEST_RECORD || at + size > end) {
        this.#problem(sink, "evtx/bad-record", "error", offset + at, `A record claims ${size} bytes, which do not fit`);
        const next = nextRecord(chunk, view, at + 4, end);
        if (next < 0) return;
        at = next;
        continue;
      }
      if (view.getUint32(at + size - 4, true) !== size) {
        // A record whose size is wrong must not swallow those behind it.
        const next = nextRecord(chunk, view, at + 4, at + size);
        if (next >= 0) size = next - at;
        this.#problem(sink, "evtx/bad-record", "warning", offset + at, "A record's two sizes differ; it is read as far as it goes");
      }
      this.#record(xml, view, at, size, offset, sink);
      at += size;
    }
  }

  /** After the last chunk: reports what was found and not read. */
  end(sink: Sink): void {
    if (this.#stales > 0) sink.stale?.({ file: this.#file, offset: this.#firstStale }, this.#stales);
  }

  /** Older records that lie in the free space behind the last one. Those whose templates are overwritten cannot be read any more: no loss of this log. */
  #stale(xml: ChunkXml, chunk: Uint8Array, view: DataView, from: number, offset: number, sink: Sink): void {
    let lost = 0;
    let at = nextRecord(chunk, view, from, view.byteLength);
    while (at >= 0) {
      const size = view.getUint32(at + 4, true);
      const event = this.#carve ? this.#event(xml, at, size) : null;
      if (event === null) {
        if (this.#stales++ === 0) this.#firstStale = offset + at;
      } else if (typeof event === "string") lost++;
      else sink.record({ kind: "windows", place: this.#place(view, at, offset), event });
      at = nextRecord(chunk, view, at + size, view.byteLength);
    }
    if (lost > 0)
      this.#problem(sink, "evtx/stale-record", "warning", offset + from, `${lost} older records in free space could not be read any more`);
  }

  #record(xml: ChunkXml, view: DataView, at: number, size: number, offset: number, sink: Sink): void {
    const event = this.#event(xml, at, size);
    const place = this.#place(view, at, offset);
    if (typeof event === "string")
      sink.problem({ code: "evtx/bad-record", severity: "error", message: `A record could not be read: ${event}`, place });
    else sink.record({ kind: "windows", place, event });
  }

  /** The event, or why there is none. */
  #event(xml: ChunkXml, at: number, size: number): WindowsEvent | string {
    try {
      return eventOf(xml.record(at + 24, at + size - 4)) ?? "it holds no event";
    } catch (error) {
      if (!(error instanceof BinXmlError)) throw error;
      return error.message;
    }
  }

  #place(view: DataView, at: number, offset: number): LogLocation {
    const high = view.getUint32(at + 12, true);
    const record = high < 0x20_0000 ? high * 0x1_0000_0000 + view.getUint32(at + 8, true) : view.getBigUint64(at + 8, true);
    return { file: this.#file, offset: offset + at, record };
  }

  #problem(sink: Sink, code: string, severity: Problem["severity"], offset: number, message: string): void {
    sink.problem({ code, severity, message, place: { file: this.#file, offset } });
  }
}
