/** Rules that look at many events together: by number, or by what has not been seen before. */

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

export type Grouping = Threshold | NewTerms;

/** What a group of events says: its values in the order of the fields, how many events, and the latest of them. */
export interface GroupMatch<E> {
  readonly values: readonly unknown[];
  readonly count: number;
  readonly events: readonly E[];
}

/** A machine that is given events in the order of time. */
export interface GroupingMachine<E> {
  /** @param time epoch milliseconds, not before that of the event before. */
  accept(event: E, time: number): readonly GroupMatch<E>[];
  /** Groups and terms given up because a bound was reached. */
  readonly evicted: number;
}
