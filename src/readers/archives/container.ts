import { EXPANSION_GRACE_BYTES, type Head, type ReadOptions } from "../format.ts";
import type { Decoder, Sink } from "../record.ts";

/** What holds files: a compressed stream (one file) or an archive (many). */
export interface Container {
  readonly id: string;
  readonly title: string;
  sniff(head: Head): number;
  /** A decoder that unpacks. It also ends whatever it opens through `unpacking`; if the input is cut off, it reports that first. */
  open(file: string, options: ReadOptions, unpacking: Unpacking): Decoder;
}

/** What a container's decoder gets from the input it is part of. */
export interface Unpacking {
  /** The decoder of a file inside: for a compressed stream under the same name, for an archive under {@link memberName}. */
  open(file: string): Decoder;
  readonly budget: Budget;
}

/**
 * How many bytes may be unpacked from one input, counted over everything packed in it: archives in archives multiply, so a bound for each
 * of them would not help.
 */
export class Budget {
  readonly #maxExpansion: number;
  #in = 0;
  #out = 0;
  /** Taken for a bomb: nothing is unpacked any more. */
  spent = false;

  constructor(maxExpansion: number) {
    this.#maxExpansion = maxExpansion;
  }

  /** Bytes of the input itself arrived. */
  arrive(bytes: number): void {
    this.#in += bytes;
  }

  /** Bytes were unpacked. True the moment they are too many: the decoder that unpacked them reports it, once. */
  spend(bytes: number): boolean {
    this.#out += bytes;
    if (this.spent || this.#out <= EXPANSION_GRACE_BYTES || this.#out <= this.#in * this.#maxExpansion) return false;
    this.spent = true;
    return true;
  }
}

export const BOMB_MESSAGE = "Expands to so many times its size that it is taken for a bomb: the rest was not read";

/** `logs.zip!a/b.json` */
export function memberName(archive: string, member: string): string {
  return `${archive}!${member}`;
}

/**
 * A member's name for display: forward slashes, without drive, root, `.` and `..`. Nothing is ever written under it, so a name that
 * climbs out of its folder is a sign of malice and not a danger; the content is read all the same.
 */
export function cleanMemberName(name: string): { readonly name: string; readonly suspicious: boolean } {
  const slashes = name.replaceAll("\\", "/");
  const kept = slashes
    .replace(/^[A-Za-z]:/, "")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..");
  // oxlint-disable-next-line no-control-regex
  const shown = kept.join("/").replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\uFFFD");
  const suspicious = /^(?:\/|[A-Za-z]:)|(?:^|\/)\.\.(?:\/|$)/.test(slashes);
  return { name: shown === "" ? "(no name)" : shown.length > 1000 ? `${shown.slice(0, 1000)}...` : shown, suspicious };
}

/** Ends a decoder whose input was cut off, which has been reported: what is complete still comes out, and the torn end is not reported again. */
export function endCutOff(inner: Decoder, sink: Sink): void {
  inner.end({
    record: (record) => sink.record(record),
    problem: (problem) => {
      if (problem.severity !== "error") sink.problem(problem);
    },
    file: (place, format) => sink.file?.(place, format),
    stale: (place, count) => sink.stale?.(place, count),
  });
}
