/** What the package says of itself, against what its cases show. */
import { UNSTATED_LICENSE, type Case, type Detection } from "../../catalog/index.ts";
import type { RuleProblem, SourceLocation } from "../../eql/index.ts";
import type { Coverage } from "./coverage.ts";
import type { CaseResult } from "./case-result.ts";

/**
 * Problems with the codes `claim/not-shown`, `claim/not-claimed`, `claim/no-case`, `claim/unconfirmed`,
 * `claim/unstated-license`, `claim/unused-exception` and `claim/bad-line`.
 */
export function checkClaims(detection: Detection, results: readonly CaseResult[], coverage: Coverage): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const of = (test: string) => coverage.tests.find((t) => t.test === test);
  for (const rule of detection.rules) {
    for (const test of rule.tests) {
      const shown = of(test);
      if (shown !== undefined && (shown.source.includes(rule.id) || shown.target.includes(rule.id))) continue;
      problems.push({
        code: "claim/not-shown",
        severity: "error",
        message: `${rule.id} says that it catches ${test}, and no case on the remote path shows it`,
        place: wholeFile(rule.file),
        rule: rule.id,
        help: null,
      });
    }
    proofOf(rule.id, rule.file, results, problems);
  }
  for (const { case: c } of results) recordedCase(c, problems);
  for (const test of detection.tests.tests) {
    for (const side of ["source", "target"] as const) {
      const shown = of(test.id)?.[side] ?? [];
      const where = { place: wholeFile("tests.yaml"), help: null };
      for (const id of test.caught_by[side].filter((rule) => !shown.includes(rule)))
        problems.push({
          code: "claim/not-shown",
          severity: "error",
          message: `${test.id} is claimed to be caught by ${id} on the ${side}, and no case shows it`,
          rule: id,
          ...where,
        });
      for (const id of shown.filter((rule) => !test.caught_by[side].includes(rule)))
        problems.push({
          code: "claim/not-claimed",
          severity: "warning",
          message: `${test.id} is caught by ${id} on the ${side}, and tests.yaml does not say so`,
          rule: id,
          ...where,
        });
    }
  }
  for (const [file, text] of [
    ["guide.md", detection.guide],
    ["playbook.md", detection.playbook],
  ] as const)
    coverageBlocks(file, text, detection, coverage, problems);
  const used = new Set(results.flatMap((r) => r.excepted.map((e) => e.by)));
  for (const exception of detection.tuning.exceptions) {
    if (!used.has(exception.id))
      problems.push({
        code: "claim/unused-exception",
        severity: "warning",
        message: `No case shows what exception '${exception.id}' is for`,
        place: wholeFile("tuning.yaml"),
        rule: null,
        help: null,
      });
  }
  return problems;
}

/** Every rule has a case in which it must fire, one in which it must not, and one that tries to get past it. */
function proofOf(rule: string, file: string, results: readonly CaseResult[], problems: RuleProblem[]): void {
  const lacks: string[] = [];
  if (!results.some(({ case: c }) => c.kind === "positive" && c.fires.includes(rule))) lacks.push("positive");
  if (!results.some(({ case: c }) => c.kind === "negative" && (c.silent.includes(rule) || c.excepted.some((e) => e.rule === rule))))
    lacks.push("negative");
  if (!results.some(({ case: c }) => c.kind === "evasion" && (c.fires.includes(rule) || c.silent.includes(rule)))) lacks.push("evasion");
  for (const kind of lacks)
    problems.push({
      code: "claim/no-case",
      // Without a case in which it fires nothing shows that the rule detects anything.
      severity: kind === "positive" ? "error" : "warning",
      message: `${rule} has no ${kind} case`,
      place: wholeFile(file),
      rule,
      help: "`tocsin record` cuts one from a log",
    });
}

/** What a recording leaves to a person. */
function recordedCase({ name, file, confirmed, recorded }: Case, problems: RuleProblem[]): void {
  const warn = (code: string, message: string, help: string): void =>
    void problems.push({ code, severity: "warning", message, place: wholeFile(file), rule: null, help });
  if (!confirmed)
    warn(
      "claim/unconfirmed",
      `Nobody has confirmed what case ${name} expects: it is what the rules found when it was recorded`,
      "Read its events, correct `kind`, `fires` and `silent`, and write `confirmed: true`",
    );
  if (recorded?.license === UNSTATED_LICENSE)
    warn(
      "claim/unstated-license",
      `Case ${name} does not say under which licence its recording may be passed on`,
      "Write it under `recorded.license`",
    );
}

/**
 * Fenced blocks marked `coverage` in the documents: `T1 source = A1 B1` is what catches the test there, `A1 = T1 T3` are the tests of
 * the page that the rule catches. They must be exactly what was measured.
 */
function coverageBlocks(file: string, text: string, detection: Detection, coverage: Coverage, problems: RuleProblem[]): void {
  const lines = text.split("\n");
  let inside = false;
  lines.forEach((raw, i) => {
    const line = raw.trim();
    if (line.startsWith("```")) {
      inside = !inside && line === "```coverage";
      return;
    }
    if (!inside || line === "") return;
    const at = { place: { file, line: i + 1, column: 1 }, rule: null, help: null };
    const match = /^([A-Z]+\d+)(?: (source|target))? =((?: [A-Z]+\d+)*)$/.exec(line);
    if (match === null) {
      problems.push({
        code: "claim/bad-line",
        severity: "error",
        message: `'${line}' is not a line such as 'T1 source = B1 B2' or 'A1 = T1 T3'`,
        ...at,
      });
      return;
    }
    const said = (match[3] ?? "")
      .trim()
      .split(" ")
      .filter((id) => id !== "")
      .sort();
    const side = match[2] as "source" | "target" | undefined;
    const measured =
      side === undefined ? testsOf(match[1]!, detection, coverage) : [...(coverage.tests.find((t) => t.test === match[1])?.[side] ?? [])];
    measured.sort();
    if (said.join(" ") !== measured.join(" ")) {
      problems.push({
        code: "claim/not-shown",
        severity: "error",
        message: `'${line}', but the cases show ${measured.length === 0 ? "none" : measured.join(" ")}`,
        ...at,
      });
    }
  });
}

function testsOf(rule: string, detection: Detection, coverage: Coverage): string[] {
  const page = new Set(detection.tests.tests.filter((t) => t.origin === "page").map((t) => t.id));
  return coverage.tests.filter((t) => page.has(t.test) && (t.source.includes(rule) || t.target.includes(rule))).map((t) => t.test);
}

/** The place of a claim that a whole file makes. */
function wholeFile(file: string): SourceLocation {
  return { file, line: 1, column: 1 };
}
