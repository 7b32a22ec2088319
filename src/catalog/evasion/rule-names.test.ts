import { expect, test } from "vitest";
import { parse } from "../../eql/index.ts";
import { ruleNames } from "./rule-names.ts";

const names = (text: string) => ruleNames([parse(text).query!]).nameProgram;

test.each([
  ['process where process.name : "schtasks.exe"', true],
  ['process where process.executable : "*\\\\SchTasks.exe"', true],
  ['process where process.command_line like~ "*schtasks /create*"', true],
  ['process where process.name in ("at.exe", "schtasks.exe")', true],
  ['process where process.name == "schtasks.exe"', true],
  ['process where process.command_line regex "schtasks\\\\.exe.*"', true],
  ['sequence [process where true] [process where process.name : "schtasks.exe"]', true],
  ['process where process.name : "myschtasks.exe"', false],
  ['process where process.name : "tasks.exe"', false],
  ["process where process.pid > 4", false],
])("%s names schtasks.exe: %s", (query, expected) => {
  expect(names(query)("SCHTASKS.EXE")).toBe(expected);
});
