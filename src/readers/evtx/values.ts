/** Values of binary XML as the text that Windows renders (libyal/libevtx documentation, "Value types"; MS-EVEN6 2.2.12). */

const utf16 = new TextDecoder("utf-16le");
const latin1 = new TextDecoder("latin1");

/** Type codes; 0x80 marks an array of the type. */
export const TYPE = { null: 0, string: 1, ansi: 2, binary: 14, binxml: 0x21, array: 0x80 } as const;

/** Sizes of the types that have one, for arrays. */
const SIZE: { readonly [type: number]: number | undefined } = {
  3: 1,
  4: 1,
  5: 2,
  6: 2,
  7: 4,
  8: 4,
  9: 8,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  15: 16,
  17: 8,
  18: 16,
  20: 4,
  21: 8,
};

/** UTF-16 text of `length` bytes; almost all of it is ASCII, which is decoded without a decoder. */
export function utf16Text(bytes: Uint8Array, at: number, length: number): string {
  const end = at + (length & ~1);
  if (length <= 128) {
    let text = "";
    for (let i = at; i < end; i += 2) {
      const low = bytes[i]!;
      if (bytes[i + 1] !== 0 || low === 0) return withoutNuls(utf16.decode(bytes.subarray(at, end)));
      text += String.fromCharCode(low);
    }
    return text;
  }
  return withoutNuls(utf16.decode(bytes.subarray(at, end)));
}

/** Strings may be padded with NUL; XML can hold none. */
function withoutNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** The text of one value; null where there is none. An unknown type is its bytes in hex, so nothing is lost. */
export function valueText(view: DataView, bytes: Uint8Array, at: number, size: number, type: number): string | null {
  switch (type) {
    case 0:
      return null;
    case 1:
      return utf16Text(bytes, at, size);
    case 2:
      return withoutNuls(latin1.decode(bytes.subarray(at, at + size)));
    case 14:
      return hex(bytes, at, size);
    case 16:
      return size === 8
        ? `0x${view.getBigUint64(at, true).toString(16)}`
        : size === 4
          ? `0x${view.getUint32(at, true).toString(16)}`
          : hex(bytes, at, size);
    case 19:
      return sidText(view, bytes, at, size);
    default: {
      const needed = SIZE[type];
      if (needed === undefined || size < needed) return size === 0 ? "" : hex(bytes, at, size);
      return fixedText(view, bytes, at, type);
    }
  }
}

function fixedText(view: DataView, bytes: Uint8Array, at: number, type: number): string {
  switch (type) {
    case 3:
      return String(view.getInt8(at));
    case 4:
      return String(view.getUint8(at));
    case 5:
      return String(view.getInt16(at, true));
    case 6:
      return String(view.getUint16(at, true));
    case 7:
      return String(view.getInt32(at, true));
    case 8:
      return String(view.getUint32(at, true));
    case 9:
      return view.getBigInt64(at, true).toString();
    case 10:
      return view.getBigUint64(at, true).toString();
    case 11:
      return String(Math.fround(view.getFloat32(at, true)));
    case 12:
      return String(view.getFloat64(at, true));
    case 13:
      // Values other than 0 and 1 occur; everything but 0 is true.
      return view.getUint32(at, true) === 0 ? "false" : "true";
    case 15:
      return guidText(view, bytes, at);
    case 17:
      return fileTimeText(view, at) ?? "";
    case 18:
      return systemTimeText(view, at);
    case 20:
      return `0x${view.getUint32(at, true).toString(16)}`;
    default:
      return `0x${view.getBigUint64(at, true).toString(16)}`;
  }
}

/** The members of an array value; strings are separated by NUL. */
export function arrayTexts(view: DataView, bytes: Uint8Array, at: number, size: number, type: number): string[] {
  if (type === TYPE.string) {
    const items = utf16.decode(bytes.subarray(at, at + (size & ~1))).split("\0");
    if (items.at(-1) === "") items.pop();
    return items;
  }
  if (type === TYPE.ansi) {
    const items = latin1.decode(bytes.subarray(at, at + size)).split("\0");
    if (items.at(-1) === "") items.pop();
    return items;
  }
  const texts: string[] = [];
  if (type === 19) {
    for (let i = at; i + 8 <= at + size;) {
      const length = 8 + 4 * bytes[i + 1]!;
      texts.push(sidText(view, bytes, i, Math.min(length, at + size - i)));
      i += length;
    }
    return texts;
  }
  const width = SIZE[type];
  if (width === undefined) return [hex(bytes, at, size)];
  for (let i = at; i + width <= at + size; i += width) texts.push(fixedText(view, bytes, i, type));
  return texts;
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).toUpperCase().padStart(2, "0"));

export function hex(bytes: Uint8Array, at: number, size: number): string {
  let text = "";
  for (let i = at; i < at + size; i++) text += HEX[bytes[i]!]!;
  return text;
}

export function guidText(view: DataView, bytes: Uint8Array, at: number): string {
  const part = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  return `{${part(view.getUint32(at, true), 8)}-${part(view.getUint16(at + 4, true), 4)}-${part(view.getUint16(at + 6, true), 4)}-${hex(bytes, at + 8, 2).toLowerCase()}-${hex(bytes, at + 10, 6).toLowerCase()}}`;
}

function sidText(view: DataView, bytes: Uint8Array, at: number, size: number): string {
  if (size < 8) return hex(bytes, at, size);
  const count = Math.min(bytes[at + 1]!, (size - 8) >> 2);
  const authority = view.getUint16(at + 2, false) * 0x1_0000_0000 + view.getUint32(at + 4, false);
  let text = `S-${bytes[at]!}-${authority}`;
  for (let i = 0; i < count; i++) text += `-${view.getUint32(at + 8 + 4 * i, true)}`;
  return text;
}

/** 100 ns since 1601 -> `2020-10-27T20:00:14.3242341Z`; null beyond the year 9999. */
export function fileTimeText(view: DataView, at: number): string | null {
  const low = view.getUint32(at, true);
  const high = view.getUint32(at + 4, true);
  // high * 2^32 ticks in two steps, so that no bit is lost: 2^32 ticks are 429.4967296 s.
  const ticks = BigInt(high) * 0x1_0000_0000n + BigInt(low);
  const ms = ticks / 10_000n - 11_644_473_600_000n;
  if (ms < -62_135_596_800_000n || ms > 253_402_300_799_999n) return null;
  const rest = Number(ticks % 10_000n);
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${String(rest).padStart(4, "0")}Z`;
}

function systemTimeText(view: DataView, at: number): string {
  const two = (offset: number): string => String(view.getUint16(at + offset, true)).padStart(2, "0");
  return `${String(view.getUint16(at, true)).padStart(4, "0")}-${two(2)}-${two(6)}T${two(8)}:${two(10)}:${two(12)}.${String(view.getUint16(at + 14, true)).padStart(3, "0")}Z`;
}
