import { expect, test } from "vitest";
import type { Detection } from "../../../workbench/index.ts";
import { falsePositives } from "./tune.tsx";

const exception = (id: string, rules: string[]) => ({ id, title: `Exclusion ${id}`, rules });
const detection = {
  rules: [
    { id: "A", false_positives: [{ scenario: "Somebody maps a drive", tell: "It is not C$", exception: null }] },
    {
      id: "B",
      false_positives: [
        { scenario: "PDQ copies its runner", tell: "PDQ server", exception: "pdq" },
        { scenario: "Somebody maps a drive", tell: "It is not C$", exception: null },
      ],
    },
    { id: "C", false_positives: [{ scenario: "PDQ pushes", tell: "Its server", exception: "pdq" }] },
    { id: "D", false_positives: [{ scenario: "Gone", tell: "Its exclusion is not there", exception: "removed" }] },
  ],
  tuning: { exceptions: [exception("pdq", ["B", "C"]), exception("unnamed", ["D"])] },
} as unknown as Detection;

test("a false positive and its exclusion are one row, whichever rules name it; those that a person decides come last", () => {
  expect(falsePositives(detection).map(({ scenario, rules, exception: by }) => [scenario, rules, by?.id ?? null])).toEqual([
    ["PDQ copies its runner", ["B", "C"], "pdq"],
    ["Exclusion unnamed", ["D"], "unnamed"],
    ["Somebody maps a drive", ["A", "B"], null],
    ["Gone", ["D"], null],
  ]);
});
