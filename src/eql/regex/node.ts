import type { CharSet } from "./char-set.ts";

/**
 * A regular expression as an immutable, hash-consed graph: equal expressions are one object, so that a derivative computed
 * before is found again and the automaton stays finite.
 */
export type RegexNode =
  | (Base & { readonly kind: "never" })
  | (Base & { readonly kind: "empty" })
  | (Base & { readonly kind: "set"; readonly set: CharSet })
  | (Base & { readonly kind: "concat"; readonly left: RegexNode; readonly right: RegexNode })
  | (Base & { readonly kind: "or" | "and"; readonly operands: readonly RegexNode[] })
  | (Base & { readonly kind: "not"; readonly operand: RegexNode })
  /** `max` null: no upper bound. */
  | (Base & { readonly kind: "repeat"; readonly operand: RegexNode; readonly min: number; readonly max: number | null })
  | (Base & { readonly kind: "anchor"; readonly anchor: Anchor });

interface Base {
  readonly id: number;
  /** Nodes of the expression were it written out, repeats included: what the automaton may have to hold. */
  readonly size: number;
  /** Matches the empty text wherever it stands; "depends" where an anchor decides. */
  readonly nullable: boolean | "depends";
}

/** `text-start` is `\A`; `line-start` is `^` with the flag m; `boundary` is `\b`. */
export type Anchor = "text-start" | "text-end" | "line-start" | "line-end" | "boundary" | "not-boundary";

/** Thrown where an expression outgrows its bound. */
export class TooComplex extends Error {}

export const MAX_SIZE = 5_000;

type WithoutId<N> = N extends RegexNode ? Omit<N, "id"> : never;
type Draft = WithoutId<RegexNode>;

/** Makes nodes, simplifying as it goes. One per pattern. */
export class NodeTable {
  readonly #nodes = new Map<string, RegexNode>();
  readonly #maxNodes: number;
  readonly never: RegexNode;
  readonly empty: RegexNode;

  /** @param maxNodes nodes that may live at a time, derivatives included. */
  constructor(maxNodes: number) {
    this.#maxNodes = maxNodes;
    this.never = this.#make("never", { kind: "never", size: 1, nullable: false });
    this.empty = this.#make("empty", { kind: "empty", size: 1, nullable: true });
  }

  get count(): number {
    return this.#nodes.size;
  }

  set(set: CharSet): RegexNode {
    return set.length === 0 ? this.never : this.#make(`s${set.join(",")}`, { kind: "set", set, size: 1, nullable: false });
  }

  anchor(anchor: Anchor): RegexNode {
    return this.#make(`@${anchor}`, { kind: "anchor", anchor, size: 1, nullable: "depends" });
  }

  /** Right-nested, and distributed over a left `or`, so that derivatives stay sums of few terms. */
  concat(left: RegexNode, right: RegexNode): RegexNode {
    if (left.kind === "never" || right.kind === "never") return this.never;
    if (left.kind === "empty") return right;
    if (right.kind === "empty") return left;
    if (left.kind === "concat") return this.concat(left.left, this.concat(left.right, right));
    return this.#make(`.${left.id},${right.id}`, {
      kind: "concat",
      left,
      right,
      size: bounded(left.size + right.size),
      nullable: both(left.nullable, right.nullable),
    });
  }

  sequence(parts: readonly RegexNode[]): RegexNode {
    let node = this.empty;
    for (let i = parts.length - 1; i >= 0; i--) node = this.concat(parts[i]!, node);
    return node;
  }

  or(parts: readonly RegexNode[]): RegexNode {
    const flat = this.#flatten("or", parts, this.never);
    if (flat === null) return this.all();
    const operands = this.#countedTogether(flat);
    if (operands.length === 0) return this.never;
    if (operands.length === 1) return operands[0]!;
    return this.#make(`|${ids(operands)}`, {
      kind: "or",
      operands,
      size: bounded(sum(operands)),
      nullable: operands.some((o) => o.nullable === true) ? true : operands.some((o) => o.nullable === "depends") ? "depends" : false,
    });
  }

  and(parts: readonly RegexNode[]): RegexNode {
    const operands = this.#flatten("and", parts, this.all());
    if (operands === null) return this.never;
    if (operands.length === 0) return this.all();
    if (operands.length === 1) return operands[0]!;
    return this.#make(`&${ids(operands)}`, {
      kind: "and",
      operands,
      size: bounded(sum(operands)),
      nullable: operands.map((o) => o.nullable).reduce(both),
    });
  }

  not(operand: RegexNode): RegexNode {
    if (operand.kind === "not") return operand.operand;
    const nullable = operand.nullable === "depends" ? "depends" : !operand.nullable;
    return this.#make(`~${operand.id}`, { kind: "not", operand, size: bounded(operand.size + 1), nullable });
  }

  /** Everything, the empty text included. */
  all(): RegexNode {
    return this.not(this.never);
  }

  repeat(operand: RegexNode, min: number, max: number | null): RegexNode {
    if (max === 0 || operand.kind === "empty") return this.empty;
    if (operand.kind === "never") return min === 0 ? this.empty : this.never;
    if (min === 1 && max === 1) return operand;
    if (operand.nullable === true) min = 0;
    if (operand.kind === "repeat" && operand.min === 0 && operand.max === null) return operand;
    return this.#make(`*${operand.id},${min},${max ?? ""}`, {
      kind: "repeat",
      operand,
      min,
      max,
      size: bounded(operand.size * Math.max(max ?? min, 1) + 1),
      nullable: min === 0 ? true : operand.nullable,
    });
  }

  /**
   * Alternatives that differ only in how often they repeat the same become one where their counts touch: `x{3}y|x{4,6}y` is
   * `x{3,6}y`. So a search for `.{100,}` or `[a-z]{40}!`, which may begin at any character, counts in ranges instead of one by one.
   */
  #countedTogether(operands: readonly RegexNode[]): readonly RegexNode[] {
    if (!operands.some((node) => repeatOf(node) !== null)) return operands;
    const alike = new Map<string, RegexNode[]>();
    const out: RegexNode[] = [];
    for (const node of operands) {
      const repeat = repeatOf(node);
      if (repeat === null) {
        out.push(node);
        continue;
      }
      const key = `${repeat.operand.id},${node.kind === "concat" ? node.right.id : ""}`;
      const known = alike.get(key);
      if (known === undefined) alike.set(key, [node]);
      else known.push(node);
    }
    for (const group of alike.values()) {
      const [first, ...others] = group.sort((a, b) => repeatOf(a)!.min - repeatOf(b)!.min);
      let last = first!;
      for (const node of others) {
        const [lower, upper] = [repeatOf(last)!, repeatOf(node)!];
        if (lower.max !== null && upper.min > lower.max + 1) {
          out.push(last);
          last = node;
          continue;
        }
        const max = lower.max === null || upper.max === null ? null : Math.max(lower.max, upper.max);
        const repeat = this.repeat(lower.operand, lower.min, max);
        last = last.kind === "concat" ? this.concat(repeat, last.right) : repeat;
      }
      out.push(last);
    }
    return out.sort((a, b) => a.id - b.id);
  }

  /** null: an operand absorbs the whole. */
  #flatten(kind: "or" | "and", parts: readonly RegexNode[], neutral: RegexNode): RegexNode[] | null {
    const all = new Map<number, RegexNode>();
    const absorbing = kind === "or" ? this.all() : this.never;
    for (const part of parts) {
      for (const node of part.kind === kind ? part.operands : [part]) {
        if (node === absorbing) return null;
        if (node !== neutral) all.set(node.id, node);
      }
    }
    return [...all.values()].sort((a, b) => a.id - b.id);
  }

  #make(key: string, draft: Draft): RegexNode {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.size >= this.#maxNodes) throw new TooComplex();
    const node = { ...draft, id: this.#nodes.size } as RegexNode;
    this.#nodes.set(key, node);
    return node;
  }
}

function bounded(size: number): number {
  if (size > MAX_SIZE) throw new TooComplex();
  return size;
}

/** The repeat that an alternative is or begins with. */
function repeatOf(node: RegexNode): Extract<RegexNode, { readonly kind: "repeat" }> | null {
  const first = node.kind === "concat" ? node.left : node;
  return first.kind === "repeat" ? first : null;
}

function sum(nodes: readonly RegexNode[]): number {
  return nodes.reduce((total, node) => total + node.size, 0);
}

function ids(nodes: readonly RegexNode[]): string {
  return nodes.map((node) => node.id).join(",");
}

function both(a: boolean | "depends", b: boolean | "depends"): boolean | "depends" {
  return a === false || b === false ? false : a === true && b === true ? true : "depends";
}
