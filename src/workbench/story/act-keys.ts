/** What two alerts have in common when they are about one act. */
import { hostOf, textAt, type EventDocument, type Observed } from "../../detect/index.ts";
import { stemOf } from "./command-line.ts";

/** Programs that run all the time: sharing one says nothing. */
// oxfmt-ignore
const COMMON = new Set([
  "system", "services", "svchost", "lsass", "explorer", "cmd", "powershell", "pwsh", "conhost", "rundll32", "wininit",
  "winlogon", "csrss", "smss", "taskhostw", "dllhost", "wmiprvse", "searchindexer", "bash", "sh", "python", "python3", "java",
  "node", "init", "systemd",
]);
/** Sessions of the system itself. */
const SYSTEM_LOGONS = new Set(["0x0", "0x3e7", "0x3e4", "0x3e5", "0"]);
const MAX_KEY = 400;

/** Names of the process, session, service, task, file and pipe of an event, each with its host. */
export function artefactKeys(event: EventDocument): string[] {
  const host = hostOf(event).toLowerCase();
  const keys: string[] = [];
  const add = (kind: string, value: string | undefined): void => {
    if (value !== undefined && value !== "" && value !== "-") keys.push(`${kind}:${host}:${value.toLowerCase().slice(0, MAX_KEY)}`);
  };
  const named = (path: string | undefined): void => {
    const stem = stemOf((path ?? "").trim().replaceAll('"', "").split(/ [/-]/, 1)[0]!);
    if (stem.length > 2 && !COMMON.has(stem)) add("name", stem);
  };
  add("command", textAt(event, "process.command_line"));
  const process = textAt(event, "process.name");
  named(process);
  if (!COMMON.has(stemOf(process ?? ""))) add("process", textAt(event, "process.entity_id"));
  const parent = textAt(event, "process.parent.name");
  named(parent);
  if (!COMMON.has(stemOf(parent ?? ""))) add("process", textAt(event, "process.parent.entity_id"));
  named(textAt(event, "file.name") ?? textAt(event, "file.path"));
  named(textAt(event, "winlog.event_data.RelativeTargetName"));
  const service = textAt(event, "winlog.event_data.ServiceName") ?? textAt(event, "service.name");
  if (service !== undefined) named(service);
  named(textAt(event, "winlog.event_data.ServiceFileName") ?? textAt(event, "winlog.event_data.ImagePath"));
  named(/\\Services\\([^\\]+)\\/i.exec(textAt(event, "registry.path") ?? "")?.[1]);
  named(textAt(event, "winlog.event_data.TaskName"));
  return keys;
}

/** The network session, where the event is of one; a desk's session lasts all day. */
export function sessionKey(event: EventDocument): string | null {
  if (textAt(event, "process.command_line") !== undefined) return null;
  const id = textAt(event, "winlog.logon.id") ?? textAt(event, "winlog.event_data.LogonId");
  return id === undefined || SYSTEM_LOGONS.has(id.toLowerCase()) ? null : `logon:${hostOf(event).toLowerCase()}:${id.toLowerCase()}`;
}

/** Two rules that matched one record. */
export function eventKey({ place }: Observed): string {
  return `event:${place.file}:${place.line ?? ""}:${place.offset ?? ""}:${place.record ?? ""}`;
}
