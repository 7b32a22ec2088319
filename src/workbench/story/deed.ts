/** What one event says was done, in words made of its fields alone. */
import { redact, textAt, textsAt, whoOf, type EventDocument } from "../../detect/index.ts";
import { commandLineOf, stemOf } from "./command-line.ts";
import { sourceOf } from "./host-names.ts";

export interface Deed {
  /** As a name begins: `PsExec`, `Service PSEXESVC`, `Write to ADMIN$`. Empty where the fields say nothing that a name could. */
  readonly noun: string;
  /** As a sentence goes on: `installed the service PSEXESVC (%SystemRoot%\PSEXESVC.exe)`. */
  readonly text: string;
  /** How telling it is: a name is made of the most telling deed. */
  readonly weight: number;
  /** The other host, as the event has it, empty where it names none: it came from `source`, or went to `target`. */
  readonly source: string;
  readonly target: string;
}

/** Characters of one value in a sentence. */
const MAX_VALUE = 160;

const WRITE_ACCESS = 0x2 | 0x4;

type Reader = (event: EventDocument) => Omit<Deed, "source"> | null;

/** The first that knows the event. Each reads fields of ECS, or those that Windows has and ECS does not. */
const READERS: readonly Reader[] = [
  logCleared,
  share,
  service,
  task,
  processStart,
  script,
  pipe,
  registry,
  file,
  access,
  logon,
  dns,
  connection,
  action,
];

export function deedOf(event: EventDocument): Deed {
  const source = sourceOf(event);
  for (const read of READERS) {
    const deed = read(event);
    if (deed !== null) return { ...deed, source: deed.target === "" ? source : "" };
  }
  return { noun: "", text: "", weight: 0, source, target: "" };
}

function plain(noun: string, text: string, weight: number): Omit<Deed, "source"> {
  return { noun, text, weight, target: "" };
}

function short(text: string): string {
  const line = text.split("\n", 1)[0]!;
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line;
}

function is(event: EventDocument, field: string, value: string): boolean {
  return textsAt(event, field).includes(value);
}

function logCleared(event: EventDocument): Omit<Deed, "source"> | null {
  const name = textAt(event, "event.action");
  return name === "audit-log-cleared" || name === "event-log-cleared" || name === "Log clear"
    ? plain("Log cleared", "cleared a log", 85)
    : null;
}

function share(event: EventDocument): Omit<Deed, "source"> | null {
  const path = textAt(event, "winlog.event_data.ShareName");
  if (path === undefined) return null;
  const name = path.split("\\").at(-1)!;
  const failed = is(event, "event.outcome", "failure");
  const inside = textAt(event, "winlog.event_data.RelativeTargetName");
  if (inside === undefined || inside === "\\")
    return plain(`Share ${short(name)}`, `${failed ? "was refused" : "opened"} the share ${short(name)}`, 30);
  if (name.toUpperCase() === "IPC$")
    return plain(`Pipe ${short(inside)}`, `${failed ? "was refused" : "opened"} the pipe ${short(inside)} over SMB`, 32);
  const mask = Number(textAt(event, "winlog.event_data.AccessMask") ?? 0);
  const writes = !Number.isNaN(mask) && (mask & WRITE_ACCESS) !== 0;
  const object = short(`${name}\\${inside}`);
  if (failed) return plain(`Access to ${short(name)}`, `was refused ${object}${writes ? " for writing" : ""}`, 35);
  return writes
    ? plain(`Write to ${short(name)}`, `opened ${object} for writing`, 60)
    : plain(`Access to ${short(name)}`, `opened ${object}`, 35);
}

function service(event: EventDocument): Omit<Deed, "source"> | null {
  const name = textAt(event, "winlog.event_data.ServiceName") ?? textAt(event, "service.name");
  const image = textAt(event, "winlog.event_data.ServiceFileName") ?? textAt(event, "winlog.event_data.ImagePath");
  if (name !== undefined && image !== undefined)
    return plain(`Service ${short(name)}`, `installed the service ${short(name)} (${short(image)})`, 70);
  const set = /\\Services\\([^\\]+)\\ImagePath$/i.exec(textAt(event, "registry.path") ?? "");
  if (set === null) return null;
  const data = textAt(event, "registry.data.strings");
  return plain(
    `Service ${short(set[1]!)}`,
    `set the program of the service ${short(set[1]!)}${data === undefined ? "" : ` to ${short(data)}`}`,
    65,
  );
}

function task(event: EventDocument): Omit<Deed, "source"> | null {
  const name = textAt(event, "winlog.event_data.TaskName");
  if (name === undefined) return null;
  const verb = { "scheduled-task-created": "created", "scheduled-task-deleted": "deleted", "scheduled-task-updated": "changed" }[
    textAt(event, "event.action") ?? ""
  ];
  return plain(`Scheduled task ${short(name)}`, `${verb ?? "used"} the scheduled task ${short(name)}`, 70);
}

/** Parents that say nothing by themselves. */
const SHELLS = new Set(["cmd", "powershell", "pwsh", "explorer", "bash", "sh", "zsh", "conhost", "userinit", "sihost"]);

function processStart(event: EventDocument): Omit<Deed, "source"> | null {
  if (!is(event, "event.category", "process") || !is(event, "event.type", "start")) return null;
  const command = textAt(event, "process.command_line") ?? textAt(event, "process.executable") ?? textAt(event, "process.name");
  if (command === undefined) return null;
  const { tool, target, isRemoteTool } = commandLineOf(event);
  const parent = textAt(event, "process.parent.name") ?? "";
  const under = parent === "" || SHELLS.has(stemOf(parent)) ? "" : ` under ${short(parent)}`;
  return { noun: short(tool), text: `ran ${short(redact(command))}${under}`, weight: isRemoteTool ? 90 : target === "" ? 50 : 55, target };
}

function script(event: EventDocument): Omit<Deed, "source"> | null {
  const text = textAt(event, "powershell.file.script_block_text") ?? textAt(event, "winlog.event_data.ScriptBlockText");
  return text === undefined ? null : plain("PowerShell", `ran a script block of PowerShell: ${short(text.trim())}`, 45);
}

function pipe(event: EventDocument): Omit<Deed, "source"> | null {
  const name = textAt(event, "winlog.event_data.PipeName") ?? textAt(event, "file.name");
  const kind = /^Pipe (Created|Connected)/i.exec(textAt(event, "event.action") ?? "")?.[1];
  if (kind === undefined || name === undefined) return null;
  return plain(`Pipe ${short(name)}`, `${kind === "Created" ? "created" : "connected to"} the pipe ${short(name)}`, 40);
}

function registry(event: EventDocument): Omit<Deed, "source"> | null {
  const path = textAt(event, "registry.path");
  if (path === undefined) return null;
  const verb = is(event, "event.type", "deletion")
    ? "deleted"
    : is(event, "event.type", "creation")
      ? "created"
      : is(event, "event.type", "change")
        ? "set"
        : "used";
  return plain(`Registry ${short(path.split("\\").at(-1)!)}`, `${verb} ${short(path)}`, 38);
}

function file(event: EventDocument): Omit<Deed, "source"> | null {
  const path = textAt(event, "file.path") ?? textAt(event, "file.name");
  if (path === undefined || !is(event, "event.category", "file")) return null;
  const verb = is(event, "event.type", "deletion")
    ? "deleted"
    : is(event, "event.type", "creation")
      ? "created"
      : is(event, "event.type", "change")
        ? "changed"
        : "used";
  const name = path.split(/[\\/]/).at(-1)!;
  return plain(`File ${short(name)}`, `${verb} ${short(path)}`, 42);
}

/** Sysmon 10 and the like: one process opens another. */
function access(event: EventDocument): Omit<Deed, "source"> | null {
  const target = textAt(event, "winlog.event_data.TargetImage");
  if (target === undefined) return null;
  const name = target.split(/[\\/]/).at(-1)!;
  const by = textAt(event, "process.name");
  return plain(`Access to ${short(name)}`, `opened the process ${short(name)}${by === undefined ? "" : ` from ${short(by)}`}`, 58);
}

function logon(event: EventDocument): Omit<Deed, "source"> | null {
  if (!is(event, "event.category", "authentication")) return null;
  const type = textAt(event, "winlog.logon.type");
  const other = textAt(event, "winlog.event_data.TargetServerName");
  if (textAt(event, "event.action") === "logged-in-explicit" && other !== undefined) {
    const account = textAt(event, "winlog.event_data.TargetUserName");
    const target = other.toLowerCase() === "localhost" ? "" : other;
    return {
      noun: "Explicit credentials",
      text: `used the credentials of ${account === undefined ? "another account" : short(account)} for ${short(other)}`,
      weight: 34,
      target,
    };
  }
  const kind = type === undefined ? "" : ` (${short(type)})`;
  return is(event, "event.outcome", "failure")
    ? plain("Failed logon", `failed to log on${kind}`, 24)
    : plain("Logon", `logged on${kind}`, 22);
}

function dns(event: EventDocument): Omit<Deed, "source"> | null {
  const name = textAt(event, "dns.question.name");
  return name === undefined ? null : plain("Name lookup", `looked up ${short(name)}`, 15);
}

function connection(event: EventDocument): Omit<Deed, "source"> | null {
  const address = textAt(event, "destination.ip") ?? textAt(event, "destination.domain");
  if (address === undefined || !is(event, "event.category", "network")) return null;
  const port = textAt(event, "destination.port");
  const program = textAt(event, "process.name");
  const incoming = is(event, "network.direction", "ingress") || is(event, "network.direction", "inbound");
  const text = `${incoming ? "took a connection on" : "connected to"} ${short(address)}${port === undefined ? "" : `, port ${port}`}${program === undefined ? "" : ` (${short(program)})`}`;
  return { noun: "Connection", text, weight: 20, target: incoming ? "" : address };
}

/** What the log itself calls the event; a name is left to the rule. */
function action(event: EventDocument): Omit<Deed, "source"> | null {
  const name = textAt(event, "event.action");
  if (name === undefined) return null;
  const words = short(name.replace(/ \(rule: \w+\)$/, "").replaceAll(/(?<=\w)[-_](?=\w)/g, " "));
  const account = textAt(event, "winlog.event_data.TargetUserName");
  const object = account !== undefined && account !== "-" && !whoOf(event).endsWith(account) ? ` (${short(account)})` : "";
  return plain("", `${words.toLowerCase()}${object}`, 10);
}
