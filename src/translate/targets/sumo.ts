/**
 * Sumo Logic: a log search over Windows' events as its collectors ship them in JSON.
 *
 * Facts (Sumo Logic's reference): words before the first pipe ignore case, operators behind it are case-sensitive, so both sides are put in
 * lower case; `json` with `nodrop` keeps events without the field, which is then empty; `matches` takes `/expressions/` of RE2.
 */
import type { EventFilter } from "../../eql/index.ts";
import { among, anyOf, conditionText, each, either, selected, type Dialect } from "../dialect.ts";
import { bare } from "../infix.ts";
import type { LossList } from "../loss-list.ts";
import { once } from "../once.ts";
import { lowerCase, shapeOf } from "../patterns.ts";
import { isPlainText } from "../plain-text.ts";
import { inlineFlags, pcreOfWildcard, slashed } from "../regex/pcre.ts";
import type { Table } from "../tables/table.ts";
import type { Branch } from "../tables/tables.ts";
import {
  codesByChannel,
  unlistedWindowsEvent,
  WINDOWS_FAMILIES,
  windowsTableEvents,
  type WindowsLogged,
  type WindowsNaming,
} from "../tables/windows.ts";
import { filterBranches, translateQuery } from "../translator.ts";
import type { Platform, TranslationRequest } from "../translation.ts";
import { UNSUPPORTED } from "../unsupported.ts";

const NAMING: WindowsNaming = {
  data: (name) => (/^\w+$/.test(name) ? name : null),
  header: (name) => (name === "Computer" || name === "EventID" ? name : name === "TimeCreated" ? "_messagetime" : null),
  type: (_, ecs) => (ecs === "time" ? "time" : "text"),
};

const tables = once((): readonly Table<WindowsLogged>[] => [
  {
    name: "Windows events",
    events: windowsTableEvents(WINDOWS_FAMILIES, NAMING),
    unlisted: (of) => unlistedWindowsEvent(of, NAMING),
  },
]);

export function sumoString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function matches(field: string, source: string): string {
  return `${field} matches ${slashed(source)}`;
}

const SUMO: Dialect = {
  and: "and",
  or: "or",
  equal: "=",
  not: (operand) => `!(${bare(operand)})`,
  indent: "  ",
  exists: ({ name }) => `!isBlank(${name})`,
  comparable: isPlainText,
  equals: ({ name }, texts, insensitive) =>
    among(
      insensitive ? `toLowerCase(${name})` : name,
      texts.map((text) => sumoString(cased(text, insensitive))),
      "=",
      "in",
    ),
  patterns: ({ name }, patterns, insensitive) =>
    patterns.map((parts) => {
      const shape = shapeOf(parts);
      if (shape?.shape !== "contains" || !isPlainText(shape.text)) return matches(name, inlineFlags(pcreOfWildcard(parts, insensitive)));
      return `contains(${insensitive ? `toLowerCase(${name})` : name}, ${sumoString(cased(shape.text, insensitive))})`;
    }),
  regex: ({ name }, regex) => matches(name, inlineFlags(regex)),
  boolean: ({ name }, value) => `toLowerCase(${name}) = "${value}"`,
  number: ({ name }, operator, value) => `(!isBlank(${name}) and num(${name}) ${operator} ${value})`,
  ranges: ({ name }, blocks) =>
    each(blocks, (block) => {
      const [address, length = block.includes(":") ? "128" : "32"] = block.split("/") as [string, string?];
      if (!block.includes(":")) return `compareCIDRPrefix(${sumoString(address)}, ${name}, toInt(${length}))`;
      return length === "128" ? `${name} = ${sumoString(address)}` : UNSUPPORTED.ipv6Range;
    }),
};

function cased(text: string, insensitive: boolean): string {
  return insensitive ? lowerCase(text) : text;
}

function branchText({ events, condition, columns }: Branch<WindowsLogged>, losses: LossList): string | null {
  const where = conditionText(condition, SUMO, { columns, reportLoss: losses.add });
  if (where === null) return null;
  const selection = [...codesByChannel(events)].map(([channel, codes]) => {
    const own = `Channel = ${sumoString(channel)}`;
    return codes === null ? own : `${own} and ${among("EventID", codes.map(sumoString), "=", "in")}`;
  });
  return selected(either(selection, SUMO.or), where, SUMO);
}

function queryOf(filter: EventFilter, request: TranslationRequest, losses: LossList): string | null {
  const branches = filterBranches(filter, tables(), request, losses);
  const parts = branches.flatMap((branch) => branchText(branch, losses) ?? []);
  if (parts.length === 0) return null;
  const names = [...new Set(branches.flatMap((branch) => [...branch.columns.keys()]))].filter(
    (name) => !["Computer", "Channel", "EventID", "_messagetime"].includes(name),
  );
  // Words by which little is read: an id or, where it may be any, the channel.
  const words = [...new Set(branches.flatMap((branch) => branch.events.map(({ select }) => sumoString(select.code ?? select.channel))))];
  return [
    `_sourceCategory=*windows* (${words.join(" or ")})`,
    '| json "Event.System.EventID", "Event.System.Channel", "Event.System.Computer" as EventID, Channel, Computer nodrop',
    ...(names.length === 0 ? [] : [`| json ${names.map((name) => `"Event.EventData.${name}"`).join(", ")} as ${names.join(", ")} nodrop`]),
    `| where ${anyOf(parts, SUMO)}`,
    "",
  ].join("\n");
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
