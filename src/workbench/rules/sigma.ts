import type { Severity, RunnableRule, Threat } from "../../detect/index.ts";
import type { Correlation, SigmaRule } from "../../sigma/index.ts";
import type { RunnableCorrelation } from "../hunt/correlations.ts";

/** Sigma's levels; `informational` has no equal and is low. A rule without one is medium, as Sigma's own tools take it. */
const SEVERITY = { informational: "low", low: "low", medium: "medium", high: "high", critical: "critical" } as const satisfies Record<
  string,
  Severity
>;
const SCORE = { informational: 1, low: 21, medium: 47, high: 73, critical: 99 } as const satisfies Record<keyof typeof SEVERITY, number>;

/** ATT&CK's enterprise tactics by the names that Sigma's tags use (attack.mitre.org/tactics/enterprise). */
const TACTICS: { readonly [tag: string]: { readonly id: string; readonly name: string } | undefined } = {
  reconnaissance: { id: "TA0043", name: "Reconnaissance" },
  "resource-development": { id: "TA0042", name: "Resource Development" },
  "initial-access": { id: "TA0001", name: "Initial Access" },
  execution: { id: "TA0002", name: "Execution" },
  persistence: { id: "TA0003", name: "Persistence" },
  "privilege-escalation": { id: "TA0004", name: "Privilege Escalation" },
  "defense-evasion": { id: "TA0005", name: "Defense Evasion" },
  "credential-access": { id: "TA0006", name: "Credential Access" },
  discovery: { id: "TA0007", name: "Discovery" },
  "lateral-movement": { id: "TA0008", name: "Lateral Movement" },
  collection: { id: "TA0009", name: "Collection" },
  "command-and-control": { id: "TA0011", name: "Command and Control" },
  exfiltration: { id: "TA0010", name: "Exfiltration" },
  impact: { id: "TA0040", name: "Impact" },
};

/** A Sigma rule, ready to run beside the packages' rules. */
export function runnableSigma(rule: SigmaRule): RunnableRule {
  const level = rule.level ?? "medium";
  return {
    key: rule.key,
    uuid: rule.id ?? rule.key,
    name: rule.title,
    description: rule.description.trim(),
    version: rule.modified ?? rule.date ?? "1",
    severity: SEVERITY[level],
    riskScore: SCORE[level],
    kind: "detection",
    language: "sigma",
    query: rule.query,
    threat: threatOf(rule.tags),
    references: rule.references,
    dedup: null,
    title: null,
  };
}

/** Correlations, ready to run; those of which a part is not among the rules are left out (their log source is not served). */
export function runnableCorrelations(correlations: readonly Correlation[], rules: readonly SigmaRule[]): RunnableCorrelation[] {
  const queries = new Map(rules.map((rule) => [rule.key, rule.query]));
  const made: RunnableCorrelation[] = [];
  for (const correlation of correlations) {
    const known = correlation.parts.flatMap((part) => queries.get(part.key) ?? []);
    if (known.length < correlation.parts.length) continue;
    const query = known.at(-1)!;
    queries.set(correlation.key, query);
    const level = correlation.level ?? "medium";
    made.push({
      correlation,
      rule: {
        key: correlation.key,
        uuid: correlation.id ?? correlation.key,
        name: correlation.title,
        description: correlation.description.trim(),
        version: correlation.modified ?? correlation.date ?? "1",
        severity: SEVERITY[level],
        riskScore: SCORE[level],
        kind: "detection",
        language: "sigma",
        query,
        threat: threatOf(correlation.tags),
        references: correlation.references,
        dedup: null,
        title: null,
      },
    });
  }
  return made;
}

/** Every tactic with the first technique; ATT&CK's names of techniques are not part of a rule, so the id stands for it. */
function threatOf(tags: readonly string[]): Threat[] {
  const attack = tags
    .map((tag) => tag.toLowerCase())
    .filter((tag) => tag.startsWith("attack."))
    .map((tag) => tag.slice("attack.".length));
  const techniques = attack.filter((tag) => /^t\d{4}(\.\d{3})?$/.test(tag)).map((tag) => tag.toUpperCase());
  const tactics = attack.flatMap((tag) => TACTICS[tag.replaceAll("_", "-")] ?? []);
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
