import { crc32 } from "../crc32.ts";
import type { Format, ReadOptions } from "../format.ts";
import { windowsEventOf } from "../event-element.ts";
import type { Decoder, Problem, Sink } from "../record.ts";
import { BinXml, BinXmlError } from "./binxml.ts";

const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65_536;
const CHUNK_HEADER_BYTES = 512;
const FILE_MAGIC = [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00];
const CHUNK_MAGIC = [0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0x00];

function starts(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[at + i] === byte);
}

/** Windows event logs (libyal/libevtx documentation). */
export const evtxFormat: Format = {
  id: "evtx",
  title: "Windows event log (EVTX)",
  text: false,
  sniff: ({ bytes }) => (starts(bytes, 0, FILE_MAGIC) || starts(bytes, 0, CHUNK_MAGIC) ? 1 : 0),
  open: (file, options) => new EvtxDecoder(file, options),
};

/**
 * Reads slot after slot of 64 KiB to the end of the file, whatever the header says of their number: logs that were copied while open
 * or cut short have a wrong one. A carved chunk without a file header is read too.
 */
class EvtxDecoder implements Decoder {
  readonly #file: string;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  #held = 0;
  #offset = 0;
  #headerRead = false;
  /** Header flag 4: the checksums were never written. */
  #unchecked = false;

  constructor(file: string, _options: ReadOptions) {
    this.#file = file;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    let from = 0;
    while (from < bytes.length) {
      const wanted = this.#headerRead ? CHUNK_BYTES : HEADER_BYTES;
      const take = Math.min(wanted - this.#held, bytes.length - from);
      this.#buffer.set(bytes.subarray(from, from + take), this.#held);
      this.#held += take;
      from += take;
      if (this.#held < wanted) return;
      if (!this.#headerRead) {
        this.#headerRead = true;
        if (starts(this.#buffer, 0, CHUNK_MAGIC)) {
          this.#problem(sink, "evtx/no-header", "warning", 0, "The file begins with a chunk: its header is missing");
          continue;
        }
        this.#header(sink);
        this.#offset = HEADER_BYTES;
      } else {
        this.#chunk(this.#buffer, sink);
        this.#offset += CHUNK_BYTES;
      }
      this.#held = 0;
    }
  }

  end(sink: Sink): void {
    if (!this.#headerRead) {
      this.#problem(sink, "evtx/truncated", "error", this.#held, "The file ends in its header");
      return;
    }
    if (this.#held === 0) return;
    const rest = this.#buffer.subarray(0, this.#held);
    if (rest.every((byte) => byte === 0)) return;
    this.#problem(
      sink,
      "evtx/truncated",
      "error",
      this.#offset + this.#held,
      `The last chunk has ${this.#held} of ${CHUNK_BYTES} bytes; its whole records are read`,
    );
    if (this.#held > CHUNK_HEADER_BYTES) this.#chunk(rest, sink);
  }

  #problem(sink: Sink, code: string, severity: Problem["severity"], offset: number, message: string): void {
    sink.problem({ code, severity, message, place: { file: this.#file, offset } });
  }

  #header(sink: Sink): void {
    const view = new DataView(this.#buffer.buffer, 0, HEADER_BYTES);
    this.#unchecked = (view.getUint32(120, true) & 4) !== 0;
    if (!this.#unchecked && view.getUint32(124, true) !== crc32(this.#buffer.subarray(0, 120))) {
      this.#problem(sink, "evtx/bad-checksum", "warning", 0, "The checksum of the file's header is wrong");
    }
  }

  #chunk(chunk: Uint8Array, sink: Sink): void {
    const at = this.#offset;
    if (!starts(chunk, 0, CHUNK_MAGIC)) {
      // Logs are made with room for chunks to come: zeros are no loss.
      if (!chunk.every((byte) => byte === 0)) this.#problem(sink, "evtx/bad-chunk", "error", at, "64 KiB that are no chunk were skipped");
      return;
    }
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const free = view.getUint32(48, true);
    const sane = free >= CHUNK_HEADER_BYTES && free <= CHUNK_BYTES;
    const end = Math.min(sane ? free : CHUNK_BYTES, chunk.length);
    if (!this.#unchecked && (view.getUint32(120, true) & 4) === 0 && chunk.length === CHUNK_BYTES) {
      if (sane && view.getUint32(52, true) !== crc32(chunk.subarray(CHUNK_HEADER_BYTES, free)))
        this.#problem(sink, "evtx/bad-checksum", "warning", at, "The checksum of the chunk's records is wrong; they are read all the same");
    }
    if (!sane)
      this.#problem(sink, "evtx/bad-chunk-header", "warning", at, "The chunk's header is damaged; records are read as far as they go");
    this.#records(new BinXml(chunk), chunk, view, end, sink);
  }

  #records(xml: BinXml, chunk: Uint8Array, view: DataView, end: number, sink: Sink): void {
    let at = CHUNK_HEADER_BYTES;
    while (at + 28 <= end) {
      if (view.getUint32(at, true) !== 0x2a2a) {
        const next = nextRecord(view, at + 1, end);
        if (next < 0) {
          if (!isZero(chunk, at, end))
            this.#problem(sink, "evtx/bad-record", "error", this.#offset + at, `${end - at} bytes at the chunk's end are no record`);
          return;
        }
        this.#problem(sink, "evtx/bad-record", "error", this.#offset + at, `${next - at} bytes that are no record were skipped`);
        at = next;
        continue;
      }
      const size = view.getUint32(at + 4, true);
      if (size < 28 || at + size > end) {
        this.#problem(sink, "evtx/bad-record", "error", this.#offset + at, `A record claims ${size} bytes, which do not fit`);
        const next = nextRecord(view, at + 4, end);
        if (next < 0) return;
        at = next;
        continue;
      }
      this.#record(xml, view, at, size, sink);
      at += size;
    }
  }

  #record(xml: BinXml, view: DataView, at: number, size: number, sink: Sink): void {
    const id = view.getBigUint64(at + 8, true);
    const number = id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : id;
    const place = { file: this.#file, offset: this.#offset + at, record: number };
    let reason: string;
    try {
      const root = xml.fragment(at + 24, at + size - 4).find((element) => element.name === "Event");
      const event = root === undefined ? null : windowsEventOf(root);
      if (event !== null) {
        sink.record({ kind: "windows", place, event });
        return;
      }
      reason = "it holds no event";
    } catch (error) {
      if (!(error instanceof BinXmlError)) throw error;
      reason = error.message;
    }
    sink.problem({ code: "evtx/bad-record", severity: "error", message: `A record could not be read: ${reason}`, place });
  }
}

function nextRecord(view: DataView, from: number, end: number): number {
  // Records begin at any byte of a damaged chunk; the magic is rare enough.
  for (let at = from; at + 28 <= end; at++) {
    if (view.getUint32(at, true) !== 0x2a2a) continue;
    const size = view.getUint32(at + 4, true);
    if (size >= 28 && at + size <= end && view.getUint32(at + size - 4, true) === size) return at;
  }
  return -1;
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}
