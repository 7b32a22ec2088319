import { BOMB_MESSAGE, cleanMemberName, type Container, endCutOff, memberName, type Unpacking } from "./container.ts";
import { crc32 } from "./crc32.ts";
import { Inflater } from "./deflate.ts";
import type { ReadOptions } from "../format.ts";
import { Gathering } from "../gathering.ts";
import type { Decoder, Sink } from "../record.ts";
import { zstdContainer } from "./zstd.ts";

/**
 * zip (APPNOTE 6.3), read front to back by its local headers, so that it streams and that overlapping members cannot multiply. Stored,
 * deflated and Zstandard members; sizes before or after the data; zip64. The central directory is counted against what was found.
 */
export const zipContainer: Container = {
  id: "zip",
  title: "zip archive",
  sniff: ({ bytes }) => (bytes[0] === 0x50 && bytes[1] === 0x4b && isSignature(bytes[2]!, bytes[3]!) ? 1 : 0),
  open: (file, options, unpacking) => new ZipDecoder(file, options, unpacking),
};

function isSignature(a: number, b: number): boolean {
  return (
    (a === 3 && b === 4) ||
    (a === 1 && b === 2) ||
    (a === 5 && b === 6) ||
    (a === 6 && b === 6) ||
    (a === 7 && b === 8) ||
    (a === 6 && b === 8)
  );
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DESCRIPTOR = 0x08074b50;
/** Records between the members and the end that hold nothing for a reader: zip64 end and locator, extra data, signature. */
const OTHERS: ReadonlySet<number> = new Set([0x06064b50, 0x07064b50, 0x08064b50, 0x05054b50, DESCRIPTOR]);

const METHODS: { readonly [method: number]: string } = {
  1: "shrunk",
  6: "imploded",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  95: "xz",
  98: "PPMd",
  99: "AES encryption",
};

interface Member {
  readonly place: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  /** From the local header; -1 when they follow the data. */
  readonly compressedSize: number;
  readonly size: number;
  readonly zip64: boolean;
}

type State = "signature" | "local" | "central" | "data" | "skip" | "descriptor" | "resync" | "over";

class ZipDecoder implements Decoder {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #unpacking: Unpacking;
  readonly #gathered = new Gathering();
  #state: State = "signature";
  #signature = 0;
  #offset = 0;
  #members = 0;
  #listed = 0;
  #member: Member | null = null;
  #left = 0;
  #inner: Decoder | null = null;
  #inflater: Inflater | null = null;
  #crc = 0;
  #in = 0;
  #out = 0;
  #sink: Sink | null = null;

  constructor(file: string, options: ReadOptions, unpacking: Unpacking) {
    this.#file = file;
    this.#options = options;
    this.#unpacking = unpacking;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#sink = sink;
    let rest = bytes;
    while (rest.length > 0 && this.#state !== "over") rest = this.#step(rest, sink);
    this.#sink = null;
  }

  end(sink: Sink): void {
    this.#sink = sink;
    // What was gathered may hold the end of one member and the whole of others.
    while (this.#state === "data" && this.#inflater !== null) {
      const inflater: Inflater = this.#inflater;
      let rest = this.#afterInflate(inflater.flush(), sink);
      while (rest.length > 0 && !this.#isOver()) rest = this.#step(rest, sink);
      if (this.#inflater === inflater) break;
    }
    if (this.#state !== "over") {
      const place = this.#member === null ? this.#file : this.#member.place;
      this.#problem(sink, "zip/truncated", "error", "The zip archive is cut off: what came before the cut was read", place);
      if (this.#inner !== null) endCutOff(this.#inner, sink);
    }
    this.#state = "over";
    this.#sink = null;
  }

  #step(bytes: Uint8Array, sink: Sink): Uint8Array {
    switch (this.#state) {
      case "signature":
        return this.#takeSignature(bytes, sink);
      case "local":
        return this.#takeLocal(bytes, sink);
      case "central":
        return this.#takeCentral(bytes);
      case "data":
        return this.#takeData(bytes, sink);
      case "descriptor":
        return this.#takeDescriptor(bytes, sink);
      case "resync":
        return this.#resync(bytes);
      default: {
        const took = Math.min(this.#left, bytes.length);
        this.#left -= took;
        this.#offset += took;
        if (this.#left === 0) this.#state = "signature";
        return bytes.subarray(took);
      }
    }
  }

  #gather(bytes: Uint8Array, wanted: number): Uint8Array {
    const took = this.#gathered.take(bytes, 0, wanted);
    this.#offset += took;
    return bytes.subarray(took);
  }

  #takeSignature(bytes: Uint8Array, sink: Sink): Uint8Array {
    const rest = this.#gather(bytes, 4);
    if (this.#gathered.length < 4) return rest;
    this.#signature = this.#gathered.u32(0);
    if (this.#signature === LOCAL) this.#state = "local";
    else if (this.#signature === CENTRAL) this.#state = "central";
    else if (this.#signature === END) {
      if (this.#listed > this.#members) {
        const message = `The directory lists ${this.#listed} members, of which ${this.#members} were found`;
        this.#problem(sink, "zip/missing-members", "error", message, this.#file);
      }
      this.#state = "over";
    } else {
      if (!OTHERS.has(this.#signature) && this.#listed === 0) {
        this.#problem(sink, "zip/damaged", "error", "Bytes that belong to no member: looking for the next one", this.#file);
      }
      this.#state = "resync";
    }
    return rest;
  }

  /** Looks for the next signature after bytes that could not be followed. The four bytes last seen are gathered. */
  #resync(bytes: Uint8Array): Uint8Array {
    const g = this.#gathered.bytes;
    for (let i = 0; i < bytes.length; i++) {
      g[0] = g[1]!;
      g[1] = g[2]!;
      g[2] = g[3]!;
      g[3] = bytes[i]!;
      if (g[0] !== 0x50 || g[1] !== 0x4b) continue;
      const signature = this.#gathered.u32(0);
      if (signature !== LOCAL && signature !== CENTRAL && signature !== END) continue;
      this.#offset += i + 1;
      this.#gathered.length = 0;
      this.#gathered.take(g.slice(0, 4), 0, 4);
      this.#state = "signature";
      // Look at the signature again, with no further byte.
      this.#takeSignature(new Uint8Array(0), this.#sink!);
      return bytes.subarray(i + 1);
    }
    this.#offset += bytes.length;
    return bytes.subarray(bytes.length);
  }

  #takeLocal(bytes: Uint8Array, sink: Sink): Uint8Array {
    let rest = this.#gather(bytes, 30);
    const g = this.#gathered;
    if (g.length < 30) return rest;
    const nameLength = g.u16(26);
    const extraLength = g.u16(28);
    rest = this.#gather(rest, 30 + nameLength + extraLength);
    if (g.length < 30 + nameLength + extraLength) return rest;
    const flags = g.u16(6);
    const method = g.u16(8);
    const name = memberText(g.bytes.subarray(30, 30 + nameLength), (flags & 0x800) !== 0);
    let compressedSize = g.u32(18);
    let size = g.u32(22);
    let zip64 = false;
    for (let at = 30 + nameLength; at + 4 <= g.length;) {
      const length = g.u16(at + 2);
      if (g.u16(at) === 1 && at + 4 + length <= g.length) {
        zip64 = true;
        let field = at + 4;
        if (size === 0xffff_ffff && field + 8 <= at + 4 + length) {
          size = g.u64(field);
          field += 8;
        }
        if (compressedSize === 0xffff_ffff && field + 8 <= at + 4 + length) compressedSize = g.u64(field);
      }
      at += 4 + length;
    }
    const clean = cleanMemberName(name);
    const later = (flags & 8) !== 0;
    const place = memberName(this.#file, clean.name);
    const member: Member = {
      place,
      method,
      flags,
      crc: g.u32(14),
      compressedSize: later && compressedSize === 0 ? -1 : compressedSize,
      size: later && size === 0 ? -1 : size,
      zip64,
    };
    g.clear();
    this.#begin(member, name, clean.suspicious, sink);
    return rest;
  }

  #begin(member: Member, name: string, suspicious: boolean, sink: Sink): void {
    this.#member = member;
    this.#members++;
    this.#crc = 0;
    this.#in = 0;
    this.#out = 0;
    this.#inflater = null;
    this.#inner = null;
    if (this.#members > this.#options.maxMembers) {
      const message = `More than ${this.#options.maxMembers} members: the rest was not read`;
      this.#problem(sink, "archive/too-many-members", "error", message, this.#file);
      this.#state = "over";
      return;
    }
    if (/[/\\]$/.test(name)) return this.#skipData(member);
    if ((member.flags & 1) !== 0 || member.method === 99) {
      this.#problem(
        sink,
        "zip/encrypted",
        "error",
        "The member is encrypted",
        member.place,
        "Unpack it with its password and give the unpacked file",
      );
      return this.#skipData(member);
    }
    if (member.method !== 0 && member.method !== 8 && member.method !== 93) {
      const method = METHODS[member.method] ?? `method ${member.method}`;
      const message = `The member is compressed in a way that is not supported (${method})`;
      this.#problem(sink, "zip/method", "error", message, member.place, "Unpack it, or pack it again with Deflate");
      return this.#skipData(member);
    }
    if (suspicious) {
      const message = "A member name that leads out of the archive; its content was read under a cleaned name";
      this.#problem(sink, "archive/unsafe-name", "warning", message, member.place);
    }
    this.#inner =
      member.method === 93 ? zstdContainer.open(member.place, this.#options, this.#unpacking) : this.#unpacking.open(member.place);
    this.#state = "data";
    this.#left = member.compressedSize;
    const empty = member.compressedSize === 0 && member.size === 0 && member.crc === 0;
    if (member.method === 8 && !empty) this.#inflater = new Inflater((out) => this.#takeOutput(out));
    else if (this.#left === 0) this.#endData(sink);
  }

  #skipData(member: Member): void {
    if (member.compressedSize < 0) {
      // Its end can only be found by the signature that follows.
      this.#gathered.bytes.fill(0, 0, 4);
      this.#state = "resync";
    } else {
      this.#left = member.compressedSize;
      this.#state = this.#left > 0 ? "skip" : "signature";
    }
    this.#member = null;
  }

  #takeData(bytes: Uint8Array, sink: Sink): Uint8Array {
    const member = this.#member!;
    if (this.#inflater !== null) {
      return this.#afterInflate(this.#inflater.push(bytes, this.#isOver), sink);
    }
    if (member.compressedSize < 0) return this.#takeUnsized(bytes, sink);
    const took = Math.min(this.#left, bytes.length);
    this.#in += took;
    this.#offset += took;
    this.#left -= took;
    this.#takeOutput(bytes.subarray(0, took));
    if (this.#left === 0 && this.#state === "data") this.#endData(sink);
    return bytes.subarray(took);
  }

  readonly #isOver = (): boolean => this.#state === "over";

  /** The compressed data itself says where it ends; the sizes in the headers only have to agree. */
  #afterInflate(after: Uint8Array, sink: Sink): Uint8Array {
    const inflater = this.#inflater!;
    if (this.#state === "over") return after.subarray(after.length);
    if (inflater.corrupt) {
      this.#problem(sink, "zip/corrupt", "error", "The compressed data is corrupt: what came before it was read", this.#member!.place);
      endCutOff(this.#inner!, sink);
      this.#inner = null;
      this.#inflater = null;
      this.#member = null;
      this.#gathered.bytes.fill(0, 0, 4);
      this.#state = "resync";
      return after;
    }
    if (!inflater.done) return after;
    this.#in = inflater.inBytes;
    this.#offset += this.#in;
    this.#inflater = null;
    this.#endData(sink);
    return after;
  }

  /** Stored data whose size follows it: ends where a descriptor names exactly the bytes before it. */
  #takeUnsized(bytes: Uint8Array, sink: Sink): Uint8Array {
    const g = this.#gathered;
    const rest = this.#gather(bytes, bytes.length + g.length > 1 << 20 ? 1 << 20 : bytes.length + g.length);
    let from = 0;
    const stop = g.length - DESCRIPTOR_BYTES;
    for (let at = 0; at <= stop; at++) {
      if (g.bytes[at] !== 0x50 || g.bytes[at + 1] !== 0x4b || g.u32(at) !== DESCRIPTOR) continue;
      this.#flushUnsized(from, at);
      from = at;
      if (g.u32(at + 4) !== this.#crc || g.u32(at + 8) !== this.#in % 0x1_0000_0000) continue;
      const wide = this.#member!.zip64 ? 24 : 16;
      const after = g.bytes.slice(at + wide, g.length);
      g.clear();
      this.#finishMember(sink);
      const joined = new Uint8Array(after.length + rest.length);
      joined.set(after);
      joined.set(rest, after.length);
      return joined;
    }
    if (stop > from) {
      this.#flushUnsized(from, stop);
      from = stop;
    }
    if (from > 0) {
      g.bytes.copyWithin(0, from, g.length);
      g.length -= from;
    }
    return rest;
  }

  #flushUnsized(from: number, to: number): void {
    if (to <= from) return;
    this.#in += to - from;
    this.#takeOutput(this.#gathered.bytes.slice(from, to));
  }

  #takeOutput(out: Uint8Array): void {
    if (this.#state === "over" || out.length === 0) return;
    const sink = this.#sink!;
    this.#crc = crc32(out, this.#crc);
    this.#out += out.length;
    this.#inner!.push(out, sink);
    const { budget } = this.#unpacking;
    if (budget.spend(out.length)) this.#problem(sink, "input/bomb", "error", BOMB_MESSAGE, this.#member!.place);
    if (budget.spent) {
      endCutOff(this.#inner!, sink);
      this.#inner = null;
      this.#state = "over";
    }
  }

  #endData(sink: Sink): void {
    const member = this.#member!;
    if ((member.flags & 8) !== 0) {
      this.#state = "descriptor";
      return;
    }
    this.#check(member.crc, member.compressedSize, member.size, sink);
    this.#finishMember(sink);
  }

  /** Checksum and sizes after the data, with or without a signature, the sizes of 4 or 8 bytes: the reading that agrees is taken. */
  #takeDescriptor(bytes: Uint8Array, sink: Sink): Uint8Array {
    const g = this.#gathered;
    let rest = this.#gather(bytes, 4);
    if (g.length < 4) return rest;
    const head = g.u32(0) === DESCRIPTOR ? 4 : 0;
    rest = this.#gather(rest, head + 12);
    if (g.length < head + 12) return rest;
    const narrow = g.u32(head + 4) === this.#in % 0x1_0000_0000 && g.u32(head + 8) === this.#out % 0x1_0000_0000;
    // Eight-byte sizes show as a zero where the second four-byte size would stand.
    if (!narrow && (this.#member!.zip64 || g.u32(head + 8) === 0)) {
      rest = this.#gather(rest, head + 20);
      if (g.length < head + 20) return rest;
      this.#check(g.u32(head), g.u64(head + 4), g.u64(head + 12), sink);
    } else this.#check(g.u32(head), g.u32(head + 4), g.u32(head + 8), sink);
    g.clear();
    this.#finishMember(sink);
    return rest;
  }

  #check(crc: number, compressedSize: number, size: number, sink: Sink): void {
    const member = this.#member!;
    if (member.method === 93) return;
    if (compressedSize !== this.#in || size !== this.#out) {
      const message = `The headers give ${compressedSize} bytes packed and ${size} unpacked; there were ${this.#in} and ${this.#out}`;
      this.#problem(sink, "zip/wrong-sizes", "warning", message, member.place);
    }
    if (crc !== this.#crc) {
      this.#problem(
        sink,
        "zip/bad-checksum",
        "error",
        "The checksum is wrong: the member was read, but is not what was packed",
        member.place,
      );
    }
  }

  #finishMember(sink: Sink): void {
    this.#state = "signature";
    this.#inner?.end(sink);
    this.#inner = null;
    this.#member = null;
  }

  #takeCentral(bytes: Uint8Array): Uint8Array {
    let rest = this.#gather(bytes, 46);
    const g = this.#gathered;
    if (g.length < 46) return rest;
    const size = 46 + g.u16(28) + g.u16(30) + g.u16(32);
    rest = this.#gather(rest, size);
    if (g.length < size) return rest;
    g.clear();
    this.#listed++;
    this.#state = "signature";
    return rest;
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, file: string, help?: string): void {
    const place = file === this.#file ? { file, offset: this.#offset } : { file };
    sink.problem(help === undefined ? { code, severity, message, place } : { code, severity, message, place, help });
  }
}

/** A data descriptor with its signature and 8-byte sizes: the bytes needed to recognise one. */
const DESCRIPTOR_BYTES = 24;

const utf8 = new TextDecoder();

/** UTF-8 where the flag says so or the bytes are ASCII anyway; other names are in code page 437, of which only ASCII is shown. */
function memberText(bytes: Uint8Array, isUtf8: boolean): string {
  const text = utf8.decode(bytes);
  return isUtf8 ? text : text.replaceAll("\uFFFD", "_");
}
