import { beforeAll, describe, expect, test } from "vitest";
import { shippedPackage, TODAY } from "../../../scripts/shipped.ts";
import { MUTATIONS } from "../../catalog/index.ts";
import { evade, type EvasionReport } from "./evasion.ts";

const load = shippedPackage;

describe("the shipped package", () => {
  let report: EvasionReport;
  beforeAll(() => {
    report = evade(load(), { today: TODAY });
  }, 60_000);

  test("95 of 100 mutated recordings are still detected, each recording alone; every other one is explained", () => {
    expect(report.total.trials).toBeGreaterThan(400);
    expect(report.total.share).toBeGreaterThanOrEqual(0.95);
    expect(report.bothSides.share).toBeGreaterThanOrEqual(report.total.share);
    expect(report.misses.filter((miss) => miss.invisible === null)).toEqual([]);
    expect(report.misses).toHaveLength(report.total.trials - report.total.detected);
    expect(report.weakest).not.toBeNull();
  });

  test("every mutation is tried, and every case but those without an alert", () => {
    expect(report.mutations.filter((m) => m.trials === 0)).toEqual([]);
    expect(report.skipped.map((s) => s.case)).toEqual(["t1-map-share-remote-target-sysmon"]);
    expect(report.rules.filter((rule) => rule.trials === 0)).toEqual([]);
  });

  test("the published query is weaker than its repair, and a renamed program is what it is weakest against", () => {
    const of = (id: string) => report.rules.find((rule) => rule.rule === id)!;
    expect(of("A1").share).toBeLessThan(of("A2").share);
    expect(of("A1").weakest).toMatchObject({ mutation: "renamed-binary", detected: 0 });
    expect(of("A1").misses[0]!.reason).toContain("process.name");
  });

  test("the same again", () => {
    const { ms: _, ...again } = evade(load(), { today: TODAY });
    const { ms: __, ...first } = report;
    expect(again).toEqual(first);
  });
});

test("a rule made brittle loses, and the miss says why", () => {
  const report = evade(
    load({
      "rules/B8.yaml": (text) => text.replace('process.args : "view"', 'process.args == "view"'),
    }),
    { today: TODAY },
  );
  const b8 = report.rules.find((rule) => rule.rule === "B8")!;
  expect(b8.misses.some((miss) => miss.mutation === "letter-case" && miss.reason.includes('process.args == "view"'))).toBe(true);
  expect(report.misses.some((miss) => miss.mutation === "letter-case" && miss.invisible === null)).toBe(true);
});

test("every mutation says what and why", () => {
  expect(new Set(MUTATIONS.map((m) => m.id)).size).toBe(MUTATIONS.length);
  for (const m of MUTATIONS) expect([m.id, m.title.length > 5, m.why.endsWith(".")]).toEqual([m.id, true, true]);
});
