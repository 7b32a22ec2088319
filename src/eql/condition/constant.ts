/** Conditions without any field: what they are is known before the first event. */
import { slotted, type EvaluateContext, type OnFault } from "../run/evaluate.ts";
import type { Expr } from "../syntax/tree.ts";
import { find } from "../syntax/walk.ts";
import { Fault } from "../values/values.ts";

const FIELDS: ReadonlySet<string> = new Set(["field", "any-field", "lineage"]);

/** No field is named, and none is searched. */
export function isConstant(expr: Expr): boolean {
  // Nearly every part names a field at once.
  if ((expr.kind === "match" || expr.kind === "in") && expr.value.kind === "field") return false;
  if (expr.kind === "logical") return expr.operands.every(isConstant);
  return find(expr, (node) => FIELDS.has(node.kind)) === null;
}

const QUIET: EvaluateContext = { typeOf: () => "unknown", now: undefined, report: ignore };

/** Whether a constant condition is true: null is not, and what cannot be computed (division by zero) is a fault and not true. */
export function constantHolds(expr: Expr, context: EvaluateContext = QUIET, onFault: OnFault = ignore): boolean {
  const { evaluate } = slotted(expr, context);
  try {
    return evaluate([]) === true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault(error.code, expr.span, null);
    return false;
  }
}

function ignore(): void {
  // What is wrong with a query is reported where it is checked and where it is run.
}
