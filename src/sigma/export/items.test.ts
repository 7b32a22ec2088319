import { describe, expect, test } from "vitest";
import { normaliseExpr, parseExpression, rewrite, type Condition, type Loss } from "../../eql/index.ts";
import { ItemWriter, type SelectionItem } from "./items.ts";
import type { LogSourceShare } from "./log-source-shares.ts";
import { SigmaFields } from "./sigma-fields.ts";

interface Written {
  readonly items: string | null;
  readonly losses: readonly string[];
  readonly missing: readonly string[];
}

function write(text: string, category: string | null, service: string | null, about: readonly string[] = []): Written {
  const condition = normaliseExpr(parseExpression(text).expr!);
  const share: LogSourceShare = {
    logsource: { product: "windows", category, service },
    codes: [],
    about,
    condition,
    span: { from: 0, to: 0 },
  };
  const losses: Loss[] = [];
  const writer = new ItemWriter(new SigmaFields(share), (loss) => losses.push(loss));
  const items = rewrite<SelectionItem>(
    condition,
    (predicate, positive) => writer.items(predicate, positive),
    (loss) => losses.push(loss),
  );
  return {
    items: items === null ? null : shown(items),
    losses: losses.map(({ effect, reason }) => `${effect}: ${reason.split(":")[0]!}`),
    missing: [...writer.missing],
  };
}

function shown(items: Condition<SelectionItem>): string {
  switch (items.kind) {
    case "constant":
      return String(items.value);
    case "not":
      return `not ${shown(items.operand)}`;
    case "predicate":
      return `${items.predicate.key}: ${JSON.stringify(items.predicate.values)}`;
    default:
      return items.operands.map((operand) => `(${shown(operand)})`).join(` ${items.kind} `);
  }
}

const BY_NAME = "A program that is recorded by its name alone, without a path, is not matched by the end of a path";
const FOLDER = "Sigma has paths, not names";

describe("items of process_creation", () => {
  test.each<[condition: string, items: string | null, losses: readonly string[]]>([
    // Whole values, with and without regard to case.
    ['process.command_line == "abc"', 'CommandLine|cased: ["abc"]', []],
    ['process.command_line : "abc"', 'CommandLine: ["abc"]', []],
    ['process.command_line == "12"', 'CommandLine: ["12"]', []],
    [
      'process.command_line like ("*a*", "b*", "*c", "d*e")',
      '(CommandLine|contains|cased: ["a"]) or (CommandLine|startswith|cased: ["b"]) or (CommandLine|endswith|cased: ["c"]) or (CommandLine|cased: ["d*e"])',
      [],
    ],
    ['process.command_line == ""', String.raw`CommandLine|re: ["\\A\\z"]`, []],
    ['process.command_line : "-"', String.raw`CommandLine|re: ["\\A-\\z"]`, []],
    ["process.command_line == null", "CommandLine: [null]", []],
    ["process.command_line != null", "not CommandLine: [null]", []],
    ["process.pid > 4", "ProcessId|gt: [4]", []],
    ["4 >= process.pid", "ProcessId|lte: [4]", []],
    ['process.command_line regex~ "a+"', String.raw`CommandLine|re|i|s: ["\\A(?:a+)\\z"]`, []],
    // The last part of a path.
    ['process.name : "a.exe"', String.raw`Image|endswith: ["\\a.exe"]`, [`narrower: ${BY_NAME}`]],
    ['not process.name : "a.exe"', String.raw`not Image|endswith: ["\\a.exe"]`, [`wider: ${BY_NAME}`]],
    ['process.name : "System"', String.raw`(Image|endswith: ["\\System"]) or (Image: ["System"])`, []],
    ['process.name : "a*"', String.raw`Image|contains: ["\\a"]`, [`narrower: ${BY_NAME}`, `wider: ${FOLDER}`]],
    ['process.name : "*a.exe"', 'Image|endswith: ["a.exe"]', [`narrower: ${BY_NAME}`]],
    ["process.name == null", "Image: [null]", []],
    // Arguments, accounts.
    ['process.args : "use"', 'CommandLine|contains: ["use"]', ["wider: Sigma has no arguments, only the command line"]],
    ['not process.args : "use"', 'not CommandLine|contains: ["use"]', ["narrower: Sigma has no arguments, only the command line"]],
    [
      'user.name : "eve"',
      String.raw`User|endswith: ["\\eve"]`,
      ["wider: Sigma's `User` is domain and name in one; the pattern may reach over both"],
    ],
    // Two fields.
    ["process.command_line == process.executable", 'CommandLine|fieldref|cased: ["Image"]', []],
    ["startsWith~(process.command_line, process.executable)", 'CommandLine|fieldref|startswith: ["Image"]', []],
    ["stringContains(process.command_line, process.executable)", 'CommandLine|fieldref|contains|cased: ["Image"]', []],
    // What Sigma does not have.
    ["length(process.command_line) > 3", null, ["untranslatable: Sigma compares fields, not computed values"]],
    ['process.command_line > "a"', null, ["untranslatable: Sigma's `lt`, `gt` and their like compare with numbers"]],
    ['process.command_line regex "a~b"', null, ["untranslatable: The regular expression uses operators that only Lucene has"]],
  ])("%s", (condition, items, losses) => {
    const written = write(condition, "process_creation", null);
    expect(written.items).toBe(items);
    expect([...written.losses].sort()).toEqual([...losses].sort());
    expect(written.missing).toEqual([]);
  });

  test("fields that the log source does not have are known", () => {
    const written = write('process.pid == 1 and (dns.question.name : "x" or file.path == null)', "process_creation", null);
    expect(written.items).toBe("ProcessId: [1]");
    expect(written.missing).toEqual(["dns.question.name", "file.path"]);
  });
});

describe("words of Sigma for values of ECS", () => {
  test("those that are there, and what is lost by the others", () => {
    expect(write('network.direction : "egress"', "network_connection", null).items).toMatch(/^Initiated: \["true"\]$/);
    const mixed = write('network.direction : ("egress", "sideways")', "network_connection", null);
    expect(mixed.items).toBe('Initiated: ["true"]');
    expect(mixed.losses).toContain('narrower: `Initiated` has no value for "sideways"');
    const none = write('network.direction : "sideways"', "network_connection", null);
    expect([none.items, none.losses]).toEqual([null, ["untranslatable: Sigma has no value of `Initiated` for this"]]);
  });
});

describe("the account of the Security log", () => {
  test.each<[codes: readonly string[], field: string | null]>([
    [["4624"], "TargetUserName"],
    [["5145"], "SubjectUserName"],
    [["4624", "5145"], null],
    [["4648"], null],
  ])("of %s it is %s", (codes, field) => {
    const written = write('user.name == "eve"', null, "security", codes);
    expect(written.items).toBe(field === null ? null : `${field}|cased: ["eve"]`);
    expect(written.missing).toEqual(field === null ? ["user.name"] : []);
  });
});

test("codes of events are numbers", () => {
  expect(write('not event.code in ("1", "3", "x1")', null, "sysmon").items).toBe('not (EventID: [1,3]) or (EventID|cased: ["x1"])');
});
