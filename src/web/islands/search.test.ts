import { expect, test } from "vitest";
import { matching } from "./search.ts";

const entries = [
  ["event", "5145 A network share object was checked", "sources/a/#e", "Security"],
  ["rule", "C1 Executable written to an administrative share", "rules/C1/", "T1021.002 winlog.event_data.ShareName security 5145"],
  ["rule", "B1 net use of an administrative share", "rules/B1/", "T1021.002 process.command_line sysmon 1"],
  ["technique", "T1021.002 SMB/Windows Admin Shares", "attack/#T1021.002", ""],
] as const;
const found = (text: string): string[] => matching(entries, text.split(" ")).map(([, , path]) => path);

test("every word must be there, and what has it in its title comes first", () => {
  expect(found("5145")).toEqual(["sources/a/#e", "rules/C1/"]);
  expect(found("sharename")).toEqual(["rules/C1/"]);
  expect(found("rule share")).toEqual(["rules/C1/", "rules/B1/"]);
  expect(found("t1021.002")[0]).toBe("attack/#T1021.002");
  expect(found("share nowhere")).toEqual([]);
});
