import { durationMs, type Detection, type Rule } from "../../catalog/index.ts";
import { RISK_SCORE, type RunnableRule, type Threat } from "../../detect/index.ts";

/** The rules of a package, ready to run, under keys such as `T1021.002/B1`. */
export function runnableRules(detection: Detection): RunnableRule[] {
  return detection.rules.map((rule) => runnable(detection, rule));
}

function runnable(detection: Detection, rule: Rule): RunnableRule {
  return {
    key: `${detection.id}/${rule.id}`,
    uuid: rule.uuid,
    name: rule.name,
    description: rule.description?.trim() ?? rule.name,
    version: rule.version,
    severity: rule.severity,
    riskScore: rule.risk_score ?? RISK_SCORE[rule.severity],
    kind: rule.kind,
    language: "eql",
    query: rule.tree,
    threat: threatOf(detection),
    tags: [],
    references: rule.references.map((reference) => (typeof reference === "string" ? reference : reference.url)),
    dedup: rule.dedup === undefined ? null : { fields: rule.dedup.keys, windowMs: durationMs(rule.dedup.window) },
    title: rule.alert_title ?? null,
  };
}

function threatOf({ meta: { attack } }: Detection): Threat[] {
  if (attack === undefined) return [];
  const { tactic, technique, subtechnique } = attack;
  return [
    {
      framework: "MITRE ATT&CK",
      tactic,
      technique: {
        id: technique.id,
        name: technique.name,
        ...(subtechnique === undefined ? {} : { subtechnique: { id: subtechnique.id, name: subtechnique.name } }),
      },
    },
  ];
}

/** A rule's short id within its package: `B1`. Rules of no package have none: their keys are UUIDs, which say nothing to people. */
export function packageRuleId(rule: RunnableRule): string {
  return rule.language === "eql" && rule.key !== rule.uuid && rule.key.includes("/") ? shortId(rule) : "";
}

/** The short id behind the slash of a rule's key: `B1`. */
export function shortId(rule: RunnableRule): string {
  return rule.key.slice(rule.key.lastIndexOf("/") + 1);
}
