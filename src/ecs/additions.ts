/**
 * What we add beyond Elastic's own pipelines, one entry per addition, none of it under strict mode. Everything here makes an event
 * findable that is not otherwise; nothing changes a value that a pipeline sets, except where the entry says so.
 */
import type { JsonObject } from "../readers/index.ts";
import { isAddress } from "./values/addresses.ts";
import { argumentsByWindows } from "./windows/command-line.ts";
import { communityId } from "./values/community-id.ts";
import { categorise, eventDataText, type MappingContext } from "./mapping-context.ts";
import { addUnique, child, integer, objectAt, own, text, textAt } from "./object.ts";
import type { EventDescription } from "./windows/event.ts";
import { SECURITY_EVENTS } from "./windows/security/events.ts";
import { SERVICE_CONTROL_MANAGER, SYSTEM_EVENTS } from "./windows/system-events.ts";
import { taskProgram } from "./windows/task.ts";

export interface Addition {
  readonly name: string;
  /** What it does and why, for the documentation. */
  readonly summary: string;
  /** True where it made an event known that no pipeline categorises. */
  apply(context: MappingContext, channel: string): boolean;
}

export const ADDITIONS = [
  {
    name: "forwarded-as-direct",
    summary:
      "Records from a collector are mapped as those of the machine itself: the forwarded stream of the Windows integration up to 1.24 does not know 4797, 5140, 5145 and 5379 to 5382, and sets no user.target.",
    // The mapping itself asks for strict mode (`security.ts`), because it is about what it leaves out.
    apply: () => false,
  },
  {
    name: "host-identity",
    summary:
      "host.name is the computer of the record where the shipper set none, host.os.type and host.os.family are windows, and host.id is the computer's name where there is none: records of EVTX and XML files carry no host.id (Winlogbeat takes it from the machine it runs on), and sequences of Elastic's rules join on it.",
    apply(context) {
      const computer = textAt(context.winlog, "computer_name");
      const host = child(context.event, "host");
      if (host["name"] === undefined && computer !== undefined) host["name"] = computer;
      const os = child(host, "os");
      if (os["type"] === undefined) os["type"] = "windows";
      if (os["family"] === undefined) os["family"] = "windows";
      const id = computer ?? text(host["name"]);
      if (host["id"] === undefined && id !== undefined) host["id"] = id;
      return false;
    },
  },
  {
    name: "process-name-without-path",
    summary:
      "process.name is the image where it has no path, as for System: Elastic's Sysmon pipeline finds a name only after a backslash and sets none.",
    apply(context, channel) {
      if (channel !== "sysmon") return false;
      name(objectAt(context.event, "process"));
      name(objectAt(objectAt(context.event, "process"), "parent"));
      return false;
    },
  },
  {
    name: "share-path-backslashes",
    summary:
      "file.path and file.target_path of 5145 have the backslashes that Windows wrote: Elastic's template doubles them. This replaces a value.",
    apply(context, channel) {
      if (channel !== "security" || context.code !== "5145") return false;
      const file = objectAt(context.event, "file");
      const relative = eventDataText(context, "RelativeTargetName");
      if (file === undefined || relative === undefined) return false;
      const directory = eventDataText(context, "ShareLocalPath");
      const share = eventDataText(context, "ShareName");
      if (directory !== undefined) file["path"] = `${directory}${directory.endsWith("\\") ? "" : "\\"}${relative}`;
      if (share !== undefined) file["target_path"] = `${share}\\${relative}`;
      return false;
    },
  },
  {
    name: "service-installed",
    summary:
      "System 7045 gets the category, type, action and service.name of its Security twin 4697: no pipeline categorises it, so `configuration where` never reached it.",
    apply(context, channel) {
      if (channel !== "system" || context.code !== "7045" || !isServiceControl(context)) return false;
      categorise(context, SYSTEM_EVENTS.get("7045")!.added!);
      const service = eventDataText(context, "ServiceName");
      if (service !== undefined) child(context.event, "service")["name"] = service;
      return true;
    },
  },
  {
    name: "service-state",
    summary: "System 7036 and 7040 get service.name, and 7036 service.state. They stay without a category: no pipeline gives them one.",
    apply(context, channel) {
      if (channel !== "system" || (context.code !== "7036" && context.code !== "7040") || !isServiceControl(context)) return false;
      const service = eventDataText(context, "param1");
      if (service !== undefined) child(context.event, "service")["name"] = service;
      const state = eventDataText(context, "param2");
      if (context.code === "7036" && state !== undefined) child(context.event, "service")["state"] = state;
      return true;
    },
  },
  {
    name: "firewall-connection",
    summary:
      "Security 5156 (connection permitted), 5157 (connection blocked) and 5152 (packet dropped) become network events with process, source, destination, transport and direction, with the category, type and action of the System integration since 1.38; Winlogbeat and older integrations leave them unmapped.",
    apply(context, channel) {
      if (!categoriseAs("firewall-connection", context, channel)) return false;
      firewall(context);
      return true;
    },
  },
  {
    name: "directory-object",
    summary:
      "Security 5137 (directory object created) and 5141 (deleted) get the category, type and action that newer System integrations give them, and their user, as 5136 does.",
    apply: (context, channel) => categoriseAs("directory-object", context, channel),
  },
  {
    name: "share-object",
    summary:
      "Security 5142 (network share added), 5143 (modified) and 5144 (deleted) become configuration events with user and file.directory: Elastic's pipelines know only the access to a share, 5140 and 5145.",
    apply: (context, channel) => categoriseAs("share-object", context, channel),
  },
  {
    name: "powershell-data-kept",
    summary:
      "winlog.event_data keeps ContextInfo and Payload of PowerShell 4103 and param1 to param3 of 400, 403, 600 and 800: Elastic's pipelines take them apart and drop them, and Sigma's rules search in the whole text.",
    apply(context, channel) {
      if (channel === "powershell") keep(context, CLASSIC_DATA);
      else if (channel === "powershell_operational" && context.code === "4103") keep(context, MODULE_DATA);
      return false;
    },
  },
  {
    name: "scheduled-task-action",
    summary:
      "Security 4698 to 4702 get process.executable, process.name, process.command_line, process.args and process.working_directory of the first program that the task starts, read out of TaskContent or TaskContentNew, which stay: Elastic's pipelines leave the program inside the text of the task.",
    apply(context, channel) {
      if (channel === "security" && SECURITY_EVENTS.get(context.code)?.roles?.includes("scheduled-task") === true) scheduledTask(context);
      return false;
    },
  },
] as const satisfies readonly Addition[];

export function addToEvent(context: MappingContext, channel: string): boolean {
  let known = false;
  for (let i = 0; i < ADDITIONS.length; i++) if ((ADDITIONS[i] as Addition).apply(context, channel)) known = true;
  return known;
}

/** Categorises a Security event whose description says that this addition does; false where it does not say so. */
function categoriseAs(addition: NonNullable<EventDescription["added"]>["by"], context: MappingContext, channel: string): boolean {
  const added = channel === "security" ? SECURITY_EVENTS.get(context.code)?.added : undefined;
  if (added?.by !== addition) return false;
  categorise(context, added);
  return true;
}

function isServiceControl(context: MappingContext): boolean {
  const provider = textAt(context.winlog, "provider_name");
  return provider === undefined || provider === SERVICE_CONTROL_MANAGER;
}

function name(process: JsonObject | undefined): void {
  if (process === undefined || own(process, "name") !== undefined) return;
  const executable = textAt(process, "executable");
  if (executable !== undefined && !executable.includes("\\")) process["name"] = executable;
}

const CLASSIC_DATA = ["param1", "param2", "param3"];
const MODULE_DATA = ["ContextInfo", "Payload"];

function keep(context: MappingContext, names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) {
    const value = own(context.data, names[i]!);
    if (value !== undefined && value !== "" && value !== null) child(context.winlog, "event_data")[names[i]!] = value;
  }
}

function scheduledTask(context: MappingContext): void {
  const action = taskProgram(eventDataText(context, "TaskContentNew") ?? eventDataText(context, "TaskContent") ?? "");
  if (action === null) return;
  const { command, parameters, directory } = action;
  const line = parameters === undefined ? command : `${command} ${parameters}`;
  const process = child(context.event, "process");
  const executable = command.length > 2 && command.startsWith('"') && command.endsWith('"') ? command.slice(1, -1) : command;
  process["executable"] = executable;
  process["name"] = executable.slice(executable.lastIndexOf("\\") + 1);
  process["command_line"] = line;
  const args = [executable, ...(parameters === undefined ? [] : argumentsByWindows(parameters))];
  process["args"] = args;
  process["args_count"] = args.length;
  if (directory !== undefined) process["working_directory"] = directory;
}

const TRANSPORTS = new Map([
  ["6", "tcp"],
  ["17", "udp"],
  ["1", "icmp"],
  ["58", "ipv6-icmp"],
]);

function firewall(context: MappingContext): void {
  const { event } = context;
  const path = eventDataText(context, "Application");
  const process = child(event, "process");
  if (path !== undefined && path !== "-") {
    process["executable"] = path;
    process["name"] = path.slice(path.lastIndexOf("\\") + 1);
  }
  const pid = integer(eventDataText(context, "ProcessID") ?? eventDataText(context, "ProcessId"));
  if (pid !== undefined) process["pid"] = pid;
  const network = child(event, "network");
  const transport = TRANSPORTS.get(eventDataText(context, "Protocol") ?? "");
  if (transport !== undefined) network["transport"] = transport;
  // The source of the record is always the local end; %%14592 is inbound, %%14593 outbound.
  const inbound = eventDataText(context, "Direction") === "%%14592";
  network["direction"] = inbound ? "ingress" : "egress";
  const local = { ip: eventDataText(context, "SourceAddress"), port: integer(eventDataText(context, "SourcePort")) };
  const remote = { ip: eventDataText(context, "DestAddress"), port: integer(eventDataText(context, "DestPort")) };
  const source = inbound ? remote : local;
  const target = inbound ? local : remote;
  for (const [end, address] of [
    ["source", source],
    ["destination", target],
  ] as const) {
    const object = child(event, end);
    if (address.ip !== undefined && isAddress(address.ip)) {
      object["ip"] = address.ip;
      addUnique(child(event, "related"), "ip", address.ip);
      network["type"] = address.ip.includes(":") ? "ipv6" : "ipv4";
    }
    if (address.port !== undefined) object["port"] = address.port;
  }
  if (
    transport === undefined ||
    source.ip === undefined ||
    target.ip === undefined ||
    source.port === undefined ||
    target.port === undefined
  )
    return;
  const community = communityId(transport, source.ip, Number(source.port), target.ip, Number(target.port));
  if (community !== undefined) network["community_id"] = community;
}
