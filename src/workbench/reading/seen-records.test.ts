import { describe, expect, test } from "vitest";
import { existsSync, readFileSync } from "node:fs";
import { Reading, type InputSummary } from "./reading.ts";
import { SeenRecords } from "./seen-records.ts";
import type { JsonObject, LogRecord } from "../../readers/index.ts";

/** Reads texts as files and returns what came through. */
function read(
  files: { readonly [name: string]: string | Uint8Array },
  dropDuplicates = true,
): InputSummary & { readonly passed: LogRecord[] } {
  const passed: LogRecord[] = [];
  const reading = new Reading({ dropDuplicates }, { record: (record) => void passed.push(record), problem() {} });
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const source = reading.open({ name, size: bytes.length, named: true });
    source.push(bytes);
    source.end();
  }
  return { ...reading.summary, passed };
}

interface Logon {
  readonly id?: number;
  readonly user?: string;
  readonly host?: string;
  readonly time?: string;
}
const TIME = "2026-03-04T08:00:00.1234567Z";
const xml = ({ id = 7, user = "amy", host = "WS01", time = TIME }: Logon = {}): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Security-Auditing"/>` +
  `<EventID>4624</EventID><TimeCreated SystemTime="${time}"/><EventRecordID>${id}</EventRecordID><Channel>Security</Channel>` +
  `<Computer>${host}</Computer></System><EventData><Data Name="TargetUserName">${user}</Data><Data Name="LogonType">3</Data></EventData></Event>`;
const evtxDump = ({ id = 7, user = "amy", host = "WS01", time = TIME }: Logon = {}): string =>
  JSON.stringify({
    Event: {
      System: {
        Provider: { "#attributes": { Name: "Microsoft-Windows-Security-Auditing" } },
        EventID: 4624,
        TimeCreated: { "#attributes": { SystemTime: time } },
        EventRecordID: id,
        Channel: "Security",
        Computer: host,
      },
      EventData: { TargetUserName: user, LogonType: "3" },
    },
  });
const lines = (...documents: readonly JsonObject[]): string => documents.map((document) => `${JSON.stringify(document)}\n`).join("");

describe("a record with a number of its own", () => {
  test("is counted once, whatever it is written in, and the file of each copy is listed", () => {
    const { duplicates, passed, records } = read({ "a.xml": xml() + xml({ id: 8 }), "b.json": evtxDump(), "c.xml": xml({ id: 8 }) });
    expect(records).toBe(4);
    expect(passed.map(({ place }) => place.file)).toEqual(["a.xml", "a.xml"]);
    expect(duplicates).toEqual({
      events: 2,
      conflicts: 0,
      untracked: 0,
      files: [
        { file: "b.json", of: "a.xml", events: 1 },
        { file: "c.xml", of: "a.xml", events: 1 },
      ],
    });
  });

  test("is a copy in the same file too, as where exports were joined", () => {
    expect(read({ "a.xml": xml() + xml() }).duplicates).toMatchObject({ events: 1, files: [{ file: "a.xml", of: "a.xml", events: 1 }] });
  });

  test.each([
    ["another number", { id: 8 }],
    ["another computer", { host: "WS02" }],
    ["another time: the log was cleared and began anew", { time: "2026-03-04T08:00:00.124Z" }],
  ])("with %s is another event", (_what, change: Logon) => {
    const { duplicates, passed } = read({ "a.xml": xml(), "b.xml": xml(change) });
    expect(passed.length).toBe(2);
    expect(duplicates).toMatchObject({ events: 0, conflicts: 0 });
  });

  test("with other content is another event, which is counted as a conflict once, and its copies are copies", () => {
    const { duplicates, passed } = read({
      "a.xml": xml(),
      "b.xml": xml({ user: "eve" }),
      "c.xml": xml({ user: "eve" }) + xml({ user: "bob" }),
    });
    expect(passed.map(({ place }) => place.file)).toEqual(["a.xml", "b.xml", "c.xml"]);
    expect(duplicates).toMatchObject({ events: 1, conflicts: 2, files: [{ file: "c.xml", of: "b.xml", events: 1 }] });
  });

  test("may be one of Winlogbeat's documents, or have the id of an index", () => {
    const winlog = { "@timestamp": TIME, winlog: { channel: "Security", record_id: "7", computer_name: "WS01" } };
    expect(read({ "a.ndjson": lines(winlog, winlog) }).duplicates).toMatchObject({ events: 1 });
    const hits = (...ids: readonly string[]): string =>
      JSON.stringify({ hits: { hits: ids.map((_id) => ({ _index: "logs", _id, _source: { message: "same" } })) } });
    const { passed, duplicates } = read({ "page1.json": hits("a", "b"), "page2.json": hits("b", "c") });
    expect(passed.map((record) => record.kind === "document" && record.id)).toEqual(["a", "b", "c"]);
    expect(duplicates).toMatchObject({ events: 1, files: [{ file: "page2.json", of: "page1.json", events: 1 }] });
  });

  test("0 is no number", () => {
    expect(read({ "a.xml": xml({ id: 0 }) + xml({ id: 0 }) }).duplicates).toMatchObject({ events: 0 });
  });
});

describe("a record without a number", () => {
  const knock = { "@timestamp": TIME, message: "knock" };
  test("may be equal to another of its file and is an event all the same", () => {
    expect(read({ "a.ndjson": lines(knock, knock, knock) }).passed.length).toBe(3);
  });

  test("is a copy of that in another file: of two and three equal lines three are events", () => {
    const { passed, duplicates } = read({
      "a.ndjson": lines(knock, knock),
      "b.ndjson": lines(knock, { ...knock, n: 1 }, knock, knock),
      "c.ndjson": lines(knock, knock, knock),
    });
    expect(passed.length).toBe(4);
    expect(duplicates?.events).toBe(5);
    expect(duplicates?.files.filter(({ file }) => file === "b.ndjson")).toEqual([{ file: "b.ndjson", of: "a.ndjson", events: 2 }]);
  });

  test("is the same with its keys in another order, and another with any value changed, added or moved", () => {
    const one = { a: 1, b: { c: ["x", "y"], d: "z" } };
    expect(read({ "1": lines(one), "2": lines({ b: { d: "z", c: ["x", "y"] }, a: 1 }) }).passed.length).toBe(1);
    const others = [
      { a: "1", b: { c: ["x", "y"], d: "z" } },
      { a: 1, b: { c: ["y", "x"], d: "z" } },
      { a: 1, b: { c: ["xy"], d: "z" } },
      { a: 1, b: { c: ["x", "y", ""], d: "z" } },
      { a: 1, b: { c: "z", d: ["x", "y"] } },
      { a: 1, c: ["x", "y"], d: "z", b: {} },
      { a: 1, b: { c: ["x", "y"], d: "z", e: null } },
    ];
    expect(read({ "1": lines(one), "2": lines(...others) }).passed.length).toBe(1 + others.length);
  });
});

test("two events never pass for one: 100,000 documents that differ in a few characters", () => {
  const documents = Array.from({ length: 100_000 }, (_, i) => ({ message: `user ${i % 317} logged on from 10.0.${i >> 8}.${i & 255}` }));
  expect(read({ "a.ndjson": lines(...documents) }).passed.length).toBe(documents.length);
  expect(read({ "a.ndjson": lines(...documents), "b.ndjson": lines(...documents.toReversed()) }).duplicates?.events).toBe(documents.length);
});

test("memory is bounded: what finds no room is counted, and what found some is still recognised", () => {
  const seen = new SeenRecords(16);
  const record = (n: number): LogRecord => ({ kind: "document", place: { file: "a" }, document: { n } });
  seen.file("a");
  for (let n = 0; n < 20; n++) expect(seen.isCopy(record(n))).toBe(false);
  expect(seen.counts.untracked).toBe(8);
  seen.file("b");
  expect(Array.from({ length: 20 }, (_, n) => seen.isCopy(record(n))).filter(Boolean).length).toBe(12);
});

test("without the option everything is passed on", () => {
  const { passed, duplicates } = read({ "a.xml": xml() + xml() }, false);
  expect(passed.length).toBe(2);
  expect(duplicates).toBeNull();
});

const baseline = new URL("../../../../shared/data/windows11-baseline/", import.meta.url);
test.skipIf(!existsSync(baseline))(
  "EVTX and the XML that Event Viewer made of it are the same events (needs ../shared/data/windows11-baseline)",
  () => {
    const files = Object.fromEntries(
      ["Security.evtx", "Security.xml", "System.xml", "System.evtx"].map((name) => [name, readFileSync(new URL(name, baseline))]),
    );
    expect(read(files)).toMatchObject({
      records: 5924,
      duplicates: {
        events: 2962,
        conflicts: 0,
        files: [
          { file: "Security.xml", of: "Security.evtx", events: 1715 },
          { file: "System.evtx", of: "System.xml", events: 1247 },
        ],
      },
    });
  },
  60_000,
);
