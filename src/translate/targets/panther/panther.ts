/**
 * Panther: a rule is a Python function of an event, with its metadata in YAML. Two forms: over Panther's own `Windows.EventLogs`, where
 * Windows' data is in `ExtraEventData` under Windows' names, and over logs that are in ECS already.
 */
import type { EventFilter } from "../../../eql/index.ts";
import { yamlText } from "../../../sigma/index.ts";
import { filterBranches, translateQuery } from "../../translator.ts";
import { conditionOf } from "../../condition.ts";
import { either } from "../../dialect.ts";
import { indented } from "../../infix.ts";
import { Constants, PRELUDE, pythonOf, pythonString } from "./python.ts";
import { once } from "../../once.ts";
import type { Table } from "../../tables/table.ts";
import type { Branch } from "../../tables/tables.ts";
import type { LossList } from "../../loss-list.ts";
import type { DeployFile, Platform, TranslationRequest, RuleMetadata, Translation } from "../../translation.ts";
import {
  unlistedWindowsEvent,
  WINDOWS_FAMILIES,
  windowsTableEvents,
  type WindowsLogged,
  type WindowsNaming,
} from "../../tables/windows.ts";

const NAMING: WindowsNaming = {
  data: (name) => `ExtraEventData.${name}`,
  header: (name) => (name === "Computer" || name === "EventID" ? name : null),
};

const tables = once((): readonly Table<WindowsLogged>[] => [
  {
    name: "Windows.EventLogs",
    events: windowsTableEvents(WINDOWS_FAMILIES, NAMING),
    unlisted: (of) => unlistedWindowsEvent(of, NAMING),
  },
]);

/** The body of the function; null where nothing of the condition can be translated. */
type Write = (filter: EventFilter, request: TranslationRequest, constants: Constants, losses: LossList) => string | null;

const windows: Write = (filter, request, constants, losses) => {
  const parts: string[] = [];
  for (const branch of filterBranches(filter, tables(), request, losses)) {
    const expression = pythonOf(branch.condition, (column) => column.split("."), constants, losses);
    if (expression === null || expression === "False") continue;
    parts.push(`    if ${selection(branch)} and (\n${indented(expression, "        ")}\n    ):\n        return True`);
  }
  if (parts.length === 0) return null;
  return ['    channel = str(event.get("Channel"))', '    code = str(event.get("EventID"))', ...parts, "    return False"].join("\n");
};

function selection({ events }: Branch<WindowsLogged>): string {
  const own = events.flatMap(({ select: { channel, code } }) =>
    code === null ? [] : [`(${pythonString(channel)}, ${pythonString(code)})`],
  );
  const whole = events.flatMap(({ select: { channel, code } }) => (code === null ? [`channel == ${pythonString(channel)}`] : []));
  const coded = own.length === 0 ? [] : [`(channel, code) ${own.length === 1 ? `== ${own[0]!}` : `in (${own.join(", ")})`}`];
  return either([...coded, ...whole], "or");
}

const ecs: Write = (filter, request, constants, losses) => {
  const expression = pythonOf(conditionOf(filter), (field) => (request.fields.get(field) ?? field).split("."), constants, losses);
  return expression === null ? null : `    return bool(\n${indented(expression, "        ")}\n    )`;
};

function translate(request: TranslationRequest, logType: string, write: Write): Translation {
  const { metadata } = request;
  return translateQuery(request, {
    event: ({ filter }, losses) => {
      const constants = new Constants();
      const body = write(filter, request, constants, losses);
      if (body === null) return null;
      const definitions = constants.lines.length === 0 ? "" : `\n\n${constants.lines.join("\n")}\n`;
      return `${PRELUDE}${definitions}\n\ndef rule(event):\n${body}\n\n\ndef title(_event):\n    return ${pythonString(metadata.title)}\n`;
    },
    sequence: {
      reason: "A rule sees one event; what happens in order is for a correlation rule over rules of single events",
      advice: "Translate its events one by one and join them in a correlation rule.",
    },
    files: () => [ruleFile(metadata, logType)],
  });
}

const SEVERITIES = { informational: "Info", low: "Low", medium: "Medium", high: "High", critical: "Critical" } as const satisfies Record<
  RuleMetadata["severity"],
  string
>;

function ruleFile(metadata: RuleMetadata, logType: string): DeployFile {
  const attack = [
    ...new Set(metadata.attack.map(({ tactic, technique, subtechnique }) => `${tactic.id}:${(subtechnique ?? technique).id}`)),
  ];
  const reference = metadata.references.find((text) => /^https?:\/\/\S+$/.test(text));
  return {
    name: `${metadata.id}.panther.yml`,
    text: yamlText({
      AnalysisType: "rule",
      RuleID: `Tocsin.${metadata.id}.${metadata.uuid.slice(0, 8)}`,
      DisplayName: metadata.title,
      Filename: `${metadata.id}.py`,
      Enabled: false,
      LogTypes: [logType],
      Severity: SEVERITIES[metadata.severity],
      Description: metadata.description,
      ...(reference === undefined ? {} : { Reference: reference }),
      ...(attack.length === 0 ? {} : { Reports: { "MITRE ATT&CK": attack } }),
      DedupPeriodMinutes: Math.max(5, Math.ceil((metadata.suppression?.window ?? 3600) / 60)),
      Threshold: 1,
    }),
  };
}

export const panther = {
  title: "Panther (Python, Windows.EventLogs)",
  extension: "py",
  checked: "executed",
  translate: (request) => translate(request, "Windows.EventLogs", windows),
} as const satisfies Platform;

export const pantherEcs = {
  title: "Panther (Python, ECS)",
  extension: "py",
  checked: "executed",
  translate: (request) => translate(request, "Custom.ECS", ecs),
} as const satisfies Platform;
