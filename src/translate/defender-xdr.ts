/**
 * Microsoft Defender XDR: KQL over the tables of advanced hunting. What Elastic Defend sees is what these see, so a table stands for
 * events of one ECS category, and `ActionType` for their type (Microsoft's table reference).
 */
import { sources } from "../ecs/index.ts";
import { kqlQuery, kqlString } from "./kql.ts";
import type { Branch, Column, Table, TableEvent } from "./tables.ts";
import type { Platform } from "./translation.ts";

/** ECS field: column, then the type where it is not text. */
type Columns = Readonly<Record<string, string>>;

const HOST: Columns = { "host.name": "DeviceName", "host.hostname": "DeviceName", "host.id": "DeviceId", "@timestamp": "Timestamp time" };

const PROCESS: Columns = {
  "process.name": "FileName",
  "process.executable": "FolderPath",
  "process.command_line": "ProcessCommandLine",
  "process.args": "ProcessCommandLine text part",
  "process.pid": "ProcessId number",
  "process.hash.sha256": "SHA256",
  "process.hash.sha1": "SHA1",
  "process.hash.md5": "MD5",
  "process.pe.original_file_name": "ProcessVersionInfoOriginalFileName",
  "process.pe.company": "ProcessVersionInfoCompanyName",
  "process.pe.product": "ProcessVersionInfoProductName",
  "process.parent.name": "InitiatingProcessFileName",
  "process.parent.executable": "InitiatingProcessFolderPath",
  "process.parent.command_line": "InitiatingProcessCommandLine",
  "process.parent.args": "InitiatingProcessCommandLine text part",
  "process.parent.pid": "InitiatingProcessId number",
  "user.name": "AccountName",
  "user.domain": "AccountDomain",
  "user.id": "AccountSid",
};

/** In every other table the process is the initiating one. */
const INITIATING: Columns = {
  "process.name": "InitiatingProcessFileName",
  "process.executable": "InitiatingProcessFolderPath",
  "process.command_line": "InitiatingProcessCommandLine",
  "process.args": "InitiatingProcessCommandLine text part",
  "process.pid": "InitiatingProcessId number",
  "process.hash.sha256": "InitiatingProcessSHA256",
  "process.hash.sha1": "InitiatingProcessSHA1",
  "process.hash.md5": "InitiatingProcessMD5",
  "process.pe.original_file_name": "InitiatingProcessVersionInfoOriginalFileName",
  "process.parent.name": "InitiatingProcessParentFileName",
  "process.parent.pid": "InitiatingProcessParentId number",
  "user.name": "InitiatingProcessAccountName",
  "user.domain": "InitiatingProcessAccountDomain",
  "user.id": "InitiatingProcessAccountSid",
};

const FILE: Columns = {
  ...INITIATING,
  "file.name": "FileName",
  "file.path": "FolderPath",
  "file.extension": "FileName text extension",
  "file.size": "FileSize number",
  "file.hash.sha256": "SHA256",
};
const LOCAL_IS_SOURCE: Columns = {
  ...INITIATING,
  "source.ip": "LocalIP ip",
  "source.port": "LocalPort number",
  "destination.ip": "RemoteIP ip",
  "destination.port": "RemotePort number",
  "network.transport": "Protocol",
};
const REMOTE_IS_SOURCE: Columns = {
  ...INITIATING,
  "source.ip": "RemoteIP ip",
  "source.port": "RemotePort number",
  "destination.ip": "LocalIP ip",
  "destination.port": "LocalPort number",
  "network.transport": "Protocol",
};

const LOGON_TYPES: ReadonlyMap<string, string> = new Map(
  ["Interactive", "Network", "Batch", "Service", "Unlock", "RemoteInteractive", "CachedInteractive"].map((type) => [type, type]),
);

interface Kind {
  readonly table: string;
  readonly action: string;
  readonly category: string;
  readonly type: readonly string[];
  readonly columns: Columns;
  readonly known?: Readonly<Record<string, readonly string[]>>;
}

const KINDS: readonly Kind[] = [
  { table: "DeviceProcessEvents", action: "ProcessCreated", category: "process", type: ["start"], columns: PROCESS },
  ...["ConnectionSuccess", "ConnectionAttempt", "ConnectionFailed"].map((action) => ({
    table: "DeviceNetworkEvents",
    action,
    category: "network",
    type: ["start", "connection"],
    columns: LOCAL_IS_SOURCE,
    known: { "network.direction": ["egress", "outgoing"] },
  })),
  {
    table: "DeviceNetworkEvents",
    action: "InboundConnectionAccepted",
    category: "network",
    type: ["start", "connection"],
    columns: REMOTE_IS_SOURCE,
    known: { "network.direction": ["ingress", "incoming"] },
  },
  { table: "DeviceFileEvents", action: "FileCreated", category: "file", type: ["creation"], columns: FILE },
  { table: "DeviceFileEvents", action: "FileModified", category: "file", type: ["change"], columns: FILE },
  { table: "DeviceFileEvents", action: "FileRenamed", category: "file", type: ["change"], columns: FILE },
  { table: "DeviceFileEvents", action: "FileDeleted", category: "file", type: ["deletion"], columns: FILE },
  {
    table: "DeviceRegistryEvents",
    action: "RegistryValueSet",
    category: "registry",
    type: ["change"],
    columns: { ...INITIATING, "registry.value": "RegistryValueName", "registry.data.strings": "RegistryValueData" },
  },
  {
    table: "DeviceImageLoadEvents",
    action: "ImageLoaded",
    category: "library",
    type: ["start"],
    columns: { ...INITIATING, "dll.name": "FileName", "dll.path": "FolderPath", "dll.hash.sha256": "SHA256" },
  },
  ...(["LogonSuccess", "LogonFailed"] as const).map((action) => ({
    table: "DeviceLogonEvents",
    action,
    category: "authentication",
    type: ["start"],
    columns: {
      ...INITIATING,
      "user.name": "AccountName",
      "user.domain": "AccountDomain",
      "user.id": "AccountSid",
      "source.ip": "RemoteIP ip",
      "source.port": "RemotePort number",
      "source.domain": "RemoteDeviceName",
      "winlog.logon.type": "LogonType text words",
    },
    known: { "event.outcome": [action === "LogonSuccess" ? "success" : "failure"] },
  })),
];

function columnsOf(columns: Columns): Map<string, Column> {
  return new Map(
    Object.entries({ ...HOST, ...columns }).map(([field, text]): [string, Column] => {
      const [name, type = "text", form = "whole"] = text.split(" ") as [string, Column["type"]?, Column["form"]?];
      return [field, { name, type, form, words: form === "words" ? LOGON_TYPES : null }];
    }),
  );
}

/** What Elastic Defend says of such events: a test of anything else is of a field that no sensor fills. */
function sensorFields(category: string): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const source of sources()) {
    if (!source.id.startsWith("endpoint.")) continue;
    for (const shape of source.produces) if (shape.category.includes(category)) for (const field of shape.fields) fields.add(field);
  }
  return fields;
}

let made: readonly Table<string>[] | undefined;

/** Made at first use. */
export function defenderTables(): readonly Table<string>[] {
  if (made !== undefined) return made;
  const byTable = new Map<string, TableEvent<string>[]>();
  for (const { table, action, category, type, columns, known } of KINDS) {
    const events = byTable.get(table) ?? [];
    byTable.set(table, events);
    events.push({
      select: action,
      title: action,
      known: new Map<string, readonly string[]>([
        ["event.category", [category]],
        ["event.type", type],
        ["event.kind", ["event"]],
        ["host.os.type", ["windows"]],
        ["host.os.family", ["windows"]],
        // Events of the sensor, not of Windows' logs.
        ["event.code", []],
        ["event.provider", []],
        ["winlog.channel", []],
        ["winlog.event_id", []],
        ["winlog.provider_name", []],
        ...Object.entries(known ?? {}),
      ]),
      fields: sensorFields(category),
      columns: columnsOf(columns),
    });
  }
  made = [...byTable].map(([name, events]) => ({ name, events }));
  return made;
}

function select({ events }: Branch<string>): readonly string[] {
  const actions = events.map((event) => kqlString(event.select));
  return [actions.length === 1 ? `where ActionType == ${actions[0]}` : `where ActionType in (${actions.join(", ")})`];
}

export const defenderXdr = {
  title: "Microsoft Defender XDR (KQL)",
  extension: "kql",
  checked: "validated",
  translate: (request) => {
    const { text, losses } = kqlQuery(request, { tables: defenderTables, time: "Timestamp", select });
    return { text, files: [], losses: losses.list };
  },
} as const satisfies Platform;
