import { openInput, type JsonObject, type Problem, type ReadOptions, type LogRecord } from "../src/readers/index.ts";

export interface ReadAll {
  readonly records: LogRecord[];
  readonly problems: Problem[];
  /** What `Sink.file` reported, in order. */
  readonly formats: string[];
  /** The documents of the records, for short expectations. */
  readonly documents: JsonObject[];
  /** `code line` of each problem, or the code alone where it has no line. */
  readonly codes: string[];
}

/** Reads one file whole, for tests. */
export function readAll(content: Uint8Array | string, options: Partial<ReadOptions> = {}, file = "f"): ReadAll {
  const records: LogRecord[] = [];
  const problems: Problem[] = [];
  const formats: string[] = [];
  const sink = {
    record: (record: LogRecord) => void records.push(record),
    problem: (problem: Problem) => void problems.push(problem),
    file: (_place: unknown, format: string) => void formats.push(format),
  };
  const decoder = openInput(file, options);
  decoder.push(typeof content === "string" ? new TextEncoder().encode(content) : content, sink);
  decoder.end(sink);
  return {
    records,
    problems,
    formats,
    documents: records.flatMap((record) => (record.kind === "document" ? [record.document] : [])),
    codes: problems.map(({ code, place }) => (place.line === undefined ? code : `${code} ${place.line}`)),
  };
}
