import { chooseAnchors, type Weights } from "./anchors.ts";
import { Residue, type ConditionNode } from "./condition-nodes.ts";

/** A field with fewer anchors than this is not looked at as a whole: they are tested one by one. */
const WORTH_A_PASS = 3;

/** What is to be done for the events of one log source. */
export interface Program {
  /** Filters that the log source alone satisfies. */
  readonly certain: Int32Array;
  /** Filters without anchors, evaluated on every event. */
  readonly always: Int32Array;
  /** Fields looked at as a whole, by number. */
  readonly fields: Int32Array;
  /** Anchors tested one by one. */
  readonly singles: Int32Array;
  /** Of each predicate 1 + its place in `lists`, 0: it anchors nothing here. */
  readonly places: Int32Array;
  /** The filters that an anchor makes candidates. */
  readonly lists: readonly Int32Array[];
  /** Of each filter a predicate without which it cannot match, the rarest that is not one of its anchors; -1: none is known. */
  readonly needs: Int32Array;
  /** Events it ran on. */
  events: number;
}

export interface ProgramParts {
  /** Numbers of the filters that may match, and how many filters there are at all. */
  readonly open: readonly number[];
  readonly filters: number;
  readonly condition: (filter: number) => ConditionNode;
  /** Nodes have ids below this. */
  readonly nodes: number;
  readonly predicates: number;
  /** Of each predicate whether no pass finds it: it is tested by itself. */
  readonly alone: Uint8Array;
}

/**
 * @param guards of each guard whether it holds; null: a program for any log source.
 * @param weights where a predicate over a log source field is no anchor.
 */
export function makeProgram(parts: ProgramParts, guards: Uint8Array | null, weights: Weights): Program {
  const residue = new Residue(guards, parts.nodes);
  const certain: number[] = [];
  const open: number[] = [];
  const residues: ConditionNode[] = [];
  for (const filter of parts.open) {
    const rest = residue.of(parts.condition(filter));
    if (rest.kind !== "constant") {
      open.push(filter);
      residues.push(rest);
    } else if (rest.value) certain.push(filter);
  }
  const needs = new Int32Array(parts.filters).fill(-1);
  const always: number[] = [];
  const anchored = new Map<number, number[]>();
  const anchorsOf = new Map<number, number[]>();
  chooseAnchors(residues, weights).forEach((anchors, i) => {
    const filter = open[i]!;
    if (anchors === null) always.push(filter);
    needs[filter] = rarestNeed(residues[i]!, anchors ?? [], parts.alone, weights);
    for (const anchor of new Set(anchors)) {
      const list = anchored.get(anchor);
      if (list !== undefined) list.push(filter);
      else {
        anchored.set(anchor, [filter]);
        const field = weights.fieldOf(anchor);
        anchorsOf.set(field, [...(anchorsOf.get(field) ?? []), anchor]);
      }
    }
  });
  const fields: number[] = [];
  const singles: number[] = [];
  for (const [field, anchors] of anchorsOf) {
    const together = anchors.filter((anchor) => parts.alone[anchor] === 0);
    singles.push(...anchors.filter((anchor) => parts.alone[anchor] === 1));
    if (together.length < WORTH_A_PASS) singles.push(...together);
    else fields.push(field);
  }
  const places = new Int32Array(parts.predicates);
  const lists: Int32Array[] = [];
  for (const [anchor, filters] of anchored) places[anchor] = lists.push(Int32Array.from(filters));
  return {
    certain: Int32Array.from(certain),
    always: Int32Array.from(always),
    fields: Int32Array.from(fields),
    singles: Int32Array.from(singles),
    places,
    lists,
    needs,
    events: 0,
  };
}

function rarestNeed(condition: ConditionNode, anchors: readonly number[], alone: Uint8Array, weights: Weights): number {
  if (condition.kind !== "and") return -1;
  let rarest = -1;
  for (const operand of condition.operands) {
    if (operand.kind !== "predicate" || alone[operand.number] === 1 || weights.fieldOf(operand.number) < 0) continue;
    if (anchors.includes(operand.number)) continue;
    if (rarest < 0 || weights.frequency(operand.number) < weights.frequency(rarest)) rarest = operand.number;
  }
  return rarest;
}

/** The same program where more predicates are known. */
export function widened(program: Program, predicates: number): Program {
  const places = new Int32Array(predicates);
  places.set(program.places);
  return { ...program, places };
}
