/**
 * The Kusto query language of Microsoft's products, over tables of raw events.
 *
 * Facts (Microsoft's language reference): strings are never null, a missing one is empty; `==` and `in` are case-sensitive, `=~` and `in~`
 * are not; `has` looks for whole terms and is no translation of a wildcard, `contains`, `startswith` and `endswith` are, with `_cs`
 * where case counts; `matches regex` is RE2.
 */
import { literalText, type EventFilter, type SequenceItem, type SequenceQuery } from "../../../eql/index.ts";
import { among, conditionText, type Dialect, type Operand } from "../../dialect.ts";
import { bare, indented } from "../../infix.ts";
import type { LossList } from "../../loss-list.ts";
import { CONTROL, isPlainText } from "../../plain-text.ts";
import { hasCaseBeyondAscii, shapeOf } from "../../patterns.ts";
import { inlineFlags, pcreOfWildcard } from "../../regex/pcre.ts";
import { presentItems, SEQUENCE } from "../../sequence.ts";
import type { Column, Table } from "../../tables/table.ts";
import { keyColumn, type Branch } from "../../tables/tables.ts";
import { filterBranches, translateQuery } from "../../translator.ts";
import type { DeployFile, TranslationRequest, Translation } from "../../translation.ts";

/** What a product's tables need beside their columns. */
export interface KqlTables<T> {
  /** Worked out at first use: it takes a moment. */
  readonly tables: () => readonly Table<T>[];
  /** Name of the time's column. */
  readonly time: string;
  /** The lines between the table's name and the condition: which of its events, and what is unpacked. */
  readonly select: (branch: Branch<T>) => readonly string[];
}

/** A text as a string of the language: verbatim where it holds backslashes only. */
export function kqlString(text: string): string {
  if (!isPlainText(text)) {
    const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(new RegExp(CONTROL.source, "g"), escape)}"`;
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

/** All events a filter selects, as one table; null where none can be translated. */
function eventsOf<T>(
  filter: EventFilter,
  request: TranslationRequest,
  product: KqlTables<T>,
  losses: LossList,
  keyed: (branch: Branch<T>) => Keyed | null = () => NOTHING,
): string | null {
  const branches = filterBranches(filter, product.tables(), request, losses);
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

function whereOf<T>({ condition, columns }: Branch<T>, losses: LossList): readonly string[] | null {
  const where = conditionText(condition, KQL, { columns, reportLoss: losses.add });
  if (where === null) return null;
  return where.text === "" ? [] : [`where ${where.text}`];
}

const OPERATORS = {
  contains: ["contains_cs", "contains"],
  startswith: ["startswith_cs", "startswith"],
  endswith: ["endswith_cs", "endswith"],
} as const;

const KQL: Dialect = {
  and: "and",
  or: "or",
  equal: "==",
  not: (operand) => `not(${bare(operand)})`,
  indent: "    ",
  exists: ({ name }) => `isnotempty(${name})`,
  // Operators that ignore case do so for the letters of ASCII only; expressions do it for all.
  comparable: (text, insensitive) => !insensitive || !hasCaseBeyondAscii(text),
  equals: (operand, texts, insensitive) =>
    among(textOf(operand), texts.map(kqlString), insensitive ? "=~" : "==", insensitive ? "in~" : "in"),
  patterns: (operand, patterns, insensitive) =>
    patterns.map((parts) => {
      const shape = literalText(parts) === null ? shapeOf(parts) : null;
      if (shape === null || shape.shape === "equals" || (insensitive && hasCaseBeyondAscii(shape.text)))
        return matches(operand, inlineFlags(pcreOfWildcard(parts, insensitive)));
      return `${textOf(operand)} ${OPERATORS[shape.shape][insensitive ? 1 : 0]} ${kqlString(shape.text)}`;
    }),
  regex: (operand, regex) => matches(operand, inlineFlags(regex)),
  boolean: ({ name }, value) => `tostring(${name}) =~ "${value}"`,
  number: ({ name, type }, operator, value) => {
    const number = type === "number" ? name : Number.isInteger(Number(value)) ? `tolong(${name})` : `toreal(${name})`;
    return `coalesce(${number} ${operator} ${value}, false)`;
  },
  ranges: ({ name }, blocks) =>
    (["ipv4", "ipv6"] as const).flatMap((version) => {
      const own = blocks.filter((block) => block.includes(":") === (version === "ipv6"));
      return own.length === 0 ? [] : [`coalesce(${version}_is_in_any_range(${name}, ${own.map(kqlString).join(", ")}), false)`];
    }),
};

function textOf({ name, type }: Operand): string {
  return type === "text" || type === "ip" ? name : `tostring(${name})`;
}

function matches(operand: Operand, source: string): string {
  return `${textOf(operand)} matches regex ${kqlString(source)}`;
}

/** Every item is a table of its own; they are joined by the keys, in order of time, within the span. */
function sequence<T>(query: SequenceQuery, request: TranslationRequest, product: KqlTables<T>, losses: LossList): string | null {
  const items = presentItems(query, losses);
  const [only] = items;
  if (only === undefined) return losses.report("untranslatable", query.span, SEQUENCE.nothing);
  if (items.some((item) => item.runs > 1) && items.length > 1) return losses.report("untranslatable", query.span, SEQUENCE.runs);
  const span = query.maxspan === null ? null : `${query.maxspan.value}${query.maxspan.unit}`;
  if (span === null) losses.report("narrower", query.span, SEQUENCE.noMaxspan);
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
          return losses.report(
            "narrower",
            item.span,
            `${branch.table.name} has no column for the key \`${field}\` and is left out of event ${number}`,
          );
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
    if (events === null) return losses.report("untranslatable", item.span, SEQUENCE.event);
    steps.push(`let event${number} =\n${indented(events, "  ")};`);
  }
  const keys = keysOf(only).map((_, key) => `Key${key + 1}`);
  if (items.length === 1) {
    losses.report(
      "wider",
      query.span,
      `${only.runs} events within one ${span === null ? "look-back" : "bin of time"} are counted, not a run of them in a row`,
    );
    if (span !== null)
      losses.report("narrower", query.span, "A run that lies across the border of two bins of time is counted in two parts");
    const by = [...keys, ...(span === null ? [] : [`bin(Time1, ${span})`])];
    return `${steps.join("\n")}\nevent1\n| summarize Events = count(), First = min(Time1), Last = max(Time1), Sample = make_list(Event1, 10)${by.length === 0 ? "" : ` by ${by.join(", ")}`}\n| where Events >= ${only.runs}\n`;
  }
  losses.report("wider", query.span, "An event may end several matches: a join gives each pair, a sequence only the latest");
  losses.report(
    "wider",
    query.span,
    "Events of the same time are taken in either order, and one that satisfies two items is taken for both",
  );
  if (keys.length === 0) losses.report("wider", query.span, "Without a key the join pairs all events");
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
