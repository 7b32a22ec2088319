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
