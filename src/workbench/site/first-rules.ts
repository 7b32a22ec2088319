/** Which rules of a package somebody turns on first. */
import { SEVERITIES } from "../../detect/index.ts";
import type { Detection, Rule } from "../../catalog/index.ts";

/** So many rules a team can look after on the first day. */
const MOST = 5;
const CONFIDENCES = ["low", "medium", "high"] as const;

/**
 * At most five rules, those that matter most first: the most reliable ones that together detect every test that any rule detects, then the
 * most reliable of the rest. Hunts, building blocks, baselines and what is experimental or deprecated are never among them. The tests are
 * those that a rule names (`tests`), which proving the package holds against its cases.
 */
export function rulesToStartWith(detection: Pick<Detection, "rules">): Rule[] {
  const left = detection.rules.filter((rule) => rule.kind === "detection" && rule.lifecycle.status === "stable").sort(byReliability);
  const chosen: Rule[] = [];
  const detected = new Set<string>();
  while (chosen.length < MOST && left.length > 0) {
    const next = left.find((rule) => rule.tests.some((test) => !detected.has(test))) ?? left[0]!;
    left.splice(left.indexOf(next), 1);
    chosen.push(next);
    for (const test of next.tests) detected.add(test);
  }
  return chosen.sort((a, b) => severity(b) - severity(a) || b.tests.length - a.tests.length);
}

const severity = (rule: Rule): number => SEVERITIES.indexOf(rule.severity);

/** Fewer false alarms first, then what matters more, then what detects more, then what is harder to get past. */
function byReliability(a: Rule, b: Rule): number {
  return (
    CONFIDENCES.indexOf(b.confidence) - CONFIDENCES.indexOf(a.confidence) ||
    severity(b) - severity(a) ||
    b.tests.length - a.tests.length ||
    (b.robustness?.level ?? 0) - (a.robustness?.level ?? 0)
  );
}
