/**
 * Security events (channel Security) to ECS, equal to Winlogbeat's module `security` and to the Agent's `system.security` and
 * `windows.forwarded`. The order of the steps is the pipeline's: later ones look at what earlier ones set.
 */
import type { Json, JsonObject } from "../../../readers/index.ts";
import { isAddress, withoutMapping } from "../../values/addresses.ts";
import { argumentsByBlanks, isBlank } from "../command-line.ts";
import { categorise, eventDataText, type MappingContext, writeEventData } from "../../mapping-context.ts";
import { messageOf, numberOf } from "./message-table.ts";
import { addUnique, child, integer, objectAt, text, textAt } from "../../object.ts";
import { accountOfSid, describeSddl } from "./sddl.ts";
import { SECURITY_EVENTS } from "./events.ts";
import type { SecurityEvent, SecurityRole } from "./events/event.ts";
import {
  ACCESS_MASK,
  auditSubcategory,
  KERBEROS_STATUS,
  LOGON_STATUS,
  LOGON_TYPES,
  namesOfFlags,
  SERVICE_TYPES,
  type Flag,
  type Flags,
  TICKET_ENCRYPTION,
  TICKET_OPTIONS,
  TRUST_ATTRIBUTES,
  TRUST_DIRECTIONS,
  TRUST_TYPES,
  UAC_FLAGS,
} from "./values.ts";

const NO_ROLES: ReadonlySet<SecurityRole> = new Set();
/** By `event.code`, for a look-up per event. */
const ROLES: ReadonlyMap<string, ReadonlySet<SecurityRole>> = new Map(
  [...SECURITY_EVENTS].map(([code, { roles }]) => [code, roles === undefined ? NO_ROLES : new Set(roles)]),
);

/** Strict mode follows the pipeline of the Windows integration up to 1.24 for the forwarded stream, which knows less. */
function isOlderForwarded({ flavour, strict }: MappingContext): boolean {
  return flavour === "forwarded" && strict;
}

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

function setUser(context: MappingContext, from: JsonObject): void {
  const id = textAt(from, "SubjectUserSid");
  const name = textAt(from, "SubjectUserName");
  const domain = textAt(from, "SubjectDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const user = child(context.event, "user");
  if (id !== undefined) user["id"] = id;
  if (domain !== undefined) user["domain"] = domain;
  if (name === undefined) return;
  user["name"] = name;
  related(context, name);
}

function related(context: MappingContext, user: string): void {
  addUnique(child(context.event, "related"), "user", user);
}

function setLogonId(context: MappingContext, id: string | undefined): void {
  if (id !== undefined) child(context.winlog, "logon")["id"] = id;
}

/** `name@REALM` is `name`. */
function withoutRealm(name: string): string {
  const at = name.indexOf("@");
  return at < 0 ? name : name.slice(0, at);
}

/** A logon is about the account that logs on: it is the event's user. */
function targetUser(context: MappingContext): void {
  const { event } = context;
  // The older pipeline of the forwarded stream looks at one of the two names only.
  const id = eventDataText(context, "TargetUserSid") ?? (isOlderForwarded(context) ? undefined : eventDataText(context, "TargetSid"));
  const name = eventDataText(context, "TargetUserName");
  const domain = eventDataText(context, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const user = child(event, "user");
  if (id !== undefined) user["id"] = id;
  if (name !== undefined) {
    user["name"] = withoutRealm(name);
    related(context, withoutRealm(name));
  }
  if (domain !== undefined) user["domain"] = domain;
}

/** `user.target` or `user.effective`; `-` stands for no account. */
function otherUser(context: MappingContext, role: "target" | "effective", sidName: string): void {
  const id = unlessDash(eventDataText(context, sidName));
  const name = unlessDash(eventDataText(context, "TargetUserName"));
  const domain = unlessDash(eventDataText(context, "TargetDomainName"));
  if (id === undefined && name === undefined && domain === undefined) return;
  const user = child(child(context.event, "user"), role);
  if (id !== undefined) user["id"] = id;
  if (name !== undefined) {
    user["name"] = withoutRealm(name);
    related(context, withoutRealm(name));
  }
  if (domain !== undefined) user["domain"] = domain;
}

function unlessDash(value: string | undefined): string | undefined {
  return value === "-" ? undefined : value;
}

function group(context: MappingContext): void {
  const { event } = context;
  const member = eventDataText(context, "MemberName");
  if (member !== undefined) {
    const parts = distinguishedName(member);
    const name = withoutAttribute(parts[0]!, "CN=");
    const target = child(child(event, "user"), "target");
    target["name"] = name;
    related(context, name);
    if (parts.length >= 4 && !isOlderForwarded(context)) target["domain"] = withoutAttribute(parts[3]!, "DC=");
  }
  const id = eventDataText(context, "TargetSid") ?? eventDataText(context, "TargetUserSid");
  const name = eventDataText(context, "TargetUserName");
  const domain = eventDataText(context, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const groupObject = child(event, "group");
  if (id !== undefined) groupObject["id"] = id;
  if (name !== undefined) groupObject["name"] = name;
  if (domain !== undefined) groupObject["domain"] = withoutAttribute(domain, "DC=");
  const target = objectAt(objectAt(event, "user"), "target");
  if (target !== undefined) target["group"] = { ...groupObject };
}

/** At commas that no backslash escapes. */
function distinguishedName(name: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = name.indexOf(","); at >= 0; at = name.indexOf(",", at + 1)) {
    if (name.charCodeAt(at - 1) === 92) continue;
    parts.push(name.slice(start, at));
    start = at + 1;
  }
  parts.push(name.slice(start));
  return parts;
}

function withoutAttribute(part: string, attribute: string): string {
  return part.replaceAll(attribute, "").replaceAll(attribute.toLowerCase(), "");
}

function computer(context: MappingContext): void {
  const id = eventDataText(context, "TargetSid");
  const name = eventDataText(context, "TargetUserName");
  const domain = eventDataText(context, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const object = child(context.winlog, "computerObject");
  if (id !== undefined) object["id"] = id;
  if (name !== undefined) object["name"] = name;
  if (domain !== undefined) object["domain"] = domain;
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

function relatedUsers(context: MappingContext, roles: ReadonlySet<SecurityRole>): void {
  const { event } = context;
  const subject = roles.has("subject-is-related") ? unlessDash(eventDataText(context, "SubjectUserName")) : undefined;
  if (subject !== undefined) related(context, subject);
  const target = roles.has("target-is-related") ? unlessDash(eventDataText(context, "TargetUserName")) : undefined;
  if (target !== undefined) related(context, target);
  const old = eventDataText(context, "OldTargetUserName");
  const now = eventDataText(context, "NewTargetUserName");
  if (old !== undefined) child(child(event, "user"), "target")["name"] = old;
  if (now !== undefined) child(child(event, "user"), "changes")["name"] = now;
  if (unlessDash(now) !== undefined) related(context, now!);
  if (unlessDash(old) !== undefined) related(context, old!);
}

function privileges(context: MappingContext, more: JsonObject): void {
  const list = eventDataText(context, "PrivilegeList");
  if (list !== undefined) more["PrivilegeList"] = words(list, true);
}

/** White space apart. Java's split keeps an empty first word; it never keeps empty last ones. */
function words(list: string, keepFirst: boolean): string[] {
  const out: string[] = [];
  let start = 0;
  for (let at = 0; at <= list.length && out.length < 1000; at++) {
    if (at < list.length && !isBlank(list.charCodeAt(at))) continue;
    if (at > start || (keepFirst && at === 0 && list.length > 0)) out.push(list.slice(start, at));
    start = at + 1;
  }
  return out;
}

/** `%%1234` and `1234` are the same number. */
function token(word: string): string {
  return word.replaceAll("%%", "").trim();
}

function numbered(value: string): number | undefined {
  const parsed = integer(value);
  return parsed === undefined ? undefined : Number(parsed);
}

function describeValues(context: MappingContext, more: JsonObject, roles: ReadonlySet<SecurityRole>): void {
  const { winlog } = context;
  const data = context.data;
  const logonType = LOGON_TYPES.get(eventDataText(context, "LogonType") ?? "");
  if (logonType !== undefined) child(winlog, "logon")["type"] = logonType;

  const uac = unlessDash(eventDataText(context, "NewUacValue"));
  if (uac !== undefined) userAccountControl(context, uac, more);

  const options = numbered(eventDataText(context, "TicketOptions") ?? "");
  if (options !== undefined) {
    const names = namesOfFlags(flagsFor(context, TICKET_OPTIONS), options);
    if (names.length > 0) more["TicketOptionsDescription"] = names;
  }
  const encryption = TICKET_ENCRYPTION.get((eventDataText(context, "TicketEncryptionType") ?? "").toLowerCase());
  if (encryption !== undefined) more["TicketEncryptionTypeDescription"] = encryption;
  const status = eventDataText(context, "Status");
  if (status !== undefined && roles.has("kerberos-status")) {
    const name = KERBEROS_STATUS.get(status.toLowerCase());
    if (name !== undefined) more["StatusDescription"] = name;
  }
  const service = eventDataText(context, "ServiceName");
  if (service !== undefined) child(context.event, "service")["name"] = service;
  const serviceType = SERVICE_TYPES.get(eventDataText(context, "ServiceType") ?? "");
  if (serviceType !== undefined) child(context.event, "service")["type"] = serviceType;
  const guid = eventDataText(context, "SubcategoryGuid");
  const audited = guid === undefined ? undefined : auditSubcategory(guid);
  if (audited !== undefined) {
    more["SubCategory"] = audited[0];
    more["Category"] = audited[1];
  }
  describeTokens(context, more);
  if (roles.has("logon-failure")) logonFailure(context);
  const trustType = TRUST_TYPES.get(text(data["TdoType"]) ?? "");
  if (trustType !== undefined) winlog["trustType"] = trustType;
  const trustDirection = TRUST_DIRECTIONS.get(text(data["TdoDirection"]) ?? "");
  if (trustDirection !== undefined) winlog["trustDirection"] = trustDirection;
  const trustAttribute = TRUST_ATTRIBUTES.get(text(data["TdoAttributes"]) ?? "");
  if (trustAttribute !== undefined) winlog["trustAttribute"] = trustAttribute;
}

function flagsFor(context: MappingContext, flags: Flags): readonly Flag[] {
  return context.flavour === "winlogbeat" ? flags.winlogbeat : flags.agent;
}

function userAccountControl(context: MappingContext, uac: string, more: JsonObject): void {
  const value = numbered(uac.trim());
  if (value === undefined) return;
  const names = namesOfFlags(flagsFor(context, UAC_FLAGS), value);
  if (names.length === 0) return;
  more["NewUACList"] = names;
  const changes = eventDataText(context, "UserAccountControl");
  if (changes === undefined || (changes === "-" && context.flavour !== "winlogbeat")) return;
  const numbers = changes
    .split("\n")
    .map(token)
    .filter((word) => word !== "");
  more["UserAccountControl"] = numbers;
}

function describeTokens(context: MappingContext, more: JsonObject): void {
  const reason = eventDataText(context, "FailureReason");
  if (reason !== undefined) {
    const number = reason.replaceAll("%%", "");
    child(child(context.winlog, "logon"), "failure")["reason"] = messageOf(number) ?? number;
  }
  const changes = eventDataText(context, "AuditPolicyChanges");
  if (changes !== undefined) {
    more["AuditPolicyChangesDescription"] = changes.split(",", 64).map((word) => messageOf(token(word)) ?? token(word));
  }
  const list = eventDataText(context, "AccessList");
  if (list !== undefined) {
    const tokens = words(list, false);
    const numbers = tokens.map(token);
    more["AccessList"] = tokens.join(" ");
    more["AccessListDescription"] = numbers.map((number) => messageOf(number) ?? number);
  }
  const direction = messageOf(token(eventDataText(context, "Direction") ?? ""));
  if (direction !== undefined) more["DirectionDescription"] = direction;
  const layer = messageOf(token(eventDataText(context, "LayerName") ?? ""));
  if (layer !== undefined) more["LayerNameDescription"] = layer;
  const mask = eventDataText(context, "AccessMask");
  if (mask !== undefined) accessMask(context, mask, more);
}

function accessMask(context: MappingContext, mask: string, more: JsonObject): void {
  let bits = 0;
  for (const word of words(mask, false)) {
    let number = token(word);
    const message = messageOf(number);
    if (message === undefined) number = numberOf(number) ?? number;
    bits |= (numbered(number) ?? 0) >>> 0;
  }
  const described = namesOfFlags(flagsFor(context, ACCESS_MASK), bits >>> 0);
  if (described.length > 0) more["AccessMaskDescription"] = described;
}

function logonFailure(context: MappingContext): void {
  const status = LOGON_STATUS.get(eventDataText(context, "Status") ?? "");
  const sub = eventDataText(context, "Status") === undefined ? undefined : LOGON_STATUS.get(eventDataText(context, "SubStatus") ?? "");
  if (status !== undefined) child(child(context.winlog, "logon"), "failure")["status"] = status;
  if (sub !== undefined) child(child(context.winlog, "logon"), "failure")["sub_status"] = sub;
}

function descriptors(context: MappingContext, more: JsonObject): void {
  for (const name of ["OldSd", "NewSd"] as const) {
    const sddl = eventDataText(context, name);
    if (sddl === undefined) continue;
    const described = describeSddl(sddl);
    if (/^O:[A-Z]{2}/.test(sddl)) more[`${name}Owner`] = sddl.slice(0, 4);
    described.dacl.forEach((line, i) => (more[`${name}Dacl${i}`] = line));
    described.sacl.forEach((line, i) => (more[`${name}Sacl${i}`] = line));
    for (const user of described.users) related(context, user);
  }
  const sids = eventDataText(context, "SidList");
  if (sids === undefined) return;
  const list = sids.split(" ", 1000);
  more["SidList"] = list;
  more["SidListDesc"] = list.map((sid): Json => accountOfSid(sid.replaceAll("%", "").replaceAll("{", "").replaceAll("}", "")) ?? null);
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
