// `tocsin evade` on rules that belong to no package.
import { join } from "node:path";
import { expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file, path } = workFolder();
const rule = (id: string, condition: string): string => `title: Net use ${id}
id: ${id}f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection:
    CommandLine|contains${condition}
  condition: selection
`;
/** Sysmon 1 in the raw shape of Winlogbeat. */
const event = JSON.stringify({
  "@timestamp": "2026-03-04T09:00:00.000Z",
  winlog: {
    channel: "Microsoft-Windows-Sysmon/Operational",
    provider_name: "Microsoft-Windows-Sysmon",
    event_id: "1",
    computer_name: "ws01",
    event_data: {
      Image: "C:\\Windows\\System32\\net.exe",
      CommandLine: "net use \\\\srv01\\admin$",
      OriginalFileName: "net.exe",
      ParentImage: "C:\\Windows\\System32\\cmd.exe",
    },
  },
});
const cases = `- name: a share\n  events: [${event}]\n  expect: 1\n- name: a quiet one\n  events: [{ process: { name: x } }]\n  expect: 0\n`;

interface Report {
  readonly total: { readonly trials: number; readonly detected: number };
  readonly rules: readonly {
    readonly rule: string;
    readonly detected: number;
    readonly trials: number;
    readonly weakest: { readonly mutation: string } | null;
  }[];
  readonly misses: readonly { readonly rules: readonly string[]; readonly mutation: string; readonly reason: string }[];
  readonly skipped: readonly { readonly case: string; readonly reason: string }[];
}

test("a condition on the spelling of the command line is got past with blanks, one on the words is not", async () => {
  file("rules/brittle.yml", rule("0", ": 'net use'"));
  file("rules/brittle.cases.yaml", cases);
  file("rules/firm.yml", rule("1", "|all: ['use', 'admin$']"));
  file("rules/firm.cases.yaml", cases);
  const run = await tocsin(["evade", "--json", join(path, "rules")]);
  const [report] = JSON.parse(run.stdout) as [Report];
  const [brittle, firm] = report.rules;
  expect(brittle!.detected).toBeLessThan(brittle!.trials);
  const missed = (key: string): string[] => report.misses.filter(({ rules }) => rules.includes(key)).map(({ mutation }) => mutation);
  expect([missed(brittle!.rule), missed(firm!.rule)]).toEqual([
    ["renamed-binary", "net1", "blanks", "powershell-mapping", "powershell-drive"],
    ["powershell-mapping", "powershell-drive"],
  ]);
  expect(firm!.trials).toBeGreaterThan(1);
  expect(report.misses.find(({ mutation }) => mutation === "blanks")!.reason).toContain("process.command_line");
  expect(report.skipped.map(({ reason }) => reason)).toEqual(["nothing in it is to be detected", "nothing in it is to be detected"]);
  expect(run.status).toBe(0);
  expect((await tocsin(["evade", "--min", "100", join(path, "rules")])).status).toBe(1);
  const text = await tocsin(["evade", "--misses", join(path, "rules", "firm.yml")]);
  expect(text.stdout).toContain("Not tried: a quiet one");
  expect(text.stdout).toMatch(/powershell-drive +a share +.*process\.command_line/);
  expect(text.stdout).toMatch(/\d+\.\d % of the mutated recordings are still detected \(\d+ of \d+\)/);
});

test("the program that a rule names is tried under another name, and what could not be tried is listed", async () => {
  const tasks = (field: string): string => `title: Scheduled task by ${field}
id: ${field === "Image" ? 2 : 3}f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection: { ${field}|endswith: 'schtasks.exe' }
  condition: selection
`;
  const start = JSON.parse(event) as { winlog: { event_data: object } };
  start.winlog.event_data = {
    Image: "C:\\Windows\\System32\\schtasks.exe",
    CommandLine: "schtasks /create /tn a /tr b",
    OriginalFileName: "schtasks.exe",
    ParentImage: "C:\\Windows\\explorer.exe",
  };
  const proof = `- name: a task\n  events: [${JSON.stringify(start)}]\n  expect: 1\n`;
  file("tasks/image.yml", tasks("Image"));
  file("tasks/image.cases.yaml", proof);
  file("tasks/original.yml", tasks("OriginalFileName"));
  file("tasks/original.cases.yaml", proof);
  const [report] = JSON.parse((await tocsin(["evade", "--json", join(path, "tasks")])).stdout) as [
    Report & { readonly notTried: readonly { readonly mutation: string; readonly cases: number; readonly why: string }[] },
  ];
  const renamed = report.misses.filter(({ mutation }) => mutation === "renamed-binary");
  expect(renamed.flatMap(({ rules }) => rules)).toEqual(["2f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12"]);
  expect(renamed[0]!.reason).toContain("process.executable");
  expect(report.notTried).toContainEqual({
    mutation: "net1",
    title: "net1 instead of net",
    cases: 2,
    why: "There is no start of net.exe, by itself or in a shell.",
  });
  expect(report.notTried.map(({ mutation }) => mutation)).not.toContain("renamed-binary");
  const text = await tocsin(["evade", join(path, "tasks")]);
  expect(text.stdout).toContain("Not tried: net1: There is no start of net.exe");
});

test("rules without a recording of an attack have no score, and pass no gate", async () => {
  const unproved = file("unproved/net.yml", rule("2", ": 'net use'"));
  const run = await tocsin(["evade", unproved]);
  expect(run.stdout).toContain("Nothing was tried");
  expect(run.stdout).not.toContain("%");
  expect(run.status).toBe(0);
  expect((await tocsin(["evade", "--min", "1", unproved])).status).toBe(1);
});
