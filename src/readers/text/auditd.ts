import { setOwn } from "../json/parse.ts";
import type { Format, Head, ReadOptions } from "../format.ts";
import type { JsonObject, Sink } from "../record.ts";
import { LineDecoder, type LineHandler } from "./lines.ts";

/** `node=` where a daemon forwards for others, the type, and the message's time and serial number. */
const HEADER = /^(?:node=(\S+) )?type=([A-Z][A-Z0-9_]*(?:\[\d+\])?) msg=audit\((\d{1,12})\.(\d{3}):(\d+)\): ?/;
const LINE_OF_THE_HEAD = new RegExp(HEADER.source, "m");
/** U+001D stands before the fields that auditd looks up (`log_format = ENRICHED`). */
// oxlint-disable-next-line no-control-regex
const PAIR = /(?<![\w-])([A-Za-z_][\w-]*)=("[^"]*"|'[^']*'|[^\s"'\u001d]*)/g;
/** Fields that the kernel writes in hexadecimal where they hold a blank, a quote or a control character. */
const ENCODED = new Set(["proctitle", "name", "comm", "exe", "cwd", "cmd", "acct", "key", "data", "path", "dir", "file"]);
/** What `ausearch --raw` writes between events. */
const SEPARATOR = /^(?:----|time->.*)?\s*$/;

/**
 * The log of Linux' audit daemon, `audit.log`, and what `ausearch --raw` prints of it: a document per record, with the record's own names
 * (audit's field dictionary), its line as `message`, and the fields inside of a program's `msg='..'` beside the others.
 */
export const auditdFormat: Format = {
  id: "auditd",
  title: "Linux audit log (auditd)",
  text: true,
  sniff: ({ text }: Head) => (HEADER.test(text) ? 0.95 : LINE_OF_THE_HEAD.test(text) ? 0.7 : 0),
  open: (file, options) => new LineDecoder(file, options, new AuditLines(file, options)),
};

class AuditLines implements LineHandler {
  readonly #file: string;
  readonly #options: ReadOptions;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
  }

  line(text: string, line: number, sink: Sink, ended: boolean): void {
    if (SEPARATOR.test(text)) return;
    const document = documentOf(text.endsWith("\r") ? text.slice(0, -1) : text);
    if (document === null) this.#problem(sink, "auditd/bad-line", "error", "Not a record of the audit log", line);
    else sink.record({ kind: "document", place: { file: this.#file, line }, document });
    if (!ended) this.#problem(sink, "auditd/cut-off", "warning", "The last line has no end: its record may be cut off", line);
  }

  tooLong(line: number, sink: Sink): void {
    this.#problem(sink, "auditd/record-too-long", "error", `A line longer than ${this.#options.maxRecordBytes} bytes was skipped`, line);
  }

  end(): void {
    // Every record is a line of its own.
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, line: number): void {
    sink.problem({ code, severity, message, place: { file: this.#file, line } });
  }
}

function documentOf(line: string): JsonObject | null {
  const header = HEADER.exec(line);
  if (header === null) return null;
  const [whole, node, type, seconds, millis, serial] = header as unknown as [string, string | undefined, string, string, string, string];
  const document: JsonObject = {
    "@timestamp": `${new Date(Number(seconds) * 1000).toISOString().slice(0, -5)}.${millis}Z`,
    type,
    serial,
    message: line,
  };
  if (node !== undefined) document["host"] = { name: node };
  setFields(line.slice(whole.length), type, document);
  return document;
}

function setFields(text: string, type: string, document: JsonObject): void {
  for (const [, name, written] of text.matchAll(PAIR)) {
    const value = written!;
    if (name === "msg" && value.startsWith("'")) setFields(value.slice(1, -1), type, document);
    // Of two fields of one name the first is the kernel's; the header's names are taken.
    else if (value !== "" && value !== "(null)" && value !== "?" && !Object.hasOwn(document, name!))
      setOwn(document, name!, valueOf(name!, value, type));
  }
}

function valueOf(name: string, written: string, type: string): string {
  if (written.startsWith('"') || written.startsWith("'")) return written.slice(1, -1);
  const encoded = ENCODED.has(name) || (type === "EXECVE" && /^a\d+(?:\[\d+\])?$/.test(name));
  if (!encoded || written.length % 2 === 1 || !/^[0-9A-F]+$/.test(written)) return written;
  const bytes = Uint8Array.from({ length: written.length / 2 }, (_, i) => Number.parseInt(written.slice(2 * i, 2 * i + 2), 16));
  // NULs stand between the arguments of a command line.
  return new TextDecoder().decode(bytes).replaceAll("\0", " ").trimEnd();
}
