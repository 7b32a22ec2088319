import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "../crc32.ts";
import { openInput } from "../open.ts";
import type { Problem, Record, WindowsRecord } from "../record.ts";

// ------------------------------------------------------------------------------------------ a small writer

/** Writes what the reader reads: one chunk of records, with and without a template. Offsets are of the chunk. */
class Chunk {
  readonly bytes = new Uint8Array(65_536);
  readonly view = new DataView(this.bytes.buffer);
  at = 512;
  readonly names = new Map<string, number>();
  template = 0;

  u8(value: number): void {
    this.bytes[this.at++] = value;
  }
  u16(value: number): void {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
  }
  u32(value: number): void {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }
  u64(value: bigint): void {
    this.view.setBigUint64(this.at, value, true);
    this.at += 8;
  }
  utf16(text: string): void {
    for (const c of text) this.u16(c.charCodeAt(0));
  }
  name(text: string): void {
    const known = this.names.get(text);
    if (known !== undefined) return this.u32(known);
    const offset = this.at + 4;
    this.names.set(text, offset);
    this.u32(offset);
    this.u32(0);
    this.u16(0);
    this.u16(text.length);
    this.utf16(text);
    this.u16(0);
  }
  /** `<name attribute="..">content</name>` */
  element(
    name: string,
    content: () => void,
    options: { template?: boolean; attribute?: readonly [string, () => void]; empty?: boolean } = {},
  ): void {
    this.u8(options.attribute === undefined ? 0x01 : 0x41);
    if (options.template === true) this.u16(0xffff);
    this.u32(0);
    this.name(name);
    if (options.attribute !== undefined) {
      this.u32(0);
      this.u8(0x06);
      this.name(options.attribute[0]);
      options.attribute[1]();
    }
    if (options.empty === true) return this.u8(0x03);
    this.u8(0x02);
    content();
    this.u8(0x04);
  }
  text(value: string): void {
    this.u8(0x05);
    this.u8(1);
    this.u16(value.length);
    this.utf16(value);
  }
  slot(index: number, optional = false): void {
    this.u8(optional ? 0x0e : 0x0d);
    this.u16(index);
    this.u8(1);
  }
  record(id: bigint, body: () => void): void {
    const start = this.at;
    this.u32(0x2a2a);
    this.u32(0);
    this.u64(id);
    this.u64(132_000_000_000_000_000n);
    this.u8(0x0f);
    this.u8(1);
    this.u8(1);
    this.u8(0);
    body();
    this.u8(0);
    const size = this.at + 4 - start;
    this.u32(size);
    this.view.setUint32(start + 4, size, true);
  }
  done(): Uint8Array {
    this.bytes.set(new TextEncoder().encode("ElfChnk\0"), 0);
    this.view.setUint32(40, 128, true);
    this.view.setUint32(48, this.at, true);
    this.view.setUint32(52, crc32(this.bytes.subarray(512, this.at)), true);
    return this.bytes;
  }
}

/** A record without a template: every value is a text. */
function rendered(chunk: Chunk, id: bigint, eventId: number, data: string): void {
  chunk.record(id, () =>
    chunk.element("Event", () => {
      chunk.element("System", () => {
        chunk.element("Provider", () => {}, { attribute: ["Name", () => chunk.text("Test")], empty: true });
        chunk.element("EventID", () => chunk.text(String(eventId)));
        chunk.element("EventRecordID", () => chunk.text(String(id)));
      });
      chunk.element("EventData", () => chunk.element("Data", () => chunk.text(data), { attribute: ["Name", () => chunk.text("Value")] }));
    }),
  );
}

interface Value {
  readonly type: number;
  readonly write: (chunk: Chunk) => void;
}
const string = (text: string): Value => ({ type: 1, write: (c) => c.utf16(text) });
const number = (type: number, value: number): Value => ({
  type,
  write: (c) => (type === 4 ? c.u8(value) : type === 6 ? c.u16(value) : c.u32(value)),
});
const nothing: Value = { type: 0, write: () => {} };

/** A record by template: `<Event><System><EventID>%0</EventID><Security UserID=%1/></System><EventData><Data Name="a">%2</Data><Data>%3</Data></EventData>`. */
function templated(chunk: Chunk, id: bigint, values: readonly Value[]): void {
  chunk.record(id, () => {
    chunk.u8(0x0c);
    chunk.u8(1);
    chunk.u32(1);
    if (chunk.template === 0) {
      chunk.template = chunk.at + 4;
      chunk.u32(chunk.template);
      chunk.u32(0);
      for (let i = 0; i < 4; i++) chunk.u32(0);
      const sizeAt = chunk.at;
      chunk.u32(0);
      const from = chunk.at;
      for (const byte of [0x0f, 1, 1, 0]) chunk.u8(byte);
      chunk.element(
        "Event",
        () => {
          chunk.element(
            "System",
            () => {
              chunk.element("EventID", () => chunk.slot(0), { template: true });
              chunk.element("Security", () => {}, { template: true, attribute: ["UserID", () => chunk.slot(1, true)], empty: true });
            },
            { template: true },
          );
          chunk.element(
            "EventData",
            () => {
              chunk.element("Data", () => chunk.slot(2), { template: true, attribute: ["Name", () => chunk.text("a")] });
              chunk.element("Data", () => chunk.slot(3, true), { template: true });
            },
            { template: true },
          );
        },
        { template: true },
      );
      chunk.u8(0);
      chunk.view.setUint32(sizeAt, chunk.at - from, true);
    } else chunk.u32(chunk.template);
    chunk.u32(values.length);
    const sizes = chunk.at;
    for (const { type } of values) {
      chunk.u16(0);
      chunk.u8(type);
      chunk.u8(0);
    }
    values.forEach(({ write }, i) => {
      const from = chunk.at;
      write(chunk);
      chunk.view.setUint16(sizes + 4 * i, chunk.at - from, true);
    });
  });
}

function file(...chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(4096 + 65_536 * chunks.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("ElfFile\0"), 0);
  view.setUint16(42, chunks.length, true);
  view.setUint32(124, crc32(bytes.subarray(0, 120)), true);
  chunks.forEach((chunk, i) => bytes.set(chunk, 4096 + 65_536 * i));
  return bytes;
}

function read(bytes: Uint8Array, step = bytes.length): { records: WindowsRecord[]; problems: Problem[] } {
  const records: WindowsRecord[] = [];
  const problems: Problem[] = [];
  const sink = {
    record: (record: Record) => void records.push(record as WindowsRecord),
    problem: (problem: Problem) => void problems.push(problem),
  };
  const decoder = openInput("test.evtx");
  for (let at = 0; at < bytes.length; at += step) decoder.push(bytes.subarray(at, at + step), sink);
  decoder.end(sink);
  return { records, problems };
}

function sample(): Uint8Array {
  const first = new Chunk();
  rendered(first, 1n, 4624, "x < y");
  templated(first, 2n, [number(6, 4688), string("S-1-5-18"), string("C:\\a.exe"), nothing]);
  templated(first, 3n, [number(6, 7045), nothing, number(20, 0x3e7), { type: 0x81, write: (c) => c.utf16("one\0two\0") }]);
  const second = new Chunk();
  rendered(second, 4n, 1102, "");
  return file(first.done(), second.done());
}

// ----------------------------------------------------------------------------------------------------- tests

describe("EVTX", () => {
  test("records with and without a template, optional and array values", () => {
    const { records, problems } = read(sample());
    expect(problems).toEqual([]);
    expect(records.map(({ place }) => place.record)).toEqual([1, 2, 3, 4]);
    expect(records[0]!.event).toMatchObject({
      system: { provider: { name: "Test" }, eventId: 4624, eventRecordId: 1 },
      eventData: { data: [{ name: "Value", value: "x < y" }] },
    });
    expect(records[1]!.event).toMatchObject({
      system: { eventId: 4688, userId: "S-1-5-18" },
      eventData: { data: [{ name: "a", value: "C:\\a.exe" }] },
    });
    expect(records[2]!.event).toMatchObject({
      system: { eventId: 7045 },
      eventData: { data: [{ name: "a", value: "0x3e7" }, { value: "one" }, { value: "two" }] },
    });
    expect(records[2]!.event.system.userId).toBeUndefined();
  });

  test("any split of the bytes gives the same records", () => {
    const whole = read(sample()).records;
    for (const step of [1000, 4096, 65_536, 70_001]) expect(read(sample(), step).records).toEqual(whole);
  });

  test("a file that is cut gives the records before the cut, and says so", () => {
    const { records, problems } = read(sample().subarray(0, 4096 + 65_536 + 300));
    expect(records).toHaveLength(3);
    expect(problems.map((p) => p.code)).toEqual(["evtx/truncated"]);
  });

  test("wrong checksums are told of, and the records are read", () => {
    const bytes = sample();
    bytes[4096 + 60_000] = 0;
    bytes[4096 + 52]! ^= 1;
    const { records, problems } = read(bytes);
    expect(records).toHaveLength(4);
    expect(problems).toMatchObject([{ code: "evtx/bad-checksum", severity: "warning", place: { offset: 4096 } }]);
  });

  test("a chunk of zeros is room, a chunk of anything else is a loss", () => {
    const good = new Chunk();
    rendered(good, 9n, 1, "");
    expect(read(file(new Uint8Array(65_536), good.done()))).toMatchObject({ records: [{}], problems: [] });
    expect(read(file(new Uint8Array(65_536).fill(7), good.done()))).toMatchObject({
      records: [{}],
      problems: [{ code: "evtx/bad-chunk", place: { offset: 4096 } }],
    });
  });

  test("one bad record does not cost the others", () => {
    const chunk = new Chunk();
    rendered(chunk, 1n, 1, "a");
    const second = chunk.at;
    rendered(chunk, 2n, 2, "b");
    rendered(chunk, 3n, 3, "c");
    const bytes = chunk.done();
    // An element claims a name outside the chunk.
    new DataView(bytes.buffer).setUint32(second + 24 + 4 + 5, 0xffff_fff0, true);
    const { records, problems } = read(file(bytes));
    expect(records.map((r) => r.event.system.eventId)).toEqual([1, 3]);
    expect(problems.filter((p) => p.severity === "error")).toMatchObject([{ code: "evtx/bad-record", place: { record: 2 } }]);
  });

  test("hostile bytes: nothing throws, and time is bounded", () => {
    const good = sample();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.option(fc.nat(good.length)),
        (changes, cut) => {
          const bytes = good.slice();
          for (const [at, value] of changes) bytes[4096 + at] = value;
          const { records } = read(cut === null ? bytes : bytes.subarray(0, cut));
          expect(records.length).toBeLessThanOrEqual(4);
        },
      ),
      { numRuns: 1500, seed: 20_261_124 },
    );
  });
});
