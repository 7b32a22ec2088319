// `--pipeline` and `--field-mapping`: Sigma rules on a user's own JSON, on every command that loads them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file, path } = workFolder();

const RULE = `title: Net user
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\net.exe'
    CommandLine|contains: ' /domain'
  condition: selection
`;
const OTHER = `title: Hashes
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b13
logsource: { product: windows, category: process_creation }
detection:
  selection: { Hashes|contains: MD5=00 }
  condition: selection
`;
const EVENTS = [
  { meta: { when: "2026-03-01T10:00:00Z" }, kind: "exec", proc: { exe: "C:\\Windows\\net.exe", cmd: "net user /domain" } },
  { meta: { when: "2026-03-01T10:00:01Z" }, kind: "other", proc: { exe: "C:\\Windows\\net.exe", cmd: "net user /domain" } },
];
const LOG = EVENTS.map((event) => `${JSON.stringify(event)}\n`).join("");
const MAP = `'@timestamp': meta.when
Image: proc.exe
CommandLine: proc.cmd
logsources:
  - { product: windows, category: process_creation, condition: { kind: exec } }
`;
const PIPELINE = `name: mine
transformations:
  - type: field_name_mapping
    mapping: { Image: proc.exe, CommandLine: proc.cmd }
  - type: add_condition
    conditions: { kind: exec }
  - type: extract_fields
    separator: "="
    field_name_conditions: [{ type: include_fields, fields: [Hashes] }]
`;

interface Hunt {
  readonly alerts: readonly { readonly "@timestamp"?: string }[];
  readonly rules: readonly { readonly name: string; readonly alerts: number }[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

describe("hunt", () => {
  const rules = file("rules/net.yml", RULE);
  const logs = file("events.ndjson", LOG);

  test("by itself no rule knows these events", async () => {
    const { stdout, status } = await tocsin(["hunt", logs, "--rules", rules, "--json"]);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Hunt).alerts).toEqual([]);
  });

  test.each([
    ["--field-mapping", file("map.yml", MAP)],
    ["--pipeline", file("pipeline.yml", PIPELINE)],
  ])("with %s it does", async (option, name) => {
    const { stdout, status } = await tocsin(["hunt", logs, "--rules", rules, "--json", option, name]);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Hunt).rules).toMatchObject([{ name: "Net user", alerts: 1 }]);
  });

  test("a field map says where the time is", async () => {
    const { stdout } = await tocsin(["hunt", logs, "--rules", rules, "--json", "--field-mapping", file("map.yml", MAP)]);
    expect((JSON.parse(stdout) as Hunt).alerts.map((alert) => alert["@timestamp"])).toEqual(["2026-03-01T10:00:00Z"]);
  });

  test("what is not supported is named with its place, and the rules that it touches do not run", async () => {
    const both = file("both/net.yml", RULE);
    file("both/hashes.yml", OTHER);
    const folder = both.replace(/net\.yml$/, "");
    const { stdout, status } = await tocsin(["hunt", logs, "--rules", folder, "--json", "--pipeline", file("pipeline.yml", PIPELINE)]);
    const hunt = JSON.parse(stdout) as Hunt;
    expect(status).toBe(0);
    expect(hunt.rules.map(({ name }) => name)).toEqual(["Net user"]);
    expect(hunt.problems).toMatchObject([
      {
        code: "sigma/pipeline-unsupported",
        rule: "0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b13",
        message: expect.stringMatching(/`extract_fields` is not supported \(.*pipeline\.yml, line 7\); the rule is not run/) as string,
      },
    ]);
  });

  test("a file that cannot be used ends the command", async () => {
    const { stderr, status } = await tocsin(["hunt", logs, "--rules", rules, "--pipeline", file("bad.yml", "transformations: [{}]\n")]);
    expect(status).toBe(2);
    expect(stderr).toContain("bad.yml:1:19: error: The item has no `type`");
  });
});

test("explain, lint, prove, evade, inspect and translate see the rule as the pipeline leaves it", async () => {
  const rule = file("own/net.yml", RULE);
  file("own/net.cases.yaml", `- name: of my own\n  events: ${JSON.stringify(EVENTS)}\n  expect: 1\n`);
  const map = file("map.yml", MAP);
  const logs = file("events.ndjson", LOG);
  const explained = await tocsin(["explain", "Net user", logs, "--rules", rule, "--field-mapping", map]);
  expect(explained.stdout).toContain('proc.exe : "*\\\\net.exe"');
  const linted = await tocsin(["lint", rule, "--field-mapping", file("part.yml", "Image: proc.exe\n")]);
  expect(linted.stderr).toContain("net.yml:7:5: warning");
  expect(linted.stderr).toContain("No pipeline or field map has a place for `CommandLine`");
  expect((await tocsin(["prove", rule])).status).toBe(1);
  expect((await tocsin(["prove", rule, "--field-mapping", map])).status).toBe(0);
  const evaded = await tocsin(["evade", rule, "--field-mapping", map, "--json"]);
  expect(JSON.parse(evaded.stdout)).toMatchObject([{ rules: [{ name: "Net user" }] }]);
  const inspected = await tocsin(["inspect", logs, "--rules", rule, "--field-mapping", map, "--json"]);
  expect(JSON.parse(inspected.stdout)).toMatchObject({ rules: [{ events: 1 }] });
  const translated = await tocsin(["translate", rule, "--to", "esql", "--pipeline", file("pipeline.yml", PIPELINE)]);
  expect(translated.stdout).toContain("proc.exe");
  expect(translated.stdout).not.toContain("process.executable");
});

test("serve and site hunt with the rule as the pipeline leaves it", async () => {
  const args = ["--rules", file("paged/net.yml", RULE), "--pipeline", file("pipeline-of-pages.yml", PIPELINE)];
  const logs = file("paged.ndjson", LOG);
  const served = await tocsin(["serve", logs, "--port", "0", ...args]);
  expect([served.status, served.stderr]).toEqual([0, ""]);
  expect(served.stdout).toMatch(/^Alerts: 1 /m);
  const folder = join(path, "site");
  expect(await tocsin(["site", folder, "--hunt", logs, ...args])).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(join(folder, "alerts", "index.html"), "utf8")).toContain("Net user");
});

test("inspect and explain take the time from where the field map says it is", async () => {
  const rule = file("timed/two.eql", 'sequence [any where kind == "exec"] [any where kind == "other"]\n');
  const map = ["--rules", rule, "--field-mapping", file("map-of-times.yml", MAP)];
  // The later event comes first: without times, events stay in the order of the file.
  const logs = file("timed.ndjson", `${JSON.stringify(EVENTS[1])}\n${JSON.stringify(EVENTS[0])}\n`);
  const inspected = JSON.parse((await tocsin(["inspect", logs, "--json", ...map])).stdout) as Readonly<Record<string, unknown>>;
  expect(inspected).toMatchObject({ withoutTime: 0, channels: [{ first: "2026-03-01T10:00:00Z", last: "2026-03-01T10:00:01Z" }] });
  const explained = await tocsin(["explain", "two", logs, "--json", ...map]);
  expect(JSON.parse(explained.stdout)).toMatchObject({ explanation: { kind: "sequence", reached: 2 } });
});
