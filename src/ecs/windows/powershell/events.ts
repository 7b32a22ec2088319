/** The events of PowerShell's two logs, by `event.code`, and what Elastic's pipelines make of them. */
import { byCode, type EventDescription, names, type RecordedEvent } from "../event.ts";

interface PowershellEvent extends EventDescription {
  readonly task: string;
  readonly audit: string;
}

const MODULE_LOGGING = "policy Turn on Module Logging";
const SCRIPT_BLOCK_LOGGING = "policy Turn on PowerShell Script Block Logging";

/** Channel `Windows PowerShell`. */
export const POWERSHELL_EVENTS: ReadonlyMap<string, PowershellEvent> = byCode<PowershellEvent>({
  400: {
    name: "Engine state is changed to Available",
    task: "Engine Lifecycle",
    audit: "always written",
    ecs: { category: ["process"], type: ["start"] },
    data: names("param1 param2 param3"),
  },
  403: {
    name: "Engine state is changed to Stopped",
    task: "Engine Lifecycle",
    audit: "always written",
    ecs: { category: ["process"], type: ["end"] },
    data: names("param1 param2 param3"),
  },
  600: {
    name: "Provider is started",
    task: "Provider Lifecycle",
    audit: "always written",
    ecs: { category: ["process"], type: ["info"] },
    data: names("param1 param2 param3"),
  },
  800: {
    name: "Pipeline execution details",
    task: "Pipeline Execution Details",
    audit: MODULE_LOGGING,
    ecs: { category: ["process"], type: ["info"] },
    data: names("param1 param2 param3"),
  },
});

/** Channel `Microsoft-Windows-PowerShell/Operational`. */
export const POWERSHELL_OPERATIONAL_EVENTS: ReadonlyMap<string, PowershellEvent> = byCode<PowershellEvent>({
  4103: {
    name: "Module logging of a pipeline",
    task: "Executing Pipeline",
    audit: MODULE_LOGGING,
    ecs: { category: ["process"], type: ["info"] },
    data: names("ContextInfo UserData Payload"),
  },
  4104: {
    name: "Creating Scriptblock text",
    task: "Execute a Remote Command",
    audit: `${SCRIPT_BLOCK_LOGGING}; suspicious blocks always`,
    ecs: { category: ["process"], type: ["info"] },
    data: names("MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path"),
  },
  4105: {
    name: "Started invocation of ScriptBlock",
    task: "Starting Command",
    audit: `${SCRIPT_BLOCK_LOGGING}, with invocation events`,
    ecs: { category: ["process"], type: ["start"] },
    data: names("ScriptBlockId RunspaceId"),
  },
  4106: {
    name: "Completed invocation of ScriptBlock",
    task: "Stopping Command",
    audit: `${SCRIPT_BLOCK_LOGGING}, with invocation events`,
    ecs: { category: ["process"], type: ["end"] },
    data: names("ScriptBlockId RunspaceId"),
  },
});

function recorded(events: ReadonlyMap<string, PowershellEvent>): readonly RecordedEvent[] {
  return [...events].map(([code, event]) => ({ ...event, code, tasks: [event.task] }));
}

export const POWERSHELL_RECORDED = recorded(POWERSHELL_EVENTS);
export const POWERSHELL_OPERATIONAL_RECORDED = recorded(POWERSHELL_OPERATIONAL_EVENTS);
