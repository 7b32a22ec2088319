import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generator, makeSamples, mutate, peerEvtxFiles, type Sample } from "../../scripts/reader-samples.ts";
import { containers, formats, openInput, type Problem, type ReadOptions, type LogRecord } from "./index.ts";
import { plainRecord } from "./testing/plain-record.ts";

interface Found {
  readonly records: LogRecord[];
  readonly problems: Problem[];
  readonly formats: string[];
}

/** Reads bytes in the pieces that the cuts make. */
function read(bytes: Uint8Array, cuts: readonly number[] = [], options: Partial<ReadOptions> = {}): Found {
  const found: Found = { records: [], problems: [], formats: [] };
  const sink = {
    record: (record: LogRecord) => void found.records.push(record),
    problem: (problem: Problem) => void found.problems.push(problem),
    file: (_place: unknown, format: string) => void found.formats.push(format),
  };
  const decoder = openInput("sample", options);
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    // The piece is overwritten afterwards: a decoder must not keep what it was lent.
    const piece = bytes.slice(from, cut);
    decoder.push(piece, sink);
    piece.fill(0x58);
    from = cut;
  }
  decoder.end(sink);
  return { ...found, records: found.records.map(plainRecord) };
}

const show = (value: unknown): string => JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
const contents = (records: readonly LogRecord[]): string => show(records.map((r) => (r.kind === "document" ? r.document : r.event)));
const known = new Set([...formats.map((f) => f.id), ...containers.map((c) => c.id)]);
const samples = makeSamples().filter((sample) => sample.formats.every((id) => known.has(id)));

/** Where the text was cut between records, nothing is missing that could be noticed. */
const cutBetween = (sample: Sample, records: number, text: string): boolean =>
  !sample.ends && text.split(/marker-\d+;/).length - 1 === records;

describe.each(samples)("$name", (sample) => {
  const whole = read(sample.bytes);

  test("every record comes out, in order, and nothing is complained about", () => {
    expect(whole.formats).toEqual(expect.arrayContaining([...sample.formats]));
    expect(whole.records.map((record) => /marker-(\d+);/.exec(show(record))?.[1])).toEqual(
      Array.from({ length: sample.records }, (_, i) => String(i + 1)),
    );
    expect(whole.problems.filter((problem) => !problem.code.startsWith("csv/"))).toEqual([]);
  });

  test("any split of the bytes gives the same", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(sample.bytes.length), { maxLength: 12 }), (points) => {
        expect(
          show(
            read(
              sample.bytes,
              points.sort((a, b) => a - b),
            ),
          ),
        ).toBe(show(whole));
      }),
      { numRuns: 60 },
    );
    const everyByte = Array.from({ length: sample.bytes.length }, (_, i) => i);
    expect(show(read(sample.bytes, everyByte))).toBe(show(whole));
  });

  test("a file cut anywhere gives the records before the cut, and says so", () => {
    const step = Math.max(1, Math.floor(sample.bytes.length / 400));
    for (let end = 1; end < sample.bytes.length; end += step) {
      const cut = read(sample.bytes.subarray(0, end));
      const count = cut.records.length;
      // A row or line that is cut off may still be one.
      const comparable = ["csv", "auditd", "w3c", "syslog"].includes(sample.formats.at(-1)!) ? Math.max(0, count - 1) : count;
      expect(contents(cut.records.slice(0, comparable))).toBe(contents(whole.records.slice(0, comparable)));
      if (count === sample.records || cut.problems.length > 0) continue;
      // Only white space so far, or an end between two records.
      const text = sample.text?.slice(0, sample.name.includes("UTF-16") ? (end - 2) >> 1 : end) ?? "";
      const unsaid = text.trim() !== "" && !cutBetween(sample, count, text);
      expect(unsaid ? `cut at ${end}: ${count} records and no problem` : "").toBe("");
    }
  });

  test("places are right", () => {
    const text = sample.text?.split("\n") ?? null;
    for (const [i, record] of whole.records.entries()) {
      expect(record.place.file).toMatch(/^sample(?:!|$)/);
      if (text === null || record.place.line === undefined) continue;
      // The record begins on its line: its marker comes there or later, and no later than the next record begins.
      const next = whole.records[i + 1]?.place.line ?? text.length;
      const its = text.slice(record.place.line - 1, Math.max(next, record.place.line)).join("\n");
      expect(its).toContain(`marker-${i + 1};`);
    }
  });

  test("mutations never throw and never take long", () => {
    const random = generator(sample.name.length + sample.bytes.length);
    for (let round = 0; round < 60; round++) {
      const bytes = mutate(sample.bytes, random);
      const cuts = Array.from({ length: random() % 4 }, () => random() % (bytes.length + 1)).sort((a, b) => a - b);
      const before = performance.now();
      const once = read(bytes);
      expect(performance.now() - before).toBeLessThan(20_000);
      expect(show(read(bytes, cuts))).toBe(show(once));
    }
  });
});

test("every format and container has a sample", () => {
  const sampled = new Set(samples.flatMap((sample) => sample.formats));
  expect([...known].filter((id) => !sampled.has(id))).toEqual([]);
});

const evtxFiles = peerEvtxFiles();

describe.skipIf(evtxFiles.length === 0)("EVTX files (skipped where ../shared is absent)", () => {
  test.each(evtxFiles)("$name: any split gives the same, any cut gives the records before it and says so", ({ bytes }) => {
    const whole = read(bytes);
    expect(whole.formats).toEqual(["evtx"]);
    const random = generator(bytes.length);
    for (let round = 0; round < 12; round++) {
      const cuts = Array.from({ length: random() % 6 }, () => random() % (bytes.length + 1)).sort((a, b) => a - b);
      expect(show(read(bytes, cuts))).toBe(show(whole));
      const cut = read(bytes.subarray(0, random() % bytes.length));
      expect(contents(cut.records)).toBe(contents(whole.records.slice(0, cut.records.length)));
      if (cut.records.length < whole.records.length) expect(cut.problems.length).toBeGreaterThan(0);
    }
  });
});

describe("garbage", () => {
  const starts = [
    "",
    "{",
    "[",
    '{"hits":{"hits":[',
    "\u001f\u008b\b",
    "PK\u0003\u0004",
    "ElfFile\0",
    "<Events>",
    "(\u00b5/\u00fd",
    '"@timestamp",a.b,c.d\n',
  ];

  test.each(starts)("after %j nothing throws", (start) => {
    const random = generator(start.length + 7);
    for (let round = 0; round < 40; round++) {
      const bytes = new Uint8Array(random() % 6000);
      for (let i = 0; i < bytes.length; i++) bytes[i] = i < start.length ? start.charCodeAt(i) : random() % (round % 2 === 0 ? 256 : 128);
      const found = read(bytes);
      expect(found.records.length === 0 || found.problems.length >= 0).toBe(true);
      if (bytes.length > start.length + 64) expect(found.problems.length).toBeGreaterThan(0);
    }
  });

  test("text made of JSON's own characters", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "\n", " ", "1", "a", '{"a":1}', '"hits":', "\u00e9"), {
          maxLength: 200,
        }),
        fc.nat(400),
        (parts, cut) => {
          const bytes = new TextEncoder().encode(`{${parts.join("")}`);
          expect(show(read(bytes, [Math.min(cut, bytes.length)]))).toBe(show(read(bytes)));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
