import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";

const { file, path } = workFolder();
const sample = join(import.meta.dirname, "..", "..", "..", "samples", "lab.ndjson");
const hunt = (...options: readonly string[]): ReturnType<typeof tocsin> => tocsin(["hunt", sample, ...options]);

/** CSV as RFC 4180 has it. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = csv;
  while (rest !== "") {
    const [whole = "", cell = "", end] = /^("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/.exec(rest)!;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(whole.length);
  }
  return rows;
}

describe("forms of a hunt", () => {
  test("csv has a row per alert, timeline one per event of an alert, both with a head and nothing else", async () => {
    const { alerts } = JSON.parse((await hunt("--json")).stdout) as { alerts: { tocsin: { events: object[] } }[] };
    const csv = await hunt("--format", "csv");
    expect([csv.status, csv.stderr]).toEqual([0, ""]);
    const [head, ...rows] = rowsOf(csv.stdout);
    expect(head).toEqual(["time", "severity", "host", "user", "rule", "what", "tactic", "technique", "event_id"]);
    expect(rows).toHaveLength(alerts.length);
    const [columns, ...events] = rowsOf((await hunt("--format", "timeline")).stdout);
    expect(columns!.slice(0, 3)).toEqual(["message", "datetime", "timestamp_desc"]);
    expect(events).toHaveLength(
      alerts.reduce((sum, { tocsin: { events: all } }) => sum + all.filter((one) => !("missing" in one)).length, 0),
    );
    expect(events.every((row) => row.length === columns!.length)).toBe(true);
    const times = events.map(([, time]) => time!);
    expect(times).toEqual([...times].sort());
    expect(times.every((time) => /^2026-03-04T\d\d:\d\d:\d\d\.\d{3}Z$/.test(time))).toBe(true);
  });

  test("--fields names what is written, in every form", async () => {
    const fields = ["--rule", "B5", "--fields", "severity,process.pid,tag,nothing.here"];
    const { stdout, stderr } = await hunt(...fields, "--format", "ndjson");
    const values = JSON.parse(stdout) as { [name: string]: unknown };
    expect(values).toEqual({ severity: "low", "process.pid": expect.any(Number) as number, tag: [], "nothing.here": null });
    expect(stderr).toBe("warning: no event of an alert has the field nothing.here\n");
    const pid = String(values["process.pid"]);
    expect((await hunt(...fields, "--format", "csv")).stdout).toBe(`severity,process.pid,tag,nothing.here\r\nlow,${pid},,\r\n`);
    expect((await hunt(...fields, "--format", "markdown", "--quiet")).stdout.split("\n").at(-2)).toBe(`| low | \`${pid}\` |  |  |`);
    expect((await hunt(...fields, "--quiet")).stdout).toBe(`severity  process.pid  tag  nothing.here\nlow       ${pid}\n`);
    const json = JSON.parse((await hunt(...fields, "--json")).stdout) as { alerts: unknown[] };
    expect(json.alerts).toEqual([values]);
  });

  test("a log cannot write a formula, a line or a link", async () => {
    const event = {
      "@timestamp": "2026-03-04T09:00:00Z",
      event: { category: ["process"], type: ["start"], code: "1" },
      host: { name: "=1+1", os: { type: "windows" } },
      user: { name: "\t@SUM(A1)" },
      process: { name: "psexec.exe", command_line: '-x "a"\r\n=cmd|calc!A1 http://evil.example @all', args: ["psexec.exe", "\\\\srv"] },
    };
    const log = file("hostile.ndjson", `${JSON.stringify(event)}\n`);
    const rules = file(
      "rule.yml",
      "title: '+Rule | *bold*'\nlogsource: {category: process_creation, product: windows}\ndetection: {s: {Image|endswith: '*'}, condition: 1 of s or not s}\n",
    );
    const options = ["hunt", log, "--rules", rules, "--fields", "host,user,rule,what"];
    const [, row] = rowsOf((await tocsin([...options, "--format", "csv"])).stdout);
    expect(row).toEqual(["'=1+1", "\\t@SUM(A1)", "'+Rule | *bold*", String.raw`'-x "a"\r\n=cmd|calc!A1 http://evil.example @all`]);
    const markdown = (await tocsin([...options, "--format", "md", "--quiet"])).stdout.split("\n");
    expect(markdown).toHaveLength(4);
    expect(markdown[2]).toBe(
      String.raw`| ${"`=1+1`"} | ${"`\\t@SUM(A1)`"} | +Rule \| \*bold\* | ${'`-x "a"\\r\\n=cmd\\|calc!A1 http://evil.example @all`'} |`,
    );
  });

  test("-o writes the alerts into a file, and the summary stays on the terminal; --quiet leaves that out", async () => {
    const direct = await hunt("--format", "csv");
    const run = await hunt("--format", "csv", "-o", "alerts.csv");
    expect(readFileSync(join(path, "alerts.csv"), "utf8")).toBe(direct.stdout);
    expect(run.stdout).toMatch(/^61 alerts in alerts\.csv\n\nInput: 1 file/);
    expect(await hunt("--json", "-o", "alerts.json", "--quiet")).toEqual({ stdout: "", stderr: "", status: 0 });
    expect((JSON.parse(readFileSync(join(path, "alerts.json"), "utf8")) as { alerts: unknown[] }).alerts).toHaveLength(61);
    const nowhere = await hunt("-o", "no/such/folder/alerts.csv");
    expect(nowhere.status).toBe(2);
    expect(existsSync(join(path, "no"))).toBe(false);
  });

  test("--quiet prints the alerts alone, --summary what they come to alone", async () => {
    const whole = (await hunt()).stdout;
    const quiet = (await hunt("--quiet")).stdout;
    const summary = (await hunt("--summary")).stdout;
    expect(whole).toBe(`${quiet}\n${summary}`);
    expect(summary).toMatch(
      /^Input: [\s\S]*\nAlerts: 61 \(7 high, 46 medium, 8 low\)\nBy host: [\s\S]*\nAlerts over time \(UTC, 5 min a line\):\n/,
    );
    const { alerts, summary: counts } = JSON.parse((await hunt("--json", "--summary")).stdout) as {
      alerts?: unknown;
      summary: { alerts: number };
    };
    expect([alerts, counts.alerts]).toEqual([undefined, 61]);
    const broken = file("broken.ndjson", "{\n");
    const noisy = await tocsin(["hunt", sample, broken, "--format", "csv"]);
    const silent = await tocsin(["hunt", sample, broken, "--format", "csv", "--quiet"]);
    expect(noisy.stderr).toContain("error");
    expect([silent.stderr, silent.status, silent.stdout]).toEqual(["", noisy.status, noisy.stdout]);
    expect(noisy.status).toBe(4);
  });

  test("what does not go together, or is not there, is an error before anything is read", async () => {
    const wrong = [
      ["--json", "--ndjson"],
      ["--format", "csv", "--json"],
      ["--format", "xls"],
      ["--fields", "hots"],
      ["--summary", "--quiet"],
      ["--summary", "--format", "csv"],
    ];
    for (const options of wrong) {
      const run = await hunt(...options);
      expect([run.status, run.stdout], options.join(" ")).toEqual([2, ""]);
      expect(run.stderr, options.join(" ")).toMatch(/^error: /);
    }
    expect((await hunt("--fields", "hots")).stderr).toContain("did you mean host?");
    expect((await hunt("--json", "--format", "json", "--quiet", "--rule", "B5")).status).toBe(0);
  });
});

test("a hunt with the bundled rules alone says what that is of ATT&CK, and how to run more", async () => {
  const says = /\n30 rules of 1 bundled package ran: 1 of the \d{3} techniques of ATT&CK [\d.]+ .*`tocsin rules add PATH`/;
  expect((await hunt("--summary")).stdout).toMatch(says);
  const rule = file("rule.eql", 'process where process.name == "net.exe"\n');
  for (const options of [["--summary", "--rules", rule], ["--format", "csv"], ["--quiet"]])
    expect((await hunt(...options)).stdout).not.toContain("bundled package");
});
