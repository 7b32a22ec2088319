/** Rules that look at many events together: by number, by what has not been seen before, or by a pipeline. */
import type { EventDocument } from "../observed.ts";

/** An alert for each group of events within `windowMs` that is large enough. */
export interface Threshold {
  readonly kind: "threshold";
  /** Events are grouped by their values; without any all are one group. An event that lacks one of them is in no group. */
  readonly fields: readonly string[];
  readonly count: number;
  /** How many different values of a field a group must have. */
  readonly cardinality: readonly { readonly field: string; readonly value: number }[];
  readonly windowMs: number;
}

/** An alert for each event with a combination of values that the time before it, `historyMs` long, has not seen. */
export interface NewTerms {
  readonly kind: "new-terms";
  readonly fields: readonly string[];
  readonly historyMs: number;
}

/** A machine of another room's making, such as a pipeline of ES|QL. */
export interface Pipeline {
  readonly kind: "pipeline";
  /** What it was made from, and can be made from again. */
  readonly text: string;
  /** A new machine for one hunt. `now`: epoch milliseconds. */
  readonly start: <E>(document: (event: E) => EventDocument, now: number) => GroupingMachine<E>;
}

export type Grouping = Threshold | NewTerms | Pipeline;

/** What a group of events says: its values in the order of the fields, how many events, and the latest of them. */
export interface GroupMatch<E> {
  readonly values: readonly unknown[];
  readonly count: number;
  readonly events: readonly E[];
  /** What was worked out of them, by name, as JSON has it. */
  readonly row?: Readonly<Record<string, unknown>>;
}

/** A machine that is given events in the order of time. */
export interface GroupingMachine<E> {
  /** @param time epoch milliseconds, not before that of the event before. */
  accept(event: E, time: number): readonly GroupMatch<E>[];
  /** No more events: what only then is known. */
  end?(): readonly GroupMatch<E>[];
  /** Groups and terms given up because a bound was reached. */
  readonly evicted: number;
  /** Values that could not be computed. */
  readonly faults?: number;
}
