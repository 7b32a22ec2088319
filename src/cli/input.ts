import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type InputSummary, Reading, type ReadingOptions, type RecordSink, type SourceReading } from "../workbench/index.ts";
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
    await (file.path === "-" ? readPipe(reading, file, options.stdin ?? [], take) : readFoundFile(reading, file, take));
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

/** Reads one file. `take` is given its chunks, and says whether it wants more. */
export async function readFoundFile(reading: Reading, file: FoundFile, take: Take): Promise<void> {
  let handle: FileHandle;
  try {
    // A pipe that took the file's place since it was found must not block; the shell's own pipes are open already.
    handle = await open(file.path, file.size === undefined ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return reading.unopened(file, openProblem(file.name, error));
  }
  const source = reading.open(file);
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
      if (!(await take(source, here.subarray(0, bytesRead)))) {
        await pending;
        break;
      }
      [here, there] = [there, here];
    }
  } catch (error) {
    return source.fail(error, openProblem(file.name, error));
  } finally {
    await handle.close();
  }
  source.end();
}
