/** Processing pipelines: what a user's own data calls things, applied to a Sigma rule before it is compiled. */
import type { Expr } from "../../eql/index.ts";
import { itemsOf, type Detection } from "../load/selection.ts";
import type { SigmaMetadata } from "../load/rule.ts";
import type { LogSourceName, ServedLogSource } from "../taxonomy/log-source.ts";
import { RuleState } from "./state.ts";
import type { Step } from "./step.ts";

export interface Pipeline {
  readonly name: string;
  /** Lower ones run first; those of one priority in the order they were given. */
  readonly priority: number;
  readonly vars: ReadonlyMap<string, readonly string[]>;
  readonly steps: readonly Step[];
  /** Paths of the events' own time; of a field map. */
  readonly timestampFields: readonly string[];
}

/** A rule as pipelines leave it. */
export interface ProcessedRule {
  readonly head: SigmaMetadata;
  readonly logsource: LogSourceName;
  readonly detection: Detection;
  /** Names that pipelines gave to fields: they are paths in the user's own events. */
  readonly given: ReadonlySet<string>;
  /** Whether pipelines say where the rule's events are: they rename its fields, or recognise its log source. */
  readonly isOwn: boolean;
  /** What a field outside of the detection is called (correlations group by them). */
  readonly rename: (name: string) => readonly string[];
}

/** Throws a `SigmaError` where the rule cannot be changed as the pipelines say. */
export function processRule(
  pipelines: readonly Pipeline[],
  head: SigmaMetadata,
  logsource: LogSourceName,
  detection: Detection,
): ProcessedRule {
  if (pipelines.length === 0) return { head, logsource, detection, given: new Set(), isOwn: false, rename: (name) => [name] };
  const vars = new Map(pipelines.flatMap((pipeline) => [...pipeline.vars]));
  const rule = new RuleState(head, logsource, detection, vars);
  // Array.sort keeps the order of equals.
  for (const { steps } of [...pipelines].sort((a, b) => a.priority - b.priority)) for (const step of steps) step.apply(rule);
  return {
    head: rule.head,
    logsource: rule.logsource,
    detection: { ...detection, selections: rule.selections, added: rule.added },
    given: rule.given,
    isOwn: rule.given.size > 0 || rule.recognised,
    rename: (name) => rule.renames.reduce<readonly string[]>((names, rename) => names.flatMap(rename), [name]),
  };
}

/**
 * How the events of a processed rule are recognised, and where its fields are: as the tables say; in events of the user's own where
 * pipelines rename its fields, of which what the pipelines add to the condition is all that is known. null where nothing has such events.
 */
export function processedSource({ logsource, detection, isOwn }: ProcessedRule, served: ServedLogSource | null): ServedLogSource | null {
  if (!isOwn && served !== null) return served;
  if (!isOwn && !detection.added.some(({ negated }) => !negated)) return null;
  return {
    name: logsource,
    condition: (span): Expr => ({ kind: "boolean", span, value: true }),
    targets: (name) => [name],
  };
}

/** Of the fields that a rule mentions, those that no pipeline has a place for although it has for others of the rule. */
export function unmappedFields({ isOwn, given, detection }: ProcessedRule, used: Iterable<string>): string[] {
  if (!isOwn) return [];
  const added = new Set(Array.from(itemsOf({ selections: new Map(), added: detection.added }), ({ field }) => field));
  return [...used].filter((name) => !given.has(name) && !added.has(name));
}
