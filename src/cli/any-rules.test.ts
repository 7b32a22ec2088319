// Every command that takes rules takes them in every form, and a bad rule in a folder is listed and costs no other.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { CommandResult } from "./testing/in-process.ts";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file, path } = workFolder();

const EVENT = {
  "@timestamp": "2026-03-04T09:00:00.000Z",
  winlog: {
    channel: "Microsoft-Windows-Sysmon/Operational",
    provider_name: "Microsoft-Windows-Sysmon",
    event_id: "1",
    computer_name: "ws01",
    event_data: {
      Image: "C:\\Tools\\PsExec.exe",
      CommandLine: "psexec.exe \\\\srv01 cmd",
      OriginalFileName: "psexec.c",
      User: "CORP\\eve",
      ParentImage: "C:\\Windows\\explorer.exe",
    },
  },
};
const CASES = `- name: It runs\n  events: [${JSON.stringify(EVENT)}]\n  expect: 1\n`;
const SIGMA = `title: PsExec
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\\PsExec.exe' }
  condition: selection
`;
const TOML = `[rule]
rule_id = "rule-toml"
name = "PsExec"
type = "query"
language = "kuery"
query = 'process.name:PsExec.exe'
`;
const KIBANA = `${JSON.stringify({ rule_id: "rule-kibana", name: "PsExec", type: "eql", language: "eql", query: 'process where process.name : "psexec.exe"', severity: "low", risk_score: 21 })}\n`;
const EQL = 'process where process.name : "psexec.exe"';
/** A condition that names no selection. */
const BAD = SIGMA.replace("condition: selection", "condition: selction").replace("0f0c1d0a", "1f0c1d0a");

interface Form {
  readonly name: string;
  /** Writes it. Returns the path. */
  readonly write: () => string;
  readonly key: string;
  /** A rule of it is broken. */
  readonly broken?: true;
}

const SIGMA_KEY = "0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12";
const withCases = (name: string, text: string) => (): string => {
  file(name.replace(/\.\w+$/, ".cases.yaml"), CASES);
  return file(name, text);
};
const FORMS: readonly Form[] = [
  { name: "a Sigma rule", write: withCases("sigma/psexec.yml", SIGMA), key: SIGMA_KEY },
  { name: "a TOML file", write: withCases("toml/psexec.toml", TOML), key: "rule-toml" },
  { name: "an export of Kibana's", write: withCases("kibana/export.ndjson", KIBANA), key: "rule-kibana" },
  { name: "an EQL file", write: withCases("eql/psexec.eql", EQL), key: "psexec" },
  {
    name: "a zip",
    write: () => file("rules.zip", zipSync({ "a/psexec.yml": strToU8(SIGMA), "a/psexec.cases.yaml": strToU8(CASES) })),
    key: SIGMA_KEY,
  },
  {
    name: "a folder with a bad rule",
    write: () => {
      withCases("mixed/psexec.yml", SIGMA)();
      file("mixed/bad.yml", BAD);
      return join(path, "mixed");
    },
    key: SIGMA_KEY,
    broken: true,
  },
];

interface Use {
  readonly args: (rules: string, key: string) => readonly string[];
  /** Whether what was printed shows the rule. */
  readonly shows: (run: CommandResult, key: string) => boolean;
  /** The exit code where all is well; where a rule is broken, `EXIT.incomplete` unless it says otherwise. */
  readonly status?: number;
  readonly brokenStatus?: number;
}

const json = (run: CommandResult): unknown => JSON.parse(run.stdout);
const SITE = join(path, "site");

const COMMANDS: Readonly<Record<string, Use>> = {
  hunt: {
    args: (rules) => ["hunt", "log.ndjson", "--json", "--rules", rules],
    shows: (run, key) => (json(run) as { rules: { rule: string; alerts: number }[] }).rules.some((r) => r.rule === key && r.alerts === 1),
  },
  inspect: {
    args: (rules) => ["inspect", "log.ndjson", "--json", "--rules", rules],
    shows: (run, key) => (json(run) as { rules: { rule: string; events: number }[] }).rules.some((r) => r.rule === key && r.events === 1),
  },
  lint: {
    args: (rules) => ["lint", "--json", rules],
    shows: (run) => (json(run) as [{ rules: number }])[0].rules === 1,
  },
  prove: {
    args: (rules) => ["prove", "--json", rules],
    shows: (run, key) => {
      const [proof] = json(run) as [{ passed: number; cases: { rules: string[] }[] }];
      return proof.passed === 1 && proof.cases[0]!.rules.includes(key);
    },
  },
  evade: {
    args: (rules) => ["evade", "--json", rules],
    shows: (run, key) =>
      (json(run) as [{ rules: { rule: string; trials: number }[] }])[0].rules.some((r) => r.rule === key && r.trials > 0),
  },
  explain: {
    args: (rules, key) => ["explain", key, "log.ndjson", "--rules", rules],
    shows: (run) => run.stdout.includes("true"),
    brokenStatus: 0,
  },
  tune: {
    args: (rules) => ["tune", "alerts.ndjson", "--json", "--rules", rules],
    shows: (run, key) => (json(run) as { rule: string; alerts: number }[]).some((r) => r.rule === key && r.alerts === 1),
    // What it proposes would break the case.
    status: 1,
    brokenStatus: 1,
  },
  translate: {
    args: (rules) => ["translate", rules, "--to", "lucene", "--json"],
    shows: (run) =>
      (json(run) as { text: string }[]).some(({ text }) => text.toLowerCase().includes("process.name") || text.includes("[pP]")),
  },
  site: {
    args: (rules) => ["site", SITE, "--rules", rules],
    shows: () =>
      existsSync(join(SITE, "rules", "all", "index.html")) &&
      readFileSync(join(SITE, "rules", "index.html"), "utf8").includes("1 rule of no"),
  },
  serve: {
    args: (rules) => ["serve", "log.ndjson", "--port", "0", "--rules", rules],
    shows: (run) => /Serving on http:\/\/127\.0\.0\.1:\d/.test(run.stdout) && /psexec/i.test(run.stdout),
  },
};

describe.each(Object.entries(COMMANDS))("%s", (_, { args, shows, status = 0, brokenStatus = 4 }) => {
  test.each(FORMS)("takes $name", async ({ write, key, broken }) => {
    file("log.ndjson", `${JSON.stringify(EVENT)}\n`);
    const rules = write();
    file("alerts.ndjson", (await tocsin(["hunt", "log.ndjson", "--ndjson", "--rules", rules])).stdout);
    rmSync(SITE, { recursive: true, force: true });
    const run = await tocsin(args(rules, key));
    if (broken === true) expect(run.stderr).toMatch(/bad\.yml:\d+:\d+: error: .*selction/);
    expect(run.status, run.stderr).toBe(broken === true ? brokenStatus : status);
    expect(shows(run, key), run.stdout.slice(0, 2_000)).toBe(true);
  });
});
