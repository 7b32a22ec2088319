/** A rule as the linter is given it. */
import type { EventShape } from "../../ecs/index.ts";
import type { EventDocument, Query } from "../../eql/index.ts";

/** A data source as a rule names it; may stand for several streams (Elastic Defend's process, network, file, ...). */
export interface LintSource {
  readonly id: string;
  readonly title: string;
  readonly shapes: readonly LintShape[];
  /** Where its documents are stored. */
  readonly indexPatterns: readonly string[];
}

/** A kind of event and the telemetry it belongs to: `sysmon`, `security`, `defend`, ... */
export type LintShape = EventShape & { readonly telemetry: string };

export interface LintRule {
  readonly id: string;
  readonly query: Query;
  readonly sources: readonly LintSource[];
  /** What the scheduled rule searches; empty = not stated. */
  readonly indexPatterns: readonly string[];
  readonly lookBackMs: number | null;
  /** How often the scheduled rule runs; null = not stated. */
  readonly intervalMs: number | null;
  readonly suppressions: readonly { readonly code: string; readonly reason: string }[];
  /** What people read of it: `description`. */
  readonly texts?: readonly { readonly where: string; readonly text: string }[];
  /** The cases that are about it; of several rules the same object. */
  readonly cases?: readonly LintCase[];
}

/** A case as far as the linter asks about it. */
export interface LintCase {
  readonly name: string;
  readonly isNegative: boolean;
  /** Normalised. */
  readonly events: readonly EventDocument[];
}
