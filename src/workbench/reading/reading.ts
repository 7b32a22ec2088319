/** Reading inputs, whoever brings their bytes: the command line files and pipes, the page what was dropped on it. */
import {
  openInput,
  openPart,
  type Decoder,
  type DocumentPrefilter,
  type LineExtractor,
  type LogLocation,
  type LogRecord,
  type PartEnd,
  type Problem,
  type ReadOptions,
  type Sink,
} from "../../readers/index.ts";
import type { RecordSecrets } from "./record-hash.ts";
import type { Identity } from "./record-identity.ts";
import { SeenRecords, type DuplicateCounts } from "./seen-records.ts";

/** A file, a pipe or what a page was given. */
export interface InputSource {
  /** As places show it. */
  readonly name: string;
  /** Bytes; undefined where nobody knows beforehand, as with a pipe. */
  readonly size: number | undefined;
  /** Somebody chose this very file; it was not found in a folder. */
  readonly named: boolean;
  /** When it was last written, in milliseconds since 1970; left out where nobody knows. */
  readonly modified?: number;
}

export interface ReadingOptions {
  /** Bounds of the readers; the defaults otherwise. */
  readonly read?: Partial<ReadOptions>;
  /** How many problems the summary keeps; all are counted and all go to the sink. Default 1,000. */
  readonly maxProblems?: number;
  /** Copies of records that were read before are counted, and left out. */
  readonly dropDuplicates?: boolean;
}

export interface InputSummary {
  /** Files and pipes opened, members of archives not counted. */
  files: number;
  /** What was found, by format, archives and their members each. */
  readonly formats: { [format: string]: number };
  /** Bytes taken in, as they lie on the disk. */
  bytes: number;
  /** What came in and is in no record: files that cannot be read or are no logs, members of archives each, and their bytes. */
  readonly notRead: { files: number; bytes: number };
  records: number;
  /** Older records in the free space of event logs, which are no part of the logs and were not read. */
  staleRecords: number;
  /** The first problems, in order. */
  readonly problems: Problem[];
  readonly problemsByCode: { [code: string]: number };
  /** Copies of records, which were left out; null where all were passed on. */
  readonly duplicates: DuplicateCounts | null;
  /** How many problems are errors: part of the input was not read. */
  errors: number;
  warnings: number;
  /** It was stopped before the end. */
  aborted: boolean;
}

/** Where a {@link Reading} puts what it reads. */
export interface RecordSink extends Sink {
  /** A record that was read before: not an event, but what it says of its file holds. */
  copy?(record: LogRecord): void;
  /** Settles documents by some fields of them. @param secrets what records are named under; null where copies are not looked for. */
  eventPrefilter?(secrets: RecordSecrets | null): EventSettler | null;
}

/** Settles documents that need not be made. */
export interface EventSettler {
  readonly extractor: LineExtractor;
  /** True where it is certain what the document in the line that was walked last adds to the counts, and that nothing else needs it. */
  settles(): boolean;
  /** What names the document that was settled. */
  readonly identity: Identity | null;
  /** Counts it. */
  count(): void;
}

/** What is counted of files, without the problems. */
export type ReadCounts = Pick<InputSummary, "files" | "formats" | "bytes" | "notRead" | "records" | "staleRecords">;

/**
 * The books of one reading: sources are opened one after the other, what comes out of them goes to the sink, and everything is
 * counted. What cannot be read is a problem and the rest is read; only what the sink throws is thrown.
 */
export class Reading {
  readonly summary: InputSummary;
  readonly options: ReadingOptions;
  readonly sink: RecordSink;
  /** Null where copies are passed on like everything else. */
  readonly seen: SeenRecords | null;

  constructor(options: ReadingOptions, sink: RecordSink) {
    this.options = options;
    this.sink = sink;
    this.seen = options.dropDuplicates === true ? new SeenRecords() : null;
    this.summary = {
      files: 0,
      formats: Object.create(null) as { [format: string]: number },
      bytes: 0,
      notRead: { files: 0, bytes: 0 },
      records: 0,
      staleRecords: 0,
      problems: [],
      problemsByCode: Object.create(null) as { [code: string]: number },
      duplicates: this.seen?.counts ?? null,
      errors: 0,
      warnings: 0,
      aborted: false,
    };
  }

  open(source: InputSource): SourceReading {
    this.summary.files++;
    return new SourceReading(this, source);
  }

  /** A source from a place on where a part of it may begin, which is not its beginning. @param head its first bytes, as `partStartsOf` was given them. */
  openPart(source: InputSource, head: Uint8Array, from: number): SourceReading {
    return new SourceReading(this, source, { head, from });
  }

  /** A source that could not be opened. */
  unopened(source: InputSource, problem: Problem): void {
    this.notRead(source.size ?? 0);
    this.problem(problem);
  }

  problem(problem: Problem): void {
    const { summary } = this;
    summary.problemsByCode[problem.code] = (summary.problemsByCode[problem.code] ?? 0) + 1;
    if (problem.severity === "error") summary.errors++;
    else summary.warnings++;
    if (summary.problems.length < (this.options.maxProblems ?? 1000)) summary.problems.push(problem);
    this.sink.problem(problem);
  }

  /** What another reading counted of files that belong to this one. Its problems are not among it. */
  add({ files, formats, bytes, notRead, records, staleRecords }: ReadCounts): void {
    const { summary } = this;
    summary.files += files;
    for (const [format, times] of Object.entries(formats)) summary.formats[format] = (summary.formats[format] ?? 0) + times;
    summary.bytes += bytes;
    summary.notRead.files += notRead.files;
    summary.notRead.bytes += notRead.bytes;
    summary.records += records;
    summary.staleRecords += staleRecords;
  }

  /** One file or member more of which nothing, or not all, was read. */
  notRead(bytes: number): void {
    this.summary.notRead.files++;
    this.summary.notRead.bytes += bytes;
  }
}

/** One source of a {@link Reading}: bytes in, records and problems to its sink. */
export class SourceReading implements Sink {
  readonly #reading: Reading;
  readonly #source: InputSource;
  readonly #decoder: Decoder;
  /** Bytes pushed, and those before the part. */
  #bytes: number;
  readonly prefilter: DocumentPrefilter | null;
  /** Some content of it was recognised, or refused. */
  #known: boolean;
  #failed = false;
  /** What the sink threw, which is no defect of a reader. */
  #thrown: { readonly error: unknown } | null = null;

  constructor(reading: Reading, source: InputSource, part?: { readonly head: Uint8Array; readonly from: number }) {
    this.#reading = reading;
    this.#source = source;
    const settler = reading.sink.eventPrefilter?.(reading.seen?.secrets ?? null) ?? null;
    this.prefilter = settler === null ? null : { extractor: settler.extractor, take: () => this.#settle(settler) };
    const options = { ...reading.options.read, ...(source.modified === undefined ? {} : { modified: source.modified }) };
    this.#decoder = part === undefined ? openInput(source.name, options) : openPart(source.name, options, part.head, part.from);
    this.#bytes = part?.from ?? 0;
    this.#known = part !== undefined;
  }

  /** False when no more bytes are of use: the reader failed. */
  push(bytes: Uint8Array): boolean {
    this.#reading.summary.bytes += bytes.length;
    this.#bytes += bytes.length;
    return this.#step(() => this.#decoder.push(bytes, this));
  }

  /** No more bytes: what is pending comes out, unless the reading was stopped, where the end is no end. */
  end(): void {
    if (!this.#failed && !this.#reading.summary.aborted) this.#step(() => this.#decoder.end(this));
  }

  /** The source goes on, and others read what is left of it; null where this one has to go on (see `Decoder.endPart`). */
  endPart(): PartEnd | null {
    let end: PartEnd | null = null;
    if (!this.#failed) this.#step(() => (end = this.#decoder.endPart?.(this) ?? null));
    return end;
  }

  /**
   * An error ended the reading before the source did: `problem`, after what came before it is read. What the sink threw is no fault of
   * the source and is thrown again.
   */
  fail(error: unknown, problem: Problem): void {
    if (this.#thrown !== null) throw error;
    this.#lose();
    this.#reading.problem(problem);
    // If nothing came, that is no empty file.
    this.#known = true;
    this.end();
  }

  /** What `record` does, for a document that need not be made. */
  #settle(settler: EventSettler): boolean {
    if (!settler.settles()) return false;
    const { seen, summary } = this.#reading;
    summary.records++;
    if (seen === null || settler.identity === null || !seen.isCopyOf(settler.identity)) this.#guard(() => settler.count());
    return true;
  }

  record(record: LogRecord): void {
    this.#reading.summary.records++;
    const { seen, sink } = this.#reading;
    const isCopy = seen?.isCopy(record) === true;
    this.#guard(() => (isCopy ? sink.copy?.(record) : sink.record(record)));
  }

  /** In a folder or an archive it is to be expected that not everything is a log; what is recognised as none is an error only if chosen. */
  problem(problem: Problem): void {
    const { name, named } = this.#source;
    const isMild = problem.code === "input/not-a-log" && !(named && problem.place.file === name);
    this.#guard(() => this.#reading.problem(isMild ? { ...problem, severity: "warning" } : problem));
  }

  file(place: LogLocation, format: string): void {
    const { formats } = this.#reading.summary;
    formats[format] = (formats[format] ?? 0) + 1;
    // What a cut archive has left is empty too, and was reported as cut.
    if (format === "empty" && this.#source.named && !this.#known)
      this.problem({
        code: "input/empty",
        severity: "warning",
        message: "There is nothing in it",
        help: "Check what was exported or piped.",
        place,
      });
    this.#known = true;
    this.#reading.seen?.file(place.file);
    this.#guard(() => this.#reading.sink.file?.(place, format));
  }

  stale(place: LogLocation, count: number): void {
    this.#reading.summary.staleRecords += count;
    this.#guard(() => this.#reading.sink.stale?.(place, count));
  }

  unread(place: LogLocation, bytes: number): void {
    this.#reading.notRead(bytes);
    this.#guard(() => this.#reading.sink.unread?.(place, bytes));
  }

  #lose(): void {
    this.#reading.notRead(Math.max(0, (this.#source.size ?? this.#bytes) - this.#bytes));
  }

  /** A reader that throws is defective: that costs the rest of this source, not the run. */
  #step(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (this.#thrown !== null) throw error;
      this.#failed = true;
      this.#lose();
      this.#reading.problem({
        code: "internal/reader",
        severity: "error",
        message: `The reader failed: ${error instanceof Error ? error.message : String(error)}`,
        place: { file: this.#source.name },
        help: "This is a defect of Tocsin; please report it",
      });
      return false;
    }
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#thrown = { error };
      throw error;
    }
  }
}
