/** The coverage matrix: tests x rules x data sources, as measured by the cases. */
import type { Detection } from "../../catalog/index.ts";
import type { CaseResult } from "./case-result.ts";

export interface Coverage {
  readonly tests: readonly TestCoverage[];
}

export interface TestCoverage {
  readonly test: string;
  readonly title: string;
  /** A column for each kind of telemetry that a case shows the test in. */
  readonly cells: readonly CoverageCell[];
  /** Rules that catch the test on the remote path, on any telemetry of the side. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

export interface CoverageCell {
  readonly path: "remote" | "loopback" | "local";
  readonly side: "source" | "target" | "both";
  readonly telemetry: string;
  readonly collectors: readonly string[];
  readonly cases: readonly string[];
  /** Rules that fire in every case of the cell; empty = the test is invisible there. */
  readonly rules: readonly string[];
  /** Rules that fire in addition with `lab_loopback` on. */
  readonly lab: readonly string[];
}

export function coverageOf(detection: Detection, results: readonly CaseResult[]): Coverage {
  const order = detection.rules.map((rule) => rule.id);
  const tests = detection.tests.tests.map((test): TestCoverage => {
    const shown = results.filter((r) => r.case.test === test.id && r.case.kind === "positive");
    const groups = new Map<string, CaseResult[]>();
    for (const result of shown) {
      const key = `${result.case.path} ${result.case.side} ${result.case.telemetry.join("+")}`;
      groups.set(key, [...(groups.get(key) ?? []), result]);
    }
    const cells = [...groups.values()].map((group): CoverageCell => {
      const { path, side, telemetry } = group[0]!.case;
      return {
        path,
        side,
        telemetry: telemetry.join("+"),
        collectors: [...new Set(group.flatMap((r) => r.case.collector ?? []))].sort(),
        cases: group.map((r) => r.case.name),
        rules: order.filter((id) => group.every((r) => r.fired.includes(id))),
        lab: order.filter((id) => group.every((r) => r.labFired.includes(id))),
      };
    });
    const side = (name: "source" | "target"): string[] =>
      order.filter((id) => cells.some((cell) => cell.path === "remote" && cell.side === name && cell.rules.includes(id)));
    return { test: test.id, title: test.title, cells, source: side("source"), target: side("target") };
  });
  return { tests };
}
