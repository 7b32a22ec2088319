import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CASE } from "../package/cases.ts";
import { loadPackage, packageIdProblem, ruleIdProblem, scaffoldDetection, scaffoldRule } from "../index.ts";
import { PACKAGE, TESTS } from "../package/package.ts";
import { HUNT, RULE } from "../package/rule.ts";
import { TUNING } from "../package/tuning.ts";

const options = { today: "2026-11-24", uuid: () => "5f0d3f5c-4f0e-4b5e-9b1a-0d6f0e6f7a01" };

describe("a new package", () => {
  test.each(["T1021.003", "T1105", "House-Rules"])("%s loads without a problem", (id) => {
    const { package: made, problems } = loadPackage(scaffoldDetection(id, options), { today: options.today });
    expect(problems).toEqual([]);
    expect(made!.id).toBe(id);
    expect(made!.cases.map((c) => c.kind).sort()).toEqual(["evasion", "negative", "positive"]);
  });

  test("a technique of ATT&CK is filled in", () => {
    const { package: made } = loadPackage(scaffoldDetection("T1021.003", options));
    expect(made!.meta.title).toBe("Distributed Component Object Model");
    expect(made!.meta.attack).toMatchObject({
      tactic: { id: "TA0008" },
      technique: { id: "T1021", name: "Remote Services" },
      subtechnique: { id: "T1021.003" },
    });
  });

  test("a rule is added to it", () => {
    const files = new Map([
      ...scaffoldDetection("T1105", options),
      ...scaffoldRule("R2", { ...options, uuid: () => options.uuid().replace("01", "02") }),
    ]);
    const { package: made, problems } = loadPackage(files, { today: options.today });
    expect(problems).toEqual([]);
    expect(made!.rules.map((r) => r.id)).toEqual(["R1", "R2"]);
  });

  /** Of optional keys those that a new package has use for; the documentation lists the others. */
  const LEFT_OUT = new Set(["page", "claimed", "query_source", "recorded", "confirmed"]);
  const files = scaffoldDetection("T1021.003", options);
  test.each([
    ["package.yaml", PACKAGE],
    ["tests.yaml", TESTS],
    ["tuning.yaml", TUNING],
    ["rules/R1.yaml", RULE],
    ["hunts/H1.yaml", HUNT],
    ["cases/r1-attack/case.yaml", CASE],
  ] as const)("%s shows every key", (file, schema) => {
    const text = files.get(file)!;
    for (const key of Object.keys(schema.shape)) if (!LEFT_OUT.has(key)) expect(text).toMatch(new RegExp(`^(# )?${key}:`, "m"));
  });
});

describe("ids are names of files and folders, and nothing else", () => {
  test("every id that is accepted is a plain name", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("T", "a", "1", ".", "-", "/", "\\", "\0", ":", " ", "C") }), (id) => {
        if (packageIdProblem(id) === null) expect(id).toMatch(/^[A-Z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*$/);
        if (ruleIdProblem(id) === null) expect(id).toMatch(/^[A-Z][A-Z0-9]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["../x", "T1/../..", "A..b", "A.", "", "t1021", "/etc", "C:\\x", "T1021\n"])("%j is refused", (id) => {
    expect(packageIdProblem(id)).toContain("cannot be the id");
    expect(ruleIdProblem(id)).toContain("cannot be the id");
  });
});
