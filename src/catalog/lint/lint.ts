/**
 * The linter: what a rule says against what its data sources can produce. It reads declarations (events of cases alone), so a clause that
 * cannot match is found before anybody is attacked.
 */
import type { EventShape } from "../../ecs/index.ts";
import {
  durationMillis,
  describeExpr,
  UNIT_MILLIS,
  type EventFilter,
  type Expr,
  type FieldExpr,
  type Query,
  type Span,
  walk,
} from "../../eql/index.ts";
import { LINT_CODES, type LintCode } from "./codes.ts";
import type { Finding } from "./finding.ts";
import { hollow } from "./hollow.ts";
import { implies } from "./implies.ts";
import type { LintRule, LintShape, LintSource } from "./lint-rule.ts";
import { admits, isSet, patternText, possible, type Reason } from "./possible.ts";

export interface LintKnowledge {
  /** Is the field in the schema, whether or not a source sets it? */
  readonly isKnownField: (field: string) => boolean;
}

export function lint(rules: readonly LintRule[], knowledge: LintKnowledge): Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const own: Finding[] = [];
    const report = (code: LintCode, span: Span, message: string, sources: readonly string[] = []): void => {
      // A key is one place, however many items it joins.
      if (own.some((f) => f.code === code && f.span.from === span.from && f.message === message)) return;
      const suppressed = rule.suppressions.find((s) => s.code === code)?.reason ?? null;
      own.push({ code, severity: LINT_CODES[code].severity, rule: rule.id, sources, span, message, suppressed });
    };
    const items = itemsOf(rule.query);
    for (const item of items) {
      deadClauses(rule, item, report);
      const idle = alwaysTrue(rule, item, report);
      negations(rule, item, idle, report);
      wording(rule, item, knowledge, report);
    }
    blindSources(rule, items, report);
    keys(rule, report);
    schedule(rule, report);
    indexes(rule, items, report);
    findings.push(...own);
  }
  overlaps(rules, findings);
  hollow(rules, (rule, code, message) => {
    const suppressed = rule.suppressions.find((s) => s.code === code)?.reason ?? null;
    findings.push({ code, severity: LINT_CODES[code].severity, rule: rule.id, sources: [], span: rule.query.span, message, suppressed });
  });
  unusedSuppressions(rules, findings);
  return findings;
}

type Report = (code: LintCode, span: Span, message: string, sources?: readonly string[]) => void;

interface Item {
  readonly filter: EventFilter;
  readonly by: readonly FieldExpr[];
  /** `![..]` and `until`: nothing has to match them. */
  readonly optional: boolean;
}

function itemsOf(query: Query): Item[] {
  if (query.kind === "event") return [{ filter: query.filter, by: [], optional: false }];
  const items: Item[] = query.items.map((item) => ({ filter: item.filter, by: [...query.by, ...item.by], optional: item.missing }));
  if (query.kind !== "sample" && query.until !== null)
    items.push({ filter: query.until.filter, by: [...query.by, ...query.until.by], optional: true });
  return items;
}

/** The shapes of a source on which the whole item can match. */
function live(item: Item, source: LintSource): LintShape[] {
  return source.shapes.filter((shape) => admits(item.filter, shape) && possible(item.filter.condition, shape).canBeTrue);
}

// ------------------------------------------------------------------------------------------ dead clauses

function deadClauses(rule: LintRule, item: Item, report: Report): void {
  const dead: Expr[] = [];
  // A `![..]` or `until` that cannot match is dead as a whole; that a required one cannot is `blind-source`.
  const whole = item.optional ? [item.filter.condition] : [];
  for (const clause of [...whole, ...clausesOf(item.filter.condition)]) {
    if (dead.some((d) => d.span.from <= clause.span.from && clause.span.to <= d.span.to)) continue;
    const fates = rule.sources.map((source) => ({ source, why: whyDead(clause, item.filter, source) }));
    if (fates.length === 0 || fates.some((fate) => fate.why === null)) continue;
    dead.push(clause);
    for (const { source, why } of fates)
      report("dead-clause", clause.span, `On ${source.title} this clause can never match: ${why}.`, [source.id]);
  }
}

/** The alternatives of every `or`, outermost first; a clause inside a dead one is not looked at again. */
function clausesOf(condition: Expr): Expr[] {
  if (condition.kind !== "logical") return [];
  if (condition.op === "and") return condition.operands.flatMap(clausesOf);
  return condition.operands.flatMap((operand) => [operand, ...clausesOf(operand)]);
}

/** A sentence without its end, or null when some event of the source can satisfy the clause. */
function whyDead(clause: Expr, filter: EventFilter, source: LintSource): string | null {
  let nearest: readonly Reason[] | null = null;
  let nearestShape: EventShape | null = null;
  for (const shape of source.shapes) {
    if (!admits(filter, shape)) continue;
    const outcome = possible(clause, shape);
    if (outcome.canBeTrue) return null;
    if (nearest === null || distance(outcome.reasons) < distance(nearest)) {
      nearest = outcome.reasons;
      nearestShape = shape;
    }
  }
  if (nearest === null || nearestShape === null)
    return filter.category === null ? "it produces no events" : `it has no ${filter.category.value} events`;
  return `${explain(nearest)} (nearest: ${nearestShape.title})`;
}

/** An event of another category is further away than one that lacks a field. */
function distance(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, reason) => sum + (reason.field === "event.category" ? 100 : 1), 0);
}

function explain(reasons: readonly Reason[]): string {
  const absent = [...new Set(reasons.filter((r) => r.kind === "absent").map((r) => r.field))];
  const values = reasons.filter((r) => r.kind === "value");
  const parts: string[] = [];
  for (const { field, asked, set } of values) parts.push(`${field} is ${orList(set)} there, never ${orList(asked)}`);
  if (absent.length > 0) parts.push(`${andList(absent)} ${absent.length === 1 ? "is" : "are"} never set on these events`);
  return parts.length === 0 ? "no value satisfies it" : parts.join(", and ");
}

/** One required item that no event of the source satisfies is enough: the sequence never completes. */
function blindSources(rule: LintRule, items: readonly Item[], report: Report): void {
  for (const source of rule.sources) {
    const blocked = items.find((item) => !item.optional && live(item, source).length === 0);
    if (blocked === undefined) continue;
    const why = whyDead(blocked.filter.condition, blocked.filter, source);
    const span = rule.query.kind === "event" ? rule.query.span : blocked.filter.span;
    report("blind-source", span, `${source.title} can never satisfy the rule: ${why ?? "no event of it does"}.`, [source.id]);
  }
}

// ------------------------------------------------------------------------------------- clauses that do nothing

/** The clauses that do nothing. */
function alwaysTrue(rule: LintRule, item: Item, report: Report): ReadonlySet<Expr> {
  const idle = new Set<Expr>();
  for (const operand of conjuncts(item.filter.condition)) {
    if (operand.kind === "boolean" ? !operand.value : operand === item.filter.condition || rule.sources.length === 0) continue;
    if (saysCategory(operand, item.filter)) {
      report("always-true", operand.span, `\`${describeExpr(operand)}\` only repeats \`${item.filter.category!.value} where\`.`);
      continue;
    }
    const shapes = rule.sources.flatMap((source) => live(item, source));
    if (shapes.length > 0 && shapes.every((shape) => !possible(operand, shape).canBeFalse)) {
      report("always-true", operand.span, `\`${describeExpr(operand)}\` is true of every event the rule's data sources produce.`);
      idle.add(operand);
    }
  }
  return idle;
}

function saysCategory(expr: Expr, filter: EventFilter): boolean {
  return (
    filter.category !== null &&
    expr.kind === "comparison" &&
    expr.op === "==" &&
    expr.left.kind === "field" &&
    expr.left.name === "event.category" &&
    expr.right.kind === "string" &&
    expr.right.value === filter.category.value
  );
}

function conjuncts(expr: Expr): Expr[] {
  return expr.kind === "logical" && expr.op === "and" ? expr.operands.flatMap(conjuncts) : [expr];
}

/** The subject of a negated predicate: `not f : "x"`, `f != "x"`, `f not in (..)`. */
function negated(expr: Expr): FieldExpr[] {
  if (expr.kind === "not") return subjects(expr.value);
  if (expr.kind === "comparison" && expr.op === "!=" && expr.right.kind !== "null") return subjects(expr.left);
  if (expr.kind === "in" && expr.negated) return subjects(expr.value);
  return [];
}

function subjects(expr: Expr): FieldExpr[] {
  switch (expr.kind) {
    case "field":
      return [expr];
    case "match":
    case "in":
      return subjects(expr.value);
    case "comparison":
      return expr.right.kind === "null" || expr.left.kind === "null" ? [] : [...subjects(expr.left), ...subjects(expr.right)];
    case "call":
      return expr.args.flatMap(subjects);
    case "logical":
      return expr.operands.flatMap(subjects);
    default:
      return [];
  }
}

function negations(rule: LintRule, item: Item, idle: ReadonlySet<Expr>, report: Report): void {
  const all = conjuncts(item.filter.condition);
  if (
    all.every((part) => negated(part).length > 0 || (part.kind === "comparison" && part.op === "==" && part.right.kind === "null")) &&
    item.filter.category === null
  ) {
    report("no-anchor", item.filter.span, "Nothing in the condition has to be present, so every event without these values matches.");
  }
  const demanded = new Set(
    all
      .filter((part) => negated(part).length === 0)
      .flatMap((part) => (part.kind === "logical" && part.op === "or" ? [] : subjectsOrExists(part)))
      .map((f) => f.name),
  );
  for (const part of all) {
    if (idle.has(part)) continue;
    for (const field of negated(part)) {
      if (demanded.has(field.name)) continue;
      const passing = rule.sources.filter((source) => {
        const shapes = live(item, source);
        return shapes.some((shape) => !isSet(field.name, shape));
      });
      if (passing.length === 0) continue;
      const message = `${andList(passing.map((s) => s.title))} ${passing.length === 1 ? "produces" : "produce"} events without ${field.name}; they pass \`${describeExpr(part)}\` unfiltered.`;
      report(
        "negation-passes-missing",
        part.span,
        message,
        passing.map((s) => s.id),
      );
    }
  }
}

function subjectsOrExists(expr: Expr): FieldExpr[] {
  if (expr.kind === "comparison" && expr.op === "!=" && expr.right.kind === "null" && expr.left.kind === "field") return [expr.left];
  return subjects(expr);
}

// ------------------------------------------------------------------------------------------------- wording

/** Windows compares these without case; a case-sensitive test of them is a hole. */
const CASELESS =
  /(^|\.)(name|executable|path|args|command_line|title|original_file_name|extension|directory|working_directory|domain|key|value|hive|ServiceName|ImagePath|ServiceFileName|ShareName|RelativeTargetName|SubjectUserName|TargetUserName|hostname|computer_name)$/;
const EXACT = /^(event|rule|threat|log|ecs|agent|data_stream|dns\.question\.type|host\.os|process\.(code_signature|hash))\b/;

function wording(rule: LintRule, item: Item, knowledge: LintKnowledge, report: Report): void {
  walk(item.filter.condition, (node) => {
    if (node.kind === "match" && node.op !== "regex") {
      for (const pattern of node.patterns) {
        if (pattern.kind !== "wildcard" || !isBroad(pattern.parts)) continue;
        report(
          "broad-wildcard",
          pattern.span,
          `\`${patternText(pattern)}\` matches far more than the word it means: ${overmatch(patternText(pattern))}`,
        );
      }
    }
    const sensitive =
      (node.kind === "comparison" && (node.op === "==" || node.op === "!=") && hasLetters([node.right])) ||
      (node.kind === "in" && !node.insensitive && hasLetters(node.list)) ||
      (node.kind === "match" && node.op === "like" && !node.insensitive && node.patterns.some((p) => /\p{L}/u.test(patternText(p))));
    if (sensitive) {
      const subject = node.kind === "comparison" ? node.left : node.value;
      if (subject.kind === "field" && CASELESS.test(subject.name) && !EXACT.test(subject.name)) {
        report(
          "case-sensitive",
          node.span,
          `${subject.name} is compared with its case, and Windows does not care about case: write \`:\`, \`in~\` or \`like~\`.`,
        );
      }
    }
    if (node.kind === "field") {
      sysmonUser(node, rule, item, report);
      const known =
        knowledge.isKnownField(node.name) || rule.sources.some((source) => source.shapes.some((shape) => isSet(node.name, shape)));
      if (!known)
        report("unknown-field", node.span, `${node.name} is not in the Elastic Common Schema and no data source of the rule sets it.`);
    }
  });
}

function sysmonUser(field: FieldExpr, rule: LintRule, item: Item, report: Report): void {
  if (field.name !== "user.id") return;
  const through = rule.sources.filter((source) =>
    live(item, source).some((shape) => shape.telemetry === "sysmon" && isSet(field.name, shape)),
  );
  if (through.length === 0) return;
  report(
    "sysmon-user-id",
    field.span,
    `On Sysmon's events user.id is always S-1-5-18, the account of the Sysmon service, never who acted.`,
    through.map((source) => source.id),
  );
}

function hasLetters(items: readonly Expr[]): boolean {
  return items.some((item) => item.kind === "string" && /\p{L}/u.test(item.value));
}

/** `*x*` with up to three characters and no boundary in them. */
function isBroad(parts: readonly { readonly kind: string; readonly text?: string }[]): boolean {
  if (parts.length !== 3 || parts[0]!.kind !== "any" || parts[2]!.kind !== "any" || parts[1]!.kind !== "literal") return false;
  const text = parts[1]!.text ?? "";
  return [...text].length <= 3 && !/[\s\\/"'=:.;,|<>-]/.test(text);
}

function overmatch(pattern: string): string {
  const core = pattern.replaceAll("*", "");
  return core.endsWith("$")
    ? `any name that ends in \`${core}\`, such as \`\\\\fs01\\Publi${core.toLowerCase()}\`.`
    : `any word that contains \`${core}\`.`;
}

// -------------------------------------------------------------------------------- sequences, schedule, indexes

function keys(rule: LintRule, report: Report): void {
  if (rule.query.kind === "event") return;
  for (const item of itemsOf(rule.query)) {
    for (const key of item.by) {
      sysmonUser(key, rule, item, report);
      if (key.optional) continue;
      for (const source of rule.sources) {
        const shapes = live(item, source);
        if (shapes.length > 0 && shapes.every((shape) => !isSet(key.name, shape))) {
          report("key-absent", key.span, `${source.title} never sets ${key.name} on these events, so they take no part in the sequence.`, [
            source.id,
          ]);
        }
      }
    }
  }
}

function schedule(rule: LintRule, report: Report): void {
  if (rule.query.kind !== "sequence" || rule.query.maxspan === null || rule.lookBackMs === null) return;
  const span = durationMillis(rule.query.maxspan);
  // A sequence that ends just after a run is looked for an interval later, and must still begin within what is searched then.
  const needed = span + (rule.intervalMs ?? 0);
  if (needed <= rule.lookBackMs) return;
  const { value, unit } = rule.query.maxspan;
  const runs = rule.intervalMs === null ? "" : ` every ${rule.intervalMs / UNIT_MILLIS.m} minutes`;
  const why =
    span > rule.lookBackMs
      ? ""
      : `, so some that take longer than ${(rule.lookBackMs - rule.intervalMs!) / UNIT_MILLIS.m} minutes are missed`;
  report(
    "lookback-too-short",
    rule.query.maxspan.span,
    `A sequence may take ${value}${unit}, and the rule looks back only ${rule.lookBackMs / UNIT_MILLIS.m} minutes${runs}${why}.`,
  );
}

function indexes(rule: LintRule, items: readonly Item[], report: Report): void {
  if (rule.indexPatterns.length === 0) return;
  for (const source of rule.sources) {
    if (source.indexPatterns.length === 0 || items.every((item) => live(item, source).length === 0)) continue;
    if (source.indexPatterns.some((stored) => rule.indexPatterns.some((searched) => indexCovers(searched, stored)))) continue;
    report(
      "missing-index-pattern",
      rule.query.span,
      `${source.title} is stored in ${orList(source.indexPatterns)}, and the rule searches only ${andList(rule.indexPatterns)}.`,
      [source.id],
    );
  }
}

/** `logs-*` covers `logs-system.security-*`: the stored pattern, stars and all, is matched as a text. */
function indexCovers(searched: string, stored: string): boolean {
  const [head = "", ...rest] = searched.split("*");
  if (rest.length === 0) return searched === stored;
  if (!stored.startsWith(head)) return false;
  let at = head.length;
  const tail = rest.pop()!;
  for (const piece of rest) {
    const found = stored.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return stored.length - tail.length >= at && stored.endsWith(tail);
}

// --------------------------------------------------------------------------------------------- rule against rule

function overlaps(rules: readonly LintRule[], findings: Finding[]): void {
  const conditions = new Map(rules.flatMap((rule) => (rule.query.kind === "event" ? [[rule, whole(rule.query.filter)] as const] : [])));
  for (const [rule, condition] of conditions) {
    for (const [other, wider] of conditions) {
      if (rule === other || !implies(condition, wider)) continue;
      const both = implies(wider, condition);
      if (both && rule.id > other.id) continue;
      const code: LintCode = both ? "duplicate-rule" : "subsumed-rule";
      // It is about two rules, and either may say why.
      const suppressed = [...rule.suppressions, ...other.suppressions].find((s) => s.code === code)?.reason ?? null;
      findings.push({
        code,
        severity: LINT_CODES[code].severity,
        rule: rule.id,
        other: other.id,
        sources: [],
        span: rule.query.span,
        message: both ? `${rule.id} and ${other.id} ask the same.` : `Every event of ${rule.id} is an event of ${other.id}.`,
        suppressed,
      });
    }
  }
}

/** The condition with what `category where` adds to it. */
function whole(filter: EventFilter): Expr {
  const { category, condition, span } = filter;
  if (category === null) return condition;
  const field: Expr = { kind: "field", span, name: "event.category", optional: false, index: null };
  const value: Expr = { kind: "string", span, value: category.value, form: "quoted" };
  const pinned: Expr = { kind: "comparison", span, op: "==", left: field, right: value };
  return { kind: "logical", span, op: "and", operands: [pinned, ...conjuncts(condition)] };
}

function unusedSuppressions(rules: readonly LintRule[], findings: Finding[]): void {
  for (const rule of rules) {
    for (const { code } of rule.suppressions) {
      if (findings.some((f) => (f.rule === rule.id || f.other === rule.id) && f.code === code)) continue;
      findings.push({
        code: "unused-suppression",
        severity: LINT_CODES["unused-suppression"].severity,
        rule: rule.id,
        sources: [],
        span: rule.query.span,
        message: `${rule.id} suppresses ${code}, which the linter does not find in it.`,
        suppressed: null,
      });
    }
  }
}

// ---------------------------------------------------------------------------------------------------- words

function orList(items: readonly string[]): string {
  return listOf(items, "or");
}

function andList(items: readonly string[]): string {
  return listOf(items, "and");
}

function listOf(items: readonly string[], word: string): string {
  if (items.length === 0) return "nothing";
  if (items.length === 1) return items[0]!;
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}
