// `tocsin tune` on rules that belong to no package: what it writes is given back to `hunt --rules`, and takes away exactly that.
import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";

const { file, path } = workFolder();

const start = (host: string, user: string, commandLine: string, second: number): object => ({
  "@timestamp": `2026-03-04T09:00:${String(second).padStart(2, "0")}.000Z`,
  winlog: {
    channel: "Microsoft-Windows-Sysmon/Operational",
    provider_name: "Microsoft-Windows-Sysmon",
    event_id: "1",
    computer_name: host,
    event_data: {
      Image: "C:\\Tools\\PsExec.exe",
      CommandLine: commandLine,
      OriginalFileName: "psexec.c",
      User: `CORP\\${user}`,
      ParentImage: "C:\\Windows\\System32\\cmd.exe",
    },
  },
});
/** The first two are the deployment's, the others differ from it in one thing each. */
const EVENTS = [
  start("push01", "svc_push", "psexec.exe \\\\srv01 -c *.msi C:\\Temp\\20260304\\a.exe", 1),
  start("push01", "svc_push", "psexec.exe \\\\srv01 -c *.msi C:\\Temp\\20260305\\a.exe", 2),
  start("ws09", "svc_push", "psexec.exe \\\\srv01 -c *.msi C:\\Temp\\20260304\\a.exe", 3),
  start("push01", "eve", "psexec.exe \\\\srv01 -c *.msi C:\\Temp\\20260304\\a.exe", 4),
  start("push01", "svc_push", "psexec.exe \\\\dc01 -c *.msi C:\\Temp\\20260304\\a.exe", 5),
  start("push01", "svc_push", "psexec.exe \\\\srv01 -c evil.msi C:\\Temp\\20260304\\a.exe", 6),
];

const SIGMA = `title: PsExec by name
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\PsExec.exe'
  condition: selection
`;
const TOML = `[rule]
rule_id = "4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01"
name = "PsExec, as KQL"
type = "query"
language = "kuery"
severity = "medium"
risk_score = 47
query = 'process.name:PsExec.exe'
`;
const KIBANA = `${JSON.stringify({ rule_id: "kibana-1", name: "PsExec, as EQL", type: "eql", language: "eql", query: 'process where process.name : "psexec.exe"', severity: "low", risk_score: 21 })}\n`;

interface Alert {
  readonly id: string;
  readonly second: string;
}

async function alertsOf(...rules: readonly string[]): Promise<Alert[]> {
  const run = await tocsin(["hunt", "--ndjson", "log.ndjson", "--rules", ...rules]);
  file("alerts.ndjson", run.stdout);
  return run.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { "@timestamp": string; event: { id: string } })
    .map((alert) => ({ id: alert.event.id, second: /:(\d\d)\.000/.exec(alert["@timestamp"])![1]! }))
    .sort((a, b) => (a.second < b.second ? -1 : 1));
}

describe("tune on rules of no package", () => {
  test.for([
    { kind: "sigma-filter", name: "psexec.yml", text: SIGMA, beside: true, written: "psexec-by-name.filter.yml" },
    { kind: "kibana-exceptions", name: "psexec.toml", text: TOML, beside: true, written: "psexec-as-kql.exceptions.ndjson" },
    { kind: "kibana-exceptions", name: "export.ndjson", text: KIBANA, beside: true, written: "psexec-as-eql.exceptions.ndjson" },
    {
      kind: "eql-clause",
      name: "psexec.eql",
      text: 'process where process.name : "psexec.exe" // by name',
      beside: false,
      written: "psexec.eql",
    },
  ])("$name gets its $kind, which hunt takes", async ({ kind, name, text, beside, written }) => {
    file("log.ndjson", EVENTS.map((event) => `${JSON.stringify(event)}\n`).join(""));
    const rule = file(`rules/${name}`, text);
    const alerts = await alertsOf(rule);
    expect(alerts.map(({ second }) => second)).toEqual(["01", "02", "03", "04", "05", "06"]);
    const folder = join(path, "tuned");
    rmSync(folder, { recursive: true, force: true });
    const args = ["tune", "alerts.ndjson", "--rules", rule, "--false-positive", alerts[0]!.id, alerts[1]!.id, "--write", folder];
    const tuned = await tocsin([...args, "--owner", "Deployment", "--reason", "It pushes software"]);
    expect(tuned.stdout).toContain("# Removes 2 alerts: ");
    expect(tuned.status).toBe(0);
    expect(readdirSync(folder)).toEqual([written]);
    const [document] = JSON.parse((await tocsin([...args, "--json"])).stdout) as [{ file: { kind: string; name: string } }];
    expect(document.file).toMatchObject({ kind, name: written });
    const left = await alertsOf(...(beside ? [rule] : []), join(folder, written));
    expect(left.map(({ second }) => second)).toEqual(["03", "04", "05", "06"]);
    rmSync(join(path, "rules"), { recursive: true });
  });

  test("a proposal that breaks a proof is refused, and the proof named first", async () => {
    file("log.ndjson", `${JSON.stringify(EVENTS[0])}\n${JSON.stringify(EVENTS[3])}\n`);
    const rule = file("proved/psexec.yml", SIGMA);
    file("proved/psexec.cases.yaml", `- name: The push is an attack\n  events: [${JSON.stringify(EVENTS[0])}]\n  expect: 1\n`);
    const [first] = await alertsOf(rule);
    const run = await tocsin(["tune", "alerts.ndjson", "--rules", join(path, "proved"), "--false-positive", first!.id, "--write", "none"]);
    const lines = run.stdout.split("\n").filter((line) => line !== "");
    expect(lines[1]).toMatch(/^# REFUSED, for 1 alert: Computer push01, User CORP\\svc_push, Image C:\\Tools\\PsExec\.exe/);
    expect(lines[2]).toContain("It hides what the case 'The push is an attack' proves");
    expect(run.stdout).not.toContain("selection:");
    expect(run.status).toBe(1);
    const report = JSON.parse((await tocsin(["tune", "alerts.ndjson", "--rules", join(path, "proved"), "--json"])).stdout) as [
      { proposals: { breaks: { file: string; line: number }[] }[] },
    ];
    const broken = report[0].proposals.flatMap(({ breaks }) => breaks);
    expect(broken.map(({ file: at, line }) => `${basename(at)}:${line}`)).toEqual(["psexec.cases.yaml:1"]);
  });

  test("alerts for which there can be no filter are left, with the reason", async () => {
    file("log.ndjson", `${JSON.stringify(start("push01", "", "psexec.exe", 1))}\n`);
    const rule = file("plain.yml", SIGMA.replace(/id: .*\n/, ""));
    await alertsOf(rule);
    const run = await tocsin(["tune", "alerts.ndjson", "--rules", rule]);
    expect(run.stdout).toContain("neither an id nor a name that a filter could refer to");
    expect(run.status).toBe(1);
  });
});
