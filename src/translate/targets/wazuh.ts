/**
 * Wazuh: rules in XML over Windows' events as its agent's `eventchannel` reader decodes them.
 *
 * Facts (Wazuh's reference and stock rules): all `field`s of a rule must hold, alternatives take rules of their own; names begin in
 * lower case; texts keep the doubled backslashes of JSON; `pcre2` is not the default type; custom ids begin at 100000. The agent's
 * default configuration drops 5145 and 5156 among others.
 */
import { isUnsupported, rewrite, type Condition, type EventFilter, type Predicate, type Unsupported } from "../../eql/index.ts";
import type { LossList } from "../loss-list.ts";
import { once } from "../once.ts";
import { isAnything } from "../patterns.ts";
import { escapePcre, inlineFlags, needsDotAll, pcreOf, pcreOfParts } from "../regex/pcre.ts";
import type { Table } from "../tables/table.ts";
import type { Branch } from "../tables/tables.ts";
import { unlistedWindowsEvent, WINDOWS_FAMILIES, windowsTableEvents, type WindowsLogged, type WindowsNaming } from "../tables/windows.ts";
import { filterBranches, translateQuery } from "../translator.ts";
import type { Platform, TranslationRequest, RuleMetadata } from "../translation.ts";
import { UNSUPPORTED } from "../unsupported.ts";

const lowerFirst = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);

const SYSTEM: Readonly<Record<string, string>> = {
  Computer: "computer",
  EventRecordID: "eventRecordID",
  EventID: "eventID",
  Provider: "providerName",
};
const NAMING: WindowsNaming = {
  data: (name) => `win.eventdata.${lowerFirst(name)}`,
  header: (name) => (SYSTEM[name] === undefined ? null : `win.system.${SYSTEM[name]}`),
  type: () => "text",
};

const tables = once((): readonly Table<WindowsLogged>[] => [
  {
    name: "Windows events",
    events: windowsTableEvents(WINDOWS_FAMILIES, NAMING),
    unlisted: (of) => unlistedWindowsEvent(of, NAMING),
  },
]);

/** A test in a rule: an expression that is or is not found. */
interface Field {
  readonly name: string;
  readonly regex: string;
  readonly negated: boolean;
}

/** Most rules that alternatives are spread over. */
const MAX_RULES = 64;
const LEVELS = { informational: 3, low: 5, medium: 8, high: 12, critical: 14 } as const satisfies Record<RuleMetadata["severity"], number>;

/** A literal backslash is one or, as in the JSON it was taken from, two. */
function doubled(source: string): string {
  const parts = /\\\\([*+?{]?)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]([*+?{]?)/gs;
  return source.replaceAll(parts, (whole, repeated: string | undefined, classRepeated: string | undefined) => {
    if (repeated !== undefined) return repeated === "" ? String.raw`\\{1,2}` : String.raw`(?:\\{1,2})` + repeated;
    // A class that holds a backslash, unless it is of what is not to be there.
    if (classRepeated === undefined || whole.startsWith("[^") || !whole.includes(String.raw`\\`)) return whole;
    return classRepeated === "" ? `${whole}{1,2}` : `(?:${whole.slice(0, -1)}{1,2})${classRepeated}`;
  });
}

function regexOf(test: Predicate): string | Unsupported {
  switch (test.kind) {
    case "text": {
      const sources = test.patterns.map(({ parts }) => (isAnything(parts) ? "." : pcreOfParts(parts)));
      const flags = `${test.insensitive ? "i" : ""}${test.patterns.some(({ parts }) => needsDotAll(parts)) ? "s" : ""}`;
      return inlineFlags({ source: doubled(sources.join("|")), flags });
    }
    case "regex": {
      const sources: string[] = [];
      for (const pattern of test.patterns) {
        const regex = pcreOf(pattern, test.insensitive);
        if (isUnsupported(regex)) return regex;
        sources.push(`(?${regex.flags}:${regex.source})`);
      }
      return doubled(sources.join("|"));
    }
    case "value":
      return test.op === "==" ? `(?i)^${String(test.value).replaceAll(".", String.raw`\.`)}$` : UNSUPPORTED.numberOrder;
    case "exists":
      return ".";
    case "cidr": {
      const sources = test.blocks.map(blockRegex);
      return sources.includes(null) ? UNSUPPORTED.addressRange : sources.join("|");
    }
    case "any-field":
      return UNSUPPORTED.anyField;
    case "computed":
      return UNSUPPORTED.computed;
  }
}

/** Blocks that end at a dot, and single addresses. */
function blockRegex(block: string): string | null {
  const [address, length] = block.split("/");
  if (block.includes(":")) return length === "128" || length === undefined ? `^${address!}$` : null;
  const octets = Number(length ?? 32) / 8;
  if (!Number.isInteger(octets) || octets === 0) return null;
  const kept = address!
    .split(".")
    .slice(0, octets)
    .join(String.raw`\.`);
  return octets === 4 ? `^${kept}$` : String.raw`^${kept}\.`;
}

/** As alternatives of which each is a list of tests; null where there are too many. */
function alternatives(
  condition: Condition,
  negated: boolean,
  fieldOf: (test: Predicate, negated: boolean) => Field,
): (readonly Field[])[] | null {
  switch (condition.kind) {
    case "constant":
      return condition.value === negated ? [] : [[]];
    case "not":
      return alternatives(condition.operand, !negated, fieldOf);
    case "predicate":
      return [[fieldOf(condition.predicate, negated)]];
    default: {
      const parts = condition.operands.map((operand) => alternatives(operand, negated, fieldOf));
      let lists: (readonly Field[])[] = (condition.kind === "and") !== negated ? [[]] : [];
      for (const part of parts) {
        if (part === null) return null;
        if ((condition.kind === "and") !== negated) lists = lists.flatMap((left) => part.map((right) => [...left, ...right]));
        else lists = [...lists, ...part];
        if (lists.length > MAX_RULES) return null;
      }
      return lists;
    }
  }
}

/** Characters that XML cannot hold are written as PCRE2 does; those beyond ASCII as they are, which are bytes to it. */
function xml(text: string): string {
  return text
    .replaceAll(/\\(?:x\{([\da-f]+)\}|x([89a-f][\da-f])|[^])/g, (escape, long?: string, short?: string) => {
      const code = long ?? short;
      return code === undefined ? escape : String.fromCodePoint(Number.parseInt(code, 16));
    })
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (char) => String.raw`\x` + char.charCodeAt(0).toString(16).padStart(2, "0"))
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`);
}

/** Rules of Wazuh's own that these build on: a group per Sysmon event, the channel's base rule otherwise, that of all events where it has none. */
function parents({ family, code }: WindowsLogged): string {
  switch (family) {
    case "sysmon":
      return `<if_group>sysmon_event${code?.length === 1 ? "" : "_"}${code}</if_group>`;
    case null:
      return "<if_sid>60000</if_sid>";
    case "security":
      return "<if_sid>60001</if_sid>";
    case "system":
      return "<if_sid>60002</if_sid>";
    default:
      return "<if_sid>60010</if_sid>";
  }
}

function rulesOf(branch: Branch<WindowsLogged>, request: TranslationRequest, losses: LossList, nextId: () => number): string[] {
  const translatable = rewrite(
    branch.condition,
    (test, positive) => {
      if (test.kind === "exists" && !positive) return UNSUPPORTED.missingField;
      const regex = regexOf(test);
      if (isUnsupported(regex)) return regex;
      if (!positive)
        losses.report(
          "narrower",
          test.span,
          "`negate` holds only where the field exists: events without it are not found",
          "Where the field may be missing, write the exclusion as a rule of level 0 that builds on this one (`if_sid`).",
        );
      return { kind: "predicate", predicate: test };
    },
    losses.add,
  );
  if (translatable === null) return [];
  const fieldOf = (test: Predicate, negated: boolean): Field => {
    const regex = regexOf(test);
    return { name: "field" in test ? test.field : "", regex: isUnsupported(regex) ? "." : regex, negated };
  };
  const lists = alternatives(translatable, false, fieldOf);
  if (lists === null) {
    losses.report("untranslatable", request.query.span, `The alternatives need more than ${MAX_RULES} rules`, "Split the rule.");
    return [];
  }
  return branch.events.flatMap(({ select: event }) =>
    lists.map((fields) => {
      const own = [
        ...(event.family === null
          ? [`  <field name="win.system.channel" type="pcre2">(?i)^${xml(escapePcre(event.channel))}$</field>`]
          : []),
        ...(event.family === "sysmon" || event.code === null ? [] : [`  <field name="win.system.eventID">^${event.code}$</field>`]),
      ];
      return [
        `<rule id="${nextId()}" level="${LEVELS[request.metadata.severity]}">`,
        `  ${parents(event)}`,
        ...own,
        ...fields.map(
          ({ name, regex, negated }) =>
            `  <field name="${xml(name).replaceAll('"', "&quot;")}" type="pcre2"${negated ? ' negate="yes"' : ""}>${xml(regex)}</field>`,
        ),
        `  <description>${xml(request.metadata.title.replaceAll("$(", "$ ("))}</description>`,
        ...(request.metadata.attack.length === 0
          ? []
          : [
              "  <mitre>",
              ...request.metadata.attack.map(({ technique, subtechnique }) => `    <id>${(subtechnique ?? technique).id}</id>`),
              "  </mitre>",
            ]),
        "</rule>",
      ]
        .map((line) => `  ${line}`)
        .join("\n");
    }),
  );
}

/** Rules that one detection may take: as many ids as lie between one first id and the next. */
const MOST_RULES = 100;

/** Ids are the same whenever a rule is translated. Wazuh's own end below 100000; 999999 is the last there is. */
function firstId(uuid: string): number {
  return 100_000 + (Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16) % 9_000) * MOST_RULES;
}

function queryOf(filter: EventFilter, request: TranslationRequest, losses: LossList): string | null {
  const branches = filterBranches(filter, tables(), request, losses);
  let id = firstId(request.metadata.uuid);
  const rules = branches.flatMap((branch) => rulesOf(branch, request, losses, () => id++));
  if (rules.length > MOST_RULES)
    losses.report(
      "untranslatable",
      filter.span,
      `The alternatives need ${rules.length} rules, which is more than ${MOST_RULES}`,
      "Split the rule.",
    );
  if (rules.length === 0 || rules.length > MOST_RULES) return null;
  if (branches.some((branch) => branch.events.some(({ select }) => select.code === "5145" || select.code === "5156"))) {
    losses.report(
      "exact",
      filter.span,
      "The agent's default configuration drops 5145 and 5156",
      "Remove `EventID != 5145` and `EventID != 5156` from the query of the Security channel in the agent's ossec.conf.",
    );
  }
  return `<group name="tocsin,windows,">\n${rules.join("\n")}\n</group>\n`;
}

export const wazuh = {
  title: "Wazuh (rules)",
  extension: "xml",
  checked: "text",
  translate: (request) =>
    translateQuery(request, {
      event: ({ filter }, losses) => queryOf(filter, request, losses),
      sequence: {
        reason: "Rules count events of one kind; they do not put events in order",
        advice: "Translate its events one by one.",
      },
    }),
} as const satisfies Platform;
