import { arithmetic, isNumeric } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const subtract: EqlFunction = {
  name: "subtract",
  parameters: [
    { name: "a", type: "number" },
    { name: "b", type: "number" },
  ],
  returns: "number",
  insensitive: false,
  doc: "The first number minus the second.",
  examples: [
    { call: "subtract(10, 2)", result: 8 },
    { call: "subtract(2, null)", result: undefined },
  ],
  run: ([a, b]) => (isNumeric(a) && isNumeric(b) ? arithmetic("-", a, b, false) : undefined),
};
