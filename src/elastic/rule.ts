/** A rule's content -> a rule that runs. */
import type { Grouping, Overrides, RunnableRule, Threat } from "../detect/index.ts";
import { RISK_SCORE } from "../detect/index.ts";
import {
  durationMillis,
  check,
  compileFilter,
  make,
  NOWHERE,
  parse,
  parseDateMath,
  type Diagnostic,
  type EventDocument,
  type EventFilter,
  type Expr,
  type Query,
  type Schema,
} from "../eql/index.ts";
import { EsqlError, esqlPipeline, esqlPrefilter, parseEsql } from "../esql/index.ts";
import { readKql } from "../kql/index.ts";
import { readLucene } from "../lucene/index.ts";
import { exceptionCondition, inForce } from "./exceptions.ts";
import { FilterError, filtersCondition } from "./filters.ts";
import { indicatorCondition } from "./indicators.ts";
import { esqlGrouping } from "./pipeline.ts";
import type { ExceptionItem, RuleContent } from "./schema.ts";

export interface RuleContext {
  readonly schema: Schema;
  /** `2026-11-24`: exceptions that expired before it are not applied. */
  readonly today: string;
  /** By the list's id. */
  readonly exceptions: ReadonlyMap<string, readonly ExceptionItem[]>;
  /** Documents of threat intelligence in ECS; null where none were given. */
  readonly indicators: readonly EventDocument[] | null;
}

/** Why a rule does not run. */
export class RuleError extends Error {
  readonly code: string;
  readonly help: string | null;
  /** Of the query, where it is the query's fault. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: string, message: string, help: string | null = null, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.code = code;
    this.help = help;
    this.diagnostics = diagnostics;
  }
}

/** A rule, and what of it is not as its author has it. */
export interface LoadedRule {
  readonly rule: RunnableRule;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly help: string | null }[];
}

/** Throws a `RuleError`. */
export function runnableElastic(content: RuleContent, context: RuleContext): LoadedRule {
  const { language, query, pipeline } = queryOf(content, context.schema);
  const warnings: LoadedRule["warnings"][number][] = [];
  const conditions: Expr[] = [];
  try {
    conditions.push(filtersCondition(content.filters ?? [], context.schema, NOWHERE));
    if (content.type === "threat_match") conditions.push(indicatorsOf(content, context));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new RuleError("elastic/filter", error.message);
  }
  for (const { list_id: list } of content.exceptions_list ?? []) {
    const items = context.exceptions.get(list);
    if (items === undefined)
      warnings.push({
        code: "elastic/exceptions-missing",
        message: `The exception list \`${list}\` is not among what was loaded: its exceptions are not applied`,
        help: "Export the rules with their exceptions.",
      });
    for (const item of items ?? []) {
      if (!inForce(item, context.today)) continue;
      try {
        conditions.push(make.not(exceptionCondition(item, context.schema, NOWHERE), NOWHERE));
      } catch (error) {
        if (!(error instanceof FilterError)) throw error;
        warnings.push({
          code: "elastic/exception",
          message: `The exception ${JSON.stringify(item.name ?? item.item_id ?? list)} is not applied: ${error.message}`,
          help: null,
        });
      }
    }
  }
  const grouping = pipeline ?? groupingOf(content);
  const overrides = overridesOf(content);
  const key = content.rule_id ?? content.id ?? content.name;
  return {
    rule: {
      key,
      uuid: key,
      name: content.name,
      description: (content.description ?? "").trim(),
      version: String(content.version ?? 1),
      severity: content.severity,
      riskScore: content.risk_score ?? RISK_SCORE[content.severity],
      kind: content.building_block_type === undefined ? "detection" : "building_block",
      language,
      query: restricted(query, conditions, content.event_category_override ?? null),
      ...(grouping === null ? {} : { grouping }),
      ...(overrides === null ? {} : { overrides }),
      threat: (content.threat ?? []).flatMap(threatsOf),
      tags: content.tags ?? [],
      references: content.references ?? [],
      dedup: suppressionOf(content),
      title: null,
    },
    warnings,
  };
}

// ------------------------------------------------------------------------------------------------- queries

interface RuleQuery {
  readonly language: RunnableRule["language"];
  readonly query: Query;
  /** What becomes of the events that the query selects, where the query itself says so. */
  readonly pipeline: Grouping | null;
}

function queryOf(content: RuleContent, schema: Schema): RuleQuery {
  const { type, language, query: text } = content;
  if (type === "machine_learning")
    throw new RuleError("elastic/machine-learning", "Rules of machine learning need Elastic's models and do not run here");
  if (text === undefined) throw new RuleError("elastic/no-query", "The rule has no query");
  if (type === "esql" || language === "esql") return esqlOf(text, schema);
  if (type === "eql" || language === "eql") {
    const parsed = parse(text);
    const checked = parsed.query === null ? [] : check(parsed.query, { schema, text, errorsOnly: true }).diagnostics;
    const diagnostics = [...parsed.diagnostics, ...checked].filter(({ severity }) => severity === "error");
    if (parsed.query === null || diagnostics.length > 0) throw badQuery(diagnostics);
    return { language: "eql", query: parsed.query, pipeline: null };
  }
  return { language: language === "lucene" ? "lucene" : "kql", query: eventQuery(filterOf(text, language, schema)), pipeline: null };
}

function eventQuery(filter: EventFilter): Query {
  return { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
}

/** The events that can be in the result are found by the shared plan; the pipeline does the rest. */
function esqlOf(text: string, schema: Schema): RuleQuery {
  const { query, diagnostics } = parseEsql(text);
  if (query === null) throw badQuery(diagnostics);
  try {
    esqlPipeline(query, { schema, now: 0 }, () => {});
  } catch (error) {
    if (!(error instanceof EsqlError)) throw error;
    throw badQuery([error.diagnostic]);
  }
  const filter = eventQuery({ span: NOWHERE, category: null, condition: esqlPrefilter(query) });
  return { language: "esql", query: filter, pipeline: esqlGrouping(text, schema) };
}

/** A query of a language that is one event's condition. */
function filterOf(text: string, language: string | undefined, schema: Schema): EventFilter {
  const { filter, diagnostics } = language === "lucene" ? readLucene(text, schema) : readKql(text, schema);
  if (filter === null) throw badQuery(diagnostics.filter(({ severity }) => severity === "error"));
  return filter;
}

function badQuery(diagnostics: readonly Diagnostic[]): RuleError {
  const [first] = diagnostics;
  return new RuleError(first?.code ?? "elastic/bad-query", first?.summary ?? "The query cannot be read", first?.help ?? null, diagnostics);
}

/** Conditions that hold for every event the query looks at, and the category in the field that the rule has it in. */
function restricted(query: Query, conditions: readonly Expr[], categoryField: string | null): Query {
  const map = (filter: EventFilter): EventFilter => {
    const { category, span } = filter;
    const moved =
      category === null || categoryField === null || categoryField === "event.category"
        ? null
        : make.matches(make.field(categoryField, span), [make.literal(category.value, span)], false, span);
    const others = conditions.filter((one) => one.kind !== "boolean" || !one.value);
    const condition = make.all([...(moved === null ? [] : [moved]), filter.condition, ...others], span);
    return { span, category: moved === null ? category : null, condition };
  };
  switch (query.kind) {
    case "event":
      return { ...query, filter: map(query.filter) };
    case "sample":
      return { ...query, items: query.items.map((item) => ({ ...item, filter: map(item.filter) })) };
    default:
      return {
        ...query,
        items: query.items.map((item) => ({ ...item, filter: map(item.filter) })),
        until: query.until === null ? null : { ...query.until, filter: map(query.until.filter) },
      };
  }
}

function indicatorsOf(content: RuleContent, { indicators, schema }: RuleContext): Expr {
  if (indicators === null)
    throw new RuleError(
      "elastic/no-indicators",
      "The rule compares events with threat indicators, and none were given",
      "Name a file of them with `--indicators`: NDJSON of documents with `threat.indicator.*`.",
    );
  if (content.threat_mapping === undefined) throw new RuleError("elastic/bad-rule", "The rule has no `threat_mapping`");
  const filter = filterOf(content.threat_query ?? "*", content.threat_language, schema);
  const filters = filtersCondition(content.threat_filters ?? [], schema, NOWHERE);
  const test = compileFilter({ ...filter, condition: make.all([filter.condition, filters], NOWHERE) }, { schema, now: Date.now() });
  return indicatorCondition(content.threat_mapping, indicators.filter(test), NOWHERE);
}

// ---------------------------------------------------------------------------------------- what is made of it

/** Elastic Security's default: a run every five minutes that looks back six. */
const DEFAULT_FROM = "now-6m";

function groupingOf(content: RuleContent): Grouping | null {
  if (content.type === "threshold") {
    const { threshold } = content;
    if (threshold === undefined) throw new RuleError("elastic/bad-rule", "The rule has no `threshold`");
    const fields = (typeof threshold.field === "string" ? [threshold.field] : threshold.field).filter((field) => field !== "");
    const cardinality = threshold.cardinality ?? [];
    return {
      kind: "threshold",
      fields,
      count: threshold.value,
      cardinality: (Array.isArray(cardinality) ? cardinality : [cardinality]).filter(({ field }) => field !== ""),
      windowMs: lookBack(content.from ?? DEFAULT_FROM),
    };
  }
  if (content.type !== "new_terms") return null;
  const start = content.new_terms?.history_window_start ?? content.history_window_start;
  const fields = content.new_terms?.value ?? content.new_terms_fields;
  const text = typeof start === "string" ? start : start?.[0]?.value;
  if (text === undefined || fields === undefined || fields.length === 0)
    throw new RuleError("elastic/bad-rule", "The rule has no `new_terms` with a `history_window_start`");
  return { kind: "new-terms", fields, historyMs: lookBack(text) };
}

/** Milliseconds between a time such as `now-9m` and now. */
function lookBack(text: string): number {
  const start = parseDateMath(text, 0);
  if (start === null || start.from > 0n) throw new RuleError("elastic/bad-rule", `\`${text}\` is no time before now`);
  return Number(-start.from / 1_000_000n);
}

function suppressionOf({ alert_suppression: suppression, interval }: RuleContent): RunnableRule["dedup"] {
  if (suppression?.group_by === undefined) return null;
  const { duration } = suppression;
  return {
    fields: suppression.group_by,
    windowMs: duration === undefined ? lookBack(`now-${interval ?? "5m"}`) : durationMillis(duration),
  };
}

function overridesOf(content: RuleContent): Overrides | null {
  const severity = (content.severity_mapping ?? [])
    .filter(({ value }) => typeof value === "string" && value !== "")
    .map(({ field, value, severity: level }) => ({ field, value: value as string, severity: level }));
  const riskScore = content.risk_score_mapping?.[0]?.field ?? null;
  const name = content.rule_name_override ?? null;
  return severity.length === 0 && riskScore === null && name === null ? null : { severity, riskScore, name };
}

function threatsOf({ tactic, technique }: NonNullable<RuleContent["threat"]>[number]): Threat[] {
  if (tactic === undefined) return [];
  const of = ({ id, name }: { readonly id: string; readonly name: string }): { readonly id: string; readonly name: string } => ({
    id,
    name,
  });
  const techniques = (technique ?? []).flatMap(({ subtechnique, ...parent }) =>
    subtechnique === undefined || subtechnique.length === 0
      ? [of(parent)]
      : subtechnique.map((sub) => ({ ...of(parent), subtechnique: of(sub) })),
  );
  const base = { framework: "MITRE ATT&CK" as const, tactic: of(tactic) };
  return techniques.length === 0 ? [base] : techniques.map((one) => ({ ...base, technique: one }));
}
