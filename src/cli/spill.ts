import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { Observed, Spill, Timed } from "../workbench/index.ts";
import { EXIT, Failure } from "./failure.ts";
import { writeReason } from "./output/reason.ts";

/**
 * Sorted runs of events in one temporary file, one record after the other: its length, then the structured clone. The file has no name
 * from the moment it is made: however the process ends, by a signal or a failing machine, no telemetry stays behind.
 */
export class FileSpill implements Spill<Observed> {
  #file: number | null = null;
  #end = 0;

  write(run: readonly Timed<Observed>[]): Iterable<Timed<Observed>> {
    return inTemporary(() => {
      const file = (this.#file ??= openNameless());
      const from = this.#end;
      let pieces: Buffer[] = [];
      let held = 0;
      const flush = (): void => {
        this.#end = writeWhole(file, Buffer.concat(pieces), this.#end);
        pieces = [];
        held = 0;
      };
      for (const timed of run) {
        const body = serialize(timed);
        const head = Buffer.alloc(4);
        head.writeUInt32LE(body.length);
        pieces.push(head, body);
        held += 4 + body.length;
        if (held >= BUFFER_BYTES) flush();
      }
      flush();
      const to = this.#end;
      return { [Symbol.iterator]: () => readRun(file, from, to) };
    });
  }

  /** Frees the disk; the runs cannot be read any more. */
  dispose(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

const BUFFER_BYTES = 1 << 20;

/** Nobody else can open it: it is new, for its owner alone, and its name is gone before anything is in it. */
function openNameless(): number {
  const path = join(tmpdir(), `tocsin-${randomUUID()}`);
  const file = openSync(path, "wx+", 0o600);
  try {
    rmSync(path);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return file;
}

/** A write may take less than it was given, as where a disk is nearly full. Returns where it ends. */
function writeWhole(file: number, bytes: Buffer, position: number): number {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, position + at);
  return position + bytes.length;
}

function* readRun(file: number, from: number, to: number): Generator<Timed<Observed>, void> {
  let buffer = Buffer.alloc(0);
  for (let position = from; ;) {
    while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32LE(0)) {
      const end = 4 + buffer.readUInt32LE(0);
      yield deserialize(buffer.subarray(4, end)) as Timed<Observed>;
      buffer = buffer.subarray(end);
    }
    if (position === to) return;
    const chunk = Buffer.alloc(Math.min(BUFFER_BYTES, to - position));
    const read = inTemporary(() => readSync(file, chunk, 0, chunk.length, position));
    if (read === 0) throw new Failure(`a temporary file in ${tmpdir()} was cut by somebody else`, { exitCode: EXIT.unwritten });
    position += read;
    buffer = Buffer.concat([buffer, chunk.subarray(0, read)]);
  }
}

function inTemporary<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(`events of sequences cannot be put into temporary files in ${tmpdir()} ${writeReason(code)}`, {
      help: "Give the environment variable TMPDIR a folder with room: about as much as the logs have unpacked.",
      exitCode: EXIT.unwritten,
    });
  }
}
