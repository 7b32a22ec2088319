/**
 * PowerShell events to ECS: `Windows PowerShell` (400, 403, 600, 800) and `Microsoft-Windows-PowerShell/Operational` (4103 to
 * 4106), equal to Winlogbeat's module `powershell` and to the Agent's `windows.powershell` and `.powershell_operational`.
 */
import type { JsonObject } from "../../../readers/index.ts";
import { argumentsByWindows, isBlank } from "../command-line.ts";
import { domainAndName, type MappingContext, writeEventData } from "../../mapping-context.ts";
import { addUnique, child, integer, objectAt, own, put, text, textAt } from "../../object.ts";
import { setFileParts } from "../paths.ts";
import { POWERSHELL_EVENTS, POWERSHELL_OPERATIONAL_EVENTS } from "./events.ts";
import type { EventDescription } from "../event.ts";

const NOTHING: ReadonlySet<string> = new Set();
/** More details than this are not listed. */
const MAX_DETAILS = 10_000;
/** Channel `Windows PowerShell`. */
export function powershell(context: MappingContext): boolean {
  const { event, code } = context;
  const data: JsonObject = { ...context.data };
  const list = code === "800" ? "param2" : "param3";
  keyValues(data, textAt(data, list), "\n\t", isLineEnd);
  const known = begin(context, POWERSHELL_EVENTS);
  take(data, "SequenceNumber", (value) => number(child(event, "event"), "sequence", value));
  engine(event, data, "HostId", "PipelineId", "RunspaceId");
  const account = textAt(data, "UserId");
  if (account !== undefined) {
    const parts = domainAndName(account);
    if (parts !== undefined) {
      const user = child(event, "user");
      user["domain"] = parts[0];
      user["name"] = parts[1];
      addUnique(child(event, "related"), "user", parts[1]);
    }
  }
  move(data, "NewEngineState", event, "powershell", "engine", "new_state");
  move(data, "PreviousEngineState", event, "powershell", "engine", "previous_state");
  move(data, "NewProviderState", event, "powershell", "provider", "new_state");
  move(data, "ProviderName", event, "powershell", "provider", "name");
  take(data, "DetailTotal", (value) => number(child(event, "powershell"), "total", value));
  take(data, "DetailSequence", (value) => number(child(event, "powershell"), "sequence", value));
  if (code === "800") invocationDetails(event, textAt(data, "param3"), false);
  script(event, data, "ScriptName");
  for (const name of ["param1", "param2", "param3", "UserId"]) delete data[name];
  writeEventData({ ...context, data }, NOTHING);
  return known;
}

/** Channel `Microsoft-Windows-PowerShell/Operational`. */
export function powershellOperational(context: MappingContext): boolean {
  const { event, code } = context;
  const spaced: JsonObject = { ...context.data };
  if (code === "4103") keyValues(spaced, textAt(spaced, "ContextInfo"), "\n", isBlank);
  const data: JsonObject = {};
  for (const name of Object.keys(spaced)) put(data, name.includes(" ") ? name.replaceAll(" ", "") : name, own(spaced, name)!);
  const known = begin(context, POWERSHELL_OPERATIONAL_EVENTS);
  take(data, "SequenceNumber", (value) => number(child(event, "event"), "sequence", value));
  engine(event, data, "HostID", "PipelineID", "RunspaceID");
  move(data, "RunspaceId", event, "powershell", "runspace_id");
  users(context, data);
  take(data, "MessageNumber", (value) => number(child(event, "powershell"), "sequence", value));
  take(data, "MessageTotal", (value) => number(child(event, "powershell"), "total", value));
  move(data, "ShellID", event, "powershell", "id");
  move(data, "ScriptBlockId", event, "powershell", "file", "script_block_id");
  move(data, "ScriptBlockText", event, "powershell", "file", "script_block_text");
  if (code === "4103") invocationDetails(event, textAt(data, "Payload"), true);
  script(event, data, textAt(data, "Path") === undefined ? "ScriptName" : "Path");
  for (const name of ["User", "ConnectedUser", "ContextInfo", "Severity", "Payload"]) delete data[name];
  writeEventData({ ...context, data }, NOTHING);
  return known;
}

/**
 * The categories of the event, single values, not lists, as the pipelines write them, which is the same to a query; those of an event
 * that is not known too. Returns whether it is known.
 */
function begin(context: MappingContext, events: ReadonlyMap<string, EventDescription>): boolean {
  const event = child(context.event, "event");
  if (context.flavour === "winlogbeat") event["module"] = "powershell";
  const known = events.get(context.code)?.ecs;
  event["category"] = known?.category?.[0] ?? "process";
  event["type"] = known?.type?.[0] ?? "info";
  return known !== undefined;
}

/** The engine and its host, which all PowerShell events describe. */
function engine(event: JsonObject, data: JsonObject, host: string, pipeline: string, runspace: string): void {
  move(data, host, event, "process", "entity_id");
  take(data, "HostApplication", (line) => {
    const process = child(event, "process");
    process["command_line"] = line;
    const args = argumentsByWindows(line);
    process["args"] = args;
    process["args_count"] = args.length;
  });
  move(data, "HostName", event, "process", "title");
  move(data, "EngineVersion", event, "powershell", "engine", "version");
  move(data, pipeline, event, "powershell", "pipeline_id");
  move(data, runspace, event, "powershell", "runspace_id");
  move(data, "HostVersion", event, "powershell", "process", "executable_version");
  move(data, "CommandLine", event, "powershell", "command", "value");
  move(data, "CommandPath", event, "powershell", "command", "path");
  move(data, "CommandName", event, "powershell", "command", "name");
  move(data, "CommandType", event, "powershell", "command", "type");
}

/** A remote session has a connected user: it is the source and the event's user; the user of the host is the destination. */
function users(context: MappingContext, data: JsonObject): void {
  const { event } = context;
  const id = textAt(objectAt(context.winlog, "user"), "identifier");
  if (id !== undefined) child(event, "user")["id"] = id;
  const account = domainAndName(textAt(data, "User") ?? "");
  const connected = domainAndName(textAt(data, "ConnectedUser") ?? "");
  if (account !== undefined) addUnique(child(event, "related"), "user", account[1]);
  if (connected !== undefined) addUnique(child(event, "related"), "user", connected[1]);
  const own = connected ?? account;
  if (own !== undefined) {
    const user = child(event, "user");
    user["domain"] = own[0];
    user["name"] = own[1];
  }
  if (connected === undefined) return;
  child(event, "source")["user"] = { domain: connected[0], name: connected[1] };
  if (account !== undefined) child(event, "destination")["user"] = { domain: account[0], name: account[1] };
}

function script(event: JsonObject, data: JsonObject, name: string): void {
  take(data, name, (path) => {
    const file = child(event, "file");
    file["path"] = path;
    setFileParts(file, path);
  });
}

function take(data: JsonObject, name: string, use: (value: string) => void): void {
  const value = text(data[name]);
  if (value !== undefined) use(value);
  delete data[name];
}

function move(data: JsonObject, name: string, event: JsonObject, ...path: string[]): void {
  const value = text(data[name]);
  delete data[name];
  if (value === undefined) return;
  let at = event;
  for (let i = 0; i < path.length - 1; i++) at = child(at, path[i]!);
  at[path[path.length - 1]!] = value;
}

function number(parent: JsonObject, name: string, value: string): void {
  const parsed = integer(value);
  if (parsed !== undefined) parent[name] = parsed;
}

/** `\tName=value` lines into the event data, as Elasticsearch's `kv` processor does. */
function keyValues(data: JsonObject, list: string | undefined, separator: string, trims: (code: number) => boolean): void {
  if (list === undefined) return;
  for (const line of list.split(separator, MAX_DETAILS)) {
    const at = line.indexOf("=");
    if (at < 0) continue;
    const name = trimmed(line.slice(0, at), trims);
    if (name !== "") put(data, name, trimmed(line.slice(at + 1), trims));
  }
}

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
function invocationDetails(event: JsonObject, lines: string | undefined, greedy: boolean): void {
  if (lines === undefined) return;
  const details = trimmedEnd(lines.split("\n", MAX_DETAILS)).map((line) => detail(line, greedy));
  if (details.length > 0) child(child(event, "powershell"), "command")["invocation_details"] = details;
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
