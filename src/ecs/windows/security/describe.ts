/** Codes, flags, tokens and security descriptors of Security events, put into words. */
import type { Json } from "../../../readers/index.ts";
import { unlessDash } from "../../mapping/context.ts";
import type { RawKind } from "../../mapping/kind.ts";
import { processor, rename, type Processor } from "../../mapping/processor.ts";
import { addUnique, child, integer, text } from "../../object.ts";
import { isBlank } from "../command-line.ts";
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

/** A description that stands beside the datum. */
function describe(data: string, name: string, describeText: (value: string) => Json | undefined): Processor {
  return processor({
    data: [data],
    writes: [`winlog.event_data.${name}`],
    apply: ({ added }, values) => {
      const value = text(values[data]);
      const described = value === undefined ? undefined : describeText(value);
      if (described !== undefined) added[name] = described;
    },
  });
}

/** `PrivilegeList` as a list. */
export const privileges = describe("PrivilegeList", "PrivilegeList", (list) => words(list, true));

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

/** A word for a code, in a field. */
function decode(data: string, field: string, table: ReadonlyMap<string, string>): Processor {
  return rename(data, field, (value) => table.get(text(value) ?? ""));
}

/** What the codes in the event data mean, whatever the event. */
export function describeValues(kind: RawKind, roles: ReadonlySet<SecurityRole>): readonly Processor[] {
  const flagsOf = (flags: Flags): readonly Flag[] => (kind.flavour === "winlogbeat" ? flags.winlogbeat : flags.agent);
  return [
    decode("LogonType", "winlog.logon.type", LOGON_TYPES),
    ...userAccountControl(kind, flagsOf(UAC_FLAGS)),
    describe("TicketOptions", "TicketOptionsDescription", (value) => {
      const options = numbered(value);
      return options === undefined ? undefined : nonEmpty(namesOfFlags(flagsOf(TICKET_OPTIONS), options));
    }),
    describe("TicketEncryptionType", "TicketEncryptionTypeDescription", (value) => TICKET_ENCRYPTION.get(value.toLowerCase())),
    ...(roles.has("kerberos-status") ? [describe("Status", "StatusDescription", (value) => KERBEROS_STATUS.get(value.toLowerCase()))] : []),
    rename("ServiceName", "service.name"),
    decode("ServiceType", "service.type", SERVICE_TYPES),
    describe("SubcategoryGuid", "SubCategory", (guid) => auditSubcategory(guid)?.[0]),
    describe("SubcategoryGuid", "Category", (guid) => auditSubcategory(guid)?.[1]),
    rename("FailureReason", "winlog.logon.failure.reason", (value) => {
      const number = text(value)?.replaceAll("%%", "");
      return number === undefined ? undefined : (messageOf(number) ?? number);
    }),
    describe("AuditPolicyChanges", "AuditPolicyChangesDescription", (changes) =>
      changes.split(",", 64).map((word) => messageOf(token(word)) ?? token(word)),
    ),
    describe("AccessList", "AccessList", (list) => words(list, false).join(" ")),
    describe("AccessList", "AccessListDescription", (list) => words(list, false).map((word) => messageOf(token(word)) ?? token(word))),
    describe("Direction", "DirectionDescription", (value) => messageOf(token(value))),
    describe("LayerName", "LayerNameDescription", (value) => messageOf(token(value))),
    describe("AccessMask", "AccessMaskDescription", (mask) => nonEmpty(namesOfFlags(flagsOf(ACCESS_MASK), accessBits(mask)))),
    ...(roles.has("logon-failure") ? LOGON_FAILURE : []),
    decode("TdoType", "winlog.trustType", TRUST_TYPES),
    decode("TdoDirection", "winlog.trustDirection", TRUST_DIRECTIONS),
    decode("TdoAttributes", "winlog.trustAttribute", TRUST_ATTRIBUTES),
  ];
}

function nonEmpty(names: string[]): string[] | undefined {
  return names.length === 0 ? undefined : names;
}

function userAccountControl({ flavour }: RawKind, flags: readonly Flag[]): readonly Processor[] {
  const namesOf = (written: Json | undefined): string[] => {
    const value = numbered(unlessDash(text(written))?.trim() ?? "");
    return value === undefined ? [] : namesOfFlags(flags, value);
  };
  return [
    describe("NewUacValue", "NewUACList", (value) => nonEmpty(namesOf(value))),
    processor({
      data: ["NewUacValue", "UserAccountControl"],
      writes: ["winlog.event_data.UserAccountControl"],
      apply: ({ added }, data) => {
        const changes = text(data.UserAccountControl);
        if (changes === undefined || (changes === "-" && flavour !== "winlogbeat") || namesOf(data.NewUacValue).length === 0) return;
        added["UserAccountControl"] = changes
          .split("\n")
          .map(token)
          .filter((word) => word !== "");
      },
    }),
  ];
}

function accessBits(mask: string): number {
  let bits = 0;
  for (const word of words(mask, false)) {
    let number = token(word);
    const message = messageOf(number);
    if (message === undefined) number = numberOf(number) ?? number;
    bits |= (numbered(number) ?? 0) >>> 0;
  }
  return bits >>> 0;
}

const LOGON_FAILURE: readonly Processor[] = [
  decode("Status", "winlog.logon.failure.status", LOGON_STATUS),
  processor({
    data: ["Status", "SubStatus"],
    writes: ["winlog.logon.failure.sub_status"],
    apply: ({ winlog }, data) => {
      const status = text(data.Status) === undefined ? undefined : LOGON_STATUS.get(text(data.SubStatus) ?? "");
      if (status !== undefined) child(child(winlog, "logon"), "failure")["sub_status"] = status;
    },
  }),
];

function descriptor(name: "OldSd" | "NewSd"): readonly Processor[] {
  return [
    describe(name, `${name}Owner`, (sddl) => (/^O:[A-Z]{2}/.test(sddl) ? sddl.slice(0, 4) : undefined)),
    processor({
      data: [name],
      writes: [`winlog.event_data.${name}Dacl*`, `winlog.event_data.${name}Sacl*`, "related.user"],
      apply: ({ event, added }, data) => {
        const sddl = text(data[name]);
        if (sddl === undefined) return;
        const { dacl, sacl, users } = describeSddl(sddl);
        dacl.forEach((line, i) => (added[`${name}Dacl${i}`] = line));
        sacl.forEach((line, i) => (added[`${name}Sacl${i}`] = line));
        for (const user of users) addUnique(child(event, "related"), "user", user);
      },
    }),
  ];
}

/** Security descriptors, and the list of special groups, in words. */
export const descriptors: readonly Processor[] = [
  ...descriptor("OldSd"),
  ...descriptor("NewSd"),
  describe("SidList", "SidList", (sids) => sids.split(" ", 1000)),
  describe("SidList", "SidListDesc", (sids) =>
    sids.split(" ", 1000).map((sid): Json => accountOfSid(sid.replaceAll("%", "").replaceAll("{", "").replaceAll("}", "")) ?? null),
  ),
];
