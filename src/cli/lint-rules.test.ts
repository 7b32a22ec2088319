// `tocsin lint` on rules that belong to no package.
import { join } from "node:path";
import { expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file, path } = workFolder();
const rule = (field: string): string => `title: Macro files
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: file_event }
detection:
  selection:
    ${field}: System
  condition: selection
`;

test("findings with their places, the exit code, and --json", async () => {
  file("bad/macro.yml", rule("IntegrityLevel"));
  const text = await tocsin(["lint", join(path, "bad")]);
  expect(text.stdout).toContain(
    "bad/macro.yml:1:1: error: Sysmon can never satisfy the rule: winlog.event_data.IntegrityLevel is never set",
  );
  expect(text.stdout).toContain("1 rule: 2 errors, 0 warnings, 0 hints.");
  expect(text.status).toBe(1);
  const [document] = JSON.parse((await tocsin(["lint", "--json", join(path, "bad")])).stdout) as [
    { errors: number; findings: { code: string }[] },
  ];
  expect(document.errors).toBe(2);
  expect(document.findings.map(({ code }) => code)).toEqual(["blind-source", "blind-source"]);

  const good = await tocsin(["lint", file("good/macro.yml", rule("TargetFilename"))]);
  expect(good.stdout).toBe("1 rule: 0 errors, 0 warnings, 0 hints.\n");
  expect(good.status).toBe(0);
});

test("a rule that cannot be read is no rule without findings: exit code 4", async () => {
  file("mixed/good.yml", rule("TargetFilename"));
  file("mixed/broken.yml", rule("TargetFilename").replace("0f0c", "1f0c").replace("condition: selection", "condition: selectoin"));
  const run = await tocsin(["lint", join(path, "mixed")]);
  expect(run.stderr).toContain("sigma/unknown-selection");
  expect(run.status).toBe(4);
});

test("rules that lie beside packages in a folder are linted, proved and evaded with them", async () => {
  file("both/T1/package.yaml", "id: T1000\ntitle: Ours\n");
  file("both/T1/rules/R1.yaml", 'id: R1\nname: Any start\nquery: |-\n  process where process.name == "net.exe"\n');
  file("both/notes.json", "{}\n");
  const both = join(path, "both");
  expect((await tocsin(["lint", both])).stdout).not.toContain("0 rules");
  file("both/macro.yml", rule("IntegrityLevel"));
  const lint = await tocsin(["lint", both]);
  expect(lint.stdout).toContain("both/macro.yml:1:1: error: Sysmon can never satisfy the rule");
  expect(lint.status).toBe(1);
  expect((await tocsin(["prove", both])).stdout).toContain("unproved 0f0c1d0a");
  expect((await tocsin(["evade", both])).stdout).toContain("Nothing was tried");
});

test("the word for the bundled packages is one among paths, as it is in tocsin.yaml", async () => {
  const run = await tocsin(["lint", "bundled", file("beside/macro.yml", rule("TargetFilename"))]);
  expect(run.stdout).toContain("T1021.002");
  expect(run.stdout).toContain("1 rule: 0 errors");
  expect(run.status).toBe(0);
});
