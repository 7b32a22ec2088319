import { stringOf } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const concat: EqlFunction = {
  name: "concat",
  parameters: [{ name: "value", type: "any", variadic: true }],
  returns: "string",
  insensitive: false,
  doc: "The values as one text. Null where any of them is null.",
  examples: [
    { call: 'concat("process is ", "regsvr32.exe")', result: "process is regsvr32.exe" },
    { call: 'concat(42.5, true, "x", 7)', result: "42.5truex7" },
    { call: 'concat("alone")', result: "alone" },
    { call: 'concat("a", null)', result: undefined },
  ],
  run: (values) => {
    let text = "";
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === undefined) return undefined;
      text += stringOf(value);
    }
    return text;
  },
};
