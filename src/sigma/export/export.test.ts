import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { createNormaliser } from "../../ecs/index.ts";
import { compileFilter, parse, search, type EventDocument, type Query } from "../../eql/index.ts";
import type { LogRecord, WindowsRecord } from "../../readers/index.ts";
import { Correlator, exportSigma, loadSigma, type ExportMetadata, type SigmaExport } from "../index.ts";

const HEAD: ExportMetadata = {
  uuid: "11111111-2222-4333-8444-555555555555",
  title: "A rule",
  level: "high",
  tags: ["attack.t1021.002", "not a tag"],
  date: "2026-01-31",
  falsepositives: ["Backups"],
};

function query(text: string): Query {
  const { query: found, diagnostics } = parse(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return found!;
}

function exported(text: string): SigmaExport {
  const out = exportSigma(query(text), HEAD);
  validate(out.documents);
  return out;
}

// ------------------------------------------------------------------------- what Sigma's specification asks of a file

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const RULE_KEYS = new Set([
  "title",
  "id",
  "name",
  "related",
  "status",
  "description",
  "references",
  "author",
  "date",
  "modified",
  "tags",
  "logsource",
  "detection",
  "correlation",
  "falsepositives",
  "level",
]);
const CORRELATION_KEYS = new Set(["type", "rules", "aliases", "group-by", "timespan", "condition"]);

/** Own checks by the published specification (Sigma 2.1: rules, correlations, modifiers). */
function validate(documents: string): void {
  if (documents === "") return;
  const ids = new Set<string>();
  const names = new Set<string>();
  const parsed = (parseAllDocuments(documents) as unknown as { errors: unknown[]; toJS: () => Record<string, unknown> }[]).map(
    (document) => {
      expect(document.errors).toEqual([]);
      return document.toJS();
    },
  );
  for (const rule of parsed) {
    expect(Object.keys(rule).filter((key) => !RULE_KEYS.has(key))).toEqual([]);
    expect(rule["title"]).toEqual(expect.any(String));
    expect((rule["title"] as string).length).toBeLessThanOrEqual(256);
    expect(rule["id"]).toMatch(UUID);
    expect(ids.has(rule["id"] as string)).toBe(false);
    ids.add(rule["id"] as string);
    expect(["stable", "test", "experimental", "deprecated", "unsupported"]).toContain(rule["status"]);
    expect(["informational", "low", "medium", "high", "critical"]).toContain(rule["level"]);
    if (rule["date"] !== undefined) expect(rule["date"]).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const tag of (rule["tags"] ?? []) as string[]) expect(tag).toMatch(/^[a-z0-9_-]+\.[a-z0-9._-]+$/);
    for (const related of (rule["related"] ?? []) as { id: string; type: string }[]) {
      expect(related.id).toMatch(UUID);
      expect(related.type).toBe("derived");
    }
    const correlation = rule["correlation"] as Record<string, unknown> | undefined;
    if (correlation === undefined) {
      if (rule["name"] !== undefined) names.add(rule["name"] as string);
      validateDetection(rule["logsource"] as Record<string, unknown>, rule["detection"] as Record<string, unknown>);
    } else {
      expect(Object.keys(correlation).filter((key) => !CORRELATION_KEYS.has(key))).toEqual([]);
      expect(["event_count", "temporal_ordered"]).toContain(correlation["type"]);
      expect(correlation["timespan"]).toMatch(/^\d+[smhdwMy]$/);
      for (const ref of correlation["rules"] as string[]) expect(names.has(ref)).toBe(true);
      for (const aliases of Object.values((correlation["aliases"] ?? {}) as Record<string, Record<string, string>>)) {
        for (const [ref, field] of Object.entries(aliases)) expect([names.has(ref), typeof field]).toEqual([true, "string"]);
      }
    }
  }
}

function validateDetection(logsource: Record<string, unknown>, detection: Record<string, unknown>): void {
  expect(Object.keys(logsource).every((key) => ["product", "category", "service"].includes(key))).toBe(true);
  expect(Object.keys(logsource).length).toBeGreaterThan(0);
  const { condition, ...selections } = detection;
  expect(condition).toEqual(expect.any(String));
  const mentioned = (condition as string).match(/[a-z_0-9]+/g)!.filter((word) => !["and", "or", "not"].includes(word));
  expect(new Set(mentioned)).toEqual(new Set(Object.keys(selections)));
  const item = (map: unknown): void => {
    expect(map).toEqual(expect.any(Object));
    for (const [key, value] of Object.entries(map as Record<string, unknown>)) {
      expect(key).toMatch(/^[^|]*(\|(contains|startswith|endswith|all|cased|re|i|m|s|cidr|fieldref|lt|lte|gt|gte))*$/);
      const values = Array.isArray(value) ? value : [value];
      expect(values.length).toBeGreaterThan(0);
      for (const one of values) expect(one === null || ["string", "number", "boolean"].includes(typeof one)).toBe(true);
    }
  };
  for (const selection of Object.values(selections)) {
    if (Array.isArray(selection))
      for (const one of selection)
        if (typeof one !== "string") item(one);
        else item(selection);
  }
}

// ------------------------------------------------------------------------------------------------------- round trip

/** Losses that cannot show on the events made here: each has a path, and none is of the kinds that ECS counts together. */
const WITHOUT_EFFECT = [
  /PowerShell's engine/,
  /by its name alone/,
  /may come from any log/,
  /Security 5156/,
  /Created pipes and detected/,
  /of every system/,
  /is any of egress/,
  /is any of ingress/,
  /^`host.id`/,
  /endpoint sensors report/,
  /Audited registry/,
];

function shown(out: SigmaExport): Set<string> {
  return new Set(out.losses.filter((loss) => !WITHOUT_EFFECT.some((reason) => reason.test(loss.reason))).map(({ effect }) => effect));
}

function compiled(out: SigmaExport): (event: EventDocument) => boolean {
  const { rules, problems } = loadSigma([{ path: "export.yml", text: out.documents }]);
  expect(problems, out.documents).toEqual([]);
  expect(rules).toHaveLength(out.rules);
  const filters = rules.map((rule) => compileFilter(rule.query.filter));
  return (event) => filters.some((filter) => filter(event));
}

function windows(provider: string, channel: string, eventId: number, data: { readonly [name: string]: string | undefined }): WindowsRecord {
  const eventData = { data: Object.entries(data).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])) };
  const system = { provider: { name: provider }, eventId, channel, computer: "WS1", timeCreated: "2026-01-31T10:00:00.0000000Z" };
  return { kind: "windows", place: { file: "x" }, event: { system, eventData, userData: null, rendering: null, other: [] } };
}

const paths = fc.constantFrom(
  "C:\\Windows\\net.exe",
  "C:\\Windows\\System32\\cmd.exe",
  "C:\\x\\NET.EXE",
  "C:\\psexec.exe",
  "C:\\a*b\\c?d.exe",
);
const lines = fc.constantFrom("net use \\\\h\\ADMIN$", "cmd /c x", "NET USE", "-", "a*b", "use", "", "C:\\x");
const account = fc.constantFrom("CORP\\eve", "NT AUTHORITY\\SYSTEM", "CORP\\HOST$");
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const events: fc.Arbitrary<LogRecord> = fc.oneof(
  fc
    .record({
      Image: paths,
      CommandLine: some(lines),
      ParentImage: some(paths),
      User: some(account),
      OriginalFileName: some(fc.constantFrom("net.exe", "psexec.c", "-")),
      ProcessId: fc.constantFrom("4", "445"),
    })
    .map((data) => windows("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", 1, data)),
  fc
    .record({ NewProcessName: paths, CommandLine: some(lines), ParentProcessName: some(paths) })
    .map((data) => windows("Microsoft-Windows-Security-Auditing", "Security", 4688, data)),
  fc
    .record({
      Image: paths,
      DestinationIp: fc.constantFrom("10.0.0.1", "127.0.0.1"),
      DestinationPort: fc.constantFrom("445", "80"),
      Initiated: fc.constantFrom("true", "false"),
      ProcessId: fc.constantFrom("4", "445"),
    })
    .map((data) => windows("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", 3, data)),
  fc
    .record({ Image: paths, TargetFilename: fc.constantFrom("C:\\Windows\\a.exe", "C:\\b.txt", "C:\\x\\c?d.exe") })
    .map((data) => windows("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", 11, data)),
  fc
    .record({
      SubjectUserName: fc.constantFrom("eve", "HOST$"),
      ShareName: fc.constantFrom("\\\\*\\ADMIN$", "\\\\*\\IPC$"),
      RelativeTargetName: fc.constantFrom("a.exe", "svcctl"),
      IpAddress: some(fc.constantFrom("10.0.0.1", "127.0.0.1")),
    })
    .map((data) => windows("Microsoft-Windows-Security-Auditing", "Security", 5145, data)),
  fc
    .record({
      TargetUserName: fc.constantFrom("eve", "bob"),
      LogonType: fc.constantFrom("3", "2"),
      IpAddress: fc.constantFrom("10.0.0.1", "-"),
    })
    .map((data) => windows("Microsoft-Windows-Security-Auditing", "Security", 4624, data)),
  fc
    .record({ ServiceName: fc.constantFrom("PSEXESVC", "x"), ImagePath: fc.constantFrom("%SystemRoot%\\PSEXESVC.exe", "cmd.exe /c x") })
    .map((data) => windows("Service Control Manager", "System", 7045, data)),
);

const process = [
  'process.name : "net.exe"',
  'process.name in~ ("NET.EXE", "cmd.exe")',
  'process.name : ("psexec*", "c?d.exe")',
  'process.name == "net.exe"',
  'process.executable : "C:\\\\Windows\\\\*"',
  'process.executable like "*System32*"',
  'process.executable == "C:\\\\a*b\\\\c?d.exe"',
  'process.parent.name : ("cmd.exe", "net.exe")',
  "process.parent.executable != null",
  'process.command_line : "*use*"',
  'process.command_line like "*use*"',
  'process.command_line : ("*\\\\\\\\*\\\\ADMIN$*", "cmd*")',
  'process.command_line == "a*b"',
  'process.command_line : "-"',
  'process.command_line == "use"',
  "process.command_line == null",
  'process.command_line regex "cmd .*"',
  'process.command_line regex~ "NET USE.*"',
  'endsWith~(process.command_line, "admin$")',
  'stringContains(process.command_line, "us")',
  "process.pid == 4",
  "process.pid > 4",
  "process.pid in (4, 5)",
  'process.pe.original_file_name : ("net.exe", "psexec.c")',
  'process.args : "use"',
  'user.name : "eve"',
  'user.domain : "CORP"',
  'user.name : "*$"',
];
const network = [
  "destination.port == 445",
  "destination.port in (139, 445)",
  'cidrMatch(destination.ip, "10.0.0.0/8")',
  'network.direction : ("egress", "ingress")',
  'network.direction == "egress"',
  'process.name : "net.exe"',
  "process.pid != 4",
];
const file = [
  'file.path : "*.exe"',
  'file.name : ("a.exe", "c?d.exe")',
  'file.extension : "exe"',
  'file.extension in ("exe", "txt")',
  'process.name : "net.exe"',
];
const share = [
  'winlog.event_data.ShareName : "\\\\\\\\*\\\\ADMIN$"',
  'winlog.event_data.RelativeTargetName : ("*.exe", "svcctl")',
  'winlog.event_data.SubjectUserName : "*$"',
  'user.name : "eve"',
  "source.ip != null",
  'cidrMatch(source.ip, "127.0.0.0/8")',
];
const logon = [
  'winlog.logon.type : "Network"',
  'winlog.logon.type == "Interactive"',
  'user.name : "eve"',
  'winlog.event_data.TargetUserName == "bob"',
  'source.ip : "10.*"',
];
const service = [
  'winlog.event_data.ServiceName : "psexesvc*"',
  'winlog.event_data.ImagePath : ("*cmd.exe*", "*PSEXE*")',
  'winlog.event_data.ServiceName == "PSEXESVC"',
  'event.provider == "Service Control Manager"',
];

function condition(atoms: readonly string[]): fc.Arbitrary<string> {
  return fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(...atoms),
      tie("node").map((inner) => `not (${inner})`),
      fc.tuple(tie("node"), fc.constantFrom("and", "or"), tie("node")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  })).node;
}

const queries: fc.Arbitrary<string> = fc.oneof(
  condition(process).map((c) => `process where event.type == "start" and ${c}`),
  condition(network).map((c) => `network where event.type == "start" and ${c}`),
  condition(file).map((c) => `file where event.type == "creation" and ${c}`),
  condition(share).map((c) => `any where event.code == "5145" and ${c}`),
  condition(logon).map((c) => `authentication where event.code == "4624" and ${c}`),
  condition(service).map((c) => `any where event.code == "7045" and ${c}`),
  fc
    .tuple(condition(process), condition(share))
    .map(([a, b]) => `any where (event.category == "process" and event.type == "start" and ${a}) or (event.code == "5145" and ${b})`),
);

describe("round trip", () => {
  test("our reading of our export matches the same events, except for the losses that are named", () => {
    let compared = 0;
    let exact = 0;
    fc.assert(
      fc.property(queries, fc.array(events, { minLength: 5, maxLength: 20 }), (text, records) => {
        const out = exported(text);
        const losses = shown(out);
        if (out.rules === 0) {
          expect(out.losses.map(({ effect }) => effect)).toContain("untranslatable");
          return;
        }
        const sigma = compiled(out);
        const tree = query(text);
        if (tree.kind !== "event") throw new Error("an event query");
        const eql = compileFilter(tree.filter);
        const normaliser = createNormaliser();
        for (const record of records) {
          const event = normaliser.normalise(record).event as EventDocument;
          const [a, b] = [eql(event), sigma(event)];
          compared++;
          if (losses.size === 0) exact++;
          if (a && !b)
            expect(
              losses.has("narrower") || losses.has("untranslatable"),
              `${text}\nmisses ${JSON.stringify(event)}\n${out.documents}`,
            ).toBe(true);
          if (b && !a) expect(losses.has("wider"), `${text}\nalso matches ${JSON.stringify(event)}\n${out.documents}`).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
    // Most of what is compared is without any loss, so that the comparison says something.
    expect(exact).toBeGreaterThan(compared / 4);
  });

  const cases: readonly (readonly [text: string, documents: number, effects: readonly string[]])[] = [
    ['process where process.name : "a.exe"', 2, ["narrower"]],
    ['any where event.code in ("7045", "4697") and winlog.event_data.ServiceName : "x"', 2, []],
    ['file where event.code in ("17", "18") and file.name : "\\\\x"', 1, []],
    ['any where event.code == "18" and file.name : "\\\\x"', 1, []],
    ['any where winlog.channel == "System" and event.code == "1" and winlog.event_data.A : "x"', 1, []],
    ['any where winlog.channel : "Own/Channel" and winlog.event_data.A : "x"', 1, []],
    ['registry where event.type == "change" and registry.path : "HKLM\\\\X*"', 1, []],
    ['any where winlog.event_data.A : "x"', 1, ["narrower"]],
    ['process where event.type == "start" and length(process.name) > 3 and process.pid == 1', 1, ["wider"]],
    ['process where event.type == "start" and not length(process.name) > 3 and process.pid == 1', 1, ["wider"]],
    ['process where event.type == "start" and (process.pid == 1 or length(process.name) > 3)', 1, ["narrower"]],
    ['process where event.type == "start" and not (process.pid == 1 and length(process.name) > 3)', 1, ["narrower"]],
    ['process where event.type == "start" and not (process.pid == 1 or length(process.name) > 3)', 1, ["wider"]],
    ['process where event.type == "start" and length(process.name) > 3', 0, ["untranslatable"]],
    ['any where event.code == "4625" and length(user.name) > 3', 1, ["wider"]],
    ['process where event.type == "start" and process.name : "a.exe" | head 5', 1, ["wider"]],
    ['process where event.type == "start" and process.thread.name : "x"', 0, ["untranslatable"]],
    ["process where true", 0, ["narrower", "untranslatable"]],
    ['process where host.os.type == "linux" and process.name : "a"', 0, ["untranslatable"]],
    ['intrusion_detection where process.name : "a"', 0, ["untranslatable"]],
    ["sample by host.id [process where true] [file where true]", 0, ["untranslatable"]],
  ];
  test("a log source without the condition's fields is left out beside one that has them", () => {
    const { rules, losses } = exported('network where host.os.type == "windows" and destination.port == 445');
    expect(rules).toBe(1);
    expect(losses.map(({ effect, reason }) => `${effect}: ${reason}`)).toContain(
      "narrower: dns_query has no fields for the condition and is left out",
    );
  });

  test("events without a log source, beside others with one, make the rule narrower", () => {
    const { rules, losses } = exported(
      'any where process.pid == 1 and ((event.category == "process" and event.type == "start") or event.category == "intrusion_detection")',
    );
    expect(rules).toBe(1);
    expect(losses.map(({ effect }) => effect)).not.toContain("untranslatable");
    expect(losses.map(({ effect, reason }) => `${effect}: ${reason}`)).toContain(
      "narrower: Sigma has no log source for `intrusion_detection` events of Windows",
    );
  });

  test("a pattern of codes is a condition, not a list of codes", () => {
    const { documents } = exported('any where event.code : ("46*", "1") and winlog.event_data.A : "x"');
    expect((parseAllDocuments(documents)[0]!.toJS() as Record<string, unknown>)["detection"]).toEqual({
      selection: { A: "x" },
      selection_2: [{ "EventID|startswith": "46" }, { EventID: 1 }],
      condition: "selection and selection_2",
    });
  });

  test("alternatives of different origin become rules of their own", () => {
    const { documents } = exported('any where (event.code == "5145" or winlog.channel == "System") and winlog.event_data.A : "x"');
    const parsed = parseAllDocuments(documents).map((document) => document.toJS() as Record<string, { service?: string }>);
    expect(parsed.map((rule) => rule["logsource"]?.service)).toEqual(["security", "system"]);
  });

  test("alternatives of one field are one list of values", () => {
    const { documents } = exported(
      'process where event.type == "start" and process.pid in (4, 5) and (process.command_line : "*x*" or process.command_line : ("*y*", "z*"))',
    );
    expect((parseAllDocuments(documents)[0]!.toJS() as Record<string, unknown>)["detection"]).toEqual({
      selection: { ProcessId: [4, 5] },
      selection_2: [{ "CommandLine|contains": ["x", "y"] }, { "CommandLine|startswith": "z" }],
      condition: "selection and selection_2",
    });
  });

  test.each(cases)("%s", (text, documents, effects) => {
    const out = exported(text);
    expect(out.rules).toBe(documents);
    expect([...shown(out)].sort()).toEqual([...effects].sort());
    if (documents > 0) compiled(out);
  });
});

describe("sequences", () => {
  const records = (rows: readonly (readonly [seconds: number, record: WindowsRecord])[]): EventDocument[] => {
    const normaliser = createNormaliser();
    return rows.map(([seconds, record]) => {
      const at = new Date(Date.UTC(2026, 0, 31, 10, 0, seconds)).toISOString();
      return normaliser.normalise({ ...record, event: { ...record.event, system: { ...record.event.system, timeCreated: at } } }).event;
    });
  };
  const logonOf = (id: string): WindowsRecord =>
    windows("Microsoft-Windows-Security-Auditing", "Security", 4624, {
      TargetLogonId: id,
      TargetUserName: "eve",
      LogonType: "3",
      IpAddress: "10.0.0.1",
    });
  const serviceOf = (id: string): WindowsRecord =>
    windows("Microsoft-Windows-Security-Auditing", "Security", 4697, { SubjectLogonId: id, ServiceName: "x" });
  const shareOf = (ip: string): WindowsRecord =>
    windows("Microsoft-Windows-Security-Auditing", "Security", 5140, {
      IpAddress: ip,
      ShareName: "\\\\*\\C$",
      SubjectUserSid: "S-1-5-21-1",
    });

  function both(text: string, rows: readonly (readonly [number, WindowsRecord])[]): readonly [eql: number, sigma: number] {
    const out = exported(text);
    const { rules, correlations, problems } = loadSigma([{ path: "s.yml", text: out.documents }]);
    expect(problems).toEqual([]);
    expect(rules.every(({ silent }) => silent)).toBe(true);
    const filters = rules.map((rule) => ({ key: rule.key, test: compileFilter(rule.query.filter) }));
    let found = 0;
    const correlator = new Correlator<EventDocument>(correlations, { onMatch: () => found++ });
    const documents = records(rows);
    for (const document of documents) {
      const time = Date.parse(document["@timestamp"] as string);
      correlator.accept(
        filters.filter(({ test: matches }) => matches(document)).map(({ key }) => key),
        document,
        document,
        time,
      );
    }
    correlator.end();
    const result = search(
      query(text),
      documents.map((document) => ({ _source: document })),
    );
    return [result.sequences!.length, found];
  }

  const text = `sequence by host.name with maxspan=1m
    [any where event.code == "4624" and winlog.logon.type : "Network"] by winlog.event_data.TargetLogonId
    [any where event.code == "4697"] by winlog.event_data.SubjectLogonId`;
  test("are correlations in order, with aliases", () => {
    const { documents, rules, correlations } = exported(text);
    expect([rules, correlations]).toEqual([2, 1]);
    expect(documents).toContain("type: temporal_ordered");
    expect(documents).toContain("- key_2");
  });
  test("with `runs` are counts", () => {
    const out = exported(
      'sequence by source.ip with maxspan=10m [any where event.code == "5140" and winlog.event_data.ShareName : "*$"] with runs=3',
    );
    expect(out.documents).toContain("type: event_count");
    expect(out.documents).toContain("gte: 3");
  });
  test("find the same as the sequence", () => {
    expect(
      both(text, [
        [0, logonOf("0x1")],
        [5, serviceOf("0x1")],
      ]),
    ).toEqual([1, 1]);
    expect(
      both(text, [
        [0, logonOf("0x1")],
        [5, serviceOf("0x2")],
      ]),
    ).toEqual([0, 0]);
    expect(
      both(text, [
        [0, serviceOf("0x1")],
        [5, logonOf("0x1")],
      ]),
    ).toEqual([0, 0]);
    expect(
      both(text, [
        [0, logonOf("0x1")],
        [61, serviceOf("0x1")],
      ]),
    ).toEqual([0, 0]);
    const counted =
      'sequence by source.ip with maxspan=10m [any where event.code == "5140" and winlog.event_data.ShareName : "*$"] with runs=3';
    expect(
      both(counted, [
        [0, shareOf("10.0.0.1")],
        [1, shareOf("10.0.0.1")],
        [2, shareOf("10.0.0.1")],
      ]),
    ).toEqual([1, 1]);
    expect(
      both(counted, [
        [0, shareOf("10.0.0.1")],
        [1, shareOf("10.0.0.2")],
        [2, shareOf("10.0.0.1")],
      ]),
    ).toEqual([0, 0]);
  });
  test("losses are named", () => {
    const missing = exported(
      'sequence by host.name with maxspan=1500ms [any where event.code == "1"] ![any where event.code == "2"] [any where event.code == "3"] until [any where event.code == "4"]',
    );
    expect(missing.losses.filter(({ effect }) => effect === "wider").map(({ reason }) => reason)).toHaveLength(3);
    expect(
      exported('sequence by process.thread.name with maxspan=1m [any where event.code == "1"] [any where event.code == "3"]').documents,
    ).toBe("");
  });
});

test("documents are the same each time, and ids of their own", () => {
  const text = 'any where event.code in ("7045", "4697") and winlog.event_data.ServiceName : "x"';
  expect(exported(text).documents).toBe(exported(text).documents);
});
