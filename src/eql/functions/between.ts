import { foldCase } from "../values/case.ts";
import type { EqlFunction } from "./function.ts";

export const between: EqlFunction = {
  name: "between",
  parameters: [
    { name: "source", type: "string" },
    { name: "left", type: "string" },
    { name: "right", type: "string" },
    { name: "greedy", type: "boolean", optional: true },
  ],
  returns: "string",
  insensitive: true,
  doc: "The text between the first `left` and the next `right`; with `greedy` (false by default) up to the last `right`. Empty where one of them is not found; the whole source where `left` or `right` is empty.",
  examples: [
    { call: 'between("welcome home", "wel", "me", false)', result: "co" },
    { call: 'between("welcome home", "wel", "me", true)', result: "come ho" },
    { call: 'between~("PsExec.exe -s cmd", "psexec.EXE ", " CMD")', result: "-s" },
    { call: 'between("welcome home", "bye", "me")', result: "" },
    { call: 'between("welcome home", "", "me")', result: "welcome home" },
    { call: 'between(null, "a", "b")', result: undefined },
  ],
  run: ([source, left, right, greedy], insensitive) => {
    if (typeof source !== "string" || typeof left !== "string" || typeof right !== "string") return undefined;
    if (left === "" || right === "") return source;
    const text = insensitive ? foldCase(source) : source;
    const open = insensitive ? foldCase(left) : left;
    const close = insensitive ? foldCase(right) : right;
    const found = text.indexOf(open);
    if (found < 0) return "";
    const start = found + open.length;
    const end = greedy === true ? text.lastIndexOf(close) : text.indexOf(close, start);
    return end < start ? "" : source.slice(start, end);
  },
};
