import type { FieldAccess } from "../../eql/index.ts";
import type { EventDocument } from "../observed.ts";
import { combinationKey, combinationsOf } from "./combinations.ts";
import type { GroupingMachine, GroupMatch, Threshold } from "./grouping.ts";

export interface ThresholdLimits {
  /** Groups that are open at the same time; the one that was longest without an event is given up first. */
  readonly groups: number;
  /** The latest events of a group that an alert shows. */
  readonly eventsOfGroup: number;
  /** Events held over all groups; beyond it a group holds its latest alone. */
  readonly events: number;
}

export const THRESHOLD_LIMITS: ThresholdLimits = { groups: 100_000, eventsOfGroup: 20, events: 200_000 };

/** Plain data, so that a live run can keep it. */
export interface ThresholdGroup<E> {
  readonly values: readonly unknown[];
  /** Of its events, epoch milliseconds, oldest first. */
  times: number[];
  /** By cardinality: when each value was last seen, in that order. */
  readonly seen: Map<string, number>[];
  events: E[];
}

/** Times of a group beyond what its count asks for: they wait for a cardinality. */
const MAX_TIMES = 10_000;

/**
 * Counts events by group in a sliding window. A group that is large enough is one alert and begins anew, so that an event counts towards
 * one alert only, as Elastic Security leaves out what an earlier alert has counted.
 */
export class ThresholdMachine<E> implements GroupingMachine<E> {
  /** By the group's values; in the order of the latest event. */
  readonly groups: Map<string, ThresholdGroup<E>>;
  evicted = 0;
  readonly #rule: Threshold;
  readonly #limits: ThresholdLimits;
  readonly #document: (event: E) => EventDocument;
  readonly #fields: readonly FieldAccess[];
  readonly #cardinality: readonly FieldAccess[];
  #held = 0;

  constructor(
    rule: Threshold,
    access: (field: string) => FieldAccess,
    document: (event: E) => EventDocument,
    limits: ThresholdLimits = THRESHOLD_LIMITS,
    groups: Iterable<readonly [string, ThresholdGroup<E>]> = [],
  ) {
    this.#rule = rule;
    this.#limits = limits;
    this.#document = document;
    this.#fields = rule.fields.map(access);
    this.#cardinality = rule.cardinality.map(({ field }) => access(field));
    this.groups = new Map(groups);
    for (const group of this.groups.values()) this.#held += group.events.length;
  }

  accept(event: E, time: number): readonly GroupMatch<E>[] {
    const document = this.#document(event);
    const found: GroupMatch<E>[] = [];
    this.#expire(time);
    for (const values of combinationsOf(this.#fields, document)) {
      const key = combinationKey(values);
      const group = this.groups.get(key) ?? { values, times: [], seen: this.#cardinality.map(() => new Map<string, number>()), events: [] };
      this.groups.delete(key);
      this.#add(group, event, document, time);
      if (this.#isComplete(group)) {
        found.push({ values, count: group.times.length, events: group.events });
        this.#held -= group.events.length;
      } else this.groups.set(key, group);
    }
    while (this.groups.size > this.#limits.groups) this.#drop(true);
    return found;
  }

  #add(group: ThresholdGroup<E>, event: E, document: EventDocument, time: number): void {
    const start = time - this.#rule.windowMs;
    const expired = group.times.findIndex((at) => at >= start);
    if (expired !== 0) {
      group.times = expired < 0 ? [] : group.times.slice(expired);
      const kept = group.events.slice(-Math.max(1, group.times.length));
      this.#held -= group.events.length - (group.times.length === 0 ? 0 : kept.length);
      group.events = group.times.length === 0 ? [] : kept;
    }
    group.times.push(time);
    if (group.times.length > Math.max(MAX_TIMES, this.#rule.count)) group.times.shift();
    const full = this.#held >= this.#limits.events ? 1 : this.#limits.eventsOfGroup;
    group.events.push(event);
    this.#held++;
    while (group.events.length > full) {
      group.events.shift();
      this.#held--;
    }
    this.#cardinality.forEach((access, at) => {
      const seen = group.seen[at]!;
      for (const [value, last] of seen) {
        if (last >= start) break;
        seen.delete(value);
      }
      for (const [value] of combinationsOf([access], document)) {
        const text = combinationKey([value!]);
        seen.delete(text);
        seen.set(text, time);
      }
    });
  }

  #isComplete(group: ThresholdGroup<E>): boolean {
    return group.times.length >= this.#rule.count && this.#rule.cardinality.every(({ value }, at) => group.seen[at]!.size >= value);
  }

  /** Groups whose latest event lies before the window. */
  #expire(time: number): void {
    for (const group of this.groups.values()) {
      if (group.times.at(-1)! >= time - this.#rule.windowMs) return;
      this.#drop(false);
    }
  }

  #drop(evicted: boolean): void {
    const [oldest] = this.groups;
    if (oldest === undefined) return;
    this.#held -= oldest[1].events.length;
    this.groups.delete(oldest[0]);
    if (evicted) this.evicted++;
  }
}
