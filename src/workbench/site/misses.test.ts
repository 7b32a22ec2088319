import { expect, test } from "vitest";
import type { EvasionReport } from "../evade/evasion.ts";
import type { LintReport } from "../lint/lint.ts";
import type { Proof } from "../prove/prove.ts";
import { missesOf } from "./misses.ts";

const cell = { path: "remote", side: "target", telemetry: "sysmon", collectors: [], cases: ["a"], rules: [] as string[], lab: [] };
const facts = {
  proof: {
    coverage: {
      tests: [
        {
          test: "T1",
          title: "Map a share",
          source: ["A1"],
          target: [],
          cells: [cell, { ...cell, side: "source", rules: ["A1"] }, { ...cell, path: "loopback", cases: ["b"] }],
        },
        { test: "T2", title: "Copy", source: [], target: [], cells: [{ ...cell, cases: ["c", "d"] }] },
      ],
    },
  } as unknown as Proof,
  evasion: {
    mutations: [{ mutation: "renamed", title: "The program under another name" }],
    misses: [
      { case: "c1", mutation: "renamed", lost: ["B2"], invisible: "No name is recorded.", reasons: [] },
      { case: "c2", mutation: "renamed", lost: ["A1", "B2"], invisible: "No name is recorded.", reasons: [] },
      { case: "c3", mutation: "renamed", lost: ["A1"], invisible: null, reasons: [{ rule: "A1", reason: "the name differs" }] },
    ],
  } as unknown as EvasionReport,
  lint: {
    findings: [
      {
        code: "dead-clause",
        rule: "A1",
        span: { from: 3 },
        text: "a\n  and b",
        message: "On X it never matches.",
        suppressed: "Kept as published",
      },
      {
        code: "dead-clause",
        rule: "A1",
        span: { from: 3 },
        text: "a\n  and b",
        message: "On Y it never matches.",
        suppressed: "Kept as published",
      },
      { code: "blind-source", rule: "B2", span: { from: 0 }, text: "all", message: "On Z it never matches.", suppressed: null },
      { code: "broad-wildcard", rule: "A1", span: { from: 1 }, text: "x", message: "Broad.", suppressed: null },
    ],
  } as unknown as LintReport,
};

test("recordings without an alert, variants and clauses are one list, and what is missed for one reason is one entry", () => {
  expect(
    missesOf(facts).map(({ kind, title, rules, cases, why, leavesNoTrace, accepted }) => [
      kind,
      title,
      rules,
      cases,
      why,
      leavesNoTrace,
      accepted,
    ]),
  ).toEqual([
    ["recording", "T1 Map a share, on the target in sysmon", [], ["a"], ["In other telemetry the test is detected by A1."], false, null],
    ["recording", "T2 Copy, on the target in sysmon", [], ["c", "d"], ["No rule detects the test."], false, null],
    ["variant", "The program under another name", ["A1", "B2"], ["c1", "c2"], ["No name is recorded."], true, null],
    ["variant", "The program under another name", ["A1"], ["c3"], ["A1: the name differs"], false, null],
    ["clause", "a and b", ["A1"], [], ["On X it never matches.", "On Y it never matches."], false, "Kept as published"],
    ["source", "The whole rule", ["B2"], [], ["On Z it never matches."], false, null],
  ]);
});
