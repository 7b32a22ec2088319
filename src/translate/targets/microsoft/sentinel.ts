/**
 * Microsoft Sentinel: KQL over the tables that its Windows connectors fill, and the analytics rule as YAML and as an ARM template.
 *
 * `SecurityEvent` has columns for much of the Security log's data (Microsoft's table reference); `Event` keeps the data of every
 * other log as XML, out of which what is needed is taken.
 */
import { yamlText } from "../../../sigma/index.ts";
import { among } from "../../dialect.ts";
import { jsonText } from "../../json-text.ts";
import { kqlString, kqlTranslation } from "./kql.ts";
import { once } from "../../once.ts";
import type { Column, Table } from "../../tables/table.ts";
import type { Branch } from "../../tables/tables.ts";
import type { DeployFile, Platform, TranslationRequest, RuleMetadata } from "../../translation.ts";
import {
  codesByChannel,
  unlistedWindowsEvent,
  WINDOWS_FAMILIES,
  windowsTableEvents,
  type WindowsLogged,
  type WindowsNaming,
} from "../../tables/windows.ts";

/** Columns of `SecurityEvent` that bear the name of the event's data. */
export const SECURITY_COLUMNS: ReadonlySet<string> = new Set(
  "AccessList AccessMask AccessReason AdditionalInfo AuthenticationPackageName ClientProcessId CommandLine DisplayName ElevatedToken FailureReason FileHash HandleId ImpersonationLevel IpAddress IpPort KeyLength LmPackageName LogonGuid LogonProcessName LogonType MandatoryLabel MemberName MemberSid NewProcessId NewProcessName ObjectName ObjectServer ObjectType ObjectValueName OldValue OldValueType NewValue NewValueType OperationType ParentProcessName PrivilegeList ProcessId ProcessName Properties RelativeTargetName RestrictedAdminMode SamAccountName ServiceAccount ServiceFileName ServiceName ServiceStartType ServiceType ShareLocalPath ShareName Status SubStatus SubcategoryGuid SubjectDomainName SubjectLogonId SubjectUserName SubjectUserSid TargetDomainName TargetInfo TargetLinkedLogonId TargetLogonGuid TargetLogonId TargetOutboundDomainName TargetOutboundUserName TargetServerName TargetSid TargetUserName TargetUserSid TokenElevationType TransmittedServices UserPrincipalName VirtualAccount Workstation WorkstationName".split(
    " ",
  ),
);

/** Columns of `Event`, which must not be hidden by what is taken out of its XML. */
const EVENT_COLUMNS: ReadonlySet<string> = new Set(
  "Computer EventCategory EventData EventID EventLevel EventLog Message ParameterXml RenderedDescription Source TimeGenerated Type UserName".split(
    " ",
  ),
);

const HEADER: Readonly<Record<string, string>> = { Computer: "Computer", EventID: "EventID", TimeCreated: "TimeGenerated" };

/** Numbers are texts here, except for few. */
const NUMBERS: ReadonlySet<string> = new Set(["EventID", "KeyLength", "LogonType"]);
const type = (column: string, ecs: Column["type"]): Column["type"] => (NUMBERS.has(column) ? "number" : ecs === "time" ? "time" : "text");

const SECURITY: WindowsNaming = {
  data: (name) => (SECURITY_COLUMNS.has(name) ? name : null),
  header: (name) => HEADER[name] ?? null,
  type,
};
const EVENT: WindowsNaming = {
  data: (name) => (EVENT_COLUMNS.has(name) ? `Data_${name}` : name.replaceAll(/\W/g, "_")),
  header: (name) => (name === "Provider" ? "Source" : (HEADER[name] ?? null)),
  type,
};

const tables = once((): readonly Table<WindowsLogged>[] => [
  {
    name: "SecurityEvent",
    events: windowsTableEvents(["security"], SECURITY),
    unlisted: (of) => (of.channel === "Security" ? unlistedWindowsEvent(of, SECURITY) : null),
  },
  {
    name: "Event",
    events: windowsTableEvents(
      WINDOWS_FAMILIES.filter((family) => family !== "security"),
      EVENT,
    ),
    unlisted: (of) => (of.channel === "Security" ? null : unlistedWindowsEvent(of, EVENT)),
  },
]);

function select({ events, table, columns }: Branch<WindowsLogged>): readonly string[] {
  const channels = [...codesByChannel(events)].map(([channel, codes]) => {
    const log = table.name === "SecurityEvent" ? [] : [`EventLog == ${kqlString(channel)}`];
    return [...log, ...(codes === null ? [] : [among("EventID", codes, "==", "in")])].join(" and ");
  });
  const where = channels.length === 1 ? channels[0]! : channels.map((channel) => `(${channel})`).join(" or ");
  if (table.name === "SecurityEvent") return [`where ${where}`];
  const names = [...columns.keys()].filter((name) => !EVENT_COLUMNS.has(name));
  return [`where ${where}`, ...names.map((name) => `extend ${name} = ${fromXml(name.replace(/^Data_/, ""))}`)];
}

/** The data of that name; XML writes three characters otherwise. */
function fromXml(name: string): string {
  const entities = [
    ["&lt;", "<"],
    ["&gt;", ">"],
    ["&amp;", "&"],
  ] as const;
  // Some providers have blanks in their names.
  const taken = `extract('<Data Name="${name.replaceAll("_", "[_ ]")}">([^<]*)</Data>', 1, EventData)`;
  return entities.reduce((text, [entity, character]) => `replace_string(${text}, "${entity}", "${character}")`, taken);
}

export const sentinel = {
  title: "Microsoft Sentinel (KQL)",
  extension: "kql",
  checked: "validated",
  translate: (request) => kqlTranslation(request, { tables, time: "TimeGenerated", select }, (text) => deployFiles(request, text)),
} as const satisfies Platform;

const SEVERITIES = {
  informational: "Informational",
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "High",
} as const satisfies Record<RuleMetadata["severity"], string>;

function deployFiles({ metadata }: TranslationRequest, text: string): readonly DeployFile[] {
  const minutes = (seconds: number): number => Math.max(5, Math.ceil(seconds / 60));
  const every = minutes(metadata.interval);
  const back = Math.max(every, minutes(metadata.lookback));
  const tactics = [...new Set(metadata.attack.map(({ tactic }) => tactic.name.replaceAll(/[^A-Za-z]/g, "")))];
  const techniques = [...new Set(metadata.attack.map(({ technique }) => technique.id))];
  const entityMappings =
    text.includes("| join ") || text.includes("| summarize ")
      ? []
      : [{ entityType: "Host", fieldMappings: [{ identifier: "FullName", columnName: "Computer" }] }];
  // Sentinel's own suppression stops the rule for every host; repeats become one incident instead.
  const incidentConfiguration = {
    createIncident: true,
    groupingConfiguration: {
      enabled: metadata.suppression !== null && entityMappings.length > 0,
      reopenClosedIncident: false,
      lookbackDuration: `PT${minutes(metadata.suppression?.window ?? 3_600)}M`,
      matchingMethod: "AllEntities",
      groupByEntities: [],
      groupByAlertDetails: [],
      groupByCustomDetails: [],
    },
  };
  const template = {
    id: metadata.uuid,
    name: metadata.title,
    kind: "Scheduled",
    description: metadata.description,
    severity: SEVERITIES[metadata.severity],
    // What fills `Event` is an agent's rule for collecting data, and no connector.
    requiredDataConnectors: /^\s*SecurityEvent$/m.test(text)
      ? [{ connectorId: "WindowsSecurityEvents", dataTypes: ["SecurityEvent"] }]
      : [],
    queryFrequency: span(every),
    queryPeriod: span(back),
    triggerOperator: "gt",
    triggerThreshold: 0,
    tactics,
    relevantTechniques: [...new Set(metadata.attack.map(({ technique, subtechnique }) => (subtechnique ?? technique).id))],
    query: text,
    entityMappings,
    eventGroupingSettings: { aggregationKind: "AlertPerResult" },
    incidentConfiguration,
    version: `1.0.${metadata.version}`,
  };
  const arm = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: { workspace: { type: "string" } },
    resources: [
      {
        type: "Microsoft.OperationalInsights/workspaces/providers/alertRules",
        apiVersion: "2023-02-01",
        name: `[concat(parameters('workspace'), '/Microsoft.SecurityInsights/${metadata.uuid}')]`,
        kind: "Scheduled",
        properties: {
          displayName: armText(metadata.title),
          description: armText(metadata.description),
          severity: template.severity,
          enabled: false,
          query: armText(text),
          queryFrequency: `PT${every}M`,
          queryPeriod: `PT${back}M`,
          triggerOperator: "GreaterThan",
          triggerThreshold: 0,
          suppressionEnabled: false,
          suppressionDuration: "PT5H",
          tactics,
          techniques,
          entityMappings,
          eventGroupingSettings: template.eventGroupingSettings,
          incidentConfiguration,
        },
      },
    ],
  };
  return [
    { name: `${metadata.id}.sentinel.yaml`, text: yamlText(template) },
    { name: `${metadata.id}.sentinel.json`, text: `${jsonText(arm, 2)}\n` },
  ];
}

/** What begins with a bracket is an expression in a template of Azure's; a second one makes it a text. */
function armText(text: string): string {
  return text.startsWith("[") ? `[${text}` : text;
}

/** Minutes as a template writes them: `5m`, `1h`, `1d`. */
function span(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
