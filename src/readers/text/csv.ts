import { setOwn } from "../json/parse.ts";
import type { Format, Head, ReadOptions } from "../format.ts";
import { Gathering } from "../gathering.ts";
import type { Decoder, DocumentRecord, JsonObject, Sink } from "../record.ts";
import { isInvalidUtf8 } from "./text.ts";

/**
 * The CSV that Kibana makes of a Discover table (kbn-generate-csv), and that ES|QL and SQL answer with. Cells went through formatters on
 * the way, so this is the format of last resort: `-` stands for a missing value but also for 0 and false, arrays are joined by `, `,
 * and times are in the time zone of the browser that exported it.
 */
export const csvFormat: Format = {
  id: "csv",
  title: "CSV of Kibana Discover or ES|QL",
  text: true,
  sniff: (head) => (readHeader(head) === null ? 0 : 0.7),
  open: (file, options) => new CsvDecoder(file, options),
};

/** Kibana's separator is a setting; comma is the default. */
const SEPARATORS = [",", ";", "\t", "|"];

/** The column names of a head that is the CSV of events: `@timestamp`, `_id`, or two dotted names among them. */
function readHeader(head: Head): string[] | null {
  const text = head.text;
  if (/^[[{<]/.test(text)) return null;
  const end = /\r?\n/.exec(text)?.index ?? (head.whole ? text.length : -1);
  if (end <= 0) return null;
  const line = text.slice(0, end);
  for (const separator of SEPARATORS) {
    const names = line.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
    if (names.length < 2 && names[0]?.replace(/^'/, "") !== "@timestamp") continue;
    if (!names.every((name) => /^'?@?[A-Za-z0-9_][\w.@ -]{0,200}$/.test(name))) continue;
    const dotted = names.filter((name) => /^[a-z_][\w-]*(?:\.[\w-]+)+$/i.test(name)).length;
    if (dotted >= 2 || names.some((name) => /^'?@timestamp$|^_id$|^_index$|^_source$/.test(name))) return names;
  }
  return null;
}

/** More columns than any index has fields by default, ten times over. */
const MAX_CELLS = 10_000;

class CsvDecoder implements Decoder {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  #header: string[] | null = null;
  #separator = 0x2c;
  /** Kibana put `'` before cells that a spreadsheet would take for formulas. */
  #escapedFormulas = false;

  #row: string[] = [];
  readonly #cell = new Gathering();
  #rowBytes = 0;
  #quoted = false;
  /** The last byte was a quote inside a quoted cell: the next byte says what it was. */
  #quote = false;
  #line = 1;
  #rowLine = 1;
  #dropping = false;
  #timesReported = false;
  #first: Uint8Array[] = [];

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    if (this.#header !== null) return this.#rows(bytes, sink);
    // The separator is found in the header line, so that has to be there whole.
    const end = bytes.indexOf(0x0a);
    if (end < 0 && this.#rowBytes + bytes.length < this.#options.maxRecordBytes) {
      this.#first.push(bytes.slice());
      this.#rowBytes += bytes.length;
      return;
    }
    const pieces = [...this.#first, bytes];
    this.#first = [];
    this.#rowBytes = 0;
    this.#begin(pieces, sink);
  }

  end(sink: Sink): void {
    if (this.#header === null) this.#begin(this.#first, sink);
    if (this.#quoted && !this.#quote && !this.#dropping) {
      this.#problem(sink, "csv/truncated", "error", "The file ends inside a quoted cell", this.#rowLine);
    } else if (this.#row.length > 0 || this.#cell.length > 0 || this.#quote) this.#endRow(sink);
  }

  #begin(pieces: readonly Uint8Array[], sink: Sink): void {
    this.#header = [];
    let line = "";
    for (const piece of pieces) {
      const end = piece.indexOf(0x0a);
      line += this.#text.decode(end < 0 ? piece : piece.subarray(0, end));
      if (end >= 0 && line.trim() !== "") break;
    }
    const counts = SEPARATORS.map((separator) => line.split(separator).length);
    this.#separator = SEPARATORS[counts.indexOf(Math.max(...counts))]!.charCodeAt(0);
    for (const piece of pieces) this.#rows(piece, sink);
  }

  #rows(b: Uint8Array, sink: Sink): void {
    const length = b.length;
    let start = 0;
    for (let i = 0; i < length; i++) {
      const c = b[i]!;
      if (this.#quoted) {
        if (this.#quote) {
          this.#quote = false;
          // A doubled quote is one quote; the first of the two was kept already.
          if (c === 0x22) {
            start = i + 1;
            continue;
          }
          this.#quoted = false;
          start = i;
        } else {
          if (c === 0x0a) this.#line++;
          else if (c === 0x22) {
            this.#quote = true;
            this.#keep(b, start, i + 1, sink);
            start = i + 1;
          }
          continue;
        }
      }
      if (c === this.#separator) {
        this.#keep(b, start, i, sink);
        this.#endCell(sink);
        start = i + 1;
      } else if (c === 0x0a) {
        this.#keep(b, start, i, sink);
        this.#line++;
        this.#endRow(sink);
        this.#rowLine = this.#line;
        start = i + 1;
      } else if (c === 0x22 && i === start && this.#cell.length === 0) {
        this.#quoted = true;
        // Kept as the mark of a quoted cell; taken off in #endCell.
        this.#keep(b, i, i + 1, sink);
        start = i + 1;
      }
    }
    if (start < length) this.#keep(b, start, length, sink);
  }

  #keep(b: Uint8Array, from: number, to: number, sink: Sink): void {
    if (to <= from || this.#dropping) return;
    this.#rowBytes += to - from;
    if (this.#rowBytes > this.#options.maxRecordBytes) return this.#drop(`longer than ${this.#options.maxRecordBytes} bytes`, sink);
    this.#cell.add(b.subarray(from, to));
  }

  #drop(why: string, sink: Sink): void {
    this.#dropping = true;
    this.#cell.clear();
    this.#row = [];
    this.#problem(sink, "csv/row-too-long", "error", `A row ${why} was skipped`, this.#rowLine);
  }

  #endCell(sink: Sink): void {
    if (this.#dropping) return;
    if (this.#row.length >= MAX_CELLS) return this.#drop(`of more than ${MAX_CELLS} cells`, sink);
    const bytes = this.#cell.view();
    let text = this.#text.decode(bytes);
    if (text.includes("\uFFFD") && isInvalidUtf8(bytes)) {
      this.#problem(sink, "text/invalid-utf8", "warning", "Bytes that are no UTF-8 were read as U+FFFD", this.#rowLine);
    }
    this.#cell.clear();
    // The pieces of a quoted cell: its opening quote, then text of which each piece but the last ends with one quote of a pair or the closing one.
    if (text.startsWith('"')) {
      const trimmed = text.trimEnd();
      text = trimmed.length > 1 && trimmed.endsWith('"') ? trimmed.slice(1, -1) : text.slice(1);
    }
    this.#row.push(text);
  }

  #endRow(sink: Sink): void {
    this.#endCell(sink);
    const dropped = this.#dropping;
    const row = this.#row;
    const line = this.#rowLine;
    this.#row = [];
    this.#rowBytes = 0;
    this.#dropping = false;
    this.#quoted = false;
    this.#quote = false;
    if (dropped) return;
    const last = row.length - 1;
    row[last] = row[last]!.replace(/\r$/, "");
    if (row.length === 1 && row[0]!.trim() === "") return;
    if (this.#header === null || this.#header.length === 0) return this.#takeHeader(row, line, sink);
    this.#document(row, this.#header, line, sink);
  }

  #takeHeader(row: readonly string[], line: number, sink: Sink): void {
    this.#escapedFormulas = row.some((name) => name.startsWith("'@"));
    // oxlint-disable-next-line no-control-regex
    this.#header = row.map((name) =>
      name
        .trim()
        .replace(/^[\u0000\uFEFF]+/, "")
        .replace(/^'(?=@)/, ""),
    );
    if (row[0]!.startsWith("\u0000")) this.#problem(sink, "text/nul-bytes", "warning", "NUL bytes before the text of the line", line);
    this.#problem(
      sink,
      "csv/lossy",
      "warning",
      "CSV is lossy: 0 and false look like missing values, arrays are joined by commas, types are gone, rows may have been cut off",
      line,
      "Export JSON instead: elasticdump, the response of a _search, or ES|QL with format=json",
    );
  }

  #document(row: readonly string[], header: readonly string[], line: number, sink: Sink): void {
    if (row.length !== header.length) {
      const what = row.length < header.length ? "the missing ones are taken as empty" : "the others were dropped";
      this.#problem(sink, "csv/cells", "warning", `${row.length} cells under ${header.length} columns: ${what}`, line);
    }
    const document: JsonObject = {};
    let empty = true;
    for (let i = 0; i < header.length && i < row.length; i++) {
      let cell = row[i]!;
      if (cell === "" || cell === "-") continue;
      if (this.#escapedFormulas && /^'[=+\-@]/.test(cell)) cell = cell.slice(1);
      empty = false;
      setOwn(document, header[i]!, this.#time(cell, line, sink));
    }
    if (empty) return;
    const record: { -readonly [K in keyof DocumentRecord]: DocumentRecord[K] } = {
      kind: "document",
      place: { file: this.#file, line },
      document,
    };
    const id = document["_id"];
    const index = document["_index"];
    if (typeof id === "string") record.id = id;
    if (typeof index === "string") record.index = index;
    delete document["_id"];
    delete document["_index"];
    sink.record(record);
  }

  /** `Sep 22, 2020 @ 14:53:34.417`, as Kibana shows times, to ISO 8601; other cells as they are. */
  #time(cell: string, line: number, sink: Sink): string {
    const iso = kibanaTime(cell);
    if (iso === null) return cell;
    if (!this.#timesReported) {
      this.#timesReported = true;
      this.#problem(
        sink,
        "csv/time-zone",
        "warning",
        "Times without a time zone were taken as UTC; Kibana writes them in the browser's zone (reported once per file)",
        line,
        'Set "dateFormat:tz" to UTC in Kibana before exporting',
      );
    }
    return iso;
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, line: number, help?: string): void {
    const place = { file: this.#file, line };
    sink.problem(help === undefined ? { code, severity, message, place } : { code, severity, message, place, help });
  }
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** The instant in ISO 8601 with `Z`, as many fractional digits as there were; null where the text is no such time. */
export function kibanaTime(text: string): string | null {
  const match = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) @ (\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?$/.exec(text);
  if (match === null) return null;
  const [, name, day, year, hour, minute, second, fraction = ""] = match;
  const at = MONTHS.indexOf(name!);
  if (at < 0 || at % 3 !== 0 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60)
    return null;
  return `${year}-${String(at / 3 + 1).padStart(2, "0")}-${day!.padStart(2, "0")}T${hour}:${minute}:${second}${fraction}Z`;
}
