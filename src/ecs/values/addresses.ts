/** IP addresses: what is one, its bytes, and the IPv4 address inside an IPv4-mapped IPv6 one. */

/** 4 or 16 bytes; undefined where the text is no address. A zone (`fe80::1%12`) is no part of it. */
export function addressBytes(address: string): Uint8Array | undefined {
  if (address.length > 64) return undefined;
  if (!address.includes(":")) return ipv4Bytes(address);
  const bytes = new Uint8Array(16);
  const gap = address.indexOf("::");
  if (gap >= 0 && address.indexOf("::", gap + 1) >= 0) return undefined;
  const head = groups(gap < 0 ? address : address.slice(0, gap));
  const tail = gap < 0 ? [] : groups(address.slice(gap + 2));
  if (head === undefined || tail === undefined) return undefined;
  const count = head.length + tail.length;
  if (gap < 0 ? count !== 16 : count > 14) return undefined;
  bytes.set(head);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

export function isAddress(address: string): boolean {
  return addressBytes(address) !== undefined;
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

function ipv4Bytes(address: string): Uint8Array | undefined {
  const parts = address.split(".");
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = parts[i]!;
    if (part.length === 0 || part.length > 3) return undefined;
    let value = 0;
    for (let at = 0; at < part.length; at++) {
      const code = part.charCodeAt(at);
      if (code < 48 || code > 57) return undefined;
      value = value * 10 + code - 48;
    }
    if (value > 255) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

function groups(side: string): number[] | undefined {
  if (side === "") return [];
  const out: number[] = [];
  const parts = side.split(":");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (i === parts.length - 1 && part.includes(".")) {
      const last = ipv4Bytes(part);
      if (last === undefined) return undefined;
      out.push(...last);
      continue;
    }
    if (part.length === 0 || part.length > 4) return undefined;
    let value = 0;
    for (let at = 0; at < part.length; at++) {
      const code = part.charCodeAt(at);
      const digit = code >= 48 && code <= 57 ? code - 48 : (code | 32) >= 97 && (code | 32) <= 102 ? (code | 32) - 87 : -1;
      if (digit < 0) return undefined;
      value = value * 16 + digit;
    }
    out.push(value >> 8, value & 255);
  }
  return out;
}
