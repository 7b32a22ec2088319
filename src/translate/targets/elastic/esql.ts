/** ES|QL: events by `WHERE`; sequences as groups of events, which is wider. */
import { walk, type EventQuery, type Expr, type Folded, type Loss, type Query, type SequenceQuery } from "../../../eql/index.ts";
import { condition, type EsqlCondition } from "./esql-condition.ts";
import { esqlField, esqlSource } from "./esql-text.ts";
import { conditionOf } from "../../condition.ts";
import { fieldType } from "../../field-type.ts";
import { kibanaDocument, kibanaNdjson } from "./kibana-document.ts";
import { LossList } from "../../loss-list.ts";
import type { DeployFile, Platform, TranslationRequest, Translation } from "../../translation.ts";

export const esql = {
  title: "Elasticsearch ES|QL",
  extension: "esql",
  checked: "executed",
  withExceptions: true,
  translate: (request) => translateEsql(request),
} as const satisfies Platform;

function translateEsql(request: TranslationRequest): Translation {
  const losses = new LossList();
  const { query, metadata } = request;
  const from = `FROM ${metadata.indexPatterns.map(esqlSource).join(", ")}`;
  const lines = query.kind === "event" ? eventLines(query, from, request, losses.add) : groupLines(query, from, request, losses.add);
  if (lines === null) return { text: "", files: [], losses: losses.list };
  const text = `${lines.join("\n")}\n`;
  return { text, files: kibanaFiles(text, request), losses: losses.list };
}

/** The query as a rule of Kibana's; none where it groups events: an alert then has no event to show. */
function kibanaFiles(text: string, { query, metadata }: TranslationRequest): readonly DeployFile[] {
  if (query.kind !== "event") return [];
  const document = kibanaDocument(query, metadata, { type: "esql", language: "esql", query: text.trimEnd() }, () => {});
  return [{ name: `${metadata.id}.ndjson`, text: kibanaNdjson([document]) }];
}

function eventLines(query: EventQuery, from: string, { fields }: TranslationRequest, reportLoss: (loss: Loss) => void): string[] | null {
  const where = condition(conditionOf(query.filter), { fields, optional: optionalFields(query), search: true, reportLoss });
  if (where.kind === "lost") return null;
  const lines = [`${from} METADATA _id, _index, _version`];
  const text = whereText(where);
  if (text !== null) lines.push(`| WHERE ${indented(text)}`);
  for (const pipe of query.pipes) {
    const size = pipe.args[0]?.kind === "number" ? Number(pipe.args[0].value) : null;
    if ((pipe.name === "head" || pipe.name === "tail") && size !== null && size <= 10_000)
      lines.push(`| SORT @timestamp ${pipe.name === "head" ? "ASC" : "DESC"}`, `| LIMIT ${size}`);
    else
      reportLoss({
        effect: "wider",
        span: pipe.span,
        reason: `\`${pipe.name}\` is not translated to ES|QL and left out`,
        advice: "Write it by hand.",
      });
  }
  return lines;
}

/** Null where every event passes. */
function whereText(where: Folded<EsqlCondition> & { kind: "value" | "constant" }): string | null {
  if (where.kind === "value") return where.value.yes.text;
  return where.value ? null : "false";
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n    ");
}

function optionalFields(query: Query): ReadonlySet<string> {
  const names = new Set<string>();
  walk(query, (node) => {
    if (node.kind === "field" && (node as Expr & { optional?: boolean }).optional === true) names.add(node.name);
  });
  return names;
}

/**
 * The events of a sequence grouped by its keys: a group counts where each stage has an event, some event of a stage no later than
 * some event of the next. Every sequence is such a group; not every such group is a sequence.
 */
function groupLines(
  query: Exclude<Query, EventQuery>,
  from: string,
  request: TranslationRequest,
  reportLoss: (loss: Loss) => void,
): string[] | null {
  if (query.kind === "join") {
    reportLoss({ effect: "untranslatable", span: query.span, reason: "ES|QL has nothing like `join`", advice: null });
    return null;
  }
  const { fields } = request;
  for (const item of query.items)
    if (item.missing)
      reportLoss({
        effect: "wider",
        span: item.span,
        reason: "A group of events cannot tell that one is missing: `![..]` is left out",
        advice: null,
      });
  const stages = query.items.filter((item) => !item.missing);
  if (stages.length === 0 || stages.some((stage) => stage.by.length !== stages[0]!.by.length)) {
    reportLoss({ effect: "untranslatable", span: query.span, reason: "The events of the sequence have no keys in common", advice: null });
    return null;
  }
  const conditions = stages.map((stage) =>
    condition(conditionOf(stage.filter), { fields, optional: new Set(), search: false, reportLoss }),
  );
  if (conditions.some((one) => one.kind === "lost")) {
    reportLoss({
      effect: "untranslatable",
      span: query.span,
      reason: "An event of the sequence cannot be translated",
      advice: "Run it as EQL (the Kibana rule).",
    });
    return null;
  }
  loseOfGroups(query, reportLoss);
  const flags = conditions.map((one) => whereText(one as Folded<EsqlCondition> & { kind: "value" | "constant" }) ?? "true");
  const names = stages.map((_, at) => `stage_${at + 1}`);
  const lines = [
    from,
    `| EVAL ${flags.map((text, at) => `${names[at]!} = COALESCE(${text.replaceAll("\n", "\n        ")}, false)`).join(",\n       ")}`,
    `| WHERE ${names.join(" OR ")}`,
  ];
  const keys = keyLines(query, stages, names, fields, lines, reportLoss);
  const stats = names.flatMap((name) => [
    `${name}_events = COUNT(*) WHERE ${name}`,
    `${name}_first = MIN(@timestamp) WHERE ${name}`,
    `${name}_last = MAX(@timestamp) WHERE ${name}`,
  ]);
  lines.push(`| STATS ${stats.join(",\n        ")}${keys.length > 0 ? `\n      BY ${keys.join(", ")}` : ""}`);
  const tests = stages.map((stage, at) => `${names[at]!}_events >= ${stage.runs}`);
  if (query.kind === "sequence") for (let at = 1; at < stages.length; at++) tests.push(`${names[at - 1]!}_first <= ${names[at]!}_last`);
  lines.push(`| WHERE ${tests.join(" AND ")}`);
  return lines;
}

function loseOfGroups(query: SequenceQuery | Extract<Query, { kind: "sample" }>, reportLoss: (loss: Loss) => void): void {
  const ordered = query.items.filter((item) => !item.missing).reduce((sum, item) => sum + item.runs, 0) > 1;
  if (query.kind === "sequence") {
    if (query.until !== null)
      reportLoss({
        effect: "wider",
        span: query.until.span,
        reason: "A group of events does not end at one: `until` is left out",
        advice: null,
      });
    if (query.maxspan !== null)
      reportLoss({
        effect: "wider",
        span: query.maxspan.span,
        reason: "Events of a group may be further apart than `maxspan`, up to the whole time that is searched",
        advice: "Search little more than `maxspan` at a time.",
      });
    if (ordered)
      reportLoss({
        effect: "wider",
        span: query.span,
        reason: "Of each two stages some events are in order, not all of one sequence",
        advice: "Run it as EQL (the Kibana rule) for sequences as they are.",
      });
  } else if (query.items.length > 1)
    reportLoss({ effect: "wider", span: query.span, reason: "One event may count for several parts of the sample", advice: null });
  for (const pipe of query.pipes)
    reportLoss({ effect: "wider", span: pipe.span, reason: `\`${pipe.name}\` of sequences is left out`, advice: null });
}

/** Adds the lines that make the keys, and returns what to group by. */
function keyLines(
  query: SequenceQuery | Extract<Query, { kind: "sample" }>,
  stages: SequenceQuery["items"],
  names: readonly string[],
  fields: ReadonlyMap<string, string>,
  lines: string[],
  reportLoss: (loss: Loss) => void,
): string[] {
  const named = (field: string): string => esqlField(fields.get(field) ?? field);
  const keys = query.by.map(({ name }) => named(name));
  const needed = query.by.filter(({ optional }) => !optional).map(({ name }) => named(name));
  const own = stages[0]?.by.length ?? 0;
  const expanded: string[] = [];
  for (let at = 0; at < own; at++) {
    const parts = stages.map((stage) => stage.by[at]!);
    const key = `key_${at + 1}`;
    const mixed = new Set(parts.map(({ name }) => fieldType(name).mapping)).size > 1;
    const value = (of: string): string => (mixed ? `TO_STRING(${named(of)})` : named(of));
    keys.push(key);
    if (!parts.some(({ optional }) => optional)) needed.push(key);
    const cases = parts.slice(0, -1).map(({ name }, stage) => `${names[stage]!}, ${value(name)}`);
    const last = value(parts.at(-1)!.name);
    if (parts.every(({ name }) => name === parts[0]!.name)) lines.push(`| EVAL ${key} = ${last}`);
    else if (own === 1 && parts.length === 2) {
      // An event of both stages counts under both its keys.
      const [one, two] = parts.map(({ name }) => value(name)) as [string, string];
      lines.push(
        `| EVAL ${key} = CASE(${names[0]!} AND ${names[1]!}, MV_APPEND(COALESCE(${one}, ${two}), COALESCE(${two}, ${one})), ${names[0]!}, ${one}, ${two})`,
      );
      expanded.push(key);
    } else {
      lines.push(`| EVAL ${key} = CASE(${cases.join(", ")}, ${last})`);
      reportLoss({
        effect: "narrower",
        span: query.span,
        reason: "An event of several stages has the key of the first of them only",
        advice: null,
      });
    }
  }
  for (const key of expanded) lines.push(`| MV_EXPAND ${key}`);
  if (needed.length > 0) lines.push(`| WHERE ${needed.map((key) => `${key} IS NOT NULL`).join(" AND ")}`);
  return keys;
}
