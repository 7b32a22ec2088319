/** What each rule saw, as plain data that a face lays out. */
import { packageRuleId, SEVERITIES, type HuntResult, type Severity } from "../../workbench/index.ts";
import { count, plural } from "../format.ts";

/** What a rule saw: events that satisfy it or a part of its sequence, and its alerts. */
export interface RuleView {
  readonly key: string;
  /** Its short id within a package; empty for a rule of none. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly matched: number;
  readonly alerts: number;
  /** Milliseconds, estimated; null where nobody measured. */
  readonly millis: number | null;
}

export function ruleViews({ rules }: Pick<HuntResult, "rules">): RuleView[] {
  return rules.map(({ rule, matched, alerts, millis }) => ({
    key: rule.key,
    id: packageRuleId(rule),
    name: rule.name,
    description: rule.description,
    severity: rule.severity,
    matched,
    alerts,
    millis,
  }));
}

export interface HitRules {
  /** Rules that something satisfied: worst first, then those with the most alerts. */
  readonly hit: readonly RuleView[];
  /** The others, worst first. */
  readonly quiet: readonly RuleView[];
  /** `12 rules without a hit: 2 high, 10 low`; empty where there are none. */
  readonly quietText: string;
}

export function hitRules(result: Pick<HuntResult, "rules">): HitRules {
  const rank = ({ severity }: RuleView): number => SEVERITIES.indexOf(severity);
  const rules = ruleViews(result).sort(
    (a, b) => rank(b) - rank(a) || b.alerts - a.alerts || b.matched - a.matched || (a.name < b.name ? -1 : 1),
  );
  const isHit = ({ matched, alerts }: RuleView): boolean => matched > 0 || alerts > 0;
  const quiet = rules.filter((rule) => !isHit(rule));
  const each = [...SEVERITIES].reverse().flatMap((severity) => {
    const n = quiet.filter((rule) => rule.severity === severity).length;
    return n === 0 ? [] : [`${count(n)} ${severity}`];
  });
  return {
    hit: rules.filter(isHit),
    quiet,
    quietText: quiet.length === 0 ? "" : `${plural(quiet.length, "rule")} without a hit: ${each.join(", ")}`,
  };
}
