/**
 * Text out of bytes, quickly: the values of event logs repeat (accounts, paths, GUIDs), so short ones are kept by their bytes. A value
 * seen before costs a hash and a comparison, is the same string object again, and takes no more memory.
 */

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

const SLOTS = 8192;
const KEY_WORDS = 32;
/** Longer values repeat seldom. */
export const MEMO_BYTES = KEY_WORDS * 4;

const keys = new Int32Array(SLOTS * KEY_WORDS);
/** Size and kind of the key in each slot; -1 = empty. */
const shapes = new Int32Array(SLOTS).fill(-1);
const texts: string[] = Array.from({ length: SLOTS }, () => "");

/**
 * The text that `make` gives for these bytes. The table is direct-mapped: a newcomer takes the place of whatever hashed there, so its
 * size is fixed and no input can make it slow.
 * @param kind tells makers apart: equal bytes of two kinds are two texts.
 */
export function memoised(
  view: DataView,
  at: number,
  size: number,
  kind: number,
  make: (view: DataView, at: number, size: number) => string,
): string {
  if (size > MEMO_BYTES) return make(view, at, size);
  const shape = (kind << 8) | size;
  const words = size >> 2;
  let hash = shape;
  let i = 0;
  for (; i < words; i++) {
    hash = Math.imul(hash ^ view.getInt32(at + 4 * i, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  let tail = 0;
  for (let j = 4 * words; j < size; j++) tail = (tail << 8) | view.getUint8(at + j);
  hash = Math.imul(hash ^ tail, 0x85ebca6b);
  const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  const key = slot * KEY_WORDS;
  if (shapes[slot] === shape) {
    for (i = 0; i < words; i++) if (keys[key + i] !== view.getInt32(at + 4 * i, true)) break;
    if (i === words && (size === words * 4 || keys[key + words] === tail)) return texts[slot]!;
  }
  const text = make(view, at, size);
  for (i = 0; i < words; i++) keys[key + i] = view.getInt32(at + 4 * i, true);
  if (size !== words * 4) keys[key + words] = tail;
  shapes[slot] = shape;
  texts[slot] = text;
  return text;
}

let scratch = new Uint8Array(4096);

/** UTF-16 LE text without the NULs that pad it; XML can hold none. Almost all of it is ASCII, which needs half the memory. */
export function utf16Text(view: DataView, at: number, size: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size & ~1);
  const length = bytes.length >> 1;
  if (scratch.length < length) scratch = new Uint8Array(2 * length);
  let all = 0;
  for (let i = 0; i < length; i++) {
    const low = bytes[2 * i]!;
    scratch[i] = low;
    all |= low | (bytes[2 * i + 1]! << 8);
  }
  return withoutNuls(all < 0x80 ? utf8.decode(scratch.subarray(0, length)) : utf16.decode(bytes));
}

export function withoutNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return end === text.length ? text : text.slice(0, end);
}
