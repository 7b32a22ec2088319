import { describe, expect, test } from "vitest";
import { sarifFaults } from "../testing/sarif-faults.ts";
import { githubAnnotations, gitlabCodeQuality } from "./annotations.ts";
import type { CheckFinding } from "./finding.ts";
import { sarif } from "./sarif.ts";

const finding = (change: Partial<CheckFinding> = {}): CheckFinding => ({
  code: "dead-clause",
  severity: "error",
  message: "Never matches",
  place: { file: "detections/T1/rules/A1.yaml", line: 7, column: 3 },
  suppressed: null,
  related: [],
  ...change,
});

const HOSTILE = [
  finding({ message: "50% of it\r\nis\nbroken ::error::x", place: { file: "a, b:c/ü#1.yml", line: 1, column: 1 } }),
  finding({
    code: "prove/case-failed",
    related: [{ place: { file: "/elsewhere/my rules/a.yml", line: 2, column: 1 }, message: "The query" }],
  }),
  finding({ severity: "note", suppressed: "As published" }),
  finding({ place: { file: "C:/rules/a b.yml", line: 3, column: 9 } }),
  finding(),
  finding(),
];

describe("SARIF", () => {
  const text = sarif(HOSTILE, { version: "1.2.3", exitCode: 1, command: "lint" });
  const [run] = (JSON.parse(text) as { runs: readonly [{ results: readonly Record<string, unknown>[]; tool: unknown }] }).runs;

  test("has what its schema asks for, whatever the texts are", () => {
    expect(sarifFaults(text)).toEqual([]);
    expect(sarifFaults(sarif([], { version: "1.2.3", exitCode: 0, command: "lint" }))).toEqual([]);
  });

  test("the check itself finds faults", () => {
    const broken = text
      .replace('"version": "2.1.0"', '"version": "2"')
      .replace('"level": "note"', '"level": "hint"')
      .replace('"startLine": 7', '"startLine": 0');
    expect(sarifFaults(broken).length).toBe(3);
    expect(sarifFaults('{"runs":[{"results":[{"id":1}]}]}').length).toBeGreaterThan(3);
  });

  test("places are URIs from the root of the sources, or absolute", () => {
    const uri = (i: number): unknown =>
      (run.results[i]!["locations"] as [{ physicalLocation: { artifactLocation: unknown } }])[0].physicalLocation.artifactLocation;
    expect(uri(0)).toEqual({ uri: "a%2C%20b%3Ac/%C3%BC%231.yml", uriBaseId: "%SRCROOT%" });
    expect(uri(3)).toEqual({ uri: "file:///C:/rules/a%20b.yml" });
    expect(JSON.stringify(run.results[1]!["relatedLocations"])).toContain("file:///elsewhere/my%20rules/a.yml");
  });

  test("a suppression has its reason, and what a code means stands with it", () => {
    expect(run.results[2]).toMatchObject({ level: "note", suppressions: [{ kind: "inSource", justification: "As published" }] });
    expect(JSON.stringify(run.tool)).toContain('"shortDescription":{"text":"A clause can never match"}');
  });

  test("a finding that moved to another line is the same, equal ones are told apart", () => {
    const print = (findings: readonly CheckFinding[]): unknown[] =>
      (JSON.parse(sarif(findings, { version: "1", exitCode: 1, command: "lint" })) as typeof runs).runs[0].results.map(
        (r) => r["partialFingerprints"],
      );
    const runs = { runs: [run] } as const;
    const moved = finding({ place: { file: "detections/T1/rules/A1.yaml", line: 99, column: 1 } });
    expect(print([moved])).toEqual(print([finding()]));
    const [one, two] = print([finding(), finding()]);
    expect(one).not.toEqual(two);
  });
});

test("GitHub's commands: a line each, nothing in them ends a command or begins another", () => {
  const lines = githubAnnotations(HOSTILE).trimEnd().split("\n");
  expect(lines).toHaveLength(HOSTILE.length - 1);
  expect(lines[0]).toBe("::error file=a%2C b%3Ac/ü#1.yml,line=1,col=1,title=dead-clause::50%25 of it%0D%0Ais%0Abroken ::error::x");
  expect(githubAnnotations([finding({ severity: "warning" }), finding({ severity: "note" })])).toMatch(/^::warning .*\n::notice .*\n$/);
});

test("GitLab's code quality: every key it asks for, fingerprints of their own", () => {
  const issues = JSON.parse(gitlabCodeQuality(HOSTILE)) as readonly Record<string, unknown>[];
  expect(issues).toHaveLength(HOSTILE.length - 1);
  for (const issue of issues)
    expect(issue).toEqual({
      description: expect.any(String) as unknown,
      check_name: expect.any(String) as unknown,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      severity: expect.stringMatching(/^(?:info|minor|major|critical|blocker)$/) as unknown,
      location: { path: expect.any(String) as unknown, lines: { begin: expect.any(Number) as unknown } },
    });
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
});
