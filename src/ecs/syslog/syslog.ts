/** Lines of syslog, as the reader or Filebeat's syslog processor has them, as Elastic's `system` integration maps them. */
import type { JsonObject } from "../../readers/index.ts";
import { objectAt, own, textAt } from "../object.ts";
import { isAddress } from "../values/addresses.ts";
import { messageFacts, NOTHING, type MessageFacts } from "./messages.ts";

/** Facilities of authentication: `auth` and `authpriv`. */
const AUTH_FACILITIES = new Set(["4", "10"]);
/** Programs that write to them, for files that do not say the facility. */
const AUTH_PROGRAMS = new Set(
  (
    "sshd sshd-session sudo su login systemd-logind pkexec polkitd useradd userdel usermod groupadd groupdel groupmod gpasswd passwd chage chfn " +
    "chpasswd unix_chkpwd"
  ).split(" "),
);

/** The document as an event; null where it is no line of syslog, or an integration has mapped it already. */
export function syslogEvent(document: JsonObject): JsonObject | null {
  const syslog = objectAt(objectAt(document, "log"), "syslog");
  if (syslog === undefined) return null;
  const described = objectAt(document, "event") ?? {};
  if (own(described, "category") !== undefined || own(described, "dataset") !== undefined) return null;
  if (objectAt(document, "data_stream") !== undefined || objectAt(document, "winlog") !== undefined) return null;
  const hostname = textAt(syslog, "hostname");
  const program = textAt(syslog, "appname");
  const facts = program === undefined ? NOTHING : messageFacts(program, textAt(document, "message") ?? "");
  const isAuth =
    facts.category !== undefined ||
    AUTH_FACILITIES.has(textAt(objectAt(syslog, "facility"), "code") ?? "") ||
    (program !== undefined && AUTH_PROGRAMS.has(program));
  const event: JsonObject = { ...document };
  if (program !== undefined) {
    const process: JsonObject = { ...objectAt(document, "process"), name: program };
    const pid = textAt(syslog, "procid");
    if (pid !== undefined && /^\d{1,10}$/.test(pid)) process["pid"] = Number(pid);
    event["process"] = process;
  }
  if (hostname !== undefined) event["host"] = { ...objectAt(document, "host"), hostname };
  const kind: JsonObject = { ...described, kind: "event", module: "system", dataset: isAuth ? "system.auth" : "system.syslog" };
  if (facts.category !== undefined) kind["category"] = [...facts.category];
  if (facts.type !== undefined) kind["type"] = [...facts.type];
  set(kind, "action", facts.action);
  set(kind, "outcome", facts.outcome);
  event["event"] = kind;
  setFields(event, facts, hostname);
  return event;
}

function setFields(event: JsonObject, facts: MessageFacts, hostname: string | undefined): void {
  const related: JsonObject = {};
  if (facts !== NOTHING) {
    const { effective, target, address, port } = facts;
    const user: JsonObject = {};
    set(user, "name", facts.user);
    set(user, "id", facts.userId);
    if (nonEmpty(effective)) user["effective"] = { name: effective };
    if (nonEmpty(target)) user["target"] = { name: target };
    setObject(event, "user", user);
    const source: JsonObject = {};
    if (nonEmpty(address)) {
      source["address"] = address;
      if (isAddress(address)) related["ip"] = [(source["ip"] = address)];
      else source["domain"] = address;
    }
    if (port !== undefined) source["port"] = Number(port);
    setObject(event, "source", source);
    const group: JsonObject = {};
    set(group, "name", facts.group);
    set(group, "id", facts.groupId);
    setObject(event, "group", group);
    if (facts.details !== undefined) event["system"] = { auth: facts.details };
    const users = [...new Set([facts.user, effective, target].filter(nonEmpty))];
    if (users.length > 0) related["user"] = users;
  }
  if (hostname !== undefined) related["hosts"] = [hostname];
  setObject(event, "related", related);
}

function nonEmpty(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function set(object: JsonObject, name: string, value: string | undefined): void {
  if (nonEmpty(value)) object[name] = value;
}

function setObject(event: JsonObject, name: string, object: JsonObject): void {
  for (const _ in object) {
    event[name] = object;
    return;
  }
}
