import { cleanMemberName, type Container, endCutOff, memberName, type Unpacking } from "./container.ts";
import type { ReadOptions } from "../format.ts";
import { Gathering } from "../gathering.ts";
import type { Decoder, Sink } from "../record.ts";

/** tar: ustar, pax and GNU long names and sizes, and the old format without a magic. Links, devices and sparse files hold no log. */
export const tarContainer: Container = {
  id: "tar",
  title: "tar archive",
  sniff: ({ bytes }) => (bytes.length >= BLOCK && checksumIsRight(bytes) ? 0.99 : 0),
  open: (file, options, unpacking) => new TarDecoder(file, options, unpacking),
};

const BLOCK = 512;
/** The longest pax header or GNU long name that is read. */
const MAX_EXTENDED_BYTES = 1024 * 1024;

/** The type flags of members that hold no bytes of their own, or none that are a file's. */
const NO_FILES: { readonly [flag: string]: string } = {
  "1": "hard link",
  "2": "symbolic link",
  "3": "device",
  "4": "device",
  "6": "FIFO",
  S: "sparse file",
};

class TarDecoder implements Decoder {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #unpacking: Unpacking;
  readonly #gathered = new Gathering();
  #state: "header" | "extended" | "content" | "skip" | "padding" | "over" = "header";
  #offset = 0;
  #left = 0;
  #padding = 0;
  #extendedType = "";
  #nextName: string | null = null;
  #nextSize: number | null = null;
  #nextSparse = false;
  #inner: Decoder | null = null;
  #member = "";
  #members = 0;
  /** In blocks that are no header, after a damaged one. */
  #lost = false;

  constructor(file: string, options: ReadOptions, unpacking: Unpacking) {
    this.#file = file;
    this.#options = options;
    this.#unpacking = unpacking;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    let at = 0;
    while (at < bytes.length && this.#state !== "over") {
      let took = 0;
      if (this.#state === "header") {
        took = this.#gathered.take(bytes, at, BLOCK);
        if (this.#gathered.length === BLOCK) this.#header(sink);
      } else if (this.#state === "extended") {
        took = this.#gathered.take(bytes, at, this.#gathered.length + Math.min(this.#left, bytes.length - at));
        this.#left -= took;
        if (this.#left === 0) this.#extended();
      } else {
        took = Math.min(this.#left, bytes.length - at);
        if (this.#state === "content") this.#inner!.push(bytes.subarray(at, at + took), sink);
        this.#left -= took;
        if (this.#left === 0) this.#endPart(sink);
      }
      at += took;
      this.#offset += took;
    }
  }

  end(sink: Sink): void {
    if (this.#state === "over") return;
    if (this.#state === "padding") return;
    if (this.#state !== "header" || this.#gathered.length > 0) {
      this.#problem(sink, "tar/truncated", "error", "The tar archive is cut off: what came before the cut was read", this.#member);
      if (this.#inner !== null) endCutOff(this.#inner, sink);
    } else if (this.#members === 0) this.#problem(sink, "tar/truncated", "error", "The tar archive ends before its first member", "");
    this.#state = "over";
  }

  #header(sink: Sink): void {
    const block = this.#gathered.bytes.subarray(0, BLOCK);
    this.#gathered.clear();
    if (block.every((byte) => byte === 0)) {
      // Two blocks of zeros end an archive; what follows is padding to the size of a tape record.
      if (!this.#lost) this.#state = "over";
      return;
    }
    if (!checksumIsRight(block)) {
      if (!this.#lost) this.#problem(sink, "tar/bad-header", "error", "A damaged member header: looking for the next one", this.#member);
      this.#lost = true;
      return;
    }
    this.#lost = false;
    const type = block[156] === 0 ? "0" : String.fromCharCode(block[156]!);
    const size = this.#nextSize !== null && !"LKxg".includes(type) ? this.#nextSize : number(block, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) {
      this.#problem(sink, "tar/bad-header", "error", "A member with an impossible size: looking for the next one", this.#member);
      this.#lost = true;
      return;
    }
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if ("LKxg".includes(type)) {
      this.#extendedType = type;
      this.#state = type === "K" || type === "g" || size > MAX_EXTENDED_BYTES ? "skip" : "extended";
      if (this.#left === 0) this.#endPart(sink);
      return;
    }
    const prefix = text(block, 345, 155);
    const ustar = text(block, 257, 5) === "ustar";
    const name =
      this.#nextName ?? (ustar && block[263] === 0x30 && prefix !== "" ? `${prefix}/${text(block, 0, 100)}` : text(block, 0, 100));
    const sparse = this.#nextSparse;
    this.#nextName = null;
    this.#nextSize = null;
    this.#nextSparse = false;
    this.#state = "skip";
    this.#beginMember(sparse ? "S" : type, name, sink);
    if (this.#left === 0) this.#endPart(sink);
  }

  #beginMember(type: string, name: string, sink: Sink): void {
    if (type === "5" || name.endsWith("/")) return;
    const clean = cleanMemberName(name);
    this.#member = memberName(this.#file, clean.name);
    const none = NO_FILES[type];
    if (none !== undefined) {
      this.#problem(sink, "tar/no-file", "warning", `A member that is a ${none}, not a file, was skipped`, this.#member);
      // Links have a size in some archives and no content in any.
      if (type === "1" || type === "2") this.#left = this.#padding = 0;
      return;
    }
    if (++this.#members > this.#options.maxMembers) {
      this.#problem(sink, "archive/too-many-members", "error", `More than ${this.#options.maxMembers} members: the rest was not read`, "");
      this.#state = "over";
      return;
    }
    if (clean.suspicious) {
      const message = "A member name that leads out of the archive; its content was read under a cleaned name";
      this.#problem(sink, "archive/unsafe-name", "warning", message, this.#member);
    }
    this.#inner = this.#unpacking.open(this.#member);
    this.#state = "content";
  }

  #endPart(sink: Sink): void {
    if (this.#state === "over") return;
    if (this.#inner !== null) {
      this.#inner.end(sink);
      this.#inner = null;
    }
    if (this.#state === "padding" || this.#padding === 0) {
      this.#state = "header";
      return;
    }
    this.#left = this.#padding;
    this.#state = "padding";
  }

  #extended(): void {
    const bytes = this.#gathered.bytes.slice(0, this.#gathered.length);
    this.#gathered.clear();
    if (this.#extendedType === "L") this.#nextName = text(bytes, 0, bytes.length);
    else this.#pax(bytes);
    this.#left = this.#padding;
    this.#state = this.#padding > 0 ? "padding" : "header";
  }

  /** `length key=value\n`, repeated; only what concerns the next member's name and size is taken. */
  #pax(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const space = bytes.indexOf(0x20, at);
      if (space < 0) return;
      const length = Number(text(bytes, at, space - at));
      if (!(length > space - at) || at + length > bytes.length) return;
      const equals = bytes.indexOf(0x3d, space);
      if (equals < 0 || equals >= at + length) return;
      const key = text(bytes, space + 1, equals - space - 1);
      const value = text(bytes, equals + 1, at + length - equals - 2);
      if (key === "path") this.#nextName = value;
      else if (key === "size") this.#nextSize = /^\d{1,15}$/.test(value) ? Number(value) : null;
      else if (key.startsWith("GNU.sparse.")) this.#nextSparse = true;
      at += length;
    }
  }

  #problem(sink: Sink, code: string, severity: "error" | "warning", message: string, member: string): void {
    sink.problem({
      code,
      severity,
      message,
      place: member === "" ? { file: this.#file, offset: this.#offset } : { file: member, offset: 0 },
    });
  }
}

const utf8 = new TextDecoder();

/** Bytes up to the first NUL. */
function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const zero = field.indexOf(0);
  return utf8.decode(zero < 0 ? field : field.subarray(0, zero));
}

/** Octal digits, or GNU's base 256 when the first bit is set. NaN when it is neither. */
function number(bytes: Uint8Array, at: number, length: number): number {
  if (bytes[at]! & 0x80) {
    let value = bytes[at]! & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i]!;
    return value;
  }
  const digits = text(bytes, at, length).trim();
  return digits === "" ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of the header's bytes with the checksum field as blanks; some old writers summed signed bytes. */
function checksumIsRight(block: Uint8Array): boolean {
  const wanted = number(block, 148, 8);
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : block[i]!;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return wanted > 0 && (wanted === unsigned || wanted === signed);
}
