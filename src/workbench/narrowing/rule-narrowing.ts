/** Which of the rules that were loaded are run. */
import { SEVERITIES, type RunnableRule, type Severity } from "../../detect/index.ts";
import type { RunnableCorrelation } from "../hunt/correlations.ts";
import { runnableRules, shortId } from "../rules/package.ts";
import type { RuleSet } from "../rules/load.ts";
import { namePatterns } from "./name-pattern.ts";

export interface RuleNarrowing {
  /** Patterns of keys, short ids, UUIDs and names; as everywhere here, one must fit, and none ask for nothing. */
  readonly rules: readonly string[];
  /** Patterns of tags as the rules have them, such as `attack.execution`. */
  readonly tags: readonly string[];
  /** Ids or names of techniques, patterns too; a technique stands for its sub-techniques. */
  readonly techniques: readonly string[];
  readonly minSeverity: Severity | null;
}

export const ALL_RULES: RuleNarrowing = { rules: [], tags: [], techniques: [], minSeverity: null };

export type RunnableSet = Pick<RuleSet, "packages" | "rules" | "correlations" | "parts">;

export interface NarrowedRules<Set> {
  readonly set: Set;
  /** How many rules and correlations there are, and how many of them are run. */
  readonly of: number;
  readonly kept: number;
}

/** The rules that fit. A rule that does not, and that a correlation which does is made of, runs for that correlation alone. */
export function narrowRules<Set extends RunnableSet>(set: Set, narrowing: RuleNarrowing): NarrowedRules<Set> {
  const fits = ruleTest(narrowing);
  let of = 0;
  let kept = 0;
  const takes = (rule: RunnableRule): boolean => {
    of++;
    if (!fits(rule)) return false;
    kept++;
    return true;
  };
  const packages = set.packages.flatMap((detection) => {
    const ids = new Set(runnableRules(detection).filter(takes).map(shortId));
    return ids.size === 0 ? [] : [{ ...detection, rules: detection.rules.filter(({ id }) => ids.has(id)) }];
  });
  const rules = set.rules.filter(takes);
  const running = new Set(rules);
  const wanted = new Set(set.correlations.filter(({ correlation, rule }) => !correlation.silent && takes(rule)));
  const needed = neededKeys(set.correlations, wanted);
  return {
    set: {
      ...set,
      packages,
      rules,
      correlations: set.correlations.flatMap((one) => {
        if (wanted.has(one)) return [one];
        return needed.has(one.correlation.key) ? [{ ...one, correlation: { ...one.correlation, silent: true } }] : [];
      }),
      parts: [...set.parts, ...set.rules.filter((rule) => !running.has(rule))].filter(({ key }) => needed.has(key)),
    },
    of,
    kept,
  };
}

/** What correlations are made of, through those that are made of correlations. Parts come before what is made of them. */
function neededKeys(all: readonly RunnableCorrelation[], wanted: ReadonlySet<RunnableCorrelation>): Set<string> {
  const needed = new Set<string>();
  for (const one of all.toReversed()) {
    if (!wanted.has(one) && !needed.has(one.correlation.key)) continue;
    for (const { key } of one.correlation.parts) needed.add(key);
  }
  return needed;
}

function ruleTest({ rules, tags, techniques, minSeverity }: RuleNarrowing): (rule: RunnableRule) => boolean {
  const [byName, byTag, byTechnique] = [namePatterns(rules), namePatterns(tags), namePatterns(techniques)];
  return (rule) =>
    (rules.length === 0 || [rule.key, shortId(rule), rule.uuid, rule.name].some(byName)) &&
    (tags.length === 0 || rule.tags.some(byTag)) &&
    (techniques.length === 0 || techniqueNames(rule).some(byTechnique)) &&
    (minSeverity === null || SEVERITIES.indexOf(severest(rule)) >= SEVERITIES.indexOf(minSeverity));
}

function techniqueNames({ threat }: RunnableRule): string[] {
  return threat.flatMap(({ technique }) =>
    technique === undefined
      ? []
      : [
          technique.id,
          technique.name,
          ...(technique.subtechnique === undefined ? [] : [technique.subtechnique.id, technique.subtechnique.name]),
        ],
  );
}

/** An event may make a rule's alert more severe than the rule. */
function severest({ severity, overrides }: RunnableRule): Severity {
  const all = [severity, ...(overrides?.severity.map((one) => one.severity) ?? [])];
  return all.reduce((most, one) => (SEVERITIES.indexOf(one) > SEVERITIES.indexOf(most) ? one : most));
}
