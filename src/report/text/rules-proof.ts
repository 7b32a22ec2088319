/** A proof of rules that belong to no package, in words: what failed and why, then each rule with its cases. */
import {
  placeText,
  visible,
  whereText,
  type EventDocument,
  type RuleCaseFailure,
  type RuleCaseResult,
  type RulesProof,
} from "../../workbench/index.ts";
import { count, plural } from "../format.ts";
import { eventLine } from "../view/event.ts";
import { faultText } from "../view/hunt.ts";
import { explanationLines } from "./proof.ts";
import { table } from "./table.ts";

/** Rules without cases that are listed; the rest is counted. */
const LISTED = 40;

export function rulesProofReport(proof: RulesProof): string[] {
  const lines = proof.cases.flatMap(caseLines);
  if (lines.length > 0) lines.push("");
  const rows = ruleRows(proof.cases);
  if (rows.length > 0) lines.push(...table(COLUMNS, rows).split("\n"), "");
  const { unproved } = proof;
  for (const { key, name } of unproved.slice(0, LISTED)) lines.push(visible(`unproved ${key === name ? key : `${key} ${name}`}`));
  if (unproved.length > LISTED) lines.push(`... and ${count(unproved.length - LISTED)} more without a case`);
  if (unproved.length > 0) lines.push("");
  const ms = proof.cases.reduce((sum, one) => sum + one.ms, 0);
  lines.push(
    `${plural(rows.length, "rule")} with ${plural(proof.cases.length, "case")}: ${count(proof.passed)} passed, ${count(proof.failed)} failed; ${plural(unproved.length, "rule")} unproved; in ${Math.round(ms)} ms`,
  );
  return lines;
}

const COLUMNS = [
  { title: "rule" },
  { title: "cases", align: "right" },
  { title: "passed", align: "right" },
  { title: "failed", align: "right" },
  { title: "name" },
] as const;

function ruleRows(cases: readonly RuleCaseResult[]): string[][] {
  const rules = new Map<string, { readonly name: string; passed: number; failed: number }>();
  for (const { rules: about, failures } of cases) {
    for (const { key, name } of about) {
      const row = rules.get(key) ?? { name, passed: 0, failed: 0 };
      rules.set(key, row);
      if (failures.length === 0) row.passed++;
      else row.failed++;
    }
  }
  return [...rules].map(([key, { name, passed, failed }]) => [key, String(passed + failed), String(passed), String(failed), name]);
}

function caseLines({ case: one, rules, failures, explained }: RuleCaseResult): string[] {
  if (failures.length === 0) return [];
  const names = rules.map(({ name }) => name).join(", ");
  return [
    visible(`FAILED ${placeText(one.place)}: ${names}: ${one.name}`),
    ...failures.flatMap((failure) => ruleFailureLines(failure, explained).map((line) => `  ${line}`)),
  ];
}

/** @param explained what an explanation points into */
export function ruleFailureLines(failure: RuleCaseFailure, explained: readonly EventDocument[]): string[] {
  switch (failure.kind) {
    case "unreadable":
      return [visible(`cannot be read: ${whereText(failure.problem.place)}: ${failure.problem.message}`)];
    case "no-events":
      return ["holds no events"];
    case "rule-fault": {
      const { rule, code, count: times } = failure.fault;
      return [`${rule === null ? "" : `rule ${visible(rule.key)}: `}${faultText(code, times)}`];
    }
    case "too-few":
      return [
        `expected ${failure.expected === null ? "at least one alert" : plural(failure.expected, "alert")}, found ${failure.alerts}`,
        ...explanationLines(failure.explanation, explained),
      ];
    default:
      return [
        `expected ${plural(failure.expected, "alert")}, found ${failure.alerts}`,
        ...failure.events.slice(0, 5).map((event) => `  on ${visible(eventLine(event))}`),
      ];
  }
}
