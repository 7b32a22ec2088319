/** Aggregations in the condition of a rule, of Sigma before 2 (`| count() by X > 5`, `| near other`), as the correlations that Sigma 2 has for them. */
import type { Span } from "../../eql/index.ts";
import type { Aggregation, Condition } from "../load/condition.ts";
import { detectionOf, type SigmaMetadata } from "../load/rule.ts";
import { entry, textOf, type MapNode } from "../load/yaml-node.ts";
import { SigmaError } from "../problem.ts";
import type { ServedLogSource } from "../taxonomy/log-source.ts";
import { parseTimespan, type Correlation, type CorrelationType, type Threshold } from "./correlation.ts";

/** A rule that has one. */
interface AggregatedRule {
  readonly head: SigmaMetadata;
  readonly document: MapNode;
  readonly source: ServedLogSource;
}

/** `| near ..` of a rule, by the keys of the rules that its selections became; they run for it alone. */
export interface NearDraft {
  readonly others: readonly { readonly key: string; readonly negated: boolean }[];
  readonly by: readonly string[];
  readonly span: Span;
}

const OLD_OPS: Readonly<Record<string, Threshold["op"]>> = { ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "=": "eq", "==": "eq" };
const OLD_FUNCTIONS: Readonly<Record<string, CorrelationType>> = { sum: "value_sum", avg: "value_avg" };

function timeframeOf(rule: AggregatedRule, span: Span): number {
  const timeframe = entry(detectionOf(rule.document), "timeframe")?.value;
  const timespanMs = parseTimespan(textOf(timeframe) ?? "");
  if (timespanMs === null) {
    throw new SigmaError(
      "sigma/bad-timespan",
      "The aggregation needs a `timeframe`",
      timeframe?.span.from ?? span.from,
      "Write it like `5m`, or as a correlation rule.",
    );
  }
  return timespanMs;
}

/** Selections of one rule near each other in time, each a rule of its own by now: Sigma 2's `temporal`. */
export function fromNear(rule: AggregatedRule, { others, by, span }: NearDraft): Correlation {
  const parts = [{ key: rule.head.key, negated: false }, ...others];
  const operands = parts.map(({ key, negated }): Condition => {
    const name: Condition = { kind: "name", name: key, span };
    return negated ? { kind: "not", operand: name, span } : name;
  });
  return {
    ...rule.head,
    key: `${rule.head.key}#aggregation`,
    type: "temporal",
    parts: parts.map(({ key }) => ({ ref: key, key, kind: "rule", groupBy: by.map((name) => rule.source.targets(name)), values: [] })),
    groupBy: by,
    timespanMs: timeframeOf(rule, span),
    thresholds: [],
    fields: [],
    percentile: 50,
    expression: others.some(({ negated }) => negated) ? { kind: "and", operands, span } : null,
    generate: false,
    silent: false,
    span,
  };
}

/** `| count() by X > 5`: counts, sums and averages. */
export function fromAggregation(rule: AggregatedRule, aggregation: Aggregation): Correlation {
  const timespanMs = timeframeOf(rule, aggregation.span);
  const type =
    aggregation.function === "count" ? (aggregation.field === null ? "event_count" : "value_count") : OLD_FUNCTIONS[aggregation.function];
  if (type === undefined) {
    throw new SigmaError(
      "sigma/old-aggregation",
      `\`${aggregation.function}()\` has no correlation that means the same`,
      aggregation.span.from,
      "Sigma 2 counts, sums and averages in correlation rules.",
    );
  }
  const fields = aggregation.field === null ? [] : [aggregation.field];
  return {
    ...rule.head,
    key: `${rule.head.key}#aggregation`,
    type,
    parts: [
      {
        ref: rule.head.key,
        key: rule.head.key,
        kind: "rule",
        groupBy: aggregation.by.map((name) => rule.source.targets(name)),
        values: fields.map((name) => rule.source.targets(name)),
      },
    ],
    groupBy: aggregation.by,
    timespanMs,
    thresholds: [{ op: OLD_OPS[aggregation.op]!, value: aggregation.value }],
    fields,
    percentile: 50,
    expression: null,
    generate: false,
    silent: false,
    span: aggregation.span,
  };
}
