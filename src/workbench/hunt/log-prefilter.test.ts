/** A hunt that decodes and maps no more of an event log than its rules ask for finds what one that makes every event does. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  element,
  EvtxChunk,
  eventTemplate,
  evtxFile,
  optional,
  slot,
  value,
  type ItemSpec,
  type ValueSpec,
} from "../../../scripts/evtx-writer.ts";
import { generator, mutate } from "../../../scripts/reader-samples.ts";
import { shippedPackage, TODAY } from "../../../scripts/shipped.ts";
import { nestedAccess } from "../../detect/index.ts";
import { createNormaliser } from "../../ecs/index.ts";
import type { FieldValue } from "../../eql/index.ts";
import type { WindowsRecord } from "../../readers/index.ts";
import { Hunt, loadRules, openInput, type HuntOptions } from "../index.ts";
import { EventScope, NOT_NARROWED } from "../narrowing/event-narrowing.ts";
import { Reading } from "../reading/reading.ts";
import type { RuleSet } from "../rules/load.ts";
import { LogPrefilter } from "./log-prefilter.ts";

const RULES: Readonly<Record<string, string>> = {
  "name.eql": 'process where process.name : ("cmd.exe", "net*.exe")\n',
  "line.eql": 'process where process.command_line : "*/c*" and not process.parent.name : "x"\n',
  "user.eql": 'any where user.name == "ann" and host.name : "ws*"\n',
  "raw.eql": 'any where winlog.event_data.Extra == "1" or winlog.record_id == "3"\n',
  "missing.eql": "process where process.parent.name == null and process.pid > 4\n",
  "sequence.eql": 'sequence by host.name with maxspan=1h [process where true] [any where event.code == "5145"]\n',
};
/** Looks at every value of an event. */
const WORDS = `title: Words
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows, service: security}
detection: {keywords: [psexesvc], condition: keywords}
`;

function rules(files: Readonly<Record<string, string>>): RuleSet {
  return loadRules(
    Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })),
    { today: TODAY, cases: false },
  );
}

type Files = readonly (readonly [name: string, content: Uint8Array])[];
type Rules = Omit<HuntOptions, "packages"> & RuleSet;

function report(files: Files, options: Rules): string {
  const hunt = new Hunt({ today: TODAY, now: 1_772_000_000_000, ...options });
  const reading = new Reading({ dropDuplicates: true }, hunt);
  for (const [name, content] of files) {
    const source = reading.open({ name, size: content.length, named: true });
    source.push(content);
    source.end();
  }
  const { rules: counts, ...result } = hunt.finish();
  const found = { result, counts: counts.map(({ rule, matched, alerts }) => [rule.key, matched, alerts]), summary: reading.summary };
  return JSON.stringify(found, (_key, item: unknown) => (typeof item === "bigint" ? `${item}n` : item), 1);
}

function expectTheSame(files: Files, options: Rules): string {
  const plain = report(files, { ...options, fastPath: false });
  expect(report(files, options) === plain ? plain : "another report").toBe(plain);
  return plain;
}

const few = fc.constantFrom("C:\\Windows\\cmd.exe", "C:\\net1.exe", 'cmd.exe /c "dir"', "ann", "-", "", "1", "PSEXESVC", "x", "0x4\r\n");
const datum = fc.oneof(
  { weight: 6, arbitrary: few.map(value.string) },
  fc.constant(value.none),
  fc.nat(9).map(value.uint32),
  fc.constant(value.strings("a", "ann")),
);
const name = fc.constantFrom(
  "NewProcessName",
  "CommandLine",
  "ParentProcessName",
  "SubjectUserName",
  "TargetUserName",
  "NewProcessId",
  "ShareName",
  "Extra",
  null,
);
const template = fc.uniqueArray(fc.record({ name, drops: fc.boolean() }), { maxLength: 6, selector: (item) => item.name });
interface LoggedEvent {
  readonly template: number;
  readonly code: number;
  readonly values: readonly ValueSpec[];
  readonly id: bigint;
  readonly time: bigint;
  readonly computer: string;
}
const event: fc.Arbitrary<LoggedEvent> = fc.record({
  template: fc.nat(2),
  code: fc.constantFrom(4688, 4688, 5145, 4624, 1),
  values: fc.array(datum, { minLength: 6, maxLength: 6 }),
  id: fc.bigInt({ min: 1n, max: 4n }),
  time: fc.constantFrom(134_117_678_123_456_789n, 134_117_679_123_456_789n, 1n << 62n),
  computer: fc.constantFrom("WS01", "SRV"),
});

function log(templates: readonly (readonly { name: string | null; drops: boolean }[])[], events: readonly LoggedEvent[]): Uint8Array {
  const chunk = new EvtxChunk();
  for (const it of events) {
    const items = templates[it.template]!.map((item, i): ItemSpec =>
      element("Data", item.name === null ? {} : { Name: item.name }, item.drops && item.name !== null ? optional(i) : slot(i)),
    );
    const system = [
      value.uint8(0),
      value.uint8(0),
      value.uint16(13_312),
      value.uint16(it.code),
      value.none,
      value.hex64(0x8020_0000_0000_0000n),
    ];
    chunk.record(it.id, {
      template: eventTemplate,
      values: [
        ...system,
        value.fileTime(it.time),
        value.none,
        value.uint32(4),
        value.uint32(7),
        value.uint64(it.id),
        value.uint8(2),
        value.none,
        value.none,
        value.string(it.computer),
        value.none,
        value.nested(element("EventData", {}, ...items), it.values),
      ],
    });
  }
  return evtxFile([chunk.finish()]);
}

describe("the report is that of a hunt that makes every event", () => {
  test("of logs whose values come again and again, also damaged", () => {
    const set = rules(RULES);
    const withWords = rules({ ...RULES, "words.yml": WORDS });
    expect([...set.problems, ...withWords.problems]).toEqual([]);
    let alerts = 0;
    const random = generator(3);
    fc.assert(
      fc.property(
        fc.array(template, { minLength: 3, maxLength: 3 }),
        fc.array(event, { minLength: 1, maxLength: 40 }),
        (templates, events) => {
          const bytes = log(templates, events);
          alerts += expectTheSame([["a.evtx", bytes]], set).split('"rule":').length - 1;
          expectTheSame([["b.evtx", mutate(bytes, random)]], { ...withWords, strictElastic: true });
          expectTheSame([["a.evtx", bytes]], { ...set, narrowing: { ...NOT_NARROWED, hosts: ["ws01"], users: ["ann"] } });
        },
      ),
      { numRuns: 25 },
    );
    expect(alerts).toBeGreaterThan(40);
  });

  const shared = join("..", "shared");
  const sets: readonly (readonly [string, () => RuleSet])[] = [
    ["the package", () => ({ ...rules({}), packages: [shippedPackage()] })],
    [
      "SigmaHQ's rules",
      () => {
        const folder = join(shared, "suites", "sigma", "rules", "rules", "windows");
        const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yml"));
        return rules(Object.fromEntries(names.map((file) => [file, readFileSync(join(folder, file), "utf8")])));
      },
    ],
  ];

  test.skipIf(!existsSync(shared)).each(sets)(
    "of recorded logs with %s, also damaged (skipped: no ../shared beside the checkout)",
    { timeout: 120_000 },
    (_title, load) => {
      const set = load();
      const folder = join(shared, "recordings");
      const files: Files = readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".evtx"))
        .map((file) => [file, readFileSync(join(folder, file))] as const);
      expect(expectTheSame(files, set).length).toBeGreaterThan(100_000);
      const random = generator(5);
      expectTheSame(
        files.map(([file, bytes]) => [file, mutate(bytes, random)] as const),
        set,
      );
    },
  );
});

test("a record is mapped once for values of its inputs, and again where one of them is another", () => {
  const items = [
    { name: "NewProcessName", drops: false },
    { name: "CommandLine", drops: false },
  ];
  const made = (code: number, path: string, line: string, computer = "WS01"): LoggedEvent => ({
    template: 0,
    code,
    values: [value.string(path), value.string(line)],
    id: 1n,
    time: 134_117_678_123_456_789n,
    computer,
  });
  const bytes = log(
    [items],
    [
      made(4688, "C:\\a.exe", "1"),
      made(4688, "C:\\a.exe", "2"),
      made(4688, "C:\\b.exe", "3"),
      made(4688, "C:\\a.exe", "4", "SRV"),
      made(4624, "C:\\a.exe", "5"),
      made(4624, "C:\\a.exe", "6"),
    ],
  );
  const read: FieldValue[][] = [];
  const fields = ["process.name", "host.name"];
  const normaliser = createNormaliser();
  const prefilter = new LogPrefilter({
    filters: { fields, mayMatch: (at) => read.push(fields.map((_, field) => at(field))) < 0 },
    normaliser,
    scope: new EventScope(NOT_NARROWED),
    strictElastic: false,
  });
  const wasMade: boolean[] = [];
  const expected: FieldValue[][] = [];
  const decoder = openInput("x.evtx");
  const sink = {
    record(record: unknown) {
      expect(prefilter.settles(record as WindowsRecord)).toBe(true);
      wasMade.push(prefilter.normalised !== null);
      const { event: whole } = normaliser.normalise(record as WindowsRecord);
      expected.push(fields.map((field) => nestedAccess(field)(whole)));
    },
    problem() {},
  };
  decoder.push(bytes, sink);
  decoder.end(sink);
  expect(read).toEqual(expected);
  expect(wasMade).toEqual([true, false, true, true, true, false]);
});
