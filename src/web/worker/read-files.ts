import { type InputSummary, Reading, type Sink, type SourceReading } from "../../workbench/index.ts";
import type { InputFile, Progress } from "../protocol.ts";

/** Bytes of one slice: the worker listens for a cancel between two. */
const SLICE_BYTES = 1024 * 1024;
/** A problem in every record of a large file is one worth reading a few hundred times. */
const MAX_PROBLEMS = 500;
const PROGRESS_MS = 80;

/** Who follows the reading. */
export interface Watch {
  isCancelled(): boolean;
  progress(progress: Omit<Progress, "events" | "alerts">): void;
}

/** Reads files slice by slice through the readers; what cannot be read is a problem and the rest is read. */
export async function readFiles(files: readonly InputFile[], sink: Sink, watch: Watch): Promise<InputSummary> {
  const reading = new Reading({ maxProblems: MAX_PROBLEMS, dropDuplicates: true }, sink);
  const { summary } = reading;
  const bytesTotal = files.reduce((sum, { file }) => sum + file.size, 0);
  let shown = 0;
  for (const { name, file } of files) {
    if (summary.aborted) break;
    // A name with a folder in it came with its folder.
    const source = reading.open({
      name,
      size: file.size,
      named: !name.includes("/"),
      ...(file instanceof File ? { modified: file.lastModified } : {}),
    });
    await readSlices(source, name, file, () => {
      const now = performance.now();
      if (now - shown >= PROGRESS_MS) {
        shown = now;
        watch.progress({ bytesDone: summary.bytes, bytesTotal, filesDone: summary.files - 1, filesTotal: files.length, file: name });
      }
      return !(summary.aborted = watch.isCancelled());
    });
  }
  return summary;
}

/** `goOn` is asked after every slice. */
async function readSlices(source: SourceReading, name: string, file: Blob, goOn: () => boolean): Promise<void> {
  // While one slice is worked on, the next is read.
  let next: Promise<ArrayBuffer> | null = file.size > 0 ? file.slice(0, SLICE_BYTES).arrayBuffer() : null;
  let at = 0;
  while (next !== null) {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await next);
    } catch (error) {
      return source.fail(error, {
        code: "input/unreadable",
        severity: "error",
        message: "The browser could not read it: it was changed, moved or deleted since it was chosen",
        place: { file: name },
      });
    }
    at += bytes.length;
    next = at < file.size && bytes.length > 0 ? file.slice(at, at + SLICE_BYTES).arrayBuffer() : null;
    // Left unawaited only where the reading ends early; that it failed too is then of no interest.
    next?.catch(() => undefined);
    if (!source.push(bytes) || !goOn()) break;
  }
  source.end();
}
