import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { gzipSync, strFromU8, strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { EvtxChunk, evtxFile, processCreated } from "../../../scripts/evtx-writer.ts";
import type { RunnableRule } from "../../detect/index.ts";
import { parse } from "../../eql/index.ts";
import { Converter, Hunt, loadPackage, openInput, type Conversion, type Detection, type HuntOptions, type HuntResult } from "../index.ts";

const root = join(import.meta.dirname, "../../..");
const lab = readFileSync(join(root, "samples", "lab.ndjson"), "utf8");

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function read(file: File, sink: Hunt | Converter): void {
  const decoder = openInput(file.name);
  decoder.push(file.bytes, sink);
  decoder.end(sink);
}

function hunt(files: readonly File[], options: HuntOptions): HuntResult {
  const run = new Hunt(options);
  for (const file of files) read(file, run);
  return run.finish();
}

/** The ids of all alerts in order; fails where one comes twice. */
function ids(files: readonly File[], options: HuntOptions): string[] {
  const found = hunt(files, options).alerts.map((alert) => alert.id);
  expect(new Set(found).size).toBe(found.length);
  return found.sort();
}

function rule(key: string, text: string, version = "1.0.0"): RunnableRule {
  const { query } = parse(text);
  const unused = { description: "", riskScore: 73, threat: [], tags: [], references: [], dedup: null, title: null } as const;
  return { ...unused, key, uuid: key, name: key, version, severity: "high", kind: "detection", language: "eql", query: query! };
}

const text = (name: string, content: string): File => ({ name, bytes: strToU8(content) });

/** One file in every packing, under names that have nothing in common. */
function packings({ bytes }: File): File[] {
  return [
    { name: "logs/2026/plain.json", bytes },
    { name: "a.gz", bytes: gzipSync(bytes) },
    { name: "b.zst", bytes: zstdCompressSync(bytes) },
    { name: "c.zip", bytes: zipSync({ "deep/er/x.log": bytes }) },
    { name: "d.gz", bytes: gzipSync(zipSync({ y: bytes })) },
  ];
}

function converted(file: File, to: Conversion): File {
  let lines = "";
  const converter = new Converter(to, false, (line) => {
    if (line instanceof Uint8Array) lines += new TextDecoder().decode(line);
    else lines += `${typeof line === "string" ? line : JSON.stringify(line)}\n`;
  });
  read(file, converter);
  converter.flush();
  return text(`converted.${to}`, lines);
}

const detection = ((): Detection => {
  const folder = join(root, "detections", "T1021.002-smb-admin-shares");
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      files.set(relative(folder, join(entry.parentPath, entry.name)), readFileSync(join(entry.parentPath, entry.name), "utf8"));
  return loadPackage(files, { today: "2026-03-04" }).package!;
})();

describe("alert ids depend on the rule and the events alone", () => {
  const lines = lab.trimEnd().split("\n");
  const inLab: HuntOptions = { packages: [detection] };
  const expected = ids([text("samples/lab.ndjson", lab)], inLab);

  test("the same log in every packing, and converted", () => {
    expect(expected.length).toBeGreaterThan(20);
    for (const file of packings(text("x", lab))) expect(ids([file], inLab), file.name).toEqual(expected);
    expect(ids([converted(text("x", lab), "ecs")], inLab)).toEqual(expected);
  });

  test("the same log as many files in any order", () => {
    const pieces = Array.from({ length: 23 }, (_, i) => text(`${i}.json`, lines.filter((_, n) => n % 23 === i).join("\n")));
    fc.assert(
      fc.property(fc.shuffledSubarray(pieces, { minLength: pieces.length }), (order) => {
        expect(ids(order, inLab)).toEqual(expected);
      }),
      { numRuns: 5 },
    );
    expect(ids([{ name: "z.zip", bytes: zipSync(Object.fromEntries(pieces.map(({ name, bytes }) => [name, bytes]))) }], inLab)).toEqual(
      expected,
    );
  });

  test("an event log and its conversions", () => {
    const chunk = new EvtxChunk();
    for (let i = 0; i < 40; i++) chunk.record(BigInt(i + 1), processCreated(i + 1, `net use \\\\srv01\\c$ ${i}`));
    const log: File = { name: "Security.evtx", bytes: evtxFile([chunk.finish()]) };
    const options: HuntOptions = {
      packages: [],
      rules: [
        rule("T/net", 'process where process.command_line : "net use*"'),
        rule("T/twice", 'sequence by host.name [process where process.command_line : "*1*"] [process where process.command_line : "*2*"]'),
      ],
    };
    const alerts = ids([log], options);
    expect(alerts.length).toBeGreaterThan(40);
    for (const to of ["ecs", "raw", "xml"] as const) {
      expect(ids([converted(log, to)], options), to).toEqual(alerts);
      for (const file of packings(converted(log, to))) expect(ids([file], options), file.name).toEqual(alerts);
    }
    // Without record numbers the content has to do, and that names the file it was read from.
    const xml = converted(log, "xml");
    const bare = text("bare.xml", strFromU8(xml.bytes).replaceAll(/<EventRecordID>\d+<\/EventRecordID>/g, ""));
    const byContent = ids([bare], options);
    expect(byContent).toHaveLength(alerts.length);
    expect(byContent).not.toEqual(alerts);
    for (const file of [...packings(bare), converted(bare, "ecs")]) expect(ids([file], options), file.name).toEqual(byContent);
  });
});

describe("ids are unique", () => {
  const options: HuntOptions = { packages: [], rules: [rule("T/any", "any where n >= 0")] };

  test("members of one name in one archive", () => {
    const line = (n: number): Uint8Array => strToU8(`${JSON.stringify({ n })}\n`);
    const zip = strFromU8(zipSync({ "aaa.json": line(1), "bbb.json": line(2) }, { level: 0 }), true).replaceAll("bbb.json", "aaa.json");
    expect(ids([{ name: "dup.zip", bytes: strToU8(zip, true) }], options)).toHaveLength(2);
    // The same log twice: alerts that are equal in everything get ids of their own too.
    const same = strFromU8(zipSync({ "aaa.json": line(1), "bbb.json": line(1) }, { level: 0 }), true).replaceAll("bbb.json", "aaa.json");
    expect(ids([{ name: "dup.zip", bytes: strToU8(same, true) }], options)).toHaveLength(2);
  });

  const document = fc.record(
    {
      n: fc.integer({ min: 0, max: 2 }),
      "@timestamp": fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01Z"),
      winlog: fc.record(
        {
          channel: fc.constantFrom("Security", "System"),
          computer_name: fc.constantFrom("a", "B"),
          record_id: fc.integer({ min: 1, max: 3 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["n"] },
  );
  const wrapped = fc.oneof(
    document,
    fc.record({ _index: fc.constantFrom("i", "j"), _id: fc.constantFrom("1", "2"), _source: document }).map((hit) => hit as object),
  );

  test("and the same for any split, order and order of keys, whatever repeats", () => {
    fc.assert(
      fc.property(
        fc
          .array(wrapped, { maxLength: 30 })
          .chain((documents) =>
            fc.tuple(
              fc.constant(documents),
              fc.shuffledSubarray(documents, { minLength: documents.length }),
              fc.integer({ min: 1, max: 5 }),
            ),
          ),
        ([documents, shuffled, size]) => {
          const whole = ids([text("one.json", documents.map((d) => JSON.stringify(d)).join("\n"))], options);
          const files: File[] = [];
          for (let at = 0; at < shuffled.length; at += size)
            files.push(
              text(
                `${at}.json`,
                shuffled
                  .slice(at, at + size)
                  .map((d) => JSON.stringify(reversed(d)))
                  .join("\n"),
              ),
            );
          expect(ids(files, options)).toEqual(whole);
          expect(whole).toHaveLength(documents.length);
        },
      ),
    );
  });
});

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

test("an id tells apart rules, versions of a rule, events, their order and their keys", () => {
  const log = [
    text("x.json", '{"n":1,"@timestamp":"2026-01-01T00:00:00Z","k":"a"}\n{"n":2,"@timestamp":"2026-01-01T00:00:01Z","k":"a"}\n'),
  ];
  const of = (query: string, key = "T/a", version = "1.0.0"): string[] => ids(log, { packages: [], rules: [rule(key, query, version)] });
  const all = [
    ...of("any where n > 0"),
    ...of("any where n > 0", "T/b"),
    ...of("any where n > 0", "T/a", "1.0.1"),
    ...of("sequence [any where n == 1] [any where n == 2]"),
    ...of("sequence by k [any where n == 1] [any where n == 2]"),
  ];
  expect(new Set(all).size).toBe(8);
  expect(all.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
});
