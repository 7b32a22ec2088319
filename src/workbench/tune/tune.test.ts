import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Hunt, loadPackage, openInput, Tuning } from "../index.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "detections", "T1021.002-smb-admin-shares");
const files = new Map<string, string>();
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
  if (entry.isFile())
    files.set(relative(folder, join(entry.parentPath, entry.name)), readFileSync(join(entry.parentPath, entry.name), "utf8"));
const today = "2026-03-04";
const detection = loadPackage(files, { today }).package!;

const hunt = new Hunt({ packages: [detection], today });
const decoder = openInput("lab.ndjson");
const sink = { record: (r: Parameters<Hunt["record"]>[0]) => hunt.record(r), problem: () => {} };
decoder.push(readFileSync(join(root, "samples", "lab.ndjson")), sink);
decoder.end(sink);
const { alerts } = hunt.finish();
const tuning = new Tuning(detection, today);

const draft = {
  id: "psexec-of-adm",
  title: "PsExec of the administrator",
  rules: ["C1"],
  source: {} as Record<string, string[]>,
  account: {} as Record<string, string[]>,
  artefact: {} as Record<string, string[]>,
  owner: "Server operations",
  reason: "Known tool",
  created: today,
  expires: "2026-06-01",
};

describe("what an exception would do", () => {
  const c1 = alerts.filter((a) => a.rule.key.endsWith("/C1"));

  test("a part alone shows its effect and is no exception", () => {
    const effect = tuning.effect({ ...draft, account: { "user.name": ["adm.*"] } }, alerts);
    expect(c1.length).toBeGreaterThan(0);
    expect(effect.removed.length).toBeGreaterThan(0);
    expect(effect.removed.every((a) => a.rule.key.endsWith("/C1"))).toBe(true);
    expect(effect.problems.join(" ")).toMatch(/names no source.*names no artefact/);
    expect(effect.yaml).toBeNull();
  });

  test("a complete one is YAML that the package loads", () => {
    const { yaml, problems } = tuning.effect(
      {
        ...draft,
        source: { "source.ip": ["10.10.20.0/24"] },
        account: { "user.name": ["adm.kira"] },
        artefact: { "winlog.event_data.RelativeTargetName": ["PSEXESVC.exe"] },
      },
      alerts,
    );
    expect(problems).toEqual([]);
    const text = files.get("tuning.yaml")!;
    // Under `exceptions:`, wherever that stands.
    const pasted = text.replace(/^exceptions:\n/m, `exceptions:\n${yaml!.replaceAll(/^/gm, "  ").trimEnd()}\n`);
    expect(parse(pasted).exceptions[0].id).toBe("psexec-of-adm");
    const loaded = loadPackage(new Map([...files, ["tuning.yaml", pasted]]), { today });
    expect(loaded.problems.filter((p) => p.severity === "error")).toEqual([]);
  });

  test("attacks that would go unseen are said to be silenced", () => {
    const rules = detection.rules.map((r) => r.id);
    const everything = { "event.code": ["????", "*1*", "*3*", "*7*", "*8*"] };
    const { cases, casesRun, problems } = tuning.effect({ ...draft, rules, source: everything }, alerts);
    expect(casesRun).toBe(detection.cases.length);
    expect(cases.some((c) => c.kind === "positive" && c.silenced)).toBe(true);
    expect(problems.some((p) => p.includes("'????'"))).toBe(true);
  });

  test("nothing written, nothing done", () => {
    expect(tuning.effect(draft, alerts)).toMatchObject({ removed: [], cases: [], yaml: null });
  });
});
