/** Conditions without any field: what they are is known before the first event. */
import { slotted, type EvaluateContext, type OnFault } from "../run/evaluate.ts";
import type { Expr } from "../syntax/tree.ts";
import { Fault } from "../values/values.ts";

/** No field is named, and none is searched. */
export function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case "field":
    case "any-field":
    case "lineage":
      return false;
    case "call":
      return expr.args.every(isConstant);
    case "negate":
    case "not":
    case "match":
      return isConstant(expr.value);
    case "arithmetic":
    case "comparison":
      return isConstant(expr.left) && isConstant(expr.right);
    case "in":
      return isConstant(expr.value) && expr.list.every(isConstant);
    case "logical":
      return expr.operands.every(isConstant);
    default:
      return true;
  }
}

const QUIET: EvaluateContext = { typeOf: () => "unknown", now: undefined, report: ignore };

/** Whether a constant condition is true: null is not, and what cannot be computed (division by zero) is a fault and not true. */
export function constantHolds(expr: Expr, context: EvaluateContext = QUIET, onFault: OnFault = ignore): boolean {
  const { evaluate } = slotted(expr, context);
  try {
    return evaluate([]) === true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault(error.code, expr.span);
    return false;
  }
}

function ignore(): void {
  // What is wrong with a query is reported where it is checked and where it is run.
}
