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
} from "../../eql/index.ts";
import { ConditionNodes, guardsHold, Residue, type ConditionNode } from "./condition-nodes.ts";
import { FilterGate } from "./filter-gate.ts";
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
 * that the gate lets through. Filters that could have a fault without any event are made ready at once.
 */
export class PlanFilters {
  /** Fields of all predicates over one field, those of the guards first. */
  readonly fields: readonly string[];
  /** No filter reads any other field. */
  readonly namesAllFields: boolean;
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
  /** Of a predicate that had a fault, the filters that were ready then and have it. */
  readonly #sharersOf = new Map<number, readonly number[]>();
  #waiting = 0;

  /**
   * @param isEager makes all filters ready at once.
   * @param onFault called for each filter that has the predicate and is ready, also where the log source of the event rules it out.
   */
  constructor(filters: readonly EventFilter[], options: LowerOptions, isEager: boolean, onFault: FilterFaults) {
    this.#filters = filters;
    this.#lowering = new Lowering({
      ...options,
      onFault: (code, span, key) => {
        options.onFault(code, span, key);
        if (key !== null) for (const filter of this.#sharers(key)) onFault(filter, code);
      },
    });
    this.#ready = filters.map(() => null);
    const fields = new Set<string>();
    let namesAllFields = true;
    const eager: (Condition<CompiledPredicate> | null)[] = [];
    // Rules of one log source ask the same of it.
    const gates: string[] = [];
    const made = new Map<string, Condition<CompiledPredicate>>();
    const addGuards = (condition: Condition<CompiledPredicate>): void => {
      for (const predicate of predicatesOf(condition)) if (isGuard(predicate)) this.#add(predicate);
    };
    filters.forEach((filter, number) => {
      const gate = new FilterGate(filter, fields);
      const { identity } = gate;
      if (gate.readsUnnamed) namesAllFields = false;
      gates.push(identity);
      let asked = made.get(identity);
      if (asked === undefined) {
        asked = this.#lowering.condition(this.#lowering.normalise(gate.filter));
        made.set(identity, asked);
        addGuards(asked);
      }
      // What another part made of no account is asked all the same, where the filter is.
      if (predicatesOf(asked).length < gate.parts.length)
        for (const part of gate.parts) addGuards(this.#lowering.condition(this.#lowering.normaliseExpr(part)));
      const waits = !isEager && gate.canWait;
      eager.push(waits ? null : this.#madeNow(filter, number, options, onFault));
      if (waits) this.#waiting++;
      else addGuards(eager[number]!);
    });
    this.guardCount = this.#predicates.length;
    this.sourceFields = this.#fieldNumbers.size;
    for (const field of fields) this.#fieldNumber(field);
    for (const condition of eager)
      if (condition !== null) for (const one of predicatesOf(condition)) if (one.kind !== "event") this.#fieldNumber(one.field);
    this.fields = [...this.#fieldNumbers.keys()];
    this.namesAllFields = namesAllFields;
    this.nodes = new ConditionNodes((predicate) => this.#add(predicate), this.guardCount);
    const nodes = new Map([...made].map(([identity, asked]) => [identity, this.nodes.node(withoutFaults(asked))]));
    this.#gates = gates.map((identity) => nodes.get(identity)!);
    eager.forEach((condition, number) => {
      if (condition !== null) this.#ready[number] = this.#made(condition);
    });
  }

  /** What cannot be computed of the filter itself is its fault alone; later its predicates are those of all filters. */
  #madeNow(filter: EventFilter, number: number, options: LowerOptions, onFault: FilterFaults): Condition<CompiledPredicate> {
    let isMade = false;
    const lowering = new Lowering({
      ...options,
      onFault: (code, span, key) => {
        options.onFault(code, span, key);
        for (const one of isMade && key !== null ? this.#sharers(key) : [number]) onFault(one, code);
      },
    });
    const condition = lowering.condition(lowering.normalise(filter));
    isMade = true;
    return condition;
  }

  /** The filters that a predicate is a part of; of those that wait, none is asked of an event. */
  #sharers(key: string): readonly number[] {
    const predicate = this.#numbers.get(key);
    if (predicate === undefined) return [];
    let sharers = this.#sharersOf.get(predicate);
    if (sharers === undefined) {
      sharers = this.#ready.flatMap((ready, number) => (ready?.whole != null && hasPredicate(ready.whole, predicate) ? [number] : []));
      this.#sharersOf.set(predicate, sharers);
    }
    return sharers;
  }

  /** Whether the log source lets the filter through. @param guards of each guard whether it holds. */
  isOpen(number: number, guards: Uint8Array): boolean {
    return guardsHold(this.#gates[number]!, guards);
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
      const gate = residue.of(this.#gates[number]!);
      if (gate.kind === "constant" && !gate.value) continue;
      if (this.#ready[number] === null) {
        this.#sharersOf.clear();
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

function hasPredicate(node: ConditionNode, predicate: number): boolean {
  switch (node.kind) {
    case "constant":
      return false;
    case "predicate":
      return node.number === predicate;
    case "not":
      return hasPredicate(node.operand, predicate);
    default:
      return node.operands.some((operand) => hasPredicate(operand, predicate));
  }
}
