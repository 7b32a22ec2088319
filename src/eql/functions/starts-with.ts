import { foldCase } from "../values/case.ts";
import type { EqlFunction } from "./function.ts";

export const startsWith: EqlFunction<string> = {
  name: "startsWith",
  parameters: [
    { name: "source", type: "string" },
    { name: "substring", type: "string" },
  ],
  returns: "boolean",
  insensitive: true,
  doc: "Whether a text starts with another. The empty text starts everything.",
  examples: [
    { call: 'startsWith("regsvr32.exe", "regsvr32")', result: true },
    { call: 'startsWith("regsvr32.exe", "RegSvr32")', result: false },
    { call: 'startsWith~("regsvr32.exe", "RegSvr32")', result: true },
    { call: 'startsWith("regsvr32.exe", null)', result: undefined },
  ],
  prepare: (constants, insensitive) => ({
    prepared: typeof constants[1] === "string" ? (insensitive ? foldCase(constants[1]) : constants[1]) : "",
    problem: null,
  }),
  run: ([source, substring], insensitive, prepared) => {
    if (typeof source !== "string" || typeof substring !== "string") return undefined;
    if (!insensitive) return source.startsWith(substring);
    return foldCase(source).startsWith(prepared !== null && prepared !== "" ? prepared : foldCase(substring));
  },
};
