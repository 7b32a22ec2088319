import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { tocsin, type CommandResult } from "./testing/in-process.ts";

const root = join(import.meta.dirname, "..", "..");
const lab = join(root, "samples", "lab.ndjson");
const evtx = join(root, "../shared/data/evtx-to-mitre");
const NET_USE = 'process where event.type == "start" and process.name : "net.exe" and process.args : "use"';

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-record-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => join(folder, ...parts);
const read = (...parts: string[]): string => readFileSync(at(...parts), "utf8");

async function packageOf(query = NET_USE): Promise<string> {
  expect((await tocsin(["new", "detection", "T1021.002", "--query", query, "--dir", folder])).status).toBe(0);
  return at("T1021.002");
}

const record = (rules: string, from: string, ...rest: string[]): Promise<CommandResult> =>
  tocsin(["record", rules, "--from", from, ...rest]);

interface CaseText {
  readonly kind: string;
  readonly fires: readonly string[];
  readonly silent: readonly string[];
  readonly confirmed: boolean;
  readonly signals: readonly object[];
  readonly telemetry: readonly string[];
  readonly recorded: { readonly source: string; readonly sha256: string; readonly license: string; readonly anonymised: boolean };
}

const caseIn = (name: string): CaseText => parse(read("T1021.002", "cases", name, "case.yaml")) as CaseText;

describe("a package with the least in it", () => {
  test("runs, and a rule more; a query that cannot be run, or is no rule, is not written", async () => {
    const made = await packageOf('process where\n  process.name : "a.exe" and\n    process.args : "x: \'y\'"');
    expect((await tocsin(["new", "rule", made, "R2", "--query", "file where true", "--rule-name", "Files: all"])).status).toBe(0);
    expect(parse(read("T1021.002", "rules", "R2.yaml"))).toEqual({ id: "R2", name: "Files: all", query: "file where true" });
    expect(parse(read("T1021.002", "package.yaml"))).toEqual({ id: "T1021.002", title: "SMB/Windows Admin Shares" });
    expect((await tocsin(["lint", made])).stdout).toContain("2 rules:");
    for (const [query, message] of [
      ["process where", "the query cannot be run"],
      ["", "the query cannot be run"],
      ["process where true | count", "A rule may not count"],
    ] as const) {
      const refused = await tocsin(["new", "rule", made, "R3", "--query", query]);
      expect([refused.status, existsSync(join(made, "rules", "R3.yaml"))]).toEqual([2, false]);
      expect(refused.stderr).toContain(message);
    }
  });
});

describe("a case of a package", () => {
  test("holds at once, says where it is from and that nobody has confirmed it", async () => {
    const made = await packageOf();
    const { status, stdout } = await record(made, lab, "--query", NET_USE, "--around", "1s", "--name", "net-use");
    expect(stdout).toContain("Alerts now: R1.");
    expect(status).toBe(0);
    expect(caseIn("net-use")).toMatchObject({
      kind: "positive",
      fires: ["R1"],
      silent: [],
      confirmed: false,
      recorded: { source: "lab.ndjson", license: "not stated", anonymised: false },
    });
    expect(caseIn("net-use").recorded.sha256).toMatch(/^[0-9a-f]{64}$/);
    const proved = await tocsin(["prove", made]);
    expect(proved.stdout).toContain("1 passed, 0 failed");
    expect(proved.stdout).toContain("Nobody has confirmed what case net-use expects");
    expect(proved.stdout).toContain("Case net-use does not say under which licence");
    expect(proved.status).toBe(0);
    const linted = await tocsin(["lint", made]);
    expect(linted.stdout).toContain("Level: runs");
    expect(linted.stdout).toContain("Nobody has confirmed what case net-use expects");
  });

  test("of ordinary work names the rule that must be silent; the neighbours are those of the window", async () => {
    const made = await packageOf();
    const query = 'process where event.type == "start" and process.name : "net.exe" and process.args : "user"';
    await record(made, lab, "--query", query, "--around", "0", "--name", "alone", "--license", "Apache-2.0");
    await record(made, lab, "--query", query, "--around", "10m", "--name", "among", "--limit", "30");
    expect(caseIn("alone")).toMatchObject({ kind: "negative", fires: [], silent: ["R1"], recorded: { license: "Apache-2.0" } });
    const lines = (name: string): string[] => read("T1021.002", "cases", name, "events.ndjson").trimEnd().split("\n");
    expect(lines("alone").every((line) => lines("among").includes(line))).toBe(true);
    expect(lines("among").length).toBeGreaterThan(lines("alone").length);
    expect(lines("among").length).toBeLessThanOrEqual(30);
    // As they were recorded.
    const log = new Set(
      readFileSync(lab, "utf8")
        .split("\n")
        .map((line) => line.trim()),
    );
    for (const line of lines("among")) expect(log.has(line) || log.has(JSON.stringify(JSON.parse(line)))).toBe(true);
  });

  test("an event by its line, by its record number, and by none that is there", async () => {
    const made = await packageOf();
    const line =
      readFileSync(lab, "utf8")
        .split("\n")
        .findIndex((text) => text.includes("4688")) + 1;
    const { winlog } = JSON.parse(readFileSync(lab, "utf8").split("\n")[line - 1]!) as { winlog: { record_id: number } };
    expect((await record(made, lab, "--line", String(line), "--around", "0", "--name", "by-line")).status).toBe(0);
    expect((await record(made, lab, "--record", String(winlog.record_id), "--around", "0", "--name", "by-record")).status).toBe(0);
    expect(read("T1021.002", "cases", "by-record", "events.ndjson")).toContain(
      read("T1021.002", "cases", "by-line", "events.ndjson").trim(),
    );
    const none = await record(made, lab, "--record", "99999999");
    expect(none.stderr).toContain("there is no such event");
    expect(none.status).toBe(2);
  });

  test("with other names the rules find the same, and no name of the log is left", async () => {
    const made = await packageOf();
    const { status, stdout, stderr } = await record(
      made,
      lab,
      "--query",
      NET_USE,
      "--around",
      "30s",
      "--name",
      "x",
      "--anonymise",
      "--licence",
      "MIT",
    );
    expect(stderr).toBe("");
    expect(stdout).toContain("With the names replaced the rules find the same.");
    expect(status).toBe(0);
    const left = read("T1021.002", "cases", "x", "events.ndjson").match(
      /\bcorp\b|ws01|srv01|j\.doe|kira|10\.10\.[23]0\.\d|S-1-5-21-(?!1000000000-)/gi,
    );
    expect([...new Set(left)]).toEqual([]);
    expect(caseIn("x").recorded).toMatchObject({ license: "MIT", anonymised: true });
    expect((await tocsin(["prove", made])).stdout).toContain("1 passed, 0 failed");
  });

  test("a rule that asks for a name of the log finds something else, and that is reported", async () => {
    const made = await packageOf(`${NET_USE} and host.name : "ws01*"`);
    const { status, stderr } = await record(made, lab, "--query", NET_USE, "--around", "0", "--name", "x", "--anonymise");
    expect(stderr).toContain("with the names replaced the rules find something else: -R1");
    expect(status).toBe(1);
    expect(caseIn("x")).toMatchObject({ fires: [], silent: ["R1"] });
  });

  test("a query that is about part of a name is no signal of the case once names are replaced", async () => {
    const made = await packageOf();
    const query = `${NET_USE} and host.name : "ws0?.corp*"`;
    expect((await record(made, lab, "--query", query, "--around", "0", "--name", "plain")).status).toBe(0);
    expect((await record(made, lab, "--query", query, "--around", "0", "--name", "covered", "--anonymise")).status).toBe(0);
    expect([caseIn("plain"), caseIn("covered")].map(({ signals, fires }) => [signals.length, fires])).toEqual([
      [1, ["R1"]],
      [0, ["R1"]],
    ]);
  });

  test("nothing that exists is overwritten, and what makes no case says so", async () => {
    const made = await packageOf();
    for (let i = 0; i < 2; i++) expect((await record(made, lab, "--query", NET_USE, "--around", "0", "--name", "twice")).status).toBe(0);
    expect(readdirSync(at("T1021.002", "cases")).sort()).toEqual(["twice", "twice-2"]);
    expect((await record(made, lab, "--around", "0")).stderr).toContain("which events?");
    expect((await record(made, lab, "--query", "process where", "--around", "0")).status).toBe(2);
    expect((await record(made, lab, "--query", NET_USE, "--around", "soon")).stderr).toContain("must be a duration");
    expect((await record(made, lab, "--query", NET_USE, "--about", "R9")).stderr).toContain("has no rule R9");
    expect((await record(at("nowhere"), lab, "--query", NET_USE)).stderr).toContain("there is no");
    expect((await record(made, folder, "--query", NET_USE)).stderr).toContain("is not a file");
  });

  test("Windows Event XML stays XML", async () => {
    const made = await packageOf('any where event.code == "4624"');
    const cases = join(root, "detections", "T1021.002-smb-admin-shares", "cases");
    const name = readdirSync(cases).find(
      (one) => existsSync(join(cases, one, "events.xml")) && readFileSync(join(cases, one, "events.xml"), "utf8").includes(">4624<"),
    )!;
    const { status, stderr } = await record(
      made,
      join(cases, name, "events.xml"),
      "--query",
      'any where event.code == "4624"',
      "--name",
      "x",
      "--anonymise",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(read("T1021.002", "cases", "x", "events.xml")).toMatch(/^<\?xml[^\n]+\n<Events>\n<Event xmlns=/);
    expect((await tocsin(["prove", made])).stdout).toContain("1 passed, 0 failed");
  });

  test.skipIf(!existsSync(evtx))("EVTX becomes XML with the same events", async () => {
    const log = readdirSync(evtx, { recursive: true, encoding: "utf8" }).find((file) => /psexec.*\.evtx$/i.test(file))!;
    const made = await packageOf('any where event.code == "4624"');
    const { status, stderr } = await record(
      made,
      join(evtx, log),
      "--query",
      "any where event.code != null",
      "--around",
      "0",
      "--name",
      "x",
      "--limit",
      "50",
    );
    expect([status, stderr.includes("error")]).toEqual([0, false]);
    const sources = async (file: string): Promise<unknown[]> =>
      (await tocsin(["query", "--ndjson", "any where true", file])).stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { readonly _source: unknown })._source);
    const events = await sources(at("T1021.002", "cases", "x", "events.xml"));
    const all = new Set((await sources(join(evtx, log))).map((event) => JSON.stringify(event)));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(all).toContain(JSON.stringify(event));
  });
});

describe("a case of a rule of no package", () => {
  const SIGMA = `title: Net use
id: 5f0d3f5c-4f0e-4b5e-9b1a-0d6f0e6f7a01
logsource: { category: process_creation, product: windows }
detection:
  selection: { Image|endswith: '\\net.exe', CommandLine|contains: ' use ' }
  condition: selection
`;
  const TOML = `[rule]
rule_id = "6f0d3f5c-4f0e-4b5e-9b1a-0d6f0e6f7a01"
name = "Net use"
description = "x"
type = "eql"
language = "eql"
risk_score = 21
severity = "low"
query = '${NET_USE}'
`;
  test.each([
    ["net.yml", SIGMA],
    ["net.eql", NET_USE],
    ["net.toml", TOML],
  ])("%s: beside it, and proved at once", async (file, text) => {
    writeFileSync(at(file), text);
    const made = await record(at(file), lab, "--query", NET_USE, "--around", "1s");
    expect(made.stderr).toBe("");
    expect(made.status).toBe(0);
    const again = await record(
      at(file),
      lab,
      "--query",
      'process where process.name : "psexec.exe"',
      "--around",
      "0",
      "--license",
      "Apache-2.0",
      "--anonymise",
    );
    expect(again.status).toBe(0);
    const cases = parse(read("net.cases.yaml")) as readonly {
      readonly log: string;
      readonly expect: number;
      readonly confirmed: boolean;
    }[];
    expect(cases.map(({ confirmed }) => confirmed)).toEqual([false, false]);
    expect(cases[0]!.expect).toBeGreaterThan(0);
    expect(cases[1]!.expect).toBe(0);
    for (const { log } of cases) expect(existsSync(at(...log.split("/")))).toBe(true);
    const proved = await tocsin(["prove", at(file)]);
    expect(proved.stdout).toContain("1 rule with 2 cases: 2 passed, 0 failed");
    expect(proved.stderr.match(/\[cases\/unconfirmed\]/g)?.length).toBe(2);
    expect(proved.stderr.match(/\[cases\/unstated-license\]/g)?.length).toBe(1);
    expect(proved.status).toBe(0);
    // The events of a case are no rules.
    expect((await tocsin(["prove", folder])).stdout).toContain("1 rule with 2 cases");
  });

  test("an event of no kind that is known, which a rule reads in its raw fields", async () => {
    writeFileSync(
      at("cloud.yml"),
      "title: Keys\nid: 7f0d3f5c-4f0e-4b5e-9b1a-0d6f0e6f7a01\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { eventName: CreateAccessKey }, condition: s }\n",
    );
    const trail = {
      eventVersion: "1.08",
      awsRegion: "eu-west-1",
      eventSource: "iam.amazonaws.com",
      eventName: "CreateAccessKey",
      eventTime: "2026-01-15T09:30:00Z",
    };
    writeFileSync(at("trail.json"), JSON.stringify({ Records: [trail, { ...trail, eventName: "ListUsers" }] }));
    const made = await record(at("cloud.yml"), at("trail.json"), "--query", 'any where eventName == "CreateAccessKey"', "--around", "1m");
    expect([made.status, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain("2 events of trail.json");
    expect(made.stdout).toContain("1 alert now.");
    expect((await tocsin(["prove", at("cloud.yml")])).stdout).toContain("1 passed, 0 failed");
  });

  test("cases that are there stay as they are, comments too; a file of another layout is left alone", async () => {
    writeFileSync(at("net.eql"), NET_USE);
    const before = "# Ours.\n- name: nothing # yet\n  events: [{ event: { category: file } }]\n  expect: 0\n";
    writeFileSync(at("net.cases.yaml"), before);
    expect((await record(at("net.eql"), lab, "--query", NET_USE, "--around", "0")).status).toBe(0);
    expect(read("net.cases.yaml").startsWith(before)).toBe(true);
    expect((await tocsin(["prove", at("net.eql")])).stdout).toContain("2 passed, 0 failed");
    writeFileSync(at("net.cases.yaml"), "[{ name: x, events: [{ a: 1 }], expect: 0 }]\n");
    const refused = await record(at("net.eql"), lab, "--query", NET_USE, "--around", "0", "--name", "other");
    expect(refused.stderr).toContain("the case cannot be added");
    expect(refused.status).toBe(2);
    expect(existsSync(at("net.cases", "other.ndjson"))).toBe(false);
    const outside = await record(at("net.eql"), lab, "--query", NET_USE, "--around", "0", "--name", "../outside");
    expect(outside.stderr).toContain("--name ../outside");
    expect([outside.status, existsSync(at("outside.ndjson"))]).toEqual([2, false]);
  });
});

test("a log in an archive, whose source is the archive", async () => {
  mkdirSync(at("in"));
  copyFileSync(lab, at("in", "a.ndjson"));
  const { gzipSync } = await import("node:zlib");
  writeFileSync(at("a.ndjson.gz"), gzipSync(readFileSync(lab)));
  const made = await packageOf();
  expect((await record(made, at("a.ndjson.gz"), "--query", NET_USE, "--around", "0", "--name", "zipped")).status).toBe(0);
  expect(caseIn("zipped").recorded.source).toBe("a.ndjson.gz");
});
