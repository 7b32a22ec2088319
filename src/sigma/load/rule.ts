/** One Sigma rule of events. */
import type { EventQuery, Expr, SourceLocation, Span } from "../../eql/index.ts";
import { namesOf, type Aggregation, type Condition, type ParsedCondition } from "./condition.ts";
import { selectionExpr, type DetectionContext } from "./detection.ts";
import type { Detection } from "./selection.ts";
import { all, any, not } from "../expr.ts";
import { logSourceKey, type LogSourceName, type ServedLogSource } from "../taxonomy/log-source.ts";
import { SigmaError } from "../problem.ts";
import { entry, textOf, textsOf, type MapNode, type YamlNode } from "./yaml-node.ts";

export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];
export const STATUSES = ["stable", "test", "experimental", "deprecated", "unsupported"] as const;
export type Status = (typeof STATUSES)[number];

/** What rules, correlations and filters say of themselves. */
export interface SigmaMetadata {
  /** Unique in the collection: the id, else the name, else file and number. Other rules refer to it. */
  readonly key: string;
  /** null where the rule gives none. */
  readonly id: string | null;
  readonly name: string | null;
  readonly title: string;
  readonly description: string;
  readonly level: Level | null;
  readonly status: Status | null;
  readonly author: string | null;
  /** `2026-01-31`, as written. */
  readonly date: string | null;
  readonly modified: string | null;
  readonly license: string | null;
  /** `attack.t1021.002`, lower case. */
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  /** Fields worth showing, by their Sigma names. */
  readonly fields: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: string }[];
  readonly place: SourceLocation;
}

export interface SigmaRule extends SigmaMetadata {
  readonly logsource: LogSourceName;
  /** The rule as the engine runs it: the log source's condition and the rule's own. Of profile `tocsin`; spans are of the file's text. */
  readonly query: EventQuery;
  /** Alerts come from its correlations, not from the rule itself. */
  readonly silent: boolean;
  /** Titles of the filters that were attached. */
  readonly filters: readonly string[];
  /** Sigma names of the fields that the detection mentions. */
  readonly usedFields: readonly string[];
}

export function readHead(document: MapNode, number: number, place: SourceLocation): SigmaMetadata {
  const id = text(document, "id");
  const name = text(document, "name");
  const title = text(document, "title");
  if (title === null || title.trim() === "") throw new SigmaError("sigma/no-title", "The rule has no title", document.span.from);
  const level = text(document, "level")?.toLowerCase() ?? null;
  if (level !== null && !(LEVELS as readonly string[]).includes(level)) {
    throw new SigmaError(
      "sigma/bad-level",
      `There is no level \`${level}\``,
      entry(document, "level")!.value.span.from,
      `Sigma has ${LEVELS.join(", ")}.`,
    );
  }
  const status = text(document, "status")?.toLowerCase() ?? null;
  if (status !== null && !(STATUSES as readonly string[]).includes(status)) {
    throw new SigmaError(
      "sigma/bad-status",
      `There is no status \`${status}\``,
      entry(document, "status")!.value.span.from,
      `Sigma has ${STATUSES.join(", ")}.`,
    );
  }
  return {
    key: id ?? name ?? `${place.file}#${number}`,
    id,
    name,
    title,
    description: text(document, "description") ?? "",
    level: level as Level | null,
    status: status as Status | null,
    author: text(document, "author"),
    date: text(document, "date"),
    modified: text(document, "modified"),
    license: text(document, "license"),
    tags: textsOf(entry(document, "tags")?.value).map((tag) => tag.toLowerCase()),
    references: textsOf(entry(document, "references")?.value),
    falsepositives: textsOf(entry(document, "falsepositives")?.value),
    fields: textsOf(entry(document, "fields")?.value),
    related: relatedOf(entry(document, "related")?.value),
    place,
  };
}

function text(document: MapNode, key: string): string | null {
  return textOf(entry(document, key)?.value) ?? null;
}

function relatedOf(node: YamlNode | undefined): { id: string; type: string }[] {
  if (node?.kind !== "list") return [];
  return node.items.flatMap((item) => {
    const id = item.kind === "map" ? textOf(entry(item, "id")?.value) : undefined;
    const type = item.kind === "map" ? textOf(entry(item, "type")?.value) : undefined;
    return id === undefined ? [] : [{ id, type: type ?? "" }];
  });
}

export function readLogSource(document: MapNode): LogSourceName {
  const found = entry(document, "logsource");
  if (found === undefined) throw new SigmaError("sigma/no-log-source", "The rule has no `logsource`", document.span.from);
  if (found.value.kind !== "map")
    throw new SigmaError("sigma/no-log-source", "`logsource` has to say product, category or service", found.value.span.from);
  const name = { product: text(found.value, "product"), category: text(found.value, "category"), service: text(found.value, "service") };
  if (logSourceKey(name) === "(none)") {
    throw new SigmaError(
      "sigma/no-log-source",
      "`logsource` has neither product, nor category, nor service",
      found.value.span.from,
      "Without one the rule would run on every event there is.",
    );
  }
  return name;
}

export function detectionOf(document: MapNode, key = "detection"): MapNode {
  const found = entry(document, key);
  if (found === undefined) throw new SigmaError("sigma/no-detection", `The rule has no \`${key}\``, document.span.from);
  if (found.value.kind !== "map")
    throw new SigmaError("sigma/no-detection", `\`${key}\` has to hold selections and a condition`, found.value.span.from);
  return found.value;
}

/** `| near ..` with its selections filled in. */
export interface NearExpr {
  readonly others: readonly { readonly condition: Expr; readonly negated: boolean }[];
  readonly by: readonly string[];
  readonly span: Span;
}

export interface DetectionExpr {
  readonly condition: Expr;
  readonly aggregation: Aggregation | null;
  readonly near: NearExpr | null;
  /** Selections that the condition does not mention. */
  readonly unused: readonly string[];
}

/** The condition of a `detection` with its selections filled in. */
export function detectionExpr({ selections, conditions, added, span }: Detection, context: DetectionContext): DetectionExpr {
  const names = [...selections.keys()];
  const made = new Map<string, Expr | null>();
  const selection = (name: string, at: Span): Expr | null => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const found = selections.get(name);
    if (found === undefined) {
      throw new SigmaError(
        "sigma/unknown-selection",
        `There is no selection \`${name}\``,
        at.from,
        names.length === 0 ? null : `The rule has ${names.join(", ")}.`,
      );
    }
    const expr = found === null ? null : selectionExpr(found, context);
    made.set(name, expr);
    return expr;
  };
  /** null where nothing is left of what the condition asks for. */
  const fill = (condition: Condition): Expr | null => {
    switch (condition.kind) {
      case "name":
        return selection(condition.name, condition.span);
      case "not": {
        const operand = fill(condition.operand);
        return operand === null ? null : not(operand, condition.span);
      }
      case "and":
      case "or": {
        const operands = condition.operands.flatMap((operand) => fill(operand) ?? []);
        return operands.length === 0 ? null : (condition.kind === "and" ? all : any)(operands, condition.span);
      }
      default: {
        const chosen = namesOf(condition.pattern, names);
        if (chosen.length === 0)
          throw new SigmaError("sigma/unknown-selection", `No selection is called \`${condition.pattern}\``, condition.span.from);
        const parts = chosen.flatMap((name) => selection(name, condition.span) ?? []);
        if (parts.length === 0) return null;
        const least = condition.least ?? parts.length;
        return leastOf(parts.length < chosen.length ? Math.min(least, parts.length) : least, parts, condition.span);
      }
    }
  };
  const filled = (condition: Condition): Expr => {
    const expr = fill(condition);
    if (expr === null) throw new SigmaError("sigma/nothing-left", "The pipelines leave nothing of the condition", condition.span.from);
    return expr;
  };
  const [aggregated] = conditions.flatMap((one) => one.aggregation ?? one.near ?? []);
  if (aggregated !== undefined && conditions.length > 1)
    throw new SigmaError("sigma/old-aggregation", "An aggregation cannot stand among several conditions", aggregated.span.from);
  const beside = added.flatMap((one) => {
    if (one.selection === null) return [];
    const expr = selectionExpr(one.selection, context);
    return [one.negated ? not(expr, expr.span) : expr];
  });
  const whole = (condition: Expr): Expr => (beside.length === 0 ? condition : all([...beside, condition], span));
  const condition = any(
    conditions.map((one) => filled(one.condition)),
    span,
  );
  const [{ aggregation, near }] = conditions as [ParsedCondition];
  return {
    condition: whole(condition),
    aggregation,
    near: near === null ? null : { ...near, others: near.others.map((one) => ({ ...one, condition: whole(filled(one.condition)) })) },
    unused: names.filter((name) => !made.has(name)),
  };
}

const MAX_COMBINATIONS = 2_000;

/** At least `least` of the parts: all ways to choose as many. */
function leastOf(least: number, parts: readonly Expr[], span: Span): Expr {
  if (least >= parts.length) {
    if (least > parts.length)
      throw new SigmaError("sigma/bad-condition", `There are only ${parts.length} selections to choose ${least} from`, span.from);
    return all(parts, span);
  }
  if (least === 1) return any(parts, span);
  const chosen: Expr[] = [];
  const choose = (from: number, taken: readonly Expr[]): void => {
    if (taken.length === least) {
      if (chosen.length >= MAX_COMBINATIONS)
        throw new SigmaError("sigma/bad-condition", `There are too many ways to choose ${least} of ${parts.length}`, span.from);
      chosen.push(all(taken, span));
      return;
    }
    for (let i = from; i <= parts.length - (least - taken.length); i++) choose(i + 1, [...taken, parts[i]!]);
  };
  choose(0, []);
  return any(chosen, span);
}

/** The log source's condition and the rule's own, as a query. */
export function queryOf(source: ServedLogSource, condition: Expr, logsource: Span, span: Span): EventQuery {
  const recognised = source.condition(logsource);
  const isAny = recognised.kind === "boolean" && recognised.value;
  return {
    kind: "event",
    span,
    pipes: [],
    comments: [],
    filter: { span, category: null, condition: isAny ? condition : all([recognised, condition], span) },
  };
}
