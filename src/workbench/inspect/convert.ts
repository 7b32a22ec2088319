import { createNormaliser } from "../../ecs/index.ts";
import { eventXml, type LogLocation, type Problem, type LogRecord, type Sink } from "../../readers/index.ts";

export const CONVERSIONS = ["ecs", "raw", "xml"] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/** Writes each record in another form, in the order of the input. What has no such form is counted. A sink for the readers. */
export class Converter implements Sink {
  written = 0;
  skipped = 0;
  readonly #to: Conversion;
  readonly #normaliser;
  readonly #write: (line: object | string) => void;

  constructor(to: Conversion, strictElastic: boolean, write: (line: object | string) => void) {
    this.#to = to;
    this.#normaliser = createNormaliser({ strictElastic });
    this.#write = write;
  }

  record(record: LogRecord): void {
    const line = this.#convert(record);
    if (line === null) {
      this.skipped++;
      return;
    }
    this.#write(line);
    this.written++;
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
