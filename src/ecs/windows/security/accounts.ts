/** The accounts of Security events: who acts, who is acted on, groups and computers. */
import type { JsonObject } from "../../../readers/index.ts";
import { eventDataText, isOlderForwarded, type MappingContext, unlessDash } from "../../mapping-context.ts";
import { addUnique, child, objectAt, textAt } from "../../object.ts";
import type { SecurityRole } from "./events/event.ts";

/** `Subject*` is the user of the event. */
export function setUser(context: MappingContext, from: JsonObject): void {
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

/** Adds an account to `related.user`. */
export function related(context: MappingContext, user: string): void {
  addUnique(child(context.event, "related"), "user", user);
}

/** `name@REALM` is `name`. */
function withoutRealm(name: string): string {
  const at = name.indexOf("@");
  return at < 0 ? name : name.slice(0, at);
}

/** A logon is about the account that logs on: it is the event's user. */
export function targetUser(context: MappingContext): void {
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
export function otherUser(context: MappingContext, role: "target" | "effective", sidName: string): void {
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

/** `Target*` is the group, `MemberName` the account that joins or leaves it. */
export function group(context: MappingContext): void {
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

/** `Target*` is the account of a computer. */
export function computer(context: MappingContext): void {
  const id = eventDataText(context, "TargetSid");
  const name = eventDataText(context, "TargetUserName");
  const domain = eventDataText(context, "TargetDomainName");
  if (id === undefined && name === undefined && domain === undefined) return;
  const object = child(context.winlog, "computerObject");
  if (id !== undefined) object["id"] = id;
  if (name !== undefined) object["name"] = name;
  if (domain !== undefined) object["domain"] = domain;
}

/** The accounts of the event in `related.user`, and an account's old and new name. */
export function relatedUsers(context: MappingContext, roles: ReadonlySet<SecurityRole>): void {
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
