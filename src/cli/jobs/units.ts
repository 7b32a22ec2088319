/** The work of a hunt on several cores: files, and parts of large ones. */
import { open } from "node:fs/promises";
import { HEAD_BYTES, partStartsOf, type PartStarts, type ReadOptions } from "../../workbench/index.ts";
import type { FoundFile } from "../walk.ts";

/** What one thread reads in one go. */
export interface Unit {
  /** The file's number. */
  readonly file: number;
  /** Null: all of it. */
  readonly part: Part | null;
}

/** A part of a file: what begins within these bytes. A line that begins within and ends beyond belongs to it. */
export interface Part {
  readonly from: number;
  /** Infinity for the last part: logs grow while they are read. */
  readonly to: number;
  readonly starts: PartStarts;
  /** The first bytes of the file. */
  readonly head: Uint8Array;
}

/** Large enough that what a part costs by itself is little, small enough that no thread is left with much at the end. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Files in their order, each whole or in its parts. */
export async function unitsOf(files: readonly FoundFile[], read: Partial<ReadOptions>, partBytes: number): Promise<Unit[]> {
  const units: Unit[] = [];
  for (const [file, found] of files.entries()) {
    const head = found.size === undefined || found.size < 2 * partBytes ? null : await headOf(found);
    const starts = head === null ? null : partStartsOf(found.name, head, read);
    if (head === null || starts === null) units.push({ file, part: null });
    else {
      const bounds = boundsOf(found.size!, starts, partBytes);
      bounds.forEach((from, n) => units.push({ file, part: { from, to: bounds[n + 1] ?? Infinity, starts, head } }));
    }
  }
  return units;
}

function boundsOf(size: number, starts: PartStarts, partBytes: number): number[] {
  const bounds = [0];
  const [first, step] =
    starts.kind === "lines" ? [0, partBytes] : [starts.first, Math.max(1, Math.round(partBytes / starts.size)) * starts.size];
  for (let at = first + step; at < size; at += step) bounds.push(at);
  return bounds;
}

/** Null where it cannot be read: whoever reads the file says so. */
async function headOf(file: FoundFile): Promise<Uint8Array | null> {
  try {
    const handle = await open(file.path, "r");
    try {
      const head = new Uint8Array(HEAD_BYTES);
      for (let length = 0; length < HEAD_BYTES;) {
        const { bytesRead } = await handle.read(head, length, HEAD_BYTES - length, length);
        if (bytesRead === 0) return null;
        length += bytesRead;
      }
      return head;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
