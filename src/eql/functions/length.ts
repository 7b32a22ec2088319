import type { EqlFunction } from "./function.ts";

export const length: EqlFunction = {
  name: "length",
  parameters: [{ name: "string", type: "string" }],
  returns: "number",
  insensitive: false,
  narrow: true,
  doc: "The length of a text in UTF-16 units, as Java and JavaScript count.",
  examples: [
    { call: 'length("explorer.exe")', result: 12 },
    { call: 'length("")', result: 0 },
    { call: "length(null)", result: undefined },
  ],
  run: ([text]) => (typeof text === "string" ? text.length : undefined),
};
