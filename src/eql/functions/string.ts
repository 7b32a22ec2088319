import { stringOf } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const string: EqlFunction = {
  name: "string",
  parameters: [{ name: "value", type: "any" }],
  returns: "string",
  insensitive: false,
  doc: "A value as text.",
  examples: [
    { call: "string(42)", result: "42" },
    { call: "string(42.5)", result: "42.5" },
    { call: 'string("regsvr32.exe")', result: "regsvr32.exe" },
    { call: "string(true)", result: "true" },
    { call: "string(null)", result: undefined },
  ],
  run: ([value]) => (value === undefined ? undefined : stringOf(value)),
};
