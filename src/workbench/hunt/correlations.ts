/** Sigma's correlations in a hunt: what their rules matched, in order of time over all files, and the alerts that come of it. */
import {
  HELD_WEIGHT,
  Timeline,
  weightOf,
  type FaultCounts,
  type Observed,
  type RuleCounts,
  type RuleFaultCode,
  type RuleMatch,
  type RunnableRule,
  type Spill,
} from "../../detect/index.ts";
import { Correlator, type Correlation } from "../../sigma/index.ts";

/** A correlation, ready to run, with the rules it is made of. */
export interface RunnableCorrelation {
  readonly correlation: Correlation;
  /** What its alerts are of. Its `query` is that of the last rule it is made of. */
  readonly rule: RunnableRule;
}

/** Events held in memory before they are spilled. */
const HELD = 50_000;

export class Correlations {
  readonly #rules: readonly RunnableCorrelation[];
  readonly #parts: ReadonlyMap<string, number>;
  readonly #keys: readonly string[];
  readonly #timeline: Timeline<Observed>;
  #pending: { readonly observed: Observed; readonly ms: number; readonly parts: number[] } | null = null;
  readonly #faults: FaultCounts;

  constructor(rules: readonly RunnableCorrelation[], spill: Spill<Observed> | null, faults: FaultCounts) {
    this.#faults = faults;
    this.#rules = rules;
    this.#keys = [...new Set(rules.flatMap(({ correlation }) => correlation.parts.map((part) => part.key)))];
    this.#parts = new Map(this.#keys.map((key, at) => [key, at]));
    this.#timeline = new Timeline(HELD, spill, { of: (observed) => weightOf(observed.event), most: HELD_WEIGHT });
  }

  /** A match of a rule of one event. Matches of one event come one after the other. */
  note({ rule, events, ms }: RuleMatch): void {
    const part = this.#parts.get(rule.key);
    const [observed] = events;
    if (part === undefined || observed === undefined || observed === null) return;
    if (Number.isNaN(ms)) {
      this.#unused([part], "rule/event-without-time");
      return;
    }
    if (this.#pending?.observed === observed) this.#pending.parts.push(part);
    else {
      this.#flush();
      this.#pending = { observed, ms, parts: [part] };
    }
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending !== null && !this.#timeline.add(pending.ms, 0, pending.parts, pending.observed))
      this.#unused(pending.parts, "rule/event-without-room");
  }

  /** Counts the event once for each correlation that one of its rules is a part of. */
  #unused(parts: readonly number[], code: RuleFaultCode): void {
    const keys = new Set(parts.map((part) => this.#keys[part]!));
    for (const { correlation, rule } of this.#rules) if (correlation.parts.some(({ key }) => keys.has(key))) this.#faults.add(rule, code);
  }

  /** No more events. `withoutGroup`: events of the rules that lacked a group-by field, which is no fault, but a reason for silence. */
  finish(onMatch: (match: RuleMatch) => void): { readonly counts: readonly RuleCounts[]; readonly withoutGroup: number } {
    this.#flush();
    const byKey = new Map(this.#rules.map(({ correlation, rule }) => [correlation.key, rule]));
    const matched = new Map<string, number>();
    const alerts = new Map<string, number>();
    const correlator = new Correlator<Observed>(
      this.#rules.map(({ correlation }) => correlation),
      {
        onMatch: ({ correlation, events, count, to, group }) => {
          const rule = byKey.get(correlation.key)!;
          matched.set(rule.key, (matched.get(rule.key) ?? 0) + count);
          alerts.set(rule.key, (alerts.get(rule.key) ?? 0) + 1);
          onMatch({ rule, events, ms: to, keys: group.map(({ value }) => value) });
        },
      },
    );
    for (const { ms, items, event } of this.#timeline.inOrder()) {
      correlator.accept(
        items.map((item) => this.#keys[item]!),
        event,
        event.event,
        ms,
      );
    }
    correlator.end();
    let withoutGroup = 0;
    for (const [correlation, counts] of correlator.counts) {
      const rule = byKey.get(correlation.key)!;
      this.#faults.add(rule, "rule/state-given-up", counts.evictedGroups + counts.droppedEvents + counts.truncatedKeys);
      this.#faults.add(rule, "rule/event-without-value", counts.withoutValue);
      withoutGroup += counts.withoutGroup;
    }
    return {
      counts: this.#rules
        .filter(({ correlation }) => !correlation.silent)
        .map(({ rule }) => ({ rule, matched: matched.get(rule.key) ?? 0, alerts: alerts.get(rule.key) ?? 0, millis: null })),
      withoutGroup,
    };
  }
}
