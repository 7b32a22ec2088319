/**
 * Writes small EVTX files for tests, samples and the fuzzer (libyal/libevtx documentation; MS-EVEN6 2.2.12): chunks, records, templates,
 * nested templates, records without a template, and every type of value.
 */
import { crc32 } from "../src/readers/archives/crc32.ts";

export interface SlotSpec {
  readonly slot: number;
  readonly optional?: boolean;
}
export type ItemSpec =
  | string
  | SlotSpec
  | ElementSpec
  | { readonly cdata: string }
  | { readonly entity: string }
  | { readonly char: number }
  | { readonly instruction: readonly [target: string, data: string] }
  /** A template instance inside an element that is of no template. */
  | { readonly instance: InstanceSpec };
export interface ElementSpec {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: readonly ItemSpec[]])[];
  /** null = `<a/>` */
  readonly children: readonly ItemSpec[] | null;
}
export interface InstanceSpec {
  readonly template: ElementSpec;
  readonly values: readonly ValueSpec[];
}
export interface ValueSpec {
  readonly type: number;
  readonly write: (chunk: EvtxChunk) => void;
}

export function element(
  name: string,
  attributes: { readonly [name: string]: ItemSpec } = {},
  ...children: readonly ItemSpec[]
): ElementSpec {
  return {
    name,
    attributes: Object.entries(attributes).map(([key, item]) => [key, [item]] as const),
    children: children.length === 0 ? null : children,
  };
}
export const slot = (index: number): SlotSpec => ({ slot: index });
export const optional = (index: number): SlotSpec => ({ slot: index, optional: true });

const hexBytes = (text: string): number[] => text.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
const raw = (type: number, bytes: readonly number[]): ValueSpec => ({ type, write: (chunk) => bytes.forEach((byte) => chunk.u8(byte)) });

/** Values of every type. */
export const value = {
  none: raw(0x00, []),
  string: (text: string): ValueSpec => ({ type: 0x01, write: (chunk) => chunk.utf16(text) }),
  ansi: (text: string): ValueSpec =>
    raw(
      0x02,
      Array.from(text, (c) => c.charCodeAt(0)),
    ),
  int8: (n: number): ValueSpec => raw(0x03, [n & 255]),
  uint8: (n: number): ValueSpec => raw(0x04, [n]),
  int16: (n: number): ValueSpec => ({ type: 0x05, write: (chunk) => chunk.u16(n & 0xffff) }),
  uint16: (n: number): ValueSpec => ({ type: 0x06, write: (chunk) => chunk.u16(n) }),
  int32: (n: number): ValueSpec => ({ type: 0x07, write: (chunk) => chunk.u32(n >>> 0) }),
  uint32: (n: number): ValueSpec => ({ type: 0x08, write: (chunk) => chunk.u32(n) }),
  int64: (n: bigint): ValueSpec => ({ type: 0x09, write: (chunk) => chunk.u64(BigInt.asUintN(64, n)) }),
  uint64: (n: bigint): ValueSpec => ({ type: 0x0a, write: (chunk) => chunk.u64(n) }),
  float32: (n: number): ValueSpec => ({ type: 0x0b, write: (chunk) => chunk.u32(new Uint32Array(Float32Array.of(n).buffer)[0]!) }),
  float64: (n: number): ValueSpec => ({ type: 0x0c, write: (chunk) => chunk.u64(new BigUint64Array(Float64Array.of(n).buffer)[0]!) }),
  boolean: (n: number): ValueSpec => ({ type: 0x0d, write: (chunk) => chunk.u32(n) }),
  binary: (hex: string): ValueSpec => raw(0x0e, hexBytes(hex)),
  /** As text, `{xxxxxxxx-xxxx-..}`. */
  guid: (text: string): ValueSpec => raw(0x0f, guidBytes(text)),
  size64: (n: bigint): ValueSpec => ({ type: 0x10, write: (chunk) => chunk.u64(n) }),
  size32: (n: number): ValueSpec => ({ type: 0x10, write: (chunk) => chunk.u32(n) }),
  /** 100 ns since 1601. */
  fileTime: (ticks: bigint): ValueSpec => ({ type: 0x11, write: (chunk) => chunk.u64(ticks) }),
  /** Year, month, day of the week, day, hour, minute, second, millisecond. */
  systemTime: (...parts: readonly number[]): ValueSpec => ({ type: 0x12, write: (chunk) => parts.forEach((part) => chunk.u16(part)) }),
  sid: (text: string): ValueSpec => raw(0x13, sidBytes(text)),
  hex32: (n: number): ValueSpec => ({ type: 0x14, write: (chunk) => chunk.u32(n) }),
  hex64: (n: bigint): ValueSpec => ({ type: 0x15, write: (chunk) => chunk.u64(n) }),
  /** Any type code with any bytes. */
  raw: (type: number, hex: string): ValueSpec => raw(type, hexBytes(hex)),
  strings: (...texts: readonly string[]): ValueSpec => ({
    type: 0x81,
    write: (chunk) => chunk.utf16(texts.map((text) => `${text}\0`).join("")),
  }),
  array: (items: readonly ValueSpec[]): ValueSpec => ({
    type: 0x80 | items[0]!.type,
    write: (chunk) => items.forEach((item) => item.write(chunk)),
  }),
  /** Binary XML: an instance of a template of its own. */
  nested: (template: ElementSpec, values: readonly ValueSpec[]): ValueSpec => ({
    type: 0x21,
    write: (chunk) => {
      chunk.fragment();
      chunk.instance({ template, values });
      chunk.u8(0);
    },
  }),
  /** Binary XML: elements without a template. */
  elements: (...elements: readonly ElementSpec[]): ValueSpec => ({
    type: 0x21,
    write: (chunk) => {
      chunk.fragment();
      for (const item of elements) chunk.element(item, false);
      chunk.u8(0);
    },
  }),
};

function guidBytes(text: string): number[] {
  const b = hexBytes(text.replaceAll(/[{}-]/g, ""));
  return [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((i) => b[i]!);
}

function sidBytes(text: string): number[] {
  const [revision, authority, ...parts] = text.slice(2).split("-").map(Number);
  const bytes = [revision!, parts.length, 0, 0, 0, 0, 0, authority!];
  for (const part of parts) for (let i = 0; i < 4; i++) bytes.push((part >>> (8 * i)) & 255);
  return bytes;
}

/** One chunk that records are written to. */
export class EvtxChunk {
  readonly bytes = new Uint8Array(65_536);
  readonly view = new DataView(this.bytes.buffer);
  at = 512;
  /** Where each record begins. */
  readonly records: number[] = [];
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<ElementSpec, number>();
  #first = 0n;
  #last = 0n;

  u8(n: number): void {
    this.bytes[this.at++] = n;
  }
  u16(n: number): void {
    this.view.setUint16(this.at, n, true);
    this.at += 2;
  }
  u32(n: number): void {
    this.view.setUint32(this.at, n, true);
    this.at += 4;
  }
  u64(n: bigint): void {
    this.view.setBigUint64(this.at, n, true);
    this.at += 8;
  }
  utf16(text: string): void {
    for (let i = 0; i < text.length; i++) this.u16(text.charCodeAt(i));
  }

  /** A name: written where it is first used, by its offset from then on. */
  name(text: string): void {
    const known = this.#names.get(text);
    if (known !== undefined) {
      this.u32(known);
      return;
    }
    const offset = this.at + 4;
    this.#names.set(text, offset);
    this.u32(offset);
    this.u32(0);
    this.u16(0);
    this.u16(text.length);
    this.utf16(text);
    this.u16(0);
  }

  fragment(): void {
    for (const byte of [0x0f, 1, 1, 0]) this.u8(byte);
  }

  element(spec: ElementSpec, template: boolean): void {
    const { attributes } = spec;
    this.u8(attributes.length > 0 ? 0x41 : 0x01);
    if (template) this.u16(0xffff);
    const sizeAt = this.at;
    this.u32(0);
    this.name(spec.name);
    if (attributes.length > 0) {
      const listAt = this.at;
      this.u32(0);
      attributes.forEach(([name, items], i) => {
        this.u8(i < attributes.length - 1 ? 0x46 : 0x06);
        this.name(name);
        for (const item of items) this.item(item, template);
      });
      this.view.setUint32(listAt, this.at - listAt - 4, true);
    }
    if (spec.children === null) this.u8(0x03);
    else {
      this.u8(0x02);
      for (const item of spec.children) this.item(item, template);
      this.u8(0x04);
    }
    this.view.setUint32(sizeAt, this.at - sizeAt - 4, true);
  }

  item(item: ItemSpec, template: boolean): void {
    if (typeof item === "string") {
      this.u8(0x05);
      this.u8(1);
      this.u16(item.length);
      this.utf16(item);
    } else if ("slot" in item) {
      this.u8(item.optional === true ? 0x0e : 0x0d);
      this.u16(item.slot);
      this.u8(1);
    } else if ("name" in item) this.element(item, template);
    else if ("cdata" in item) {
      this.u8(0x07);
      this.u16(item.cdata.length);
      this.utf16(item.cdata);
    } else if ("entity" in item) {
      this.u8(0x09);
      this.name(item.entity);
    } else if ("char" in item) {
      this.u8(0x08);
      this.u16(item.char);
    } else if ("instruction" in item) {
      this.u8(0x0a);
      this.name(item.instruction[0]);
      this.u8(0x0b);
      this.u16(item.instruction[1].length);
      this.utf16(item.instruction[1]);
    } else this.instance(item.instance);
  }

  /** A template instance; the template's definition stands at its first use. */
  instance({ template, values }: InstanceSpec): void {
    this.u8(0x0c);
    this.u8(1);
    this.u32(1);
    const known = this.#templates.get(template);
    this.u32(known ?? this.at + 4);
    if (known === undefined) {
      this.#templates.set(template, this.at);
      this.u32(0);
      for (let i = 0; i < 16; i++) this.u8(i);
      const sizeAt = this.at;
      this.u32(0);
      this.fragment();
      this.element(template, true);
      this.u8(0);
      this.view.setUint32(sizeAt, this.at - sizeAt - 4, true);
    }
    this.u32(values.length);
    const table = this.at;
    for (const { type } of values) {
      this.u16(0);
      this.u8(type);
      this.u8(0);
    }
    values.forEach(({ write }, i) => {
      const from = this.at;
      write(this);
      this.view.setUint16(table + 4 * i, this.at - from, true);
    });
  }

  /** A record: of a template, or without one. */
  record(id: bigint, body: InstanceSpec | ElementSpec): void {
    const start = this.at;
    if (this.records.length === 0) this.#first = id;
    this.#last = id;
    this.records.push(start);
    this.u32(0x2a2a);
    this.u32(0);
    this.u64(id);
    this.u64(134_000_000_000_000_000n);
    this.fragment();
    if ("template" in body) this.instance(body);
    else this.element(body, false);
    this.u8(0);
    const size = this.at + 4 - start;
    this.u32(size);
    this.view.setUint32(start + 4, size, true);
  }

  /** The chunk with its header; call again after changing records to make the checksums right. */
  finish(): Uint8Array {
    const { view, bytes } = this;
    bytes.set(new TextEncoder().encode("ElfChnk\0"), 0);
    view.setBigUint64(8, 1n, true);
    view.setBigUint64(16, BigInt(this.records.length), true);
    view.setBigUint64(24, this.#first, true);
    view.setBigUint64(32, this.#last, true);
    view.setUint32(40, 128, true);
    view.setUint32(44, this.records.at(-1) ?? 0, true);
    view.setUint32(48, this.at, true);
    sealChunk(bytes, 0);
    return bytes;
  }
}

/** Makes the checksums of the chunk at `at` right. */
export function sealChunk(bytes: Uint8Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 65_536);
  const chunk = bytes.subarray(at, at + 65_536);
  view.setUint32(52, crc32(chunk.subarray(512, view.getUint32(48, true))), true);
  view.setUint32(124, crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), true);
}

/** @param flags of the header: 1 dirty, 2 full, 4 without checksums. @param count of chunks, as the header tells it. */
export function evtxFile(chunks: readonly Uint8Array[], flags = 0, count = chunks.length): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4096 + 65_536 * chunks.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("ElfFile\0"), 0);
  view.setBigUint64(16, BigInt(Math.max(0, count - 1)), true);
  view.setUint32(32, 128, true);
  view.setUint16(36, 1, true);
  view.setUint16(38, 3, true);
  view.setUint16(40, 4096, true);
  view.setUint16(42, count, true);
  view.setUint32(120, flags, true);
  view.setUint32(124, crc32(bytes.subarray(0, 120)), true);
  chunks.forEach((chunk, i) => bytes.set(chunk, 4096 + 65_536 * i));
  return bytes;
}

// ------------------------------------------------------------------------------------------ an ordinary log

const NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event";

/** `<Event>` as Windows' templates have it: the slots of `<System>`, and one for what the provider logs. */
export const eventTemplate = element(
  "Event",
  { xmlns: NAMESPACE },
  element(
    "System",
    {},
    element("Provider", { Name: "Microsoft-Windows-Security-Auditing", Guid: optional(15) }),
    element("EventID", { Qualifiers: optional(4) }, slot(3)),
    element("Version", {}, slot(11)),
    element("Level", {}, slot(0)),
    element("Task", {}, slot(2)),
    element("Opcode", {}, slot(1)),
    element("Keywords", {}, slot(5)),
    element("TimeCreated", { SystemTime: slot(6) }),
    element("EventRecordID", {}, slot(10)),
    element("Correlation", { ActivityID: optional(7), RelatedActivityID: optional(13) }),
    element("Execution", { ProcessID: slot(8), ThreadID: slot(9) }),
    element("Channel", {}, "Security"),
    element("Computer", {}, optional(14)),
    element("Security", { UserID: optional(12) }),
  ),
  optional(16),
);

export const processTemplate = element(
  "EventData",
  {},
  element("Data", { Name: "SubjectUserSid" }, slot(0)),
  element("Data", { Name: "SubjectLogonId" }, slot(1)),
  element("Data", { Name: "NewProcessId" }, slot(2)),
  element("Data", { Name: "CommandLine" }, slot(3)),
  element("Data", { Name: "Computer" }, slot(4)),
);

/** An event 4688 of {@link eventTemplate}, with `commandLine` in its data. */
export function processCreated(id: number, commandLine: string, data: ValueSpec | null = null): InstanceSpec {
  return {
    template: eventTemplate,
    values: [
      value.uint8(0),
      value.uint8(0),
      value.uint16(13_312),
      value.uint16(4688),
      value.none,
      value.hex64(0x8020_0000_0000_0000n),
      value.fileTime(134_117_678_123_456_789n + 10_000_000n * BigInt(id)),
      value.none,
      value.uint32(4),
      value.uint32(600 + id),
      value.uint64(BigInt(id)),
      value.uint8(2),
      value.none,
      value.none,
      value.string("WS01.lab.example"),
      value.guid("{54849625-5478-4994-a5ba-3e3b0328c30d}"),
      data ??
        value.nested(processTemplate, [
          value.sid("S-1-5-18"),
          value.hex64(0x3e7n),
          value.size64(0x1a4cn),
          value.string(commandLine),
          value.string(id % 3 === 0 ? "Zürich-Ω" : "WS01"),
        ]),
    ],
  };
}

/** The same without a template, as forwarded logs have it. */
export function rendered(id: number, eventId: number, commandLine: string): ElementSpec {
  return element(
    "Event",
    { xmlns: NAMESPACE },
    element(
      "System",
      {},
      element("Provider", { Name: "Microsoft-Windows-Security-Auditing" }),
      element("EventID", {}, String(eventId)),
      element("TimeCreated", { SystemTime: "2026-01-02T03:04:05.1234567Z" }),
      element("EventRecordID", {}, String(id)),
      element("Channel", {}, "Security"),
      element("Computer", {}, "WS02.lab.example"),
      element("Security"),
    ),
    element("EventData", {}, element("Data", { Name: "CommandLine" }, commandLine)),
    element(
      "RenderingInfo",
      { Culture: "en-US" },
      element("Message", {}, "A process."),
      element("Keywords", {}, element("Keyword", {}, "Audit Success")),
    ),
  );
}

/** Two chunks: seven records of templates, three without. Record k holds `marker-k;`. */
export function sampleLog(): Uint8Array<ArrayBuffer> {
  const first = new EvtxChunk();
  for (let id = 1; id <= 5; id++) first.record(BigInt(id), processCreated(id, `net use "marker-${id};"`));
  first.record(6n, rendered(6, 4688, "marker-6;"));
  const second = new EvtxChunk();
  second.record(7n, processCreated(7, "marker-7;"));
  second.record(8n, rendered(8, 1102, "marker-8;"));
  second.record(9n, rendered(9, 4624, "marker-9;"));
  second.record(10n, processCreated(10, "marker-10;"));
  return evtxFile([first.finish(), second.finish()]);
}
