/**
 * What comes out of a reader: one record and the place it was found at, or a problem and its place.
 *
 * Readers turn bytes into records and know nothing of ECS. They are synchronous and push-driven: bytes are pushed in, records
 * and problems go to a sink, memory is bounded by the largest single record.
 */

/** A JSON value. Integers beyond ±(2^53 - 1) are bigint, so that 64-bit ids and counters survive. */
export type Json = string | number | bigint | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where in the input something lies. Members of archives are joined to the archive's name with `!`: `logs.zip!a/b.json`. */
export interface LogLocation {
  readonly file: string;
  /** 1-based line, for text formats. */
  readonly line?: number;
  /** Byte offset in the (decompressed) file, for binary formats. */
  readonly offset?: number;
  /** The record's own number (EVTX EventRecordID) or its 1-based index in a document that has no lines. */
  readonly record?: number | bigint;
}

/** A record as it was found. */
export type LogRecord = DocumentRecord | WindowsRecord;

/** A JSON document of any shape: ECS, Winlogbeat, NXLog, ... The ecs room tells them apart. */
export interface DocumentRecord {
  readonly kind: "document";
  readonly place: LogLocation;
  readonly document: JsonObject;
  /** `_id` and `_index` where the container had them (Elasticsearch responses, elasticdump, bulk). */
  readonly id?: string;
  readonly index?: string;
}

/** A Windows event, from EVTX, from Windows Event XML, or from the JSON that evtx_dump makes of either. */
export interface WindowsRecord {
  readonly kind: "windows";
  readonly place: LogLocation;
  readonly event: WindowsEvent;
}

/**
 * The content of an `<Event>` element. All values are text as Windows renders it: integers decimal, HexInt32/64 as lower-case
 * `0x..`, GUIDs lower-case in braces, SIDs `S-1-..`, times ISO 8601 with 7 to 9 fractional digits and `Z`.
 */
export interface WindowsEvent {
  readonly system: WindowsSystem;
  /** `<EventData>`; null where the event has none. */
  readonly eventData: EventData | null;
  /** `<UserData>`: its first child element; null where the event has none. */
  readonly userData: XmlElement | null;
  /** `<RenderingInfo>`, when somebody rendered the event. */
  readonly rendering: RenderingInfo | null;
  /** The `<Event>` element itself, where there was one: it renders exactly as it came. An element without content has no children; `<a></a>` has an empty text. */
  readonly root?: XmlElement;
  /**
   * The same as `eventData` before texts are made of it. Null or absent where the event has more than `<System>` and `<EventData>`, or data
   * with another number of values than one each.
   */
  readonly packedData?: PackedData | null;
  /** Other children of `<Event>` (`ProcessingErrorData`, `BinaryEventData`, `DebugData`, ...), as they came. */
  readonly other: readonly XmlElement[];
}

export interface WindowsSystem {
  readonly provider: { readonly name: string; readonly guid?: string; readonly eventSourceName?: string };
  readonly eventId: number;
  readonly qualifiers?: number;
  readonly version?: number;
  readonly level?: number;
  readonly task?: number;
  readonly opcode?: number;
  /** `0x8020000000000000` */
  readonly keywords?: string;
  /** ISO 8601, UTC, as many fractional digits as the source gave. */
  readonly timeCreated?: string;
  readonly eventRecordId?: bigint | number;
  readonly activityId?: string;
  readonly relatedActivityId?: string;
  readonly processId?: number;
  readonly threadId?: number;
  readonly processorId?: number;
  readonly sessionId?: number;
  readonly kernelTime?: number;
  readonly userTime?: number;
  readonly processorTime?: number;
  readonly channel?: string;
  readonly computer?: string;
  readonly userId?: string;
}

export interface EventData {
  /** `<EventData Name="...">` */
  readonly name?: string;
  /** In document order. `name` is absent for `<Data>` without one; `<ComplexData>` has `complex`. */
  readonly data: readonly { readonly name?: string; readonly value: string; readonly complex?: boolean }[];
  /** `<Binary>` as upper-case hex. */
  readonly binary?: string;
}

/** Event data whose values lie in the bytes of the log: texts are made only of those that somebody reads. */
export interface PackedData {
  /** In document order; undefined for `<Data>` without a name. One array for all events of a template: what follows from names can be kept with it. */
  readonly names: readonly (string | undefined)[];
  /** The value of the name at a place: its text, or a whole number whose digits are its text; null where the event has neither name nor value. */
  value(at: number): string | number | null;
  /** True where the value is UTF-16 LE in the log: then it is looked at where it lies. */
  span(at: number, into: TextSpan): boolean;
}

/** A text of UTF-16 LE in the bytes of a log. What is no text in it (halves of surrogate pairs) becomes U+FFFD where it is decoded. */
export interface TextSpan {
  bytes: Uint8Array;
  /** Where it begins, and where it ends: a whole number of units behind. */
  start: number;
  end: number;
}

export interface RenderingInfo {
  readonly culture?: string;
  readonly message?: string;
  readonly level?: string;
  readonly task?: string;
  readonly opcode?: string;
  readonly channel?: string;
  readonly provider?: string;
  readonly keywords: readonly string[];
}

/** A plain XML element: the children are elements or text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly (XmlElement | string)[];
}

/** Something that could not be read, or was read with a loss. Never thrown: counted and shown. */
export interface Problem {
  /** A stable name, e.g. `json/bad-line`, `evtx/bad-chunk`, `gzip/truncated`. */
  readonly code: string;
  /** `error`: part of the input is lost. `warning`: read, but something is odd. */
  readonly severity: "error" | "warning";
  /** One sentence, without the place. */
  readonly message: string;
  readonly place: LogLocation;
  /** What to do next; absent where nothing helps. */
  readonly help?: string;
}

/** Finds fields of documents without making them, line by line. */
export interface LineExtractor {
  /** Takes lines; false where it does not: they are too many bytes, or no UTF-8. */
  load(lines: Uint8Array): boolean;
  /** Walks the line that begins at a place of what was loaded; false where only a parser can say what is in it. */
  walk(from: number): boolean;
  /** The line feed of that line, or the end of what was loaded. */
  readonly end: number;
}

/** Decides by some fields of documents whether they must be made at all. */
export interface DocumentPrefilter {
  readonly extractor: LineExtractor;
  /** True where it is done with the document in the line that was walked last; false where it takes the document as a record. */
  take(): boolean;
}

/** Where a decoder puts what it finds. */
export interface Sink {
  /** What is asked before a document is made; may be left out by sinks that want them all. */
  readonly prefilter?: DocumentPrefilter | null;
  record(record: LogRecord): void;
  problem(problem: Problem): void;
  /** A file or archive member begins; for counts and progress. `format` is what the content was found to be. */
  file?(place: LogLocation, format: string): void;
  /** Older records that lie in free space of an event log, are no part of it any more and were not read: how many, and where the first lies. */
  stale?(place: LogLocation, count: number): void;
  /** A file or archive member that was refused (a problem says why) has ended: how many bytes it had. */
  unread?(place: LogLocation, bytes: number): void;
}

/** Bytes in, records out. One decoder reads one file; it may be pushed any split of the bytes. */
export interface Decoder {
  push(bytes: Uint8Array, sink: Sink): void;
  /** No more bytes: whatever is pending is a record or a problem. */
  end(sink: Sink): void;
  /**
   * The file goes on, and another decoder reads what is left of it. Null, and nothing is done, where that would read it otherwise: something is
   * pending, or what came bears on what comes. Then this one has to go on.
   */
  endPart?(sink: Sink): PartEnd | null;
}

export interface PartEnd {
  /** How many lines the part has, for formats of lines; 0 for others. */
  readonly lines: number;
}
