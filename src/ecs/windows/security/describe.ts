/** Codes, flags, tokens and security descriptors of Security events, put into words. */
import type { Json, JsonObject } from "../../../readers/index.ts";
import { eventDataText, type MappingContext, unlessDash } from "../../mapping-context.ts";
import { child, integer, text } from "../../object.ts";
import { isBlank } from "../command-line.ts";
import { related } from "./accounts.ts";
import type { SecurityRole } from "./events/event.ts";
import { messageOf, numberOf } from "./message-table.ts";
import { accountOfSid, describeSddl } from "./sddl.ts";
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

/** `PrivilegeList` as a list. */
export function privileges(context: MappingContext, more: JsonObject): void {
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

/** What the codes in the event data mean, whatever the event. */
export function describeValues(context: MappingContext, more: JsonObject, roles: ReadonlySet<SecurityRole>): void {
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

/** Security descriptors, and the list of special groups, in words. */
export function descriptors(context: MappingContext, more: JsonObject): void {
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
