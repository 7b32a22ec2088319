import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HuntResult } from "../workbench/index.ts";
import { gateExitCode } from "./commands/hunt.ts";
import type { Hunted } from "./hunting.ts";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file } = workFolder();

/** A rule that a long command line is too much for: it may have begun at every second character, and some end is there. */
const rule = file(
  "long.yml",
  `title: Long command line
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, category: process_creation}
detection: {selection: {CommandLine|re: '[yz].{900}!'}, condition: selection}
level: high
`,
);
const event = (line: string): string =>
  `${JSON.stringify({
    "@timestamp": "2026-01-01T00:00:00Z",
    event: { category: ["process"], type: ["start"], code: "1", kind: "event" },
    host: { name: "a", os: { type: "windows" } },
    process: { name: "x.exe", command_line: line },
  })}\n`;
const log = file("log.ndjson", event(`!${"yx".repeat(10_000)}`) + event(`!${"zx".repeat(10_000)}`) + event("short"));
const hunt = (...flags: string[]) => tocsin(["hunt", ...flags, log, "--rules", rule]);

const LINE =
  "11111111-1111-4111-8111-111111111111 Long command line: 2 values on which a condition could not be computed (a text too long for its regular expression) and counted as false [eql/regex-too-complex]";
const FAULT = { rule: "11111111-1111-4111-8111-111111111111", code: "eql/regex-too-complex", count: 2 };

test("a fault is in the table, and makes exit code 4", async () => {
  const { stdout, status } = await hunt();
  expect(stdout).toContain(LINE);
  expect(status).toBe(4);
});

test("a fault is in --json, and on stderr", async () => {
  const { stdout, stderr, status } = await hunt("--json");
  expect((JSON.parse(stdout) as { faults: unknown }).faults).toMatchObject([FAULT]);
  expect([stderr, status]).toEqual([`warning: ${LINE}\n`, 4]);
});

test("beside --ndjson a fault is on stderr and in --problems, and --fail-on does not hide it", async () => {
  const problems = file("problems.json", "");
  const { stdout, stderr, status } = await hunt("--ndjson", "--problems", problems, "--fail-on", "high");
  expect([stdout, stderr, status]).toEqual(["", `warning: ${LINE}\n`, 4]);
  const document = JSON.parse(readFileSync(problems, "utf8")) as { counts: { events: number }; faults: unknown; problems: unknown };
  expect(document.faults).toMatchObject([FAULT]);
  expect([document.counts.events, document.problems]).toEqual([3, []]);
});

test("a fault is in the report, and on the page of a site", async () => {
  const report = file("report.html", "");
  expect((await hunt("--html", report)).status).toBe(4);
  expect(readFileSync(report, "utf8")).toContain("a text too long for its regular expression");
});

test("a query reports its faults, in every form", async () => {
  const query = (...flags: string[]) =>
    tocsin([
      "query",
      "--profile",
      "tocsin",
      'process where process.command_line regex ".*[yz].{900}!.*" or number(process.name) == 4',
      log,
      ...flags,
    ]);
  for (const flags of [[], ["--json"], ["--ndjson"]]) {
    const { stdout, stderr, status } = await query(...flags);
    expect(stderr, flags.join()).toContain("3 values on which a condition could not be computed (a text that is no number)");
    expect(status, flags.join()).toBe(4);
    if (flags[0] === "--json") expect((JSON.parse(stdout) as { is_partial: boolean }).is_partial).toBe(true);
  }
});

test("a rule that could not be read is a fault of the hunt", async () => {
  const broken = file(
    "rules/broken.yml",
    "title: Broken\nlogsource: {product: windows}\ndetection: {selection: {a: 1}, condition: nothing}\n",
  );
  const { stdout, status } = await tocsin(["hunt", "--json", file("short.ndjson", event("short")), "--rules", rule, broken]);
  expect((JSON.parse(stdout) as { faults: unknown }).faults).toMatchObject([{ rule: null, code: "rule/not-run", count: 1 }]);
  expect(status).toBe(4);
});

test("an alert that was not kept holds a gate, too", () => {
  const rule = { severity: "high" } as HuntResult["rules"][number]["rule"];
  const hunted = {
    result: { alerts: [], faults: [{ rule, code: "rule/alert-not-kept", count: 1 }] },
    input: { errors: 0 },
  } as unknown as Hunted;
  expect([gateExitCode(hunted, "high"), gateExitCode(hunted, "critical"), gateExitCode(hunted, null)]).toEqual([1, 4, 4]);
});

test("without faults nothing is printed of any, and the exit code is 0", async () => {
  const short = file("short.ndjson", event("short"));
  const { stdout, stderr, status } = await tocsin(["hunt", "--json", short, "--rules", rule]);
  expect((JSON.parse(stdout) as { faults: unknown }).faults).toEqual([]);
  expect([stderr, status]).toEqual(["", 0]);
});
