import { DocumentShapes } from "./elastic-exports.ts";
import type { Format, Head, ReadOptions } from "../format.ts";
import { escapeControlCharacters, JsonFault, parseJson } from "./parse.ts";
import { jsonLosses } from "./losses.ts";
import { type JsonScanHandler, JsonScanner } from "./scan.ts";
import type { Decoder, Json, Sink } from "../record.ts";
import { isInvalidUtf8 } from "../text/text.ts";

/** One array of documents, streamed. */
export const jsonArrayFormat: Format = {
  id: "json-array",
  title: "JSON array",
  text: true,
  sniff: (head) => (/^\[\s*(?:$|\]|\{\s*(?:$|["}]))/.test(head.text) ? 0.9 : 0),
  open: (file, options) => new JsonDocumentsDecoder(file, options),
};

/** The response of a search, streamed hit by hit. A response on one short line is read by `json-lines`, with the same result. */
export const elasticResponseFormat: Format = {
  id: "elastic-response",
  title: "Elasticsearch response",
  text: true,
  sniff: (head) => (head.text.startsWith("{") && looksLikeResponse(head.text) ? 0.85 : 0),
  open: (file, options) => new JsonDocumentsDecoder(file, options),
};

/** JSON texts one after the other, on any number of lines each: concatenated or pretty-printed. */
export const jsonFormat: Format = {
  id: "json",
  title: "JSON (pretty-printed or concatenated)",
  text: true,
  sniff: sniffJson,
  open: (file, options) => new JsonDocumentsDecoder(file, options),
};

/** `evtx_dump -o json` writes such a line before each document. */
const RECORD_LINE = /^Record \d+$/;

function sniffJson(head: Head): number {
  if (/^\{\s*(?:["}]|$)/.test(head.text)) return 0.4;
  return head.text.startsWith("\u001e{") || /^Record \d+\r?\n\s*\{/.test(head.text) ? 0.7 : 0;
}

function looksLikeResponse(text: string): boolean {
  return (
    /^\{\s*"(?:took|timed_out|hits|_scroll_id|pit_id|is_partial|is_running|id|response|rawResponse|responses|_shards)"/.test(text) &&
    /"(?:hits|responses)"\s*:\s*[{[]/.test(text)
  );
}

class JsonDocumentsDecoder implements Decoder, JsonScanHandler {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #shapes: DocumentShapes;
  readonly #scanner: JsonScanner;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  #sink: Sink | null = null;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
    this.#shapes = new DocumentShapes(file);
    this.#scanner = new JsonScanner(this, options.maxRecordBytes, options.maxDepth);
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#sink = sink;
    this.#scanner.push(bytes);
    this.#sink = null;
  }

  end(sink: Sink): void {
    this.#sink = sink;
    this.#scanner.end();
    this.#shapes.end(sink);
    this.#sink = null;
  }

  document(bytes: Uint8Array, line: number, index: number): void {
    const value = this.#parse(bytes, line, index);
    if (value instanceof JsonFault) {
      this.#shapes.skip();
      const code = value.code === "json/too-deep" ? value.code : "json/bad-document";
      this.#problem(code, "error", `Not a JSON document: ${value.reason}, character ${value.offset + 1} of it`, line, index);
    } else this.#shapes.take(value, line, index, this.#sink!);
  }

  envelope(bytes: Uint8Array, documents: number, line: number): void {
    const value = parseJson(this.#text.decode(bytes), this.#options.maxDepth);
    if (value instanceof JsonFault) {
      this.#problem("json/bad-document", "warning", `What stands around the documents of the response is not JSON: ${value.reason}`, line);
    } else this.#shapes.envelope(value, documents, line, this.#sink!);
  }

  stray(text: string, line: number): void {
    if (RECORD_LINE.test(text) || text === "") return;
    // oxlint-disable-next-line no-control-regex
    if (/^\u0000+$/.test(text)) return this.#problem("text/nul-bytes", "warning", "NUL bytes between documents", line);
    this.#shapes.skip();
    this.#problem("json/stray-text", "error", "Text that is no JSON object was skipped", line);
  }

  fault(code: string, message: string, line: number): void {
    this.#shapes.skip();
    this.#problem(code, "error", message, line);
  }

  #parse(bytes: Uint8Array, line: number, index: number): Json | JsonFault {
    const text = this.#text.decode(bytes);
    if (text.includes("\uFFFD") && isInvalidUtf8(bytes)) {
      this.#problem("text/invalid-utf8", "warning", "Bytes that are no UTF-8 were read as U+FFFD", line, index);
    }
    let value = parseJson(text, this.#options.maxDepth);
    if (value instanceof JsonFault && value.code === "json/control-character") {
      const repaired = parseJson(escapeControlCharacters(text), this.#options.maxDepth);
      if (repaired instanceof JsonFault) return value;
      this.#problem("json/control-character", "warning", `Read although ${value.reason} is not escaped`, line, index);
      value = repaired;
    }
    if (value instanceof JsonFault) return value;
    for (const { code, message } of jsonLosses(text, value)) this.#problem(code, "warning", message, line, index);
    return value;
  }

  #problem(code: string, severity: "error" | "warning", message: string, line: number, index = 0): void {
    const place = index > 0 ? { file: this.#file, line, record: index } : { file: this.#file, line };
    this.#sink!.problem({ code, severity, message, place });
  }
}
