import type { EventFilter, Expr, Pattern, Query } from "./tree.ts";

export type WalkedNode = Expr | Pattern;

/** Every expression and pattern of a tree, parents before children, in the order of the text. Depth is bounded by the parser's. */
export function walk(tree: Query | EventFilter | Expr, visit: (node: WalkedNode) => void): void {
  if (!("kind" in tree)) return walkExpr(tree.condition, visit);
  switch (tree.kind) {
    case "event":
      walkExpr(tree.filter.condition, visit);
      break;
    case "sequence":
    case "sample":
    case "join":
      for (const key of tree.by) visit(key);
      for (const item of tree.items) {
        walkExpr(item.filter.condition, visit);
        for (const key of item.by) visit(key);
      }
      if (tree.kind !== "sample" && tree.until !== null) {
        walkExpr(tree.until.filter.condition, visit);
        for (const key of tree.until.by) visit(key);
      }
      break;
    default:
      return walkExpr(tree, visit);
  }
  for (const pipe of tree.pipes) for (const arg of pipe.args) walkExpr(arg, visit);
}

function walkExpr(expr: Expr, visit: (node: WalkedNode) => void): void {
  find(expr, (node) => {
    visit(node);
    return false;
  });
}

/** The first node of an expression, itself included, that passes; null where none does. */
export function find<N extends WalkedNode>(expr: Expr, passes: (node: WalkedNode) => node is N): N | null;
export function find(expr: Expr, passes: (node: WalkedNode) => boolean): WalkedNode | null;
export function find(expr: Expr, passes: (node: WalkedNode) => boolean): WalkedNode | null {
  if (passes(expr)) return expr;
  for (const part of expressionsIn(expr)) {
    const found = find(part, passes);
    if (found !== null) return found;
  }
  return expr.kind === "match" || expr.kind === "any-field" ? (expr.patterns.find(passes) ?? null) : null;
}

function expressionsIn(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "not":
    case "negate":
    case "match":
      return [expr.value];
    case "in":
      return [expr.value, ...expr.list];
    case "comparison":
    case "arithmetic":
      return [expr.left, expr.right];
    case "logical":
      return expr.operands;
    case "call":
      return expr.args;
    case "lineage":
      return [expr.filter.condition];
    default:
      return [];
  }
}

/** The fields a tree names, each once, in the order of their first mention. */
export function fieldsOf(tree: Query | EventFilter | Expr): string[] {
  const names = new Set<string>();
  walk(tree, (node) => {
    if (node.kind === "field") names.add(node.name);
  });
  return [...names];
}

/**
 * A copy of the tree without what the layout of its text decides: spans and comments (of `runsSpan` stays whether it is there). Two trees
 * mean the same where their copies are deeply equal.
 */
export function stripSpans(tree: Query | EventFilter | Expr): unknown {
  return strip(tree);
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === "runsSpan") copy[key] = child !== null;
    else if (key !== "span" && key !== "nameSpan" && key !== "comments") copy[key] = strip(child);
  }
  return copy;
}
