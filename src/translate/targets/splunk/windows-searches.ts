/** Searches of Windows' raw events in Splunk, in whatever form an add-on brings them: a source per channel, and names of fields. */
import { junction, durationMillis, type Condition, type EventFilter, type SequenceQuery } from "../../../eql/index.ts";
import { conditionText, type Context, type Dialect } from "../../dialect.ts";
import { LossList } from "../../loss-list.ts";
import { presentItems, SEQUENCE } from "../../sequence.ts";
import type { Table } from "../../tables/table.ts";
import { keyColumn, type Branch } from "../../tables/tables.ts";
import { codesByChannel, type WindowsLogged } from "../../tables/windows.ts";
import { filterBranches, translateQuery } from "../../translator.ts";
import type { Platform, TranslationRequest } from "../../translation.ts";
import { repeatColumns, savedSearch } from "./saved-search.ts";
import { EXPRESSION, SEARCH, searchable, splString } from "./spl.ts";

/** A form in which Windows' events lie in Splunk. */
export interface WindowsRendering {
  /** Of the events; it stands before the channel in `source`, too. */
  readonly sourcetype: "XmlWinEventLog" | "WinEventLog";
  readonly tables: () => readonly Table<WindowsLogged>[];
  /** Of the name of its file, beside that of another form: `.classic`. */
  readonly variant: string;
}

/** The translation of rules to searches of such events. */
export function windowsSearches(rendering: WindowsRendering): Platform["translate"] {
  return (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => eventQuery(rendering, filter, request, losses),
      sequence: (query, losses) => sequenceQuery(rendering, query, request, losses),
      files: (text, losses) => [savedSearch(request, text, repeatsOf(rendering, request, losses), rendering.variant)],
    });
}

/** Which events the branch is about, as words and as an expression. */
function selection(
  { sourcetype }: WindowsRendering,
  { events }: Branch<WindowsLogged>,
): { readonly words: string; readonly expression: string } {
  const channels = [...codesByChannel(events)].map(([channel, codes]) => {
    const source = splString(`${sourcetype}:${channel}`);
    if (codes === null) return { words: `source=${source}`, expression: `source==${source}` };
    return {
      words: `source=${source} EventCode${codes.length === 1 ? `=${codes[0]}` : ` IN (${codes.join(", ")})`}`,
      expression: `source==${source} AND in(EventCode, ${codes.map((code) => `"${code}"`).join(", ")})`,
    };
  });
  const [only] = channels;
  if (only !== undefined && channels.length === 1) return only;
  return {
    words: `(${channels.map(({ words }) => `(${words})`).join(" OR ")})`,
    expression: `(${channels.map(({ expression }) => `(${expression})`).join(" OR ")})`,
  };
}

interface Split {
  /** Words of the search. */
  readonly search: string;
  /** An expression that must hold as well; null where the search is the whole condition. */
  readonly where: string | null;
  /** The expression for events of other branches too. */
  readonly among: string;
}

/** What words can express goes into the search, so that little is read; the rest is worked out for what the search finds. */
function splitOf(rendering: WindowsRendering, branch: Branch<WindowsLogged>, losses: LossList): Split | null {
  const { condition, columns } = branch;
  const context: Context = { columns, reportLoss: losses.add };
  const operands = condition.kind === "and" ? condition.operands : [condition];
  const words = junction("and", operands.filter(searchable));
  const rest = junction(
    "and",
    operands.filter((operand) => !searchable(operand)),
  );
  const search = textOf(words, SEARCH, context);
  const where = textOf(rest, EXPRESSION, context);
  if (search === null || where === null) return null;
  const own = selection(rendering, branch);
  return {
    search: search === "" ? own.words : `${own.words} ${search}`,
    where: where === "" ? null : where,
    among: where === "" ? own.expression : `${own.expression} AND ${where}`,
  };
}

/** "" where it always holds, null where nothing of it can be translated or it never holds. */
function textOf(condition: Condition, dialect: Dialect, context: Context): string | null {
  const fragment = conditionText(condition, dialect, context);
  return fragment?.level === "or" ? `(${fragment.text})` : (fragment?.text ?? null);
}

function splitsOf(
  rendering: WindowsRendering,
  filter: EventFilter,
  request: TranslationRequest,
  losses: LossList,
): { readonly branch: Branch<WindowsLogged>; readonly split: Split }[] {
  return filterBranches(filter, rendering.tables(), request, losses).flatMap((branch) => {
    const split = splitOf(rendering, branch, losses);
    return split === null ? [] : [{ branch, split }];
  });
}

const baseOf = ({ sourcetype }: WindowsRendering): string => `\`wineventlog_index\` sourcetype=${sourcetype}`;

function eventQuery(rendering: WindowsRendering, filter: EventFilter, request: TranslationRequest, losses: LossList): string {
  const splits = splitsOf(rendering, filter, request, losses).map(({ split }) => split);
  const [only] = splits;
  if (only === undefined) return "";
  if (splits.length === 1) return `${baseOf(rendering)} ${only.search}${only.where === null ? "" : `\n| where ${only.where}`}\n`;
  const search = splits.map((split) => `(${split.search})`).join("\n  OR ");
  const where = splits.some((split) => split.where !== null)
    ? `\n| where ${splits.map((split) => `(${split.among})`).join("\n  OR ")}`
    : "";
  return `${baseOf(rendering)} (\n  ${search}\n)${where}\n`;
}

/** Events of all items in order of time; each that satisfies an item takes over the start of the latest that satisfied the one before. */
function sequenceQuery(rendering: WindowsRendering, query: SequenceQuery, request: TranslationRequest, losses: LossList): string | null {
  const items = presentItems(query, losses).flatMap((item) => Array.from({ length: item.runs }, () => item));
  losses.report("wider", query.span, SEQUENCE.reused);
  if (query.maxspan === null) losses.report("narrower", query.span, SEQUENCE.noMaxspan);
  const searches = new Set<string>();
  const marks: string[] = [];
  const keys: { readonly of: string; readonly column: string }[][] = [...query.by, ...(items[0]?.by ?? [])].map(() => []);
  const distinct = [...new Set(items)];
  for (const item of distinct) {
    const expressions: string[] = [];
    const by = [...query.by, ...item.by];
    for (const { branch, split } of splitsOf(rendering, item.filter, request, losses)) {
      const columns = by.map((field) => request.fields.get(field.name) ?? keyColumn(branch.events, field.name)?.name ?? null);
      const at = columns.indexOf(null);
      const all = textOf(branch.condition, EXPRESSION, { columns: branch.columns, reportLoss: losses.add });
      if (at >= 0)
        losses.report("narrower", item.span, `${branch.table.name} has no column for the key \`${by[at]!.name}\` and is left out`);
      if (at >= 0 || all === null) continue;
      const own = selection(rendering, branch).expression;
      searches.add(`(${split.search})`);
      expressions.push(all === "" ? `(${own})` : `(${own} AND ${all})`);
      for (const [key, column] of columns.entries()) keys[key]?.push({ of: own, column: column! });
    }
    if (expressions.length === 0) {
      return losses.report("untranslatable", item.span, SEQUENCE.event);
    }
    marks.push(`eval is${marks.length + 1}=if(${expressions.join("\n    OR ")}, 1, 0)`);
  }
  const names = keys.map((_, key) => `key${key + 1}`);
  const lines = [`${baseOf(rendering)} (\n  ${[...searches].join("\n  OR ")}\n)`];
  for (const [key, columns] of keys.entries()) {
    const same = new Set(columns.map(({ column }) => column)).size === 1;
    const cases = [...new Set(columns.map(({ of, column }) => `${of}, ${column}`))];
    lines.push(`eval ${names[key]!}=${same ? columns[0]!.column : `case(${cases.join(", ")})`}`);
  }
  if (names.length > 0) lines.push(`where ${names.map((name) => `isnotnull(${name})`).join(" AND ")}`);
  lines.push("sort 0 _time", ...marks);
  const span = query.maxspan === null ? null : durationMillis(query.maxspan) / 1000;
  for (const [at, item] of items.entries()) {
    const number = at + 1;
    const is = `is${distinct.indexOf(item) + 1}==1`;
    if (at === 0) lines.push(`eval start1=if(${is}, _time, null())`);
    else {
      lines.push(`streamstats current=f last(start${at}) as before${number}${names.length === 0 ? "" : ` by ${names.join(" ")}`}`);
      const within = span === null ? "" : ` AND _time-before${number}<=${span}`;
      lines.push(`eval start${number}=if(${is} AND isnotnull(before${number})${within}, before${number}, null())`);
    }
  }
  lines.push(`where isnotnull(start${items.length})`);
  return `${lines.join("\n| ")}\n`;
}

/** The columns of the results in which alerts are alike that are one for a while. */
function repeatsOf(rendering: WindowsRendering, request: TranslationRequest, losses: LossList): readonly string[] | null {
  const { query } = request;
  const filter = query.kind === "event" ? query.filter : query.kind === "sequence" ? query.items.at(-1)?.filter : undefined;
  if (filter === undefined) return null;
  const events = filterBranches(filter, rendering.tables(), request, new LossList()).flatMap((branch) => branch.events);
  return repeatColumns(request, losses, (field) => request.fields.get(field) ?? keyColumn(events, field)?.name ?? null);
}
