/** The commands of a detection engineer: new, prove, lint, evade, tune, explain. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = join(root, "samples", "lab.ndjson");
const bundled = join(root, "detections", "T1021.002-smb-admin-shares");
const { path: folder } = workFolder();

function edit(path: string, from: string, to: string): void {
  const file = join(folder, path);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

describe("new", () => {
  test("a new package fails its proof with what to do, and holds once that is done", async () => {
    const made = await tocsin(["new", "detection", "T1021.003"]);
    expect([made.status, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain('write "example-r1.exe" for "replace-me.exe"');

    const failed = await tocsin(["prove", "T1021.003"]);
    expect([failed.status, failed.stderr]).toEqual([1, ""]);
    expect(failed.stdout).toMatch(/^FAILED r1-attack: .*write "example-r1\.exe" for "replace-me\.exe" in rules\/R1\.yaml/m);
    expect(failed.stdout).toContain("rule R1 is silent and should fire");
    expect(failed.stdout).toContain('process.name : "replace-me.exe" (process.name is "example-r1.exe")');

    edit("T1021.003/rules/R1.yaml", "replace-me.exe", "example-r1.exe");
    const holds = await tocsin(["prove", "T1021.003"]);
    expect([holds.status, holds.stderr]).toEqual([0, ""]);
    expect(holds.stdout).toContain("3 passed, 0 failed");
    const lint = await tocsin(["lint", "T1021.003"]);
    expect(lint.stdout).toContain("1 rule: 0 errors, 7 warnings, 0 hints");
    // What is left is what the scaffold asks to be written.
    expect(lint.stdout.match(/placeholder-text/g)).toHaveLength(6);
    expect(lint.stdout.match(/trivial-negative/g)).toHaveLength(1);
  });

  test("a new rule does the same to its package", async () => {
    expect((await tocsin(["new", "rule", "T1021.003", "B7"])).status).toBe(0);
    const failed = await tocsin(["prove", "T1021.003"]);
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain("rule B7 is silent and should fire");
    edit("T1021.003/rules/B7.yaml", "replace-me.exe", "example-b7.exe");
    expect((await tocsin(["prove", "T1021.003"])).stdout).toContain("6 passed, 0 failed");
  });

  test("nothing is overwritten", async () => {
    const before = readFileSync(join(folder, "T1021.003", "rules", "R1.yaml"), "utf8");
    const again = await tocsin(["new", "detection", "T1021.003"]);
    expect([again.status, again.stdout]).toEqual([2, ""]);
    expect(again.stderr).toContain("exists already");
    expect((await tocsin(["new", "rule", "T1021.003", "R1"])).stderr).toContain("exists already");
    expect((await tocsin(["new", "rule", "T1021.003", "H1"])).stderr).toContain("exists already");
    expect(readFileSync(join(folder, "T1021.003", "rules", "R1.yaml"), "utf8")).toBe(before);
    // A link, even one that leads nowhere, is not written through.
    symlinkSync(join(folder, "elsewhere.yaml"), join(folder, "T1021.003", "rules", "B9.yaml"));
    expect((await tocsin(["new", "rule", "T1021.003", "B9"])).status).toBe(2);
    expect(existsSync(join(folder, "elsewhere.yaml"))).toBe(false);
    rmSync(join(folder, "T1021.003", "rules", "B9.yaml"));
  });

  test.each([
    [["detection", "../evil"], "cannot be the id of a package"],
    [["detection", "t1021"], "cannot be the id of a package"],
    [["rule", "T1021.003", "../B1"], "cannot be the id of a rule"],
    [["rule", "nowhere", "B1"], "is no detection package"],
    [["hunt"], "unknown command"],
  ])("new %j is refused", async (args, message) => {
    const run = await tocsin(["new", ...args]);
    expect([run.status, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain("defect");
    expect(existsSync(join(folder, "..", "evil"))).toBe(false);
  });
});

describe("prove", () => {
  test("an expected signal that is missing is reported with the nearest event; --json and JUnit hold the same", async () => {
    cpSync(join(folder, "T1021.003"), join(folder, "signals"), { recursive: true });
    edit("signals/cases/r1-attack/case.yaml", 'process.name : "example-r1.exe"', 'process.name : "other.exe"');
    const run = await tocsin(["prove", "signals", "--junit", "junit.xml"]);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain("signal 'Start of example-r1.exe': expected at least one, found 0");
    expect(run.stdout).toContain('process.name : "other.exe" (process.name is "example-r1.exe")');
    const xml = readFileSync(join(folder, "junit.xml"), "utf8");
    expect(xml).toMatch(/<testsuites tests="6" failures="1"/);
    expect(xml).toMatch(/<testcase [^>]*name="r1-attack"[^>]*>\s*<failure message="signal 'Start of example-r1\.exe'/);
    const [proof] = JSON.parse((await tocsin(["prove", "signals", "--json"])).stdout) as {
      holds: boolean;
      failed: number;
      cases: { failures: { kind: string }[] }[];
    }[];
    expect(proof).toMatchObject({ holds: false, failed: 1 });
    expect(proof!.cases.flatMap((c) => c.failures.map((f) => f.kind))).toEqual(["signal"]);
  });

  test("a name that no case holds proves nothing", async () => {
    const run = await tocsin(["prove", "T1021.003", "--case", "nothing-of-the-kind"]);
    expect(run.stderr).toContain('no case\'s name holds "nothing-of-the-kind"');
    expect(run.stdout).not.toContain("holds.");
    expect(run.status).toBe(2);
  });
});

describe("lint", () => {
  test("the shipped package ends with 0; what it suppresses has a reason", async () => {
    const run = await tocsin(["lint", "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const reports = JSON.parse(run.stdout) as { errors: number; findings: { code: string; suppressed: string | null }[] }[];
    expect(reports.length).toBeGreaterThan(0);
    for (const { errors, findings } of reports) {
      expect(errors).toBe(0);
      expect(findings.filter((f) => f.suppressed === null)).toEqual([]);
    }
    expect((await tocsin(["lint", "--suppressed"])).stdout).toMatch(/rules\/A1\.yaml:\d+:\d+ +suppressed +dead-clause/);
  });

  test("an error ends it with 1, at its place", async () => {
    cpSync(join(folder, "T1021.003"), join(folder, "linted"), { recursive: true });
    edit("linted/rules/R1.yaml", "process.name :", "process.nam :");
    const run = await tocsin(["lint", "linted"]);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/rules\/R1\.yaml:\d+:\d+ +error +unknown-field +process\.nam is not in the Elastic Common Schema/);
    edit("linted/rules/R1.yaml", "layer: source", "layer: sauce");
    const broken = await tocsin(["lint", "linted"]);
    expect(broken.status).toBe(2);
    expect(broken.stderr).toMatch(/rules\/R1\.yaml:\d+:\d+: error/);
  });

  test("--explain", async () => {
    const run = await tocsin(["lint", "--explain", "broad-wildcard"]);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/How to fix it: [\s\S]*When to suppress it: /);
    expect(JSON.parse((await tocsin(["lint", "--explain", "broad-wildcard", "--json"])).stdout)).toMatchObject({
      code: "broad-wildcard",
      severity: "warning",
    });
    const wrong = await tocsin(["lint", "--explain", "nothing"]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("broad-wildcard");
  });
});

describe("evade", () => {
  test("scores a package, and --min turns the score into an exit code", async () => {
    const run = await tocsin(["evade", "T1021.003", "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const [report] = JSON.parse(run.stdout) as { total: { trials: number; detected: number; share: number } }[];
    expect(report!.total.trials).toBeGreaterThan(0);
    expect(report!.total.share).toBe(report!.total.detected / report!.total.trials);
    // One letter of the name is all that holds it.
    cpSync(join(folder, "T1021.003"), join(folder, "brittle"), { recursive: true });
    edit("brittle/rules/R1.yaml", 'process.name : "example-r1.exe"', 'process.name == "example-r1.exe"');
    const brittle = await tocsin(["evade", "brittle", "--min", "100", "--misses"]);
    expect(brittle.status).toBe(1);
    expect(brittle.stdout).toMatch(/Weakest against/);
    expect((await tocsin(["evade", "T1021.003", "--min", "150"])).status).toBe(2);
  });
});

describe("tune", () => {
  test("alerts of a hunt become exceptions that the package takes, and the next hunt is without them", async () => {
    const hunted = await tocsin(["hunt", "--ndjson", sample]);
    writeFileSync(join(folder, "alerts.ndjson"), hunted.stdout);
    const alerts = hunted.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: { id: string }; rule: { id: string }; tocsin: { what: string } });
    const wrong = alerts.filter((a) => a.rule.id === "T1021.002/A1" && /SQLSVC|Public\$/.test(a.tocsin.what)).map((a) => a.event.id);
    const run = await tocsin([
      "tune",
      "alerts.ndjson",
      "--false-positive",
      ...wrong,
      "--owner",
      "Server operations",
      "--reason",
      "Known jobs",
    ]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(run.stdout).toMatch(/# Removes \d+ alerts?; of \d+ cases it silences none that shows an attack\./);
    const items = parse(run.stdout) as { owner: string; expires: string; rules: string[] }[];
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(item).toMatchObject({ owner: "Server operations", rules: ["A1"] });

    cpSync(bundled, join(folder, "tuned"), { recursive: true });
    const tuning = join(folder, "tuned", "tuning.yaml");
    writeFileSync(
      tuning,
      readFileSync(tuning, "utf8").replace(/^exceptions:\n/m, () => `exceptions:\n${run.stdout}`),
    );
    const after = await tocsin(["hunt", "--ndjson", "--rules", "tuned", "--", sample]);
    expect(after.stderr).toBe("");
    const left = after.stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: { id: string } }).event.id);
    expect(left).toHaveLength(alerts.length - wrong.length);
    expect(left.filter((id) => wrong.includes(id))).toEqual([]);
  }, 60_000);

  test("a hunt's --json is read too; what would hide an attack is refused, and ends it with 1", async () => {
    const hunted = await tocsin(["hunt", "--json", sample]);
    const { rules } = JSON.parse(hunted.stdout) as { rules: { milliseconds: number }[] };
    expect(rules.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    expect(rules.some(({ milliseconds }) => milliseconds > 0)).toBe(true);
    writeFileSync(join(folder, "alerts.json"), hunted.stdout);
    const run = await tocsin(["tune", "alerts.json", "--json"]);
    expect([run.status, run.stderr]).toEqual([1, ""]);
    const [answer] = JSON.parse(run.stdout) as {
      alerts: number;
      allTaken: boolean;
      proposals: { verdict: string; yaml: string | null; problems: string[] }[];
    }[];
    expect(answer!.allTaken).toBe(true);
    expect(answer!.alerts).toBeGreaterThan(50);
    const refused = answer!.proposals.filter((p) => p.verdict === "refused");
    expect(refused.length).toBeGreaterThan(0);
    for (const { yaml, problems } of refused) expect([yaml, problems.length > 0]).toEqual([null, true]);
  });

  test("what is no alert", async () => {
    const run = await tocsin(["tune", sample]);
    expect([run.status, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toMatch(/none of the \d+ records is an alert/);
    expect((await tocsin(["tune", "alerts.ndjson", "--false-positive", "nobody"])).stderr).toContain("there is no alert nobody");
    expect((await tocsin(["tune", "alerts.ndjson", "--expires", "tomorrow"])).status).toBe(2);
    expect((await tocsin(["tune", "nowhere.ndjson"])).stderr).toContain("nowhere.ndjson");
  });
});

describe("explain", () => {
  test("by the id of an alert: the rule and the events of that alert", async () => {
    const alerts = readFileSync(join(folder, "alerts.ndjson"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: { id: string }; rule: { id: string } });
    for (const id of ["T1021.002/B3", "T1021.002/C2"]) {
      const alert = alerts.find((a) => a.rule.id === id)!;
      const run = await tocsin(["explain", "--alert", alert.event.id, "alerts.ndjson"]);
      expect([run.status, run.stderr]).toEqual([0, ""]);
      expect(run.stdout).toContain(id.slice(id.indexOf("/") + 1));
      expect(run.stdout).toMatch(/^Matches/m);
      const json = JSON.parse((await tocsin(["explain", "--alert", alert.event.id, "alerts.ndjson", "--json"])).stdout) as {
        rule: string;
        alert: string;
      };
      expect(json).toMatchObject({ alert: alert.event.id });
    }
    const missing = await tocsin(["explain", "--alert", "nobody", "alerts.ndjson"]);
    expect([missing.status, missing.stdout]).toEqual([2, ""]);
    expect(missing.stderr).toContain("there is no alert nobody");
  });

  test("of a rule and a file: the nearest event, and of a line that one", async () => {
    const json = JSON.parse((await tocsin(["explain", "B1", sample, "--json"])).stdout) as { rule: string; explanation: { kind: string } };
    expect(json).toMatchObject({ rule: "T1021.002/B1", explanation: { kind: "event" } });
    expect((await tocsin(["explain", "B1", sample, "--line", "999999"])).status).toBe(2);
  });
});

test("the folder holds what was asked for, and nothing else was written", async () => {
  expect(readdirSync(join(folder, "T1021.003")).sort()).toEqual(
    ["CHANGELOG.md", "cases", "guide.md", "hunts", "package.yaml", "playbook.md", "rules", "tests.yaml", "tuning.yaml"].sort(),
  );
});
