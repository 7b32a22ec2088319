import type { CompiledPredicate, Condition } from "../../eql/index.ts";

/**
 * Conditions over numbered predicates. Equal parts of different conditions are one node. Predicates numbered below `guards` are
 * guards: what they say of an event is known before anything else is looked at.
 */
export type ConditionNode = ConstantNode | PredicateNode | NotNode | JunctionNode;

export interface ConstantNode {
  readonly kind: "constant";
  readonly id: number;
  readonly value: boolean;
  readonly guarded: true;
}
export interface PredicateNode {
  readonly kind: "predicate";
  readonly id: number;
  readonly number: number;
  readonly guarded: boolean;
}
export interface NotNode {
  readonly kind: "not";
  readonly id: number;
  readonly operand: ConditionNode;
  readonly guarded: boolean;
}
export interface JunctionNode {
  readonly kind: "and" | "or";
  readonly id: number;
  /** Those of guards alone first. */
  readonly operands: readonly ConditionNode[];
  /** Guards alone say what it is. */
  readonly guarded: boolean;
}

const FALSE: ConstantNode = { kind: "constant", id: 0, value: false, guarded: true };
const TRUE: ConstantNode = { kind: "constant", id: 1, value: true, guarded: true };

/** Makes the nodes of conditions, each different one once. */
export class ConditionNodes {
  readonly #numberOf: (predicate: CompiledPredicate) => number;
  readonly #guards: number;
  readonly #known = new Map<string, ConditionNode>();
  #count = 2;

  /** @param numberOf the number of a predicate; equal ones have the same. */
  constructor(numberOf: (predicate: CompiledPredicate) => number, guards: number) {
    this.#numberOf = numberOf;
    this.#guards = guards;
  }

  /** Nodes have ids below this. */
  get count(): number {
    return this.#count;
  }

  node(condition: Condition<CompiledPredicate>): ConditionNode {
    switch (condition.kind) {
      case "constant":
        return condition.value ? TRUE : FALSE;
      case "predicate": {
        const number = this.#numberOf(condition.predicate);
        return this.#once(`${number}`, (id) => ({ kind: "predicate", id, number, guarded: number < this.#guards }));
      }
      case "not": {
        const operand = this.node(condition.operand);
        return this.#once(`!${operand.id}`, (id) => ({ kind: "not", id, operand, guarded: operand.guarded }));
      }
      case "and":
      case "or": {
        const { kind } = condition;
        const unique = [...new Set(condition.operands.map((operand) => this.node(operand)))];
        const operands = [...unique.filter((node) => node.guarded), ...unique.filter((node) => !node.guarded)];
        const guarded = operands.every((node) => node.guarded);
        return this.#once(`${kind}${operands.map((node) => node.id).join()}`, (id) => ({ kind, id, operands, guarded }));
      }
    }
  }

  #once(key: string, make: (id: number) => ConditionNode): ConditionNode {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make(this.#count++);
    this.#known.set(key, made);
    return made;
  }
}

/** Whether a node of guards alone holds. @param guards of each guard whether it does. */
export function guardsHold(node: ConditionNode, guards: Uint8Array): boolean {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "predicate":
      return guards[node.number] === 1;
    case "not":
      return !guardsHold(node.operand, guards);
    case "and":
      return node.operands.every((operand) => guardsHold(operand, guards));
    case "or":
      return node.operands.some((operand) => guardsHold(operand, guards));
  }
}

/**
 * What remains of conditions once the guards are known.
 *
 * @param guards of each guard whether it holds; null: nothing is known.
 */
export class Residue {
  readonly #guards: Uint8Array | null;
  /** Of each node of guards alone: 0 unknown, 1 false, 2 true. */
  readonly #verdicts: Uint8Array;

  constructor(guards: Uint8Array | null, nodes: number) {
    this.#guards = guards;
    this.#verdicts = new Uint8Array(nodes);
  }

  of(node: ConditionNode): ConditionNode {
    if (node.kind === "constant") return node;
    if (this.#guards === null) return node;
    if (node.guarded) return this.#holds(node, this.#guards) ? TRUE : FALSE;
    switch (node.kind) {
      case "predicate":
        return node;
      case "not": {
        const operand = this.of(node.operand);
        if (operand.kind === "constant") return operand.value ? FALSE : TRUE;
        return operand === node.operand ? node : { ...node, operand };
      }
      case "and":
      case "or": {
        const decisive = node.kind === "or";
        const kept: ConditionNode[] = [];
        for (const operand of node.operands) {
          const rest = this.of(operand);
          if (rest.kind !== "constant") kept.push(rest);
          else if (rest.value === decisive) return rest;
        }
        if (kept.length === 0) return decisive ? FALSE : TRUE;
        return kept.length === 1 ? kept[0]! : { ...node, operands: kept };
      }
    }
  }

  #holds(node: ConditionNode, guards: Uint8Array): boolean {
    const known = this.#verdicts[node.id]!;
    if (known !== 0) return known === 2;
    const verdict = this.#judge(node, guards);
    this.#verdicts[node.id] = verdict ? 2 : 1;
    return verdict;
  }

  #judge(node: ConditionNode, guards: Uint8Array): boolean {
    switch (node.kind) {
      case "constant":
        return node.value;
      case "predicate":
        return guards[node.number] === 1;
      case "not":
        return !this.#holds(node.operand, guards);
      case "and":
        return node.operands.every((operand) => this.#holds(operand, guards));
      case "or":
        return node.operands.some((operand) => this.#holds(operand, guards));
    }
  }
}
