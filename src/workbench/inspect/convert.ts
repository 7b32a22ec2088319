import { createNormaliser, JsonBytes, RawJsonWriter } from "../../ecs/index.ts";
import { eventXml, type LogLocation, type Problem, type LogRecord, type Sink } from "../../readers/index.ts";

export const CONVERSIONS = ["ecs", "raw", "xml"] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/** Lines that are bytes already are handed on in pieces of this size. */
const PIECE_BYTES = 1 << 18;

/** Writes each record in another form, in the order of the input. What has no such form is counted. A sink for the readers. */
export class Converter implements Sink {
  written = 0;
  skipped = 0;
  readonly #to: Conversion;
  readonly #normaliser;
  readonly #rawJson = new RawJsonWriter();
  readonly #lines = new JsonBytes();
  readonly #write: (line: object | string | Uint8Array) => void;

  /** @param write takes one line, as a document or a text without its end, or whole lines of JSON as UTF-8, which it must not keep. */
  constructor(to: Conversion, strictElastic: boolean, write: (line: object | string | Uint8Array) => void) {
    this.#to = to;
    this.#normaliser = createNormaliser({ strictElastic });
    this.#write = write;
  }

  record(record: LogRecord): void {
    const lines = this.#lines;
    if (this.#to === "raw" && record.kind === "windows" && this.#rawJson.write(record, lines)) {
      lines.char(0x0a);
      this.written++;
      if (lines.length >= PIECE_BYTES) this.flush();
      return;
    }
    const line = this.#convert(record);
    if (line === null) {
      this.skipped++;
      return;
    }
    this.flush();
    this.#write(line);
    this.written++;
  }

  /** Hands on what is held back; to be called at the end. */
  flush(): void {
    if (this.#lines.length === 0) return;
    this.#write(this.#lines.written());
    this.#lines.length = 0;
  }

  #convert(record: LogRecord): object | string | null {
    switch (this.#to) {
      case "ecs":
        return this.#normaliser.normalise(record).event;
      case "raw":
        return this.#normaliser.toRaw(record);
      case "xml":
        return record.kind === "windows" ? eventXml(record.event) : null;
    }
  }

  problem(_problem: Problem): void {}

  file(_place: LogLocation, _format: string): void {}
}
