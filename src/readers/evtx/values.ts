/** Values of binary XML as the text that Windows renders (libyal/libevtx documentation, "Value types"; MS-EVEN6 2.2.12). */
import { memoised, utf16Text, withoutNuls } from "./texts.ts";

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
/** The file does not name the code page of ANSI strings; this one is the most common. */
const ansi = new TextDecoder("windows-1252");

/** Type codes; 0x80 marks an array of the type. */
export const TYPE = {
  null: 0x00,
  string: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  float32: 0x0b,
  float64: 0x0c,
  boolean: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  handle: 0x20,
  binxml: 0x21,
  xml: 0x23,
  array: 0x80,
} as const;

/** Sizes of the types that have one. */
const SIZE = new Uint8Array(256);
for (const [type, size] of [
  [TYPE.int8, 1],
  [TYPE.uint8, 1],
  [TYPE.int16, 2],
  [TYPE.uint16, 2],
  [TYPE.int32, 4],
  [TYPE.uint32, 4],
  [TYPE.int64, 8],
  [TYPE.uint64, 8],
  [TYPE.float32, 4],
  [TYPE.float64, 8],
  [TYPE.boolean, 4],
  [TYPE.guid, 16],
  [TYPE.fileTime, 8],
  [TYPE.systemTime, 16],
  [TYPE.hex32, 4],
  [TYPE.hex64, 8],
] as const)
  SIZE[type] = size;

/** What one value is: text as Windows renders it, or a whole number whose text is its decimal digits; null where there is none. */
export type Scalar = string | number | null;

/**
 * One value that is neither an array nor binary XML. An unknown type, or one that is too short for its type, is its bytes in hex, so
 * that no value is lost. Anything empty but a string is no value.
 */
export function scalar(view: DataView, at: number, size: number, type: number): Scalar {
  if (type === TYPE.string) return size === 0 ? "" : memoised(view, at, size, TYPE.string, utf16Text);
  if (type === TYPE.null || size === 0) return null;
  const needed = SIZE[type]!;
  if (needed !== 0) return size < needed ? hex(view, at, size) : fixed(view, at, type);
  switch (type) {
    case TYPE.sid:
      return memoised(view, at, size, TYPE.sid, sidText);
    case TYPE.ansi:
      return withoutNuls(ansi.decode(new Uint8Array(view.buffer, view.byteOffset + at, size)));
    case TYPE.size:
    case TYPE.handle:
      return size === 8 ? hex64(view, at) : size === 4 ? `0x${view.getUint32(at, true).toString(16)}` : hex(view, at, size);
    case TYPE.xml:
      return utf16Text(view, at, size);
    default:
      return hex(view, at, size);
  }
}

function fixed(view: DataView, at: number, type: number): string | number {
  switch (type) {
    case TYPE.int8:
      return view.getInt8(at);
    case TYPE.uint8:
      return view.getUint8(at);
    case TYPE.int16:
      return view.getInt16(at, true);
    case TYPE.uint16:
      return view.getUint16(at, true);
    case TYPE.int32:
      return view.getInt32(at, true);
    case TYPE.uint32:
      return view.getUint32(at, true);
    case TYPE.int64: {
      const high = view.getInt32(at + 4, true);
      if (high >= -0x20_0000 && high < 0x20_0000) return high * 0x1_0000_0000 + view.getUint32(at, true);
      return view.getBigInt64(at, true).toString();
    }
    case TYPE.uint64: {
      const high = view.getUint32(at + 4, true);
      if (high < 0x20_0000) return high * 0x1_0000_0000 + view.getUint32(at, true);
      return view.getBigUint64(at, true).toString();
    }
    case TYPE.float32:
      return float32Text(view.getFloat32(at, true));
    case TYPE.float64:
      return String(view.getFloat64(at, true));
    case TYPE.boolean:
      // Values other than 0 and 1 occur; everything but 0 is true.
      return view.getUint32(at, true) === 0 ? "false" : "true";
    case TYPE.guid:
      return memoised(view, at, 16, TYPE.guid, guidText);
    case TYPE.fileTime:
      return fileTimeText(view, at);
    case TYPE.systemTime:
      return systemTimeText(view, at);
    case TYPE.hex32:
      return `0x${view.getUint32(at, true).toString(16)}`;
    default:
      return memoised(view, at, 8, TYPE.hex64, hex64);
  }
}

/** The members of an array value; strings are separated by NUL. A type without a size of its own comes as one member. */
export function arrayTexts(view: DataView, at: number, size: number, type: number): string[] {
  if (type === TYPE.string || type === TYPE.ansi) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, type === TYPE.string ? size & ~1 : size);
    const items = (type === TYPE.string ? utf16 : ansi).decode(bytes).split("\0");
    if (items.at(-1) === "") items.pop();
    return items;
  }
  const items: string[] = [];
  if (type === TYPE.sid) {
    for (let i = at; i + 8 <= at + size;) {
      const length = 8 + 4 * view.getUint8(i + 1);
      items.push(sidText(view, i, Math.min(length, at + size - i)));
      i += length;
    }
    return items;
  }
  const width = type === TYPE.size || type === TYPE.handle ? 8 : SIZE[type]!;
  if (width === 0) return [hex(view, at, size)];
  for (let i = at; i + width <= at + size; i += width) items.push(String(scalar(view, i, width, type)));
  return items;
}

const UPPER = Array.from({ length: 256 }, (_, i) => i.toString(16).toUpperCase().padStart(2, "0"));
const LOWER = UPPER.map((pair) => pair.toLowerCase());
const MINUTES = Array.from(
  { length: 1440 },
  (_, i) => `${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")}:`,
);
const SECONDS = Array.from({ length: 60 }, (_, i) => `${String(i).padStart(2, "0")}.`);
const THREE = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, "0"));
const FOUR_Z = Array.from({ length: 10_000 }, (_, i) => `${String(i).padStart(4, "0")}Z`);

/** Upper-case hex, as Windows writes binary values. */
function hex(view: DataView, at: number, size: number): string {
  let text = "";
  for (let i = at; i < at + size; i++) text += UPPER[view.getUint8(i)]!;
  return text;
}

function hex64(view: DataView, at: number): string {
  const high = view.getUint32(at + 4, true);
  const low = view.getUint32(at, true);
  return high === 0 ? `0x${low.toString(16)}` : `0x${high.toString(16)}${low.toString(16).padStart(8, "0")}`;
}

/** The first digits that are read back as the same float. */
function float32Text(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** Lower case in braces: what Windows 10 and later render. */
function guidText(view: DataView, at: number): string {
  let text = "{";
  for (const i of [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]) {
    if (i === 5 || i === 7 || i === 8 || i === 10) text += "-";
    text += LOWER[view.getUint8(at + i)]!;
  }
  return `${text}}`;
}

function sidText(view: DataView, at: number, size: number): string {
  if (size < 8) return hex(view, at, size);
  const count = Math.min(view.getUint8(at + 1), (size - 8) >> 2);
  const authority = view.getUint16(at + 2, false) * 0x1_0000_0000 + view.getUint32(at + 4, false);
  let text = `S-${view.getUint8(at)}-${authority}`;
  for (let i = 0; i < count; i++) text += `-${view.getUint32(at + 8 + 4 * i, true)}`;
  return text;
}

const SECONDS_TO_1970 = 11_644_473_600;
const LAST_SECOND = 253_402_300_799;
/** Records follow each other closely: up to the second, the text is mostly that of the time before. */
let lastSecond = -1;
let lastPrefix = "";
let lastDay = -1;
let dayPrefix = "";
let lastTime = "";

/** What {@link fileTimeText} made last. */
export function lastFileTime(): string {
  return lastTime;
}

/** 100 ns since 1601 -> `2020-10-27T20:00:14.3242341Z`; beyond the year 9999 the number itself, in hex. */
export function fileTimeText(view: DataView, at: number): string {
  const low = view.getUint32(at, true);
  const high = view.getUint32(at + 4, true);
  if (high >= 0x4000_0000) return hex64(view, at);
  // 2^32 ticks are 429 s and 4,967,296 ticks: in two parts, no product passes 2^53 and no tick is lost.
  const rest = high * 4_967_296 + low;
  const more = Math.floor(rest / 10_000_000);
  const ticks = rest - more * 10_000_000;
  const seconds = high * 429 + more - SECONDS_TO_1970;
  if (seconds > LAST_SECOND) return hex64(view, at);
  if (seconds !== lastSecond) {
    const day = Math.floor(seconds / 86_400);
    if (day !== lastDay) {
      lastDay = day;
      dayPrefix = new Date(day * 86_400_000).toISOString().slice(0, 11);
    }
    const minute = Math.floor(seconds / 60);
    lastSecond = seconds;
    lastPrefix = dayPrefix + MINUTES[minute - day * 1440]! + SECONDS[seconds - minute * 60]!;
  }
  const upper = Math.floor(ticks / 10_000);
  // The short ones first: their sum is flat.
  lastTime = lastPrefix + (THREE[upper]! + FOUR_Z[ticks - upper * 10_000]!);
  return lastTime;
}

function systemTimeText(view: DataView, at: number): string {
  const two = (offset: number): string => String(view.getUint16(at + offset, true)).padStart(2, "0");
  return `${String(view.getUint16(at, true)).padStart(4, "0")}-${two(2)}-${two(6)}T${two(8)}:${two(10)}:${two(12)}.${String(view.getUint16(at + 14, true)).padStart(3, "0")}Z`;
}
