import { arithmetic, isNumeric } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const multiply: EqlFunction = {
  name: "multiply",
  parameters: [
    { name: "a", type: "number" },
    { name: "b", type: "number" },
  ],
  returns: "number",
  insensitive: false,
  doc: "The product of two numbers.",
  examples: [
    { call: "multiply(2, 3)", result: 6 },
    { call: "multiply(0.5, 3)", result: 1.5 },
    { call: "multiply(null, 2)", result: undefined },
  ],
  run: ([a, b]) => (isNumeric(a) && isNumeric(b) ? arithmetic("*", a, b, false) : undefined),
};
