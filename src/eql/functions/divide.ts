import { arithmetic, isNumeric } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const divide: EqlFunction = {
  name: "divide",
  parameters: [
    { name: "a", type: "number" },
    { name: "b", type: "number" },
  ],
  returns: "number",
  insensitive: false,
  doc: "The first number divided by the second. Two whole numbers give a whole number, truncated toward zero.",
  examples: [
    { call: "divide(4, 2)", result: 2 },
    { call: "divide(7, 2)", result: 3 },
    { call: "divide(7.0, 2)", result: 3.5 },
    { call: "divide(-7, 2)", result: -3 },
    { call: "divide(null, 2)", result: undefined },
  ],
  run: ([a, b]) => (isNumeric(a) && isNumeric(b) ? arithmetic("/", a, b, false) : undefined),
};
