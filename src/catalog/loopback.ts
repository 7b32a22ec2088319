/** The switch `lab_loopback`: the same query without its exclusions of the loopback addresses, for tests that aim at 127.0.0.1. */
import type { EventFilter, Expr, Query } from "../eql/index.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.0/8", "127.0.0.1", "127.0.0.1/32", "::1", "::1/128"]);

/** `not cidrMatch(x, "127.0.0.0/8", "::1/128")` among the operands of an `and` is left out; anything else stays as it is. */
export function withLoopback(query: Query): Query {
  if (query.kind === "event") return { ...query, filter: filterWith(query.filter) };
  const items = query.items.map((item) => ({ ...item, filter: filterWith(item.filter) }));
  if (query.kind === "sample") return { ...query, items };
  return { ...query, items, until: query.until === null ? null : { ...query.until, filter: filterWith(query.until.filter) } };
}

function filterWith(filter: EventFilter): EventFilter {
  return { ...filter, condition: conditionWith(filter.condition) };
}

function conditionWith(expr: Expr): Expr {
  if (expr.kind !== "logical") return expr;
  const kept = expr.op === "and" ? expr.operands.filter((operand) => !excludesLoopback(operand)) : expr.operands;
  const operands = kept.map(conditionWith);
  if (operands.length === 0) return { kind: "boolean", span: expr.span, value: true };
  return operands.length === 1 ? operands[0]! : { ...expr, operands };
}

function excludesLoopback(expr: Expr): boolean {
  if (expr.kind !== "not" || expr.value.kind !== "call" || expr.value.name.toLowerCase() !== "cidrmatch") return false;
  const blocks = expr.value.args.slice(1);
  return blocks.length > 0 && blocks.every((block) => block.kind === "string" && LOOPBACK.has(block.value));
}
