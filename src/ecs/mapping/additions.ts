/**
 * What we add beyond Elastic's own pipelines, one entry per addition, none of it under strict mode. Everything here makes an event
 * findable that is not otherwise; nothing changes a value that a pipeline sets, except where the entry says so.
 */
import type { Json } from "../../readers/index.ts";
import { addUnique, child, integer, objectAt, text, textAt } from "../object.ts";
import { isAddress } from "../values/addresses.ts";
import { communityId } from "../values/community-id.ts";
import { argumentsByWindows } from "../windows/command-line.ts";
import type { EventDescription } from "../windows/event.ts";
import { SECURITY_EVENTS } from "../windows/security/events.ts";
import { SYSTEM_EVENTS } from "../windows/system-events.ts";
import { taskProgram } from "../windows/task.ts";
import type { RawKind } from "./kind.ts";
import { categorise, processor, rename, type Processor } from "./processor.ts";

export interface Addition {
  readonly name: string;
  /** What it does and why, for the documentation. */
  readonly summary: string;
  /** What it does to events of a kind. */
  readonly processors: (kind: RawKind) => readonly Processor[];
  /** True where it makes an event known that no pipeline categorises. */
  readonly makesKnown?: (kind: RawKind) => boolean;
}

export const ADDITIONS: readonly Addition[] = [
  {
    name: "forwarded-as-direct",
    summary:
      "Records from a collector are mapped as those of the machine itself: the forwarded stream of the Windows integration up to 1.24 does not know 4797, 5140, 5145 and 5379 to 5382, and sets no user.target.",
    // The mapping itself asks for strict mode (`security.ts`), because it is about what it leaves out.
    processors: () => [],
  },
  {
    name: "host-identity",
    summary:
      "host.name is the computer of the record where the shipper set none, host.os.type and host.os.family are windows, and host.id is the computer's name where there is none: records of EVTX and XML files carry no host.id (Winlogbeat takes it from the machine it runs on), and sequences of Elastic's rules join on it.",
    processors: () => HOST,
  },
  {
    name: "process-name-without-path",
    summary:
      "process.name is the image where it has no path, as for System: Elastic's Sysmon pipeline finds a name only after a backslash and sets none.",
    processors: ({ log }) => (log === "sysmon" ? [nameWithoutPath(["process"]), nameWithoutPath(["process", "parent"])] : []),
  },
  {
    name: "share-path-backslashes",
    summary:
      "file.path and file.target_path of 5145 have the backslashes that Windows wrote: Elastic's template doubles them. This replaces a value.",
    processors: ({ log, code }) => (log === "security" && code === "5145" ? SHARE_PATHS : []),
  },
  {
    name: "service-installed",
    summary:
      "System 7045 gets the category, type, action and service.name of its Security twin 4697: no pipeline categorises it, so `configuration where` never reached it.",
    processors: (kind) =>
      isServiceInstalled(kind) ? [categorise(SYSTEM_EVENTS.get("7045")!.added!), rename("ServiceName", "service.name")] : [],
    makesKnown: isServiceInstalled,
  },
  {
    name: "service-state",
    summary: "System 7036 and 7040 get service.name, and 7036 service.state. They stay without a category: no pipeline gives them one.",
    processors: (kind) =>
      isServiceState(kind) ? [rename("param1", "service.name"), ...(kind.code === "7036" ? [rename("param2", "service.state")] : [])] : [],
    makesKnown: isServiceState,
  },
  {
    name: "firewall-connection",
    summary:
      "Security 5156 (connection permitted), 5157 (connection blocked) and 5152 (packet dropped) become network events with process, source, destination, transport and direction, with the category, type and action of the System integration since 1.38; Winlogbeat and older integrations leave them unmapped.",
    processors: (kind) => (isAddedBy("firewall-connection", kind) ? [...categoriseAdded(kind), ...FIREWALL] : []),
    makesKnown: (kind) => isAddedBy("firewall-connection", kind),
  },
  {
    name: "directory-object",
    summary:
      "Security 5137 (directory object created) and 5141 (deleted) get the category, type and action that newer System integrations give them, and their user, as 5136 does.",
    processors: (kind) => (isAddedBy("directory-object", kind) ? categoriseAdded(kind) : []),
    makesKnown: (kind) => isAddedBy("directory-object", kind),
  },
  {
    name: "share-object",
    summary:
      "Security 5142 (network share added), 5143 (modified) and 5144 (deleted) become configuration events with user and file.directory: Elastic's pipelines know only the access to a share, 5140 and 5145.",
    processors: (kind) => (isAddedBy("share-object", kind) ? categoriseAdded(kind) : []),
    makesKnown: (kind) => isAddedBy("share-object", kind),
  },
  {
    name: "powershell-data-kept",
    summary:
      "winlog.event_data keeps ContextInfo and Payload of PowerShell 4103 and param1 to param3 of 400, 403, 600 and 800: Elastic's pipelines take them apart and drop them, and Sigma's rules search in the whole text.",
    processors: ({ log, code }) =>
      log === "powershell"
        ? ["param1", "param2", "param3"].map(keep)
        : log === "powershell_operational" && code === "4103"
          ? ["ContextInfo", "Payload"].map(keep)
          : [],
  },
  {
    name: "scheduled-task-action",
    summary:
      "Security 4698 to 4702 get process.executable, process.name, process.command_line, process.args and process.working_directory of the first program that the task starts, read out of TaskContent or TaskContentNew, which stay: Elastic's pipelines leave the program inside the text of the task.",
    processors: ({ log, code }) =>
      log === "security" && SECURITY_EVENTS.get(code)?.roles?.includes("scheduled-task") === true ? [SCHEDULED_TASK] : [],
  },
];

/** Of Security's events those whose description says that the addition categorises them. */
function isAddedBy(addition: NonNullable<EventDescription["added"]>["by"], { log, code }: RawKind): boolean {
  return log === "security" && SECURITY_EVENTS.get(code)?.added?.by === addition;
}

function categoriseAdded({ code }: RawKind): readonly Processor[] {
  return [categorise(SECURITY_EVENTS.get(code)!.added!)];
}

function isServiceInstalled({ log, code, isServiceControl }: RawKind): boolean {
  return log === "system" && code === "7045" && isServiceControl;
}

function isServiceState({ log, code, isServiceControl }: RawKind): boolean {
  return log === "system" && (code === "7036" || code === "7040") && isServiceControl;
}

const HOST: readonly Processor[] = [
  processor({
    reads: ["host.name", "winlog.computer_name"],
    writes: ["host.name"],
    apply: ({ event, winlog }) => {
      const computer = textAt(winlog, "computer_name");
      const host = child(event, "host");
      if (host["name"] === undefined && computer !== undefined) host["name"] = computer;
    },
  }),
  unlessThere("host.os.type", "windows"),
  unlessThere("host.os.family", "windows"),
  processor({
    reads: ["host.id", "host.name", "winlog.computer_name"],
    writes: ["host.id"],
    apply: ({ event, winlog }) => {
      const host = child(event, "host");
      const id = textAt(winlog, "computer_name") ?? text(host["name"]);
      if (host["id"] === undefined && id !== undefined) host["id"] = id;
    },
  }),
];

/** A value for a field that has none. */
export function unlessThere(field: string, value: string): Processor {
  const path = field.split(".");
  const name = path.pop()!;
  return processor({
    reads: [field],
    writes: [field],
    apply: ({ event }) => {
      let at = event;
      for (const part of path) at = child(at, part);
      if (at[name] === undefined) at[name] = value;
    },
  });
}

function nameWithoutPath(path: readonly string[]): Processor {
  const process = path.join(".");
  return processor({
    reads: [`${process}.executable`, `${process}.name`],
    writes: [`${process}.name`],
    apply: ({ event }) => {
      let object = objectAt(event, path[0]!);
      for (let i = 1; i < path.length; i++) object = objectAt(object, path[i]!);
      if (object === undefined || object["name"] !== undefined) return;
      const executable = textAt(object, "executable");
      if (executable !== undefined && !executable.includes("\\")) object["name"] = executable;
    },
  });
}

const SHARE_PATHS: readonly Processor[] = [
  processor({
    data: ["RelativeTargetName", "ShareLocalPath"],
    writes: ["file.path"],
    apply: ({ event }, data) => {
      const relative = text(data.RelativeTargetName);
      const directory = text(data.ShareLocalPath);
      if (relative !== undefined && directory !== undefined)
        child(event, "file")["path"] = `${directory}${directory.endsWith("\\") ? "" : "\\"}${relative}`;
    },
  }),
  processor({
    data: ["RelativeTargetName", "ShareName"],
    writes: ["file.target_path"],
    apply: ({ event }, data) => {
      const relative = text(data.RelativeTargetName);
      const share = text(data.ShareName);
      if (relative !== undefined && share !== undefined) child(event, "file")["target_path"] = `${share}\\${relative}`;
    },
  }),
];

function keep(name: string): Processor {
  return processor({
    data: [name],
    writes: [`winlog.event_data.${name}`],
    apply: ({ winlog }, data) => {
      const value = data[name];
      if (value !== undefined && value !== "" && value !== null) child(winlog, "event_data")[name] = value;
    },
  });
}

const SCHEDULED_TASK = processor({
  data: ["TaskContent", "TaskContentNew"],
  writes: ["process.executable", "process.name", "process.command_line", "process.args", "process.args_count", "process.working_directory"],
  apply: ({ event }, data) => {
    const action = taskProgram(text(data.TaskContentNew) ?? text(data.TaskContent) ?? "");
    if (action === null) return;
    const { command, parameters, directory } = action;
    const line = parameters === undefined ? command : `${command} ${parameters}`;
    const process = child(event, "process");
    const executable = command.length > 2 && command.startsWith('"') && command.endsWith('"') ? command.slice(1, -1) : command;
    process["executable"] = executable;
    process["name"] = executable.slice(executable.lastIndexOf("\\") + 1);
    process["command_line"] = line;
    const args = [executable, ...(parameters === undefined ? [] : argumentsByWindows(parameters))];
    process["args"] = args;
    process["args_count"] = args.length;
    if (directory !== undefined) process["working_directory"] = directory;
  },
});

const TRANSPORTS = new Map([
  ["6", "tcp"],
  ["17", "udp"],
  ["1", "icmp"],
  ["58", "ipv6-icmp"],
]);

/** The source of the record is always the local end; %%14592 is inbound, %%14593 outbound. */
const isInbound = (direction: Json | undefined): boolean => text(direction) === "%%14592";

function application(written: Json | undefined): string | undefined {
  const path = text(written);
  return path === "-" ? undefined : path;
}

const transportOf = (written: Json | undefined): string | undefined => TRANSPORTS.get(text(written) ?? "");
const port = (written: Json | undefined): number | bigint | undefined => integer(text(written));

type Ends = { readonly [Name in "Direction" | "SourceAddress" | "SourcePort" | "DestAddress" | "DestPort"]?: Json };

interface End {
  readonly ip: string | undefined;
  readonly port: number | bigint | undefined;
}

function endsOf(data: Ends): { readonly source: End; readonly destination: End } {
  const local = { ip: text(data.SourceAddress), port: port(data.SourcePort) };
  const remote = { ip: text(data.DestAddress), port: port(data.DestPort) };
  return isInbound(data.Direction) ? { source: remote, destination: local } : { source: local, destination: remote };
}

function firewallEnd(end: "source" | "destination"): readonly Processor[] {
  return [
    processor({
      data: ["Direction", "SourceAddress", "DestAddress"],
      writes: [`${end}.ip`, "related.ip", "network.type"],
      apply: ({ event }, data) => {
        const { ip } = endsOf(data)[end];
        if (ip === undefined || !isAddress(ip)) return;
        child(event, end)["ip"] = ip;
        addUnique(child(event, "related"), "ip", ip);
        child(event, "network")["type"] = ip.includes(":") ? "ipv6" : "ipv4";
      },
    }),
    processor({
      data: ["Direction", "SourcePort", "DestPort"],
      writes: [`${end}.port`],
      apply: ({ event }, data) => {
        const number = endsOf(data)[end].port;
        if (number !== undefined) child(event, end)["port"] = number;
      },
    }),
  ];
}

const FIREWALL: readonly Processor[] = [
  rename("Application", "process.executable", application),
  rename("Application", "process.name", (written) => {
    const path = application(written);
    return path?.slice(path.lastIndexOf("\\") + 1);
  }),
  processor({
    data: ["ProcessID", "ProcessId"],
    writes: ["process.pid"],
    apply: ({ event }, data) => {
      const pid = integer(text(data.ProcessID) ?? text(data.ProcessId));
      if (pid !== undefined) child(event, "process")["pid"] = pid;
    },
  }),
  rename("Protocol", "network.transport", transportOf),
  rename("Direction", "network.direction", (written) => (isInbound(written) ? "ingress" : "egress")),
  ...firewallEnd("source"),
  ...firewallEnd("destination"),
  processor({
    data: ["Protocol", "SourceAddress", "SourcePort", "DestAddress", "DestPort"],
    writes: ["network.community_id"],
    apply: ({ event }, data) => {
      // It is the same in both directions.
      const transport = transportOf(data.Protocol);
      const { source, destination } = endsOf(data);
      if (
        transport === undefined ||
        source.ip === undefined ||
        destination.ip === undefined ||
        source.port === undefined ||
        destination.port === undefined
      )
        return;
      const community = communityId(transport, source.ip, Number(source.port), destination.ip, Number(destination.port));
      if (community !== undefined) child(event, "network")["community_id"] = community;
    },
  }),
];
