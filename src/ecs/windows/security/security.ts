/**
 * Security events (channel Security) to ECS, equal to Winlogbeat's module `security` and to the Agent's `system.security` and
 * `windows.forwarded`. The order of the processors is the pipeline's: later ones look at what earlier ones set.
 */
import type { Json } from "../../../readers/index.ts";
import { unlessDash } from "../../mapping/context.ts";
import { eventData } from "../../mapping/event-data.ts";
import { isOlderForwarded, type RawKind } from "../../mapping/kind.ts";
import { categorise, constant, processor, relate, rename, setAt, type Processor } from "../../mapping/processor.ts";
import { addUnique, child, integer, objectAt, text, textAt } from "../../object.ts";
import { isAddress, withoutMapping } from "../../values/addresses.ts";
import { argumentsByBlanks } from "../command-line.ts";
import { computer, group, otherUser, relatedUsers, subject, subjectOfUserData, targetUser } from "./accounts.ts";
import { describeValues, descriptors, privileges } from "./describe.ts";
import { SECURITY_EVENTS } from "./events.ts";
import type { SecurityRole } from "./events/event.ts";

const NO_ROLES: ReadonlySet<SecurityRole> = new Set();

/** What plays a role in an event that Elastic's pipelines do not categorise is our addition. */
function rolesOf({ code, strict }: RawKind): ReadonlySet<SecurityRole> {
  const described = SECURITY_EVENTS.get(code);
  return described === undefined || (strict && described.ecs === undefined) ? NO_ROLES : new Set(described.roles);
}

/** Whether one of Elastic's pipelines categorises the event. */
export function isKnownSecurityEvent(kind: RawKind): boolean {
  const described = SECURITY_EVENTS.get(kind.code);
  return described?.ecs !== undefined && !(isOlderForwarded(kind) && described.notForwarded === true);
}

/** @param kind with the code of an event of `SECURITY_EVENTS`, or an empty one for all others. */
export function security(kind: RawKind): readonly Processor[] {
  const { code, flavour } = kind;
  const roles = rolesOf(kind);
  const older = isOlderForwarded(kind);
  return [
    ...(isKnownSecurityEvent(kind) ? [categorise(SECURITY_EVENTS.get(code)!.ecs!)] : []),
    ...(flavour === "winlogbeat" ? [constant("event.module", "security")] : []),
    ...describeValues(kind, roles),
    ...(roles.has("session") ? session(kind) : []),
    ...(roles.has("target-is-user") ? targetUser(older) : []),
    ...(roles.has("target-is-group") ? group(older) : []),
    ...(roles.has("target-is-computer") ? computer : []),
    ...(roles.has("target-is-logon") ? [rename("TargetLogonId", LOGON_ID)] : []),
    ...(roles.has("subject-is-user") ? subject : []),
    ...(roles.has("target-is-user-target") && !older ? otherUser("target", "TargetSid") : []),
    ...(roles.has("target-is-user-effective") ? otherUser("effective", "TargetUserSid") : []),
    rename("SubjectLogonId", LOGON_ID),
    ...(roles.has("user-data-subject") ? subjectOfUserData : []),
    ...(roles.has("process-and-source") ? PROCESS_AND_SOURCE : []),
    ...(roles.has("new-process") ? newProcess(kind) : []),
    ...relatedUsers(roles),
    ...(roles.has("privileges") ? [privileges] : []),
    PLAIN_SOURCE,
    ...(roles.has("security-descriptors") ? descriptors : []),
    ...(roles.has("share") ? SHARE : []),
    eventData((name, value) => !isMoved(roles, name, value)),
  ];
}

const LOGON_ID = "winlog.logon.id";

const number = (written: Json | undefined): number | bigint | undefined => integer(text(written));
const knownText = (written: Json | undefined): string | undefined => unlessDash(text(written));

/** A session reconnected or disconnected. */
function session({ strict }: RawKind): readonly Processor[] {
  const addressOf = (written: Json | undefined): string | undefined => {
    const address = knownText(written);
    if (address === undefined || address === "Unknown") return undefined;
    // A session of the console has no address: it is this machine.
    const ip = address === "LOCAL" ? "127.0.0.1" : address;
    return strict || isAddress(withoutMapping(ip)) ? ip : undefined;
  };
  return [
    rename("AccountName", "user.name"),
    relate("AccountName", "user", text),
    rename("AccountDomain", "user.domain"),
    processor({
      data: ["ClientAddress"],
      writes: ["winlog.event_data.ClientAddress"],
      apply: ({ added }, data) => {
        if (data.ClientAddress === "LOCAL") added["ClientAddress"] = "127.0.0.1";
      },
    }),
    rename("ClientAddress", "source.ip", addressOf),
    relate("ClientAddress", "ip", addressOf),
    rename("ClientName", "source.domain"),
    rename("LogonID", LOGON_ID),
  ];
}

/** Everything after the last backslash; the whole where there is none, unlike for Sysmon. Only where there is no name yet. */
function nameOfExecutable(process: string): Processor {
  const path = process.split(".");
  return processor({
    reads: [`${process}.executable`, `${process}.name`],
    writes: [`${process}.name`],
    apply: ({ event }) => {
      let object = objectAt(event, path[0]!);
      for (let i = 1; i < path.length; i++) object = objectAt(object, path[i]!);
      const executable = textAt(object, "executable");
      if (object === undefined || executable === undefined || object["name"] !== undefined) return;
      object["name"] = executable.slice(executable.lastIndexOf("\\") + 1);
    },
  });
}

const PROCESS_AND_SOURCE: readonly Processor[] = [
  rename("ProcessId", "process.pid", number),
  rename("ProcessName", "process.executable"),
  rename("IpAddress", "source.ip", knownText),
  rename("IpPort", "source.port", number),
  rename("WorkstationName", "source.domain"),
  rename("ClientAddress", "related.ip", (written) => {
    const client = knownText(written);
    return client === undefined ? undefined : [client];
  }),
  nameOfExecutable("process"),
];

/** What is in another field now is no event data any more. */
function isMoved(roles: ReadonlySet<SecurityRole>, name: string, value: Json): boolean {
  if (roles.has("process-and-source")) {
    if (name === "ProcessId" || name === "IpPort") return number(value) !== undefined;
    if (name === "IpAddress" || name === "ClientAddress") return knownText(value) !== undefined;
    if (name === "ProcessName" || name === "WorkstationName") return text(value) !== undefined;
  }
  return roles.has("new-process") && (name === "NewProcessId" || name === "NewProcessName" || name === "ParentProcessName");
}

function newProcess({ flavour, strict }: RawKind): readonly Processor[] {
  const counts = flavour === "winlogbeat" || !strict;
  return [
    rename("NewProcessId", "process.pid", number),
    rename("NewProcessName", "process.executable"),
    rename("ParentProcessName", "process.parent.executable"),
    rename("ProcessId", "process.parent.pid", number),
    nameOfExecutable("process"),
    nameOfExecutable("process.parent"),
    processor({
      data: ["CommandLine"],
      writes: ["process.args", ...(counts ? ["process.args_count"] : [])],
      apply: ({ event }, data) => {
        const line = text(data.CommandLine);
        if (line === undefined) return;
        const args = argumentsByBlanks(line);
        const process = child(event, "process");
        process["args"] = args;
        if (counts) process["args_count"] = args.length;
      },
    }),
    rename("CommandLine", "process.command_line"),
    relate("TargetUserName", "user", knownText),
  ];
}

/** IPv4 addresses are written as such. */
const PLAIN_SOURCE = processor({
  reads: ["source.ip"],
  writes: ["source.ip", "related.ip"],
  apply: ({ event }) => {
    const source = objectAt(event, "source");
    const ip = textAt(source, "ip");
    if (source === undefined || ip === undefined) return;
    const plain = withoutMapping(ip);
    source["ip"] = plain;
    addUnique(child(event, "related"), "ip", plain);
  },
});

/** Elastic's template doubles the backslashes of `file.path` and `file.target_path`; an addition undoes it. */
const doubled = (path: string): string => path.replaceAll("\\", "\\\\");

/** A share's path and the path within it. */
function joined(directory: "ShareLocalPath" | "ShareName", field: string): Processor {
  const path = field.split(".");
  return processor({
    data: ["RelativeTargetName", directory],
    writes: [field],
    apply: ({ event }, data) => {
      const name = text(data.RelativeTargetName);
      const start = text(data[directory]);
      if (name !== undefined && start !== undefined) setAt(event, path, `${doubled(start)}\\${doubled(name)}`);
    },
  });
}

const SHARE: readonly Processor[] = [
  rename("RelativeTargetName", "file.name"),
  rename("ShareLocalPath", "file.directory"),
  joined("ShareLocalPath", "file.path"),
  joined("ShareName", "file.target_path"),
  rename("RelativeTargetName", "file.extension", (written) => {
    const name = text(written) ?? "";
    const dot = name.lastIndexOf(".");
    return dot < 0 ? undefined : name.slice(dot + 1);
  }),
];
