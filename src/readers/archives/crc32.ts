// Slicing by sixteen: sixteen tables, four words a step.
const tables = makeTables();

function makeTables(): Int32Array {
  const all = new Int32Array(16 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    all[n] = c;
  }
  for (let n = 256; n < all.length; n++) {
    const before = all[n - 256]!;
    all[n] = (before >>> 8) ^ all[before & 255]!;
  }
  return all;
}

/** Words are read at once where they lie as the tables are laid out. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** CRC-32 (IEEE 802.3), as gzip, zip and EVTX use it. Pass the result of the bytes before to go on; returns an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return ~advanced(~before, bytes) >>> 0;
}

/** On signed numbers alone: code that has become fast in the middle of the loop then stays so to its end. */
function advanced(c: number, bytes: Uint8Array): number {
  const t = tables;
  const length = bytes.length;
  let i = 0;
  if (LITTLE_ENDIAN && length >= 64) {
    // Up to a word's boundary, then words.
    for (; ((bytes.byteOffset + i) & 3) !== 0; i++) c = t[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, (length - i) >> 2);
    const end = words.length & ~3;
    for (let w = 0; w < end; w += 4) {
      const w0 = c ^ words[w]!;
      const w1 = words[w + 1]!;
      const w2 = words[w + 2]!;
      const w3 = words[w + 3]!;
      c =
        t[3840 + (w0 & 255)]! ^
        t[3584 + ((w0 >>> 8) & 255)]! ^
        t[3328 + ((w0 >>> 16) & 255)]! ^
        t[3072 + (w0 >>> 24)]! ^
        t[2816 + (w1 & 255)]! ^
        t[2560 + ((w1 >>> 8) & 255)]! ^
        t[2304 + ((w1 >>> 16) & 255)]! ^
        t[2048 + (w1 >>> 24)]! ^
        t[1792 + (w2 & 255)]! ^
        t[1536 + ((w2 >>> 8) & 255)]! ^
        t[1280 + ((w2 >>> 16) & 255)]! ^
        t[1024 + (w2 >>> 24)]! ^
        t[768 + (w3 & 255)]! ^
        t[512 + ((w3 >>> 8) & 255)]! ^
        t[256 + ((w3 >>> 16) & 255)]! ^
        t[w3 >>> 24]!;
    }
    i += end * 4;
  }
  for (; i < length; i++) c = t[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return c;
}
