import { fstatSync, fsyncSync, writeSync } from "node:fs";

/** Where a command's text goes. Nothing else in the command line writes to a stream. */
export interface Output {
  /** Takes the text whole, or ends the output (see `end`); never throws. */
  write(text: string): void;
  /** The same for text that is UTF-8 already. The bytes are the caller's again afterwards. */
  writeBytes(bytes: Uint8Array): void;
  /** What was taken so far is written out. Whoever waits for long (a server, a watch) does this before. */
  flush(): void;
  /** No more text comes: what goes into a file is on its disk when this returns. */
  finish(): void;
  /** Why no more is written: the reader closed its end (`| head`), or writing failed with this code. Null while all is well. */
  readonly end: { readonly closed: boolean; readonly code: string } | null;
}

/** Text held back, so that a line of output is no system call of its own. */
const HELD_UNITS = 1 << 16;
/** The longest text that is turned into bytes at once. */
const PIECE_UNITS = 1 << 20;
const RETRY_MS = 5;

/**
 * Writes to an open file descriptor, synchronously: a slow reader holds the command back, and nothing is left in a buffer when the
 * process ends. A write may take less than it was given (a disk nearly full); the rest is written again until it is taken or refused.
 */
export class DescriptorOutput implements Output {
  readonly #descriptor: number;
  /** Another output whose text comes first: what was printed before an error stands above it. */
  readonly #before: Output | null;
  #held: string[] = [];
  #units = 0;
  #end: Output["end"] = null;

  constructor(descriptor: number, before: Output | null = null) {
    this.#descriptor = descriptor;
    this.#before = before;
  }

  get end(): Output["end"] {
    return this.#end;
  }

  write(text: string): void {
    if (this.#end !== null) return;
    this.#held.push(text);
    this.#units += text.length;
    if (this.#before !== null || this.#units >= HELD_UNITS) this.flush();
  }

  writeBytes(bytes: Uint8Array): void {
    if (this.#end !== null) return;
    this.flush();
    this.#putBytes(bytes);
  }

  flush(): void {
    this.#before?.flush();
    const held = this.#held;
    this.#held = [];
    this.#units = 0;
    // Joined only while short: a text of its own length limit must not be reached by adding to it.
    let piece = "";
    for (const text of held) {
      if (piece.length + text.length > PIECE_UNITS) {
        this.#put(piece);
        piece = "";
      }
      if (text.length > PIECE_UNITS) for (const part of parts(text)) this.#put(part);
      else piece += text;
    }
    this.#put(piece);
  }

  finish(): void {
    this.flush();
    if (this.#end !== null) return;
    try {
      // Some disks tell only now that they are full.
      if (fstatSync(this.#descriptor).isFile()) fsyncSync(this.#descriptor);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    // Windows calls it EOF.
    this.#end = { closed: code === "EPIPE" || code === "EOF", code };
  }

  #put(text: string): void {
    if (text !== "") this.#putBytes(Buffer.from(text));
  }

  #putBytes(bytes: Uint8Array): void {
    if (this.#end !== null) return;
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
      } catch (error) {
        // A pipe that its other holder made non-blocking and that is full.
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
        else {
          this.#fail(error);
          return;
        }
      }
    }
  }
}

/** An output that never ends and hands all text to `take`. */
export function textOutput(take: (text: string) => void): Output {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { write: take, writeBytes: (bytes) => take(decoder.decode(bytes)), flush() {}, finish() {}, end: null };
}

/** Parts of a long text; a surrogate pair stays together, since half of one has no bytes. */
function* parts(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + PIECE_UNITS, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to--;
    yield text.slice(from, to);
    from = to;
  }
}
