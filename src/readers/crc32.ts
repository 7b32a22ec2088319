// Slicing by eight: eight tables, eight bytes a step.
const tables = makeTables();

function makeTables(): Int32Array {
  const all = new Int32Array(8 * 256);
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

/** CRC-32 (IEEE 802.3), as gzip, zip and EVTX use it. Pass the result of the bytes before to go on; returns an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const t = tables;
  let c = ~before;
  const length = bytes.length;
  let i = 0;
  for (const end = length - 7; i < end; i += 8) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c =
      t[1792 + (c & 255)]! ^
      t[1536 + ((c >>> 8) & 255)]! ^
      t[1280 + ((c >>> 16) & 255)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!;
  }
  for (; i < length; i++) c = t[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
