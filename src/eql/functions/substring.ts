import { isNumeric, toDouble } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const substring: EqlFunction = {
  name: "substring",
  parameters: [
    { name: "source", type: "string" },
    { name: "start", type: "number" },
    { name: "end", type: "number", optional: true },
  ],
  returns: "string",
  insensitive: false,
  doc: "The text from `start` up to, not including, `end`. Negative places count from the end; places outside are moved to the edge.",
  examples: [
    { call: 'substring("start regsvr32.exe", 6)', result: "regsvr32.exe" },
    { call: 'substring("start regsvr32.exe", 0, 5)', result: "start" },
    { call: 'substring("start regsvr32.exe", 6, 14)', result: "regsvr32" },
    { call: 'substring("start regsvr32.exe", -4)', result: ".exe" },
    { call: 'substring("start regsvr32.exe", -4, -1)', result: ".ex" },
    { call: 'substring("start", 3, 1)', result: "" },
    { call: "substring(null, 1)", result: undefined },
  ],
  run: ([source, start, end]) => {
    if (typeof source !== "string") return undefined;
    return source.slice(isNumeric(start) ? toDouble(start) : 0, isNumeric(end) ? toDouble(end) : source.length);
  },
};
