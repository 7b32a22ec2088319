import { foldCase } from "../values/case.ts";
import type { EqlFunction } from "./function.ts";

export const stringContains: EqlFunction = {
  name: "stringContains",
  parameters: [
    { name: "source", type: "string" },
    { name: "substring", type: "string" },
  ],
  returns: "boolean",
  insensitive: true,
  doc: "Whether a text holds another. False where one of them is empty. Elasticsearch fails the whole query where `substring` is null; here the result is null.",
  examples: [
    { call: 'stringContains("start regsvr32.exe", "regsvr32")', result: true },
    { call: 'stringContains("start regsvr32.exe", "RegSvr32")', result: false },
    { call: 'stringContains~("start regsvr32.exe", "RegSvr32")', result: true },
    { call: 'stringContains("start regsvr32.exe", "")', result: false },
    { call: 'stringContains(null, "regsvr32")', result: undefined },
    { call: 'stringContains("regsvr32", null)', result: undefined },
  ],
  run: ([source, substring], insensitive) => {
    if (typeof source !== "string" || typeof substring !== "string") return undefined;
    if (source === "" || substring === "") return false;
    return insensitive ? foldCase(source).includes(foldCase(substring)) : source.includes(substring);
  },
};
