/** The accounts of Security events: who acts, who is acted on, groups and computers. */
import type { Json } from "../../../readers/index.ts";
import { unlessDash } from "../../mapping/context.ts";
import { processor, relate, rename, setAt, type Processor } from "../../mapping/processor.ts";
import { addUnique, child, objectAt, text, textAt } from "../../object.ts";
import type { SecurityRole } from "./events/event.ts";

const knownText = (written: Json | undefined): string | undefined => unlessDash(text(written));

/** `name@REALM` is `name`. */
function withoutRealm(name: string | undefined): string | undefined {
  const at = name === undefined ? -1 : name.indexOf("@");
  return at < 0 ? name : name!.slice(0, at);
}

const accountName = (written: Json | undefined): string | undefined => withoutRealm(text(written));
const knownAccountName = (written: Json | undefined): string | undefined => withoutRealm(knownText(written));

/** `Subject*` is the user of the event. */
export const subject: readonly Processor[] = [
  rename("SubjectUserSid", "user.id"),
  rename("SubjectDomainName", "user.domain"),
  rename("SubjectUserName", "user.name"),
  relate("SubjectUserName", "user", text),
];

/** The same of the user data, for events that have no event data. */
export const subjectOfUserData: readonly Processor[] = [
  fromUserData("SubjectUserSid", "user.id"),
  fromUserData("SubjectDomainName", "user.domain"),
  fromUserData("SubjectUserName", "user.name"),
  processor({
    reads: ["winlog.user_data.SubjectUserName"],
    writes: ["related.user"],
    apply: ({ event, winlog }) => {
      const name = textAt(objectAt(winlog, "user_data"), "SubjectUserName");
      if (name !== undefined) addUnique(child(event, "related"), "user", name);
    },
  }),
  fromUserData("SubjectLogonId", "winlog.logon.id"),
];

function fromUserData(name: string, field: string): Processor {
  const path = field.split(".");
  return processor({
    reads: [`winlog.user_data.${name}`],
    writes: [field],
    apply: ({ event, winlog }) => {
      const value = textAt(objectAt(winlog, "user_data"), name);
      if (value !== undefined) setAt(event, path, value);
    },
  });
}

/**
 * A logon is about the account that logs on: it is the event's user.
 * @param older the older pipeline of the forwarded stream looks at one of the two names only
 */
export function targetUser(older: boolean): readonly Processor[] {
  return [
    rename(older ? "TargetUserSid" : ["TargetUserSid", "TargetSid"], "user.id"),
    rename("TargetUserName", "user.name", accountName),
    relate("TargetUserName", "user", accountName),
    rename("TargetDomainName", "user.domain"),
  ];
}

/** `user.target` or `user.effective`; `-` stands for no account. */
export function otherUser(role: "target" | "effective", sidName: string): readonly Processor[] {
  return [
    rename(sidName, `user.${role}.id`, knownText),
    rename("TargetUserName", `user.${role}.name`, knownAccountName),
    relate("TargetUserName", "user", knownAccountName),
    rename("TargetDomainName", `user.${role}.domain`, knownText),
  ];
}

const GROUP = ["TargetSid", "TargetUserSid", "TargetUserName", "TargetDomainName"] as const;

/** `Target*` is the group, `MemberName` the account that joins or leaves it. */
export function group(older: boolean): readonly Processor[] {
  const memberName = (written: Json | undefined): string | undefined => {
    const member = text(written);
    return member === undefined ? undefined : withoutAttribute(distinguishedName(member)[0]!, "CN=");
  };
  const memberDomain = (written: Json | undefined): string | undefined => {
    const part = distinguishedName(text(written) ?? "")[3];
    return part === undefined ? undefined : withoutAttribute(part, "DC=");
  };
  return [
    rename("MemberName", "user.target.name", memberName),
    relate("MemberName", "user", memberName),
    ...(older ? [] : [rename("MemberName", "user.target.domain", memberDomain)]),
    rename(["TargetSid", "TargetUserSid"], "group.id"),
    rename("TargetUserName", "group.name"),
    rename("TargetDomainName", "group.domain", (written) => {
      const domain = text(written);
      return domain === undefined ? undefined : withoutAttribute(domain, "DC=");
    }),
    processor({
      data: GROUP,
      reads: ["group", "user.target"],
      writes: ["user.target.group"],
      apply: ({ event }, data) => {
        const target = objectAt(objectAt(event, "user"), "target");
        if (target !== undefined && GROUP.some((name) => text(data[name]) !== undefined)) target["group"] = { ...objectAt(event, "group") };
      },
    }),
  ];
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

/** `Target*` is the account of a computer. */
export const computer: readonly Processor[] = [
  rename("TargetSid", "winlog.computerObject.id"),
  rename("TargetUserName", "winlog.computerObject.name"),
  rename("TargetDomainName", "winlog.computerObject.domain"),
];

/** The accounts of the event in `related.user`, and an account's old and new name. */
export function relatedUsers(roles: ReadonlySet<SecurityRole>): readonly Processor[] {
  return [
    ...(roles.has("subject-is-related") ? [relate("SubjectUserName", "user", knownText)] : []),
    ...(roles.has("target-is-related") ? [relate("TargetUserName", "user", knownText)] : []),
    rename("OldTargetUserName", "user.target.name"),
    rename("NewTargetUserName", "user.changes.name"),
    relate("NewTargetUserName", "user", knownText),
    relate("OldTargetUserName", "user", knownText),
  ];
}
