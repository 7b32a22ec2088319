/** Sigma correlations as data: several rules' events counted, or seen together. `correlate.ts` runs them. */
import { UNIT_MILLIS, type Span } from "../../eql/index.ts";
import { parseCondition, type Condition } from "../load/condition.ts";
import type { SigmaMetadata } from "../load/rule.ts";
import { SigmaError } from "../problem.ts";
import type { FieldMapping } from "../taxonomy/taxonomy.ts";
import { entry, textOf, textsOf, type MapNode } from "../load/yaml-node.ts";

export const CORRELATION_TYPES = [
  "event_count",
  "value_count",
  "value_sum",
  "value_avg",
  "value_percentile",
  "value_median",
  "temporal",
  "temporal_ordered",
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

/** One bound; several must all hold. */
export interface Threshold {
  readonly op: "gt" | "gte" | "lt" | "lte" | "eq" | "neq";
  readonly value: number;
}

/** A rule or correlation that a correlation is made of. */
export interface CorrelationPart {
  /** As written: an id or a name. */
  readonly ref: string;
  /** The `key` of what it refers to. */
  readonly key: string;
  readonly kind: "rule" | "correlation";
  /** Of each group-by entry: where its value is found on the part's events. Empty for a part that is a correlation: it is found on its group. */
  readonly groupBy: readonly (readonly FieldMapping[])[];
  /** Of the `field` of a value correlation. */
  readonly values: readonly (readonly FieldMapping[])[];
}

/** What a correlation says itself, whatever its parts turn out to be. */
interface CorrelationSettings {
  readonly type: CorrelationType;
  /** As written: Sigma names or aliases. */
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly thresholds: readonly Threshold[];
  /** Sigma names of the fields whose values are counted. */
  readonly fields: readonly string[];
  /** 0 to 100, of `value_percentile`. */
  readonly percentile: number;
  /** `temporal` with a condition over its rules; null: all of them. */
  readonly expression: Condition | null;
  /** The parts make alerts of their own as well. */
  readonly generate: boolean;
  readonly span: Span;
}

export interface Correlation extends SigmaMetadata, CorrelationSettings {
  readonly parts: readonly CorrelationPart[];
  /** Alerts come from a correlation of this one. */
  readonly silent: boolean;
}

/** A correlation as read, before its parts are looked up. */
export interface CorrelationDraft extends CorrelationSettings {
  readonly head: SigmaMetadata;
  readonly refs: readonly { readonly ref: string; readonly span: Span }[];
  /** Alias, then the rule as referred to, then the field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const TIMESPAN_MILLIS: Readonly<Record<string, number>> = {
  ...UNIT_MILLIS,
  w: 7 * UNIT_MILLIS.d,
  M: 30 * UNIT_MILLIS.d,
  y: 365 * UNIT_MILLIS.d,
};
const OPS: readonly Threshold["op"][] = ["gt", "gte", "lt", "lte", "eq", "neq"];
const VALUE_TYPES: ReadonlySet<CorrelationType> = new Set(["value_count", "value_sum", "value_avg", "value_percentile", "value_median"]);

/** `5m`, `1h`, `30d`; a month is 30 days, a year 365. */
export function parseTimespan(text: string): number | null {
  const found = /^\s*(\d{1,9})\s*([smhdwMy])\s*$/.exec(text);
  if (found === null) return null;
  const value = Number(found[1]) * TIMESPAN_MILLIS[found[2]!]!;
  return value > 0 ? value : null;
}

export function readCorrelation(document: MapNode, head: SigmaMetadata): CorrelationDraft {
  const body = entry(document, "correlation")!.value;
  if (body.kind !== "map")
    throw new SigmaError("sigma/bad-correlation", "`correlation` has to say type, rules and timespan", body.span.from);
  const typeNode = entry(body, "type")?.value;
  const type = textOf(typeNode)?.toLowerCase() ?? "";
  if (!(CORRELATION_TYPES as readonly string[]).includes(type)) {
    throw new SigmaError(
      "sigma/bad-correlation",
      type === "" ? "The correlation has no `type`" : `There is no correlation \`${type}\``,
      (typeNode ?? body).span.from,
      `Sigma has ${CORRELATION_TYPES.join(", ")}.`,
    );
  }
  const known = type as CorrelationType;
  const refs = refsOf(body);
  const timespanNode = entry(body, "timespan")?.value;
  const timespanMs = parseTimespan(textOf(timespanNode) ?? "");
  if (timespanMs === null) {
    throw new SigmaError(
      "sigma/bad-timespan",
      timespanNode === undefined ? "The correlation has no `timespan`" : "This is no timespan",
      (timespanNode ?? body).span.from,
      "Write it like `30s`, `5m`, `1h` or `7d`.",
    );
  }
  const { thresholds, fields, percentile, expression } = readCondition(body, known);
  return {
    head,
    type: known,
    refs,
    groupBy: textsOf(entry(body, "group-by")?.value),
    aliases: aliasesOf(body),
    timespanMs,
    thresholds,
    fields,
    percentile,
    expression,
    generate: booleanAt(body, "generate") ?? booleanAt(document, "generate") ?? false,
    span: body.span,
  };
}

function refsOf(body: MapNode): { ref: string; span: Span }[] {
  const found = entry(body, "rules");
  if (found === undefined) throw new SigmaError("sigma/bad-correlation", "The correlation has no `rules`", body.span.from);
  const nodes = found.value.kind === "list" ? found.value.items : [found.value];
  const refs = nodes.map((node) => {
    const ref = textOf(node);
    if (ref === undefined) throw new SigmaError("sigma/bad-correlation", "A rule is referred to by its id or name", node.span.from);
    return { ref, span: node.span };
  });
  if (refs.length === 0) throw new SigmaError("sigma/bad-correlation", "The correlation names no rules", found.value.span.from);
  return refs;
}

function badAlias(at: number): SigmaError {
  return new SigmaError(
    "sigma/bad-correlation",
    "An alias says per rule which field it means",
    at,
    "aliases: {alias: {rule_name: FieldName}}",
  );
}

function aliasesOf(body: MapNode): Map<string, ReadonlyMap<string, string>> {
  const out = new Map<string, ReadonlyMap<string, string>>();
  const found = entry(body, "aliases")?.value;
  if (found === undefined) return out;
  if (found.kind !== "map") throw badAlias(found.span.from);
  for (const alias of found.entries) {
    if (alias.value.kind !== "map") throw badAlias(alias.value.span.from);
    const fields = new Map<string, string>();
    for (const { key, value } of alias.value.entries) {
      const name = textOf(value);
      if (name === undefined) throw badAlias(value.span.from);
      fields.set(key, name);
    }
    out.set(alias.key, fields);
  }
  return out;
}

function booleanAt(map: MapNode, key: string): boolean | undefined {
  const found = entry(map, key)?.value;
  return found?.kind === "scalar" && typeof found.value === "boolean" ? found.value : undefined;
}

interface ReadCondition {
  readonly thresholds: readonly Threshold[];
  readonly fields: readonly string[];
  readonly percentile: number;
  readonly expression: Condition | null;
}

function readCondition(body: MapNode, type: CorrelationType): ReadCondition {
  const found = entry(body, "condition")?.value;
  const temporal = type === "temporal" || type === "temporal_ordered";
  const none: ReadCondition = { thresholds: [], fields: [], percentile: 50, expression: null };
  if (found === undefined) {
    if (temporal) return none;
    throw new SigmaError("sigma/bad-correlation", `\`${type}\` needs a condition`, body.span.from, "condition: {gte: 10}");
  }
  if (found.kind === "scalar" && typeof found.value === "string") {
    if (type !== "temporal")
      throw new SigmaError("sigma/bad-correlation", `The condition of \`${type}\` is a map`, found.span.from, "condition: {gte: 10}");
    return { ...none, expression: parseCondition(found.value, found).condition };
  }
  if (found.kind !== "map")
    throw new SigmaError("sigma/bad-correlation", "The condition is a map of bounds", found.span.from, "condition: {gte: 10}");
  const thresholds: Threshold[] = [];
  for (const { key, keySpan, value } of found.entries) {
    if (key === "field" || key === "percentile") continue;
    if (!(OPS as readonly string[]).includes(key))
      throw new SigmaError("sigma/bad-correlation", `There is no bound \`${key}\``, keySpan.from, `Sigma has ${OPS.join(", ")}.`);
    const number = value.kind === "scalar" ? Number(value.value) : Number.NaN;
    if (value.kind !== "scalar" || value.value === null || value.value === "" || !Number.isFinite(number)) {
      throw new SigmaError("sigma/bad-correlation", `\`${key}\` needs a number`, value.span.from);
    }
    thresholds.push({ op: key as Threshold["op"], value: number });
  }
  if (thresholds.length === 0)
    throw new SigmaError("sigma/bad-correlation", "The condition has no bound", found.span.from, "condition: {gte: 10}");
  const fields = textsOf(entry(found, "field")?.value);
  if (VALUE_TYPES.has(type) && fields.length === 0)
    throw new SigmaError(
      "sigma/bad-correlation",
      `\`${type}\` needs a \`field\``,
      found.span.from,
      "condition: {field: TargetUserName, gte: 10}",
    );
  if (fields.length > 1 && type !== "value_count")
    throw new SigmaError("sigma/bad-correlation", `\`${type}\` takes one field`, entry(found, "field")!.value.span.from);
  const percentileNode = entry(found, "percentile")?.value;
  const percentile = percentileNode?.kind === "scalar" ? Number(percentileNode.value) : 50;
  if (!(percentile >= 0 && percentile <= 100))
    throw new SigmaError("sigma/bad-correlation", "A percentile is a number from 0 to 100", percentileNode!.span.from);
  if (type === "value_percentile" && percentileNode === undefined) {
    throw new SigmaError(
      "sigma/bad-correlation",
      "`value_percentile` needs a `percentile`",
      found.span.from,
      "condition: {field: Bytes, percentile: 95, gte: 10}",
    );
  }
  return { thresholds, fields, percentile, expression: null };
}
