import type { Decoder, Sink } from "../record.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether the bytes hold a sequence that is not UTF-8. Slow when they do: the decoder throws. */
export function isInvalidUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return false;
  } catch {
    return true;
  }
}

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** Two bytes each: so many characters tell the encoding of a file without a mark. */
const SAMPLED_UNITS = 2048;

/**
 * The encoding by byte order mark, and the length of the mark. Without one by where the zero bytes stand: what is ASCII in every
 * format (brackets, quotes, names, blanks) has one beside it in UTF-16. A piece of a log may begin with any character, or with NULs.
 */
export function detectEncoding(head: Uint8Array): { readonly encoding: Encoding; readonly mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", mark: 2 };
  let units = 0;
  let little = 0;
  let big = 0;
  for (let at = 0; at + 1 < head.length && units < SAMPLED_UNITS; at += 2) {
    const [first, second] = [head[at]!, head[at + 1]!];
    if (first === 0 && second === 0) continue;
    units++;
    if (second === 0 && isText(first)) little++;
    else if (first === 0 && isText(second)) big++;
  }
  if (units >= 2 && little > units / 2) return { encoding: "utf-16le", mark: 0 };
  if (units >= 2 && big > units / 2) return { encoding: "utf-16be", mark: 0 };
  return { encoding: "utf-8", mark: 0 };
}

const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** UTF-16 in, UTF-8 out to the decoder inside. */
export class Utf16Decoder implements Decoder {
  readonly #file: string;
  readonly #inner: Decoder;
  readonly #from: TextDecoder;
  readonly #to = new TextEncoder();
  #offset = 0;
  #reported = false;

  constructor(file: string, encoding: "utf-16le" | "utf-16be", inner: Decoder) {
    this.#file = file;
    this.#inner = inner;
    this.#from = new TextDecoder(encoding, { ignoreBOM: true });
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#feed(this.#from.decode(bytes, { stream: true }), sink);
    this.#offset += bytes.length;
  }

  end(sink: Sink): void {
    this.#feed(this.#from.decode(), sink);
    this.#inner.end(sink);
  }

  #feed(text: string, sink: Sink): void {
    if (text === "") return;
    if (!this.#reported && text.includes("\uFFFD")) {
      this.#reported = true;
      sink.problem({
        code: "text/invalid-utf16",
        severity: "warning",
        message: "Units that are no UTF-16 were read as U+FFFD (reported once per file)",
        place: { file: this.#file, offset: this.#offset },
      });
    }
    this.#inner.push(this.#to.encode(text), sink);
  }
}
