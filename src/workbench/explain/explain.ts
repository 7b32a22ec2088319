/**
 * Why a rule matched an event, or did not: the tree of its condition with each node true, false or not present (`missing`), and the values seen.
 * For a sequence, the stages it reached and what it waited for.
 */
import {
  durationMillis,
  compileExpr,
  compileFilter,
  describeExpr,
  describeFilter,
  fieldAccess,
  type EventDocument,
  type EventFilter,
  type Expr,
  type FieldValue,
  type Query,
} from "../../eql/index.ts";
import { ecsSchema } from "../../catalog/index.ts";

/** As hunts run rules. */
const TYPED = { schema: ecsSchema() };

/** `missing`: the node is null, since a field it needs is not in the event. A condition that is null does not match. */
export type Truth = "true" | "false" | "missing";

export interface ExplainNode {
  /** The node's text in the query. */
  readonly text: string;
  /** What joins the children; `is` for a condition that has none. */
  readonly op: "and" | "or" | "not" | "is";
  readonly truth: Truth;
  /** The fields of a condition without children, and what the event holds of them (undefined: nothing). */
  readonly seen: readonly { readonly field: string; readonly value: FieldValue }[];
  readonly children: readonly ExplainNode[];
  /** The share of the node that holds, 0 to 1: 1 exactly when it is true. */
  readonly score: number;
}

export interface FilterExplanation {
  readonly matches: boolean;
  /** The category the filter asks for and what the event has; null for `any`. */
  readonly category: { readonly wanted: string; readonly seen: FieldValue; readonly holds: boolean } | null;
  readonly condition: ExplainNode;
  readonly score: number;
}

/** One stage of a sequence. */
export interface StageExplanation {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** No event may match it. */
  readonly missing: boolean;
  /** Places of the events (in the order given) that match the stage by themselves, whatever their keys. */
  readonly matching: readonly number[];
  /** Of the events that do not match the stage, the one that comes closest; null when there is no such event. */
  readonly nearest: { readonly event: number; readonly explanation: FilterExplanation } | null;
}

export type Explanation =
  | { readonly kind: "event"; readonly event: number; readonly explanation: FilterExplanation }
  | {
      readonly kind: "sequence";
      /** How many stages the best run of events reached, in order, with equal keys, within maxspan. */
      readonly reached: number;
      /** How many it takes: a stage counts as often as it must repeat, one that must not happen does not. */
      readonly needed: number;
      readonly stages: readonly StageExplanation[];
      /** The place in `stages` of the one that was waited for; null when the sequence is complete. */
      readonly stoppedAt: number | null;
      /** In a sentence each: what stood in the way at the stage that was waited for. Empty when the sequence is complete. */
      readonly waitedFor: readonly string[];
    };

/** Explains one filter against one event. `text` is the query the filter was parsed from; without it its parts are written anew. */
export function explainFilter(filter: EventFilter, text: string | null, event: EventDocument): FilterExplanation {
  const condition = explainExpr(filter.condition, text, event);
  const seen = fieldAccess("event.category")(event);
  const category = filter.category === null ? null : { wanted: filter.category.value, seen, holds: holds(seen, filter.category.value) };
  const categoryHolds = category === null || category.holds;
  return {
    matches: compileFilter(filter, TYPED)(event),
    category,
    condition,
    score: categoryHolds ? condition.score : condition.score * 0.5,
  };
}

/**
 * Explains a query against events in the order of time: an event query against the event that matches or comes closest, a
 * sequence against all of them. Null when there are no events, or the query is a sample or a join.
 */
export function explain(query: Query, text: string | null, events: readonly EventDocument[]): Explanation | null {
  if (events.length === 0) return null;
  if (query.kind === "event") {
    const nearest = nearestTo(query.filter, text, events, () => true)!;
    return { kind: "event", ...nearest };
  }
  if (query.kind !== "sequence") return null;
  const stages = query.items.map((item, i): StageExplanation => {
    const test = compileFilter(item.filter, TYPED);
    const matching: number[] = [];
    events.forEach((event, n) => {
      if (test(event)) matching.push(n);
    });
    const nearest = matching.length > 0 ? null : nearestTo(item.filter, text, events, () => true);
    return {
      number: i + 1,
      text: text === null ? describeFilter(item.filter) : sliceOf(item.filter.span, text),
      missing: item.missing,
      matching,
      nearest,
    };
  });
  return { kind: "sequence", ...progress(query, events, stages), stages };
}

function nearestTo(
  filter: EventFilter,
  text: string | null,
  events: readonly EventDocument[],
  take: (n: number) => boolean,
): { readonly event: number; readonly explanation: FilterExplanation } | null {
  let best: { readonly event: number; readonly explanation: FilterExplanation } | null = null;
  events.forEach((event, n) => {
    if (!take(n) || best?.explanation.matches === true) return;
    const explanation = explainFilter(filter, text, event);
    if (best === null || explanation.matches || explanation.score > best.explanation.score) best = { event: n, explanation };
  });
  return best;
}

// ---------------------------------------------------------------------------------------------- the tree

function explainExpr(expr: Expr, text: string | null, event: EventDocument): ExplainNode {
  const node = text === null ? describeExpr(expr) : sliceOf(expr.span, text);
  const truth = truthOf(expr, event);
  if (expr.kind === "logical") {
    const children = expr.operands.map((operand) => explainExpr(operand, text, event));
    const scores = children.map((child) => child.score);
    const score = expr.op === "and" ? scores.reduce((sum, s) => sum + s, 0) / scores.length : Math.max(...scores);
    return { text: node, op: expr.op, truth, seen: [], children, score: truth === "true" ? 1 : Math.min(score, 0.999) };
  }
  if (expr.kind === "not") {
    return { text: node, op: "not", truth, seen: [], children: [explainExpr(expr.value, text, event)], score: truth === "true" ? 1 : 0 };
  }
  const names = new Set<string>();
  fieldsOf(expr, names);
  const seen = [...names].map((field) => ({ field, value: fieldAccess(field)(event) }));
  // A field that is there with the wrong value is closer to a match than one that is not there at all.
  return { text: node, op: "is", truth, seen, children: [], score: truth === "true" ? 1 : truth === "false" ? 0.1 : 0 };
}

/** Arrays match by any value, as filters do; an expression's own value would be that of the first. */
function truthOf(expr: Expr, event: EventDocument): Truth {
  if (compileFilter({ span: expr.span, category: null, condition: expr }, TYPED)(event)) return "true";
  const names = new Set<string>();
  fieldsOf(expr, names);
  const absent = [...names].some((field) => fieldAccess(field)(event) === undefined);
  return absent && compileExpr(expr, TYPED)(event) === undefined ? "missing" : "false";
}

function fieldsOf(value: unknown, names: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) fieldsOf(item, names);
    return;
  }
  const node = value as { readonly kind?: unknown; readonly name?: unknown };
  if (node.kind === "field" && typeof node.name === "string") names.add(node.name);
  for (const child of Object.values(node)) fieldsOf(child, names);
}

function holds(value: FieldValue, wanted: string): boolean {
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

function sliceOf(span: { readonly from: number; readonly to: number }, text: string): string {
  return text.slice(span.from, span.to).replaceAll(/\s+/g, " ").trim();
}

// --------------------------------------------------------------------------------------------- sequences

type Sequence = Extract<Query, { readonly kind: "sequence" }>;

interface Run {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** Follows the stages that have no missing event, and says what the next one lacked. */
function progress(
  query: Sequence,
  events: readonly EventDocument[],
  stages: readonly StageExplanation[],
): Pick<Extract<Explanation, { readonly kind: "sequence" }>, "reached" | "needed" | "stoppedAt" | "waitedFor"> {
  const maxspan = query.maxspan === null ? Infinity : durationMillis(query.maxspan);
  const times = events.map((event) => Date.parse(textOf(fieldAccess("@timestamp")(event))));
  const needed = query.items.flatMap((item, i) => (item.missing ? [] : Array.from({ length: item.runs }, () => i)));
  let runs: readonly Run[] = [];
  for (let step = 0; step < needed.length; step++) {
    const stage = stages[needed[step]!]!;
    const by = [...query.by, ...query.items[needed[step]!]!.by];
    const keyOf = (n: number): string | null => {
      const values = by.map((field) => fieldAccess(field.name)(events[n]!));
      return values.some((value, i) => value === undefined && !by[i]!.optional)
        ? null
        : JSON.stringify(values.map((value) => (typeof value === "bigint" ? String(value) : (value ?? null))));
    };
    const next = stage.matching.flatMap((n): Run[] => {
      const key = keyOf(n);
      if (key === null) return [];
      if (step === 0) return [{ key, first: n, last: n }];
      return runs
        .filter((run) => run.key === key && n > run.last && times[n]! - times[run.first]! <= maxspan)
        .map((run) => ({ ...run, last: n }));
    });
    if (next.length === 0)
      return {
        reached: step,
        needed: needed.length,
        stoppedAt: needed[step]!,
        waitedFor: obstacles(
          stage,
          by.map((field) => field.name),
          runs,
          keyOf,
          times,
          maxspan,
          query,
        ),
      };
    runs = dedupe(next);
  }
  return { reached: needed.length, needed: needed.length, stoppedAt: null, waitedFor: [] };
}

/** For each key and last event, the run that began latest is the one that maxspan ends last. */
function dedupe(runs: readonly Run[]): readonly Run[] {
  const best = new Map<string, Run>();
  for (const run of runs) {
    const id = `${run.last} ${run.key}`;
    const known = best.get(id);
    if (known === undefined || run.first > known.first) best.set(id, run);
  }
  return [...best.values()];
}

function obstacles(
  stage: StageExplanation,
  by: readonly string[],
  runs: readonly Run[],
  keyOf: (n: number) => string | null,
  times: readonly number[],
  maxspan: number,
  query: Sequence,
): string[] {
  if (stage.matching.length === 0) return [`No event matches stage ${stage.number}: ${stage.text}`];
  const withKey = stage.matching.filter((n) => keyOf(n) !== null);
  if (withKey.length === 0) return [`Events match stage ${stage.number}, but none has all of ${by.join(", ")}`];
  const reasons: string[] = [];
  for (const run of runs.slice(0, 3)) {
    const same = withKey.filter((n) => keyOf(n) === run.key);
    const later = same.filter((n) => n > run.last);
    if (same.length === 0)
      reasons.push(
        `Stage ${stage.number} waits for ${keyText(by, run.key)}; the events that match it have ${withKey
          .slice(0, 2)
          .map((n) => keyText(by, keyOf(n)!))
          .join(" or ")}`,
      );
    else if (later.length === 0)
      reasons.push(`The event that matches stage ${stage.number} for ${keyText(by, run.key)} comes before the stage it should follow`);
    else {
      const late = times[later[0]!]! - times[run.first]!;
      reasons.push(
        `Stage ${stage.number} for ${keyText(by, run.key)} came ${seconds(late)} after the first event; maxspan is ${query.maxspan?.value ?? ""}${query.maxspan?.unit ?? ""} (${seconds(maxspan)})`,
      );
    }
  }
  return reasons;
}

function keyText(by: readonly string[], key: string): string {
  const values = JSON.parse(key) as unknown[];
  return by.map((field, i) => `${field} = ${JSON.stringify(values[i])}`).join(", ");
}

function seconds(ms: number): string {
  return `${Math.round(ms) / 1000} s`;
}

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : "";
}
