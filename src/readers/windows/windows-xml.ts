import { windowsEventOf } from "./event-element.ts";
import type { Format, ReadOptions } from "../format.ts";
import type { Decoder, Sink } from "../record.ts";
import { parseXml, XmlError } from "./xml.ts";

/** An `<Event>` of the Windows event schema, with or without a prefix, a root around it, or a declaration before it. */
const START = /<(?:[A-Za-z_][\w.-]{0,30}:)?Event(?=[\s/>])/g;

/** Tags that stand only inside an event. */
const PART_OF_EVENT =
  /<\/(?:[A-Za-z_][\w.-]{0,30}:)?Event\s{0,20}>|<\/?(?:[A-Za-z_][\w.-]{0,30}:)?(?:System|EventData|UserData|RenderingInfo)[\s/>]/;

/** A tag longer than this begins no event. */
const MAX_TAG = 4096;

/** Windows Event XML: what Event Viewer, wevtutil, `Get-WinEvent | % ToXml` and Splunk's XmlWinEventLog write. */
export const windowsXmlFormat: Format = {
  id: "windows-xml",
  title: "Windows Event XML",
  text: true,
  sniff: ({ text }) => {
    const hasEvent = /<(?:[\w.-]{1,30}:)?Event[\s>][^>]{0,300}schemas\.microsoft\.com\/win\/2004\/08\/events\/event/.test(text);
    // A piece of a log begins inside an event. Documents of other formats can quote events.
    if (!text.startsWith("<")) return hasEvent ? 0.6 : 0;
    if (hasEvent) return 0.95;
    return /<(?:[\w.-]{1,30}:)?Events?[\s>]/.test(text) && /<(?:[\w.-]{1,30}:)?System[\s>]/.test(text)
      ? 0.8
      : /^(<\?xml[^>]{0,200}\?>\s*)?<(?:[\w.-]{1,30}:)?Events[\s>]/.test(text)
        ? 0.6
        : 0;
  },
  open: (file, options) => new WindowsXmlDecoder(file, options),
};

/**
 * Takes the text apart into `<Event>` elements and reads each by itself, so that one that is broken does not cost the others. What
 * stands between events (a root, a declaration, blanks) is of no concern.
 */
class WindowsXmlDecoder implements Decoder {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #decoder = new TextDecoder("utf-8");
  #text = "";
  #line = 1;
  #record = 0;
  /** An event larger than allowed is being skipped. */
  #skipping = false;
  /** Up to here the pending event was searched for its end without success. */
  #searched = 0;
  #rootOpen = false;
  #strayReported = false;
  /** What follows the last event and is no event: the line where it begins, and whether it is part of an event. */
  #gap: { readonly line: number; torn: boolean } | null = null;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    this.#read(sink, false);
  }

  end(sink: Sink): void {
    this.#text += this.#decoder.decode();
    this.#read(sink, true);
  }

  #read(sink: Sink, last: boolean): void {
    const text = this.#text;
    let done = 0;
    for (;;) {
      if (this.#skipping) {
        const end = endTag(text, done);
        if (end < 0) {
          // Keep what may be the beginning of the end tag.
          done = last ? text.length : Math.max(done, text.length - 64);
          break;
        }
        this.#skipping = false;
        done = end;
      }
      START.lastIndex = done;
      const start = START.exec(text)?.index ?? -1;
      if (start < 0) {
        // A tag may go on with the next bytes; what is before it cannot become one.
        const open = text.lastIndexOf("<");
        const keep = last || open < done || text.length - open > MAX_TAG ? text.length : open;
        this.#between(text.slice(done, keep), done, last, sink);
        done = keep;
        break;
      }
      this.#between(text.slice(done, start), done, false, sink);
      this.#endGap(sink);
      const end = eventEnd(text, start, Math.max(start, this.#searched - 64));
      if (end < 0) {
        if (text.length - start > this.#options.maxRecordBytes) {
          this.#problem(sink, "xml/too-large", start, `An event is larger than ${this.#options.maxRecordBytes} bytes and was skipped`);
          this.#skipping = true;
          done = start + 1;
          continue;
        }
        if (last) {
          this.#problem(sink, "xml/truncated", start, "The text ends in the middle of an event");
          done = text.length;
        } else {
          done = start;
          this.#searched = text.length;
        }
        break;
      }
      this.#searched = 0;
      this.#event(text.slice(start, end), start, sink);
      done = end;
    }
    this.#line += count(text, done);
    this.#text = text.slice(done);
    this.#searched = Math.max(0, this.#searched - done);
    if (last) this.#endGap(sink);
    if (last && this.#rootOpen) {
      this.#rootOpen = false;
      this.#problem(sink, "xml/truncated", 0, "The text ends before its root element does");
    }
  }

  /** What stands between events: declarations, comments and the root are as they should be, anything else is reported. */
  #between(text: string, offset: number, last: boolean, sink: Sink): void {
    if (text.trim() === "") return;
    // Blanks of the same length, so that what is left keeps its place.
    const blank = (passed: string): string => passed.replaceAll(/[^\n]/g, " ");
    const rest = text
      .replaceAll(/<\?[^?]{0,2000}\?>|<!--[\s\S]{0,10000}?-->/g, blank)
      .replaceAll(/<(\/?)(?:[\w.-]{1,30}:)?Events(?:\s[^>]{0,2000})?>/g, (tag, slash: string) => {
        this.#rootOpen = slash === "";
        return blank(tag);
      });
    const begin = rest.search(/\S/);
    if (begin < 0) return;
    const left = rest.slice(begin);
    if (last && left.startsWith("<") && !left.includes(">"))
      return this.#problem(sink, "xml/truncated", offset + begin, "The text ends in the middle of a tag");
    // A file that does not begin with a tag begins inside an event.
    this.#gap ??= { line: this.#line + count(this.#text, offset + begin), torn: this.#record === 0 && /^\0*[^<\0]/.test(left) };
    if (PART_OF_EVENT.test(left)) this.#gap.torn = true;
  }

  /** The gap before an event, or before the end, is over. */
  #endGap(sink: Sink): void {
    const gap = this.#gap;
    if (gap === null) return;
    this.#gap = null;
    const place = { file: this.#file, line: gap.line };
    if (gap.torn) sink.problem({ code: "xml/torn-event", severity: "error", message: "An event without its beginning was skipped", place });
    else if (!this.#strayReported) {
      this.#strayReported = true;
      sink.problem({
        code: "xml/stray-text",
        severity: "warning",
        message: "Text that is no event was passed over (reported once per file)",
        place,
      });
    }
  }

  #event(xml: string, start: number, sink: Sink): void {
    this.#record++;
    try {
      const event = windowsEventOf(parseXml(xml, this.#options.maxDepth));
      if (event !== null)
        sink.record({
          kind: "windows",
          place: { file: this.#file, line: this.#line + count(this.#text, start), record: event.system.eventRecordId ?? this.#record },
          event,
        });
      else this.#problem(sink, "xml/no-event", start, "An <Event> has no <System>");
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.#problem(sink, "xml/bad-event", start, `An event could not be read: ${error.message}`);
    }
  }

  #problem(sink: Sink, code: string, offset: number, message: string): void {
    sink.problem({ code, severity: "error", message, place: { file: this.#file, line: this.#line + count(this.#text, offset) } });
  }
}

/** Where the event that begins at `start` ends; -1 when it does not yet. */
function eventEnd(text: string, start: number, searchFrom: number): number {
  const open = text.indexOf(">", start);
  if (open < 0) return -1;
  if (text.charCodeAt(open - 1) === 47) return open + 1;
  let from = Math.max(open, searchFrom);
  for (;;) {
    const end = endTag(text, from);
    if (end < 0) return -1;
    // An end tag inside CDATA is text.
    const cdata = text.lastIndexOf("<![CDATA[", end);
    if (cdata < start || text.indexOf("]]>", cdata) < end) return end;
    const close = text.indexOf("]]>", cdata);
    if (close < 0) return -1;
    from = close;
  }
}

const END = /<\/(?:[A-Za-z_][\w.-]{0,30}:)?Event\s{0,20}>/g;

function endTag(text: string, from: number): number {
  END.lastIndex = from;
  const found = END.exec(text);
  return found === null ? -1 : found.index + found[0].length;
}

/** Line ends before `to`. */
function count(text: string, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
