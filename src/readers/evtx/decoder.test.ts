import { describe, expect, test } from "vitest";
import {
  element,
  eventTemplate,
  EvtxChunk,
  evtxFile,
  type ElementSpec,
  optional,
  processCreated,
  rendered,
  sampleLog,
  sealChunk,
  slot,
  value,
  type ValueSpec,
} from "../../../scripts/evtx-writer.ts";
import { generator, mutate } from "../../../scripts/reader-samples.ts";
import { eventXml, openInput, type Problem, type ReadOptions, type LogRecord, type WindowsEvent, type WindowsRecord } from "../index.ts";
import { plainRecord } from "../testing/plain-record.ts";

interface Found {
  readonly records: WindowsRecord[];
  readonly problems: Problem[];
  /** Older records that were counted and not read. */
  stale: number;
}

function read(bytes: Uint8Array, options: Partial<ReadOptions> = {}, step = bytes.length): Found {
  const found: Found = { records: [], problems: [], stale: 0 };
  const sink = {
    record: (record: LogRecord) => void found.records.push(record as WindowsRecord),
    problem: (problem: Problem) => void found.problems.push(problem),
    stale: (_place: unknown, count: number) => void (found.stale += count),
  };
  const decoder = openInput("test.evtx", options);
  for (let at = 0; at < bytes.length; at += step) decoder.push(bytes.subarray(at, at + step), sink);
  decoder.end(sink);
  return found;
}

/** Everything that is in it. */
const contents = (found: Found): Found => ({ ...found, records: found.records.map(plainRecord) });
const ids = ({ records }: Found): unknown[] => records.map(({ place }) => place.record);
const codes = ({ problems }: Found): string[] => problems.map(({ code, severity }) => `${severity} ${code}`);

/** One event whose data is one `<Data Name="x">` with this value. */
const oneValue = element("EventData", {}, element("Data", { Name: "x" }, slot(0)));
const oneOptional = element("EventData", {}, element("Data", { Name: "x" }, optional(0)), element("Data", { Name: "y" }, "z"));

function eventWith(data: ValueSpec): WindowsEvent {
  const chunk = new EvtxChunk();
  chunk.record(1n, processCreated(1, "", data));
  const found = read(evtxFile([chunk.finish()]));
  expect(found.problems).toEqual([]);
  expect(found.records).toHaveLength(1);
  return found.records[0]!.event;
}

const dataXml = (event: WindowsEvent): string => /<\/System>(.*)<\/Event>$/s.exec(eventXml(event))![1]!;

describe("records", () => {
  test("of templates and without them, in order, with their places", () => {
    const found = read(sampleLog());
    expect(found.problems).toEqual([]);
    expect(ids(found)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(found.records[0]!.place).toEqual({ file: "test.evtx", offset: 4096 + 512, record: 1 });
    expect(found.records[6]!.place.offset).toBe(4096 + 65_536 + 512);
    expect(found.records[1]!.event).toEqual(
      expect.objectContaining({
        system: {
          provider: { name: "Microsoft-Windows-Security-Auditing", guid: "{54849625-5478-4994-a5ba-3e3b0328c30d}" },
          eventId: 4688,
          version: 2,
          level: 0,
          task: 13_312,
          opcode: 0,
          keywords: "0x8020000000000000",
          timeCreated: "2026-01-01T19:03:34.3456789Z",
          eventRecordId: 2,
          processId: 4,
          threadId: 602,
          channel: "Security",
          computer: "WS01.lab.example",
        },
        eventData: {
          data: [
            { name: "SubjectUserSid", value: "S-1-5-18" },
            { name: "SubjectLogonId", value: "0x3e7" },
            { name: "NewProcessId", value: "0x1a4c" },
            { name: "CommandLine", value: 'net use "marker-2;"' },
            { name: "Computer", value: "WS01" },
          ],
        },
      }),
    );
    expect(found.records[2]!.event.eventData!.data.at(-1)).toEqual({ name: "Computer", value: "Zürich-Ω" });
    expect(found.records[7]!.event).toMatchObject({
      system: { eventId: 1102, computer: "WS02.lab.example", timeCreated: "2026-01-02T03:04:05.1234567Z" },
      eventData: { data: [{ name: "CommandLine", value: "marker-8;" }] },
      rendering: { culture: "en-US", message: "A process.", keywords: ["Audit Success"] },
    });
  });

  test("any split of the bytes gives the same", () => {
    const bytes = sampleLog();
    const whole = read(bytes);
    for (const step of [1, 1000, 4096, 65_535, 65_536, 70_001]) expect(contents(read(bytes, {}, step))).toEqual(contents(whole));
  });

  test("are rendered as Windows renders them", () => {
    const { records } = read(sampleLog());
    expect(eventXml(records[1]!.event)).toBe(
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" +
        "<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/><EventID>4688</EventID>" +
        "<Version>2</Version><Level>0</Level><Task>13312</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords>" +
        `<TimeCreated SystemTime='${records[1]!.event.system.timeCreated}'/><EventRecordID>2</EventRecordID><Correlation/>` +
        "<Execution ProcessID='4' ThreadID='602'/><Channel>Security</Channel><Computer>WS01.lab.example</Computer><Security/></System>" +
        "<EventData><Data Name='SubjectUserSid'>S-1-5-18</Data><Data Name='SubjectLogonId'>0x3e7</Data><Data Name='NewProcessId'>0x1a4c</Data>" +
        "<Data Name='CommandLine'>net use \"marker-2;\"</Data><Data Name='Computer'>WS01</Data></EventData></Event>",
    );
    expect(eventXml(records[7]!.event)).toContain(
      "<EventData><Data Name='CommandLine'>marker-8;</Data></EventData><RenderingInfo Culture='en-US'>",
    );
  });

  test("an event outlives the bytes it was read from", () => {
    const bytes = sampleLog();
    const { records } = read(bytes, {}, 5000);
    const before = records.map(({ event }) => eventXml(event));
    bytes.fill(0x41);
    read(bytes.fill(0x42));
    expect(read(sampleLog()).records.map(({ event }) => eventXml(event))).toEqual(before);
    const late = read(sampleLog());
    read(evtxFile([new Uint8Array(65_536).fill(0x2a)]));
    expect(late.records.map(({ event }) => eventXml(event))).toEqual(before);
  });

  test("numbers beyond 2^53 keep every digit", () => {
    const chunk = new EvtxChunk();
    chunk.record(0xffff_ffff_ffff_fff0n, bigRecord());
    const [record] = read(evtxFile([chunk.finish()])).records;
    expect(record!.place.record).toBe(0xffff_ffff_ffff_fff0n);
    expect(record!.event.system.eventRecordId).toBe(18_446_744_073_709_551_600n);
  });
});

function bigRecord(): ElementSpec {
  return element("Event", {}, element("System", {}, element("EventID", {}, "1"), element("EventRecordID", {}, "18446744073709551600")));
}

describe("values, as Windows renders them", () => {
  const cases: readonly (readonly [string, ValueSpec, string])[] = [
    ["a string", value.string("a & b"), "a & b"],
    ["a string padded with NUL", value.string("abc\0\0"), "abc"],
    ["a long string", value.string("é".repeat(500)), "é".repeat(500)],
    ["a string with a mark of byte order", value.string("\ufeffx"), "\ufeffx"],
    ["a string beyond the first plane", value.string("🙂".repeat(40)), "🙂".repeat(40)],
    ["an ANSI string", value.ansi("caf\u00e9\0"), "café"],
    ["int8", value.int8(-5), "-5"],
    ["uint8", value.uint8(250), "250"],
    ["int16", value.int16(-300), "-300"],
    ["uint16", value.uint16(65_535), "65535"],
    ["int32", value.int32(-70_000), "-70000"],
    ["uint32", value.uint32(4_294_967_295), "4294967295"],
    ["int64", value.int64(-9_223_372_036_854_775_808n), "-9223372036854775808"],
    ["a small int64", value.int64(-1n), "-1"],
    ["uint64", value.uint64(18_446_744_073_709_551_615n), "18446744073709551615"],
    ["a uint64 within 2^53", value.uint64(9_007_199_254_740_991n), "9007199254740991"],
    ["float32", value.float32(0.1), "0.1"],
    ["float64", value.float64(-2.5), "-2.5"],
    ["true", value.boolean(1), "true"],
    ["false", value.boolean(0), "false"],
    ["an irregular true", value.boolean(65_536), "true"],
    ["binary", value.binary("00ffA0"), "00FFA0"],
    ["a GUID", value.guid("{0197231E-0000-57E8-0080-00000000ab01}"), "{0197231e-0000-57e8-0080-00000000ab01}"],
    ["a 32-bit size", value.size32(0x1a4c), "0x1a4c"],
    ["a 64-bit size", value.size64(0xffff_8000_1234_5678n), "0xffff800012345678"],
    ["a FILETIME", value.fileTime(132_483_024_143_242_341n), "2020-10-27T20:00:14.3242341Z"],
    ["the first FILETIME", value.fileTime(0n), "1601-01-01T00:00:00.0000000Z"],
    ["a FILETIME before 1970", value.fileTime(116_444_735_999_999_999n), "1969-12-31T23:59:59.9999999Z"],
    ["the last FILETIME of the calendar", value.fileTime(2_650_467_743_999_999_999n), "9999-12-31T23:59:59.9999999Z"],
    ["a FILETIME beyond it", value.fileTime(0x7fff_ffff_ffff_ffffn), "0x7fffffffffffffff"],
    ["a SYSTEMTIME", value.systemTime(2026, 1, 5, 2, 3, 4, 5, 67), "2026-01-02T03:04:05.067Z"],
    ["a SID", value.sid("S-1-5-21-3623811015-3361044348-30300820-1013"), "S-1-5-21-3623811015-3361044348-30300820-1013"],
    ["hex32", value.hex32(0xc000_006d), "0xc000006d"],
    ["hex64", value.hex64(0x54_1f35n), "0x541f35"],
    ["a wide hex64", value.hex64(0x80_0000_0000_000fn), "0x8000000000000f"],
    ["a handle", value.raw(0x20, "1000000000000000"), "0x10"],
    ["an unknown type", value.raw(0x1f, "0aff"), "0AFF"],
    ["a value too short for its type", value.raw(0x0a, "0102"), "0102"],
  ];

  test.each(cases)("%s", (_name, spec, text) => {
    const event = eventWith(value.nested(oneValue, [spec]));
    expect(event.eventData).toEqual({ data: [{ name: "x", value: text }] });
    const escaped = text.replaceAll("&", "&amp;");
    expect(dataXml(event)).toBe(`<EventData><Data Name='x'>${escaped}</Data></EventData>`);
    // The same in an attribute.
    const attribute = element("EventData", {}, element("Data", { Name: slot(0) }, "v"));
    expect(eventWith(value.nested(attribute, [spec])).eventData).toEqual({ data: [{ name: text, value: "v" }] });
  });

  const arrays: readonly (readonly [string, ValueSpec, readonly string[]])[] = [
    ["strings", value.strings("one", "", "two"), ["one", "", "two"]],
    ["uint8", value.array([value.uint8(1), value.uint8(255)]), ["1", "255"]],
    ["uint16", value.array([value.uint16(1), value.uint16(2)]), ["1", "2"]],
    ["int32", value.array([value.int32(-1), value.int32(2)]), ["-1", "2"]],
    ["uint64", value.array([value.uint64(1n), value.uint64(2n ** 63n)]), ["1", "9223372036854775808"]],
    ["float64", value.array([value.float64(0.5), value.float64(1)]), ["0.5", "1"]],
    ["booleans", value.array([value.boolean(0), value.boolean(1)]), ["false", "true"]],
    [
      "GUIDs",
      value.array([value.guid("{00000000-0000-0000-0000-000000000001}"), value.guid("{00000000-0000-0000-0000-000000000002}")]),
      ["{00000000-0000-0000-0000-000000000001}", "{00000000-0000-0000-0000-000000000002}"],
    ],
    ["SIDs", value.array([value.sid("S-1-5-18"), value.sid("S-1-5-32-544")]), ["S-1-5-18", "S-1-5-32-544"]],
    ["FILETIMEs", value.array([value.fileTime(0n), value.fileTime(1n)]), ["1601-01-01T00:00:00.0000000Z", "1601-01-01T00:00:00.0000001Z"]],
    ["hex64", value.array([value.hex64(1n), value.hex64(255n)]), ["0x1", "0xff"]],
  ];

  test.each(arrays)("an array of %s repeats the element", (_name, spec, texts) => {
    const event = eventWith(value.nested(oneValue, [spec]));
    expect(event.eventData).toEqual({ data: texts.map((text) => ({ name: "x", value: text })) });
    expect(dataXml(event)).toBe(`<EventData>${texts.map((text) => `<Data Name='x'>${text}</Data>`).join("")}</EventData>`);
  });

  test("an optional value that is absent drops its element; an empty text does not", () => {
    expect(eventWith(value.nested(oneOptional, [value.none])).eventData).toEqual({ data: [{ name: "y", value: "z" }] });
    expect(dataXml(eventWith(value.nested(oneOptional, [value.none])))).toBe("<EventData><Data Name='y'>z</Data></EventData>");
    expect(eventWith(value.nested(oneOptional, [value.string("")])).eventData!.data).toHaveLength(2);
    expect(eventWith(value.nested(oneOptional, [])).eventData!.data).toHaveLength(1);
  });

  test("a value that is not optional leaves an empty element", () => {
    expect(dataXml(eventWith(value.nested(oneValue, [value.none])))).toBe("<EventData><Data Name='x'></Data></EventData>");
  });

  test("an optional attribute that is absent is dropped", () => {
    const xml = eventXml(eventWith(value.none));
    expect(xml).toContain("<EventID>4688</EventID>");
    expect(xml).toContain("<Security/>");
    expect(xml).not.toContain("ActivityID");
  });
});

describe("binary XML", () => {
  test("user data, of a template inside a template inside a template", () => {
    const inner = element(
      "LogFileCleared",
      { xmlns: "http://manifests.microsoft.com/x" },
      element("SubjectUserName", {}, slot(0)),
      slot(1),
    );
    const user = element("UserData", {}, slot(0));
    const leaf = element("Detail", {}, slot(0));
    const event = eventWith(value.nested(user, [value.nested(inner, [value.string("kira"), value.nested(leaf, [value.uint32(7)])])]));
    expect(event.userData).toEqual({
      name: "LogFileCleared",
      attributes: [["xmlns", "http://manifests.microsoft.com/x"]],
      children: [
        { name: "SubjectUserName", attributes: [], children: ["kira"] },
        { name: "Detail", attributes: [], children: ["7"] },
      ],
    });
    expect(event.eventData).toBeNull();
  });

  test("elements without a template as a value", () => {
    const event = eventWith(
      value.elements(element("EventData", { Name: "n" }, element("Data", {}, "a"), element("Data", { Name: "b" }, "c"))),
    );
    expect(event.eventData).toEqual({ name: "n", data: [{ value: "a" }, { name: "b", value: "c" }] });
  });

  test("event data within the event's own template; binary data; complex data; names that are values", () => {
    const template = element(
      "EventData",
      { Name: slot(3) },
      element("Data", { Name: slot(0) }, slot(1)),
      element("ComplexData", { Name: "c" }, "plain"),
      element("Binary", {}, slot(2)),
    );
    const event = eventWith(value.nested(template, [value.string("n"), value.uint8(1), value.binary("00ff"), value.string("Big")]));
    expect(event.eventData).toEqual({
      name: "Big",
      data: [
        { name: "n", value: "1" },
        { name: "c", value: "plain", complex: true },
      ],
      binary: "00FF",
    });
  });

  test("other children of the event are kept", () => {
    const event = eventWith(value.elements(element("ProcessingErrorData", {}, element("ErrorCode", {}, "15003"))));
    expect(event.other).toMatchObject([{ name: "ProcessingErrorData", children: [{ name: "ErrorCode", children: ["15003"] }] }]);
    expect(dataXml(event)).toBe("<ProcessingErrorData><ErrorCode>15003</ErrorCode></ProcessingErrorData>");
  });

  test("CDATA, entities, character references, instructions, and several texts", () => {
    const template = element(
      "EventData",
      {},
      {
        name: "Data",
        attributes: [["Name", ["a", slot(0), { entity: "amp" }]]],
        children: ["1 ", { cdata: "<2>" }, { entity: "lt" }, { char: 65 }, { instruction: ["target", "ignored"] }, slot(1), slot(2)],
      },
    );
    const event = eventWith(value.nested(template, [value.string("b"), value.uint8(9), value.strings("x", "y")]));
    expect(event.eventData).toEqual({ data: [{ name: "ab&", value: "1 <2><A9x, y" }] });
    expect(dataXml(event)).toBe("<EventData><Data Name='ab&amp;'>1 &lt;2&gt;&lt;A9x, y</Data></EventData>");
  });

  test("a template instance inside an element of no template", () => {
    const chunk = new EvtxChunk();
    const { children } = rendered(1, 1, "");
    const body = element("Event", {}, children![0]!, { instance: { template: oneValue, values: [value.string("v")] } });
    chunk.record(1n, body);
    const found = read(evtxFile([chunk.finish()]));
    expect(found.problems).toEqual([]);
    expect(found.records[0]!.event.eventData).toEqual({ data: [{ name: "x", value: "v" }] });
  });

  test("an event without a system is no event", () => {
    const chunk = new EvtxChunk();
    chunk.record(1n, element("Event", {}, "text"));
    chunk.record(2n, element("Other", {}, "text"));
    const found = read(evtxFile([chunk.finish()]));
    expect(found.problems.map((p) => [p.code, p.place.record])).toEqual([
      ["evtx/bad-record", 1],
      ["evtx/bad-record", 2],
    ]);
  });
});

describe("damaged files", () => {
  const OFFSET = 4096;

  test("a cut anywhere gives the records before it, and says so", () => {
    const bytes = sampleLog();
    const whole = read(bytes);
    for (let end = 1; end < bytes.length; end += 97) {
      const found = read(bytes.subarray(0, end));
      expect(found.problems.length, `cut at ${end}`).toBeGreaterThan(0);
      expect(contents(found).records).toEqual(contents(whole).records.slice(0, found.records.length));
    }
    const half = read(bytes.subarray(0, OFFSET + 65_536));
    expect(half.records).toHaveLength(6);
    expect(half.problems).toMatchObject([
      { code: "evtx/truncated", severity: "error", message: "The header counts 2 chunks, the file has 1" },
    ]);
  });

  test("wrong checksums are reported, and the records are read", () => {
    const bytes = sampleLog();
    bytes[8] = 9;
    bytes[OFFSET + 9] = 1;
    bytes[OFFSET + 52]! ^= 1;
    const found = read(bytes);
    expect(found.records).toHaveLength(10);
    expect(found.problems.map((p) => `${p.severity} ${p.code} ${p.place.offset}`)).toEqual([
      "warning evtx/bad-checksum 0",
      "warning evtx/bad-checksum 4096",
      "warning evtx/bad-checksum 4096",
    ]);
  });

  test("a log that says it has no checksums is not held to them", () => {
    const bytes = evtxFile([new EvtxChunk().finish()], 4);
    bytes.fill(0, OFFSET + 52, OFFSET + 56);
    bytes.fill(0, OFFSET + 124, OFFSET + 128);
    bytes.fill(0, 124, 128);
    expect(read(bytes).problems).toEqual([]);
  });

  test("a dirty header that counts too few chunks hides none", () => {
    const bytes = sampleLog();
    const dirty = evtxFile([bytes.slice(OFFSET, OFFSET + 65_536), bytes.slice(OFFSET + 65_536)], 1, 1);
    const found = read(dirty);
    expect(found.records).toHaveLength(10);
    expect(found.problems).toEqual([]);
  });

  test("a slot of zeros is room, a slot of anything else is a loss", () => {
    const good = new EvtxChunk();
    good.record(9n, rendered(9, 1, ""));
    const chunk = good.finish();
    expect(read(evtxFile([new Uint8Array(65_536), chunk])).problems).toEqual([]);
    const found = read(evtxFile([new Uint8Array(65_536).fill(7), chunk]));
    expect(ids(found)).toEqual([9]);
    expect(found.problems).toMatchObject([
      { code: "evtx/bad-chunk", severity: "error", place: { offset: OFFSET } },
      { code: "evtx/truncated" },
    ]);
  });

  test("a header that was overwritten costs none of the records", () => {
    const whole = sampleLog();
    for (const filler of [0, 7]) {
      const bytes = whole.slice().fill(filler, 0, OFFSET);
      for (const step of [bytes.length, 1000]) {
        const found = read(bytes, {}, step);
        expect(ids(found)).toEqual(ids(read(whole)));
        expect(codes(found)).toEqual(["warning evtx/no-header"]);
      }
    }
  });

  test("a carved chunk, a chunk off its place, joined logs", () => {
    const bytes = sampleLog();
    const carved = read(bytes.subarray(OFFSET + 65_536));
    expect(ids(carved)).toEqual([7, 8, 9, 10]);
    expect(codes(carved)).toEqual(["warning evtx/no-header"]);
    const shifted = new Uint8Array(bytes.length + 1000);
    shifted.set(bytes.subarray(0, OFFSET + 65_536));
    shifted.fill(1, OFFSET + 65_536, OFFSET + 65_536 + 1000);
    shifted.set(bytes.subarray(OFFSET + 65_536), OFFSET + 65_536 + 1000);
    const found = read(shifted);
    expect(ids(found)).toHaveLength(10);
    expect(found.problems).toMatchObject([{ code: "evtx/bad-chunk", message: "1000 bytes that are no chunk were skipped" }]);
    expect(contents(read(shifted, {}, 777))).toEqual(contents(found));
    const joined = new Uint8Array(2 * bytes.length);
    joined.set(bytes);
    joined.set(bytes, bytes.length);
    const both = read(joined);
    expect(both.records).toHaveLength(20);
    expect(codes(both)).toEqual(["warning evtx/joined"]);
  });

  test("a chunk without its magic bytes is known by its records", () => {
    const bytes = sampleLog();
    bytes.fill(0, OFFSET, OFFSET + 8);
    sealChunk(bytes, OFFSET);
    const found = read(bytes);
    expect(found.records).toHaveLength(10);
    expect(codes(found)).toEqual(["warning evtx/bad-chunk-header"]);
  });

  test("a chunk whose free-space offset is damaged is read to its end", () => {
    const bytes = sampleLog();
    new DataView(bytes.buffer).setUint32(OFFSET + 48, 0xffff_ffff, true);
    const found = read(bytes);
    expect(found.records).toHaveLength(10);
    expect(codes(found)).toEqual(["warning evtx/bad-chunk-header"]);
  });

  test("one bad record does not cost the others", () => {
    const chunk = new EvtxChunk();
    for (let id = 1; id <= 3; id++) chunk.record(BigInt(id), rendered(id, id, "x"));
    // An element claims a name outside the chunk.
    chunk.view.setUint32(chunk.records[1]! + 24 + 4 + 5, 0xffff_fff0, true);
    const found = read(evtxFile([chunk.finish()]));
    expect(ids(found)).toEqual([1, 3]);
    expect(found.problems).toMatchObject([
      { code: "evtx/bad-record", severity: "error", place: { record: 2, offset: OFFSET + chunk.records[1]! } },
    ]);
  });

  test.each([
    ["zero", 0],
    ["too small", 20],
    ["too large", 0x7fff_ffff],
  ])("a record whose size is %s is reported; those behind it are read", (_name, size) => {
    const chunk = new EvtxChunk();
    for (let id = 1; id <= 3; id++) chunk.record(BigInt(id), processCreated(id, "x"));
    chunk.view.setUint32(chunk.records[1]! + 4, size, true);
    const found = read(evtxFile([chunk.finish()]));
    expect(ids(found)).toEqual([1, 3]);
    expect(codes(found)).toEqual(["error evtx/bad-record"]);
  });

  test("a record whose size reaches over the next ones does not hide them", () => {
    const chunk = new EvtxChunk();
    for (let id = 1; id <= 5; id++) chunk.record(BigInt(id), processCreated(id, "x"));
    chunk.view.setUint32(chunk.records[1]! + 4, chunk.records[4]! - chunk.records[1]! - 4, true);
    const found = read(evtxFile([chunk.finish()]));
    expect(ids(found)).toEqual([1, 2, 3, 4, 5]);
    expect(codes(found)).toEqual(["warning evtx/bad-record"]);
  });

  test("a record whose first bytes are overwritten is reported; those behind it are read", () => {
    const chunk = new EvtxChunk();
    for (let id = 1; id <= 3; id++) chunk.record(BigInt(id), processCreated(id, "x"));
    chunk.bytes.fill(0xee, chunk.records[1], chunk.records[1]! + 40);
    const found = read(evtxFile([chunk.finish()]));
    expect(ids(found)).toEqual([1, 3]);
    expect(codes(found)).toEqual(["error evtx/bad-record"]);
  });

  test("older records in free space come only when asked for", () => {
    const chunk = new EvtxChunk();
    for (let id = 1; id <= 4; id++) chunk.record(BigInt(id), rendered(id, id, "x"));
    chunk.finish();
    chunk.view.setUint32(48, chunk.records[2]!, true);
    // The fourth one's name offsets point to what was overwritten since.
    chunk.view.setUint32(chunk.records[3]! + 24 + 4 + 5, 0xffff_fff0, true);
    sealChunk(chunk.bytes, 0);
    const file = evtxFile([chunk.bytes]);
    expect(read(file)).toMatchObject({ records: [{}, {}], problems: [], stale: 2 });
    const carved = read(file, { carve: true });
    expect(ids(carved)).toEqual([1, 2, 3]);
    expect(codes(carved)).toEqual(["warning evtx/stale-record"]);
  });
});

describe("hostile files", () => {
  /** Reads a file of one chunk and fails if that takes long. */
  function timed(chunk: EvtxChunk): Found {
    const bytes = evtxFile([chunk.finish()]);
    read(bytes);
    // Of the processor, not of the clock: the machine may have more to do.
    const before = process.cpuUsage();
    const found = read(bytes);
    for (const { event } of found.records) eventXml(event);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1500);
    return found;
  }

  test("a template that uses a nested one again and again, many levels deep", () => {
    const chunk = new EvtxChunk();
    const fan = element("a", {}, ...Array.from({ length: 100 }, () => slot(0)));
    let data = value.string("x");
    for (let depth = 0; depth < 30; depth++) data = value.nested(fan, [data]);
    chunk.record(1n, processCreated(1, "", data));
    chunk.record(2n, processCreated(2, "kept"));
    const found = timed(chunk);
    expect(ids(found)).toEqual([2]);
    expect(found.problems[0]!.message).toContain("grows beyond all bounds");
  });

  test("a long value used again and again", () => {
    const chunk = new EvtxChunk();
    const many = element("EventData", {}, element("Data", {}, ...Array.from({ length: 3000 }, () => slot(0))));
    chunk.record(1n, processCreated(1, "", value.nested(many, [value.string("x".repeat(15_000))])));
    const found = timed(chunk);
    expect(found.problems[0]!.message).toContain("grows beyond all bounds");
  });

  test("a great template and a thousand small records of it", () => {
    const chunk = new EvtxChunk();
    const great = element(
      "Event",
      {},
      element("System", {}, element("EventID", {}, slot(0))),
      element("EventData", {}, ...Array.from({ length: 1500 }, () => element("D", {}, optional(1)))),
    );
    let id = 1n;
    while (chunk.at < 60_000) chunk.record(id++, { template: great, values: [value.uint8(1), value.uint8(2)] });
    const found = timed(chunk);
    expect(found.records.length + found.problems.length).toBe(Number(id) - 1);
    expect(found.problems.length).toBeGreaterThan(0);
  });

  test("nested too deep", () => {
    const chunk = new EvtxChunk();
    const one = element("EventData", {}, slot(0));
    let data = value.string("x");
    for (let depth = 0; depth < 70; depth++) data = value.nested(one, [data]);
    chunk.record(1n, processCreated(1, "", data));
    let deep = element("a", {}, "x");
    for (let depth = 0; depth < 80; depth++) deep = element("a", {}, deep);
    chunk.record(2n, element("Event", {}, deep));
    const found = timed(chunk);
    expect(found.problems.map(({ message }) => message)).toEqual([
      "A record could not be read: nested too deep",
      "A record could not be read: nested too deep",
    ]);
  });

  test("a template that names itself, and names that name themselves", () => {
    const chunk = new EvtxChunk();
    chunk.record(1n, processCreated(1, "x"));
    const definition = chunk.view.getUint32(chunk.records[0]! + 24 + 4 + 6, true);
    // Its root element becomes a template instance that points back at it.
    chunk.bytes[definition + 24 + 4] = 0x0c;
    chunk.view.setUint32(definition + 24 + 4 + 6, definition, true);
    chunk.record(2n, rendered(2, 2, "x"));
    const found = timed(chunk);
    expect(ids(found)).toEqual([2]);
  });

  test("counts and sizes at the edge of their range", () => {
    const bytes = sampleLog();
    for (const edge of [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
      for (let at = OFFSET_OF_RECORDS; at < OFFSET_OF_RECORDS + 1500; at += 1) {
        const broken = bytes.slice(0, 4096 + 65_536);
        new DataView(broken.buffer).setUint32(at, edge, true);
        const found = read(broken);
        expect(found.records.length).toBeLessThanOrEqual(6);
        expect(found.problems.length).toBeGreaterThan(0);
      }
    }
  }, 60_000);

  const OFFSET_OF_RECORDS = 4096 + 512;

  test("mutations never throw, never take long, and no split changes what comes out", () => {
    const bytes = sampleLog();
    const everything = new EvtxChunk();
    everything.record(
      1n,
      processCreated(
        1,
        "a",
        value.nested(eventTemplate, [value.array([value.uint16(1)]), value.guid("{00000000-0000-0000-0000-000000000001}")]),
      ),
    );
    everything.record(2n, processCreated(2, "b", value.elements(rendered(2, 2, "c"))));
    const samples = [bytes, evtxFile([everything.finish()])];
    const random = generator(20_261_124);
    for (let round = 0; round < 600; round++) {
      const sample = samples[round % 2]!;
      // Near the records, where it hurts; the rest is zeros.
      const head = mutate(sample.subarray(0, 4096 + 512 + 5000), random);
      const broken = new Uint8Array(Math.max(head.length, sample.length));
      broken.set(sample);
      broken.set(head);
      const cut = broken.subarray(0, random() % 4 === 0 ? random() % broken.length : broken.length);
      const before = performance.now();
      const found = read(cut);
      for (const { event } of found.records) eventXml(event);
      expect(performance.now() - before).toBeLessThan(15_000);
      expect(JSON.stringify(read(cut, {}, 1 + (random() % 9000)), big)).toBe(JSON.stringify(found, big));
    }
  }, 60_000);
});

const big = (_key: string, v: unknown): unknown => (typeof v === "bigint" ? `${v}n` : v);
