import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EvtxChunk, evtxFile, processCreated } from "../../../scripts/evtx-writer.ts";
import { generator, mutate } from "../../../scripts/reader-samples.ts";
import { Hunt, loadRules, type HuntResult, type InputSummary, type Problem, type ReadOptions } from "../../workbench/index.ts";
import { readInputs, type ReadElsewhere } from "../input.ts";
import { workFolder } from "../testing/work-folder.ts";
import { Control, newControl } from "./control.ts";
import type { ScanTask } from "./messages.ts";
import { PartBytes } from "./part-bytes.ts";
import { UnitMerge } from "./unit-merge.ts";
import { UnitScanner } from "./unit-scanner.ts";
import { unitsOf } from "./units.ts";

const { file, path } = workFolder();

/** Every event is an alert, with its place and an id of its content; an event that follows another of the host, too. */
const rules = loadRules(
  ["any where true", "sequence by host.name [any where n == 1] [any where n == 2]", 'any where cidrMatch(source.ip, "10.0.0.0/8")'].map(
    (text, n) => ({ path: `${n}.eql`, bytes: new TextEncoder().encode(`${text}\n`) }),
  ),
  { today: "2026-11-24", cases: false },
);

interface Hunted {
  readonly result: HuntResult;
  readonly input: InputSummary;
  /** All problems in their order. */
  readonly problems: readonly Problem[];
  readonly units: number;
}

const read: Partial<ReadOptions> = { maxRecordBytes: 30_000, carve: false };

async function hunt(from: string, partBytes: number | null, dropDuplicates = true): Promise<Hunted> {
  const hunted = new Hunt({ ...rules });
  const problems: Problem[] = [];
  let units = 0;
  const inParts: ReadElsewhere = async (reading, files, onBytes) => {
    const task: ScanTask = {
      settings: hunted.scanSettings(reading.seen?.secrets ?? null),
      read,
      files,
      units: await unitsOf(files, read, partBytes!),
      control: newControl(3, files.length),
      maxAhead: 0,
    };
    units = task.units.length;
    const merge = new UnitMerge(hunted, reading, task, onBytes, () => {});
    const scanners = [0, 1, 2].map((thread) => {
      const control = new Control(task.control, thread);
      // Those behind run ahead of the first.
      const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2 - thread));
      const scanner = new UnitScanner(
        task,
        control,
        (message) => {
          control.emitted(message.batch.weight);
          merge.take(thread, structuredClone(message));
        },
        pause,
      );
      return { control, scanner };
    });
    hunted.scanning(scanners[0]!.scanner.faults);
    for (const millis of await Promise.all(scanners.map(({ scanner }) => scanner.run()))) hunted.scanEnded(millis);
    expect(merge.next).toBeNull();
    expect(scanners.map(({ control }) => control.ahead)).toEqual([0, 0, 0]);
    return true;
  };
  const input = await readInputs(
    [from],
    { dropDuplicates, read, ...(partBytes === null ? {} : { elsewhere: inParts }) },
    {
      record: (record) => hunted.record(record),
      copy: (record) => hunted.copy(record),
      problem: (problem) => void problems.push(problem),
      file: (place, format) => hunted.file(place, format),
    },
  );
  return { result: hunted.finish(), input, problems, units };
}

/** Reads a file in parts and whole: the same comes of both. */
async function compare(from: string, partBytes: number, dropDuplicates?: boolean): Promise<Hunted> {
  const parts = await hunt(from, partBytes, dropDuplicates);
  const whole = await hunt(from, null, dropDuplicates);
  expect({ ...parts, units: 0 }).toEqual({ ...whole, units: 0 });
  return parts;
}

type Random = ReturnType<typeof generator>;
const below = (random: Random, n: number): number => random() % n;
const chanceOf = (random: Random): number => random() / 2 ** 32;

const event = (random: Random, more: object = {}): string =>
  JSON.stringify({
    "@timestamp": new Date(1_767_323_045_000 + below(random, 100_000)).toISOString(),
    host: { name: `h${below(random, 4)}` },
    source: { ip: ["10.0.0.1", "-", "LOCAL"][below(random, 3)] },
    n: below(random, 4),
    text: "x".repeat(below(random, 200)),
    ...more,
  });
const ORDINARY: readonly ((random: Random) => string)[] = [
  (random) => event(random),
  (random) => event(random),
  (random) => event(random, { wide: "ä€😀".repeat(below(random, 50)) }),
  () => '{"n":1,"host":{"name":"again"}}',
];
const ODD: readonly ((random: Random) => string)[] = [
  () => "",
  () => " \t ",
  () => "\u0000\u0000",
  () => "[1, 2",
  (random) => event(random).slice(0, -5),
  (random) => `\uFEFF${event(random)}`,
  (random) => event(random) + event(random),
  (random) => `[${event(random)},${event(random)}]`,
  (random) => event(random, { big: 12_345_678_901_234_567_890n.toString() }).replace('"12345678901234567890"', "12345678901234567890"),
  (random) => event(random, { long: "y".repeat(12_000) }),
  (random) => event(random, { long: "z".repeat(40_000) }),
  (random) => `${event(random)}\r`,
  () => "\uFFFD",
];
const local = (more: object): string =>
  JSON.stringify({ EventTime: "2026-01-01 10:00:00", Channel: "Security", EventID: 4624, SourceName: "x", Hostname: "h1", ...more });
/** After lines of one of these kinds a file is read on to its end. */
const BINDING: readonly ((random: Random) => string)[] = [
  (random) => `${event(random)},`,
  (random) => (random() % 2 === 0 ? '{"index":{"_index":"a","_id":"1"}}' : event(random)),
  () => '{"attributes":{},"references":[],"type":"search","id":"1"}',
  (random) => local(random() % 2 === 0 ? { UtcTime: "2026-01-01 08:00:00" } : {}),
];

/** A first part must be long enough to tell the format. */
const SMALLEST = 17_000;

/** A log of lines that is longer than what is looked at to tell its format. Lines of the kind `binding` come behind that. */
function log(random: Random, odd: number, binding: number | null = null): string {
  const end = chanceOf(random) < 0.3 ? "\r\n" : "\n";
  let text = chanceOf(random) < 0.2 ? "\uFEFF" : "";
  for (let n = 0; text.length < 200_000; n++) {
    const chance = n < 4 ? 1 : chanceOf(random);
    const isBinding = binding !== null && text.length > 60_000 && chance < 0.3;
    const lines = chance < odd ? ODD : ORDINARY;
    text += (isBinding ? BINDING[binding]! : lines[below(random, lines.length)]!)(random) + end;
  }
  return chanceOf(random) < 0.5 ? text.slice(0, -end.length) : text;
}

describe("a log of lines in parts is the log", () => {
  test.each([
    ["of ordinary lines", 0, false],
    ["of odd lines among them", 0.2, false],
    ["of lines that bear on later ones", 0, true],
  ])("%s", async (name, odd, bound) => {
    const random = generator(11);
    let cut = 0;
    for (let round = 0; round < 12; round++) {
      const from = file(`${name}/${round}.ndjson`, log(random, odd, bound ? round % BINDING.length : null));
      const { units } = await compare(from, SMALLEST + below(random, 20_000), round % 2 === 0);
      if (units > 3) cut++;
    }
    expect(cut).toBeGreaterThan(6);
  });

  test("damaged anywhere", async () => {
    const random = generator(5);
    for (let round = 0; round < 12; round++) {
      const bytes = new TextEncoder().encode(log(random, 0.1, round % BINDING.length));
      await compare(file(`damaged/${round}.ndjson`, mutate(bytes, random)), SMALLEST + below(random, 20_000));
    }
  });

  test("of several files, some of them copies", async () => {
    const random = generator(3);
    const one = log(random, 0);
    file("several/1.ndjson", one);
    file("several/2.ndjson", log(random, 0.05));
    file("several/3.ndjson", one);
    file("several/4.ndjson", "{}\n");
    const { input, result, units } = await compare(join(path, "several"), SMALLEST);
    expect(units).toBeGreaterThan(10);
    expect(input.duplicates?.events).toBeGreaterThan(100);
    expect(result.faults.map(({ code }) => code)).toContain("eql/bad-ip");
  });

  test("of one line without an end", async () => {
    const first = '{"n":1}\n'.repeat(10);
    await compare(file("endless.ndjson", first + "x".repeat(100_000)), SMALLEST);
    const { units, result } = await compare(file("long.ndjson", `${first}{"a":"${"x".repeat(25_000)}"}\n{"n":2}`), 2_000);
    expect([units, result.events]).toEqual([13, 12]);
  });
});

test("a bulk request is read as a whole", async () => {
  const lines = '{"create":{"_index":"logs"}}\n{"n":1}\n'.repeat(1_000);
  expect(await compare(file("bulk.ndjson", lines), 2_000)).toMatchObject({ units: 1, result: { events: 1_000 } });
});

describe("an event log in parts is the log", () => {
  const CHUNK = 65_536;
  let record = 0n;
  const chunk = (): Uint8Array => {
    const events = new EvtxChunk();
    for (let n = 0; n < 3; n++) events.record(++record, processCreated(Number(record), `program ${record}`));
    return events.finish();
  };
  const chunks = (count: number): Uint8Array[] => Array.from({ length: count }, chunk);

  test("whole, cut short, with room for more", async () => {
    const log = evtxFile(chunks(7));
    const { units, result } = await compare(file("evtx/whole.evtx", log), 2 * CHUNK);
    expect([units, result.events]).toEqual([4, 21]);
    await compare(file("evtx/cut.evtx", log.subarray(0, log.length - 20_000)), CHUNK);
    await compare(file("evtx/short.evtx", log.subarray(0, log.length - 2 * CHUNK)), CHUNK);
    await compare(file("evtx/room.evtx", Buffer.concat([log, new Uint8Array(3 * CHUNK)])), CHUNK);
    const damaged = log.slice(0, log.length - CHUNK);
    damaged.fill(0x78, 4_096 + 2 * CHUNK, 4_096 + 3 * CHUNK);
    await compare(file("evtx/damaged.evtx", damaged), CHUNK);
    await compare(file("evtx/tail.evtx", Buffer.concat([log, new TextEncoder().encode("no chunk")])), CHUNK);
  });

  test("joined to another", async () => {
    const log = Buffer.concat([evtxFile(chunks(3)), evtxFile(chunks(4)), evtxFile(chunks(2))]);
    const { units, result } = await compare(file("evtx/joined.evtx", log), CHUNK);
    expect([units, result.events]).toEqual([10, 27]);
  });

  test("damaged anywhere", async () => {
    const random = generator(9);
    const log = evtxFile(chunks(5));
    for (let round = 0; round < 25; round++) await compare(file(`evtx/damaged/${round}.evtx`, mutate(log, random)), CHUNK, round % 2 === 0);
  });
});

test("a line belongs to the part that it begins in", () => {
  const text = "aa\nbbbb\n\nc\ndddddddddd\nee";
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < 8; size++) {
    for (let chunk = 1; chunk < 9; chunk++) {
      let joined = "";
      for (let from = 0; from < bytes.length; from += size) {
        const to = from + size < bytes.length ? from + size : Infinity;
        const part = new PartBytes({ from, to, starts: { kind: "lines" } });
        let own = "";
        for (let at = part.position; at < bytes.length; at += chunk) {
          const piece = bytes.subarray(at, at + chunk);
          const bounds = part.of(piece, at);
          own += new TextDecoder().decode(piece.subarray(bounds.from, bounds.to));
          if (bounds.isLast) break;
        }
        const first = joined.length;
        joined += own;
        if (own !== "") expect([first >= from, first < to, first === 0 || text[first - 1] === "\n"]).toEqual([true, true, true]);
      }
      expect(joined).toBe(text);
    }
  }
});
