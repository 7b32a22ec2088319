/**
 * Sumo Logic: a log search over Windows' events as its collectors ship them in JSON.
 *
 * Facts (Sumo Logic's reference): the words before the first pipe ignore case, the operators behind it do not, so both sides are put in
 * lower case; `json` with `nodrop` keeps events without the field, which is then empty; `matches` takes `/expressions/` of RE2.
 */
import type { WindowsEventType } from "../../ecs/index.ts";
import type { EventFilter } from "../../eql/index.ts";
import { translateQuery } from "../translator.ts";
import type { Unsupported } from "../fold.ts";
import { formulaOf, type Test, type TextTest } from "../formula.ts";
import { indented, infix } from "../infix.ts";
import { shapeOf } from "../patterns.ts";
import { needsDotAll, pcreOf, pcreOfParts } from "../regex/pcre.ts";
import { branchesOf, type Branch, type Table } from "../tables/tables.ts";
import type { LossList } from "../loss-list.ts";
import type { Platform, TranslationRequest } from "../translation.ts";
import { windowsTableEvents } from "../tables/windows.ts";

let made: readonly Table<WindowsEventType>[] | undefined;

function tables(): readonly Table<WindowsEventType>[] {
  made ??= [
    {
      name: "Windows events",
      events: windowsTableEvents(["security", "sysmon", "system", "powershell", "powershell_operational"], {
        data: (name) => name,
        header: (name) => (name === "Computer" || name === "Channel" ? name : name === "TimeCreated" ? "_messagetime" : null),
        type: (_, ecs) => (ecs === "time" ? "time" : "text"),
      }),
    },
  ];
  return made;
}

export function sumoString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function regex(source: string, flags: string): string {
  return `/${flags === "" ? "" : `(?${flags})`}${source.replaceAll(/(?<!\\)((?:\\\\)*)\//g, String.raw`$1\/`)}/`;
}

function testOf(test: Test): string | Unsupported {
  switch (test.kind) {
    case "text":
      return texts(test);
    case "regex": {
      const parts: string[] = [];
      for (const pattern of test.patterns) {
        const told = pcreOf(pattern, test.insensitive);
        if ("unsupported" in told) return told;
        parts.push(`${test.field} matches ${regex(told.source, told.flags)}`);
      }
      return either(parts);
    }
    case "value":
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order here" };
      if (typeof test.value === "boolean") return `toLowerCase(${test.field}) = "${test.value}"`;
      return `(!isBlank(${test.field}) and num(${test.field}) ${test.op === "==" ? "=" : test.op} ${test.value})`;
    case "exists":
      return `!isBlank(${test.field})`;
    case "cidr": {
      const four = test.blocks.flatMap((block) => (block.includes(":") ? [] : [block.split("/")]));
      const six = test.blocks.filter((block) => block.includes(":") && !block.endsWith("/128"));
      if (six.length > 0) return { unsupported: "Blocks of IPv6 cannot be tested" };
      return either([
        ...four.map(([address, length]) => `compareCIDRPrefix(${sumoString(address!)}, ${test.field}, toInt(${length ?? "32"}))`),
        ...test.blocks.filter((block) => block.endsWith("/128")).map((block) => `${test.field} = ${sumoString(block.slice(0, -4))}`),
      ]);
    }
    case "any-field":
      return {
        unsupported: "Words before the first pipe are looked for in the whole message, not in single values",
        advice: "Name the fields.",
      };
    case "computed":
      return { unsupported: "Computed values are not carried over" };
  }
}

function texts(test: TextTest): string {
  const field = test.insensitive ? `toLowerCase(${test.field})` : test.field;
  const equals: string[] = [];
  const parts: string[] = [];
  for (const { parts: of } of test.patterns) {
    const [only] = of;
    if (of.length === 1 && only!.kind === "any") return `!isBlank(${test.field})`;
    const shape = shapeOf(of);
    if (shape === null) {
      const flags = `${test.insensitive ? "i" : ""}${needsDotAll(of) ? "s" : ""}`;
      parts.push(`${test.field} matches ${regex(pcreOfParts(of), flags)}`);
      continue;
    }
    const text = sumoString(test.insensitive ? shape.text.toLowerCase() : shape.text);
    if (shape.shape === "equals") equals.push(text);
    else if (shape.shape === "contains") parts.push(`contains(${field}, ${text})`);
    else parts.push(`${test.field} matches ${regex(pcreOfParts(of), test.insensitive ? "i" : "")}`);
  }
  if (equals.length > 0) parts.unshift(equals.length === 1 ? `${field} = ${equals[0]!}` : `${field} in (${equals.join(", ")})`);
  return either(parts);
}

function either(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" or ")})`;
}

function branchText({ events, formula }: Branch<WindowsEventType>, losses: LossList): string | null {
  const folded = infix(
    formula,
    {
      and: "and",
      or: "or",
      not: (operand) => `!(${operand.startsWith("(") && operand.endsWith(")") ? operand.slice(1, -1) : operand})`,
      indent: "  ",
      test: testOf,
    },
    losses.add,
  );
  if (folded.kind === "lost" || (folded.kind === "constant" && !folded.value)) return null;
  const own = either(
    [...new Set(events.map(({ select }) => select.channel))].map((channel) => {
      const codes = events.filter(({ select }) => select.channel === channel).map(({ select }) => `"${select.code}"`);
      return `Channel = ${sumoString(channel)} and EventID ${codes.length === 1 ? `= ${codes[0]!}` : `in (${codes.join(", ")})`}`;
    }),
  );
  if (folded.kind === "constant") return own;
  return `${own} and ${folded.value.level === "or" ? `(\n${indented(folded.value.text, "  ")}\n)` : folded.value.text}`;
}

function queryOf(filter: EventFilter, request: TranslationRequest, losses: LossList): string | null {
  const branches = branchesOf(formulaOf(filter), tables(), losses.add, filter.span, request.fields);
  const parts = branches.flatMap((branch) => branchText(branch, losses) ?? []);
  if (parts.length === 0) return null;
  const names = [...new Set(branches.flatMap((branch) => [...branch.columns.keys()]))].filter(
    (name) => !["Computer", "Channel", "_messagetime"].includes(name),
  );
  const codes = [...new Set(branches.flatMap((branch) => branch.events.map(({ select }) => `"${select.code}"`)))];
  const where = parts.length === 1 ? parts[0]! : parts.map((part) => `(\n${indented(part, "  ")}\n)`).join("\nor ");
  const text = [
    `_sourceCategory=*windows* (${codes.join(" or ")})`,
    '| json "Event.System.EventID", "Event.System.Channel", "Event.System.Computer" as EventID, Channel, Computer nodrop',
    ...(names.length === 0 ? [] : [`| json ${names.map((name) => `"Event.EventData.${name}"`).join(", ")} as ${names.join(", ")} nodrop`]),
    `| where ${where}`,
    "",
  ].join("\n");
  return text;
}

export const sumo = {
  title: "Sumo Logic",
  extension: "sumo",
  checked: "text",
  translate: (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => queryOf(filter, request, losses),
      sequence: {
        reason: "A log search does not put events in order",
        advice: "Make a chain rule of Cloud SIEM with a match rule for each event.",
      },
    }),
} as const satisfies Platform;
