import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { loadPackage, type Detection } from "../../catalog/index.ts";
import { sources } from "../../ecs/index.ts";
import { attackCoverage, attackLayer, caseEvents, PackageFacts, ruleNeeds, ruleOutcomes } from "./site-data.ts";

const folder = join(import.meta.dirname, "../../../detections/T1021.002-smb-admin-shares");
const files = new Map(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).replaceAll("\\", "/"), readFileSync(path, "utf8")]),
);
const pack: Detection = loadPackage(files).package!;
const facts = new PackageFacts(pack, "2026-11-24");

test("every event of a case comes with the record it was made of, in the order of the proof", () => {
  for (const result of facts.proof.cases) {
    const events = caseEvents(result.case, result);
    expect(events.map((e) => e.event, result.case.name)).toEqual(result.events);
    for (const { raw, rawKind, line } of events) {
      if (rawKind === "xml") expect(raw).toMatch(/^<Event\b/);
      else expect(result.case.eventsText.split("\n")[line! - 1]).toBe(raw);
    }
    if (result.case.events === "events.ndjson") expect(new Set(events.map((e) => e.line)).size).toBe(events.length);
  }
});

test("a rule that fires is explained by what matched", () => {
  for (const result of facts.proof.cases) {
    const outcomes = ruleOutcomes(pack, result);
    expect(outcomes.filter((o) => o.outcome === "fires").map((o) => o.rule)).toEqual(result.fired);
    for (const { rule, outcome, by, explanation } of outcomes) {
      expect(by !== null).toBe(outcome === "excepted");
      if (outcome !== "fires" || explanation === null) continue;
      if (explanation.kind === "event") expect(explanation.explanation.matches, `${result.case.name} ${rule}`).toBe(true);
      else expect(explanation.reached, `${result.case.name} ${rule}`).toBe(explanation.needed);
    }
  }
});

test("what a rule needs holds in every case in which it fires: each stage has an event of a kind that is named", () => {
  const known = new Map(sources().map((source) => [source.id, source]));
  const codesOf = (stage: readonly { readonly source: string; readonly shape: number }[]): Set<string> =>
    new Set(stage.flatMap((need) => known.get(need.source)!.produces[need.shape]!.codes));
  let held = 0;
  for (const rule of pack.rules) {
    const needs = ruleNeeds(rule);
    for (const result of facts.proof.cases) {
      // Elastic Defend's events have no codes to go by.
      if (!result.fired.includes(rule.id) || result.case.telemetry.includes("defend")) continue;
      const codes = new Set(result.events.map((event) => String((event["event"] as { readonly code?: string } | undefined)?.code)));
      for (const stage of needs.stages) {
        expect(
          [...codesOf(stage)].some((code) => codes.has(code)),
          `${rule.id} in ${result.case.name}`,
        ).toBe(true);
        held++;
      }
    }
  }
  expect(held).toBeGreaterThan(100);
});

test("the dead clause of the published query needs no network event", () => {
  const [stage] = ruleNeeds(pack.rules.find((rule) => rule.id === "A1")!).stages;
  const titles = stage!.flatMap((need) => sources().find((source) => source.id === need.source)!.produces[need.shape]!.category);
  expect(titles).not.toContain("network");
  expect(titles).toContain("process");
});

test("coverage of ATT&CK: the package's own technique, and those it leads to", () => {
  const covered = attackCoverage([pack]);
  expect(covered.get("T1021.002")).toEqual({ technique: "T1021.002", packages: ["T1021.002"], related: [] });
  expect(covered.get("T1570")?.related).toEqual(["T1021.002"]);
  const layer = JSON.parse(attackLayer("Tocsin", [pack])) as { readonly techniques: readonly { readonly techniqueID: string }[] };
  expect(layer.techniques.map((t) => t.techniqueID)).toContain("T1021.002");
});
