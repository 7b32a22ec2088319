// `tocsin prove` on rules that belong to no package.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";

const { file, path } = workFolder();

const SIGMA = (id: string, name: string, more = ""): string => `title: ${name} by name
id: ${id}
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\${name}'
    CommandLine|contains: admin$
  condition: selection
${more}`;
const PSEXEC = "0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12";
const NET = "1f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b13";

/** As Winlogbeat has Sysmon's event 1. */
function started(image: string, commandLine: string, second = 0): object {
  return {
    "@timestamp": `2026-03-04T09:00:${String(second).padStart(2, "0")}.000Z`,
    event: { code: "1", provider: "Microsoft-Windows-Sysmon", module: "sysmon", kind: "event", category: ["process"], type: ["start"] },
    agent: { type: "winlogbeat" },
    host: { name: "ws01", os: { type: "windows" } },
    winlog: { channel: "Microsoft-Windows-Sysmon/Operational", event_id: "1" },
    process: { executable: image, name: image.replace(/^.*\\/, ""), command_line: commandLine },
  };
}
const SHARE = started("C:\\PsExec.exe", "psexec \\\\srv01\\admin$");
const ndjson = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

interface Document {
  readonly passed: number;
  readonly failed: number;
  readonly cases: readonly {
    readonly case: string;
    readonly rules: readonly string[];
    readonly alerts: number;
    readonly events: number;
    readonly failures: readonly { readonly kind: string; readonly alerts?: number }[];
  }[];
  readonly unproved: readonly { readonly rule: string }[];
  readonly problems: readonly { readonly code: string }[];
}

async function proved(
  ...args: readonly string[]
): Promise<{ readonly document: Document; readonly status: number; readonly stderr: string }> {
  const { stdout, stderr, status } = await tocsin(["prove", "--json", ...args]);
  return { document: (JSON.parse(stdout) as [Document])[0], status, stderr };
}

describe("NAME.cases.yaml", () => {
  test("inline events and logs beside it, for Sigma, TOML and EQL; a rule without cases is unproved", async () => {
    file("good/psexec.yml", SIGMA(PSEXEC, "PsExec.exe"));
    file("good/quiet.ndjson", ndjson([started("C:\\net.exe", "net use \\\\srv01\\admin$")]));
    file(
      "good/psexec.cases.yaml",
      `- name: an administrative share\n  events: [${JSON.stringify(SHARE)}]\n  expect: 1\n- name: another program\n  log: quiet.ndjson\n  expect: 0\n`,
    );
    file(
      "good/pairs.toml",
      `[rule]\nrule_id = "pairs"\nname = "Twice"\ntype = "threshold"\nlanguage = "kuery"\nseverity = "low"\nrisk_score = 21\nquery = "process.name:PsExec.exe"\nfrom = "now-1h"\n[rule.threshold]\nfield = ["host.name"]\nvalue = 2\n`,
    );
    file(
      "good/pairs.cases.yaml",
      `- name: two\n  events: [${JSON.stringify(SHARE)}, ${JSON.stringify(started("C:\\PsExec.exe", "x", 5))}]\n  expect: 1\n- name: one\n  events: [${JSON.stringify(SHARE)}]\n  expect: 0\n`,
    );
    file("good/order.eql", 'sequence [process where process.name == "PsExec.exe"] [process where process.name == "net.exe"]');
    file(
      "good/order.cases.yaml",
      `- name: in order\n  events: [${JSON.stringify(SHARE)}, ${JSON.stringify(started("C:\\net.exe", "net", 9))}]\n  expect: 1\n`,
    );
    file("good/net.yml", SIGMA(NET, "net.exe"));
    const { document, status } = await proved(join(path, "good"));
    expect(document.cases.map(({ case: name, rules, alerts, failures }) => [name, rules, alerts, failures])).toEqual([
      ["in order", ["order"], 1, []],
      ["two", ["pairs"], 1, []],
      ["one", ["pairs"], 0, []],
      ["an administrative share", [PSEXEC], 1, []],
      ["another program", [PSEXEC], 0, []],
    ]);
    expect(document).toMatchObject({ passed: 5, failed: 0, unproved: [{ rule: NET }], problems: [] });
    expect(status).toBe(0);
    const text = await tocsin(["prove", join(path, "good")]);
    expect(text.stdout).toContain(`unproved ${NET} net.exe by name`);
    expect(text.stdout).toMatch(/3 rules with 5 cases: 5 passed, 0 failed; 1 rule unproved/);
  });

  test("a case that fails says why, and the exit code is 1", async () => {
    const rule = file("bad/psexec.yml", SIGMA(PSEXEC, "PsExec.exe"));
    file(
      "bad/psexec.cases.yaml",
      [
        `- name: no share`,
        `  events: [${JSON.stringify(started("C:\\PsExec.exe", "psexec -h"))}]`,
        `  expect: 1`,
        `- name: should be quiet`,
        `  events: [${JSON.stringify(SHARE)}]`,
        `  expect: 0`,
        `- name: not there`,
        `  log: gone.evtx`,
        `  expect: 0`,
        "",
      ].join("\n"),
    );
    const junit = join(path, "proof.xml");
    const { stdout, status } = await tocsin(["prove", join(path, "bad"), "--junit", junit]);
    expect(status).toBe(1);
    expect(stdout).toContain("psexec.cases.yaml:1:3: PsExec.exe by name: no share");
    expect(stdout).toMatch(/expected 1 alert, found 0\n.*nearest: .* psexec -h\n.*process\.command_line is "psexec -h"/);
    expect(stdout).toMatch(/should be quiet\n {2}expected 0 alerts, found 1\n {4}on .*psexec/);
    expect(stdout).toMatch(/not there\n {2}cannot be read: .*gone\.evtx: There is no such file/);
    const xml = readFileSync(junit, "utf8");
    expect(xml).toContain('<testsuite name="rules" tests="3" failures="3"');
    expect(xml).toContain(`classname="${PSEXEC}" name="no share"`);
    // The cases of a rule file that is named alone are found, too.
    expect((await tocsin(["prove", rule, "--case", "quiet"])).stdout).toContain("1 rule with 1 case: 0 passed, 1 failed");
  });

  test("what a file of cases says wrong is said at its place; a case without a rule is a fault", async () => {
    file("wrong/a.yml", SIGMA(PSEXEC, "PsExec.exe"));
    file("wrong/a.cases.yaml", "- name: both\n  log: x\n  events: [{}]\n  expect: 1\n- name: none\n  logs: x\n  expect: -1\n");
    file("wrong/b.cases.yaml", "- name: alone\n  events: [{ a: 1 }]\n  expect: 0\n");
    const { document, status, stderr } = await proved(join(path, "wrong"));
    expect(stderr).toContain("wrong/a.cases.yaml:6:3: error: Unknown key 'logs' in [2]");
    expect(stderr).toContain("Did you mean `log`?");
    expect(document.problems.map(({ code }) => code)).toContain("cases/no-rule");
    expect(status).toBe(4);
  });

  test("several rules in a file: a case is about all of them, or the one that it names", async () => {
    const two = `${SIGMA(PSEXEC, "PsExec.exe")}---\n${SIGMA(NET, "net.exe")}`;
    file("two/both.yml", two);
    const events = `[${JSON.stringify(SHARE)}, ${JSON.stringify(started("C:\\net.exe", "net use \\\\a\\admin$", 1))}]`;
    file(
      "two/both.cases.yaml",
      `- name: both\n  events: ${events}\n  expect: 2\n- name: one\n  rule: ${NET}\n  events: ${events}\n  expect: 1\n`,
    );
    const { document, status } = await proved(join(path, "two"));
    expect(document.cases.map(({ rules, alerts }) => [rules.length, alerts])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(status).toBe(0);
  });

  test("a correlation brings the rules that it is made of", async () => {
    file("many/net.yml", SIGMA(NET, "net.exe", "name: net_use\n"));
    file(
      "many/often.yml",
      "title: Often\nid: 2f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b14\ncorrelation:\n  type: event_count\n  rules: [net_use]\n  group-by: [Computer]\n  timespan: 5m\n  condition: { gte: 2 }\nlevel: high\n",
    );
    const net = (second: number): string =>
      JSON.stringify({
        ...started("C:\\net.exe", "net use \\\\a\\admin$", second),
        winlog: { channel: "Microsoft-Windows-Sysmon/Operational", event_id: "1", computer_name: "ws01" },
      });
    file(
      "many/often.cases.yaml",
      `- name: twice\n  events: [${net(1)}, ${net(2)}]\n  expect: 1\n- name: once\n  events: [${net(1)}]\n  expect: 0\n`,
    );
    const { document, status } = await proved(join(path, "many"));
    expect(document.cases.map(({ alerts, failures }) => [alerts, failures])).toEqual([
      [1, []],
      [0, []],
    ]);
    expect(status).toBe(0);
  });
});

describe("SigmaHQ's regression_data", () => {
  const folder = "sigma/regression_data/rules/psexec";
  file("sigma/rules/psexec.yml", SIGMA(PSEXEC, "PsExec.exe", `regression_tests_path: regression_data/rules/psexec/info.yml\n`));
  file(`${folder}/${PSEXEC}.json`, JSON.stringify(SHARE));
  file(
    `${folder}/info.yml`,
    `id: x\nrule_metadata:\n    - id: ${PSEXEC}\n      title: PsExec\nregression_tests_info:\n    - name: Positive Detection Test\n      type: json\n      match_count: 1\n      path: regression_data/rules/psexec/${PSEXEC}.json\n`,
  );

  test.each(["sigma", "sigma/rules", "sigma/rules/psexec.yml"])("%s", async (named) => {
    const { document, status } = await proved(join(path, named));
    expect(document).toMatchObject({ passed: 1, failed: 0, unproved: [] });
    expect(document.cases[0]).toMatchObject({ case: "Positive Detection Test", rules: [PSEXEC], events: 1, alerts: 1 });
    expect(status).toBe(0);
  });

  const suite = join(import.meta.dirname, "..", "..", "..", "..", "shared", "suites", "sigma", "regression");
  test.skipIf(!existsSync(suite))("its own rules and recordings (skipped: no ../shared beside the checkout)", async ({ task }) => {
    const { document } = await proved(suite);
    const counted = { table: "SigmaHQ's regression tests through tocsin prove", row: "regression", of: document.cases.length };
    task.meta.counted = { ...counted, same: document.passed };
    expect(document.cases.filter(({ failures }) => failures.length > 0)).toEqual([]);
    expect(document.cases.length).toBe(104);
    // Two recordings whose rules are not in the suite.
    expect(document.problems.map(({ code }) => code)).toEqual(["cases/no-rule", "cases/no-rule"]);
  });
});
