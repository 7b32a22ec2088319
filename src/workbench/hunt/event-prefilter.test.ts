/** Whatever comes in, a hunt that need not make every document finds what one that makes them all does. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { concat, generator, makeSamples, mutate } from "../../../scripts/reader-samples.ts";
import { shippedPackage, TODAY } from "../../../scripts/shipped.ts";
import { Converter, Hunt, loadRules, openInput, type HuntOptions, type LogRecord } from "../index.ts";
import type { RuleSet } from "../rules/load.ts";
import { Reading } from "../reading/reading.ts";
import { EventScan, type EventBatch } from "./event-scan.ts";

const root = join(import.meta.dirname, "../../..");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const lab = readFileSync(join(root, "samples", "lab.ndjson"));

function rules(files: Readonly<Record<string, string>>): RuleSet {
  const set = loadRules(
    Object.entries(files).map(([path, text]) => ({ path, bytes: bytes(text) })),
    { today: TODAY, cases: false },
  );
  expect(set.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return set;
}

const SHARES = `title: Share
name: share
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, service: security}
detection: {selection: {EventID: [5140, 5145]}, condition: selection}
---
title: Many shares
id: 33333333-3333-4333-8333-333333333333
level: high
correlation: {type: event_count, rules: [share], group-by: [Computer], timespan: 10m, condition: {gte: 3}}
`;
const KEYWORDS = `title: Words
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows, service: security}
detection: {keywords: [psexesvc, "*admin$*"], condition: keywords}
`;

/** Some look at one field, some at several, at any, at none; some cannot be computed on every event. */
const RULES: Readonly<Record<string, RuleSet>> = {
  package: { ...rules({}), packages: [shippedPackage()] },
  fields: rules({
    "address.eql": 'any where cidrMatch(source.ip, "10.0.0.0/8")\n',
    "sequence.eql": 'sequence by host.name with maxspan=10m [any where event.code == "5145"] [process where process.name : "*.exe"]\n',
    "same.eql": 'process where concat(process.name, process.parent.name) == "cmd.execmd.exe"\n',
    "missing.eql": 'process where process.parent.name == null and process.pid > 4 and event.category == "process"\n',
    "words.eql":
      'any where process.command_line regex~ ".*(net|psexec).*" or file.name in~ ("x", "psexesvc.exe") or length(user.name) == 4\n',
    "shares.yml": SHARES,
  }),
  "any field": rules({ "keywords.yml": KEYWORDS }),
  negations: rules({ "not.eql": 'any where not process.name : "*e*"\n' }),
};

class CountingHunt extends Hunt {
  made = 0;
  override record(record: LogRecord): void {
    this.made++;
    super.record(record);
  }
}

interface Outcome {
  readonly report: string;
  /** Records that were made. */
  readonly made: number;
  readonly alerts: number;
}

type Files = readonly (readonly [name: string, content: Uint8Array])[];

function read(files: Files, sink: Hunt | EventScan, dropDuplicates: boolean, chunk: number): Reading {
  const reading = new Reading({ dropDuplicates }, sink);
  for (const [name, content] of files) {
    const source = reading.open({ name, size: content.length, named: true });
    for (let from = 0; from < content.length; from += chunk) source.push(content.slice(from, from + chunk));
    source.end();
  }
  return reading;
}

function outcome(hunt: CountingHunt, reading: Reading): Outcome {
  const { rules: counts, ...result } = hunt.finish();
  const report = { result, counts: counts.map(({ rule, matched, alerts }) => [rule.key, matched, alerts]), summary: reading.summary };
  const text = JSON.stringify(report, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value), 1);
  return { report: text, made: hunt.made, alerts: result.alerts.length };
}

function hunted(files: Files, options: Omit<HuntOptions, "packages"> & RuleSet, chunk = 1 << 18): Outcome {
  const hunt = new CountingHunt({ today: TODAY, now: 1_772_000_000_000, ...options });
  return outcome(hunt, read(files, hunt, true, chunk));
}

/** The same in two steps, as with worker threads. */
function scanned(files: Files, options: Omit<HuntOptions, "packages"> & RuleSet): Outcome {
  const hunt = new CountingHunt({ today: TODAY, now: 1_772_000_000_000, ...options });
  const batches: EventBatch[] = [];
  const reading = new Reading({ dropDuplicates: true }, hunt);
  const scan = new EventScan(
    hunt.scanSettings(reading.seen!.secrets),
    () => 0,
    (batch) => batches.push(batch),
  );
  hunt.scanning(scan.faults);
  const scanReading = read(files, scan, false, 1 << 18);
  scan.flush();
  for (const batch of batches) {
    for (const problem of batch.problems) reading.problem(problem);
    hunt.scanned(batch, reading.seen);
  }
  reading.add(scanReading.summary);
  return outcome(hunt, reading);
}

function expectTheSame(files: Files, options: Omit<HuntOptions, "packages"> & RuleSet, chunk?: number): { fast: Outcome; plain: Outcome } {
  const plain = hunted(files, { ...options, fastPath: false }, chunk);
  const fast = hunted(files, options, chunk);
  expect(fast.report).toBe(plain.report);
  return { fast, plain };
}

/** Events that are ECS already, as lines. */
function ecsLines(name: string, content: Uint8Array): string {
  const lines: string[] = [];
  const converter = new Converter("ecs", false, (line) => void lines.push(typeof line === "string" ? line : JSON.stringify(line)));
  const decoder = openInput(name);
  decoder.push(content, converter);
  decoder.end(converter);
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

const ecs = ecsLines("lab.ndjson", lab);
type Document = Readonly<Record<string, unknown>>;
const documentsOf = (lines: string): Document[] =>
  lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Document);
const rawDocuments = documentsOf(lab.toString());
/** As the lab's shipper wrote them, as Elastic's agent does, without a time, and mapped. */
const documents = [
  ...rawDocuments,
  ...rawDocuments.map(({ winlog, ...document }) => ({
    ...document,
    data_stream: { dataset: "windows.sysmon_operational" },
    winlog: { ...(winlog as Document), time_created: document["@timestamp"], level: "information" },
  })),
  ...rawDocuments.map((document) => ({ ...document, "@timestamp": undefined })),
  ...documentsOf(ecs),
];

describe.each(Object.entries(RULES))("with rules of %s", (name, set) => {
  test("over raw events, not all of which are made where rules look at some fields", () => {
    const { fast, plain } = expectTheSame([["lab.ndjson", lab]], set);
    if (name === "package" || name === "fields") expect(fast.made).toBeLessThan(plain.made);
  });

  test("over events that are ECS, twice, in one file and in several, in any pieces", () => {
    const third = ecs.length / 3;
    const files: Files = [
      ["a.ndjson", bytes(ecs)],
      ["b.ndjson", bytes(ecs.slice(ecs.indexOf("\n", third) + 1))],
    ];
    const { fast, plain } = expectTheSame(files, set);
    expect(plain.alerts).toBeGreaterThan(0);
    if (name === "package" || name === "fields") expect(fast.made).toBeLessThan(plain.made * 0.9);
    expectTheSame(files, set, 777);
    expect(scanned(files, set).report).toBe(plain.report);
  });

  test("over raw events, samples of all formats, and all of them damaged", () => {
    const random = generator(11);
    const samples: Files = makeSamples().map((sample, n) => [`${n}`, sample.bytes] as const);
    const files: Files = [["lab.ndjson", lab], ["ecs.ndjson", bytes(ecs)], ...samples];
    expectTheSame(files, set);
    expectTheSame(
      files.map(([file, content]) => [file, mutate(content, random)] as const),
      set,
    );
  });

  test("over documents that are spelt, broken and changed in every way", () => {
    const random = generator(name.length);
    for (let round = 0; round < 6; round++) {
      const files: Files = [
        ["a.ndjson", changed(random)],
        ["b.ndjson", changed(random)],
      ];
      expectTheSame(files, set);
    }
  });

  test("narrowed", () => {
    const narrowing = {
      since: Date.parse("2026-03-04T08:50:00Z"),
      until: Date.parse("2026-03-04T09:10:00Z"),
      hosts: [],
      users: [],
      channels: [],
    };
    const random = generator(5);
    for (const more of [{}, { hosts: ["ws01*"] }, { users: ["*adm*", "CORP\\j*"] }, { channels: ["sec*"] }]) {
      expectTheSame(
        [
          ["a.ndjson", bytes(ecs)],
          ["b.ndjson", changed(random)],
        ],
        { ...set, narrowing: { ...narrowing, ...more } },
      );
    }
  });
});

test("an event on which a rule cannot be computed is reported, though no rule matches it", () => {
  const lines = ["10.0.0.1", "-", "LOCAL"].map((ip) =>
    JSON.stringify({ "@timestamp": "2026-03-04T09:00:00Z", event: { category: "network" }, source: { ip } }),
  );
  const { plain } = expectTheSame([["a.ndjson", bytes(`${lines.join("\n")}\n`)]], RULES["fields"]!);
  expect(plain.report).toContain("eql/bad-ip");
});

test("what a field of a raw event depends on may be an object", () => {
  const winlog = {
    channel: "Security",
    provider_name: "Microsoft-Windows-Security-Auditing",
    event_id: "4689",
    record_id: 1,
    computer_name: "WS01",
  };
  const event = (name: unknown, n: number): string =>
    JSON.stringify({
      "@timestamp": "2026-03-04T09:00:00Z",
      process: { executable: name },
      winlog: { ...winlog, record_id: n, event_data: { ProcessName: name } },
    });
  const names = ["C:\\a.exe", { x: "C:\\cmd.exe" }, ["C:\\cmd.exe"], "C:\\b.exe", { x: 1 }, "C:\\cmd.exe"];
  const set = rules({
    "cmd.eql": 'any where process.name == "cmd.exe"\n',
    "no.eql": 'any where process.executable == null and winlog.event_id == "4689"\n',
  });
  expect(expectTheSame([["a.ndjson", bytes(names.concat(names).map(event).join("\n"))]], set).plain.alerts).toBeGreaterThan(0);
});

type Random = () => number;

/** Some events, each line changed in some way with half a chance. */
function changed(random: Random): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let n = 0; n < 60; n++) {
    const document = pick(documents, random);
    const text = random() % 2 === 0 ? JSON.stringify(document) : CHANGES[random() % CHANGES.length]!(document, random);
    pieces.push(bytes(text), ENDS[random() % 8] ?? ENDS[0]!);
  }
  return random() % 4 === 0 ? mutate(concat(pieces), random) : concat(pieces);
}

const ENDS = [bytes("\n"), bytes("\r\n"), bytes("\n\n"), bytes(" \t\n")];

type Change = (document: { readonly [key: string]: unknown }, random: Random) => string;

/** The member that holds a field of the document, taken from its text. */
const text = (document: unknown): string => JSON.stringify(document);
const insert = (document: unknown, member: string, random: Random): string => {
  const written = text(document);
  return random() % 2 === 0 ? `{${member},${written.slice(1)}` : `${written.slice(0, -1)},${member}}`;
};
const pick = <T>(list: readonly T[], random: Random): T => list[random() % list.length]!;

const VALUES = [
  '"x"',
  "1",
  "-0",
  "1.50",
  "1e3",
  "1e999",
  "9007199254740993",
  "null",
  "true",
  "[]",
  "{}",
  '["a","b"]',
  "[null]",
  '[["a"]]',
  '[{"name":"net.exe"}]',
  '{"name":"net.exe"}',
  '"psexesvc"',
  '"\\u0041"',
  '"\\/"',
  '"\\ud800"',
  '"é\u2028𝄞"',
  '""',
  '"5145"',
  "5145",
  '"2026-03-04T09:00:00Z"',
  `"${"y".repeat(5_000)}"`,
];
const KEYS = [
  "@timestamp",
  "event",
  "event.code",
  "event.category",
  "event.kind",
  "event.dataset",
  "process",
  "process.name",
  "process.parent",
  "process.parent.name",
  "winlog",
  "winlog.channel",
  "winlog.record_id",
  "winlog.event_data",
  "winlog.event_data.UtcTime",
  "winlog.event_id",
  "ecs",
  "ecs.version",
  "kibana",
  "signal",
  "log.syslog",
  "log",
  "data_stream.dataset",
  "host.name",
  "user.name",
  "user",
  "file.name",
  "source.ip",
  "related.user",
  "message",
  "__proto__",
  "constructor",
  "a.b",
  "x",
  "tags",
  "_source",
  "_id",
  "_index",
  "result",
  "EventID",
  "event_id",
  "hits",
  "index",
  "create",
  "doc",
  "value",
  "items",
  "Records",
  "status",
  "error",
  "rule_id",
  "log_name",
  "Event",
  "_raw",
  "time",
  "event.",
  ".event",
  "event..code",
  "process.name.text",
  "\\u0065vent",
  'qu\\"ote',
  "é",
];

const CHANGES: readonly Change[] = [
  (document, random) => insert(document, `"${pick(KEYS, random)}":${pick(VALUES, random)}`, random),
  (document, random) => insert(document, `"${pick(KEYS, random)}":{"${pick(KEYS, random)}":${pick(VALUES, random)}}`, random),
  (document, random) =>
    insert({}, `"${pick(KEYS, random)}":${pick(VALUES, random)},"${pick(KEYS, random)}":${pick(VALUES, random)}`, random).replace(
      ",}",
      "}",
    ) +
    pick(["", " ", "x"], random) +
    (random() % 9 === 0 ? text(document) : ""),
  // In place of a value.
  (document, random) => {
    const values = [...text(document).matchAll(/"(?:[^"\\]|\\.)*"(?=[,}])|\d+(?=[,}])/g)];
    if (values.length === 0) return text(document);
    const { 0: value, index } = pick(values, random);
    return `${text(document).slice(0, index)}${pick(VALUES, random)}${text(document).slice(index + value.length)}`;
  },
  // With dots: all of it, or one object.
  (document) => text(dotted(document)),
  (document, random) => {
    const keys = Object.keys(document).filter((key) => typeof document[key] === "object");
    const key = pick(keys, random);
    const { [key]: inner, ...rest } = document;
    return text({ ...rest, ...dotted({ [key]: inner }) });
  },
  // In another order, with blanks.
  (document) => text(Object.fromEntries(Object.entries(document).reverse())),
  (document) => JSON.stringify(document, null, 1).replaceAll("\n", ""),
  // Torn, joined, nested, with a mark in front.
  (document, random) => text(document).slice(0, random() % 400),
  (document, random) => text(document).slice(random() % 400),
  (document) => text(document) + text(document),
  (document) => `[${text(document)},${text(document)}]`,
  (document) => `${text(document)},`,
  (document) => `\uFEFF${text(document)}`,
  (document, random) => insert(document, `"deep":${'{"a":'.repeat(random() % 300)}1`, random),
  (document) => `{"result":{"_time":"2026-03-04",${text(document).slice(1)}}`,
  (document) => `{"_index":"i","_id":"1","_source":${text(document)}}`,
  (document) => `{"index":{"_index":"logs"}}\n${text(document)}`,
  (document) => text({ ...document, "@timestamp": [document["@timestamp"]], process: { name: ["net.exe"] } }),
  (document) => text({ ...document, "@timestamp": undefined, time: "2026-03-04T09:00:00Z" }),
  (document) => text(document).replace(/"[^"]*\\/, (all) => `${all}u0041`),
  (document) => text(document).replace('":"', '":"\u0001'),
  (document) => text({ ...document, message: "z".repeat(70_000) }),
];

function dotted(
  document: { readonly [key: string]: unknown },
  prefix = "",
  into: { [key: string]: unknown } = {},
): { [key: string]: unknown } {
  for (const [key, value] of Object.entries(document)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      dotted(value as { [key: string]: unknown }, `${prefix}${key}.`, into);
    else into[prefix + key] = value;
  }
  return into;
}

const recordings = join(root, "../shared/recordings/otrf");
test.skipIf(!existsSync(recordings))(
  "over recorded attacks, raw and mapped (needs ../shared/recordings/otrf)",
  () => {
    const names = readdirSync(recordings, { recursive: true, encoding: "utf8" }).filter((name) => /\.(?:zip|gz)$/.test(name));
    expect(names.length).toBeGreaterThan(10);
    names.sort((a, b) => statSync(join(recordings, a)).size - statSync(join(recordings, b)).size);
    const set = { ...RULES["fields"]!, packages: [shippedPackage()] };
    for (const name of names.slice(0, 4)) {
      const content = readFileSync(join(recordings, name));
      const mapped = bytes(ecsLines(name, content));
      const { fast, plain } = expectTheSame(
        [
          [name, content],
          ["ecs.ndjson", mapped],
        ],
        set,
      );
      expect(plain.made).toBeGreaterThan(100);
      expect(fast.made).toBeLessThan(plain.made);
    }
  },
  120_000,
);
