import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { AlertSpill, Observed, Spill, Timed } from "../workbench/index.ts";
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

/**
 * Alerts in a temporary file without a name, as far as memory does not hold them. They are asked for until the process ends, and the file
 * goes with it.
 */
export class AlertFile implements AlertSpill {
  #file: number | null = null;
  /** What is not in the file yet. */
  #buffer = Buffer.alloc(0);
  #used = 0;
  #written = 0;
  /** What is read goes into it. */
  #piece = Buffer.alloc(PIECE_BYTES);

  put(value: unknown): number {
    const text = plainJson(value);
    const body = text === null ? serialize(value) : null;
    const most = HEAD_BYTES + (body?.length ?? text!.length * 3);
    if (this.#used + most > this.#buffer.length) this.#flush(most);
    const at = this.#written + this.#used;
    const from = this.#used + HEAD_BYTES;
    const length = body === null ? this.#buffer.write(text!, from, "utf8") : body.copy(this.#buffer, from);
    this.#buffer.writeUInt32LE(length, this.#used);
    this.#buffer[this.#used + 4] = body === null ? AS_JSON : AS_CLONE;
    this.#used = from + length;
    return at;
  }

  get(at: number): unknown {
    if (at >= this.#written) return bodyOf(this.#buffer.subarray(at - this.#written));
    let piece = this.#read(at, Math.min(PIECE_BYTES, this.#written - at));
    const whole = HEAD_BYTES + piece.readUInt32LE(0);
    if (whole > piece.length) piece = this.#read(at, whole);
    return bodyOf(piece);
  }

  #flush(wanted: number): void {
    inTemporary(() => {
      this.#file ??= openNameless();
      this.#written = writeWhole(this.#file, this.#buffer.subarray(0, this.#used), this.#written);
    });
    this.#used = 0;
    if (this.#buffer.length < wanted) this.#buffer = Buffer.alloc(Math.max(BUFFER_BYTES, wanted));
  }

  /** What it returns holds until the next call. */
  #read(at: number, length: number): Buffer {
    if (length > this.#piece.length) this.#piece = Buffer.alloc(length);
    const bytes = this.#piece.subarray(0, length);
    for (let read = 0; read < length;) {
      const more = inTemporary(() => readSync(this.#file!, bytes, read, length - read, at + read));
      if (more === 0) throw cutByOthers();
      read += more;
    }
    return bytes;
  }
}

/** The value as JSON, which is several times as fast as a structured clone; null where that could lose something: long integers, numbers that are none. */
function plainJson(value: unknown): string | null {
  try {
    const text = JSON.stringify(value);
    return text.includes("null") ? null : text;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

/** The value that begins here, behind its length and what it is written as. */
function bodyOf(bytes: Buffer): unknown {
  const end = HEAD_BYTES + bytes.readUInt32LE(0);
  return bytes[4] === AS_JSON ? JSON.parse(bytes.toString("utf8", HEAD_BYTES, end)) : deserialize(bytes.subarray(HEAD_BYTES, end));
}

const HEAD_BYTES = 5;
const AS_JSON = 0;
const AS_CLONE = 1;
/** What is read at once: most alerts and events are shorter. */
const PIECE_BYTES = 4_096;

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
    if (read === 0) throw cutByOthers();
    position += read;
    buffer = Buffer.concat([buffer, chunk.subarray(0, read)]);
  }
}

function cutByOthers(): Failure {
  return new Failure(`a temporary file in ${tmpdir()} was cut by somebody else`, { exitCode: EXIT.unwritten });
}

function inTemporary<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(`events cannot be put into temporary files in ${tmpdir()} ${writeReason(code)}`, {
      help: "Give the environment variable TMPDIR a folder with room: about as much as the logs have unpacked.",
      exitCode: EXIT.unwritten,
    });
  }
}
