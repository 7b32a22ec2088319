/**
 * Rules of Elastic Security in the form that Kibana imports: NDJSON, the rule and then its exception list and the items of that.
 * `POST /api/detection_engine/rules/_import?overwrite=true`
 */
import { ecsField } from "../../../ecs/index.ts";
import { NOWHERE, type Loss, type Query } from "../../../eql/index.ts";
import { elasticEql } from "./elastic-eql.ts";
import { kibanaExceptions } from "./kibana-exceptions.ts";
import type { KibanaRule } from "./kibana-schema.ts";
import { LossList, type Platform, type TranslationRequest, type RuleMetadata, type Translation } from "../../translation.ts";

export const kibanaRule = {
  title: "Elastic Security rule (EQL, Kibana NDJSON)",
  extension: "ndjson",
  checked: "validated",
  withExceptions: true,
  translate: (request) => translateRule(request),
} as const satisfies Platform;

function translateRule({ query, head, fields }: TranslationRequest): Translation {
  const losses = new LossList();
  const text = elasticEql(query, fields, losses.add);
  if (text === null) return { text: "", files: [], losses: losses.list };
  lookBack(query, head, losses.add);
  const common = commonPart(query, head, losses.add);
  const { rule_id, name, description, version, risk_score, severity, ...rest } = common.rule;
  const rule: KibanaRule = {
    rule_id,
    name,
    description,
    version,
    type: "eql",
    language: "eql",
    query: text,
    index: [...head.indexPatterns],
    risk_score,
    severity,
    ...(query.kind === "event" ? { timestamp_override: "event.ingested" } : {}),
    ...rest,
  };
  return { text: ndjson([rule, ...common.lines]), files: [], losses: losses.list };
}

/** The rule of an ES|QL query, for those who want it as a rule. Null where it groups events: an alert then has none to show. */
export function kibanaEsqlRule(esql: string, query: Query, head: RuleMetadata): string | null {
  if (query.kind !== "event") return null;
  const common = commonPart(query, head, () => {});
  const { rule_id, name, description, version, risk_score, severity, ...rest } = common.rule;
  const rule: KibanaRule = {
    rule_id,
    name,
    description,
    version,
    type: "esql",
    language: "esql",
    query: esql.trimEnd(),
    risk_score,
    severity,
    ...rest,
  };
  return ndjson([rule, ...common.lines]);
}

function ndjson(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

type Common = Omit<KibanaRule, "type" | "language" | "query" | "index">;

function commonPart(
  query: Query,
  head: RuleMetadata,
  reportLoss: (loss: Loss) => void,
): { readonly rule: Common; readonly lines: readonly unknown[] } {
  const exceptions = kibanaExceptions(head);
  if (exceptions !== null && exceptions.items.length > 0)
    reportLoss({
      effect: "exact",
      span: query.span,
      reason: "Kibana's exceptions heed case, ours do not: it may alert where only the case of a value differs",
      advice: "Write the values of exceptions in the case in which they are logged.",
    });
  for (const { id } of exceptions?.leftOut ?? [])
    reportLoss({
      effect: "exact",
      span: query.span,
      reason: `The exception \`${id}\` has too many combinations of wildcards for Kibana and is left out: it alerts there`,
      advice: "List fewer values with wildcards.",
    });
  const listed = exceptions !== null && exceptions.items.length > 0 ? exceptions : null;
  const suppression = suppressionOf(query, head, reportLoss);
  const rule: Common = {
    rule_id: head.uuid,
    name: head.title,
    description: head.description === "" ? head.title : head.description,
    version: head.version,
    risk_score: head.riskScore,
    severity: head.severity === "informational" ? "low" : head.severity,
    enabled: false,
    interval: duration(head.interval),
    from: `now-${duration(head.lookback)}`,
    to: "now",
    max_signals: 100,
    tags: [...head.tags],
    author: [...head.authors],
    ...(head.license === "" ? {} : { license: head.license }),
    references: head.references.filter((reference) => /^https?:\/\/\S+$/.test(reference)),
    false_positives: [...head.falsePositives],
    threat: threatOf(head),
    related_integrations: integrationsOf(head.indexPatterns),
    required_fields: head.requiredFields.map((field) => ({ name: field, type: ecsField(field)?.type ?? "keyword" })),
    ...(head.investigationFields.length === 0 ? {} : { investigation_fields: { field_names: [...head.investigationFields] } }),
    ...(head.guide === "" ? {} : { note: head.guide }),
    ...(head.setup === "" ? {} : { setup: head.setup }),
    ...(head.kind === "building_block" ? { building_block_type: "default" as const } : {}),
    ...(suppression === null ? {} : { alert_suppression: suppression }),
    exceptions_list:
      listed === null
        ? []
        : [{ id: listed.list.list_id, list_id: listed.list.list_id, type: listed.list.type, namespace_type: listed.list.namespace_type }],
  };
  return { rule, lines: listed === null ? [] : [listed.list, ...listed.items] };
}

/** Seconds in the largest of Kibana's units that holds them whole. */
function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A run sees what came since `from`: a sequence that began before that is missed. */
function lookBack(query: Query, head: RuleMetadata, reportLoss: (loss: Loss) => void): void {
  if (query.kind !== "sequence") return;
  if (query.maxspan === null) {
    reportLoss({
      effect: "narrower",
      span: query.span,
      reason: `Without a maxspan a sequence may take longer than the ${duration(head.lookback)} that a run looks back`,
      advice: "Add `with maxspan`.",
    });
    return;
  }
  const needed = head.interval + Math.ceil((query.maxspan.value * UNIT_MS[query.maxspan.unit]) / 1000);
  if (head.lookback < needed)
    reportLoss({
      effect: "narrower",
      span: query.maxspan.span === NOWHERE ? query.span : query.maxspan.span,
      reason: `A run looks back ${duration(head.lookback)}; with an interval of ${duration(head.interval)} this maxspan needs ${duration(needed)}`,
      advice: `Look back at least ${duration(needed)}.`,
    });
}

function suppressionOf(
  query: Query,
  head: RuleMetadata,
  reportLoss: (loss: Loss) => void,
): NonNullable<Common["alert_suppression"]> | null {
  const { suppression } = head;
  if (suppression === null || suppression.fields.length === 0) return null;
  if (query.kind !== "event") {
    reportLoss({
      effect: "exact",
      span: query.span,
      reason: "Kibana suppresses alerts of sequences only behind a feature flag: every alert is shown",
      advice: null,
    });
    return null;
  }
  if (suppression.fields.length > 3) {
    reportLoss({
      effect: "exact",
      span: query.span,
      reason: `Kibana suppresses alerts by three fields at most, and these are ${suppression.fields.length}: every alert is shown`,
      advice: "Name three fields that tell alerts apart.",
    });
    return null;
  }
  const text = duration(suppression.window);
  return {
    group_by: [...suppression.fields],
    duration: { value: Number.parseInt(text, 10), unit: text.slice(-1) as "s" | "m" | "h" },
    missing_fields_strategy: "suppress",
  };
}

const ATTACK = "https://attack.mitre.org";

/** By tactic; techniques and sub-techniques within. */
function threatOf(head: RuleMetadata): Common["threat"] {
  const threats: Common["threat"] = [];
  for (const { tactic, technique, subtechnique } of head.attack) {
    let threat = threats.find((one) => one.tactic.id === tactic.id);
    if (threat === undefined) {
      threat = { framework: "MITRE ATT&CK", tactic: { ...tactic, reference: `${ATTACK}/tactics/${tactic.id}/` }, technique: [] };
      threats.push(threat);
    }
    let known = threat.technique.find(({ id }) => id === technique.id);
    if (known === undefined) {
      known = { ...technique, reference: `${ATTACK}/techniques/${technique.id}/` };
      threat.technique.push(known);
    }
    if (subtechnique === null) continue;
    known.subtechnique ??= [];
    known.subtechnique.push({ ...subtechnique, reference: `${ATTACK}/techniques/${subtechnique.id.replace(".", "/")}/` });
  }
  return threats;
}

/** Packages of Elastic's registry whose data streams the patterns name, from the versions on that have them. */
const PACKAGES: Readonly<Record<string, string>> = { endpoint: "^8.2.0", windows: "^1.5.0", system: "^1.6.4" };

function integrationsOf(patterns: readonly string[]): Common["related_integrations"] {
  const names = new Set<string>();
  for (const pattern of patterns) {
    const name = /^logs-([a-z_]+)\./.exec(pattern)?.[1];
    if (name !== undefined && Object.hasOwn(PACKAGES, name)) names.add(name);
  }
  return [...names].map((name) => ({ package: name, version: PACKAGES[name]! }));
}
