/**
 * PowerShell events to ECS: `Windows PowerShell` (400, 403, 600, 800) and `Microsoft-Windows-PowerShell/Operational` (4103 to
 * 4106), equal to Winlogbeat's module `powershell` and to the Agent's `windows.powershell` and `.powershell_operational`.
 */
import type { Json, JsonObject } from "../../../readers/index.ts";
import { domainAndName } from "../../mapping/context.ts";
import { eventData } from "../../mapping/event-data.ts";
import type { RawKind } from "../../mapping/kind.ts";
import { constant, processor, relate, rename, type Processor } from "../../mapping/processor.ts";
import { child, integer, objectAt, put, text, textAt } from "../../object.ts";
import { argumentsByWindows, isBlank } from "../command-line.ts";
import type { EventDescription } from "../event.ts";
import { fileParts } from "../paths.ts";
import { POWERSHELL_EVENTS, POWERSHELL_OPERATIONAL_EVENTS } from "./events.ts";

/** More details than this are not listed. */
const MAX_DETAILS = 10_000;

const number = (written: Json | undefined): number | bigint | undefined => integer(text(written));

/** Channel `Windows PowerShell`. */
export function powershell(kind: RawKind): readonly Processor[] {
  const isPipeline = kind.code === "800";
  return [
    ...categories(kind, POWERSHELL_EVENTS),
    ...inDetails({ list: isPipeline ? "param2" : "param3", separator: "\n\t", trims: isLineEnd }, [
      rename("SequenceNumber", "event.sequence", number),
      ...engine("HostId", "PipelineId", "RunspaceId"),
      rename("UserId", "user.domain", domainOf),
      rename("UserId", "user.name", nameOf),
      relate("UserId", "user", nameOf),
      rename("NewEngineState", "powershell.engine.new_state"),
      rename("PreviousEngineState", "powershell.engine.previous_state"),
      rename("NewProviderState", "powershell.provider.new_state"),
      rename("ProviderName", "powershell.provider.name"),
      rename("DetailTotal", "powershell.total", number),
      rename("DetailSequence", "powershell.sequence", number),
      ...(isPipeline ? [invocationDetails("param3", false)] : []),
      ...script(["ScriptName"]),
      eventData((name) => !CLASSIC_MOVED.has(name)),
    ]),
  ];
}

/** Channel `Microsoft-Windows-PowerShell/Operational`. */
export function powershellOperational(kind: RawKind): readonly Processor[] {
  const isModule = kind.code === "4103";
  const processors: readonly Processor[] = [
    rename("SequenceNumber", "event.sequence", number),
    ...engine("HostID", "PipelineID", "RunspaceID"),
    rename("RunspaceId", "powershell.runspace_id"),
    ...USERS,
    rename("MessageNumber", "powershell.sequence", number),
    rename("MessageTotal", "powershell.total", number),
    rename("ShellID", "powershell.id"),
    rename("ScriptBlockId", "powershell.file.script_block_id"),
    rename("ScriptBlockText", "powershell.file.script_block_text"),
    ...(isModule ? [invocationDetails("Payload", true)] : []),
    ...script(["Path", "ScriptName"]),
    SECOND_SCRIPT,
    eventData((name) => !OPERATIONAL_MOVED.has(name)),
  ];
  return [
    ...categories(kind, POWERSHELL_OPERATIONAL_EVENTS),
    ...(isModule ? inDetails({ list: "ContextInfo", separator: "\n", trims: isBlank, joinsNames: true }, processors) : processors),
  ];
}

const domainOf = (written: Json | undefined): string | undefined => domainAndName(text(written) ?? "")?.[0];
const nameOf = (written: Json | undefined): string | undefined => domainAndName(text(written) ?? "")?.[1];

/** `Name=value` lines in one of the data. */
interface DetailList {
  readonly list: string;
  readonly separator: string;
  readonly trims: (code: number) => boolean;
  /** `Host Name` is `HostName`. */
  readonly joinsNames?: true;
}

/** The processors see what the list says as if it were event data of its own. */
function inDetails(details: DetailList, processors: readonly Processor[]): readonly Processor[] {
  return processors.map((one) => {
    // It looks at the record alone.
    if (one.data.length === 0 && one.reads.length > 0) return one;
    return {
      ...one,
      data: [...one.data, details.list],
      apply: (context, data) => one.apply(context, (context.details ??= withDetails(data, details))),
    };
  });
}

/** As Elasticsearch's `kv` processor does. */
function withDetails(data: JsonObject, { list, separator, trims, joinsNames }: DetailList): JsonObject {
  const all: JsonObject = { ...data };
  for (const line of textAt(data, list)?.split(separator, MAX_DETAILS) ?? []) {
    const at = line.indexOf("=");
    if (at < 0) continue;
    const name = trimmed(line.slice(0, at), trims);
    if (name !== "") put(all, joinsNames === true ? name.replaceAll(" ", "") : name, trimmed(line.slice(at + 1), trims));
  }
  return all;
}

/** The categories of the event, single values, not lists, as the pipelines write them, which is the same to a query; those of an event that is not known too. */
function categories({ code, flavour }: RawKind, events: ReadonlyMap<string, EventDescription>): readonly Processor[] {
  const known = events.get(code)?.ecs;
  return [
    ...(flavour === "winlogbeat" ? [constant("event.module", "powershell")] : []),
    constant("event.category", known?.category?.[0] ?? "process"),
    constant("event.type", known?.type?.[0] ?? "info"),
  ];
}

/** The engine and its host, which all PowerShell events describe. */
function engine(host: string, pipeline: string, runspace: string): readonly Processor[] {
  return [
    rename(host, "process.entity_id"),
    rename("HostApplication", "process.command_line"),
    processor({
      data: ["HostApplication"],
      writes: ["process.args", "process.args_count"],
      apply: ({ event }, data) => {
        const line = text(data.HostApplication);
        if (line === undefined) return;
        const process = child(event, "process");
        const args = argumentsByWindows(line);
        process["args"] = args;
        process["args_count"] = args.length;
      },
    }),
    rename("HostName", "process.title"),
    rename("EngineVersion", "powershell.engine.version"),
    rename(pipeline, "powershell.pipeline_id"),
    rename(runspace, "powershell.runspace_id"),
    rename("HostVersion", "powershell.process.executable_version"),
    rename("CommandLine", "powershell.command.value"),
    rename("CommandPath", "powershell.command.path"),
    rename("CommandName", "powershell.command.name"),
    rename("CommandType", "powershell.command.type"),
  ];
}

const ENGINE_MOVED =
  "SequenceNumber HostApplication HostName EngineVersion HostVersion CommandLine CommandPath CommandName CommandType ScriptName";
const CLASSIC_MOVED = new Set(
  `${ENGINE_MOVED} HostId PipelineId RunspaceId UserId NewEngineState PreviousEngineState NewProviderState ProviderName DetailTotal DetailSequence param1 param2 param3`.split(
    " ",
  ),
);
const OPERATIONAL_MOVED = new Set(
  `${ENGINE_MOVED} HostID PipelineID RunspaceID RunspaceId User ConnectedUser MessageNumber MessageTotal ShellID ScriptBlockId ScriptBlockText Path ContextInfo Severity Payload`.split(
    " ",
  ),
);

/** A remote session has a connected user: it is the source and the event's user; the user of the host is the destination. */
const USERS: readonly Processor[] = [
  processor({
    reads: ["winlog.user.identifier"],
    writes: ["user.id"],
    apply: ({ event, winlog }) => {
      const id = textAt(objectAt(winlog, "user"), "identifier");
      if (id !== undefined) child(event, "user")["id"] = id;
    },
  }),
  relate("User", "user", nameOf),
  relate("ConnectedUser", "user", nameOf),
  rename(["ConnectedUser", "User"], "user.domain", domainOf),
  rename(["ConnectedUser", "User"], "user.name", nameOf),
  rename("ConnectedUser", "source.user.domain", domainOf),
  rename("ConnectedUser", "source.user.name", nameOf),
  processor({
    data: ["ConnectedUser", "User"],
    writes: ["destination.user.domain", "destination.user.name"],
    apply: ({ event }, data) => {
      const account = domainAndName(text(data.User) ?? "");
      if (account === undefined || nameOf(data.ConnectedUser) === undefined) return;
      const user = child(child(event, "destination"), "user");
      user["domain"] = account[0];
      user["name"] = account[1];
    },
  }),
];

/** The script is the file. */
function script(names: readonly string[]): readonly Processor[] {
  const pathIn = (data: JsonObject): string | undefined => {
    for (const name of names) {
      const path = text(data[name]);
      if (path !== undefined) return path;
    }
    return undefined;
  };
  return [
    rename(names, "file.path"),
    {
      data: names,
      reads: [],
      writes: ["file.name", "file.directory", "file.extension"],
      apply: ({ event }, data) => {
        const path = pathIn(data);
        const parts = path === undefined ? undefined : fileParts(path);
        if (parts !== undefined) Object.assign(child(event, "file"), parts);
      },
    },
  ];
}

/** Where both `Path` and `ScriptName` are there, the second stays where it is. */
const SECOND_SCRIPT = processor({
  data: ["Path", "ScriptName"],
  writes: ["winlog.event_data.ScriptName"],
  apply: ({ added }, data) => {
    const name = data.ScriptName;
    if (text(data.Path) !== undefined && name !== undefined && name !== null && name !== "") added["ScriptName"] = name;
  },
});

function isLineEnd(code: number): boolean {
  return code === 9 || code === 10;
}

function trimmed(part: string, trims: (code: number) => boolean): string {
  let start = 0;
  let end = part.length;
  while (start < end && trims(part.charCodeAt(start))) start++;
  while (end > start && trims(part.charCodeAt(end - 1))) end--;
  return part.slice(start, end);
}

/**
 * Lines such as `CommandInvocation(Out-Default): "Out-Default"` and
 * `ParameterBinding(Out-Default): name="InputObject"; value="x"`.
 */
function invocationDetails(data: string, greedy: boolean): Processor {
  return rename(data, "powershell.command.invocation_details", (written) => {
    const lines = text(written);
    if (lines === undefined) return undefined;
    const details = trimmedEnd(lines.split("\n", MAX_DETAILS)).map((line) => detail(line, greedy));
    return details.length > 0 ? details : undefined;
  });
}

/** Java's split drops empty strings at the end. */
function trimmedEnd(lines: string[]): string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1] === "") end--;
  return lines.slice(0, end);
}

function detail(line: string, greedy: boolean): JsonObject {
  // `type(command): value`: the last `): ` that leaves a command between it and the parenthesis, as a greedy match would.
  const close = line.lastIndexOf("):");
  const open = greedy ? line.lastIndexOf("(", close - 2) : line.indexOf("(");
  if (open <= 0 || close < open + 2 || line.includes("\r")) return { value: line };
  if (!greedy && line.slice(0, open).includes(":")) return { value: line };
  const type = line.slice(0, open);
  const command = line.slice(open + 1, close);
  const value = line.slice(close + 2).trimStart();
  if (type !== "ParameterBinding") return value === "" ? { type, related_command: command } : { type, related_command: command, value };
  const binding = parameterBinding(value);
  return binding === undefined ? { value } : { type, related_command: command, name: binding[0], value: binding[1] };
}

/** `name="InputObject"; value="x"`, the quotes kept. */
function parameterBinding(text: string): readonly [name: string, value: string] | undefined {
  if (!text.startsWith("name=")) return undefined;
  for (let at = text.lastIndexOf(";"); at > 5; at = text.lastIndexOf(";", at - 1)) {
    const rest = text.slice(at + 1).trimStart();
    if (rest.startsWith("value=") && rest.length > 6) return [text.slice(5, at), rest.slice(6)];
  }
  return undefined;
}
