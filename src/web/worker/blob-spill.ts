import type { Observed, Spill, Timed } from "../../workbench/index.ts";

/** Reads text at once, as only a worker may: `FileReaderSync` in a browser. */
export type ReadText = (blob: Blob) => string;

/** Characters put together before they are handed to a blob, and bytes read back at a time. */
const BLOCK = 4 * 1024 * 1024;

/**
 * Sorted runs of events in blobs, which browsers keep on the disk when they are large: sequences then lose nothing, however long the log.
 * Each event is a line of JSON.
 */
export class BlobSpill implements Spill<Observed> {
  readonly #read: ReadText;

  constructor(read: ReadText) {
    this.#read = read;
  }

  write(run: readonly Timed<Observed>[]): Iterable<Timed<Observed>> {
    const blobs: Blob[] = [];
    let lines: string[] = [];
    let length = 0;
    const flush = (): void => {
      if (lines.length > 0) blobs.push(new Blob([lines.join("\n")]));
      lines = [];
      length = 0;
    };
    for (const timed of run) {
      const line = JSON.stringify(timed, pack);
      lines.push(line);
      length += line.length;
      if (length >= BLOCK) flush();
    }
    flush();
    const read = this.#read;
    return {
      *[Symbol.iterator]() {
        // JSON has no line breaks but between its values: pack and stringify escape them.
        for (const blob of blobs) for (const line of read(blob).split("\n")) yield JSON.parse(line, unpack) as Timed<Observed>;
      },
    };
  }
}

/** JSON has no 64-bit integers: they become text with a mark that no other text is left with. */
const MARK = "\u0000";

function pack(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${MARK}n${value}`;
  return typeof value === "string" && value.startsWith(MARK) ? `${MARK}s${value}` : value;
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith(MARK)) return value;
  return value[1] === "n" ? BigInt(value.slice(2)) : value.slice(2);
}
