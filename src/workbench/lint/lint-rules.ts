/** The linter on rules that belong to no package, each held against the data sources that its query is about. */
import { lint, possible, type Finding, type LintSource } from "../../catalog/index.ts";
import type { RunnableRule } from "../../detect/index.ts";
import { ecsFields } from "../../ecs/index.ts";
import { meant, similarNames, type EventFilter, type Expr, type Query, type Span } from "../../eql/index.ts";
import type { RuleSet } from "../rules/load.ts";
import { KNOWLEDGE, knownFields, type LintOptions } from "./lint.ts";
import { ruleProofFindings, type RuleFinding } from "./rule-proof.ts";
import { fieldsOf, KIND, kindOf, ORIGIN_FIELDS, sourcesOf } from "./rule-sources.ts";

export interface RulesLint {
  readonly rules: number;
  /** Keys of rules about events that no data source declares: of these only the names of fields are judged. */
  readonly notJudged: readonly string[];
  /** In the order of the rules, then of places. */
  readonly findings: readonly RuleFinding[];
  readonly errors: number;
  readonly warnings: number;
  readonly hints: number;
}

/** What says something of a rule without a schedule and without index patterns. */
const CODES: ReadonlySet<Finding["code"]> = new Set([
  "dead-clause",
  "blind-source",
  "always-true",
  "broad-wildcard",
  "case-sensitive",
  "negation-passes-missing",
  "sysmon-user-id",
  "key-absent",
  "no-anchor",
  "unknown-field",
]);

export function lintRules(set: RuleSet, options: LintOptions = {}): RulesLint {
  const notJudged: string[] = [];
  const findings: RuleFinding[] = [];
  const rules = [...set.rules, ...set.parts];
  for (const rule of rules) {
    const own = lintRule(set, rule, options);
    if (own.sources.length === 0) notJudged.push(rule.key);
    findings.push(...own.findings);
  }
  findings.push(...ruleProofFindings(set, rules, options));
  const of = (severity: Finding["severity"]): number => findings.filter((finding) => finding.severity === severity).length;
  return { rules: rules.length, notJudged, findings, errors: of("error"), warnings: of("warning"), hints: of("hint") };
}

export interface RuleLint {
  /** The data sources that the rule is about, and why it can match no event of one; null where it can. */
  readonly sources: readonly { readonly id: string; readonly title: string; readonly blind: string | null }[];
  readonly findings: readonly RuleFinding[];
}

/** One rule of no package. Without sources only the names of its fields are judged. */
export function lintRule(set: RuleSet, rule: RunnableRule, options: LintOptions = {}): RuleLint {
  const sources = sourcesOf(rule.query, options.strictElastic ?? false);
  const found = sources.length === 0 ? misspelt(rule) : saysOrigin(rule) ? judged(rule, sources) : guarded(rule, sources);
  const origin = set.origins.get(rule.key);
  const blind = (id: string): string | null =>
    found.find(({ code, sources: about }) => code === "blind-source" && about.includes(id))?.message ?? null;
  return {
    sources: sources.map(({ id, title }) => ({ id, title, blind: blind(id) })),
    findings: found
      .sort((one, other) => one.span.from - other.span.from)
      .map((finding) => ({
        ...withoutSuppression(finding),
        name: rule.name,
        place: origin?.placeOf(finding.span.from) ?? { file: rule.key, line: 1, column: 1 },
      })),
  };
}

/** Rules of no package suppress nothing. */
function withoutSuppression({ suppressed: _suppressed, ...finding }: Finding): Omit<Finding, "suppressed"> {
  return finding;
}

const { isKnownField } = KNOWLEDGE;

/**
 * Each source is asked by itself, since a Sigma field lies in other places on each. What holds of some sources only is no error: that the
 * Security log lacks a field is worth knowing, and the rule may be meant for Sysmon.
 */
function judged(rule: RunnableRule, sources: readonly LintSource[]): Finding[] {
  const asked = sources.map((source) => ({
    source,
    findings: lint(
      [
        {
          id: rule.key,
          query: rule.language === "sigma" ? onSource(rule.query, source) : rule.query,
          sources: [source],
          indexPatterns: [],
          lookBackMs: null,
          intervalMs: null,
          suppressions: [],
        },
      ],
      KNOWLEDGE,
    ),
  }));
  const isBlind = (findings: readonly Finding[]): boolean => findings.some(({ code }) => code === "blind-source");
  const fields = filtersOf(rule.query).flatMap(({ condition }) => fieldsOf(condition));
  // Of the paths of one Sigma field it is enough that one is known.
  const isOtherPath = ({ span }: Finding): boolean =>
    rule.language === "sigma" && fields.some((field) => within(field.span, span) && isKnownField(field.name));
  const seeing = asked.filter(({ findings }) => !isBlind(findings));
  const out: Finding[] = [];
  const add = (finding: Finding): void => {
    const same = out.find(
      (other) => other.code === finding.code && other.span.from === finding.span.from && other.message === finding.message,
    );
    if (same === undefined) out.push(finding);
  };
  for (const { findings } of asked) {
    for (const finding of findings) {
      if (finding.code === "blind-source") add({ ...finding, severity: seeing.length === 0 ? "error" : "hint" });
      if (finding.code === "unknown-field" && !isOtherPath(finding)) add(withSuggestion(finding));
    }
  }
  const kind = filtersOf(rule.query).flatMap(({ condition }) => kindOf(condition));
  for (const { source, findings } of seeing) {
    for (const finding of findings) {
      if (!CODES.has(finding.code) || finding.code === "unknown-field") continue;
      // What the loader adds has no place in the file.
      if (finding.span.from === finding.span.to) continue;
      if (finding.code === "case-sensitive" && rule.language !== "eql") continue;
      // The sources were chosen by what is said of the kind of event.
      if (kind.some(({ span }) => within(finding.span, span))) continue;
      const about = fields.filter(({ span }) => within(span, finding.span));
      if (about.length > 0 && about.every(({ name }) => KIND.has(name))) continue;
      const everywhere = seeing.every((other) =>
        other.findings.some(({ code, span }) => code === finding.code && span.from === finding.span.from && span.to === finding.span.to),
      );
      if (finding.code === "dead-clause" && !everywhere) continue;
      if (finding.code === "always-true" && !everywhere) {
        add({
          ...finding,
          severity: "hint",
          sources: [source.id],
          message: finding.message.replace(/the rule's data sources produce\.$/, `${source.title} has.`),
        });
        continue;
      }
      // Sigma's authors mean parts of words by `contains`.
      add(finding.code === "broad-wildcard" && rule.language === "sigma" ? { ...finding, severity: "hint" } : finding);
    }
  }
  return out;
}

/** Whether the rule says that its events are those of the sources. Sigma's log source does. */
function saysOrigin({ language, query }: RunnableRule): boolean {
  return (
    language === "sigma" ||
    filtersOf(query).every(({ condition }) => kindOf(condition).some((part) => fieldsOf(part).some(({ name }) => ORIGIN_FIELDS.has(name))))
  );
}

/** `process where ..` may be about another system, on which what is missing here is there: nothing is an error. */
function guarded(rule: RunnableRule, sources: readonly LintSource[]): Finding[] {
  const found = judged(rule, sources).filter(({ code }) => code !== "unknown-field");
  return [
    ...found.map((finding): Finding => (finding.severity === "error" ? { ...finding, severity: "warning" } : finding)),
    ...misspelt(rule),
  ];
}

function filtersOf(query: Query): EventFilter[] {
  return query.kind === "event" ? [query.filter] : query.items.map(({ filter }) => filter);
}

/**
 * A Sigma field stands for several paths, joined by `or` in one place of the file: the paths that cannot match on a source are left out
 * where another can. Otherwise each rule would hold clauses that never match, none of them its author's.
 */
function onSource(query: Query, source: LintSource): Query {
  if (query.kind !== "event") return query;
  return { ...query, filter: { ...query.filter, condition: openPaths(query.filter.condition, source) } };
}

function openPaths(expr: Expr, source: LintSource): Expr {
  if (expr.kind === "not") return { ...expr, value: openPaths(expr.value, source) };
  if (expr.kind !== "logical") return expr;
  if (expr.op === "and") return { ...expr, operands: expr.operands.map((operand) => openPaths(operand, source)) };
  const isOpen = expr.operands.map((operand) => source.shapes.some((shape) => possible(operand, shape).canBeTrue));
  const kept = expr.operands.filter(
    ({ span }, i) =>
      isOpen[i] === true ||
      !expr.operands.some((other, j) => j !== i && (within(span, other.span) || within(other.span, span)) && (isOpen[j] === true || j < i)),
  );
  return kept.length === 1 ? openPaths(kept[0]!, source) : { ...expr, operands: kept.map((operand) => openPaths(operand, source)) };
}

function within(inner: Span, outer: Span): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

// ------------------------------------------------------------------------------------------ names of fields

/** A slip of the hand in a field of ECS. What else an integration sets is not known here. */
function misspelt(rule: RunnableRule): Finding[] {
  return (
    lint(
      [{ id: rule.key, query: rule.query, sources: [], indexPatterns: [], lookBackMs: null, intervalMs: null, suppressions: [] }],
      KNOWLEDGE,
    )
      .filter(({ code }) => code === "unknown-field")
      // Any event of Windows may have data of its own.
      .filter((finding) => closest(fieldOf(finding)) !== null && !fieldOf(finding).startsWith("winlog."))
      .map((finding) => ({ ...withSuggestion(finding), severity: "warning" }))
  );
}

/** The finding of an unknown field begins with it. */
const fieldOf = ({ message }: Finding): string => message.split(" ", 1)[0]!;

function withSuggestion(finding: Finding): Finding {
  const close = closest(fieldOf(finding));
  return close === null ? finding : { ...finding, message: `${finding.message} ${meant(close)}` };
}

/** Of the fields that differ in their last name alone, or else in their first: `process.naem`, `proces.name`. */
function closest(field: string): string | null {
  const at = field.lastIndexOf(".");
  const names = [...new Set([...knownFields(), ...[...ecsFields()].map(({ name }) => name)])];
  const siblings = names.filter((name) => name.lastIndexOf(".") === at && name.startsWith(field.slice(0, at + 1)));
  const [sibling] = similarNames(
    field.slice(at + 1),
    siblings.map((name) => name.slice(at + 1)),
  );
  if (sibling !== undefined) return `${field.slice(0, at + 1)}${sibling}`;
  const tail = field.slice(field.indexOf("."));
  const cousins = names.filter((name) => name.slice(name.indexOf(".")) === tail).map((name) => name.slice(0, name.indexOf(".")));
  const [cousin] = similarNames(field.slice(0, field.indexOf(".")), cousins);
  return cousin === undefined ? null : `${cousin}${tail}`;
}
