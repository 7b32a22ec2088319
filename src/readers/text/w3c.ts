import { setOwn } from "../json/parse.ts";
import type { Format, ReadOptions } from "../format.ts";
import type { JsonObject, Sink } from "../record.ts";
import { LineDecoder, type LineHandler } from "./lines.ts";

const FIELDS = "#Fields:";
/** A value in double quotes, as proxies write those with blanks, or a word. */
const VALUE = /"([^"]*)"|\S+/g;
/** More columns than any server can be told to write. */
const MAX_COLUMNS = 500;

/**
 * W3C Extended Log File Format: IIS, Exchange and proxies. A document per line under the names of the last `#Fields:` directive, times in
 * UTC; `-` stands for a value that is missing, and `+` for a blank in what browsers call themselves.
 */
export const w3cFormat: Format = {
  id: "w3c",
  title: "W3C extended log (IIS, proxies)",
  text: true,
  sniff: ({ text }) => (/^#(?:Software|Version|Fields|Date|Start-Date|Remark):/.test(text) && /^#Fields:/m.test(text) ? 0.95 : 0),
  open: (file, options) => new LineDecoder(file, options, new W3cLines(file, options)),
};

class W3cLines implements LineHandler {
  readonly #file: string;
  readonly #options: ReadOptions;
  #names: readonly string[] = [];
  /** Of the last `#Date:` directive, for logs without a column of dates. */
  #date: string | null = null;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
  }

  line(text: string, line: number, sink: Sink, ended: boolean): void {
    if (text.startsWith("#")) this.#directive(text.trimEnd(), line, sink);
    else if (text.trim() !== "") this.#row(text, line, sink);
    if (!ended) this.#problem(sink, "w3c/cut-off", "warning", "The last line has no end: it may be cut off", line);
  }

  tooLong(line: number, sink: Sink): void {
    this.#problem(sink, "w3c/record-too-long", "error", `A line longer than ${this.#options.maxRecordBytes} bytes was skipped`, line);
  }

  end(): void {
    // Every record is a line of its own.
  }

  #directive(text: string, line: number, sink: Sink): void {
    const date = /^#(?:Start-)?Date: *(\d{4}-\d{2}-\d{2})/.exec(text);
    if (date !== null) this.#date = date[1]!;
    if (!text.startsWith(FIELDS)) return;
    const names = text.slice(FIELDS.length).trim().split(/\s+/);
    if (names.length > MAX_COLUMNS) {
      this.#names = [];
      this.#problem(sink, "w3c/too-many-fields", "error", `More than ${MAX_COLUMNS} fields: the lines that follow are not read`, line);
    } else this.#names = names;
  }

  #row(text: string, line: number, sink: Sink): void {
    const values = Array.from(text.matchAll(VALUE), ([word, quoted]) => quoted ?? word);
    if (values.length !== this.#names.length) {
      const message = `${values.length} values where the log has ${this.#names.length} fields`;
      return this.#problem(sink, "w3c/bad-line", "error", message, line);
    }
    const document: JsonObject = {};
    for (const [i, name] of this.#names.entries()) {
      const value = values[i]!;
      if (value !== "-") setOwn(document, name, name === "cs(User-Agent)" && !value.includes(" ") ? value.replaceAll("+", " ") : value);
    }
    if (this.#date !== null && !this.#names.includes("date")) document["date"] = this.#date;
    sink.record({ kind: "document", place: { file: this.#file, line }, document });
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, line: number): void {
    sink.problem({ code, severity, message, place: { file: this.#file, line } });
  }
}
