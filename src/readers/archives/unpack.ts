/** What is packed in a file, as files: for inputs that are no logs, such as rules. */
import { DEFAULT_READ_OPTIONS, HEAD_BYTES, type ReadOptions } from "../format.ts";
import { containers } from "../formats.ts";
import type { Decoder, Sink } from "../record.ts";
import { makeHead } from "../sniff.ts";
import { Budget } from "./container.ts";

export interface UnpackedFile {
  /** Members of archives are joined to the archive's name with `!`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file itself where it is no archive. What cannot be unpacked goes to `onProblem`; the same bounds hold as for logs. */
export function unpack(
  name: string,
  bytes: Uint8Array,
  onProblem: Sink["problem"],
  options: Partial<ReadOptions> = {},
): readonly UnpackedFile[] {
  const all = { ...DEFAULT_READ_OPTIONS, ...options };
  const budget = new Budget(all.maxExpansion);
  budget.arrive(bytes.length);
  const files: UnpackedFile[] = [];
  const sink: Sink = { record: () => {}, problem: onProblem };
  read(name, bytes, 0);
  return files;

  function read(file: string, content: Uint8Array, level: number): void {
    const head = makeHead(content.subarray(0, HEAD_BYTES), content.length <= HEAD_BYTES);
    const container = containers.find((one) => one.sniff(head) > 0);
    if (container === undefined) {
      files.push({ name: file, bytes: content });
      return;
    }
    if (level >= all.maxContainers) {
      const message = `Packed more than ${all.maxContainers} times over: not unpacked further`;
      onProblem({ code: "archive/too-deep", severity: "error", message, place: { file } });
      return;
    }
    const decoder = container.open(file, all, { open: (member) => new Gathering(member, level + 1, read), budget });
    decoder.push(content, sink);
    decoder.end(sink);
  }
}

/** Holds a member until it is whole. */
class Gathering implements Decoder {
  readonly #name: string;
  readonly #level: number;
  readonly #whole: (name: string, bytes: Uint8Array, level: number) => void;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(name: string, level: number, whole: (name: string, bytes: Uint8Array, level: number) => void) {
    this.#name = name;
    this.#level = level;
    this.#whole = whole;
  }

  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
  }

  end(): void {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#whole(this.#name, bytes, this.#level);
  }
}
