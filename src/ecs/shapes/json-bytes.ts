/** JSON as the bytes of its UTF-8, written piece by piece into memory that grows. Texts are escaped as `JSON.stringify` does. */
export class JsonBytes {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  /** What was written, until more is. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.written());
    this.bytes = larger;
  }

  /** JSON as it stands. */
  piece(piece: Uint8Array): void {
    const { length } = piece;
    this.reserve(length);
    const { bytes } = this;
    let to = this.length;
    if (length > SHORT) bytes.set(piece, to);
    else for (let i = 0; i < length; i++) bytes[to++] = piece[i]!;
    this.length += length;
  }

  /** One character of ASCII as it stands. */
  char(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  /** What stands between the quotes of a string. */
  content(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let to = this.length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80 || ESCAPES[code] !== 0) {
        this.piece(ENCODER.encode(JSON.stringify(text).slice(1, -1)));
        return;
      }
      bytes[to++] = code;
    }
    this.length = to;
  }

  /** The digits of a whole number from 0 to 2^32 - 1. */
  digits(number: number): void {
    this.reserve(10);
    const { bytes } = this;
    let to = this.length + 1;
    for (let rest = number; rest >= 10; rest = (rest / 10) | 0) to++;
    this.length = to;
    let rest = number;
    do {
      const tenth = Math.floor(rest / 10);
      bytes[--to] = ZERO + rest - 10 * tenth;
      rest = tenth;
    } while (rest > 0);
  }

  /**
   * What stands between the quotes of a string, from its UTF-16 LE. Halves of surrogate pairs become U+FFFD, as a decoder makes them.
   * @param at where the text begins. @param end where it ends, a whole number of units behind `at`. @param joinsLines CR LF is written as LF.
   */
  utf16(text: Uint8Array, at: number, end: number, joinsLines: boolean): void {
    // Of a unit an escape takes six bytes, UTF-8 three.
    this.reserve(3 * (end - at));
    const { bytes } = this;
    let to = this.length;
    for (let i = at; i < end; i += 2) {
      const low = text[i]!;
      const high = text[i + 1]!;
      if (high === 0 && low < 0x80) {
        const escape = ESCAPES[low]!;
        if (escape === 0) bytes[to++] = low;
        else if (low !== CR || !joinsLines || i + 2 >= end || text[i + 2] !== LF || text[i + 3] !== 0) {
          bytes[to++] = BACKSLASH;
          bytes[to++] = escape;
          if (escape !== LETTER_U) continue;
          bytes[to++] = ZERO;
          bytes[to++] = ZERO;
          bytes[to++] = ZERO + (low >> 4);
          bytes[to++] = HEX[low & 15]!;
        }
        continue;
      }
      let code = (high << 8) | low;
      if (code < 0x800) {
        bytes[to++] = 0xc0 | (code >> 6);
        bytes[to++] = 0x80 | (code & 0x3f);
        continue;
      }
      if (code >= 0xd800 && code < 0xe000) {
        const next = code < 0xdc00 && i + 2 < end ? (text[i + 3]! << 8) | text[i + 2]! : 0;
        if (next >= 0xdc00 && next < 0xe000) {
          code = 0x1_0000 + ((code - 0xd800) << 10) + (next - 0xdc00);
          bytes[to++] = 0xf0 | (code >> 18);
          bytes[to++] = 0x80 | ((code >> 12) & 0x3f);
          bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
          bytes[to++] = 0x80 | (code & 0x3f);
          i += 2;
          continue;
        }
        code = 0xfffd;
      }
      bytes[to++] = 0xe0 | (code >> 12);
      bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[to++] = 0x80 | (code & 0x3f);
    }
    this.length = to;
  }
}

/** Up to this length a loop is quicker than a call. */
const SHORT = 48;

const CR = 13;
const LF = 10;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const ZERO = 0x30;
const ENCODER = new TextEncoder();
const HEX = ENCODER.encode("0123456789abcdef");

/** What stands behind the backslash; 0 = the character stands as it is. */
const ESCAPES = new Uint8Array(128).fill(LETTER_U, 0, 0x20);
for (const [char, letter] of ["\bb", "\tt", "\nn", "\ff", "\rr", '""', "\\\\"]) ESCAPES[char!.charCodeAt(0)] = letter!.charCodeAt(0);
