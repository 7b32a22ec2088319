/**
 * The linter on a detection package: each of its data sources becomes what that way of collecting can produce, and each finding gets
 * its place in the rule's file.
 */
import {
  durationMs,
  lint,
  type Case,
  type Detection,
  type Finding,
  type LintCase,
  type LintKnowledge,
  type LintRule,
  type LintSource,
  type Rule,
} from "../../catalog/index.ts";
import type { EventDocument, SourceLocation } from "../../eql/index.ts";
import { openInput, type LogRecord } from "../../readers/index.ts";
import { createNormaliser, ecsField, sourceById, sources, type EventShape, type Source } from "../../ecs/index.ts";
import { sourcesOf } from "./rule-sources.ts";
import { withAdditions } from "./shapes.ts";

export interface LintOptions {
  /** Hold the rules against what Elastic's own pipelines produce, without what Tocsin's mapping adds. */
  readonly strictElastic?: boolean;
}

export interface PlacedFinding extends Finding {
  /** In the rule's file. */
  readonly place: SourceLocation;
  /** The piece of the query it is about. */
  readonly text: string;
}

export interface LintReport {
  readonly detection: string;
  readonly rules: number;
  /** By rule in the package's order, then by place. */
  readonly findings: readonly PlacedFinding[];
  /** Findings that are not suppressed. */
  readonly errors: number;
  readonly warnings: number;
  readonly hints: number;
  readonly suppressed: number;
}

type Collector = Detection["meta"]["data_sources"][number]["collector"];
type Telemetry = Rule["data_sources"][number]["source"];

/** The declared sources behind each way of collecting. A file of events is mapped as Winlogbeat's are. */
const STREAMS = {
  "elastic-defend": { defend: ["process", "network", "file", "registry", "library", "security"].map((name) => `endpoint.${name}`) },
  winlogbeat: {
    sysmon: ["winlogbeat.sysmon"],
    security: ["winlogbeat.security"],
    system: ["winlogbeat.system"],
    powershell: ["winlogbeat.powershell", "winlogbeat.powershell_operational"],
  },
  filebeat: { sysmon: ["filebeat.winlog"], security: ["filebeat.winlog"], system: ["filebeat.winlog"], powershell: ["filebeat.winlog"] },
  "elastic-agent": {
    sysmon: ["elastic-agent.sysmon_operational"],
    security: ["elastic-agent.security"],
    system: ["elastic-agent.system"],
    powershell: ["elastic-agent.powershell", "elastic-agent.powershell_operational"],
  },
  "windows-xml": {
    sysmon: ["winlogbeat.sysmon"],
    security: ["winlogbeat.security"],
    system: ["winlogbeat.system"],
    powershell: ["winlogbeat.powershell", "winlogbeat.powershell_operational"],
  },
} as const satisfies Record<Collector, Partial<Record<Telemetry, readonly string[]>>>;

export function lintPackage(detection: Detection, options: LintOptions = {}): LintReport {
  const strict = options.strictElastic ?? false;
  const byId = new Map(detection.rules.map((rule) => [rule.id, rule]));
  const order = new Map(detection.rules.map((rule, i) => [rule.id, i]));
  const cases = detection.cases.map((one) => ({ one, lint: lintCase(one) }));
  const found = lint(
    detection.rules.map((rule) => ({ ...lintRule(detection, rule, strict), texts: textsOf(rule), cases: casesOf(rule, cases) })),
    KNOWLEDGE,
  );
  const findings = found
    .map((finding): PlacedFinding => {
      const rule = byId.get(finding.rule)!;
      return { ...finding, place: rule.queryPlace(finding.span.from), text: rule.query.slice(finding.span.from, finding.span.to) };
    })
    .sort(
      (a, b) => order.get(a.rule)! - order.get(b.rule)! || a.span.from - b.span.from || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
    );
  const open = (severity: Finding["severity"]): number => findings.filter((f) => f.severity === severity && f.suppressed === null).length;
  return {
    detection: detection.id,
    rules: detection.rules.length,
    findings,
    errors: open("error"),
    warnings: open("warning"),
    hints: open("hint"),
    suppressed: findings.filter((f) => f.suppressed !== null).length,
  };
}

/** What people read of a rule, and of its proof. */
function textsOf(rule: Rule): NonNullable<LintRule["texts"]> {
  const { name, description, rating_reason: reason } = rule;
  const single = Object.entries({ name, description, rating_reason: reason }).flatMap(([where, text]) =>
    text === undefined ? [] : [{ where, text }],
  );
  const each = [
    ...rule.blind_spots.map((text) => ({ where: "blind_spots", text })),
    ...rule.false_positives.flatMap(({ scenario, tell }) => [scenario, tell].map((text) => ({ where: "false_positives", text }))),
  ];
  return [...single, ...each];
}

function casesOf(rule: Rule, cases: readonly { readonly one: Case; readonly lint: LintCase }[]): LintCase[] {
  return cases.filter(({ one }) => one.fires.includes(rule.id) || one.silent.includes(rule.id)).map(({ lint: found }) => found);
}

function lintCase({ name, kind, eventsFile, eventsText }: Case): LintCase {
  const normaliser = createNormaliser();
  const events: EventDocument[] = [];
  const decoder = openInput(eventsFile);
  const sink = { record: (record: LogRecord) => void events.push(normaliser.normalise(record).event), problem: () => {} };
  decoder.push(new TextEncoder().encode(eventsText), sink);
  decoder.end(sink);
  return { name, isNegative: kind === "negative", events };
}

function lintRule(detection: Detection, rule: Rule, strict: boolean): LintRule {
  return {
    id: rule.id,
    query: rule.tree,
    sources: rule.data_sources.length === 0 ? workedOut(rule, strict) : stated(detection, rule, strict),
    indexPatterns: rule.index_patterns,
    lookBackMs: rule.schedule === undefined ? null : durationMs(rule.schedule.lookback),
    intervalMs: rule.schedule === undefined ? null : durationMs(rule.schedule.interval),
    suppressions: rule.lint,
  };
}

function stated(detection: Detection, rule: Rule, strict: boolean): LintSource[] {
  const { data_sources: collected } = detection.meta;
  return (collected.length === 0 ? UNSTATED : collected).flatMap((source) => lintSource(rule, source, strict) ?? []);
}

/** Of a package that does not say how its events are collected. */
const UNSTATED: Detection["meta"]["data_sources"] = [
  {
    name: "Windows' logs",
    collector: "windows-xml",
    yields: ["sysmon", "security", "system", "powershell"],
    index_patterns: [],
    setup: "Read as they are",
  },
  { name: "Elastic Defend", collector: "elastic-defend", yields: ["defend"], index_patterns: [], setup: "Read as they are" },
];

/** Of a rule that does not say what it reads: the sources that its query is about, and of these the ones that it can match on, if any. */
function workedOut(rule: Rule, strict: boolean): LintSource[] {
  const about = sourcesOf(rule.tree, strict);
  const seeing = about.filter((source) => {
    const alone = {
      id: rule.id,
      query: rule.tree,
      sources: [source],
      indexPatterns: [],
      lookBackMs: null,
      intervalMs: null,
      suppressions: [],
    };
    return lint([alone], KNOWLEDGE).every(({ code }) => code !== "blind-source");
  });
  return seeing.length > 0 ? seeing : about;
}

/** What the rule gets from one way of collecting; null where that has none of the telemetry the rule names. */
function lintSource(rule: Rule, source: Detection["meta"]["data_sources"][number], strict: boolean): LintSource | null {
  const shapes: LintSource["shapes"][number][] = [];
  const stored = new Set<string>();
  for (const telemetry of source.yields) {
    const wanted = rule.data_sources.filter((d) => d.source === telemetry);
    if (wanted.length === 0) continue;
    const codes = new Set(wanted.flatMap((d) => d.events));
    for (const stream of streams(source.collector, telemetry)) {
      for (const shape of stream.produces) {
        if (stream.id === "filebeat.winlog" && !belongs(shape, telemetry)) continue;
        if (codes.size > 0 && !shape.codes.some((code) => codes.has(code))) continue;
        shapes.push({ ...(strict ? shape : withAdditions(shape)), telemetry });
      }
      for (const pattern of stream.indexPatterns) stored.add(pattern);
    }
  }
  if (shapes.length === 0) return null;
  // Where the package says the documents are, and of that what belongs to these streams.
  const own = source.index_patterns.filter((pattern) => stored.has(pattern));
  return { id: source.collector, title: source.name, shapes, indexPatterns: own.length > 0 ? own : source.index_patterns };
}

function streams(collector: Collector, telemetry: Telemetry): Source[] {
  const table: Partial<Record<Telemetry, readonly string[]>> = STREAMS[collector];
  return (table[telemetry] ?? []).map((id) => {
    const found = sourceById(id);
    if (found === undefined) throw new Error(`no declared source ${id}`);
    return found;
  });
}

/** Filebeat's input ships every channel as one stream. */
function belongs(shape: EventShape, telemetry: Telemetry): boolean {
  return streams("winlogbeat", telemetry).some((s) =>
    s.produces.some((p) => p.title === shape.title && p.codes.join() === shape.codes.join()),
  );
}

export const KNOWLEDGE: LintKnowledge = { isKnownField: (field) => knownFields().has(field) || ecsField(field) !== undefined };

let fields: ReadonlySet<string> | undefined;
/** The fields that some data source declares. */
export function knownFields(): ReadonlySet<string> {
  fields ??= new Set(
    sources().flatMap((source) => source.produces.flatMap((shape) => [...shape.fields, ...(shape.additions?.fields ?? [])])),
  );
  return fields;
}
