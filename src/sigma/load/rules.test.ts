import { describe, expect, test } from "vitest";
import { compileFilter, type EventDocument } from "../../eql/index.ts";
import { loadSigma, type LoadOptions, type SigmaRule } from "../index.ts";

/** A rule of process creation with this detection, indented by two spaces. */
function rule(detection: string, logsource = "category: process_creation, product: windows"): string {
  const body = detection.includes("condition:") ? detection : `s:\n${detection.replaceAll(/^/gm, "  ")}\ncondition: s`;
  return `title: t\nid: 00000000-0000-4000-8000-000000000001\nlogsource: {${logsource}}\ndetection:\n${body.replaceAll(/^/gm, "  ")}\n`;
}

function loaded(text: string, options?: LoadOptions): SigmaRule {
  const { rules, problems } = loadSigma([{ path: "rule.yml", text }], options);
  expect(problems).toEqual([]);
  expect(rules).toHaveLength(1);
  return rules[0]!;
}

function problemsOf(text: string, options?: LoadOptions): string[] {
  return loadSigma([{ path: "rule.yml", text }], options).problems.map(({ code, place }) => `${code} ${place.line}:${place.column}`);
}

/** An event of Sysmon 1 as the normaliser makes it. */
function started(fields: { readonly [name: string]: unknown }): EventDocument {
  return {
    "event.code": "1",
    "event.provider": "Microsoft-Windows-Sysmon",
    "winlog.channel": "Microsoft-Windows-Sysmon/Operational",
    "event.category": "process",
    "event.type": "start",
    ...fields,
  };
}

function matches(detection: string, fields: { readonly [name: string]: unknown }, options?: LoadOptions): boolean {
  return compileFilter(loaded(rule(detection), options).query.filter)(started(fields));
}

const line = (text: string): { readonly [name: string]: unknown } => ({ "process.command_line": text });

describe("values", () => {
  const cases: readonly (readonly [detection: string, text: string, expected: boolean])[] = [
    ["CommandLine: abc", "ABC", true],
    ["CommandLine: abc", "abcd", false],
    ["CommandLine|cased: abc", "ABC", false],
    ["CommandLine: a*c", "axxc", true],
    ["CommandLine: a?c", "abc", true],
    ["CommandLine: a?c", "ac", false],
    [String.raw`CommandLine: a\*c`, "a*c", true],
    [String.raw`CommandLine: a\*c`, "abc", false],
    [String.raw`CommandLine: a\?c`, "a?c", true],
    [String.raw`CommandLine: a\\*c`, String.raw`a\xxc`, true],
    [String.raw`CommandLine: a\\\*c`, String.raw`a\*c`, true],
    [String.raw`CommandLine: a\\\*c`, String.raw`a\xc`, false],
    [String.raw`CommandLine: C:\Windows\x.exe`, String.raw`C:\Windows\x.exe`, true],
    [String.raw`CommandLine: C:\\Windows\\x.exe`, String.raw`C:\Windows\x.exe`, true],
    [String.raw`CommandLine: \\\\host\share`, String.raw`\\host\share`, true],
    ["CommandLine|endswith: \\", "a\\", true],
    ["CommandLine|contains: b", "abc", true],
    ["CommandLine|startswith: ab", "abc", true],
    ["CommandLine|startswith: bc", "abc", false],
    ["CommandLine|endswith: bc", "abc", true],
    ["CommandLine|contains: [x, b]", "abc", true],
    ["CommandLine|contains|all: [a, c]", "abc", true],
    ["CommandLine|contains|all: [a, x]", "abc", false],
    ["CommandLine|neq: abc", "abd", true],
    ["CommandLine|neq: [abc, abd]", "abd", false],
    ["CommandLine|re: ^a.c$", "abc", true],
    ["CommandLine|re: ^a.c$", "ABC", false],
    ["CommandLine|re: b", "abc", true],
    ["CommandLine|re|i: ^a.c$", "ABC", true],
    ['CommandLine|re|m: "^b"', "a\nb", true],
    ['CommandLine|re: "^b"', "a\nb", false],
    ["CommandLine|re|s: a.b", "a\nb", true],
    ["CommandLine|re: a.b", "a\nb", false],
    ["CommandLine|re|i|s: A.B", "a\nb", true],
    ["CommandLine|windash|contains: ' -f '", "x /f y", true],
    ["CommandLine|windash|contains: ' /f '", "x -f y", true],
    ["CommandLine|contains|windash: ' -f '", "x \u2013f y", true],
    ["CommandLine|contains|windash: ' -f '", "x \u2015f y", true],
    ["CommandLine|contains|windash: ' a-f '", "x a/f y", false],
    ["CommandLine|contains|windash: ' -a -b -c '", "x /a \u2014b -c y", true],
    ["CommandLine|contains|windash: ' -a -b -c '", "x /a \u2014b +c y", false],
    ["CommandLine|base64: foobar", "Zm9vYmFy", true],
    ["CommandLine|base64|contains: foobar", "x Zm9vYmFy y", true],
    ["CommandLine|base64offset|contains: foobar", Buffer.from("xfoobary").toString("base64"), true],
    ["CommandLine|base64offset|contains: foobar", Buffer.from("xxfoobary").toString("base64"), true],
    ["CommandLine|base64offset|contains: foobar", Buffer.from("xxxfoobary").toString("base64"), true],
    ["CommandLine|base64offset|contains: foobar", Buffer.from("xfooba").toString("base64"), false],
    ["CommandLine|wide|base64offset|contains: http://", Buffer.from("get http://x", "utf16le").toString("base64"), true],
    ["CommandLine|utf16le|base64offset|contains: ping", Buffer.from("ping", "utf16le").toString("base64"), true],
    ["CommandLine|utf16be|base64: ab", Buffer.from([0, 97, 0, 98]).toString("base64"), true],
    ["CommandLine|utf16|base64: ab", Buffer.from([255, 254, 97, 0, 98, 0]).toString("base64"), true],
    ["CommandLine|wide: ab", "a\0b\0", true],
    ["CommandLine|base64: \u00e4", Buffer.from("\u00e4").toString("base64"), true],
    ["CommandLine|exists: true", "x", true],
    ["CommandLine|exists: false", "x", false],
    ["CommandLine: null", "x", false],
    ["CommandLine: ''", "", true],
    ["CommandLine: ''", "x", false],
    ["CommandLine: 445", "445", true],
    ["CommandLine: true", "True", true],
    ["CommandLine|contains: 44", "1445", true],
  ];
  test.each(cases)("%s on %j: %s", (detection, text, expected) => {
    expect(matches(detection, line(text))).toBe(expected);
  });

  test("numbers match the number and its text, and compare either way", () => {
    for (const pid of [445, "445"]) {
      expect(matches("ProcessId: 445", { "process.pid": pid })).toBe(true);
      expect(matches("ProcessId: '445'", { "process.pid": pid })).toBe(true);
      expect(matches("ProcessId|gt: 444", { "process.pid": pid })).toBe(true);
      expect(matches("ProcessId|gte: 445", { "process.pid": pid })).toBe(true);
      expect(matches("ProcessId|lt: 445", { "process.pid": pid })).toBe(false);
      expect(matches("ProcessId|lte: 445", { "process.pid": pid })).toBe(true);
    }
    expect(matches("ProcessId|gt: 1", {})).toBe(false);
  });

  test("null, exists and the empty text on what is not there", () => {
    expect(matches("CommandLine: null", {})).toBe(true);
    expect(matches("CommandLine: ''", {})).toBe(true);
    expect(matches("CommandLine|exists: false", {})).toBe(true);
    expect(matches("CommandLine|exists: true", {})).toBe(false);
    expect(matches("CommandLine: [null, x]", line("x"))).toBe(true);
    expect(matches("CommandLine: '*'", {})).toBe(false);
  });

  test("`-` is what Sysmon's pipeline leaves out", () => {
    expect(matches("CommandLine: '-'", {})).toBe(true);
    expect(matches("CommandLine: '-'", { "event.provider": "other" })).toBe(false);
    expect(matches("CommandLine: '-'", line("-"))).toBe(true);
  });

  test("cidr", () => {
    const network = (ip: string): boolean =>
      compileFilter(
        loaded(rule("DestinationIp|cidr: [10.0.0.0/8, 'fe80::/10']", "category: network_connection, product: windows")).query.filter,
      )({
        ...started({ "event.code": "3", "destination.ip": ip }),
      });
    expect(network("10.1.2.3")).toBe(true);
    expect(network("fe80::1")).toBe(true);
    expect(network("11.1.2.3")).toBe(false);
  });

  test("fieldref", () => {
    const event = { "process.command_line": "C:\\A.EXE -x", "process.executable": "c:\\a.exe", "process.parent.executable": "C:\\A.exe" };
    expect(matches("Image|fieldref: ParentImage", event)).toBe(true);
    expect(matches("Image|fieldref|cased: ParentImage", event)).toBe(false);
    expect(matches("Image|fieldref: CommandLine", event)).toBe(false);
    expect(matches("CommandLine|fieldref|startswith: Image", event)).toBe(true);
    expect(matches("CommandLine|fieldref|endswith: Image", event)).toBe(false);
    expect(matches("CommandLine|fieldref|contains: ParentImage", event)).toBe(true);
    expect(matches("Image|fieldref|neq: ParentImage", event)).toBe(false);
    expect(matches("Image|fieldref: ParentImage", { "process.executable": "x" })).toBe(false);
  });

  test("time parts", () => {
    const at = (time: string): { readonly [name: string]: unknown } => ({ "@timestamp": time });
    const morning = at("2026-01-01T03:04:05.678Z");
    for (const part of ["minute: 4", "hour: 3", "day: 1", "month: 1", "year: 2026", "week: 1"])
      expect(matches(`UtcTime|${part}`, morning)).toBe(true);
    expect(matches("UtcTime|hour: [1, 3]", morning)).toBe(true);
    expect(matches("UtcTime|hour|gte: 4", morning)).toBe(false);
    expect(matches("UtcTime|hour|lt: 4", morning)).toBe(true);
    // ISO 8601: the week of a year's first Thursday is its first.
    for (const [day, week] of [
      ["2027-01-01", 53],
      ["2027-01-03", 53],
      ["2027-01-04", 1],
      ["2024-12-30", 1],
      ["2024-12-29", 52],
      ["2026-11-24", 48],
      ["2020-12-31", 53],
      ["2021-03-01", 9],
    ] as const) {
      expect(matches(`UtcTime|week: ${week}`, at(`${day}T12:00:00Z`)), day).toBe(true);
    }
  });

  test("placeholders", () => {
    const placeholders = new Map([["tools", ["psexec*", "paexec.exe"]]]);
    expect(matches("CommandLine|expand: '%tools%'", line("PsExec64.exe"), { placeholders })).toBe(true);
    expect(matches("CommandLine|expand|contains: ' %tools% '", line("x paexec.exe y"), { placeholders })).toBe(true);
    expect(matches("CommandLine|expand: '%tools%'", line("%tools%"), { placeholders })).toBe(false);
    expect(matches("CommandLine: '%tools%'", line("%tools%"), { placeholders })).toBe(true);
    expect(problemsOf(rule("CommandLine|expand: '%other%'"), { placeholders })).toEqual(["sigma/unresolved-placeholder 6:25"]);
  });
});

describe("selections and conditions", () => {
  const two = { "process.command_line": "b", "process.executable": "a" };
  const cases: readonly (readonly [detection: string, expected: boolean])[] = [
    ["Image: a\nCommandLine: b", true],
    ["Image: a\nCommandLine: x", false],
    ["- Image: x\n- CommandLine: b", true],
    ["- Image: a\n  CommandLine: x\n- CommandLine: y", false],
    ["x: {Image: x}\ny: {CommandLine: b}\ncondition: x or y", true],
    ["x: {Image: x}\ny: {CommandLine: b}\ncondition: x and y", false],
    ["x: {Image: x}\ny: {CommandLine: b}\ncondition: not x and y", true],
    ["x: {Image: x}\ny: {CommandLine: b}\ncondition: NOT x AND y", true],
    ["x: {Image: a}\ny: {CommandLine: b}\nz: {CommandLine: q}\ncondition: x or y and z", true],
    ["x: {Image: a}\ny: {CommandLine: b}\nz: {CommandLine: q}\ncondition: (x or y) and z", false],
    ["x: {Image: a}\ny: {CommandLine: b}\ncondition: not (x and y)", false],
    ["x: {Image: a}\ny: {CommandLine: q}\ncondition: not not x and not y", true],
    ["s_a: {Image: a}\ns_b: {CommandLine: q}\ncondition: 1 of s_*", true],
    ["s_a: {Image: a}\ns_b: {CommandLine: q}\ncondition: any of s_*", true],
    ["s_a: {Image: a}\ns_b: {CommandLine: q}\ncondition: all of s_*", false],
    ["s_a: {Image: a}\ns_b: {CommandLine: b}\ncondition: all of them", true],
    ["s_a: {Image: x}\ns_b: {CommandLine: b}\ncondition: 1 of them", true],
    ["s_a: {Image: a}\ns_b: {CommandLine: b}\ns_c: {CommandLine: q}\ncondition: 2 of s_*", true],
    ["s_a: {Image: a}\ns_b: {CommandLine: q}\ns_c: {CommandLine: r}\ncondition: 2 of s_*", false],
    ["x: {Image: a}\nf_main: {CommandLine: b}\ncondition: x and not 1 of f_*", false],
    ["x: {Image: q}\ny: {CommandLine: b}\ncondition: [x, y]", true],
    ["s: [a, q]\ncondition: s", true],
    ["s: zzz\ncondition: s", false],
    ["s: {'|all': [a, b]}\ncondition: s", true],
    ["s: {'|all': [a, zzz]}\ncondition: s", false],
    ["s: {'|contains': [zzz, Sysmon]}\ncondition: s", true],
    ["s: {'|re': ^Microsoft-.*Sysmon$}\ncondition: s", true],
    ["s: {'|cased': SYSMON}\ncondition: s", false],
    ["s: {'|neq': zzz}\ncondition: s", true],
    ["s: [osoft-windows, zzz]\ncondition: s", true],
  ];
  test.each(cases)("%j: %s", (detection, expected) => {
    expect(compileFilter(loaded(rule(detection)).query.filter)(started(two))).toBe(expected);
  });

  test("`them` leaves out names that begin with an underscore", () => {
    const { rules, problems } = loadSigma([{ path: "r", text: rule("_x: {Image: x}\ny: {CommandLine: b}\ncondition: all of them") }]);
    expect(problems.map(({ code }) => code)).toEqual(["sigma/unused-selection"]);
    expect(compileFilter(rules[0]!.query.filter)(started(two))).toBe(true);
  });
});

describe("problems have their place, and the others are loaded", () => {
  const cases: readonly (readonly [text: string, problem: string])[] = [
    [rule("CommandLine|containz: x"), "sigma/unknown-modifier 6:5"],
    [rule("CommandLine|re|contains: x"), "sigma/modifiers-clash 6:5"],
    [rule("CommandLine|re: 'a('"), "sigma/bad-regex 6:21"],
    [rule("CommandLine|re: '(?<=a)b'"), "sigma/bad-regex 6:21"],
    [rule("SourceIp|cidr: 10.0.0.0/99"), "sigma/bad-cidr 6:20"],
    [rule("CommandLine|base64: 'a*'"), "sigma/wildcard-encoded 6:25"],
    [rule("CommandLine|gt: abc"), "sigma/bad-value 6:21"],
    [rule("CommandLine: {a: b}"), "sigma/bad-value 6:18"],
    [rule("CommandLine: []"), "sigma/empty-values 6:18"],
    [rule("s: {}\ncondition: s"), "sigma/empty-selection 5:6"],
    [rule("s: {Image: a}\ncondition: s and t"), "sigma/unknown-selection 6:20"],
    [rule("s: {Image: a}\ncondition: 1 of x_*"), "sigma/unknown-selection 6:14"],
    [rule("s: {Image: a}\ncondition: (s"), "sigma/bad-condition 6:14"],
    [rule("s: {Image: a}\ncondition: s and"), "sigma/bad-condition 6:19"],
    [rule("s: {Image: a}\ncondition: s s"), "sigma/bad-condition 6:16"],
    [rule("s: {Image: a}\ncondition: s | near t"), "sigma/unknown-selection 6:23"],
    [rule("s: {Image: a}\ncondition: s | near s by"), "sigma/bad-condition 6:27"],
    [rule("s: {Image: a}\ncondition: s | far t"), "sigma/old-aggregation 6:18"],
    [rule("Image: a").replace("id:", "level: huge\nid:"), "sigma/bad-level 2:8"],
    [rule("Image: a").replace("title: t\n", ""), "sigma/no-title 1:1"],
    [rule("Image: a").replace(/logsource.*\n/, ""), "sigma/no-log-source 1:1"],
    [rule("Image: a", ""), "sigma/no-log-source 3:12"],
    [rule("Image: a", "product: plan9, category: process_creation"), "sigma/log-source-not-served 3:12"],
    [rule("Image: a", "category: registry_set"), "sigma/log-source-not-served 3:12"],
    [rule("Image: a", "product: windows, service: no-such"), "sigma/log-source-not-served 3:12"],
    ["title: t\nlogsource: {product: windows}\n", "sigma/no-detection 1:1"],
    ["title: [\n", "sigma/bad-yaml 2:1"],
    ["- a\n", "sigma/no-rule 1:1"],
    ["", "sigma/empty-file 1:1"],
    ["title: a\ntitle: b\n", "sigma/bad-yaml 2:1"],
  ];
  test.each(cases)("%j", (text, problem) => {
    const good = rule("Image: a").replace("0001", "0002");
    const { rules, problems } = loadSigma([
      { path: "bad.yml", text },
      { path: "good.yml", text: good },
    ]);
    expect(problems.filter(({ code }) => code !== "sigma/no-id").map(({ code, place }) => `${code} ${place.line}:${place.column}`)).toEqual(
      [problem],
    );
    expect(problems.every(({ place }) => place.file === "bad.yml")).toBe(true);
    expect(rules).toHaveLength(1);
  });

  test.each([
    ["category: prcess_creation, product: windows", "Image: a", "Did you mean category `process_creation`?"],
    ["category: process_creation, product: windws", "Image: a", "Did you mean product `windows`?"],
    ["service: windefned, product: windows", "EventID: 1", "Did you mean service `windefend`?"],
    ["category: registry_set", "Image: a", "It is served as windows/registry_set."],
    ["product: plan9", "Image: a", "docs/sigma.md lists the log sources that are served."],
  ])("a log source that is not served: %s", (logsource, detection, help) => {
    expect(loadSigma([{ path: "r", text: rule(detection, logsource) }]).problems).toMatchObject([
      { code: "sigma/log-source-not-served", severity: "warning", help },
    ]);
  });

  test("a field that is another except for a slip", () => {
    const text = rule("s: {Comandline|contains: a, Image: b, Other: c}\ncondition: s");
    expect(loadSigma([{ path: "r", text }]).problems).toMatchObject([
      {
        code: "sigma/unknown-field",
        severity: "warning",
        message: "The log source windows/process_creation has no field `Comandline`",
        help: "Did you mean `CommandLine`?",
        place: { line: 5, column: 7 },
      },
    ]);
    expect(loadSigma([{ path: "r", text }]).rules).toHaveLength(1);
    // Windows' own spelling of the event data is a field as well.
    expect(loadSigma([{ path: "r", text: rule("SourceProcessGUID: a", "product: windows, category: process_access") }]).problems).toEqual(
      [],
    );
  });

  test("an id that is taken", () => {
    const { rules, problems } = loadSigma([
      { path: "a", text: rule("Image: a") },
      { path: "b", text: rule("Image: b") },
    ]);
    expect(rules).toHaveLength(1);
    expect(problems).toMatchObject([{ code: "sigma/duplicate-id", place: { file: "b" } }]);
  });

  test("hostile input ends soon and with problems only", () => {
    const deep = "[".repeat(20_000);
    const laughs = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from(
      { length: 9 },
      (_, i) =>
        `b${i}: &b${i} [${Array(10)
          .fill(i === 0 ? "*a" : `*b${i - 1}`)
          .join()}]`,
    ).join("\n")}\n`;
    const proto = rule("__proto__: x\nconstructor|contains: y").replace("title: t", "title: t\n__proto__: {polluted: yes}");
    const started = performance.now();
    const { rules } = loadSigma(
      [deep, laughs, proto, rule(`CommandLine: '${"*a".repeat(20_000)}'`).replace("0001", "0003")].map((text, i) => ({
        path: `${i}`,
        text,
      })),
    );
    expect(performance.now() - started).toBeLessThan(25_000);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(rules).toHaveLength(2);
    const filter = compileFilter(rules[1]!.query.filter);
    expect(filter({ "event.code": "1", "event.provider": "Microsoft-Windows-Sysmon", "process.command_line": "a".repeat(100_000) })).toBe(
      true,
    );
  });
});

describe("files of several documents", () => {
  test("global, repeat and reset", () => {
    const text = `
action: global
title: base
level: high
logsource: {product: windows}
detection: {condition: s}
---
id: a
logsource: {service: system}
detection: {s: {EventID: 1}}
---
action: repeat
id: b
level: low
---
action: reset
---
title: own
id: c
logsource: {product: windows, service: security}
detection: {s: {EventID: 2}, condition: s}
`;
    const { rules, problems } = loadSigma([{ path: "m.yml", text }]);
    expect(problems).toEqual([]);
    expect(rules.map(({ id, title, level, logsource }) => [id, title, level, logsource.service])).toEqual([
      ["a", "base", "high", "system"],
      ["b", "base", "low", "system"],
      ["c", "own", null, "security"],
    ]);
    expect(rules[2]!.place).toMatchObject({ line: 18, column: 1 });
  });
});

describe("filters", () => {
  const text = (filter: string): string => `${rule("Image: a")}---\ntitle: f\nid: f\n${filter}`;
  test("attach by id, by log source, and to all", () => {
    for (const rules of ["[00000000-0000-4000-8000-000000000001]", "any"]) {
      const collection = loadSigma([
        {
          path: "f",
          text: text(
            `logsource: {product: windows}\nfilter:\n  rules: ${rules}\n  own: {User|startswith: 'CORP\\adm'}\n  condition: not own\n`,
          ),
        },
      ]);
      expect(collection.problems).toEqual([]);
      expect(collection.filters).toMatchObject([{ title: "f", rules: ["00000000-0000-4000-8000-000000000001"] }]);
      const filter = compileFilter(collection.rules[0]!.query.filter);
      expect(filter(started({ "process.executable": "a", "user.domain": "CORP", "user.name": "admin" }))).toBe(false);
      expect(filter(started({ "process.executable": "a", "user.domain": "CORP", "user.name": "eve" }))).toBe(true);
    }
  });
  test("of another log source, or to a rule that is not here", () => {
    const other = loadSigma([
      {
        path: "f",
        text: text("logsource: {product: windows, service: system}\nfilter:\n  rules: any\n  own: {Image: a}\n  condition: not own\n"),
      },
    ]);
    expect(other.problems.map(({ code }) => code)).toEqual(["sigma/filter-without-rules"]);
    const unknown = loadSigma([
      { path: "f", text: text("logsource: {product: windows}\nfilter:\n  rules: [nope]\n  own: {Image: a}\n  condition: not own\n") },
    ]);
    expect(unknown.problems.map(({ code }) => code)).toEqual(["sigma/unknown-rule", "sigma/filter-without-rules"]);
  });
});
