import { describe, expect, test } from "vitest";
import { parse, type Condition, type EventQuery, type Loss } from "../../eql/index.ts";
import { conditionOf } from "../condition.ts";
import { branchesOf, type Branch } from "./tables.ts";
import { windowsTableEvents, type WindowsLogged } from "./windows.ts";

const TABLES = [
  { name: "Sysmon", events: windowsTableEvents(["sysmon"], { data: (name) => name, header: (name) => name }) },
  { name: "Security", events: windowsTableEvents(["security"], { data: (name) => name, header: (name) => name }) },
  { name: "System", events: windowsTableEvents(["system"], { data: (name) => name, header: (name) => name }) },
];

function branches(query: string): { readonly made: string[]; readonly losses: string[] } {
  const tree = parse(query).query;
  const filter = (tree as EventQuery).filter;
  const losses: Loss[] = [];
  const made = branchesOf(conditionOf(filter), TABLES, (loss) => losses.push(loss), filter.span);
  return { made: made.map(text), losses: losses.map((loss) => `${loss.effect}: ${loss.reason}`) };
}

function text({ table, events, condition }: Branch<WindowsLogged>): string {
  return `${table.name} ${events.map((event) => event.select.code).join(",")}: ${shown(condition)}`;
}

function shown(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "not":
      return `not(${shown(condition.operand)})`;
    case "predicate": {
      const { predicate: of } = condition;
      const what =
        of.kind === "text"
          ? of.patterns
              .map(({ parts }) => parts.map((part) => (part.kind === "literal" ? part.text : part.kind === "any" ? "*" : "?")).join(""))
              .join("|")
          : of.kind === "value"
            ? `${of.op}${of.value}`
            : of.kind;
      return `${"field" in of ? of.field : ""}~${what}`;
    }
    default:
      return `(${condition.operands.map(shown).join(` ${condition.kind} `)})`;
  }
}

describe("a condition worked out for tables of raw events", () => {
  test("known fields decide, others become columns", () => {
    expect(branches('process where event.type == "start" and process.name : "net.exe" and process.command_line : "*use*"')).toEqual({
      made: [
        "Sysmon 1: (Image~*\\net.exe|net.exe and CommandLine~*use*)",
        "Security 4688: (NewProcessName~*\\net.exe|net.exe and CommandLine~*use*)",
      ],
      losses: [],
    });
  });

  test("what no table could express is reported once", () => {
    expect(branches("process where length(process.command_line) > 100")).toEqual({
      made: [],
      losses: expect.arrayContaining([
        "untranslatable: Computed values are not supported on raw events: and nothing else is left",
      ]) as unknown,
    });
    expect(branches("process where length(process.command_line) > 100").losses.filter((loss) => loss.includes("the condition"))).toEqual(
      [],
    );
  });

  test("codes choose the events, and equal conditions of several events are one", () => {
    expect(branches('any where event.code in ("5140", "5145") and winlog.event_data.ShareName : "*C$"').made).toEqual([
      "Security 5140,5145: ShareName~*C$",
    ]);
  });

  test("a field the event does not have is missing, not lost", () => {
    const { made, losses } = branches('network where destination.port == 445 and process.command_line : "*C$*"');
    expect(made).toEqual([]);
    expect(losses).toEqual(["untranslatable: No table of the target holds events for which the condition can hold"]);
  });

  test("a field of the event that the raw event says otherwise is named", () => {
    const { made, losses } = branches('process where event.type == "start" and process.name == "a.exe" and process.pid == 4');
    expect(made).toEqual(["Sysmon 1: (Image~*\\a.exe|a.exe and ProcessId~==4)"]);
    expect(losses).toEqual(["narrower: Security (Security 4688) has no column for `process.pid` and is left out"]);
  });

  test("words become codes, items of lists are looked for", () => {
    expect(branches('authentication where event.code == "4624" and winlog.logon.type == "Network"').made).toEqual([
      "Security 4624: LogonType~3",
    ]);
    expect(branches('process where event.code == "1" and process.hash.sha256 == "AB"').made).toEqual(["Sysmon 1: Hashes~*SHA256=AB*"]);
  });

  test("what is negated stays true where the field is missing", () => {
    expect(
      branches('any where event.code == "7045" and not winlog.event_data.ImagePath : "C:\\\\Windows\\\\*" and process.name == null').made,
    ).toEqual(["System 7045: not(ImagePath~C:\\Windows\\*)"]);
  });
});
