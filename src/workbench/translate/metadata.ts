/** A rule's metadata in the terms of deploy formats: of a package, of Sigma, of a query alone. */
import { derivedUuid, durationMs, exceptionsOf, type Detection, type Rule } from "../../catalog/index.ts";
import type { Query } from "../../eql/index.ts";
import { durationMillis, fieldsOf } from "../../eql/index.ts";
import { RISK_SCORE, type RunnableRule } from "../../detect/index.ts";
import type { ElasticContent } from "../../elastic/index.ts";
import type { Correlation, SigmaMetadata, SigmaRule } from "../../sigma/index.ts";
import type { Attack, RuleMetadata } from "../../translate/index.ts";
import { runnableSigma } from "../rules/sigma.ts";

/** @param today exceptions that have expired by this day (`2026-11-24`) are left out; default: the day the package was reviewed; where it does not say so, none is. */
export function ruleMetadata(detection: Detection, rule: Rule, today: string = detection.meta.reviewed ?? ""): RuleMetadata {
  const { meta } = detection;
  return {
    uuid: rule.uuid,
    id: rule.id,
    title: rule.name,
    description: rule.description?.trim() ?? rule.name,
    version: wholeVersion(rule.version),
    severity: rule.severity,
    riskScore: rule.risk_score ?? RISK_SCORE[rule.severity],
    kind: rule.kind,
    authors: [],
    license: meta.license ?? "",
    created: rule.lifecycle.authored ?? "",
    modified: rule.lifecycle.reviewed ?? "",
    references: rule.references.map(({ url }) => url),
    falsePositives: rule.false_positives.map(({ scenario, tell }) => `${sentence(scenario)} ${sentence(tell)}`),
    tags: tagsOf(detection, rule),
    attack: attackOf(detection),
    ...scheduleOf(rule),
    indexPatterns: rule.index_patterns.length > 0 ? rule.index_patterns : INDEX_PATTERNS,
    requiredFields: rule.fields.required.length > 0 ? rule.fields.required : fieldNames(rule.tree),
    investigationFields: rule.investigation_fields,
    suppression: rule.dedup === undefined ? null : { fields: rule.dedup.keys, window: seconds(rule.dedup.window) },
    guide: guideOf(rule),
    setup: setupOf(rule),
    exceptions: exceptionsOf(detection.tuning, today)
      .filter(({ rules }) => rules.includes(rule.id))
      .map(({ id, title, parts, owner, reason, expires }) => ({
        id,
        title,
        conditions: [...parts.source, ...parts.account, ...parts.artefact],
        owner,
        reason,
        expires,
      })),
  };
}

/** `1.2.3` as a whole number that grows with it: 10203. */
export function wholeVersion(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return Math.max(1, major * 10_000 + Math.min(minor, 99) * 100 + Math.min(patch, 99));
}

function attackOf({ meta: { attack } }: Detection): Attack[] {
  if (attack === undefined) return [];
  const { tactic, technique, subtechnique } = attack;
  return [{ tactic, technique, subtechnique: subtechnique ?? null }];
}

function scheduleOf({ schedule, tree }: Rule): Pick<RuleMetadata, "interval" | "lookback"> {
  return schedule === undefined ? unscheduled(tree) : { interval: seconds(schedule.interval), lookback: seconds(schedule.lookback) };
}

/** Of a duration as packages write it. */
function seconds(duration: string): number {
  return Math.ceil(durationMs(duration) / 1000);
}

const TELEMETRY = {
  sysmon: "Sysmon",
  security: "Windows Security Event Logs",
  system: "Windows System Event Logs",
  defend: "Elastic Defend",
  powershell: "PowerShell Logs",
} as const satisfies Record<Rule["data_sources"][number]["source"], string>;

/** In the vocabulary of Elastic's own rules. */
function tagsOf(detection: Detection, rule: Rule): string[] {
  const sources = [...new Set(rule.data_sources.map(({ source }) => `Data Source: ${TELEMETRY[source]}`))];
  return [
    "Domain: Endpoint",
    "OS: Windows",
    rule.kind === "hunt" ? "Use Case: Threat Hunting" : "Use Case: Threat Detection",
    ...attackOf(detection).map(({ tactic }) => `Tactic: ${tactic.name}`),
    ...sources,
    ...(rule.kind === "building_block" ? ["Rule Type: BBR"] : []),
  ];
}

function sentence(text: string): string {
  const tidy = text.trim().replaceAll(/\s+/g, " ");
  return /[.!?]$/.test(tidy) ? tidy : `${tidy}.`;
}

function guideOf(rule: Rule): string {
  const lines = ["## Triage and analysis"];
  if (rule.rating_reason !== undefined) lines.push("", sentence(rule.rating_reason));
  if (rule.investigation_fields.length > 0) lines.push("", "### Look first at", "");
  for (const field of rule.investigation_fields) lines.push(`- \`${field}\``);
  if (rule.false_positives.length > 0) {
    lines.push("", "### False positive analysis", "");
    for (const { scenario, tell } of rule.false_positives) lines.push(`- ${sentence(scenario)} How to tell: ${sentence(tell)}`);
  }
  if (rule.blind_spots.length + rule.evasions.length > 0) lines.push("", "### What it does not see", "");
  for (const spot of rule.blind_spots) lines.push(`- ${sentence(spot)}`);
  for (const { how, answered_by: by } of rule.evasions)
    lines.push(`- ${sentence(how)} ${by.length > 0 ? `Seen by ${by.join(", ")}.` : "Seen by no rule of the package."}`);
  return lines.length === 1 ? "" : lines.join("\n");
}

function setupOf(rule: Rule): string {
  if (rule.data_sources.length === 0) return "";
  const lines = ["## Setup", "", "The rule needs one of these:", ""];
  for (const { source, events, audit } of rule.data_sources)
    lines.push(`- ${TELEMETRY[source]}${events.length > 0 ? ` (event ${events.join(", ")})` : ""}: ${sentence(audit)}`);
  return lines.join("\n");
}

/** For rules and queries without a schedule: every five minutes, four minutes over. */
const SCHEDULE = { interval: 300, lookback: 540 } as const;

/** The same, and for a sequence as long as it may take. */
function unscheduled(query: Query): Pick<RuleMetadata, "interval" | "lookback"> {
  return { interval: SCHEDULE.interval, lookback: Math.max(SCHEDULE.lookback, SCHEDULE.interval + maxspanSeconds(query)) };
}

export function sigmaMetadata(rule: SigmaRule): RuleMetadata {
  return headMetadata(rule, runnableSigma(rule));
}

export function correlationMetadata(correlation: Correlation, run: RunnableRule): RuleMetadata {
  return headMetadata(correlation, run);
}

function headMetadata(rule: SigmaMetadata, run: RunnableRule): RuleMetadata {
  return {
    uuid: rule.id !== null && UUID.test(rule.id) ? rule.id : derivedUuid(rule.id ?? rule.key),
    id: plainName(rule.name ?? rule.title),
    title: rule.title,
    description: rule.description.trim() || rule.title,
    version: 1,
    severity: rule.level ?? "medium",
    riskScore: run.riskScore,
    kind: "detection",
    authors: rule.author === null ? [] : rule.author.split(/\s*[,;]\s*/).filter((name) => name !== ""),
    license: rule.license ?? "",
    created: rule.date ?? "",
    modified: rule.modified ?? rule.date ?? "",
    references: rule.references,
    falsePositives: rule.falsepositives,
    tags: rule.tags,
    attack: attacksOf(run),
    ...SCHEDULE,
    indexPatterns: INDEX_PATTERNS,
    requiredFields: fieldNames(run.query),
    investigationFields: fieldNames(run.query),
    suppression: null,
    guide: "",
    setup: "",
    exceptions: [],
  };
}

function attacksOf({ threat }: RunnableRule): Attack[] {
  return threat.flatMap(({ tactic, technique }) =>
    technique === undefined
      ? []
      : [{ tactic, technique: { id: technique.id, name: technique.name }, subtechnique: technique.subtechnique ?? null }],
  );
}

export function elasticMetadata(content: ElasticContent, run: RunnableRule): RuleMetadata {
  return {
    uuid: UUID.test(run.uuid) ? run.uuid : derivedUuid(run.uuid),
    id: plainName(run.name),
    title: run.name,
    description: run.description || run.name,
    version: Math.max(1, Math.trunc(Number(run.version)) || 1),
    severity: run.severity,
    riskScore: run.riskScore,
    kind: run.kind,
    authors: content.author ?? [],
    license: content.license ?? "",
    created: "",
    modified: "",
    references: run.references,
    falsePositives: content.false_positives ?? [],
    tags: content.tags ?? [],
    attack: attacksOf(run),
    ...unscheduled(run.query),
    indexPatterns: content.index ?? INDEX_PATTERNS,
    requiredFields: fieldNames(run.query),
    investigationFields: [],
    suppression: null,
    guide: content.note ?? "",
    setup: content.setup ?? "",
    exceptions: [],
  };
}

const INDEX_PATTERNS: readonly string[] = ["logs-*", "winlogbeat-*"];

/** @param name of the query: its file's, or `query`. */
export function queryMetadata(query: Query, text: string, name: string): RuleMetadata {
  return {
    uuid: derivedUuid(text),
    id: plainName(name),
    title: name,
    description: name,
    version: 1,
    severity: "medium",
    riskScore: 47,
    kind: "detection",
    authors: [],
    license: "",
    created: "",
    modified: "",
    references: [],
    falsePositives: [],
    tags: [],
    attack: [],
    ...unscheduled(query),
    indexPatterns: INDEX_PATTERNS,
    requiredFields: fieldNames(query),
    investigationFields: [],
    suppression: null,
    guide: "",
    setup: "",
    exceptions: [],
  };
}

function fieldNames(query: Query): string[] {
  return fieldsOf(query).sort();
}

function maxspanSeconds(query: Query): number {
  if (query.kind !== "sequence" || query.maxspan === null) return 0;
  return Math.ceil(durationMillis(query.maxspan) / 1000);
}

/** Letters, digits, `-` and `_` of a title: fit for a file name everywhere. */
export function plainName(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
  return plain === "" ? "rule" : plain;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
