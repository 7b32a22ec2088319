import { openInput, whereText, type Decoder, type LogLocation, type Problem, type LogRecord, type Sink } from "../../workbench/index.ts";
import type { InputFile, InputProblem, InputReport, Progress } from "../protocol.ts";

/** Bytes of one slice: the worker listens for a cancel between two. */
const SLICE_BYTES = 1024 * 1024;
/** A problem in every record of a large file is one worth reading a few hundred times. */
const MAX_PROBLEMS = 500;
const PROGRESS_MS = 80;

export interface Reading {
  readonly report: InputReport;
  /** The same with places whole, for the report. */
  readonly problems: readonly Problem[];
}

/** What a reader tells while it reads. */
export interface Watch {
  isCancelled(): boolean;
  progress(progress: Omit<Progress, "events" | "alerts">): void;
}

/** Reads files slice by slice through the readers; what cannot be read is a problem and the rest is read. */
export async function readFiles(files: readonly InputFile[], sink: Sink, watch: Watch): Promise<Reading> {
  return new FileReading(files, sink, watch).run();
}

class FileReading implements Sink {
  readonly #files: readonly InputFile[];
  readonly #sink: Sink;
  readonly #watch: Watch;
  readonly #problems: Problem[] = [];
  readonly #formats = new Map<string, number>();
  #errors = 0;
  #warnings = 0;
  #bytes = 0;
  #filesDone = 0;
  #told = 0;
  #aborted = false;

  constructor(files: readonly InputFile[], sink: Sink, watch: Watch) {
    this.#files = files;
    this.#sink = sink;
    this.#watch = watch;
  }

  async run(): Promise<Reading> {
    for (const file of this.#files) {
      if (this.#aborted) break;
      await this.#read(file);
      if (!this.#aborted) this.#filesDone++;
    }
    return {
      problems: this.#problems,
      report: {
        files: this.#filesDone,
        bytes: this.#bytes,
        formats: [...this.#formats].map(([format, files]) => ({ format, files })),
        problems: this.#problems.map(problemView),
        errors: this.#errors,
        warnings: this.#warnings,
        aborted: this.#aborted,
      },
    };
  }

  record(record: LogRecord): void {
    this.#sink.record(record);
  }

  problem(problem: Problem): void {
    // In a folder or an archive it is to be expected that not everything is a log.
    const mild = this.#files.length > 1 && (problem.code === "input/not-a-log" || problem.code === "input/unknown-format");
    const shown: Problem = mild ? { ...problem, severity: "warning" } : problem;
    if (shown.severity === "error") this.#errors++;
    else this.#warnings++;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(shown);
  }

  file(place: LogLocation, format: string): void {
    this.#formats.set(format, (this.#formats.get(format) ?? 0) + 1);
    this.#sink.file?.(place, format);
  }

  async #read({ name, file }: InputFile): Promise<void> {
    const decoder = openInput(name);
    // While one slice is worked on, the next is read.
    let next: Promise<ArrayBuffer> | null = file.size > 0 ? file.slice(0, SLICE_BYTES).arrayBuffer() : null;
    let at = 0;
    while (next !== null) {
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await next);
      } catch {
        this.problem({
          code: "input/unreadable",
          severity: "error",
          message: "The browser could not read it: it was changed, moved or deleted since it was chosen",
          place: { file: name },
        });
        return;
      }
      if (this.#watch.isCancelled()) {
        this.#aborted = true;
        return;
      }
      at += bytes.length;
      next = at < file.size && bytes.length > 0 ? file.slice(at, at + SLICE_BYTES).arrayBuffer() : null;
      // Left unawaited only where the decoder fails; that it failed too is then of no interest.
      next?.catch(() => undefined);
      this.#bytes += bytes.length;
      if (!this.#step(name, decoder, (d) => d.push(bytes, this))) return;
      this.#tell(name);
    }
    this.#step(name, decoder, (d) => d.end(this));
  }

  /** A reader that throws is defective: that costs the rest of this file, not the run. */
  #step(name: string, decoder: Decoder, work: (decoder: Decoder) => void): boolean {
    try {
      work(decoder);
      return true;
    } catch (error) {
      this.problem({
        code: "internal/reader",
        severity: "error",
        message: `The reader failed: ${error instanceof Error ? error.message : String(error)}`,
        place: { file: name },
        help: "This is a defect of Tocsin; please report it",
      });
      return false;
    }
  }

  #tell(file: string): void {
    const now = performance.now();
    if (now - this.#told < PROGRESS_MS) return;
    this.#told = now;
    let bytesTotal = 0;
    for (const { file: blob } of this.#files) bytesTotal += blob.size;
    this.#watch.progress({ bytesDone: this.#bytes, bytesTotal, filesDone: this.#filesDone, filesTotal: this.#files.length, file });
  }
}

function problemView(problem: Problem): InputProblem {
  const { severity, message, code, help, place } = problem;
  return { severity, message, code, help: help ?? null, place: whereText(place) };
}
