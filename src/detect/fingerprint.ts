/**
 * A 64-bit FNV-1a hash of a text as 16 hex digits: ids that are the same in every run over the same input. Not for secrets.
 * (G. Fowler, L. C. Noll, K.-P. Vo; draft-eastlake-fnv.) Computed in two 32-bit halves because bigint is slow.
 */
export function fingerprint(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    for (const byte of code < 0x100 ? [code] : [code & 0xff, code >>> 8]) {
      low = (low ^ byte) >>> 0;
      // times the prime 2^40 + 0x1b3
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
