import { Budget } from "./archives/container.ts";
import { carveFormat } from "./evtx/index.ts";
import { DEFAULT_READ_OPTIONS, HEAD_BYTES, MAX_HEAD_BYTES, SURE_ENOUGH, type Head, type ReadOptions } from "./format.ts";
import { INPUT_FORMATS } from "./formats.ts";
import type { Decoder, PartEnd, Sink } from "./record.ts";
import { isDocument, NOT_A_LOG } from "./refused.ts";
import { makeHead, sniff } from "./sniff.ts";
import { detectEncoding, Utf16Decoder } from "./text/text.ts";

/**
 * A decoder for a file of any format: looks at its first bytes, unpacks what is packed, to the depth allowed, and reads what is inside.
 * `file` is the name for places and is not looked at. Options left out have their defaults.
 */
export function openInput(file: string, options: Partial<ReadOptions> = {}): Decoder {
  const all = { ...DEFAULT_READ_OPTIONS, ...options };
  return new InputDecoder(file, all, 0, new Budget(all.maxExpansion));
}

class InputDecoder implements Decoder {
  readonly #file: string;
  readonly #options: ReadOptions;
  /** How many containers this file lies in. */
  readonly #level: number;
  readonly #budget: Budget;
  #head = new Uint8Array(0);
  #headLength = 0;
  #wanted = HEAD_BYTES;
  #inner: Decoder | null = null;

  constructor(file: string, options: ReadOptions, level: number, budget: Budget) {
    this.#file = file;
    this.#options = options;
    this.#level = level;
    this.#budget = budget;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    if (this.#level === 0) this.#budget.arrive(bytes.length);
    if (this.#inner !== null) return this.#inner.push(bytes, sink);
    // The usual case, a large first push: nothing is copied.
    if (this.#headLength === 0 && bytes.length >= HEAD_BYTES && this.#decide(bytes, bytes.subarray(0, HEAD_BYTES), "more", sink)) return;
    let at = 0;
    while (at < bytes.length && this.#inner === null) {
      const take = Math.min(this.#wanted - this.#headLength, bytes.length - at);
      if (this.#headLength + take > this.#head.length) {
        const larger = new Uint8Array(Math.min(this.#wanted, Math.max(1024, (this.#headLength + take) * 2)));
        larger.set(this.#head.subarray(0, this.#headLength));
        this.#head = larger;
      }
      this.#head.set(bytes.subarray(at, at + take), this.#headLength);
      this.#headLength += take;
      at += take;
      if (this.#headLength < this.#wanted) return;
      const head = this.#head.subarray(0, this.#headLength);
      if (!this.#decide(head, head, this.#wanted < MAX_HEAD_BYTES ? "more" : "last", sink)) this.#wanted *= 2;
    }
    const decided: Decoder | null = this.#inner;
    if (at < bytes.length) (decided as Decoder | null)?.push(bytes.subarray(at), sink);
  }

  end(sink: Sink): void {
    if (this.#inner === null) {
      const head = this.#head.subarray(0, this.#headLength);
      this.#decide(head, head, "whole", sink);
    }
    this.#inner?.end(sink);
  }

  endPart(sink: Sink): PartEnd | null {
    return this.#inner?.endPart?.(sink) ?? null;
  }

  /**
   * Chooses the decoder and gives it what there is. False, and nothing is done, where `start` says too little and `more` can come;
   * `last` is the longest head there will be, `whole` all of the file.
   */
  #decide(bytes: Uint8Array, start: Uint8Array, extent: "more" | "last" | "whole", sink: Sink): boolean {
    const place = { file: this.#file };
    if (extent === "whole" && isBlank(start)) {
      this.#head = new Uint8Array(0);
      this.#inner = new Unread(this.#file, 0);
      sink.file?.(place, "empty");
      return true;
    }
    const head = makeHead(start, extent === "whole");
    const sniffed = sniff(head);
    if (
      extent === "more" &&
      !this.#options.carve &&
      (sniffed.kind === "unknown" || (sniffed.kind === "format" && sniffed.sureness < SURE_ENOUGH))
    )
      return false;
    this.#head = new Uint8Array(0);
    const carved = this.#options.carve && (sniffed.kind === "unknown" || sniffed.kind === "refused");
    const found = carved ? ({ kind: "format", format: carveFormat } as const) : sniffed;
    if (found.kind === "format") {
      const { format } = found;
      sink.file?.(place, format.id);
      if (format.text && head.encoding !== "utf-8") {
        this.#inner = new Utf16Decoder(this.#file, head.encoding, format.open(this.#file, this.#options));
      } else this.#inner = format.open(this.#file, this.#options);
      this.#inner.push(format.text ? bytes.subarray(detectEncoding(start).mark) : bytes, sink);
    } else if (found.kind === "container") {
      const { container } = found;
      sink.file?.(place, container.id);
      if (this.#level >= this.#options.maxContainers) {
        const message = `Packed more than ${this.#options.maxContainers} times over (${container.title} inside): not unpacked further`;
        this.#refuse(sink, bytes, "archive/too-deep", message, "Unpack the outer archives and give what is inside");
        return true;
      }
      this.#inner = container.open(this.#file, this.#options, {
        open: (name) => new InputDecoder(name, this.#options, this.#level + 1, this.#budget),
        budget: this.#budget,
      });
      this.#inner.push(bytes, sink);
    } else if (found.kind === "refused") {
      sink.file?.(place, found.refused.id);
      const { title, help } = found.refused;
      this.#refuse(sink, bytes, help === NOT_A_LOG ? "input/not-a-log" : "input/not-read", `Not read: ${title}`, help);
    } else {
      sink.file?.(place, "unknown");
      if (isDocument(this.#file, head)) this.#refuse(sink, bytes, "input/not-a-log", "Not read: a document beside the logs", NOT_A_LOG);
      else this.#refuse(sink, bytes, "input/unknown-format", `Not read: ${describe(head)}`, `Known are ${INPUT_FORMATS}`);
    }
    return true;
  }

  #refuse(sink: Sink, bytes: Uint8Array, code: string, message: string, help?: string): void {
    this.#inner = new Unread(this.#file, bytes.length);
    const place = { file: this.#file };
    sink.problem(help === undefined ? { code, severity: "error", message, place } : { code, severity: "error", message, place, help });
  }
}

/** The rest of a file that was refused: its bytes are of no use except for their number. */
class Unread implements Decoder {
  readonly #file: string;
  #bytes: number;

  constructor(file: string, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
  }

  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
  }

  end(sink: Sink): void {
    if (this.#bytes > 0) sink.unread?.({ file: this.#file }, this.#bytes);
  }
}

function describe(head: Head): string {
  if (head.text === "") return "nothing but NUL bytes and white space";
  if (head.encoding === "utf-8" && head.bytes.includes(0)) return "binary data of an unknown kind";
  if (head.text.includes("\uFFFD") && head.text.split("\uFFFD").length > head.text.length / 20) return "binary data of an unknown kind";
  return "text in no known format";
}

function isBlank(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i]!;
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return false;
  }
  return true;
}
