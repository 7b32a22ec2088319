/** What `lint` and `prove` find, in one form for everything that build servers and editors take. */
import {
  type Detection,
  type LintReport,
  type Proof,
  type RuleProblem,
  type RulesLint,
  type RulesProof,
  type SourceLocation,
} from "../../workbench/index.ts";
import { failureLines } from "../text/proof.ts";
import { ruleFailureLines } from "../text/rules-proof.ts";

export interface CheckFinding {
  /** `dead-clause`, `prove/case-failed`, `claim/no-case`, ... */
  readonly code: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  /** The file as a path from where the command runs, with `/` between folders. */
  readonly place: SourceLocation;
  /** The reason why it is suppressed; null where it is not. */
  readonly suppressed: string | null;
  /** Other places it is about. */
  readonly related: readonly { readonly place: SourceLocation; readonly message: string }[];
}

/** A path as a finding has it, of a file's path inside a package or as it was given. */
export type PathOf = (file: string) => string;

export function lintFindings({ findings }: LintReport, pathOf: PathOf): CheckFinding[] {
  return findings.map(({ code, severity, message, place, suppressed, rule }) => ({
    ...base(code, severity, `${rule}: ${message}`, place, pathOf),
    suppressed,
  }));
}

export function rulesLintFindings({ findings }: RulesLint, pathOf: PathOf): CheckFinding[] {
  return findings.map(({ code, severity, message, place }) => base(code, severity, message, place, pathOf));
}

/** What is wrong with files of rules and cases, and with what documents claim. */
export function problemFindings(problems: readonly RuleProblem[], pathOf: PathOf): CheckFinding[] {
  return problems.map(({ code, severity, message, place }) => base(code, severity, message, place, pathOf));
}

/** A case that fails is found at its file, and leads to the rules that it is about. */
export function proofFindings(detection: Detection, proof: Proof, pathOf: PathOf): CheckFinding[] {
  const rules = new Map(detection.rules.map((rule) => [rule.id, rule]));
  const failed = proof.cases.flatMap(({ case: c, failures, events }): CheckFinding[] => {
    if (failures.length === 0) return [];
    const lines = failures.flatMap((failure) => failureLines(failure, events));
    const about = new Set(failures.flatMap((failure) => ("rule" in failure ? [failure.rule] : [])));
    const found = base(
      "prove/case-failed",
      "error",
      `Case ${c.name} fails: ${lines.join("\n")}`,
      { file: c.file, line: 1, column: 1 },
      pathOf,
    );
    const related = [...about].flatMap((id) => {
      const rule = rules.get(id);
      return rule === undefined ? [] : [{ place: at(rule.queryPlace(0), pathOf), message: `The query of ${id}` }];
    });
    return [{ ...found, related }];
  });
  return [...failed, ...problemFindings(proof.claims, pathOf)];
}

export function rulesProofFindings({ cases }: RulesProof, pathOf: PathOf): CheckFinding[] {
  return cases.flatMap(({ case: one, rules, failures, explained }) => {
    if (failures.length === 0) return [];
    const lines = failures.flatMap((failure) => ruleFailureLines(failure, explained));
    const names = rules.map(({ name }) => name).join(", ");
    return [base("prove/case-failed", "error", `${names}: case '${one.name}' fails: ${lines.join("\n")}`, one.place, pathOf)];
  });
}

function base(code: string, severity: "error" | "warning" | "hint", message: string, place: SourceLocation, pathOf: PathOf): CheckFinding {
  return { code, severity: severity === "hint" ? "note" : severity, message, place: at(place, pathOf), suppressed: null, related: [] };
}

function at(place: SourceLocation, pathOf: PathOf): SourceLocation {
  return { ...place, file: pathOf(place.file) };
}
