/** IP addresses in events: what is one, its bytes, and the IPv4 address inside an IPv4-mapped IPv6 one. */
import { parseAddress } from "../../eql/index.ts";

/** 4 or 16 bytes; undefined where the text is no address. A zone (`fe80::1%12`) is no part of it. */
export function addressBytes(address: string): Uint8Array | undefined {
  const words = new Uint32Array(4);
  if (!parseAddress(address, words)) return undefined;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 4; word++) view.setUint32(word * 4, words[word]!);
  return address.includes(":") ? bytes : bytes.subarray(12);
}

const scratch = new Uint32Array(4);

export function isAddress(address: string): boolean {
  return parseAddress(address, scratch);
}

/** `::ffff:10.0.0.1` and `[::ffff:10.0.0.1]:443` become `10.0.0.1`; anything else stays as it is. */
export function withoutMapping(address: string): string {
  const start = address.startsWith("[") ? 1 : 0;
  if (!address.startsWith("::ffff:", start)) return address;
  const from = start + 7;
  let to = from;
  while (to < address.length) {
    const code = address.charCodeAt(to);
    if (code !== 46 && (code < 48 || code > 57)) break;
    to++;
  }
  const inner = address.slice(from, to);
  if (inner.split(".").length !== 4 || (to < address.length && address.charCodeAt(to) !== 93)) return address;
  return inner;
}
