/** Predicates that mention fields more than once: every choice of one value for each mention. */
import type { EventDocument, FieldAccess, Scalar } from "../values/fields.ts";
import type { Slots } from "./evaluate.ts";

/** Combinations of array values tried for one predicate over several mentions of fields. */
const MAX_COMBINATIONS = 10_000;

/** True where some choice of one value for each mention passes. A missing field is chosen as null, once. */
export function combinations(
  accesses: readonly FieldAccess[],
  run: (slots: Slots) => boolean,
  tooMany: () => void,
): (event: EventDocument) => boolean {
  const slots: Slots = accesses.map(() => undefined);
  const choices: (Scalar | undefined | readonly Scalar[])[] = accesses.map(() => undefined);
  const indexes = accesses.map(() => 0);
  return (event) => {
    let count = 1;
    for (let i = 0; i < accesses.length; i++) {
      const value = accesses[i]!(event);
      choices[i] = value;
      indexes[i] = 0;
      if (typeof value === "object") {
        count *= value.length;
        slots[i] = value[0];
      } else slots[i] = value;
    }
    if (count > MAX_COMBINATIONS) {
      tooMany();
      count = MAX_COMBINATIONS;
    }
    for (;;) {
      if (run(slots)) return true;
      if (--count <= 0) return false;
      let at = accesses.length - 1;
      for (; at >= 0; at--) {
        const choice = choices[at];
        if (typeof choice !== "object") continue;
        const next = (indexes[at] = indexes[at]! + 1);
        if (next < choice.length) {
          slots[at] = choice[next];
          break;
        }
        indexes[at] = 0;
        slots[at] = choice[0];
      }
      if (at < 0) return false;
    }
  };
}
