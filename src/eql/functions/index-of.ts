import { foldCase } from "../values/case.ts";
import { isNumeric, toDouble } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

export const indexOf: EqlFunction = {
  name: "indexOf",
  parameters: [
    { name: "source", type: "string" },
    { name: "substring", type: "string" },
    { name: "start", type: "number", optional: true },
  ],
  returns: "number",
  insensitive: true,
  narrow: true,
  doc: "The place of a text in another, counted from 0, at or after `start` (0 by default). Null where it does not occur. The empty text occurs everywhere.",
  examples: [
    { call: 'indexOf("user.name@corp.example", ".")', result: 4 },
    { call: 'indexOf("user.name@corp.example", ".", 5)', result: 14 },
    { call: 'indexOf("user.name@corp.example", "CORP")', result: undefined },
    { call: 'indexOf~("user.name@corp.example", "CORP")', result: 10 },
    { call: 'indexOf("user", "", 2)', result: 2 },
    { call: 'indexOf("user", "u", -3)', result: 0 },
    { call: 'indexOf("user", "u", 9)', result: undefined },
    { call: 'indexOf(null, "u")', result: undefined },
  ],
  run: ([source, substring, start], insensitive) => {
    if (typeof source !== "string" || typeof substring !== "string") return undefined;
    const from = isNumeric(start) ? Math.max(Math.trunc(toDouble(start)), 0) : 0;
    if (from > source.length) return undefined;
    const found = insensitive ? foldCase(source).indexOf(foldCase(substring), from) : source.indexOf(substring, from);
    return found < 0 ? undefined : found;
  },
};
