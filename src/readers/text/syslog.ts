import type { Format, Head, ReadOptions } from "../format.ts";
import { setOwn } from "../json/parse.ts";
import type { JsonObject, Sink } from "../record.ts";
import { LineDecoder, type LineHandler } from "./lines.ts";
import { dateBefore, dateIn, monthOf, yearHint, type YearHint } from "./syslog-time.ts";

/** `<13>Mar  4 08:49:21 host `, as RFC 3164 has it; some daemons write the year behind the day. The host may be missing. */
const BSD =
  /^(?:<(\d{1,3})>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?) (?:([^\s:[\]]{1,255}) +| )/;
/** The same with the time as rsyslog's file format and others write it. */
const ISO = /^(?:<(\d{1,3})>)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) ([^\s:[\]]{1,255}) +/;
/** RFC 5424: priority, version, time, host, program, process, message id. */
const RFC5424 = /^<(\d{1,3})>(\d{1,2}) (-|\d{4}-\d\d-\d\dT\S{8,24}) (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,255})(?: |$)/;
/** `sshd[123]: `, `kernel: `, and as macOS writes it `kernel[0] (Sandbox): `. */
const TAG = /^([^\s:[\]]{1,128})(?:\[(\d{1,10})\])?(?: \([^()]{0,255}\))?:(?: |$)/;
/** Structured data of RFC 5424: `[id name="value"]`, a backslash before `"`, `\` and `]` in values. */
const ELEMENT = /\[([^\s\]="]{1,255})((?: [^\s\]="]{1,255}="(?:[^"\\\]]|\\[^])*")*)\]/y;
const PARAMETER = / ([^\s\]="]+)="((?:[^"\\\]]|\\[^])*)"/g;

/** Where logs of applications have the severity, syslog has the host. */
const LEVEL = /^\[?(?:trace|debug|info|information|notice|warn|warning|err|error|crit|critical|fatal|severe|alert|emerg)\]?$/i;

const FACILITIES =
  "kernel,user-level,mail,system,security/authorization,syslogd,line printer,network news,UUCP,clock,security/authorization,FTP,NTP,log audit,log alert,clock,local0,local1,local2,local3,local4,local5,local6,local7".split(
    ",",
  );
const SEVERITIES = ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"] as const;

/**
 * Log files of syslog daemons (`auth.log`, `secure`, `messages`, `syslog`, `system.log`): lines of RFC 3164, with or without the priority, with its
 * time or one in ISO 8601, and lines of RFC 5424. A document per line, in the fields that Filebeat's syslog processor sets. Times without a
 * zone are read as UTC; where the year is missing, the file's name or the time of its last change says it (`syslog-time.ts`).
 */
export const syslogFormat: Format = {
  id: "syslog",
  title: "syslog (RFC 3164, RFC 5424)",
  text: true,
  sniff,
  open: (file, options) => new LineDecoder(file, options, new SyslogLines(file, options)),
};

/** Most lines at the head must be lines of syslog, so that a text that quotes some is none. */
function sniff({ text, whole }: Head): number {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // The last may be cut.
  if (!whole && lines.length > 1) lines.pop();
  let known = 0;
  // Other logs begin with a time in ISO 8601 and words, too: of these a process id, or the kernel, must be seen.
  let sure = false;
  for (const line of lines) {
    const bsd = BSD.exec(line);
    if (RFC5424.test(line) || (bsd !== null && monthOf(bsd[2]!) > 0 && !LEVEL.test(bsd[6] ?? ""))) sure = true;
    else {
      const iso = ISO.exec(line);
      const tag = iso === null || LEVEL.test(iso[3]!) ? null : TAG.exec(line.slice(iso[0].length));
      if (tag === null) continue;
      sure ||= tag[2] !== undefined || tag[1] === "kernel";
    }
    known++;
  }
  if (!sure || known * 2 <= lines.length) return 0;
  return known === lines.length ? 0.95 : 0.8;
}

class SyslogLines implements LineHandler {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #hint: YearHint | null;
  /** The missing year has been reported. */
  #reported = false;
  /** The day of the line before, as it was written, and its date. */
  #lastDay = "";
  #lastDate: string | null = null;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
    this.#hint = yearHint(file, options.modified);
  }

  line(text: string, line: number, sink: Sink, ended: boolean): void {
    const written = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (written.trim() === "") return;
    const document = RFC5424.test(written) ? rfc5424(written) : this.#rfc3164(written, line, sink);
    if (document === null) this.#problem(sink, "syslog/bad-line", "error", "Not a line of syslog", line);
    else sink.record({ kind: "document", place: { file: this.#file, line }, document });
    if (!ended) this.#problem(sink, "syslog/cut-off", "warning", "The last line has no end: it may be cut off", line);
  }

  tooLong(line: number, sink: Sink): void {
    this.#problem(sink, "syslog/record-too-long", "error", `A line longer than ${this.#options.maxRecordBytes} bytes was skipped`, line);
  }

  end(): void {
    // Every record is a line of its own.
  }

  #rfc3164(text: string, line: number, sink: Sink): JsonObject | null {
    const iso = ISO.exec(text);
    if (iso !== null) {
      const [head, priority, time, host] = iso as unknown as [string, string | undefined, string, string];
      return Number.isNaN(Date.parse(time)) ? null : documentOf(priority, time, host, text.slice(head.length));
    }
    const bsd = BSD.exec(text);
    if (bsd === null) return null;
    const [head, priority, name, day, year, time, host] = bsd as unknown as [string, ...(string | undefined)[]];
    const date = this.#dateOf(name!, Number(day), year, line, sink);
    if (date === null) return null;
    return documentOf(priority, date === "" ? null : `${date}T${time!}Z`, host, text.slice(head.length));
  }

  /** null where there is no such day, empty where nobody knows its year. */
  #dateOf(name: string, day: number, year: string | undefined, line: number, sink: Sink): string | null {
    if (year !== undefined) return dateIn(Number(year), monthOf(name), day);
    const key = `${name} ${day}`;
    // Lines of one day follow each other.
    if (key === this.#lastDay) return this.#lastDate;
    const month = monthOf(name);
    // 2024 has every day there is.
    const isDay = dateIn(2024, month, day) !== null;
    if (isDay) this.#reportYear(line, sink);
    this.#lastDay = key;
    this.#lastDate = !isDay ? null : this.#hint === null ? "" : (dateBefore(this.#hint, month, day) ?? "");
    return this.#lastDate;
  }

  #reportYear(line: number, sink: Sink): void {
    const hint = this.#hint;
    if (this.#reported || hint?.from === "name") return;
    this.#reported = true;
    sink.problem({
      code: hint === null ? "syslog/no-year" : "syslog/year-assumed",
      severity: "warning",
      message:
        hint === null
          ? "The lines have no year, and nothing says which it is: their times are not known"
          : `The lines have no year: the latest before the file's last change, ${new Date(hint.at).toISOString().slice(0, 10)}, is taken`,
      place: { file: this.#file, line },
      help: "A date in the file's name says it: auth.log-20260308",
    });
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, line: number): void {
    sink.problem({ code, severity, message, place: { file: this.#file, line } });
  }
}

function documentOf(priority: string | undefined, time: string | null, host: string | undefined, rest: string): JsonObject | null {
  const syslog = priorityOf(priority);
  if (syslog === null) return null;
  const tag = TAG.exec(rest);
  if (host !== undefined) syslog["hostname"] = host;
  if (tag !== null) {
    syslog["appname"] = tag[1]!;
    if (tag[2] !== undefined) syslog["procid"] = tag[2];
  }
  const document: JsonObject = time === null ? {} : { "@timestamp": time };
  document["message"] = tag === null ? rest : rest.slice(tag[0].length);
  document["log"] = { syslog };
  return document;
}

/** Facility and severity as the priority has them; null where it is out of range. */
function priorityOf(written: string | undefined): JsonObject | null {
  if (written === undefined) return {};
  const priority = Number(written);
  const [facility, severity] = [priority >> 3, priority & 7];
  if (facility >= FACILITIES.length) return null;
  return {
    priority,
    facility: { code: facility, name: FACILITIES[facility]! },
    severity: { code: severity, name: SEVERITIES[severity]! },
  };
}

function rfc5424(text: string): JsonObject | null {
  const [head, priority, version, time, host, program, process, id] = RFC5424.exec(text) as unknown as [string, ...string[]];
  const syslog = priorityOf(priority);
  if (syslog === null || (time !== "-" && Number.isNaN(Date.parse(time!)))) return null;
  syslog["version"] = version!;
  for (const [name, value] of [
    ["hostname", host],
    ["appname", program],
    ["procid", process],
    ["msgid", id],
  ] as const)
    if (value !== "-") syslog[name] = value!;
  let at = head.length;
  if (text[at] === "-") at++;
  else {
    const data: JsonObject = {};
    ELEMENT.lastIndex = at;
    for (let element = ELEMENT.exec(text); element !== null; element = ELEMENT.exec(text)) {
      const parameters: JsonObject = {};
      for (const [, name, value] of element[2]!.matchAll(PARAMETER)) setOwn(parameters, name!, value!.replaceAll(/\\(["\\\]])/g, "$1"));
      setOwn(data, element[1]!, parameters);
      at = ELEMENT.lastIndex;
    }
    // What is no structured data is all of it message.
    if (Object.keys(data).length > 0) syslog["structured_data"] = data;
  }
  const document: JsonObject = time === "-" ? {} : { "@timestamp": time! };
  document["message"] = text.slice(text[at] === " " ? at + 1 : at).replace(/^\uFEFF/, "");
  document["log"] = { syslog };
  return document;
}
