/**
 * The raw shape of Windows events as JSON, without objects in between. What does not change from event to event is worked out once, by
 * `rawFromWindows` itself: it is given an event with marks for what changes, and its text is cut at the marks.
 */
import type { LogLocation, PackedData, TextSpan, WindowsRecord, WindowsSystem } from "../../readers/index.ts";
import type { JsonBytes } from "./json-bytes.ts";
import { keyOfDatum, rawFromWindows, shortened, withoutReturns } from "./windows.ts";

/** What changes from event to event. */
type Changing = "time" | "record" | "activity" | "related" | "process" | "thread" | "user" | "data";

/** The texts of events that differ in {@link Changing} alone. */
interface Frame {
  readonly system: WindowsSystem;
  readonly file: string;
  /** In the order of the text. Null where the marks cannot be told from what else the event says. */
  readonly steps: readonly { readonly before: Uint8Array; readonly value: Changing }[] | null;
  readonly end: Uint8Array;
}

/** `"name":"` of each item; null where an object would order or join them. */
type Keys = readonly Uint8Array[] | null;

/** Recent frames that are kept for an event id. */
const FRAMES = 64;
const MAX_EVENT_IDS = 1024;

export class RawJsonWriter {
  readonly #frames = new Map<number, Frame[]>();
  readonly #keys = new WeakMap<PackedData["names"], Keys>();
  readonly #span: TextSpan = { bytes: new Uint8Array(0), start: 0, end: 0 };

  /** Writes what `JSON.stringify` writes of the raw document, byte for byte. False, and nothing is written, where the event is not plain enough. */
  write({ event, place }: WindowsRecord, out: JsonBytes): boolean {
    const data = event.packedData ?? null;
    if (data === null) return false;
    const { system } = event;
    const keys = this.#keysOf(data.names);
    const { steps, end } = this.#frame(system, place);
    if (keys === null || steps === null) return false;
    for (const { before, value } of steps) {
      out.piece(before);
      switch (value) {
        case "time":
          out.content(shortened(system.timeCreated!));
          break;
        case "record":
          out.content(String(system.eventRecordId));
          break;
        case "activity":
          out.content(system.activityId!);
          break;
        case "related":
          out.content(system.relatedActivityId!);
          break;
        case "process":
          out.content(String(system.processId));
          break;
        case "thread":
          out.content(String(system.threadId));
          break;
        case "user":
          out.content(system.userId!);
          break;
        case "data":
          this.#data(data, keys, out);
      }
    }
    out.piece(end);
    return true;
  }

  #data(data: PackedData, keys: readonly Uint8Array[], out: JsonBytes): void {
    let any = false;
    for (let i = 0; i < keys.length; i++) {
      const before = out.length;
      out.piece(any ? COMMA : DATA_OPEN);
      out.piece(keys[i]!);
      if (this.#value(data, i, out)) {
        out.piece(QUOTE);
        any = true;
      } else out.length = before;
    }
    if (any) out.piece(CLOSE);
  }

  /** The value with line ends as Beats writes them; false, and something may have been written, where there is none. */
  #value(data: PackedData, at: number, out: JsonBytes): boolean {
    const span = this.#span;
    if (data.span(at, span)) {
      const { bytes, start, end } = span;
      if (start === end) return false;
      out.utf16(bytes, start, beforeLineEnds(bytes, start, end), true);
      return true;
    }
    const value = data.value(at);
    if (value === null || value === "") return false;
    if (typeof value === "string") out.content(withoutReturns(value));
    else if (value >= 0 && value <= 0xffff_ffff) out.digits(value);
    else out.content(String(value));
    return true;
  }

  #keysOf(names: PackedData["names"]): Keys {
    let keys = this.#keys.get(names);
    if (keys === undefined) {
      keys = keysOf(names);
      this.#keys.set(names, keys);
    }
    return keys;
  }

  #frame(system: WindowsSystem, { file }: LogLocation): Frame {
    let frames = this.#frames.get(system.eventId);
    if (frames === undefined) {
      if (this.#frames.size === MAX_EVENT_IDS) this.#frames.clear();
      this.#frames.set(system.eventId, (frames = []));
    }
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i]!;
      if (frame.file !== file || !hasFrameOf(system, frame.system)) continue;
      // Events of one machine come in runs.
      if (i > 0) {
        frames.copyWithin(1, 0, i);
        frames[0] = frame;
      }
      return frame;
    }
    const frame = frameOf(system, file);
    if (frames.length === FRAMES) frames.pop();
    frames.unshift(frame);
    return frame;
  }
}

/** Whether two events differ in {@link Changing} alone. */
function hasFrameOf(a: WindowsSystem, b: WindowsSystem): boolean {
  return (
    a.eventId === b.eventId &&
    a.version === b.version &&
    a.level === b.level &&
    a.task === b.task &&
    a.opcode === b.opcode &&
    a.keywords === b.keywords &&
    a.channel === b.channel &&
    a.computer === b.computer &&
    (a.provider === b.provider || (a.provider.name === b.provider.name && a.provider.guid === b.provider.guid)) &&
    (a.timeCreated === undefined) === (b.timeCreated === undefined) &&
    (a.eventRecordId === undefined) === (b.eventRecordId === undefined) &&
    (a.activityId === undefined) === (b.activityId === undefined) &&
    (a.relatedActivityId === undefined) === (b.relatedActivityId === undefined) &&
    (a.processId === undefined) === (b.processId === undefined) &&
    (a.threadId === undefined) === (b.threadId === undefined) &&
    (a.userId === undefined) === (b.userId === undefined)
  );
}

/** Numbers and texts that no event has by chance; where one has, the mark stands twice in the text, which is noticed. */
const MARKS = {
  timeCreated: "\u0001time",
  eventRecordId: 9_007_199_254_740_001,
  activityId: "\u0001activity",
  relatedActivityId: "\u0001related",
  processId: 9_007_199_254_740_002,
  threadId: 9_007_199_254_740_003,
  userId: "\u0001user",
} as const satisfies Partial<WindowsSystem>;
const DATA_MARK = "\u0001data";

function frameOf(system: WindowsSystem, file: string): Frame {
  const marked: { [name: string]: unknown } = { ...system };
  for (const [name, mark] of Object.entries(MARKS)) if (marked[name] !== undefined) marked[name] = mark;
  const text = JSON.stringify(
    rawFromWindows({
      kind: "windows",
      place: { file },
      event: {
        system: marked as unknown as WindowsSystem,
        eventData: { data: [{ name: DATA_MARK, value: DATA_MARK }] },
        userData: null,
        rendering: null,
        other: [],
      },
    }),
  );
  const found: { at: number; length: number; value: Changing }[] = [];
  const marks: readonly (readonly [Changing, string, boolean])[] = [
    ["time", inString(MARKS.timeCreated), system.timeCreated !== undefined],
    ["record", String(MARKS.eventRecordId), system.eventRecordId !== undefined],
    ["activity", inString(MARKS.activityId), system.activityId !== undefined],
    ["related", inString(MARKS.relatedActivityId), system.relatedActivityId !== undefined],
    ["process", String(MARKS.processId), system.processId !== undefined],
    // A thread stands inside its process.
    ["thread", String(MARKS.threadId), system.threadId !== undefined && system.processId !== undefined],
    ["user", inString(MARKS.userId), system.userId !== undefined],
    ["data", `,"event_data":${JSON.stringify({ [DATA_MARK]: DATA_MARK })}`, true],
  ];
  const nothing = { system, file, steps: null, end: new Uint8Array(0) };
  for (const [value, mark, isThere] of marks) {
    const at = text.indexOf(mark);
    if (at >= 0 !== isThere || text.includes(mark, at + 1)) return nothing;
    if (isThere) found.push({ at, length: mark.length, value });
  }
  let from = 0;
  const steps = found
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, length, value }) => {
      const before = ENCODER.encode(text.slice(from, at));
      from = at + length;
      return { before, value };
    });
  return { system, file, steps, end: ENCODER.encode(text.slice(from)) };
}

function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function keysOf(names: PackedData["names"]): Keys {
  const keys = names.map(keyOfDatum);
  // The first of a name stays, and JavaScript lists whole numbers before all other names.
  if (new Set(keys).size < keys.length || keys.some((key) => /^\d+$/.test(key))) return null;
  return keys.map((key) => ENCODER.encode(`${JSON.stringify(key)}:"`));
}

/** Where a text of UTF-16 ends without the CR LF and LF at its end. */
function beforeLineEnds(text: Uint8Array, start: number, end: number): number {
  let to = end;
  while (to > start && text[to - 2] === LF && text[to - 1] === 0) {
    to -= 2;
    if (to > start && text[to - 2] === CR && text[to - 1] === 0) to -= 2;
  }
  return to;
}

const CR = 13;
const LF = 10;
const ENCODER = new TextEncoder();
const QUOTE = ENCODER.encode('"');
const COMMA = ENCODER.encode(",");
const CLOSE = ENCODER.encode("}");
const DATA_OPEN = ENCODER.encode(',"event_data":{');
