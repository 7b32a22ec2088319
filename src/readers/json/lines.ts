import { DocumentShapes } from "./elastic-exports.ts";
import type { Format, Head, PartStarts, ReadOptions } from "../format.ts";
import { escapeControlCharacters, JsonFault, parseJson } from "./parse.ts";
import { jsonLosses } from "./losses.ts";
import { type JsonScanHandler, JsonScanner } from "./scan.ts";
import { LineDecoder, type LineHandler } from "../text/lines.ts";
import type { Problem, Sink } from "../record.ts";

/** One JSON document per line: NDJSON, file output of Beats, elasticdump, bulk requests, NXLog. A bad line is a problem, not the end. */
export const jsonLinesFormat: Format = {
  id: "json-lines",
  title: "JSON lines (NDJSON)",
  text: true,
  sniff: sniffLines,
  open,
  parts: { starts, open },
};

function open(file: string, options: ReadOptions): LineDecoder {
  return new LineDecoder(file, options, new JsonLines(file, options));
}

/** Where documents stand by themselves. In a bulk request each is the business of the line before it. */
function starts(file: string, { bytes }: Head, options: ReadOptions): PartStarts | null {
  const decoder = open(file, options);
  const nowhere: Sink = { record() {}, problem() {} };
  decoder.push(bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1), nowhere);
  return decoder.endPart() === null ? null : { kind: "lines" };
}

function sniffLines(head: Head): number {
  const text = head.text;
  if (text.charCodeAt(0) !== 0x7b) return sniffPastFirstLine(head);
  // Lines that are complete in the head, the first few of them: one bad line does not make a file something else.
  let start = 0;
  let bad = 0;
  for (let n = 0; n < 8 && start < text.length; n++) {
    let end = text.indexOf("\n", start);
    if (end < 0) {
      if (!head.whole) break;
      end = text.length;
    }
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === "") continue;
    const value = line.startsWith("{") ? parseJson(line, 256) : null;
    if (value instanceof JsonFault) {
      // Documents one after the other on one line are concatenated JSON, unless lines follow.
      if (value.code !== "json/more-text" || bad > 0) bad++;
      else return 0.3;
    } else if (value !== null) return bad === 0 ? 0.9 : 0.6;
    else bad++;
    // A pretty-printed document: its first line is a bracket alone or its second one is indented.
    if (line === "{" || /^[ \t]/.test(text.slice(start, start + 1))) return 0;
  }
  return 0;
}

/** Lines looked at for documents where the first line is none. */
const SNIFFED_LINES = 64;

/** The first line is torn (a piece of a rotated log), overwritten or damaged: whole documents on the lines after it tell the format. */
function sniffPastFirstLine({ text, whole }: Head): number {
  let documents = 0;
  let others = 0;
  let start = text.indexOf("\n") + 1;
  for (let n = 0; n < SNIFFED_LINES && start > 0 && start < text.length; n++) {
    const end = text.indexOf("\n", start);
    if (end < 0 && !whole) break;
    // oxlint-disable-next-line no-control-regex
    const line = text.slice(start, end < 0 ? text.length : end).replaceAll(/^[\s\u0000]+|,?\s*$/g, "");
    start = end + 1;
    if (line === "") continue;
    if (line.startsWith("{") && !(parseJson(line, 256) instanceof JsonFault)) documents++;
    else others++;
    if (end < 0) break;
  }
  return documents > 0 && documents >= others ? 0.75 : 0;
}

class JsonLines implements LineHandler {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #shapes: DocumentShapes;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  #commaSeen = false;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
    this.#shapes = new DocumentShapes(file);
  }

  line(text: string, line: number, sink: Sink): void {
    const value = parseJson(text, this.#options.maxDepth);
    if (value instanceof JsonFault) return this.#badLine(text, value, line, sink);
    for (const { code, message } of jsonLosses(text, value)) this.#problem(sink, code, "warning", message, line);
    this.#shapes.take(value, line, 0, sink);
  }

  block(bytes: Uint8Array, before: number, sink: Sink): number {
    const { prefilter } = sink;
    if (prefilter === undefined || prefilter === null) return -1;
    const { extractor } = prefilter;
    if (!extractor.load(bytes)) return -1;
    let number = before;
    for (let from = 0; from < bytes.length;) {
      number++;
      const isSure = extractor.walk(from);
      const { end } = extractor;
      if (end > from && !(isSure && !this.#shapes.awaitsSource && prefilter.take())) {
        this.line(this.#text.decode(bytes.subarray(from, end)), number, sink);
      }
      from = end + 1;
    }
    return number - before;
  }

  tooLong(line: number, sink: Sink): void {
    this.#shapes.skip();
    const message = `A line longer than ${this.#options.maxRecordBytes} bytes was skipped`;
    this.#problem(sink, "json/record-too-long", "error", message, line);
  }

  end(sink: Sink): void {
    this.#shapes.end(sink);
  }

  get isFresh(): boolean {
    return !this.#commaSeen && this.#shapes.isFresh;
  }

  /** A line that is not one JSON text: blank, padded, several texts, or broken. */
  #badLine(text: string, fault: JsonFault, line: number, sink: Sink): void {
    // Byte order marks of concatenated files, record separators (RFC 7464), NULs of a log cut off by a crash, blanks. Found by
    // a search for the first other character, which needs no stack to go back on: padding may be megabytes.
    // oxlint-disable-next-line no-control-regex
    const start = text.search(/[^\s\u0000\u001e\uFEFF]/);
    const padding = start < 0 ? text : text.slice(0, start);
    if (padding.includes("\u0000")) {
      this.#problem(sink, "text/nul-bytes", "warning", "NUL bytes before the text of the line", line);
    }
    if (padding.length === text.length) return;
    if (padding !== "" && /[^ \t\r\n]/.test(padding)) return this.line(text.slice(padding.length), line, sink);

    if (fault.code === "json/more-text") return this.#severalTexts(text, fault.offset, line, sink);
    if (fault.code === "json/control-character") {
      const value = parseJson(escapeControlCharacters(text), this.#options.maxDepth);
      if (!(value instanceof JsonFault)) {
        this.#problem(sink, "json/control-character", "warning", `Read although ${fault.reason} is not escaped`, line);
        return this.#shapes.take(value, line, 0, sink);
      }
    }
    this.#shapes.skip();
    const code = fault.code === "json/too-deep" ? fault.code : "json/bad-line";
    this.#problem(sink, code, "error", `Not a JSON document: ${fault.reason}, column ${fault.offset + 1}`, line);
  }

  /** One text and a comma, as in an array without its brackets; or documents one after the other. */
  #severalTexts(text: string, firstEnd: number, line: number, sink: Sink): void {
    if (text.length - firstEnd < 100 && text.slice(firstEnd).trim() === ",") {
      if (!this.#commaSeen) this.#problem(sink, "json/stray-comma", "warning", "A comma after the document (reported once per file)", line);
      this.#commaSeen = true;
      return this.line(text.slice(0, firstEnd), line, sink);
    }
    const handler = new DocumentsOfOneLine(this.#shapes, line, this.#options, sink, (code, severity, message) => {
      if (severity === "error") this.#shapes.skip();
      this.#problem(sink, code, severity, message, line);
    });
    const scanner = new JsonScanner(handler, this.#options.maxRecordBytes, this.#options.maxDepth);
    scanner.push(new TextEncoder().encode(text));
    scanner.end();
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, line: number): void {
    sink.problem({ code, severity, message, place: { file: this.#file, line } });
  }
}

/** What the scanner reports on a line that holds several documents. */
class DocumentsOfOneLine implements JsonScanHandler {
  readonly #shapes: DocumentShapes;
  readonly #line: number;
  readonly #options: ReadOptions;
  readonly #sink: Sink;
  readonly #report: (code: string, severity: Problem["severity"], message: string) => void;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  #count = 0;

  constructor(
    shapes: DocumentShapes,
    line: number,
    options: ReadOptions,
    sink: Sink,
    report: (code: string, severity: Problem["severity"], message: string) => void,
  ) {
    this.#shapes = shapes;
    this.#line = line;
    this.#options = options;
    this.#sink = sink;
    this.#report = report;
  }

  document(bytes: Uint8Array): void {
    const text = this.#text.decode(bytes);
    const value = parseJson(text, this.#options.maxDepth);
    if (value instanceof JsonFault)
      return this.#report("json/bad-line", "error", `Not a JSON document: ${value.reason}, in one of several on this line`);
    for (const { code, message } of jsonLosses(text, value)) this.#report(code, "warning", message);
    this.#shapes.take(value, this.#line, ++this.#count, this.#sink);
  }

  envelope(): void {
    // Responses one after the other on one line: their documents are what counts.
  }

  stray(): void {
    this.#report("json/bad-line", "error", "Text between the documents of this line was skipped");
  }

  fault(code: string, message: string): void {
    this.#report(code === "json/truncated" ? "json/bad-line" : code, "error", message);
  }
}
