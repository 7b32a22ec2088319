import { arithmetic, isNumeric } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const add: EqlFunction = {
  name: "add",
  parameters: [
    { name: "a", type: "number" },
    { name: "b", type: "number" },
  ],
  returns: "number",
  insensitive: false,
  doc: "The sum of two numbers; whole numbers stay whole.",
  examples: [
    { call: "add(7, 3)", result: 10 },
    { call: "add(0.5, 3)", result: 3.5 },
    { call: "add(null, 3)", result: undefined },
  ],
  run: ([a, b]) => (isNumeric(a) && isNumeric(b) ? arithmetic("+", a, b, false) : undefined),
};
