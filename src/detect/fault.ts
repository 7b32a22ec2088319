import type { FaultCode } from "../eql/index.ts";
import type { RunnableRule } from "./rule.ts";

/**
 * Why alerts may be missing. `eql/...`: a condition could not be computed on so many values and counted as false. The others count
 * events, or what was given up because a bound was reached.
 */
export type RuleFaultCode =
  | FaultCode
  /** Events without a readable time, which can be in no sequence. */
  | "rule/event-without-time"
  /** Events of a sequence that found no room in memory. */
  | "rule/event-without-room"
  /** Events without the value, or with no number where one is needed. */
  | "rule/event-without-value"
  /** Keys, groups and combinations of a sequence or correlation, and matches of a pipe, that were given up. */
  | "rule/state-given-up"
  /** Alerts that were counted and not kept. */
  | "rule/alert-not-kept"
  /** Rules that could not be read. */
  | "rule/not-run"
  /** Of no rule: events of more kinds than are counted apart, so that it is not known what rules were blind to. */
  | "hunt/kind-not-counted";

/** A fault, and how often it happened. */
export interface RuleFault {
  /** Null for what concerns them all. */
  readonly rule: RunnableRule | null;
  readonly code: RuleFaultCode;
  readonly count: number;
}

/** Faults as they are counted. */
export class FaultCounts {
  /** By the rule's key: an alert may carry its rule with values of its own. */
  readonly #counts = new Map<string, { readonly rule: RunnableRule | null; readonly codes: Map<RuleFaultCode, number> }>();

  add(rule: RunnableRule | null, code: RuleFaultCode, count = 1): void {
    if (count === 0) return;
    const key = rule?.key ?? "";
    let counts = this.#counts.get(key);
    if (counts === undefined) this.#counts.set(key, (counts = { rule, codes: new Map<RuleFaultCode, number>() }));
    counts.codes.set(code, (counts.codes.get(code) ?? 0) + count);
  }

  /** Rules in the order of their first fault. */
  list(): RuleFault[] {
    return [...this.#counts.values()].flatMap(({ rule, codes }) => [...codes].map(([code, count]) => ({ rule, code, count })));
  }
}
