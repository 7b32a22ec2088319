import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const root = join(import.meta.dirname, "..", "..");
const { path: folder, file } = workFolder();

const SIGMA = `title: A rule of Sigma
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
logsource: { product: windows, category: process_creation }
detection:
  selection:
    CommandLine|contains: whoami
  condition: selection
`;

const CORRELATION = `---
title: Many of them
id: 2f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b11
correlation:
  type: event_count
  rules: [929a690e-bef0-4204-a928-ef5e620d6fcc]
  group-by: [Computer]
  timespan: 1h
  condition: { gte: 10 }
`;

describe("translate", () => {
  test("a correlation has no translation, and that is an error", async () => {
    const run = await tocsin(["translate", file("correlated.yml", `${SIGMA}${CORRELATION}`), "--to", "lucene"]);
    expect(run.stdout).toContain("whoami".replaceAll(/./g, (c) => `[${c}${c.toUpperCase()}]`));
    expect(run.stderr).toContain('error: "Many of them" is not translated. It is a correlation');
    expect(run.status).toBe(3);
  });

  test("placeholders stand for what --placeholders says", async () => {
    const rule = file("placeholder.yml", SIGMA.replace("CommandLine|contains: whoami", "User|expand: '%admins%'"));
    const unknown = await tocsin(["translate", rule, "--to", "panther-ecs"]);
    expect(unknown.stderr).toContain("[sigma/unresolved-placeholder]");
    expect(unknown.status).toBe(2);
    const table = file("placeholders.yml", "admins: [root, 'adm-*']\n");
    const known = await tocsin(["translate", rule, "--to", "panther-ecs", "--placeholders", table]);
    expect(known.stdout).toContain('"root"');
    expect(known.stdout).toContain('"adm-"');
    const wrong = await tocsin(["translate", rule, "--to", "panther-ecs", "--placeholders", file("wrong.yml", "admins: { a: b }\n")]);
    expect(wrong.stderr).toContain("admins does not stand for a text or a list of them");
    expect(wrong.status).toBe(2);
  });

  test("prints the query, and nothing else where it is the same detection", async () => {
    const run = await tocsin(["translate", "B5", "--to", "esql"]);
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/^FROM .*METADATA _id, _index, _version\n\| WHERE /);
    expect(run.status).toBe(0);
  });

  test("names what is lost at its place, with exit code 1", async () => {
    const run = await tocsin(["translate", "-q", 'process where process.name : "a*" and not length(process.name) > 9', "--to", "lucene"]);
    expect(run.stdout).toBe('event.category:"process" AND process.name:/[aA].*/\n');
    expect(run.stderr).toContain("query query:1:43");
    expect(run.stderr).toContain('1 | process where process.name : "a*" and not length(process.name) > 9\n');
    expect(run.stderr).toMatch(/\| {43}\^{24}\n/);
    expect(run.stderr).toContain("[lucene/wider]");
    expect(run.status).toBe(1);
  });

  test("a text without a condition of the rule is refused unless it is allowed", async () => {
    const query = 'process where process.name : "a*" and length(process.name) > 9';
    const refused = await tocsin(["translate", "-q", query, "--to", "lucene", "refused"]);
    expect(refused.stdout).toBe("");
    expect(refused.stderr).toContain("[lucene/untranslatable]");
    expect(refused.stderr).toContain("--allow-wider");
    expect(refused.stderr).toContain("0 files in refused: 1 untranslatable");
    expect(refused.status).toBe(3);
    const json = JSON.parse((await tocsin(["translate", "-q", query, "--to", "lucene", "--json"])).stdout) as object[];
    expect(json).toMatchObject([{ text: "", files: [], effect: "untranslatable", losses: [{ dropsConjunct: true }] }]);
    const allowed = await tocsin(["translate", "-q", query, "--to", "lucene", "--allow-wider"]);
    expect(allowed.stdout).toBe('event.category:"process" AND process.name:/[aA].*/\n');
    expect(allowed.stderr).toContain("[lucene/wider]");
    expect(allowed.status).toBe(1);
  });

  test("what is wider in another way is not refused", async () => {
    const run = await tocsin(["translate", "-q", 'process where process.name == "a" | head 5', "--to", "splunk"]);
    expect(run.stdout).toContain("EventCode");
    expect(run.status).toBe(1);
  });

  test("a bundle of all platforms has such texts, and marks them", async () => {
    const query = 'process where process.name : "a*" and length(process.name) > 9';
    const run = await tocsin(["translate", "-q", query, "--to", "all", "bundle"]);
    expect(readFileSync(join(folder, "bundle/lucene/query.lucene"), "utf8")).toContain("process.name");
    expect(run.stderr).toMatch(/\d+ without a condition of their rule; losses\.json says what differs/);
    const losses = JSON.parse(readFileSync(join(folder, "bundle/losses.json"), "utf8")) as { platform: string; dropsConjunct: boolean }[];
    expect(losses.find(({ platform }) => platform === "lucene")).toMatchObject({ effect: "wider", dropsConjunct: true });
  });

  test("a rule that cannot be translated is an error with its place, with exit code 3", async () => {
    const run = await tocsin(["translate", "T1021.002/C2", "--to", "elasticsearch"]);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/^T1021\.002\/C2 rules\/C2\.yaml:\d+:\d+\nerror: line 1:1: /);
    expect(run.status).toBe(3);
  });

  test("reads a rule's file, a Sigma file, a query's file and standard input", async () => {
    const rule = await tocsin(["translate", join(root, "detections/T1021.002-smb-admin-shares/rules/B5.yaml"), "--to", "lucene"]);
    expect(rule.stdout).toBe((await tocsin(["translate", "b5", "--to", "lucene"])).stdout);
    const sigma = await tocsin(["translate", file("a.yml", SIGMA), "--to", "kibana-rule"]);
    expect(JSON.parse(sigma.stdout)).toMatchObject({
      name: "A rule of Sigma",
      type: "eql",
      rule_id: "929a690e-bef0-4204-a928-ef5e620d6fcc",
    });
    const query = await tocsin(["translate", file("b.eql", "any where process.pid == 4"), "--to", "lucene"]);
    expect(query.stdout).toBe("process.pid:4\n");
    const typed = await tocsin(["translate", "-", "--to", "lucene"], [new TextEncoder().encode("any where process.pid == 4")]);
    expect(typed.stdout).toBe("process.pid:4\n");
    const broken = await tocsin(["translate", file("c.eql", "any where ="), "--to", "lucene"]);
    expect(broken.stdout).toBe("");
    expect(broken.stderr).toContain("line 1:11");
    expect(broken.status).toBe(2);
  });

  test("the user's own column names", async () => {
    const fields = file("fields.yaml", "process.name: image\n");
    expect((await tocsin(["translate", "-q", 'any where process.name == "a"', "--to", "lucene", "--fields", fields])).stdout).toBe(
      'image:"a"\n',
    );
    const bad = await tocsin(["translate", "-q", "any where true", "--to", "lucene", "--fields", file("bad.yaml", "process.name: [1]\n")]);
    expect(bad.stderr).toContain("process.name is not a field with a name");
    expect(bad.status).toBe(2);
  });

  test("--json has texts, losses and places", async () => {
    const run = await tocsin(["translate", "C1", "--to", "esql,sigma", "--json"]);
    const made = JSON.parse(run.stdout) as {
      platform: string;
      effect: string;
      text: string;
      losses: { place: object; source: string }[];
    }[];
    expect(made.map(({ platform }) => platform)).toEqual(["esql", "sigma"]);
    expect(made[0]).toMatchObject({ effect: "exact", losses: [] });
    expect(made[1]!.losses[0]).toMatchObject({ effect: "narrower", place: { file: "rules/C1.yaml" } });
  });

  test("--to all writes files; a package also for Kibana and for ATT&CK Navigator", async () => {
    const run = await tocsin(["translate", "T1021.002", "--to", "all", "out"]);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/\d+ files in out: \d+ exact, \d+ wider, .*; losses\.json says what differs\n$/);
    expect(existsSync(join(folder, "out/esql/B1.esql"))).toBe(true);
    expect(existsSync(join(folder, "out/opensearch/B1.monitor.json"))).toBe(true);
    const lines = readFileSync(join(folder, "out/kibana-rule/T1021.002.ndjson"), "utf8").trimEnd().split("\n");
    const kinds = lines.map((line) => Object.keys(JSON.parse(line) as object)[0]);
    expect(kinds.filter((kind) => kind === "rule_id")).toHaveLength(
      readdirSync(join(root, "detections/T1021.002-smb-admin-shares/rules")).length,
    );
    expect(kinds.lastIndexOf("rule_id")).toBeLessThan(kinds.indexOf("list_id"));
    expect(JSON.parse(readFileSync(join(folder, "out/navigator/T1021.002.json"), "utf8"))).toMatchObject({ domain: "enterprise-attack" });
    const losses = JSON.parse(readFileSync(join(folder, "out/losses.json"), "utf8")) as { reason: string }[];
    expect(losses.length).toBeGreaterThan(50);
  });

  test("a rule's name cannot lead out of the folder", async () => {
    const path = file("evil.yml", SIGMA.replace("A rule of Sigma", "../../evil"));
    expect((await tocsin(["translate", path, "--to", "lucene,esql", "evil"])).status).toBeLessThan(2);
    expect(readdirSync(join(folder, "evil")).sort()).toEqual(["esql", "lucene"]);
    expect(readdirSync(join(folder, "evil/lucene"))).toEqual(["evil.lucene"]);
  });

  test("a layer alone", async () => {
    expect(JSON.parse((await tocsin(["translate", "T1021.002", "--to", "navigator"])).stdout)).toMatchObject({
      versions: { layer: "4.5" },
    });
    expect((await tocsin(["translate", "B1", "--to", "navigator"])).status).toBe(2);
  });

  test.each([
    [["B1"], /--to is missing/],
    [["B1", "--to", "nonsense"], /no such platform/],
    [["B1", "--to", "all"], /need a folder/],
    [["ZZ9", "--to", "esql"], /neither a file nor the id/],
    [["--to", "esql"], /name a rule/],
    [["-q", "any where true", "--to", "esql", "--profile", "x"], /no such profile/],
  ])("%j is refused", async (args, message) => {
    const run = await tocsin(["translate", ...args]);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(message);
    expect(run.status).toBe(2);
  });

  test("--list names the platforms", async () => {
    const run = await tocsin(["translate", "--list"]);
    expect(run.stdout).toMatch(/^platform +what +checked\n/);
    expect(run.stdout).toContain("kibana-rule");
    expect(run.stdout).toContain("navigator");
  });
});
