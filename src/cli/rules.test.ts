// `--rules`: whatever a user keeps rules in.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = join(root, "samples", "lab.ndjson");
const { file, path } = workFolder();

const TOML = `[metadata]
maturity = "production"

[rule]
rule_id = "4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01"
name = "Net use, as KQL"
type = "query"
language = "kuery"
severity = "medium"
risk_score = 47
query = '''
process.name:net.exe and process.args:use
'''
`;
const EXPORT = `${JSON.stringify({ rule_id: "kibana-1", name: "Logons of one account", type: "threshold", language: "kuery", query: "event.code:4624", severity: "low", risk_score: 21, from: "now-1h", threshold: { field: ["user.name"], value: 2 } })}
${JSON.stringify({ rule_id: "kibana-2", name: "A model", type: "machine_learning", machine_learning_job_id: "x", severity: "low", risk_score: 21 })}
${JSON.stringify({ exported_count: 2, exported_rules_count: 2, missing_rules: [] })}
`;
const SIGMA = `title: PsExec by name
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\PsExec.exe'
  condition: selection
`;

interface Hunt {
  readonly rules: readonly { readonly rule: string; readonly language: string; readonly alerts: number; readonly events: number }[];
  readonly problems: readonly { readonly code: string; readonly rule?: string | null }[];
}

async function hunt(...rules: readonly string[]): Promise<{ readonly document: Hunt; readonly status: number; readonly stderr: string }> {
  const run = await tocsin(["hunt", "--json", sample, "--rules", ...rules]);
  return { document: JSON.parse(run.stdout) as Hunt, status: run.status, stderr: run.stderr };
}

describe("hunt --rules", () => {
  test("a folder of everything: what runs is counted, what does not is listed, nothing else is touched", async () => {
    file("rules/elastic/net.toml", TOML);
    file("rules/export.ndjson", EXPORT);
    file("rules/sigma/psexec.yml", SIGMA);
    file("rules/broken.toml", TOML.replace("and process.args", "and and process.args"));
    file("rules/admin.eql", 'process where process.name == "net.exe" and process.args == "use"');
    file("rules/README.md", "no rule");
    file("rules/pyproject.toml", '[project]\nname = "x"\n');
    file("rules/docker-compose.yml", "services: {}\n");
    const { document, status, stderr } = await hunt(join(path, "rules"));
    expect(document.rules.map(({ rule, language }) => `${rule} ${language}`).sort()).toEqual([
      "0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12 sigma",
      "4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01 kql",
      "admin eql",
      "kibana-1 kql",
    ]);
    expect(document.rules.every(({ alerts }) => alerts > 0)).toBe(true);
    expect(document.problems.map(({ code, rule }) => `${code} ${rule}`).sort()).toEqual([
      "elastic/machine-learning kibana-2",
      "kql/missing-operand 4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01",
    ]);
    expect(stderr).toMatch(/broken\.toml:12:\d+: error: .*\[kql\/missing-operand\]/);
    // A broken rule is a fault; one that is understood and cannot run here is not.
    expect(status).toBe(4);
  });

  test("the same in an archive gives the same", async () => {
    const zip = zipSync({ "a/net.toml": strToU8(TOML), "a/export.ndjson": strToU8(EXPORT), "b/psexec.yml": strToU8(SIGMA) });
    const { document, status } = await hunt(file("rules.zip", zip));
    expect(status).toBe(0);
    expect(document.rules.map(({ rule }) => rule).sort()).toEqual([
      "0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12",
      "4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01",
      "kibana-1",
    ]);
  });

  test("a detection package in an archive is a package", async () => {
    const folder = join(root, "detections", "T1021.002-smb-admin-shares");
    const names = ["package.yaml", "tuning.yaml", "tests.yaml"].filter((name) => existsSync(join(folder, name)));
    const { readdirSync } = await import("node:fs");
    const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(names).toContain("package.yaml");
    const entries = all.map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return [`p/${full.slice(folder.length + 1).replaceAll("\\", "/")}`, new Uint8Array(readFileSync(full))] as const;
    });
    const { document } = await hunt(file("package.zip", zipSync(Object.fromEntries(entries))));
    expect(document.rules.length).toBe(30);
  });

  test("a threshold's alert carries its group and count", async () => {
    const run = await tocsin(["hunt", "--ndjson", sample, "--rules", file("export.ndjson", EXPORT)]);
    const [alert] = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { tocsin: { join_keys: unknown[]; event_count: number } });
    expect(alert!.tocsin.event_count).toBe(2);
    expect(alert!.tocsin.join_keys.length).toBe(1);
  });

  test("nothing that runs is an error that says what rules are", async () => {
    const run = await tocsin(["hunt", sample, "--rules", file("empty/x.txt", "x")]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("no rule in there that can be run");
    expect(run.stderr).toContain("Elastic's rules (.toml, an export in .ndjson or .json)");
  });

  test("rules of threat indicators run when --indicators names them", async () => {
    const rule = {
      rule_id: "ti",
      name: "Known address",
      type: "threat_match",
      language: "kuery",
      query: "*",
      severity: "high",
      risk_score: 73,
      threat_query: "*",
      threat_mapping: [{ entries: [{ field: "source.ip", value: "threat.indicator.ip", type: "mapping" }] }],
    };
    const rules = file("ti.ndjson", `${JSON.stringify(rule)}\n`);
    const indicators = file(
      "indicators.ndjson",
      `${JSON.stringify({ "@timestamp": "2026-01-01T00:00:00Z", ecs: { version: "8.11.0" }, threat: { indicator: { ip: "10.10.20.31" } } })}\n`,
    );
    const without = await tocsin(["hunt", sample, "--rules", rules]);
    expect(without.stderr).toContain("[elastic/no-indicators]");
    const run = await tocsin(["hunt", "--ndjson", sample, "--rules", rules, "--indicators", indicators]);
    expect(run.stdout).toContain('"name":"Known address"');
  });
});

describe("query --language", () => {
  test("kql finds what it says, and another language is recognised", async () => {
    const run = await tocsin(["query", "--language", "kql", "--ndjson", "process.name:net.exe and process.args:use", sample]);
    expect(run.stdout.trim().split("\n").length).toBeGreaterThan(1);
    const other = await tocsin(["query", "process.name:net.exe", sample]);
    expect(other.stderr).toContain("this looks like KQL (Kibana): add `--language kql`");
    expect(other.status).toBe(2);
    expect((await tocsin(["query", "--language", "spl", "x", sample])).stderr).toContain("no such language");
  });

  test("lucene, and what is valid in a language and hardly meant", async () => {
    const run = await tocsin(["query", "--language", "lucene", "--ndjson", "process.name:/net1?.exe/ AND process.args:use", sample]);
    expect(run.stdout).toBe(
      (await tocsin(["query", "--language", "kql", "--ndjson", "process.name:net.exe and process.args:use", sample])).stdout,
    );
    expect(run.status).toBe(0);
    const fuzzy = await tocsin(["query", "--language", "lucene", "process.name:nte~", sample]);
    expect(fuzzy.stderr).toContain("A fuzzy search (`~`) does not run here");
    expect(fuzzy.status).toBe(2);
    const eql = await tocsin(["query", "--language", "kql", "process where true", sample]);
    expect(eql.stderr).toContain("warning: this looks like EQL: add `--language eql`");
    const sql = await tocsin(["query", "--language", "esql", "select a from b", sample]);
    expect(sql.stderr).toContain("help: this looks like SQL, which does not run here: say it in ES|QL (`--language esql`)");
    const category = await tocsin(["query", "proces where true", sample]);
    expect(category.stderr).toContain("Did you mean `process`?");
    expect(category.stdout).toBe("");
  });

  test("esql as a table, CSV, JSON and lines", async () => {
    const query = ["query", "--language", "esql", "from x | stats n = count(*) by host.name | sort n desc | limit 1", sample];
    expect((await tocsin(query)).stdout).toMatch(/^ *n +host\.name\n *\d+ +\w+/);
    expect((await tocsin([...query, "--csv"])).stdout).toMatch(/^n,host\.name\r\n\d+,[\w.]+\r\n$/);
    expect(JSON.parse((await tocsin([...query, "--json"])).stdout)).toMatchObject({
      columns: ["n", "host.name"],
      rows: [{ n: expect.any(Number) as number }],
    });
    expect(JSON.parse((await tocsin([...query, "--ndjson"])).stdout)).toMatchObject({ n: expect.any(Number) as number });
    const bad = await tocsin(["query", "--language", "esql", "from x | stats n = cout(*)", sample]);
    expect(bad.stderr).toContain("Did you mean `count`?");
    expect(bad.status).toBe(2);
  });
});

describe("other commands with rules of any kind", () => {
  test("explain says why an Elastic rule matches, and what a Sigma rule saw", async () => {
    file("more/net.toml", TOML);
    file(
      "more/psexec.yml",
      SIGMA.replace("Image|endswith: '\\PsExec.exe'", () => "Image|re: 'PsE.ec\\.exe$'"),
    );
    const kql = await tocsin(["explain", "Net use, as KQL", sample, "--rules", join(path, "more")]);
    expect(kql.stdout).toContain('process.name like "net.exe"');
    expect(kql.status).toBe(0);
    const sigma = await tocsin(["explain", "0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12", sample, "--rules", join(path, "more")]);
    expect(sigma.stdout).toContain("process.executable regex /PsE.ec\\.exe$/");
    const none = await tocsin(["explain", "nowhere", sample, "--rules", join(path, "more")]);
    expect(none.stderr).toContain("there is no rule nowhere");
    expect(none.status).toBe(2);
  });

  test("inspect says what they see; what they need they do not declare", async () => {
    const run = await tocsin(["inspect", "--json", sample, "--rules", join(path, "more")]);
    const { rules } = JSON.parse(run.stdout) as { rules: { rule: string; events: number; sees: string }[] };
    expect(rules.map(({ sees }) => sees)).toEqual(["not declared", "not declared"]);
    expect(rules.every(({ events }) => events > 0)).toBe(true);
  });
});

const shared = join(root, "..", "shared");
const elastic = join(shared, "suites", "elastic-rules", "rules.ndjson");

describe.skipIf(!existsSync(elastic))("Elastic's rules over recorded attacks (skipped where ../shared is absent)", () => {
  test("which rules find what is that of the golden", async ({ task }) => {
    const run = await tocsin(["hunt", "--json", join(shared, "data"), "--rules", elastic]);
    const { rules, problems } = JSON.parse(run.stdout) as Hunt;
    const count = (code: string): number => problems.filter((problem) => problem.code === code).length;
    // Language models, machine learning and indicators that were not given: everything else runs.
    expect([count("esql/not-supported"), count("elastic/machine-learning"), count("elastic/no-indicators")]).toEqual([3, 64, 4]);
    const all = readFileSync(elastic, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { readonly rule_id: string }).rule_id);
    const ran = rules.map(({ rule }) => rule);
    const named = problems.flatMap(({ rule }) => rule ?? []);
    task.meta.counted = {
      table: "Elastic rules",
      row: "hunt: ran, less those that are named",
      of: all.length - named.length,
      same: ran.length,
    };
    // Each rule is in one of the two lists.
    expect([...ran, ...named].sort()).toEqual(all.sort());
    const seen = rules
      .filter(({ events }) => events > 0)
      .map(({ rule, events, alerts }) => `${rule} ${events} ${alerts}`)
      .sort()
      .join("\n");
    const golden = join(import.meta.dirname, "goldens", "elastic-rules.txt");
    if (process.env["UPDATE"] === "1") writeFileSync(golden, `${seen}\n`);
    expect(`${seen}\n`).toBe(readFileSync(golden, "utf8"));
  });
});
