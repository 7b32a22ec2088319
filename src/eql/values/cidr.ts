/**
 * IP addresses and blocks. Everything lives in the 128-bit space, an IPv4 address at `::ffff:0:0/96`, as Elasticsearch compares
 * them: `::ffff:10.0.0.1` is `10.0.0.1`.
 */

/** Four unsigned 32-bit words, most significant first. */
export type Address = Uint32Array;

/**
 * Reads an IPv4 or IPv6 address into `out`; false where `text` is none. A zone (`fe80::1%4`, as Windows writes link-local
 * addresses) is ignored. IPv4 in dotted decimal without leading zeros only.
 */
export function parseAddress(text: string, out: Address, from = 0, to = text.length): boolean {
  if (to - from > 64) return false;
  let colon = false;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 58) colon = true;
    else if (c === 37) {
      to = colon ? i : from;
      break;
    }
  }
  if (colon) return parseV6(text, out, from, to);
  const v4 = parseV4(text, from, to);
  if (v4 < 0) return false;
  out[0] = 0;
  out[1] = 0;
  out[2] = 0xffff;
  out[3] = v4;
  return true;
}

/** The 32 bits of a dotted quad, -1 where it is none. */
function parseV4(text: string, from: number, to: number): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (digits === 0 || dots === 3) return -1;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots++;
    } else if (c >= 48 && c <= 57) {
      if (digits > 0 && octet === 0) return -1;
      octet = octet * 10 + (c - 48);
      if (octet > 255) return -1;
      digits++;
    } else return -1;
  }
  return digits === 0 || dots !== 3 ? -1 : value * 256 + octet;
}

const groups = new Uint16Array(8);

function parseV6(text: string, out: Address, from: number, to: number): boolean {
  let count = 0;
  let gap = -1;
  let i = from;
  if (text.charCodeAt(i) === 58) {
    if (text.charCodeAt(i + 1) !== 58 || i + 1 >= to) return false;
    gap = 0;
    i += 2;
  }
  while (i < to) {
    if (count === 8) return false;
    let group = 0;
    let digits = 0;
    const start = i;
    for (; i < to; i++) {
      const digit = hexDigit(text.charCodeAt(i));
      if (digit < 0) break;
      group = group * 16 + digit;
      if (++digits > 4) return false;
    }
    if (i < to && text.charCodeAt(i) === 46) {
      const v4 = count <= 6 ? parseV4(text, start, to) : -1;
      if (v4 < 0) return false;
      groups[count++] = v4 >>> 16;
      groups[count++] = v4 & 0xffff;
      break;
    }
    if (digits === 0) return false;
    groups[count++] = group;
    if (i === to) break;
    if (text.charCodeAt(i) !== 58) return false;
    i++;
    if (i === to) return false;
    if (text.charCodeAt(i) === 58) {
      if (gap >= 0) return false;
      gap = count;
      i++;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap < 0) gap = 8;
  const shift = 8 - count;
  for (let word = 0; word < 4; word++) {
    out[word] = ((groupAt(word * 2, gap, shift) << 16) | groupAt(word * 2 + 1, gap, shift)) >>> 0;
  }
  return true;
}

function groupAt(index: number, gap: number, shift: number): number {
  return index < gap ? groups[index]! : index < gap + shift ? 0 : groups[index - shift]!;
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** A block: the masked address, and the mask. */
export interface Cidr {
  readonly base: Address;
  readonly mask: Address;
}

/** `10.6.48.157/8` (host bits are allowed), `fe80::/10`, or one address without a length; null where it is neither. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf("/");
  const base = new Uint32Array(4);
  const mask = new Uint32Array(4);
  const end = slash < 0 ? text.length : slash;
  if (!parseAddress(text, base, 0, end)) return null;
  let length = 128;
  if (slash >= 0) {
    const digits = text.slice(slash + 1);
    if (!/^\d{1,3}$/.test(digits)) return null;
    const v4 = !text.includes(":");
    length = Number(digits) + (v4 ? 96 : 0);
    if (length > 128) return null;
  }
  for (let word = 0; word < 4; word++) {
    const bits = Math.min(Math.max(length - word * 32, 0), 32);
    mask[word] = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
    base[word] = (base[word]! & mask[word]!) >>> 0;
  }
  return { base, mask };
}

/** Whether an address lies in a block. */
export function inCidr(address: Address, cidr: Cidr): boolean {
  const { base, mask } = cidr;
  return (
    (address[3]! & mask[3]!) >>> 0 === base[3] &&
    (address[2]! & mask[2]!) >>> 0 === base[2] &&
    (address[1]! & mask[1]!) >>> 0 === base[1] &&
    (address[0]! & mask[0]!) >>> 0 === base[0]
  );
}

/** Order of two addresses as Elasticsearch's ip type orders them. */
export function compareAddresses(a: Address, b: Address): number {
  for (let word = 0; word < 4; word++) if (a[word] !== b[word]) return a[word]! < b[word]! ? -1 : 1;
  return 0;
}
