/**
 * Security events (channel Security) to ECS, equal to Winlogbeat's module `security` and to the Agent's `system.security` and
 * `windows.forwarded`. The order of the steps is the pipeline's: later ones look at what earlier ones set.
 */
import type { Json, JsonObject } from "../../../readers/index.ts";
import { isAddress, withoutMapping } from "../../values/addresses.ts";
import { argumentsByBlanks, isBlank } from "../command-line.ts";
import { categorise, datum, type Draft, writeEventData } from "../../draft.ts";
import { messageOf, numberOf } from "./message-table.ts";
import { addUnique, child, integer, objectAt, text, textAt } from "../../object.ts";
import { accountOfSid, describeSddl } from "./sddl.ts";
import { NOT_FORWARDED, SECURITY_CODES } from "./codes.ts";
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

const set = (...lists: string[]): ReadonlySet<string> => new Set(lists.join(" ").split(" "));

/** Group management from 4727 to 4764 but for 4736, 4738 to 4743. */
const GROUP_EVENTS =
  "4727 4728 4729 4730 4731 4732 4733 4734 4735 4737 4744 4745 4746 4747 4748 4749 4750 4751 4752 4753 4754 4755 4756 4757 4758 4759 4760 4761 4762 4763 4764";
const USER_EVENTS = "4720 4722 4723 4724 4725 4726 4738 4740 4767 4798";
const COMPUTER_EVENTS = "4741 4742 4743";

/** Which events do what; the lists are those of the pipelines. */
const TARGET_IS_USER = set("4624 4625 4634 4647 4648 4768 4769 4770 4771 4776 4964");
const TARGET_IS_GROUP = set(GROUP_EVENTS, "4799");
const TARGET_IS_COMPUTER = set(COMPUTER_EVENTS);
const TARGET_LOGON = set("4634 4647 4964");
const SUBJECT_IS_USER = set(
  "4648 4657 4662 4670 4672 4673 4674 4688 4689 4697 4698 4699 4700 4701 4702 4706 4707 4713 4716 4717 4718 4719 4739 4781 4797 4799 4817 4904 4905 4907 4912 5136 5140 5145 5379 5380 5381 5382",
  GROUP_EVENTS,
  USER_EVENTS,
  COMPUTER_EVENTS,
);
const TARGET_IS_TARGET = set("4670 4817 4907 4797", USER_EVENTS);
const TARGET_IS_EFFECTIVE = set("4648 4688");
const COMMON_FIELDS = set(
  "1100 1102 1104 1105 1108 4624 4648 4625 4670 4673 4674 4689 4697 4719 4768 4769 4770 4771 4799 4817 4904 4905 4907 4912 5140 5145",
  GROUP_EVENTS,
  USER_EVENTS,
  COMPUTER_EVENTS,
);
const RELATED_SUBJECT = set("4624 4648 4797 5379 5380 5381 5382");
const RELATED_TARGET = set("4688 4797", USER_EVENTS);
const PRIVILEGES = set("4672 4673 4674", COMPUTER_EVENTS);
const KERBEROS = set("4768 4769 4770 4771");
const DESCRIPTORS = set("4670 4817 4907 4908");

export function security(draft: Draft): boolean {
  const { event, code, flavour } = draft;
  const known = flavour === "forwarded" && NOT_FORWARDED.has(code) && draft.strict ? undefined : SECURITY_CODES.get(code);
  if (known !== undefined) categorise(draft, known, true);
  if (flavour === "winlogbeat") child(event, "event")["module"] = "security";
  const consumed = new Set<string>();
  const more: JsonObject = {};
  describeValues(draft, more);
  if (code === "4778" || code === "4779") session(draft, more);
  if (TARGET_IS_USER.has(code)) targetUser(draft);
  if (TARGET_IS_GROUP.has(code)) group(draft);
  if (TARGET_IS_COMPUTER.has(code)) computer(draft);
  if (TARGET_LOGON.has(code)) setLogonId(draft, datum(draft, "TargetLogonId"));
  if (SUBJECT_IS_USER.has(code)) setUser(draft, draft.data);
  if (TARGET_IS_TARGET.has(code) && !(flavour === "forwarded" && draft.strict)) otherUser(draft, "target", "TargetSid");
  if (TARGET_IS_EFFECTIVE.has(code)) otherUser(draft, "effective", "TargetUserSid");
  if (code === "1102") {
    const userData = objectAt(draft.winlog, "user_data");
    if (userData !== undefined) setUser(draft, userData);
  }
  setLogonId(draft, datum(draft, "SubjectLogonId"));
  if (code === "1102") setLogonId(draft, textAt(objectAt(draft.winlog, "user_data"), "SubjectLogonId"));
  if (COMMON_FIELDS.has(code)) commonFields(draft, consumed);
  if (code === "4688") processCreation(draft, consumed);
  relatedUsers(draft);
  if (PRIVILEGES.has(code)) privileges(draft, more);
  const source = objectAt(event, "source");
  const ip = textAt(source, "ip");
  if (source !== undefined && ip !== undefined) {
    const plain = withoutMapping(ip);
    source["ip"] = plain;
    addUnique(child(event, "related"), "ip", plain);
  }
  if (DESCRIPTORS.has(code)) descriptors(draft, more);
  if (code === "5140" || code === "5145") share(draft);
  for (const name of Object.keys(more)) consumed.add(name);
  writeEventData(draft, consumed, more);
  return known !== undefined;
}

function setUser(draft: Draft, from: JsonObject): void {
  const id = textAt(from, "SubjectUserSid");
  const name = textAt(from, "SubjectUserName");
  const domain = textAt(from, "SubjectDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const user = child(draft.event, "user");
  if (id !== undefined) user["id"] = id;
  if (domain !== undefined) user["domain"] = domain;
  if (name === undefined) return;
  user["name"] = name;
  related(draft, name);
}

function related(draft: Draft, user: string): void {
  addUnique(child(draft.event, "related"), "user", user);
}

function setLogonId(draft: Draft, id: string | undefined): void {
  if (id !== undefined) child(draft.winlog, "logon")["id"] = id;
}

/** `name@REALM` is `name`. */
function withoutRealm(name: string): string {
  const at = name.indexOf("@");
  return at < 0 ? name : name.slice(0, at);
}

/** A logon is about the account that logs on: it is the event's user. */
function targetUser(draft: Draft): void {
  const { event } = draft;
  // The older pipeline of the forwarded stream looks at one of the two names only.
  const id = datum(draft, "TargetUserSid") ?? (draft.flavour === "forwarded" && draft.strict ? undefined : datum(draft, "TargetSid"));
  const name = datum(draft, "TargetUserName");
  const domain = datum(draft, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const user = child(event, "user");
  if (id !== undefined) user["id"] = id;
  if (name !== undefined) {
    user["name"] = withoutRealm(name);
    related(draft, withoutRealm(name));
  }
  if (domain !== undefined) user["domain"] = domain;
}

/** `user.target` or `user.effective`; `-` is nobody. */
function otherUser(draft: Draft, role: "target" | "effective", sidName: string): void {
  const id = unlessDash(datum(draft, sidName));
  const name = unlessDash(datum(draft, "TargetUserName"));
  const domain = unlessDash(datum(draft, "TargetDomainName"));
  if (id === undefined && name === undefined && domain === undefined) return;
  const user = child(child(draft.event, "user"), role);
  if (id !== undefined) user["id"] = id;
  if (name !== undefined) {
    user["name"] = withoutRealm(name);
    related(draft, withoutRealm(name));
  }
  if (domain !== undefined) user["domain"] = domain;
}

function unlessDash(found: string | undefined): string | undefined {
  return found === "-" ? undefined : found;
}

function group(draft: Draft): void {
  const { event } = draft;
  const member = datum(draft, "MemberName");
  if (member !== undefined) {
    const parts = distinguishedName(member);
    const name = withoutAttribute(parts[0]!, "CN=");
    const target = child(child(event, "user"), "target");
    target["name"] = name;
    related(draft, name);
    if (parts.length >= 4 && !(draft.flavour === "forwarded" && draft.strict)) target["domain"] = withoutAttribute(parts[3]!, "DC=");
  }
  const id = datum(draft, "TargetSid") ?? datum(draft, "TargetUserSid");
  const name = datum(draft, "TargetUserName");
  const domain = datum(draft, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const found = child(event, "group");
  if (id !== undefined) found["id"] = id;
  if (name !== undefined) found["name"] = name;
  if (domain !== undefined) found["domain"] = withoutAttribute(domain, "DC=");
  const target = objectAt(objectAt(event, "user"), "target");
  if (target !== undefined) target["group"] = { ...found };
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

function computer(draft: Draft): void {
  const id = datum(draft, "TargetSid");
  const name = datum(draft, "TargetUserName");
  const domain = datum(draft, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const object = child(draft.winlog, "computerObject");
  if (id !== undefined) object["id"] = id;
  if (name !== undefined) object["name"] = name;
  if (domain !== undefined) object["domain"] = domain;
}

/** 4778, 4779: a session reconnected or disconnected. */
function session(draft: Draft, more: JsonObject): void {
  const { event } = draft;
  const name = datum(draft, "AccountName");
  const domain = datum(draft, "AccountDomain");
  if (name !== undefined) {
    child(event, "user")["name"] = name;
    related(draft, name);
  }
  if (domain !== undefined) child(event, "user")["domain"] = domain;
  const address = unlessDash(datum(draft, "ClientAddress"));
  if (address !== undefined && address !== "Unknown") {
    // A session of the console has no address: it is this machine.
    const ip = address === "LOCAL" ? "127.0.0.1" : address;
    if (address === "LOCAL") more["ClientAddress"] = ip;
    if (isAddress(withoutMapping(ip)) || draft.strict) {
      child(event, "source")["ip"] = ip;
      addUnique(child(event, "related"), "ip", ip);
    }
  }
  const client = datum(draft, "ClientName");
  if (client !== undefined) child(event, "source")["domain"] = client;
  setLogonId(draft, datum(draft, "LogonID"));
}

function commonFields(draft: Draft, consumed: Set<string>): void {
  const { event, data } = draft;
  const pid = integer(text(data["ProcessId"]));
  if (pid !== undefined) {
    child(event, "process")["pid"] = pid;
    consumed.add("ProcessId");
  }
  const executable = datum(draft, "ProcessName");
  if (executable !== undefined) {
    child(event, "process")["executable"] = executable;
    consumed.add("ProcessName");
  }
  const address = unlessDash(datum(draft, "IpAddress"));
  if (address !== undefined) {
    child(event, "source")["ip"] = address;
    consumed.add("IpAddress");
  }
  const port = integer(text(data["IpPort"]));
  if (port !== undefined) {
    child(event, "source")["port"] = port;
    consumed.add("IpPort");
  }
  const workstation = datum(draft, "WorkstationName");
  if (workstation !== undefined) {
    child(event, "source")["domain"] = workstation;
    consumed.add("WorkstationName");
  }
  const client = unlessDash(datum(draft, "ClientAddress"));
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

function processCreation(draft: Draft, consumed: Set<string>): void {
  const { event, data } = draft;
  const process = child(event, "process");
  const pid = integer(text(data["NewProcessId"]));
  if (pid !== undefined) process["pid"] = pid;
  consumed.add("NewProcessId");
  const executable = datum(draft, "NewProcessName");
  if (executable !== undefined) process["executable"] = executable;
  consumed.add("NewProcessName");
  const parentExecutable = datum(draft, "ParentProcessName");
  if (parentExecutable !== undefined) child(process, "parent")["executable"] = parentExecutable;
  consumed.add("ParentProcessName");
  const parentPid = integer(text(data["ProcessId"]));
  if (parentPid !== undefined) child(process, "parent")["pid"] = parentPid;
  nameProcess(process);
  nameProcess(objectAt(process, "parent"));
  const line = datum(draft, "CommandLine");
  if (line !== undefined) {
    const args = argumentsByBlanks(line);
    process["args"] = args;
    if (draft.flavour === "winlogbeat" || !draft.strict) process["args_count"] = args.length;
    process["command_line"] = line;
  }
  const target = unlessDash(datum(draft, "TargetUserName"));
  if (target !== undefined) related(draft, target);
}

function relatedUsers(draft: Draft): void {
  const { code, event } = draft;
  const subject = RELATED_SUBJECT.has(code) ? unlessDash(datum(draft, "SubjectUserName")) : undefined;
  if (subject !== undefined) related(draft, subject);
  const target = RELATED_TARGET.has(code) ? unlessDash(datum(draft, "TargetUserName")) : undefined;
  if (target !== undefined) related(draft, target);
  const old = datum(draft, "OldTargetUserName");
  const now = datum(draft, "NewTargetUserName");
  if (old !== undefined) child(child(event, "user"), "target")["name"] = old;
  if (now !== undefined) child(child(event, "user"), "changes")["name"] = now;
  if (unlessDash(now) !== undefined) related(draft, now!);
  if (unlessDash(old) !== undefined) related(draft, old!);
}

function privileges(draft: Draft, more: JsonObject): void {
  const list = datum(draft, "PrivilegeList");
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
  const found = integer(value);
  return found === undefined ? undefined : Number(found);
}

function describeValues(draft: Draft, more: JsonObject): void {
  const { winlog, code } = draft;
  const data = draft.data;
  const logonType = LOGON_TYPES.get(datum(draft, "LogonType") ?? "");
  if (logonType !== undefined) child(winlog, "logon")["type"] = logonType;

  const uac = unlessDash(datum(draft, "NewUacValue"));
  if (uac !== undefined) userAccountControl(draft, uac, more);

  const options = numbered(datum(draft, "TicketOptions") ?? "");
  if (options !== undefined) {
    const names = namesOfFlags(flagsFor(draft, TICKET_OPTIONS), options);
    if (names.length > 0) more["TicketOptionsDescription"] = names;
  }
  const encryption = TICKET_ENCRYPTION.get((datum(draft, "TicketEncryptionType") ?? "").toLowerCase());
  if (encryption !== undefined) more["TicketEncryptionTypeDescription"] = encryption;
  const status = datum(draft, "Status");
  if (status !== undefined && KERBEROS.has(code)) {
    const name = KERBEROS_STATUS.get(status.toLowerCase());
    if (name !== undefined) more["StatusDescription"] = name;
  }
  const service = datum(draft, "ServiceName");
  if (service !== undefined) child(draft.event, "service")["name"] = service;
  const serviceType = SERVICE_TYPES.get(datum(draft, "ServiceType") ?? "");
  if (serviceType !== undefined) child(draft.event, "service")["type"] = serviceType;
  const guid = datum(draft, "SubcategoryGuid");
  const audited = guid === undefined ? undefined : auditSubcategory(guid);
  if (audited !== undefined) {
    more["SubCategory"] = audited[0];
    more["Category"] = audited[1];
  }
  describeTokens(draft, more);
  if (code === "4625" || code === "4776") logonFailure(draft);
  const trustType = TRUST_TYPES.get(text(data["TdoType"]) ?? "");
  if (trustType !== undefined) winlog["trustType"] = trustType;
  const trustDirection = TRUST_DIRECTIONS.get(text(data["TdoDirection"]) ?? "");
  if (trustDirection !== undefined) winlog["trustDirection"] = trustDirection;
  const trustAttribute = TRUST_ATTRIBUTES.get(text(data["TdoAttributes"]) ?? "");
  if (trustAttribute !== undefined) winlog["trustAttribute"] = trustAttribute;
}

function flagsFor(draft: Draft, flags: Flags): readonly Flag[] {
  return draft.flavour === "winlogbeat" ? flags.winlogbeat : flags.agent;
}

function userAccountControl(draft: Draft, uac: string, more: JsonObject): void {
  const value = numbered(uac.trim());
  if (value === undefined) return;
  const names = namesOfFlags(flagsFor(draft, UAC_FLAGS), value);
  if (names.length === 0) return;
  more["NewUACList"] = names;
  const changes = datum(draft, "UserAccountControl");
  if (changes === undefined || (changes === "-" && draft.flavour !== "winlogbeat")) return;
  const numbers = changes
    .split("\n")
    .map(token)
    .filter((word) => word !== "");
  more["UserAccountControl"] = numbers;
}

function describeTokens(draft: Draft, more: JsonObject): void {
  const reason = datum(draft, "FailureReason");
  if (reason !== undefined) {
    const number = reason.replaceAll("%%", "");
    child(child(draft.winlog, "logon"), "failure")["reason"] = messageOf(number) ?? number;
  }
  const changes = datum(draft, "AuditPolicyChanges");
  if (changes !== undefined) {
    more["AuditPolicyChangesDescription"] = changes.split(",", 64).map((word) => messageOf(token(word)) ?? token(word));
  }
  const list = datum(draft, "AccessList");
  if (list !== undefined) {
    const tokens = words(list, false);
    const numbers = tokens.map(token);
    more["AccessList"] = tokens.join(" ");
    more["AccessListDescription"] = numbers.map((number) => messageOf(number) ?? number);
  }
  const direction = messageOf(token(datum(draft, "Direction") ?? ""));
  if (direction !== undefined) more["DirectionDescription"] = direction;
  const layer = messageOf(token(datum(draft, "LayerName") ?? ""));
  if (layer !== undefined) more["LayerNameDescription"] = layer;
  const mask = datum(draft, "AccessMask");
  if (mask !== undefined) accessMask(draft, mask, more);
}

function accessMask(draft: Draft, mask: string, more: JsonObject): void {
  let bits = 0;
  for (const word of words(mask, false)) {
    let number = token(word);
    const message = messageOf(number);
    if (message === undefined) number = numberOf(number) ?? number;
    bits |= (numbered(number) ?? 0) >>> 0;
  }
  const described = namesOfFlags(flagsFor(draft, ACCESS_MASK), bits >>> 0);
  if (described.length > 0) more["AccessMaskDescription"] = described;
}

function logonFailure(draft: Draft): void {
  const status = LOGON_STATUS.get(datum(draft, "Status") ?? "");
  const sub = datum(draft, "Status") === undefined ? undefined : LOGON_STATUS.get(datum(draft, "SubStatus") ?? "");
  if (status !== undefined) child(child(draft.winlog, "logon"), "failure")["status"] = status;
  if (sub !== undefined) child(child(draft.winlog, "logon"), "failure")["sub_status"] = sub;
}

function descriptors(draft: Draft, more: JsonObject): void {
  for (const name of ["OldSd", "NewSd"] as const) {
    const sddl = datum(draft, name);
    if (sddl === undefined) continue;
    const described = describeSddl(sddl);
    if (/^O:[A-Z]{2}/.test(sddl)) more[`${name}Owner`] = sddl.slice(0, 4);
    described.dacl.forEach((line, i) => (more[`${name}Dacl${i}`] = line));
    described.sacl.forEach((line, i) => (more[`${name}Sacl${i}`] = line));
    for (const user of described.users) related(draft, user);
  }
  const sids = datum(draft, "SidList");
  if (sids === undefined) return;
  const list = sids.split(" ", 1000);
  more["SidList"] = list;
  more["SidListDesc"] = list.map((sid): Json => accountOfSid(sid.replaceAll("%", "").replaceAll("{", "").replaceAll("}", "")) ?? null);
}

/** 5140, 5145. Elastic's template doubles the backslashes of `file.path` and `file.target_path`; an addition undoes it. */
function share(draft: Draft): void {
  const name = datum(draft, "RelativeTargetName");
  const directory = datum(draft, "ShareLocalPath");
  if (name === undefined && directory === undefined) return;
  const file = child(draft.event, "file");
  const part = (path: string): string => path.replaceAll("\\", "\\\\");
  if (name !== undefined) file["name"] = name;
  if (directory !== undefined) file["directory"] = directory;
  if (name === undefined) return;
  if (directory !== undefined) file["path"] = `${part(directory)}\\${part(name)}`;
  const shareName = datum(draft, "ShareName");
  if (shareName !== undefined) file["target_path"] = `${part(shareName)}\\${part(name)}`;
  const dot = name.lastIndexOf(".");
  if (dot >= 0) file["extension"] = name.slice(dot + 1);
}
