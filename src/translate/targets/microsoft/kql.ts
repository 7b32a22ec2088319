/**
 * The Kusto query language of Microsoft's products, over tables of raw events.
 *
 * Facts (Microsoft's language reference): strings are never null, a missing one is empty; `==` and `in` mind the case, `=~` and `in~`
 * do not; `has` looks for whole terms and is no translation of a wildcard, `contains`, `startswith` and `endswith` are, with `_cs`
 * where case counts; `matches regex` is RE2.
 */
import type { EventFilter, SequenceItem, SequenceQuery } from "../../../eql/index.ts";
import { translateQuery, presentItems } from "../../translator.ts";
import type { Folded, Unsupported } from "../../fold.ts";
import { formulaOf, type Test, type TextPattern } from "../../formula.ts";
import { indented, infix, type Fragment } from "../../infix.ts";
import { hasCaseBeyondAscii, shapeOf } from "../../patterns.ts";
import { needsDotAll, pcreOf, pcreOfParts } from "../../regex/pcre.ts";
import { branchesOf, keyColumn, type Branch, type Column, type Table } from "../../tables/tables.ts";
import type { LossList } from "../../loss-list.ts";
import type { DeployFile, TranslationRequest, Translation } from "../../translation.ts";

/** What a product's tables need beside their columns. */
export interface KqlTables<T> {
  /** Made at first use: working them out takes a moment. */
  readonly tables: () => readonly Table<T>[];
  /** Name of the time's column. */
  readonly time: string;
  /** The lines between the table's name and the condition: which of its events, and what is unpacked. */
  readonly select: (branch: Branch<T>) => readonly string[];
}

/** A text as a string of the language: verbatim where it holds backslashes only. */
export function kqlString(text: string): string {
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) {
    const escaped = text
      .replaceAll(/["\\]/g, String.raw`\$&`)
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return `"${escaped}"`;
  }
  return text.includes("\\") ? `@"${text.replaceAll('"', '""')}"` : `"${text.replaceAll('"', String.raw`\"`)}"`;
}

export function kqlTranslation<T>(
  request: TranslationRequest,
  product: KqlTables<T>,
  files?: (text: string) => readonly DeployFile[],
): Translation {
  return translateQuery(request, {
    event: ({ filter }, losses) => {
      const union = eventsOf(filter, request, product, losses);
      return union === null ? null : `${union}\n`;
    },
    sequence: (query, losses) => sequence(query, request, product, losses),
    ...(files === undefined ? {} : { files }),
  });
}

/** What a sequence makes of the events of one table: columns it needs, and lines that make them comparable. */
interface Keyed {
  readonly columns: readonly Column[];
  readonly lines: readonly string[];
}

const NOTHING: Keyed = { columns: [], lines: [] };

/** All events a filter selects, as one table; null where none can be said. */
function eventsOf<T>(
  filter: EventFilter,
  request: TranslationRequest,
  product: KqlTables<T>,
  losses: LossList,
  keyed: (branch: Branch<T>) => Keyed | null = () => NOTHING,
): string | null {
  const branches = branchesOf(formulaOf(filter), product.tables(), losses.add, filter.span, request.fields);
  const parts: string[] = [];
  for (const branch of branches) {
    const condition = whereOf(branch, losses);
    const keys = keyed(branch);
    if (condition === null || keys === null) continue;
    const columns = new Map([...branch.columns, ...keys.columns.map((column) => [column.name, column] as const)]);
    parts.push([branch.table.name, ...product.select({ ...branch, columns }), ...condition, ...keys.lines].join("\n| "));
  }
  if (parts.length === 0) return null;
  return parts.length === 1 ? parts[0]! : `union\n${parts.map((part) => `  (\n${indented(part, "    ")}\n  )`).join(",\n")}`;
}

function whereOf<T>(branch: Branch<T>, losses: LossList): readonly string[] | null {
  const folded: Folded<Fragment> = infix(
    branch.formula,
    {
      and: "and",
      or: "or",
      not: (operand) => `not(${operand.startsWith("(") && operand.endsWith(")") ? operand.slice(1, -1) : operand})`,
      indent: "    ",
      test: (test) => testOf(test, branch.columns),
    },
    losses.add,
  );
  if (folded.kind === "lost") return null;
  if (folded.kind === "constant") return folded.value ? [] : null;
  return [`where ${folded.value.text}`];
}

function testOf(test: Test, columns: ReadonlyMap<string, Column>): string | Unsupported {
  if (test.kind === "any-field")
    return { unsupported: "A search over every field is another operator of the language", advice: "Name the fields." };
  if (test.kind === "computed") return { unsupported: "Computed values are not carried over" };
  const column = columns.get(test.field);
  const name = test.field;
  const text = column?.type === "text" || column === undefined || column.type === "ip" ? name : `tostring(${name})`;
  switch (test.kind) {
    case "exists":
      return `isnotempty(${name})`;
    case "text":
      return texts(text, test.patterns, test.insensitive);
    case "regex": {
      const parts = test.patterns.map((pattern) => pcreOf(pattern, test.insensitive));
      const unsupported = parts.find((part) => "unsupported" in part);
      if (unsupported !== undefined) return unsupported;
      return either(
        parts.map(
          (part) =>
            `${text} matches regex ${kqlString("unsupported" in part ? "" : `${part.flags === "" ? "" : `(?${part.flags})`}${part.source}`)}`,
        ),
      );
    }
    case "cidr": {
      const four = test.blocks.filter((block) => !block.includes(":"));
      const six = test.blocks.filter((block) => block.includes(":"));
      return either(
        [
          ...(four.length > 0 ? [`ipv4_is_in_any_range(${name}, ${four.map(kqlString).join(", ")})`] : []),
          ...(six.length > 0 ? [`ipv6_is_in_any_range(${name}, ${six.map(kqlString).join(", ")})`] : []),
        ].map((call) => `coalesce(${call}, false)`),
      );
    }
    case "value": {
      if (typeof test.value === "boolean") return `tostring(${name}) =~ ${kqlString(String(test.value))}`;
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order by the language" };
      const number = column?.type === "number" ? name : Number.isInteger(Number(test.value)) ? `tolong(${name})` : `toreal(${name})`;
      return `coalesce(${number} ${test.op} ${test.value}, false)`;
    }
  }
}

function either(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" or ")})`;
}

const OPERATORS = {
  equals: ["==", "=~"],
  contains: ["contains_cs", "contains"],
  startswith: ["startswith_cs", "startswith"],
  endswith: ["endswith_cs", "endswith"],
} as const;

function texts(name: string, patterns: readonly TextPattern[], insensitive: boolean): string {
  const equals: string[] = [];
  const others: string[] = [];
  for (const { parts } of patterns) {
    if (parts.every((part) => part.kind === "any") && parts.length > 0) {
      others.push(`isnotempty(${name})`);
      continue;
    }
    // Operators that ignore case do so for the letters of ASCII only; expressions do it for all.
    const plain = !insensitive || parts.every((part) => part.kind !== "literal" || !hasCaseBeyondAscii(part.text));
    const shape = plain ? shapeOf(parts) : null;
    if (shape?.shape === "equals") equals.push(kqlString(shape.text));
    else if (shape !== null) others.push(`${name} ${OPERATORS[shape.shape][insensitive ? 1 : 0]} ${kqlString(shape.text)}`);
    else {
      const flags = `${insensitive ? "i" : ""}${needsDotAll(parts) ? "s" : ""}`;
      others.push(`${name} matches regex ${kqlString(`${flags === "" ? "" : `(?${flags})`}${pcreOfParts(parts)}`)}`);
    }
  }
  const [equal, among] = insensitive ? ["=~", "in~"] : ["==", "in"];
  if (equals.length === 1) others.unshift(`${name} ${equal} ${equals[0]}`);
  else if (equals.length > 1) others.unshift(`${name} ${among} (${equals.join(", ")})`);
  return either(others);
}

const UNITS = { ms: "ms", s: "s", m: "m", h: "h", d: "d" } as const;

/** Every item is a table of its own; they are joined by the keys, in order of time, within the span. */
function sequence<T>(query: SequenceQuery, request: TranslationRequest, product: KqlTables<T>, losses: LossList): string | null {
  const reportLoss = (
    effect: "wider" | "narrower" | "untranslatable",
    span: { from: number; to: number },
    reason: string,
    advice: string | null = null,
  ): null => {
    losses.add({ effect, span, reason, advice });
    return null;
  };
  const items = presentItems(query, losses);
  const [only] = items;
  if (only === undefined) return reportLoss("untranslatable", query.span, "Nothing is left of the sequence");
  if (items.some((item) => item.runs > 1) && items.length > 1)
    return reportLoss("untranslatable", query.span, "`with runs` within a longer sequence is not carried over");
  const span = query.maxspan === null ? null : `${query.maxspan.value}${UNITS[query.maxspan.unit]}`;
  if (span === null) reportLoss("narrower", query.span, "The sequence has no maxspan: its events must lie in one look-back");
  const keysOf = (item: SequenceItem): readonly string[] => [...query.by, ...item.by].map((field) => field.name);
  const steps: string[] = [];
  for (const [at, item] of items.entries()) {
    const number = at + 1;
    const keyed = (branch: Branch<T>): Keyed | null => {
      const columns: Column[] = [];
      for (const field of keysOf(item)) {
        const override = request.fields.get(field);
        const column =
          override === undefined ? keyColumn(branch.events, field) : ({ name: override, type: "text", form: "whole" } as const);
        if (column === null) {
          reportLoss(
            "narrower",
            item.span,
            `${branch.table.name} has no column for the key \`${field}\` and is left out of event ${number}`,
          );
          return null;
        }
        columns.push(column);
      }
      const keys = columns.map(({ name }, key) => `Key${key + 1} = tostring(${name})`);
      return {
        columns: columns.filter(({ name }) => name !== product.time),
        lines: [
          `project ${[`Time${number} = ${product.time}`, ...keys, `Event${number} = pack_all()`].join(", ")}`,
          // A missing key joins with nothing.
          ...columns.map((_, key) => `where isnotempty(Key${key + 1})`),
        ],
      };
    };
    const events = eventsOf(item.filter, request, product, losses, keyed);
    if (events === null) return reportLoss("untranslatable", item.span, "An event of the sequence cannot be said");
    steps.push(`let event${number} =\n${indented(events, "  ")};`);
  }
  const keys = keysOf(only).map((_, key) => `Key${key + 1}`);
  if (items.length === 1) {
    reportLoss(
      "wider",
      query.span,
      `${only.runs} events within one ${span === null ? "look-back" : "bin of time"} are counted, not a run of them in a row`,
    );
    if (span !== null) reportLoss("narrower", query.span, "A run that lies across the border of two bins of time is counted in two parts");
    const by = [...keys, ...(span === null ? [] : [`bin(Time1, ${span})`])];
    return `${steps.join("\n")}\nevent1\n| summarize Events = count(), First = min(Time1), Last = max(Time1), Sample = make_list(Event1, 10)${by.length === 0 ? "" : ` by ${by.join(", ")}`}\n| where Events >= ${only.runs}\n`;
  }
  reportLoss("wider", query.span, "An event may end several matches: a join gives each pair, a sequence only the latest");
  reportLoss("wider", query.span, "Events of the same time are taken in either order, and one that satisfies two items is taken for both");
  if (keys.length === 0) reportLoss("wider", query.span, "Without a key the join pairs all events");
  let text = `${steps.join("\n")}\nevent1${keys.length === 0 ? "\n| extend Key1 = 1" : ""}`;
  const joined = keys.length === 0 ? ["Key1"] : keys;
  for (let number = 2; number <= items.length; number++) {
    const right = keys.length === 0 ? `(event${number} | extend Key1 = 1)` : `event${number}`;
    text += `\n| join kind=inner ${right} on ${joined.join(", ")}`;
    text += `\n| where Time${number} >= Time${number - 1}${span === null ? "" : ` and Time${number} - Time1 <= ${span}`}`;
    text += `\n| project-away ${joined.map((key) => `${key}1`).join(", ")}`;
  }
  const latest = items.length;
  return `${text}\n| summarize arg_max(Time1, *) by Time${latest}, ${joined.join(", ")}\n`;
}
