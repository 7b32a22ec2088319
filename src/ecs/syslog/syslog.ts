/** Lines of syslog, as the reader or Filebeat's syslog processor has them, as Elastic's `system` integration maps them. */
import type { Json, JsonObject } from "../../readers/index.ts";
import { objectAt, own, textAt } from "../object.ts";
import { isAddress } from "../values/addresses.ts";
import { messageFacts, type MessageFacts } from "./messages.ts";

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
  const process = objectAt(document, "process") ?? {};
  const host = objectAt(document, "host") ?? {};
  const pid = textAt(syslog, "procid");
  const facts = program === undefined ? {} : messageFacts(program, textAt(document, "message") ?? "");
  const isAuth = AUTH_FACILITIES.has(textAt(objectAt(syslog, "facility"), "code") ?? "") || AUTH_PROGRAMS.has(program ?? "");
  return {
    ...document,
    ...(program === undefined
      ? {}
      : { process: { ...process, name: program, ...(pid !== undefined && /^\d{1,10}$/.test(pid) ? { pid: Number(pid) } : {}) } }),
    ...(hostname === undefined ? {} : { host: { ...host, hostname } }),
    ...fieldsOf(facts, hostname),
    event: {
      ...described,
      kind: "event",
      module: "system",
      dataset: isAuth || facts.category !== undefined ? "system.auth" : "system.syslog",
      ...defined({
        category: listOf(facts.category),
        type: listOf(facts.type),
        action: facts.action,
        outcome: facts.outcome,
      }),
    },
  };
}

function listOf(values: readonly string[] | undefined): Json | undefined {
  return values === undefined ? undefined : [...values];
}

function fieldsOf(
  { user, userId, effective, target, address, port, group, groupId, details }: MessageFacts,
  hostname: string | undefined,
): JsonObject {
  const ip = address !== undefined && isAddress(address) ? address : undefined;
  const users = [user, effective, target].filter((name) => name !== undefined && name !== "");
  const objects: JsonObject = {
    user: defined({
      name: user === "" ? undefined : user,
      id: userId,
      effective: nonEmpty({ name: effective }),
      target: nonEmpty({ name: target }),
    }),
    source: defined({
      address: address === "" ? undefined : address,
      ip,
      domain: ip === undefined && address !== "" ? address : undefined,
      port: port === undefined ? undefined : Number(port),
    }),
    group: defined({ name: group, id: groupId }),
    system: details === undefined ? {} : { auth: details },
    related: defined({
      user: users.length === 0 ? undefined : ([...new Set(users)] as string[]),
      ip: ip === undefined ? undefined : [ip],
      hosts: hostname === undefined ? undefined : [hostname],
    }),
  };
  return Object.fromEntries(Object.entries(objects).filter(([, value]) => Object.keys(value as JsonObject).length > 0));
}

function nonEmpty(values: Readonly<Record<string, Json | undefined>>): Json | undefined {
  const object = defined(values);
  return Object.keys(object).length === 0 ? undefined : object;
}

function defined(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
