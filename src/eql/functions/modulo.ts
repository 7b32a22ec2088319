import { arithmetic, isNumeric } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const modulo: EqlFunction = {
  name: "modulo",
  parameters: [
    { name: "a", type: "number" },
    { name: "b", type: "number" },
  ],
  returns: "number",
  insensitive: false,
  doc: "The remainder of a division; it has the sign of the first number.",
  examples: [
    { call: "modulo(10, 6)", result: 4 },
    { call: "modulo(-10, 6)", result: -4 },
    { call: "modulo(10, 0.5)", result: 0 },
    { call: "modulo(10, null)", result: undefined },
  ],
  run: ([a, b]) => (isNumeric(a) && isNumeric(b) ? arithmetic("%", a, b, false) : undefined),
};
