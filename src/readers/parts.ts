/** Files of which each part can be read apart from the others; what comes of them is put together in their order. */
import { DEFAULT_READ_OPTIONS, HEAD_BYTES, SURE_ENOUGH, type PartStarts, type Format, type Head, type ReadOptions } from "./format.ts";
import type { Decoder } from "./record.ts";
import { makeHead, sniff } from "./sniff.ts";

/**
 * Where a file may be cut, by its first bytes ({@link HEAD_BYTES} of them); null where it is read as a whole. `openInput` reads the first part,
 * `openPart` the others, and each but the last is ended by `Decoder.endPart`.
 */
export function partStartsOf(file: string, bytes: Uint8Array, options: Partial<ReadOptions> = {}): PartStarts | null {
  const { head, format } = recognise(bytes);
  return format?.parts?.starts(file, head, { ...DEFAULT_READ_OPTIONS, ...options }) ?? null;
}

/** A decoder for a file from `from` on. @param bytes the first of the file, which `partStartsOf` was given. */
export function openPart(file: string, options: Partial<ReadOptions>, bytes: Uint8Array, from: number): Decoder {
  const { head, format } = recognise(bytes);
  if (format?.parts === undefined) throw new Error(`${file} is not read in parts`);
  return format.parts.open(file, { ...DEFAULT_READ_OPTIONS, ...options }, head, from);
}

function recognise(bytes: Uint8Array): { readonly head: Head; readonly format: Format | null } {
  const head = makeHead(bytes.subarray(0, HEAD_BYTES), false);
  const sniffed = sniff(head);
  if (sniffed.kind !== "format" || sniffed.sureness < SURE_ENOUGH || bytes.length < HEAD_BYTES) return { head, format: null };
  const { format } = sniffed;
  return { head, format: format.text && head.encoding !== "utf-8" ? null : format };
}
