/** A proof in words: what failed and why, the coverage matrix, the count. Plain text; faces add colour. */
import {
  visible,
  type CaseFailure,
  type CaseResult,
  type Coverage,
  type EventDocument,
  type Explanation,
  type Proof,
  placeText,
} from "../../workbench/index.ts";
import { plural } from "../format.ts";
import { eventLine } from "../view/event.ts";
import { faultText } from "../view/hunt.ts";
import { explanationView, type StageView } from "../view/explanation.ts";

/** The failures of a case as lines, indented under its name. */
export function caseReport(result: CaseResult): string[] {
  const { case: c, failures, events } = result;
  if (failures.length === 0) return [];
  const lines = [`FAILED ${c.name}: ${c.title}`];
  for (const failure of failures) for (const line of failureLines(failure, events)) lines.push(`  ${line}`);
  return lines;
}

export function proofReport(proof: Proof): string[] {
  const lines = proof.cases.flatMap(caseReport);
  for (const claim of proof.claims) lines.push(`${claim.severity} ${placeText(claim.place)}: ${claim.message}`);
  if (lines.length > 0) lines.push("");
  if (proof.coverage.tests.length > 0) lines.push(...coverageReport(proof.coverage), "");
  const events = proof.cases.reduce((sum, c) => sum + c.events.length, 0);
  lines.push(
    `${proof.detection}: ${plural(proof.cases.length, "case")}, ${plural(events, "event")}, ${proof.passed} passed, ${proof.failed} failed, in ${Math.round(proof.ms)} ms`,
  );
  return lines;
}

/** Tests as rows; what catches them as text. A dot: the test leaves nothing there that a rule sees. */
export function coverageReport(coverage: Coverage): string[] {
  const lines: string[] = [];
  for (const test of coverage.tests) {
    lines.push(`${test.test} ${test.title}`);
    for (const cell of test.cells) {
      const lab = cell.lab.length === 0 ? "" : `  (lab: ${cell.lab.join(" ")})`;
      lines.push(
        `  ${cell.path.padEnd(8)} ${cell.side.padEnd(6)} ${cell.telemetry.padEnd(8)} ${cell.rules.length === 0 ? "." : cell.rules.join(" ")}${lab}`,
      );
    }
  }
  return lines;
}

export function failureLines(failure: CaseFailure, events: readonly EventDocument[]): string[] {
  switch (failure.kind) {
    case "unreadable":
      return [`cannot be read: ${failure.problem.message} (line ${failure.problem.place.line ?? "?"})`];
    case "no-events":
      return ["holds no events"];
    case "unmapped":
      return [`${plural(failure.count, "event")} of ${failure.provider} ${failure.code} are not mapped to ECS`];
    case "signal": {
      const wanted = failure.expected === null ? "at least one" : String(failure.expected);
      return [`signal '${failure.name}': expected ${wanted}, found ${failure.found}`, ...explanationLines(failure.explanation, events)];
    }
    case "rule-silent":
      return [
        `rule ${failure.rule} is silent${failure.lab ? " even with lab_loopback" : ""} and should fire`,
        ...explanationLines(failure.explanation, events),
      ];
    case "rule-fault":
      return [`rule ${failure.rule}: ${faultText(failure.code, failure.count)}`];
    case "rule-fired":
      return [
        `rule ${failure.rule} fires${failure.lab ? " with lab_loopback" : ""} and should not`,
        ...failure.events.flatMap((event) => (event === null ? [] : [`  on ${visible(eventLine(event))}`])),
      ];
    case "excepted":
      return [`exception '${failure.by}' suppresses the alert of ${failure.rule}`];
    default:
      return [
        `exception '${failure.by}' should suppress the alert of ${failure.rule}${failure.instead === null ? " and does not" : `; '${failure.instead}' does instead`}`,
      ];
  }
}

/** The nearest event, and what keeps it from matching. */
export function explanationLines(explanation: Explanation | null, events: readonly EventDocument[]): string[] {
  if (explanation === null) return [];
  const view = explanationView(explanation, events);
  if (explanation.kind === "event") return nearestLines(view.stages[0]!);
  return [
    `  ${view.verdict}`,
    ...view.waitedFor.map((line) => `    ${visible(line)}`),
    ...(view.stoppedAt === null ? [] : nearestLines(view.stoppedAt).map((line) => `  ${line}`)),
  ];
}

/** Of a stage that no event matches: the nearest one, and what keeps it from matching. */
function nearestLines({ events, reasons, conditions }: StageView): string[] {
  if (conditions.length === 0) return [];
  return [...events.map(({ line }) => `  nearest: ${visible(line)}`), ...reasons.map((reason) => `    ${visible(reason)}`)];
}
