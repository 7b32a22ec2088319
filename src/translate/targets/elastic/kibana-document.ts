/**
 * What Kibana imports of a rule: the rule, and the list of its exceptions with its items.
 * `POST /api/detection_engine/rules/_import?overwrite=true`
 */
import type { Loss, Query } from "../../../eql/index.ts";
import { fieldType } from "../../field-type.ts";
import { jsonText } from "../../json-text.ts";
import type { RuleMetadata } from "../../translation.ts";
import { kibanaExceptions } from "./kibana-exceptions.ts";
import type { KibanaExceptionItem, KibanaExceptionList, KibanaRule } from "./kibana-schema.ts";

export interface KibanaDocument {
  readonly rule: KibanaRule;
  /** Null where the rule has no exceptions. */
  readonly list: KibanaExceptionList | null;
  readonly items: readonly KibanaExceptionItem[];
}

/** NDJSON in the order of the import: all rules, then all exception lists, then their items. */
export function kibanaNdjson(documents: readonly KibanaDocument[]): string {
  const lines: readonly object[] = [
    ...documents.map(({ rule }) => rule),
    ...documents.flatMap(({ list }) => list ?? []),
    ...documents.flatMap(({ items }) => items),
  ];
  return lines.map((line) => `${jsonText(line)}\n`).join("");
}

/** In which language the rule is written, and the text. */
export type KibanaLanguage =
  | { readonly type: "eql"; readonly language: "eql"; readonly query: string; readonly index: string[] }
  | { readonly type: "esql"; readonly language: "esql"; readonly query: string };

/** @param query of which `language` has the text. */
export function kibanaDocument(
  query: Query,
  metadata: RuleMetadata,
  language: KibanaLanguage,
  reportLoss: (loss: Loss) => void,
): KibanaDocument {
  const exceptions = kibanaExceptions(metadata);
  if (exceptions !== null && exceptions.items.length > 0)
    reportLoss({
      effect: "exact",
      span: query.span,
      reason: "Kibana's exceptions are case-sensitive, ours are not: it may alert where only the case of a value differs",
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
  const suppression = suppressionOf(query, metadata, reportLoss);
  const rule: KibanaRule = {
    rule_id: metadata.uuid,
    name: metadata.title,
    description: metadata.description === "" ? metadata.title : metadata.description,
    version: metadata.version,
    ...language,
    risk_score: metadata.riskScore,
    severity: metadata.severity === "informational" ? "low" : metadata.severity,
    ...(language.type === "eql" && query.kind === "event" ? { timestamp_override: "event.ingested" } : {}),
    enabled: false,
    interval: duration(metadata.interval),
    from: `now-${duration(metadata.lookback)}`,
    to: "now",
    max_signals: 100,
    tags: [...metadata.tags],
    author: [...metadata.authors],
    ...(metadata.license === "" ? {} : { license: metadata.license }),
    references: metadata.references.filter((reference) => /^https?:\/\/\S+$/.test(reference)),
    false_positives: [...metadata.falsePositives],
    threat: threatOf(metadata),
    related_integrations: integrationsOf(metadata.indexPatterns),
    required_fields: metadata.requiredFields.map((field) => ({ name: field, type: fieldType(field).mapping })),
    ...(metadata.investigationFields.length === 0 ? {} : { investigation_fields: { field_names: [...metadata.investigationFields] } }),
    ...(metadata.guide === "" ? {} : { note: metadata.guide }),
    ...(metadata.setup === "" ? {} : { setup: metadata.setup }),
    ...(metadata.kind === "building_block" ? { building_block_type: "default" as const } : {}),
    ...(suppression === null ? {} : { alert_suppression: suppression }),
    exceptions_list:
      listed === null
        ? []
        : [{ id: listed.list.list_id, list_id: listed.list.list_id, type: listed.list.type, namespace_type: listed.list.namespace_type }],
  };
  return { rule, list: listed?.list ?? null, items: listed?.items ?? [] };
}

/** Seconds in the largest of Kibana's units that holds them whole. */
export function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function suppressionOf(
  query: Query,
  metadata: RuleMetadata,
  reportLoss: (loss: Loss) => void,
): NonNullable<KibanaRule["alert_suppression"]> | null {
  const { suppression } = metadata;
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
function threatOf(metadata: RuleMetadata): KibanaRule["threat"] {
  const threats: KibanaRule["threat"] = [];
  for (const { tactic, technique, subtechnique } of metadata.attack) {
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

function integrationsOf(patterns: readonly string[]): KibanaRule["related_integrations"] {
  const names = new Set<string>();
  for (const pattern of patterns) {
    const name = /^logs-([a-z_]+)\./.exec(pattern)?.[1];
    if (name !== undefined && Object.hasOwn(PACKAGES, name)) names.add(name);
  }
  return [...names].map((name) => ({ package: name, version: PACKAGES[name]! }));
}
