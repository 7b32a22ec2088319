import {
  FALSE,
  Lowering,
  predicatesOf,
  replacePredicates,
  TRUE,
  type CompiledPredicate,
  type Condition,
  type EventFilter,
  type FaultCode,
  type LowerOptions,
  type Predicate,
} from "../../eql/index.ts";
import { ConditionNodes, Residue, type ConditionNode } from "./condition-nodes.ts";
import { isLogSourceField } from "./log-source.ts";

/** A filter that was made ready. */
export interface ReadyFilter {
  /** Predicates that may have a fault are taken to be met. */
  readonly condition: ConditionNode;
  /** Where it has such predicates, the condition with them. */
  readonly whole: ConditionNode | null;
}

/**
 * The filters of a plan as conditions over numbered predicates, equal ones of different filters one. Of thousands of rules a log needs those
 * of the log sources in it: at first only what a filter says about its log source is made ready (its gate), the whole when a log source is seen
 * that the gate lets through. Filters that could have a fault are made ready at once, so that a fault is counted for all that share it.
 */
export class PlanFilters {
  /** Fields of all predicates over one field, those of the guards first. */
  readonly fields: readonly string[];
  /** Predicates over log source fields, the guards, have the numbers below `guardCount`, and these fields those below `sourceFields`. */
  readonly guardCount: number;
  readonly sourceFields: number;
  readonly nodes: ConditionNodes;
  readonly #filters: readonly EventFilter[];
  readonly #lowering: Lowering;
  readonly #predicates: CompiledPredicate[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #fieldNumbers = new Map<string, number>();
  readonly #fieldOf: number[] = [];
  readonly #gates: readonly ConditionNode[];
  readonly #ready: (ReadyFilter | null)[];
  #waiting = 0;

  /**
   * @param isEager makes all filters ready at once.
   * @param onFault of a filter; `sharers` are all the filters that have the predicate.
   */
  constructor(filters: readonly EventFilter[], options: LowerOptions, isEager: boolean, onFault: FilterFaults) {
    this.#filters = filters;
    this.#lowering = new Lowering(options);
    this.#ready = filters.map(() => null);
    let isComplete = false;
    const shared = sharersIn(() => eager);
    const eager: (Condition<CompiledPredicate> | null)[] = [];
    const gates: Condition<CompiledPredicate>[] = [];
    const others = new Set<string>();
    const add = (predicate: CompiledPredicate): void => {
      if (isGuard(predicate)) this.#add(predicate);
      else if (predicate.kind !== "event") others.add(predicate.field);
    };
    filters.forEach((filter, number) => {
      let faults = 0;
      const lowering = new Lowering({
        ...options,
        onFault: (code, span, key) => {
          faults++;
          options.onFault(code, span, key);
          for (const one of key === null || !isComplete ? [number] : shared(key)) onFault(one, code);
        },
      });
      const condition = lowering.normalise(filter);
      const predicates = predicatesOf(condition);
      if (isEager || faults > 0 || !predicates.every(canWait)) {
        const lowered = lowering.condition(condition);
        eager.push(lowered);
        predicatesOf(lowered).forEach(add);
        gates.push(TRUE);
        return;
      }
      eager.push(null);
      this.#waiting++;
      gates.push(this.#lowering.condition(gateOf(condition)));
      for (const predicate of predicates) {
        if (predicate.kind === "any-field" || predicate.kind === "computed") continue;
        if (isLogSourceField(predicate.field)) predicatesOf(this.#lowering.condition({ kind: "predicate", predicate })).forEach(add);
        else others.add(predicate.field);
      }
      predicatesOf(gates[number]!).forEach(add);
    });
    isComplete = true;
    this.guardCount = this.#predicates.length;
    this.sourceFields = this.#fieldNumbers.size;
    for (const field of others) this.#fieldNumber(field);
    this.fields = [...this.#fieldNumbers.keys()];
    this.nodes = new ConditionNodes((predicate) => this.#add(predicate), this.guardCount);
    this.#gates = gates.map((gate) => this.nodes.node(gate));
    eager.forEach((condition, number) => {
      if (condition !== null) this.#ready[number] = this.#made(condition);
    });
  }

  get count(): number {
    return this.#filters.length;
  }

  /** All that are known so far; more may come with `open`. */
  get predicates(): readonly CompiledPredicate[] {
    return this.#predicates;
  }

  /** Of each predicate the number of its field, -1: it is of the whole event. */
  get fieldOf(): readonly number[] {
    return this.#fieldOf;
  }

  /** A filter that `open` has named. */
  filter(number: number): ReadyFilter {
    return this.#ready[number]!;
  }

  /**
   * Makes ready the filters that a log source does not rule out, and returns their numbers. Further predicates may be known after it.
   * @param guards of each guard whether it holds; null: nothing is known.
   */
  open(guards: Uint8Array | null): number[] {
    const open: number[] = [];
    const residue = new Residue(guards, this.nodes.count);
    for (let number = 0; number < this.#filters.length; number++) {
      if (this.#ready[number] === null) {
        const gate = residue.of(this.#gates[number]!);
        if (gate.kind === "constant" && !gate.value) continue;
        this.#ready[number] = this.#made(this.#lowering.condition(this.#lowering.normalise(this.#filters[number]!)));
        this.#waiting--;
      }
      open.push(number);
    }
    return open;
  }

  /** Filters that are not ready. */
  get waiting(): number {
    return this.#waiting;
  }

  #made(condition: Condition<CompiledPredicate>): ReadyFilter {
    const whole = predicatesOf(condition).some(mayFault) ? this.nodes.node(condition) : null;
    return { condition: whole === null ? this.nodes.node(condition) : this.nodes.node(withoutFaults(condition)), whole };
  }

  #add(predicate: CompiledPredicate): number {
    let number = this.#numbers.get(predicate.key);
    if (number === undefined) {
      number = this.#predicates.push(predicate) - 1;
      this.#numbers.set(predicate.key, number);
      this.#fieldOf.push(predicate.kind === "event" ? -1 : this.#fieldNumber(predicate.field));
    }
    return number;
  }

  #fieldNumber(field: string): number {
    let number = this.#fieldNumbers.get(field);
    if (number === undefined) this.#fieldNumbers.set(field, (number = this.#fieldNumbers.size));
    return number;
  }
}

/** A predicate could not be computed on a value; called with each filter that it is a part of. */
export type FilterFaults = (filter: number, code: FaultCode) => void;

export function mayFault(predicate: CompiledPredicate): boolean {
  return predicate.kind !== "exists" && predicate.mayFault;
}

/** It has no fault when it is made ready, nor on any value. */
function canWait(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case "text":
    case "value":
    case "exists":
      return true;
    case "any-field":
      return predicate.patterns.every((pattern) => pattern.kind !== "regex");
    default:
      return false;
  }
}

/** What the condition says about the log source: it holds wherever the whole does. */
function gateOf(condition: Condition): Condition {
  return replacePredicates<Predicate, Predicate>(condition, (predicate, positive) => {
    const isOfSource = predicate.kind !== "any-field" && predicate.kind !== "computed" && isLogSourceField(predicate.field);
    if (isOfSource) return { kind: "predicate", predicate };
    return positive ? TRUE : FALSE;
  });
}

/** What remains if predicates that may have a fault are taken to speak for the whole: it holds wherever the whole does. */
function withoutFaults(condition: Condition<CompiledPredicate>): Condition<CompiledPredicate> {
  return replacePredicates<CompiledPredicate, CompiledPredicate>(condition, (predicate, positive) => {
    if (!mayFault(predicate)) return { kind: "predicate", predicate };
    return positive ? TRUE : FALSE;
  });
}

function isGuard(predicate: CompiledPredicate): boolean {
  return predicate.kind !== "event" && !mayFault(predicate) && isLogSourceField(predicate.field);
}

/** Which filters a predicate is a part of, looked up when it first has a fault: few predicates have any. */
function sharersIn(conditions: () => readonly (Condition<CompiledPredicate> | null)[]): (key: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (key) => {
    let sharers = known.get(key);
    if (sharers === undefined) {
      sharers = conditions().flatMap((condition, number) =>
        condition !== null && predicatesOf(condition).some((one) => one.key === key) ? [number] : [],
      );
      known.set(key, sharers);
    }
    return sharers;
  };
}
