import { BOMB_MESSAGE, type Budget, type Container, endCutOff, type Unpacking } from "./container.ts";
import { crc32 } from "./crc32.ts";
import { Inflater } from "./deflate.ts";
import { Gathering } from "../gathering.ts";
import type { Decoder, Sink } from "../record.ts";

/** gzip (RFC 1952), with any number of members one after the other, each one's checksum and length verified. */
export const gzipContainer: Container = {
  id: "gzip",
  title: "gzip",
  sniff: ({ bytes }) => (bytes[0] === 0x1f && bytes[1] === 0x8b && (bytes[2] === 8 || bytes.length < 3) ? 1 : 0),
  open: (file, _options, unpacking) => new GzipDecoder(file, unpacking),
};

/** The longest name, comment and extra field accepted in a header. */
const MAX_HEADER_BYTES = 256 * 1024;

type State = "header" | "body" | "trailer" | "padding" | "over";

class GzipDecoder implements Decoder {
  readonly #file: string;
  readonly #budget: Budget;
  readonly #inner: Decoder;
  readonly #gathered = new Gathering();
  #state: State = "header";
  #members = 0;
  #offset = 0;
  #memberOffset = 0;
  #inflater: Inflater | null = null;
  #crc = 0;
  #sink: Sink | null = null;
  #ended = false;

  constructor(file: string, unpacking: Unpacking) {
    this.#file = file;
    this.#budget = unpacking.budget;
    this.#inner = unpacking.open(file);
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#sink = sink;
    this.#run(bytes, sink);
    this.#sink = null;
  }

  end(sink: Sink): void {
    this.#sink = sink;
    // What was gathered may hold the end of one member and the whole of others.
    while (this.#state === "body" && this.#inflate(() => this.#inflater!.flush(), sink)) this.#run(this.#rest, sink);
    if (
      this.#state === "body" ||
      this.#state === "trailer" ||
      (this.#state === "header" && (this.#members === 0 || this.#gathered.length > 0))
    ) {
      this.#problem(sink, "gzip/truncated", "error", "The gzip data is cut off: what came before the cut was read", this.#offset);
      this.#finish(sink, true);
    } else this.#finish(sink, false);
    this.#sink = null;
  }

  #rest: Uint8Array = new Uint8Array(0);

  #run(input: Uint8Array, sink: Sink): void {
    let bytes = input;
    for (;;) {
      if (this.#state === "over") return;
      if (this.#state === "body") {
        const body = bytes;
        if (!this.#inflate(() => this.#inflater!.push(body, this.#isOver), sink)) return;
        bytes = this.#rest;
      }
      if (bytes.length === 0) return;
      if (this.#state === "header") {
        const took = this.#header(bytes, sink);
        if (took < 0) return;
        bytes = bytes.subarray(took);
      } else if (this.#state === "trailer") {
        const took = this.#gathered.take(bytes, 0, 8);
        this.#offset += took;
        bytes = bytes.subarray(took);
        if (this.#gathered.length === 8) this.#trailer(sink);
      } else if (this.#state === "padding") {
        let at = 0;
        while (at < bytes.length && bytes[at] === 0) at++;
        this.#offset += at;
        bytes = bytes.subarray(at);
        if (bytes.length > 0) {
          this.#state = "header";
          this.#memberOffset = this.#offset;
        }
      }
    }
  }

  readonly #isOver = (): boolean => this.#state === "over";

  /** Runs the inflater; true when the compressed data ended, with the bytes after it in `#rest`. */
  #inflate(work: () => Uint8Array, sink: Sink): boolean {
    const inflater = this.#inflater!;
    const before = inflater.inBytes;
    this.#rest = work();
    if (this.#state === "over") return false;
    if (inflater.corrupt) {
      this.#offset += inflater.inBytes - before;
      this.#problem(sink, "gzip/corrupt", "error", "The compressed data is corrupt: what came before it was read", this.#offset);
      this.#finish(sink, true);
      return false;
    }
    this.#offset += inflater.inBytes - before;
    if (!inflater.done) return false;
    this.#state = "trailer";
    this.#gathered.clear();
    return true;
  }

  /** Gathers a member's header; returns how many of the bytes it took, or -1 when there is nothing more to do with them. */
  #header(bytes: Uint8Array, sink: Sink): number {
    const had = this.#gathered.length;
    const took = this.#gathered.take(bytes, 0, MAX_HEADER_BYTES);
    const head = this.#gathered.bytes.subarray(0, this.#gathered.length);
    const size = headerSize(head);
    if (size === "bad" || (size === "more" && head.length >= MAX_HEADER_BYTES)) {
      if (this.#members > 0) {
        this.#problem(sink, "gzip/trailing-bytes", "warning", "Bytes after the gzip data were ignored", this.#memberOffset);
        this.#finish(sink, false);
      } else {
        this.#problem(sink, "gzip/bad-header", "error", "The gzip header is damaged", this.#memberOffset);
        this.#finish(sink, true);
      }
      return -1;
    }
    if (size === "more") {
      this.#offset += took;
      return took;
    }
    this.#gathered.clear();
    this.#offset += size - had;
    this.#state = "body";
    this.#members++;
    this.#crc = 0;
    this.#inflater = new Inflater((out) => this.#takeOutput(out));
    return size - had;
  }

  #takeOutput(out: Uint8Array): void {
    if (this.#state === "over") return;
    const sink = this.#sink!;
    this.#crc = crc32(out, this.#crc);
    this.#inner.push(out, sink);
    if (this.#budget.spend(out.length)) this.#problem(sink, "input/bomb", "error", BOMB_MESSAGE, this.#offset);
    if (this.#budget.spent) this.#finish(sink, true);
  }

  #trailer(sink: Sink): void {
    const crc = this.#gathered.u32(0);
    const size = this.#gathered.u32(4);
    if (crc !== this.#crc || size !== this.#inflater!.outBytes % 0x1_0000_0000) {
      const message = "The checksum or length of the gzip data is wrong: it was read, but is not what was packed";
      this.#problem(sink, "gzip/bad-checksum", "error", message, this.#memberOffset);
    }
    this.#gathered.clear();
    this.#inflater = null;
    this.#state = "padding";
  }

  #finish(sink: Sink, cutOff: boolean): void {
    this.#state = "over";
    if (this.#ended) return;
    this.#ended = true;
    if (cutOff) endCutOff(this.#inner, sink);
    else this.#inner.end(sink);
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, offset: number): void {
    sink.problem({ code, severity, message, place: { file: this.#file, offset } });
  }
}

/** The size of the header that begins here, "more" when it is not whole, "bad" when it is none. */
function headerSize(head: Uint8Array): number | "more" | "bad" {
  if (head.length > 0 && head[0] !== 0x1f) return "bad";
  if (head.length > 1 && head[1] !== 0x8b) return "bad";
  if (head.length > 2 && head[2] !== 8) return "bad";
  if (head.length < 10) return "more";
  const flags = head[3]!;
  let at = 10;
  if (flags & 4) {
    if (head.length < at + 2) return "more";
    at += 2 + (head[at]! | (head[at + 1]! << 8));
  }
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    if (at > head.length) return "more";
    const zero = head.indexOf(0, at);
    if (zero < 0) return "more";
    at = zero + 1;
  }
  if (flags & 2) at += 2;
  return at > head.length ? "more" : at;
}
