/**
 * Microsoft Defender XDR: KQL over the tables of advanced hunting. What Elastic Defend sees is what these see, so a table stands for
 * events of one ECS category, and `ActionType` for their type (Microsoft's table reference).
 */
import { kqlString, kqlTranslation } from "./kql.ts";
import { once } from "../../once.ts";
import { sensorTables, type ColumnTexts, type SensorEvent } from "../../tables/sensors.ts";
import type { Table } from "../../tables/table.ts";
import type { Branch } from "../../tables/tables.ts";
import type { Platform } from "../../translation.ts";

const HOST: ColumnTexts = {
  "host.name": "DeviceName",
  "host.hostname": "DeviceName",
  "host.id": "DeviceId",
  "@timestamp": "Timestamp time",
};

const PROCESS: ColumnTexts = {
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
const INITIATING: ColumnTexts = {
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

const FILE: ColumnTexts = {
  ...INITIATING,
  "file.name": "FileName",
  "file.path": "FolderPath",
  "file.extension": "FileName text extension",
  "file.size": "FileSize number",
  "file.hash.sha256": "SHA256",
};
const LOCAL_IS_SOURCE: ColumnTexts = {
  ...INITIATING,
  "source.ip": "LocalIP ip",
  "source.port": "LocalPort number",
  "destination.ip": "RemoteIP ip",
  "destination.port": "RemotePort number",
  "network.transport": "Protocol",
};
const REMOTE_IS_SOURCE: ColumnTexts = {
  ...INITIATING,
  "source.ip": "RemoteIP ip",
  "source.port": "RemotePort number",
  "destination.ip": "LocalIP ip",
  "destination.port": "LocalPort number",
  "network.transport": "Protocol",
};

/** The table has key and value apart, and hives in full, where ECS has one path and hives in short. No blank: it parts the column's type. */
const REGISTRY_PATH = `strcat(replace_string(replace_string(replace_string(RegistryKey,"HKEY_LOCAL_MACHINE","HKLM"),"HKEY_CURRENT_USER","HKCU"),"HKEY_USERS","HKU"),@"\\",RegistryValueName)`;

const LOGON_TYPES: ReadonlyMap<string, string> = new Map(
  ["Interactive", "Network", "Batch", "Service", "Unlock", "RemoteInteractive", "CachedInteractive"].map((type) => [type, type]),
);

const KINDS: readonly SensorEvent[] = [
  { table: "DeviceProcessEvents", select: "ProcessCreated", category: "process", type: ["start"], columns: PROCESS },
  ...["ConnectionSuccess", "ConnectionAttempt", "ConnectionFailed"].map((action) => ({
    table: "DeviceNetworkEvents",
    select: action,
    category: "network",
    type: ["start", "connection"],
    columns: LOCAL_IS_SOURCE,
    known: { "network.direction": ["egress", "outgoing"] },
  })),
  {
    table: "DeviceNetworkEvents",
    select: "InboundConnectionAccepted",
    category: "network",
    type: ["start", "connection"],
    columns: REMOTE_IS_SOURCE,
    known: { "network.direction": ["ingress", "incoming"] },
  },
  { table: "DeviceFileEvents", select: "FileCreated", category: "file", type: ["creation"], columns: FILE },
  { table: "DeviceFileEvents", select: "FileModified", category: "file", type: ["change"], columns: FILE },
  { table: "DeviceFileEvents", select: "FileRenamed", category: "file", type: ["change"], columns: FILE },
  { table: "DeviceFileEvents", select: "FileDeleted", category: "file", type: ["deletion"], columns: FILE },
  {
    table: "DeviceRegistryEvents",
    select: "RegistryValueSet",
    category: "registry",
    type: ["change"],
    columns: {
      ...INITIATING,
      "registry.path": REGISTRY_PATH,
      "registry.value": "RegistryValueName",
      "registry.data.strings": "RegistryValueData",
    },
  },
  {
    table: "DeviceImageLoadEvents",
    select: "ImageLoaded",
    category: "library",
    type: ["start"],
    columns: { ...INITIATING, "dll.name": "FileName", "dll.path": "FolderPath", "dll.hash.sha256": "SHA256" },
  },
  ...(["LogonSuccess", "LogonFailed"] as const).map((action) => ({
    table: "DeviceLogonEvents",
    select: action,
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

export const defenderTables = once((): readonly Table<string>[] =>
  sensorTables(
    KINDS.map((kind) => ({ ...kind, columns: { ...HOST, ...kind.columns } })),
    LOGON_TYPES,
  ),
);

function select({ events }: Branch<string>): readonly string[] {
  const actions = events.map((event) => kqlString(event.select));
  return [actions.length === 1 ? `where ActionType == ${actions[0]}` : `where ActionType in (${actions.join(", ")})`];
}

export const defenderXdr = {
  title: "Microsoft Defender XDR (KQL)",
  extension: "kql",
  checked: "validated",
  translate: (request) => kqlTranslation(request, { tables: defenderTables, time: "Timestamp", select }),
} as const satisfies Platform;
