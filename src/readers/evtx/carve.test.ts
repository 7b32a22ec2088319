import { describe, expect, test } from "vitest";
import { evtxFile, sampleLog } from "../../../scripts/evtx-writer.ts";
import { generator } from "../../../scripts/reader-samples.ts";
import { openInput, type Problem, type LogRecord } from "../index.ts";

const CHUNK = 65_536;
const HEADER = 4096;

interface Found {
  readonly ids: unknown[];
  readonly offsets: (number | undefined)[];
  readonly codes: string[];
  readonly formats: string[];
}

function read(bytes: Uint8Array, carve: boolean, step = bytes.length): Found {
  const found: Found = { ids: [], offsets: [], codes: [], formats: [] };
  const sink = {
    record(record: LogRecord) {
      found.ids.push(record.place.record);
      found.offsets.push(record.place.offset);
    },
    problem: (problem: Problem) => void found.codes.push(problem.code),
    file: (_place: unknown, format: string) => void found.formats.push(format),
  };
  const decoder = openInput("disk.img", { carve });
  for (let at = 0; at < bytes.length; at += step) decoder.push(bytes.subarray(at, at + step), sink);
  decoder.end(sink);
  return found;
}

/** Bytes of no kind, the same each time. */
function noise(length: number, seed: number): Uint8Array {
  const random = generator(seed);
  return Uint8Array.from({ length }, () => random() & 255);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const log = sampleLog();
const chunks = Array.from({ length: (log.length - HEADER) / CHUNK }, (_, i) => log.subarray(HEADER + i * CHUNK, HEADER + (i + 1) * CHUNK));
const idsOf = (...wanted: readonly Uint8Array[]): unknown[] => wanted.flatMap((chunk) => read(evtxFile([chunk]), false).ids);

describe("carving", () => {
  const [first, second] = [chunks[0]!, chunks[1]!];
  const image = join(noise(70_001, 1), first, noise(777, 2), second, noise(5000, 3));

  test("chunks anywhere in a file of an unknown kind", () => {
    const found = read(image, true);
    expect(found.formats).toEqual(["evtx-carved"]);
    expect(found.ids).toEqual(idsOf(first, second));
    expect(found.ids.length).toBeGreaterThan(4);
    expect(found.offsets[0]).toBe(70_001 + 512);
    expect(found.codes).toEqual(["evtx/carved"]);
  });

  test("not without being asked", () => {
    const found = read(image, false);
    expect(found.ids).toEqual([]);
    expect(found.codes).toEqual(["input/unknown-format"]);
  });

  test.each([1000, 4096, 65_535, 65_537, 600_000])("in pieces of %i bytes", (step) => {
    const large = join(image, noise(500_000, 4), second);
    expect(read(large, true, step)).toEqual(read(large, true));
    expect(read(large, true, step).ids).toEqual(idsOf(first, second, second));
  });

  test("a chunk that another one was written over", () => {
    const found = read(join(noise(20_000, 5), first.subarray(0, 2048), second), true);
    expect(found.ids.slice(-idsOf(second).length)).toEqual(idsOf(second));
  });

  test("a chunk cut short by the end", () => {
    const found = read(join(noise(20_000, 6), second.subarray(0, 40_000)), true);
    expect(found.ids.length).toBeGreaterThan(0);
    expect(found.codes).toContain("evtx/carved");
  });

  test("nothing to be found", () => {
    expect(read(noise(300_000, 7), true).codes).toEqual(["input/unknown-format"]);
  });

  test("what has a format of its own is read as that", () => {
    const found = read(new TextEncoder().encode('{"a":1}\n{"a":2}\n'), true);
    expect(found.formats).toEqual(["json-lines"]);
    expect(found.ids.length).toBe(2);
  });

  test("beginnings of chunks without end take linear time", () => {
    const fake = new Uint8Array(4_000_000);
    for (let at = 0; at + 64 <= fake.length; at += 64) {
      fake.set(first.subarray(0, 8), at);
      fake[at + 40] = 128;
    }
    fake[0] = 0xff;
    const before = process.cpuUsage();
    expect(read(fake, true).ids).toEqual([]);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });
});
