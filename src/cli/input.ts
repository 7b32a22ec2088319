import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type InputSummary, type PartEnd, Reading, type ReadingOptions, type RecordSink, type SourceReading } from "../workbench/index.ts";
import { PartBytes } from "./jobs/part-bytes.ts";
import type { Part } from "./jobs/units.ts";
import { findFiles, type FoundFile, openProblem } from "./walk.ts";

export interface InputOptions extends ReadingOptions {
  /** Called after every chunk. */
  readonly onProgress?: (progress: InputProgress) => void;
  /** Awaited after every chunk: whoever takes the records can hold back the reading, or let other work run. */
  readonly afterChunk?: () => void | Promise<void>;
  /** What `-` reads; nothing otherwise. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Stops between chunks. What was read by then is in the summary. */
  readonly signal?: AbortSignal;
  /** Who may read the files instead. */
  readonly elsewhere?: ReadElsewhere;
}

/** Reads all files into a reading, or none of them and resolves to false. `onBytes` is called with the bytes read so far. */
export type ReadElsewhere = (
  reading: Reading,
  files: readonly FoundFile[],
  onBytes: (bytes: number, file: FoundFile) => void,
) => Promise<boolean>;

export interface InputProgress {
  readonly bytesDone: number;
  /** Undefined when a pipe is among the input. */
  readonly bytesTotal: number | undefined;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly file: string;
  readonly records: number;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads files, folders and standard input (`-`) through the readers. Whatever cannot be read is a problem, goes to the sink and is
 * counted, and the rest is read. Throws only what the sink throws.
 */
export async function readInputs(paths: readonly string[], options: InputOptions, sink: RecordSink): Promise<InputSummary> {
  const reading = new Reading(options, sink);
  const files = await findFiles(paths, (problem) => reading.problem(problem));
  const bytesTotal = files.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const { summary } = reading;
  const onBytes = (bytesDone: number, file: FoundFile): void =>
    options.onProgress?.({
      bytesDone,
      bytesTotal,
      filesDone: summary.files - 1,
      filesTotal: files.length,
      file: file.name,
      records: summary.records,
    });
  if ((await options.elsewhere?.(reading, files, onBytes)) === true) return summary;
  const isStopped = (): boolean => (summary.aborted ||= options.signal?.aborted === true);
  for (const file of files) {
    if (isStopped()) break;
    /** False when no more of the file is wanted. */
    const take = async (source: SourceReading, bytes: Uint8Array): Promise<boolean> => {
      const goesOn = source.push(bytes);
      onBytes(summary.bytes, file);
      await options.afterChunk?.();
      return goesOn && !isStopped();
    };
    if (file.path === "-") await readPipe(reading, file, options.stdin ?? [], take);
    else await readFoundFile(reading, file, take);
  }
  return summary;
}

type Take = (source: SourceReading, bytes: Uint8Array) => boolean | Promise<boolean>;

async function readPipe(
  reading: Reading,
  file: FoundFile,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  take: Take,
): Promise<void> {
  const source = reading.open(file);
  try {
    for await (const chunk of chunks) if (!(await take(source, chunk))) break;
  } catch (error) {
    return source.fail(error, { ...openProblem(file.name, error), code: "input/unreadable" });
  }
  source.end();
}

/** A part of a file that is to be read, and what is asked where it ends: null where the reading has to go on to the end of the file. */
export interface PartReading {
  readonly part: Part;
  readonly end: (source: SourceReading) => PartEnd | null;
}

/**
 * Reads one file, or one part of it. `take` is given its chunks, and says whether it wants more. Resolves to the end of the part where others
 * read what comes behind it; to null where the file is through.
 */
export async function readFoundFile(
  reading: Reading,
  file: FoundFile,
  take: Take,
  partReading: PartReading | null = null,
): Promise<PartEnd | null> {
  const part = partReading?.part ?? null;
  const isBeginning = part === null || part.from === 0;
  let handle: FileHandle;
  try {
    // A pipe that took the file's place since it was found must not block; the shell's own pipes are open already.
    handle = await open(file.path, file.size === undefined ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const problem = openProblem(file.name, error);
    if (isBeginning) reading.unopened(file, problem);
    else reading.openPart(file, part.head, part.from).fail(error, problem);
    return null;
  }
  const source = isBeginning ? reading.open(file) : reading.openPart(file, part.head, part.from);
  let bounds = part === null ? null : new PartBytes(part);
  /** Where the next chunk lies. A pipe has no places. */
  let position = bounds?.position ?? 0;
  const read = (into: Uint8Array, at: number): Promise<{ readonly bytesRead: number }> =>
    handle.read(into, 0, CHUNK_BYTES, part === null ? null : at);
  try {
    // Two buffers: while one is read from, the next chunk arrives in the other.
    let [here, there] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
    let pending = read(here, position);
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) break;
      const at = position;
      position += bytesRead;
      pending = read(there, position);
      // Left unawaited only if the sink throws; that it failed too is then of no interest.
      pending.catch(() => undefined);
      const chunk = here.subarray(0, bytesRead);
      const own = bounds?.of(chunk, at) ?? { from: 0, to: bytesRead, isLast: false };
      let goesOn = own.from === own.to || (await take(source, chunk.subarray(own.from, own.to)));
      if (goesOn && own.isLast) {
        const end = partReading!.end(source);
        // What was read ahead is the business of others, and so is an error there.
        if (end !== null) return end;
        bounds = null;
        if (own.to < bytesRead) goesOn = await take(source, chunk.subarray(own.to));
      }
      if (!goesOn) {
        await pending;
        break;
      }
      [here, there] = [there, here];
    }
  } catch (error) {
    source.fail(error, openProblem(file.name, error));
    return null;
  } finally {
    await handle.close();
  }
  source.end();
  return null;
}
