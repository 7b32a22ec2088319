/** What every event must satisfy to be in a query's result, as far as the tree of conditions can say it: wider than the query, never narrower. */
import { make, parseWildcard, type Expr } from "../eql/index.ts";
import type { EsqlExpr, EsqlQuery, LiteralExpr } from "./tree.ts";

/** The conditions of `where` before anything is computed, grouped or ordered. */
export function esqlPrefilter({ commands, span }: EsqlQuery): Expr {
  const conditions: Expr[] = [];
  for (const command of commands) {
    // What is kept or dropped changes no value; anything else may.
    if (command.kind === "keep" || command.kind === "drop") continue;
    if (command.kind !== "where") break;
    const condition = wider(command.condition);
    if (condition !== null) conditions.push(condition);
  }
  return make.all(conditions, span);
}

/** Null: nothing is known of it. */
function wider(expr: EsqlExpr): Expr | null {
  const { span } = expr;
  switch (expr.kind) {
    case "binary": {
      if (expr.op === "and") {
        const known = [wider(expr.left), wider(expr.right)].filter((one) => one !== null);
        return known.length === 0 ? null : make.all(known, span);
      }
      if (expr.op === "or") {
        const [left, right] = [wider(expr.left), wider(expr.right)];
        return left === null || right === null ? null : make.any([left, right], span);
      }
      if (expr.op !== "==" || expr.left.kind !== "name" || expr.right.kind !== "literal") return null;
      return equals(expr.left.name, expr.right);
    }
    case "in": {
      if (expr.value.kind !== "name") return null;
      const { name } = expr.value;
      const tests = expr.list.map((item) => (item.kind === "literal" ? equals(name, item) : null));
      const known = tests.filter((test) => test !== null);
      return known.length < tests.length ? null : make.any(known, span);
    }
    case "like":
      if (expr.value.kind !== "name" || expr.patterns.some(({ text }) => text.includes("\\"))) return null;
      return make.matches(
        make.field(expr.value.name, span),
        expr.patterns.map(({ text }) => make.wildcard(parseWildcard(text), span)),
        false,
        span,
      );
    case "is-null":
      return expr.negated && expr.value.kind === "name" ? make.exists(expr.value.name, span) : null;
    default:
      return null;
  }
}

function equals(name: string, { value, span }: LiteralExpr): Expr | null {
  // Dates and addresses are texts too, and equal in more than one way of writing.
  if (typeof value !== "string" || /^(?:@timestamp|.*(?:\.ip|\.created|\.start|\.end|\.ingested))$/.test(name)) return null;
  return make.matches(make.field(name, span), [make.literal(value, span)], false, span);
}
