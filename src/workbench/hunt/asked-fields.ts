/** Which fields a hunt looks at before it knows whether a rule needs the event: only these are mapped then. */
import type { Plan } from "../../detect/index.ts";
import type { NormaliserOptions } from "../../ecs/index.ts";
import type { EventScope } from "../narrowing/event-narrowing.ts";
import { COUNTED_FIELDS } from "./event-tally.ts";

/** @param isAllowed false: every field, for comparison */
export function askedFields(
  { fields, namesAllFields }: Pick<Plan, "fields" | "namesAllFields">,
  scope: EventScope,
  isAllowed: boolean,
): Pick<NormaliserOptions, "fields"> {
  return isAllowed && namesAllFields ? { fields: [...new Set([...fields, ...scope.fields, ...COUNTED_FIELDS])] } : {};
}
