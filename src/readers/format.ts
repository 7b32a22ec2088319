import type { Decoder } from "./record.ts";

/**
 * A format: how its content is recognised and how it is read. `evtx`, `windows-xml`, `json-lines`, ... are one object each;
 * `formats.ts` is the table of them.
 */
export interface Format {
  /** Stable name, lower case with dashes: `evtx`, `windows-xml`, `json-lines`. It is what `Sink.file` reports. */
  readonly id: string;
  /** For people: `Windows event log (EVTX)`. */
  readonly title: string;
  /**
   * True for text. `openInput` then hands the decoder UTF-8 without a byte order mark, whatever the file had (UTF-16 is transcoded),
   * so a text decoder ignores an `encoding="utf-16"` in an XML declaration. Lines are counted by the decoder, from 1.
   */
  readonly text: boolean;
  /** The confidence that this is the format's content: 0 = no, 1 = certain (a magic number). The most confident format of the table gets the file. */
  sniff(head: Head): number;
  /** A decoder for one file. `file` goes into every place as it is. The decoder does not call `Sink.file`: `openInput` does. */
  open(file: string, options: ReadOptions): Decoder;
  /** How a file of it is read in parts, side by side; left out where what a record is depends on what came before it. */
  readonly parts?: PartFormat;
}

/** What a format knows of parts. Its decoders have `endPart`. */
export interface PartFormat {
  /** Where parts may begin; null where this file is read as a whole. */
  starts(file: string, head: Head, options: ReadOptions): PartStarts | null;
  /** A decoder for what begins at `from`, which is a place where a part may begin. Lines count from 1 there. */
  open(file: string, options: ReadOptions, head: Head, from: number): Decoder;
}

/** Where parts of a file may begin: behind each line feed, or at `first` and every `size` bytes from there on. */
export type PartStarts = { readonly kind: "lines" } | { readonly kind: "slots"; readonly first: number; readonly size: number };

/** The beginning of a file, for sniffing. */
export interface Head {
  /** The first bytes as they came, at most {@link HEAD_BYTES}. */
  readonly bytes: Uint8Array;
  /** The same decoded as text, without the byte order mark and without leading white space and NULs; bytes that are no text are U+FFFD. */
  readonly text: string;
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  /** The file has no more bytes than these. */
  readonly whole: boolean;
}

/** How many bytes `openInput` gathers before it decides what a file is (fewer when the file ends earlier). */
export const HEAD_BYTES = 16_384;

/** How many it gathers where those say nothing: a log may begin with NULs of a crash, or with the rest of a long line. */
export const MAX_HEAD_BYTES = 1024 * 1024;

/** A format that is less confident than this waits for more of the file before it gets it. */
export const SURE_ENOUGH = 0.5;

/** What bounds reading. Input is hostile: every bound has a default and its overrun is one problem, never a crash. */
export interface ReadOptions {
  /** The largest single record (a line, a JSON document, an `<Event>`), in bytes. A larger one is skipped and reported. */
  readonly maxRecordBytes: number;
  /** The deepest nesting of JSON or XML in one record. */
  readonly maxDepth: number;
  /** How many containers may lie inside each other: `a.tar.gz` is two. */
  readonly maxContainers: number;
  /** The most members read from one archive. */
  readonly maxMembers: number;
  /** Unpacked bytes per byte of an input, over all that is packed in it, beyond which it is taken for a bomb (after {@link EXPANSION_GRACE_BYTES}). */
  readonly maxExpansion: number;
  /**
   * EVTX: also the older records that lie in the free space of chunks, which are no part of the log any more; and files of no known
   * format (disk images, memory, swap files) are searched for chunks of event logs.
   */
  readonly carve: boolean;
  /** When the input was last written, in milliseconds since 1970; null where that is not known. It says the year of lines that have none. */
  readonly modified: number | null;
}

/** Expansion is not judged before this many bytes came out: short files of zeros compress a thousandfold. */
export const EXPANSION_GRACE_BYTES = 64 * 1024 * 1024;

export const DEFAULT_READ_OPTIONS: ReadOptions = {
  maxRecordBytes: 64 * 1024 * 1024,
  maxDepth: 256,
  maxContainers: 4,
  maxMembers: 100_000,
  maxExpansion: 1000,
  carve: false,
  modified: null,
};
