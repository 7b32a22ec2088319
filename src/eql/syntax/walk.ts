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
  visit(expr);
  switch (expr.kind) {
    case "not":
    case "negate":
      walkExpr(expr.value, visit);
      break;
    case "match":
      walkExpr(expr.value, visit);
      for (const pattern of expr.patterns) visit(pattern);
      break;
    case "any-field":
      for (const pattern of expr.patterns) visit(pattern);
      break;
    case "in":
      walkExpr(expr.value, visit);
      for (const item of expr.list) walkExpr(item, visit);
      break;
    case "comparison":
    case "arithmetic":
      walkExpr(expr.left, visit);
      walkExpr(expr.right, visit);
      break;
    case "logical":
      for (const operand of expr.operands) walkExpr(operand, visit);
      break;
    case "call":
      for (const arg of expr.args) walkExpr(arg, visit);
      break;
    case "lineage":
      walkExpr(expr.filter.condition, visit);
      break;
    default:
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
