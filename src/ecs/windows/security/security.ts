/**
 * Security events (channel Security) to ECS, equal to Winlogbeat's module `security` and to the Agent's `system.security` and
 * `windows.forwarded`. The order of the steps is the pipeline's: later ones look at what earlier ones set.
 */
import type { JsonObject } from "../../../readers/index.ts";
import { isAddress, withoutMapping } from "../../values/addresses.ts";
import { argumentsByBlanks } from "../command-line.ts";
import { categorise, eventDataText, isOlderForwarded, type MappingContext, unlessDash, writeEventData } from "../../mapping-context.ts";
import { addUnique, child, integer, objectAt, text, textAt } from "../../object.ts";
import { computer, group, otherUser, related, relatedUsers, setUser, targetUser } from "./accounts.ts";
import { describeValues, descriptors, privileges } from "./describe.ts";
import { SECURITY_EVENTS } from "./events.ts";
import type { SecurityEvent, SecurityRole } from "./events/event.ts";

const NO_ROLES: ReadonlySet<SecurityRole> = new Set();
/** By `event.code`, for a look-up per event. */
const ROLES: ReadonlyMap<string, ReadonlySet<SecurityRole>> = new Map(
  [...SECURITY_EVENTS].map(([code, { roles }]) => [code, roles === undefined ? NO_ROLES : new Set(roles)]),
);

/** What plays a role in an event that Elastic's pipelines do not categorise is our addition. */
function rolesOf({ code, strict }: MappingContext, described: SecurityEvent | undefined): ReadonlySet<SecurityRole> {
  return described === undefined || (strict && described.ecs === undefined) ? NO_ROLES : ROLES.get(code)!;
}

export function security(context: MappingContext): boolean {
  const { event, code, flavour } = context;
  const described = SECURITY_EVENTS.get(code);
  const roles = rolesOf(context, described);
  const known = isOlderForwarded(context) && described?.notForwarded === true ? undefined : described?.ecs;
  if (known !== undefined) categorise(context, known);
  if (flavour === "winlogbeat") child(event, "event")["module"] = "security";
  const consumed = new Set<string>();
  const more: JsonObject = {};
  describeValues(context, more, roles);
  if (roles.has("session")) session(context, more);
  if (roles.has("target-is-user")) targetUser(context);
  if (roles.has("target-is-group")) group(context);
  if (roles.has("target-is-computer")) computer(context);
  if (roles.has("target-is-logon")) setLogonId(context, eventDataText(context, "TargetLogonId"));
  if (roles.has("subject-is-user")) setUser(context, context.data);
  if (roles.has("target-is-user-target") && !isOlderForwarded(context)) otherUser(context, "target", "TargetSid");
  if (roles.has("target-is-user-effective")) otherUser(context, "effective", "TargetUserSid");
  setLogonId(context, eventDataText(context, "SubjectLogonId"));
  const userData = roles.has("user-data-subject") ? objectAt(context.winlog, "user_data") : undefined;
  if (userData !== undefined) {
    setUser(context, userData);
    setLogonId(context, textAt(userData, "SubjectLogonId"));
  }
  if (roles.has("process-and-source")) commonFields(context, consumed);
  if (roles.has("new-process")) processCreation(context, consumed);
  relatedUsers(context, roles);
  if (roles.has("privileges")) privileges(context, more);
  const source = objectAt(event, "source");
  const ip = textAt(source, "ip");
  if (source !== undefined && ip !== undefined) {
    const plain = withoutMapping(ip);
    source["ip"] = plain;
    addUnique(child(event, "related"), "ip", plain);
  }
  if (roles.has("security-descriptors")) descriptors(context, more);
  if (roles.has("share")) share(context);
  for (const name of Object.keys(more)) consumed.add(name);
  writeEventData(context, consumed, more);
  return known !== undefined;
}

function setLogonId(context: MappingContext, id: string | undefined): void {
  if (id !== undefined) child(context.winlog, "logon")["id"] = id;
}

/** A session reconnected or disconnected. */
function session(context: MappingContext, more: JsonObject): void {
  const { event } = context;
  const name = eventDataText(context, "AccountName");
  const domain = eventDataText(context, "AccountDomain");
  if (name !== undefined) {
    child(event, "user")["name"] = name;
    related(context, name);
  }
  if (domain !== undefined) child(event, "user")["domain"] = domain;
  const address = unlessDash(eventDataText(context, "ClientAddress"));
  if (address !== undefined && address !== "Unknown") {
    // A session of the console has no address: it is this machine.
    const ip = address === "LOCAL" ? "127.0.0.1" : address;
    if (address === "LOCAL") more["ClientAddress"] = ip;
    if (isAddress(withoutMapping(ip)) || context.strict) {
      child(event, "source")["ip"] = ip;
      addUnique(child(event, "related"), "ip", ip);
    }
  }
  const client = eventDataText(context, "ClientName");
  if (client !== undefined) child(event, "source")["domain"] = client;
  setLogonId(context, eventDataText(context, "LogonID"));
}

function commonFields(context: MappingContext, consumed: Set<string>): void {
  const { event, data } = context;
  const pid = integer(text(data["ProcessId"]));
  if (pid !== undefined) {
    child(event, "process")["pid"] = pid;
    consumed.add("ProcessId");
  }
  const executable = eventDataText(context, "ProcessName");
  if (executable !== undefined) {
    child(event, "process")["executable"] = executable;
    consumed.add("ProcessName");
  }
  const address = unlessDash(eventDataText(context, "IpAddress"));
  if (address !== undefined) {
    child(event, "source")["ip"] = address;
    consumed.add("IpAddress");
  }
  const port = integer(text(data["IpPort"]));
  if (port !== undefined) {
    child(event, "source")["port"] = port;
    consumed.add("IpPort");
  }
  const workstation = eventDataText(context, "WorkstationName");
  if (workstation !== undefined) {
    child(event, "source")["domain"] = workstation;
    consumed.add("WorkstationName");
  }
  const client = unlessDash(eventDataText(context, "ClientAddress"));
  if (client !== undefined) {
    child(event, "related")["ip"] = [client];
    consumed.add("ClientAddress");
  }
  nameProcess(objectAt(event, "process"));
}

/** Everything after the last backslash; the whole where there is none, unlike for Sysmon. */
function nameProcess(process: JsonObject | undefined): void {
  const executable = textAt(process, "executable");
  if (process === undefined || executable === undefined || process["name"] !== undefined) return;
  process["name"] = executable.slice(executable.lastIndexOf("\\") + 1);
}

function processCreation(context: MappingContext, consumed: Set<string>): void {
  const { event, data } = context;
  const process = child(event, "process");
  const pid = integer(text(data["NewProcessId"]));
  if (pid !== undefined) process["pid"] = pid;
  consumed.add("NewProcessId");
  const executable = eventDataText(context, "NewProcessName");
  if (executable !== undefined) process["executable"] = executable;
  consumed.add("NewProcessName");
  const parentExecutable = eventDataText(context, "ParentProcessName");
  if (parentExecutable !== undefined) child(process, "parent")["executable"] = parentExecutable;
  consumed.add("ParentProcessName");
  const parentPid = integer(text(data["ProcessId"]));
  if (parentPid !== undefined) child(process, "parent")["pid"] = parentPid;
  nameProcess(process);
  nameProcess(objectAt(process, "parent"));
  const line = eventDataText(context, "CommandLine");
  if (line !== undefined) {
    const args = argumentsByBlanks(line);
    process["args"] = args;
    if (context.flavour === "winlogbeat" || !context.strict) process["args_count"] = args.length;
    process["command_line"] = line;
  }
  const target = unlessDash(eventDataText(context, "TargetUserName"));
  if (target !== undefined) related(context, target);
}

/** Elastic's template doubles the backslashes of `file.path` and `file.target_path`; an addition undoes it. */
function share(context: MappingContext): void {
  const name = eventDataText(context, "RelativeTargetName");
  const directory = eventDataText(context, "ShareLocalPath");
  if (name === undefined && directory === undefined) return;
  const file = child(context.event, "file");
  const part = (path: string): string => path.replaceAll("\\", "\\\\");
  if (name !== undefined) file["name"] = name;
  if (directory !== undefined) file["directory"] = directory;
  if (name === undefined) return;
  if (directory !== undefined) file["path"] = `${part(directory)}\\${part(name)}`;
  const shareName = eventDataText(context, "ShareName");
  if (shareName !== undefined) file["target_path"] = `${part(shareName)}\\${part(name)}`;
  const dot = name.lastIndexOf(".");
  if (dot >= 0) file["extension"] = name.slice(dot + 1);
}
