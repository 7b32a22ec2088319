import { foldCase } from "../values/case.ts";
import type { EqlFunction } from "./function.ts";

export const endsWith: EqlFunction<string> = {
  name: "endsWith",
  parameters: [
    { name: "source", type: "string" },
    { name: "substring", type: "string" },
  ],
  returns: "boolean",
  insensitive: true,
  doc: "Whether a text ends with another. The empty text ends everything.",
  examples: [
    { call: 'endsWith("regsvr32.exe", ".exe")', result: true },
    { call: 'endsWith("regsvr32.exe", ".EXE")', result: false },
    { call: 'endsWith~("regsvr32.exe", ".EXE")', result: true },
    { call: 'endsWith("regsvr32.exe", "")', result: true },
    { call: 'endsWith(null, ".exe")', result: undefined },
  ],
  prepare: (constants, insensitive) => ({
    prepared: typeof constants[1] === "string" ? (insensitive ? foldCase(constants[1]) : constants[1]) : "",
    problem: null,
  }),
  run: ([source, substring], insensitive, prepared) => {
    if (typeof source !== "string" || typeof substring !== "string") return undefined;
    if (!insensitive) return source.endsWith(substring);
    return foldCase(source).endsWith(prepared !== null && prepared !== "" ? prepared : foldCase(substring));
  },
};
