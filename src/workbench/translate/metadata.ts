/** A rule's metadata in the terms of deploy formats: of a package, of Sigma, of a query alone. */
import { durationMs, exceptionsOf, type Detection, type Rule } from "../../catalog/index.ts";
import type { Query } from "../../eql/index.ts";
import { durationMillis, fieldsOf } from "../../eql/index.ts";
import type { SigmaRule } from "../../sigma/index.ts";
import type { Attack, RuleMetadata } from "../../translate/index.ts";
import { runnableSigma } from "../rules/sigma.ts";

/** @param today exceptions that have expired by this day (`2026-11-24`) are left out; default: the day the package was reviewed. */
export function ruleMetadata(detection: Detection, rule: Rule, today: string = detection.meta.reviewed): RuleMetadata {
  const { meta } = detection;
  return {
    uuid: rule.uuid,
    id: rule.id,
    title: rule.name,
    description: rule.description.trim(),
    version: wholeVersion(rule.version),
    severity: rule.severity,
    riskScore: rule.risk_score,
    kind: rule.kind,
    authors: [],
    license: meta.license,
    created: rule.lifecycle.authored,
    modified: rule.lifecycle.reviewed,
    references: rule.references.map(({ url }) => url),
    falsePositives: rule.false_positives.map(({ scenario, tell }) => `${sentence(scenario)} ${sentence(tell)}`),
    tags: tagsOf(detection, rule),
    attack: [attackOf(detection)],
    interval: Math.ceil(durationMs(rule.schedule.interval) / 1000),
    lookback: Math.ceil(durationMs(rule.schedule.lookback) / 1000),
    indexPatterns: rule.index_patterns,
    requiredFields: rule.fields.required,
    investigationFields: rule.investigation_fields,
    suppression: { fields: rule.dedup.keys, window: Math.ceil(durationMs(rule.dedup.window) / 1000) },
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

function attackOf(detection: Detection): Attack {
  const { tactic, technique, subtechnique } = detection.meta.attack;
  return { tactic, technique, subtechnique: subtechnique ?? null };
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
    `Tactic: ${detection.meta.attack.tactic.name}`,
    ...sources,
    ...(rule.kind === "building_block" ? ["Rule Type: BBR"] : []),
  ];
}

function sentence(text: string): string {
  const tidy = text.trim().replaceAll(/\s+/g, " ");
  return /[.!?]$/.test(tidy) ? tidy : `${tidy}.`;
}

function guideOf(rule: Rule): string {
  const lines = ["## Triage and analysis", "", sentence(rule.rating_reason), "", "### Look first at", ""];
  for (const field of rule.investigation_fields) lines.push(`- \`${field}\``);
  if (rule.false_positives.length > 0) {
    lines.push("", "### False positive analysis", "");
    for (const { scenario, tell } of rule.false_positives) lines.push(`- ${sentence(scenario)} How to tell: ${sentence(tell)}`);
  }
  lines.push("", "### What it does not see", "");
  for (const spot of rule.blind_spots) lines.push(`- ${sentence(spot)}`);
  for (const { how, answered_by: by } of rule.evasions)
    lines.push(`- ${sentence(how)} ${by.length > 0 ? `Seen by ${by.join(", ")}.` : "Seen by no rule of the package."}`);
  return lines.join("\n");
}

function setupOf(rule: Rule): string {
  const lines = ["## Setup", "", "The rule needs one of these:", ""];
  for (const { source, events, audit } of rule.data_sources)
    lines.push(`- ${TELEMETRY[source]}${events.length > 0 ? ` (event ${events.join(", ")})` : ""}: ${sentence(audit)}`);
  return lines.join("\n");
}

/** For Sigma rules and queries, which have no schedule: every five minutes, four minutes over. */
const SCHEDULE = { interval: 300, lookback: 540 } as const;

export function sigmaMetadata(rule: SigmaRule): RuleMetadata {
  const run = runnableSigma(rule);
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
    attack: run.threat.flatMap(({ tactic, technique }) =>
      technique === undefined
        ? []
        : [{ tactic, technique: { id: technique.id, name: technique.name }, subtechnique: technique.subtechnique ?? null }],
    ),
    ...SCHEDULE,
    indexPatterns: INDEX_PATTERNS,
    requiredFields: fieldNames(rule.query),
    investigationFields: fieldNames(rule.query),
    suppression: null,
    guide: "",
    setup: "",
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
    interval: SCHEDULE.interval,
    lookback: Math.max(SCHEDULE.lookback, SCHEDULE.interval + maxspanSeconds(query)),
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

/** The same text, the same id: a UUID of version 8 made of FNV-1a. */
function derivedUuid(text: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < 4; word++) {
    let hash = (0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b9)) >>> 0;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    bytes.push(hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255);
  }
  bytes[6] = (bytes[6]! & 15) | 0x80;
  bytes[8] = (bytes[8]! & 63) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
