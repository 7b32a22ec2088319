import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import {
  type Decoder,
  openInput,
  type LogLocation,
  type Problem,
  type ReadOptions,
  type LogRecord,
  type Sink,
} from "../workbench/index.ts";
import { findFiles, type FoundFile, openProblem } from "./walk.ts";

export interface InputOptions {
  /** Bounds of the readers; the defaults otherwise. */
  readonly read?: Partial<ReadOptions>;
  /** Called after every chunk. */
  readonly onProgress?: (progress: InputProgress) => void;
  /** Awaited after every chunk: whoever takes the records can hold back the reading, or let other work run. */
  readonly afterChunk?: () => void | Promise<void>;
  /** What `-` reads; nothing otherwise. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** How many problems the summary keeps; all are counted and all go to the sink. Default 1,000. */
  readonly maxProblems?: number;
  /** Stops between chunks. What was read by then is in the summary. */
  readonly signal?: AbortSignal;
}

export interface InputProgress {
  readonly bytesDone: number;
  /** Undefined when a pipe is among the input. */
  readonly bytesTotal: number | undefined;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly file: string;
  readonly records: number;
}

export interface InputSummary {
  /** Files and pipes read, members of archives not counted. */
  files: number;
  /** What was found, by format, archives and their members each. */
  readonly formats: { [format: string]: number };
  /** Bytes read, as they lie on the disk. */
  bytes: number;
  records: number;
  /** Older records in the free space of event logs, which are no part of the logs and were not read. */
  staleRecords: number;
  /** The first problems, in order. */
  readonly problems: Problem[];
  readonly problemsByCode: { [code: string]: number };
  /** How many problems are errors: part of the input was not read. */
  errors: number;
  warnings: number;
  /** The signal stopped it before the end. */
  aborted: boolean;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads files, folders and standard input (`-`) through the readers. Whatever cannot be read is a problem, told to the sink and
 * counted, and the rest is read. Throws only what the sink throws.
 */
export async function readInputs(paths: readonly string[], options: InputOptions, sink: Sink): Promise<InputSummary> {
  return new InputReading(options, sink).run(paths);
}

/** What is no log is to be expected in a folder or an archive, and is an error only when somebody named it. */
const EXPECTED_IN_FOLDERS: ReadonlySet<string> = new Set(["input/not-a-log", "input/unknown-format"]);

class InputReading implements Sink {
  readonly #options: InputOptions;
  readonly #sink: Sink;
  readonly #summary: InputSummary = {
    files: 0,
    formats: Object.create(null) as { [format: string]: number },
    bytes: 0,
    records: 0,
    staleRecords: 0,
    problems: [],
    problemsByCode: Object.create(null) as { [code: string]: number },
    errors: 0,
    warnings: 0,
    aborted: false,
  };
  #file: FoundFile | null = null;
  /** The last file whose format was told. */
  #known: FoundFile | null = null;
  #total: number | undefined = 0;
  #filesTotal = 0;
  /** Something the sink threw, to be told from a defect of a reader. */
  #thrown: { readonly error: unknown } | null = null;

  #failed: Decoder | null = null;

  constructor(options: InputOptions, sink: Sink) {
    this.#options = options;
    this.#sink = sink;
  }

  async run(paths: readonly string[]): Promise<InputSummary> {
    const files = await findFiles(paths, (problem) => this.problem(problem));
    this.#filesTotal = files.length;
    this.#total = files.reduce<number | undefined>(
      (sum, file) => (sum === undefined || file.size === undefined ? undefined : sum + file.size),
      0,
    );
    for (const file of files) {
      if (this.#isAborted()) break;
      this.#file = file;
      if (file.path === "-") await this.#readStdin();
      else await this.#readFile(file);
      this.#file = null;
    }
    return this.#summary;
  }

  record(record: LogRecord): void {
    this.#summary.records++;
    this.#guard(() => this.#sink.record(record));
  }

  problem(found: Problem): void {
    const file = this.#file;
    const expected = EXPECTED_IN_FOLDERS.has(found.code) && file !== null && !(file.named && found.place.file === shownName(file.path));
    const problem: Problem = expected ? { ...found, severity: "warning" } : found;
    const summary = this.#summary;
    summary.problemsByCode[problem.code] = (summary.problemsByCode[problem.code] ?? 0) + 1;
    if (problem.severity === "error") summary.errors++;
    else summary.warnings++;
    if (summary.problems.length < (this.#options.maxProblems ?? 1000)) summary.problems.push(problem);
    this.#guard(() => this.#sink.problem(problem));
  }

  stale(place: LogLocation, count: number): void {
    this.#summary.staleRecords += count;
    this.#guard(() => this.#sink.stale?.(place, count));
  }

  file(place: LogLocation, format: string): void {
    this.#summary.formats[format] = (this.#summary.formats[format] ?? 0) + 1;
    // What a cut archive has left is empty too, and was told of as cut.
    if (format === "empty" && this.#file?.named === true && this.#file !== this.#known)
      this.problem({ code: "input/empty", severity: "warning", message: "There is nothing in it", place });
    this.#known = this.#file;
    this.#guard(() => this.#sink.file?.(place, format));
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#thrown = { error };
      throw error;
    }
  }

  #isAborted(): boolean {
    if (this.#options.signal?.aborted === true) this.#summary.aborted = true;
    return this.#summary.aborted;
  }

  async #readStdin(): Promise<void> {
    const decoder = openInput(shownName("-"), this.#options.read);
    this.#summary.files++;
    try {
      for await (const chunk of this.#options.stdin ?? []) {
        if (!(await this.#chunk(decoder, chunk)) || this.#isAborted()) break;
      }
    } catch (error) {
      if (this.#thrown !== null) throw error;
      this.problem({ ...openProblem(shownName("-"), error), code: "input/unreadable" });
    }
    this.#end(decoder);
  }

  async #readFile(file: FoundFile): Promise<void> {
    let handle: FileHandle;
    try {
      // A pipe that took the file's place since it was found must not block; the shell's own pipes are open already.
      handle = await open(file.path, file.size === undefined ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      this.problem(openProblem(file.path, error));
      return;
    }
    this.#summary.files++;
    const decoder = openInput(file.path, this.#options.read);
    try {
      // Two buffers: while one is read from, the next chunk arrives in the other.
      let [here, there] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
      let pending = handle.read(here, 0, CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await pending;
        if (bytesRead === 0) break;
        pending = handle.read(there, 0, CHUNK_BYTES);
        // Left unawaited only if the sink throws; that it failed too is then of no interest.
        pending.catch(() => undefined);
        if (!(await this.#chunk(decoder, here.subarray(0, bytesRead))) || this.#isAborted()) {
          await pending;
          break;
        }
        [here, there] = [there, here];
      }
    } catch (error) {
      if (this.#thrown !== null) throw error;
      this.problem(openProblem(file.path, error));
    } finally {
      await handle.close();
    }
    this.#end(decoder);
  }

  /** What is pending comes out; not of a decoder that failed, nor when the reading was stopped, where the end is no end. */
  #end(decoder: Decoder): void {
    if (!this.#summary.aborted && this.#failed !== decoder) this.#step(() => decoder.end(this), decoder);
  }

  /** False when the decoder is done for. */
  async #chunk(decoder: Decoder, bytes: Uint8Array): Promise<boolean> {
    this.#summary.bytes += bytes.length;
    const alive = this.#step(() => decoder.push(bytes, this), decoder);
    this.#options.onProgress?.({
      bytesDone: this.#summary.bytes,
      bytesTotal: this.#total,
      filesDone: this.#summary.files - 1,
      filesTotal: this.#filesTotal,
      file: this.#file!.path,
      records: this.#summary.records,
    });
    await this.#options.afterChunk?.();
    return alive;
  }

  /** A reader that throws is defective: that costs the rest of this file, not the run. */
  #step(work: () => void, decoder: Decoder): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (this.#thrown !== null) throw error;
      this.#failed = decoder;
      this.problem({
        code: "internal/reader",
        severity: "error",
        message: `The reader failed: ${error instanceof Error ? error.message : String(error)}`,
        place: { file: shownName(this.#file!.path) },
        help: "This is a defect of tocsin; please report it",
      });
      return false;
    }
  }
}

/** The name in places: standard input has none of its own. */
function shownName(path: string): string {
  return path === "-" ? "(standard input)" : path;
}
