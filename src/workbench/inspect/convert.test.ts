import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { element, EvtxChunk, eventTemplate, evtxFile, optional, slot, value, type ItemSpec } from "../../../scripts/evtx-writer.ts";
import { createNormaliser } from "../../ecs/index.ts";
import { openInput, type LogRecord } from "../../readers/index.ts";
import { jsonText } from "../json-text.ts";
import { Converter } from "./convert.ts";

interface Converted {
  /** What `--to raw` writes, and how much of it came as bytes without a document in between. */
  readonly lines: string;
  readonly directly: number;
  /** The raw documents as JSON. */
  readonly documents: string;
  readonly records: number;
}

function convert(bytes: Uint8Array): Converted {
  let [lines, documents, directly, records] = ["", "", 0, 0];
  const converter = new Converter("raw", false, (line) => {
    if (line instanceof Uint8Array) {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
      lines += text;
      directly += text.split("\n").length - 1;
    } else lines += `${jsonText(line)}\n`;
  });
  const normaliser = createNormaliser({ strictElastic: false });
  const sink = {
    record(record: LogRecord) {
      records++;
      converter.record(record);
      documents += `${jsonText(normaliser.toRaw(record))}\n`;
    },
    problem() {},
  };
  const decoder = openInput('logs/"x".evtx');
  decoder.push(bytes, sink);
  decoder.end(sink);
  converter.flush();
  return { lines, directly, documents, records };
}

describe("raw JSON straight from the bytes of a log is that of the raw documents", () => {
  const folders = ["data", "recordings", "suites"].map((name) => join("..", "shared", name));

  test.skipIf(!existsSync(folders[0]!))("of every recorded log (skipped: no ../shared beside the checkout)", { timeout: 60_000 }, () => {
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".evtx"))
        .map((name) => join(folder, name)),
    );
    let [directly, records] = [0, 0];
    for (const file of files) {
      const found = convert(readFileSync(file));
      expect(found.lines === found.documents, file).toBe(true);
      directly += found.directly;
      records += found.records;
    }
    expect(files.length).toBeGreaterThan(200);
    expect(directly / records).toBeGreaterThan(0.75);
  });

  const unit = fc.constantFrom(
    "a",
    "é",
    "Ω",
    "\ud83d\ude00",
    "\ud800",
    "\udc00",
    '"',
    "\\",
    "\0",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\u001f",
    "\u007f",
    "\u2028",
    "\ufeff",
  );
  const text = fc.oneof(
    fc.array(unit, { maxLength: 8 }).map((units) => units.join("")),
    fc.string({ unit: "binary", maxLength: 90 }),
  );
  const bigint = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
  const datum = fc.oneof(
    { weight: 6, arbitrary: text.map(value.string) },
    fc.constant(value.none),
    text.map((ansi) => value.ansi(ansi)),
    fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }).map(value.int32),
    uint32.map(value.uint32),
    bigint.map(value.int64),
    bigint.map(value.uint64),
    bigint.map(value.hex64),
    bigint.map(value.fileTime),
    uint32.map(value.hex32),
    uint32.map(value.boolean),
    fc.float().map(value.float32),
    fc.double().map(value.float64),
    fc.constantFrom(
      value.sid("S-1-5-18"),
      value.guid("{54849625-5478-4994-a5ba-3e3b0328c30d}"),
      value.strings("a", "b"),
      value.binary("00ff"),
    ),
  );
  const name = fc.option(fc.constantFrom("A", "B", "param2", "2", "__proto__", 'q"', "Ωmega", "toJSON", "\u0001data"));
  const item = fc.record({
    name,
    data: datum,
    optional: fc.boolean(),
    text: fc.option(text, { freq: 8 }),
    tag: fc.constantFrom("Data", "Data", "Data", "ComplexData", "Binary"),
  });
  const log = fc.record({
    items: fc.array(item, { maxLength: 6 }),
    time: fc.oneof(bigint, fc.bigInt({ min: 131_000_000_000_000_000n, max: 134_000_000_000_000_000n })),
    id: bigint,
    event: fc.integer({ min: 0, max: 0xffff }),
    level: fc.integer({ min: 0, max: 6 }),
    task: fc.integer({ min: 0, max: 2 }),
    keywords: bigint,
    computer: fc.option(text),
    user: fc.constantFrom(value.none, value.sid("S-1-5-18"), value.string('u"')),
    activity: fc.constantFrom(value.none, value.guid("{54849625-5478-4994-a5ba-3e3b0328c30d}"), value.string("\u0001time")),
    process: fc.oneof(uint32, fc.constant(null)),
  });

  test("of templates and values of all kinds", () => {
    let directly = 0;
    fc.assert(
      fc.property(fc.array(log, { minLength: 1, maxLength: 3 }), (logs) => {
        const chunk = new EvtxChunk();
        for (const it of logs) {
          const items = it.items.map(({ name: its, optional: drops, text: constant, tag }, i): ItemSpec =>
            element(tag, its === null ? {} : { Name: its }, constant ?? (drops ? optional(i) : slot(i))),
          );
          const values = [
            value.uint8(it.level),
            value.uint8(0),
            value.uint16(it.task),
            value.uint16(it.event),
            value.none,
            value.hex64(it.keywords),
            value.fileTime(it.time),
            it.activity,
            it.process === null ? value.none : value.uint32(it.process),
            value.uint32(7),
            value.uint64(it.id),
            value.uint8(1),
            it.user,
            value.none,
            it.computer === null ? value.none : value.string(it.computer),
            value.none,
            value.nested(
              element("EventData", {}, ...items),
              it.items.map(({ data }) => data),
            ),
          ];
          // The same again: what is kept of the first must fit the second.
          for (let times = 0; times < 2; times++) chunk.record(it.id, { template: eventTemplate, values });
        }
        const found = convert(evtxFile([chunk.finish()]));
        expect(found.lines).toBe(found.documents);
        expect(found.records).toBe(2 * logs.length);
        directly += found.directly;
      }),
      { numRuns: 300 },
    );
    expect(directly).toBeGreaterThan(300);
  });
});
