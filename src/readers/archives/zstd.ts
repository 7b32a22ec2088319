import { BOMB_MESSAGE, type Budget, type Container, endCutOff, type Unpacking } from "./container.ts";
import { Gathering } from "../gathering.ts";
import type { Decoder, Sink } from "../record.ts";
import { Xxh64 } from "./xxh64.ts";
import { MAX_BLOCK_BYTES, ZstdBlocks } from "./zstd-block.ts";

/** Zstandard (RFC 8878), any number of frames, each one's content checksum verified where it has one. */
export const zstdContainer: Container = {
  id: "zstd",
  title: "Zstandard",
  sniff: ({ bytes }) => ((bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) || isSkippable(bytes) ? 1 : 0),
  open: (file, _options, unpacking) => new ZstdDecoder(file, unpacking),
};

function isSkippable(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && (bytes[0]! & 0xf0) === 0x50 && bytes[1] === 0x2a && bytes[2] === 0x4d && bytes[3] === 0x18;
}

/** The largest window that `zstd` accepts without an option (2^27). Memory grows with the output, not at once. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;

/** Types of blocks; 2 is compressed. */
const RAW = 0;
const RLE = 1;
const RESERVED = 3;
/** The low half of the content's XXH64. */
const CHECKSUM_BYTES = 4;

type State = "frame" | "skip" | "block-header" | "block" | "checksum" | "over";

class ZstdDecoder implements Decoder {
  readonly #file: string;
  readonly #budget: Budget;
  readonly #inner: Decoder;
  readonly #gathered = new Gathering();
  #state: State = "frame";
  #frames = 0;
  #left = 0;
  #lastBlock = false;
  /** Of the frame's content; null where the frame has no checksum. */
  #hash: Xxh64 | null = null;
  #blocks: ZstdBlocks | null = null;
  #blockType = 0;
  #blockSize = 0;
  #in = 0;
  #ended = false;

  constructor(file: string, unpacking: Unpacking) {
    this.#file = file;
    this.#budget = unpacking.budget;
    this.#inner = unpacking.open(file);
  }

  push(bytes: Uint8Array, sink: Sink): void {
    let at = 0;
    while (at < bytes.length && this.#state !== "over") {
      const took = this.#step(bytes, at, sink);
      this.#in += took;
      at += took;
    }
  }

  end(sink: Sink): void {
    const cut = this.#state !== "over" && (this.#state !== "frame" || this.#gathered.length > 0);
    if (cut) this.#fail(sink, "zstd/truncated", "The Zstandard data is cut off: what came before the cut was read");
    this.#finish(sink, cut);
  }

  #step(bytes: Uint8Array, at: number, sink: Sink): number {
    switch (this.#state) {
      case "frame": {
        const took = this.#gathered.take(bytes, at, 18);
        return this.#frame(took, sink);
      }
      case "skip": {
        const took = Math.min(this.#left, bytes.length - at);
        this.#left -= took;
        if (this.#left === 0) this.#state = "frame";
        return took;
      }
      case "checksum": {
        const took = this.#gathered.take(bytes, at, CHECKSUM_BYTES);
        if (this.#gathered.length === CHECKSUM_BYTES) this.#verify(sink);
        return took;
      }
      case "block-header": {
        const took = this.#gathered.take(bytes, at, 3);
        if (this.#gathered.length === 3) this.#blockHeader(sink);
        return took;
      }
      default: {
        const took = this.#gathered.take(bytes, at, this.#left);
        if (this.#gathered.length === this.#left) this.#block(sink);
        return took;
      }
    }
  }

  /** Looks at what is gathered of a frame header; returns how many of the bytes just taken belong to it. */
  #frame(took: number, sink: Sink): number {
    const g = this.#gathered;
    const had = g.length - took;
    if (g.length >= 8 && isSkippable(g.bytes)) {
      this.#left = g.u32(4);
      this.#state = this.#left > 0 ? "skip" : "frame";
      g.clear();
      return 8 - had;
    }
    const magic = [0x28, 0xb5, 0x2f, 0xfd];
    const isFrame = magic.every((byte, i) => i >= g.length || g.bytes[i] === byte);
    const maySkip = (g.bytes[0]! & 0xf0) === 0x50 && (g.length < 2 || g.bytes[1] === 0x2a);
    if (!isFrame && !(maySkip && g.length < 8)) {
      if (this.#frames > 0) {
        const place = { file: this.#file, offset: this.#in - had };
        sink.problem({ code: "zstd/trailing-bytes", severity: "warning", message: "Bytes after the Zstandard data were ignored", place });
        this.#finish(sink, false);
      } else this.#fail(sink, "zstd/corrupt", "The Zstandard header is damaged");
      return took;
    }
    if (!isFrame || g.length < 6) return took;
    const flags = g.bytes[4]!;
    const single = (flags & 0x20) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
    const sizeCode = flags >> 6;
    const sizeBytes = sizeCode === 0 ? (single ? 1 : 0) : 1 << sizeCode;
    const header = 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
    if (g.length < header) return took;
    let dictionary = 0;
    for (let i = 0; i < dictionaryBytes; i++) dictionary |= g.bytes[header - sizeBytes - dictionaryBytes + i]!;
    if (dictionary !== 0) {
      this.#fail(
        sink,
        "zstd/dictionary",
        "The Zstandard data was compressed with a dictionary, which is not available",
        "Decompress it with zstd -D",
      );
      return took;
    }
    let size = 0;
    for (let i = sizeBytes - 1; i >= 0; i--) size = size * 256 + g.bytes[header - sizeBytes + i]!;
    if (sizeBytes === 2) size += 256;
    const window = single ? size : 2 ** (10 + (g.bytes[5]! >> 3)) * (1 + (g.bytes[5]! & 7) / 8);
    if (window > MAX_WINDOW_BYTES || (flags & 8) !== 0) {
      this.#fail(
        sink,
        "zstd/window",
        `The Zstandard frame asks for a window of ${window} bytes; ${MAX_WINDOW_BYTES} is the limit`,
        "Decompress it with zstd --long=31",
      );
      return took;
    }
    this.#frames++;
    this.#hash = (flags & 4) !== 0 ? new Xxh64() : null;
    this.#blocks = new ZstdBlocks(window);
    g.clear();
    this.#state = "block-header";
    return header - had;
  }

  #blockHeader(sink: Sink): void {
    const g = this.#gathered;
    const word = g.u16(0) | (g.bytes[2]! << 16);
    g.clear();
    this.#lastBlock = (word & 1) === 1;
    this.#blockType = (word >> 1) & 3;
    this.#blockSize = word >> 3;
    if (this.#blockType === RESERVED || this.#blockSize > MAX_BLOCK_BYTES) return this.#corrupt(sink);
    this.#left = this.#blockType === RLE ? 1 : this.#blockSize;
    this.#state = "block";
    if (this.#left === 0) this.#block(sink);
  }

  #block(sink: Sink): void {
    const bytes = this.#gathered.view();
    const blocks = this.#blocks!;
    let out: Uint8Array | null;
    if (this.#blockType === RAW) out = blocks.raw(bytes);
    else if (this.#blockType === RLE) out = blocks.rle(bytes[0]!, this.#blockSize);
    else out = blocks.compressed(bytes);
    this.#gathered.clear();
    if (out === null) return this.#corrupt(sink);
    this.#state = "block-header";
    if (out.length > 0) this.#takeOutput(out, sink);
    if (this.#isOver() || !this.#lastBlock) return;
    this.#blocks = null;
    this.#state = this.#hash === null ? "frame" : "checksum";
  }

  /** A wrong checksum is reported; the frames after it are read all the same. */
  #verify(sink: Sink): void {
    const expected = this.#gathered.u32(0);
    this.#gathered.clear();
    this.#state = "frame";
    if (Number(BigInt.asUintN(32, this.#hash!.digest())) === expected) return;
    const place = { file: this.#file, offset: this.#in };
    const message = "The checksum of the Zstandard data is wrong: it was read, but is not what was packed";
    sink.problem({ code: "zstd/bad-checksum", severity: "error", message, place });
  }

  #isOver(): boolean {
    return this.#state === "over";
  }

  #corrupt(sink: Sink): void {
    this.#fail(sink, "zstd/corrupt", "The Zstandard data is corrupt: what came before it was read");
  }

  #takeOutput(bytes: Uint8Array, sink: Sink): void {
    if (this.#state === "over") return;
    this.#hash?.update(bytes);
    this.#inner.push(bytes, sink);
    if (this.#budget.spend(bytes.length)) this.#fail(sink, "input/bomb", BOMB_MESSAGE);
    else if (this.#budget.spent) this.#finish(sink, true);
  }

  #fail(sink: Sink, code: string, message: string, help?: string): void {
    if (this.#state === "over") return;
    const place = { file: this.#file, offset: this.#in };
    sink.problem(help === undefined ? { code, severity: "error", message, place } : { code, severity: "error", message, place, help });
    this.#finish(sink, true);
  }

  #finish(sink: Sink, cutOff: boolean): void {
    this.#state = "over";
    this.#blocks = null;
    if (this.#ended) return;
    this.#ended = true;
    if (cutOff) endCutOff(this.#inner, sink);
    else this.#inner.end(sink);
  }
}
