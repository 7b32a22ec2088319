/** A filter's condition as targets read it. */
import { normalise, replacePredicates, type Condition, type EventFilter } from "../eql/index.ts";
import { splitJoined } from "./joined.ts";
import { withoutRepeats } from "./repeats.ts";

/** No target joins the texts of two fields, so patterns over `concat` of them become predicates of each field. */
export function conditionOf(filter: EventFilter): Condition {
  return withoutRepeats(replacePredicates(normalise(filter), splitJoined));
}
