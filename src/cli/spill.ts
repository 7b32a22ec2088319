import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Observed, Spill, Timed } from "../workbench/index.ts";
import { Failure } from "./failure.ts";

/**
 * Sorted runs of events in temporary files, one record after the other: its length, then the structured clone. The folder is
 * private and goes away with `dispose` (also when the process ends by itself).
 */
export class FileSpill implements Spill<Observed> {
  #folder: string | null = null;
  #runs = 0;

  write(run: readonly Timed<Observed>[]): Iterable<Timed<Observed>> {
    try {
      return this.#write(run);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new Failure(`events of sequences cannot be put into temporary files in ${tmpdir()} (${code})`, {
        help: "Give the environment variable TMPDIR a folder with room: about as much as the logs have unpacked.",
      });
    }
  }

  #write(run: readonly Timed<Observed>[]): Iterable<Timed<Observed>> {
    this.#folder ??= this.#make();
    const path = join(this.#folder, `${this.#runs++}.run`);
    const file = openSync(path, "wx", 0o600);
    try {
      let pieces: Buffer[] = [];
      let held = 0;
      for (const timed of run) {
        const body = serialize(timed);
        const head = Buffer.alloc(4);
        head.writeUInt32LE(body.length);
        pieces.push(head, body);
        held += 4 + body.length;
        if (held < BUFFER_BYTES) continue;
        writeWhole(file, Buffer.concat(pieces));
        pieces = [];
        held = 0;
      }
      writeWhole(file, Buffer.concat(pieces));
    } finally {
      closeSync(file);
    }
    return { [Symbol.iterator]: () => readRun(path) };
  }

  #make(): string {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  dispose(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

const BUFFER_BYTES = 1 << 20;

/** A write may take less than it was given, as where a disk is nearly full. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function* readRun(path: string): Generator<Timed<Observed>, void> {
  const file = openSync(path, "r");
  try {
    let buffer = Buffer.alloc(0);
    for (;;) {
      while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32LE(0)) {
        const end = 4 + buffer.readUInt32LE(0);
        yield deserialize(buffer.subarray(4, end)) as Timed<Observed>;
        buffer = buffer.subarray(end);
      }
      const chunk = Buffer.alloc(BUFFER_BYTES);
      const read = readSync(file, chunk, 0, BUFFER_BYTES, null);
      if (read === 0) return;
      buffer = Buffer.concat([buffer, chunk.subarray(0, read)]);
    }
  } finally {
    closeSync(file);
  }
}
