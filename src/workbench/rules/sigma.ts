import { attackTactics } from "../../catalog/index.ts";
import { RISK_SCORE, type Severity, type RunnableRule, type Threat } from "../../detect/index.ts";
import type { Query } from "../../eql/index.ts";
import type { Correlation, SigmaRule } from "../../sigma/index.ts";
import type { RunnableCorrelation } from "../hunt/correlations.ts";

/** By the name that Sigma's tags use, which is ATT&CK's short one: `lateral-movement`. */
const TACTICS = new Map(attackTactics().map(({ short, id, name }) => [short, { id, name }]));

/** A Sigma rule, ready to run beside the packages' rules. */
export function runnableSigma(rule: SigmaRule): RunnableRule {
  return runnable(rule, rule.query);
}

/** Correlations, ready to run; those of which a part is not among the rules are left out (their log source is not served). */
export function runnableCorrelations(correlations: readonly Correlation[], rules: readonly SigmaRule[]): RunnableCorrelation[] {
  const queries = new Map(rules.map((rule) => [rule.key, rule.query]));
  const ready: RunnableCorrelation[] = [];
  for (const correlation of correlations) {
    const known = correlation.parts.flatMap((part) => queries.get(part.key) ?? []);
    if (known.length < correlation.parts.length) continue;
    const query = known.at(-1)!;
    queries.set(correlation.key, query);
    ready.push({ correlation, rule: runnable(correlation, query) });
  }
  return ready;
}

function runnable(metadata: SigmaRule | Correlation, query: Query): RunnableRule {
  // A rule without a level is medium, as Sigma's own tools take it.
  const severity: Severity = metadata.level ?? "medium";
  return {
    key: metadata.key,
    uuid: metadata.id ?? metadata.key,
    name: metadata.title,
    description: metadata.description.trim(),
    version: metadata.modified ?? metadata.date ?? "1",
    severity,
    riskScore: RISK_SCORE[severity],
    kind: "detection",
    language: "sigma",
    query,
    threat: threatOf(metadata.tags),
    tags: metadata.tags,
    references: metadata.references,
    dedup: null,
    title: null,
  };
}

/** Every tactic with the first technique; ATT&CK's names of techniques are not part of a rule, so the id stands for it. */
function threatOf(tags: readonly string[]): Threat[] {
  const attack = tags
    .map((tag) => tag.toLowerCase())
    .filter((tag) => tag.startsWith("attack."))
    .map((tag) => tag.slice("attack.".length));
  const techniques = attack.filter((tag) => /^t\d{4}(\.\d{3})?$/.test(tag)).map((tag) => tag.toUpperCase());
  const tactics = attack.flatMap((tag) => TACTICS.get(tag.replaceAll("_", "-")) ?? []);
  return tactics.flatMap((tactic) =>
    techniques.length === 0
      ? [{ framework: "MITRE ATT&CK" as const, tactic }]
      : techniques.map((id) => ({ framework: "MITRE ATT&CK" as const, tactic, technique: techniqueOf(id) })),
  );
}

function techniqueOf(id: string): NonNullable<Threat["technique"]> {
  const parent = id.split(".")[0]!;
  return parent === id ? { id, name: id } : { id: parent, name: parent, subtechnique: { id, name: id } };
}
