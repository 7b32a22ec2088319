/**
 * Splunk over Windows' events as classic inputs bring them (`renderXml = false`): sourcetype `WinEventLog`, a source per channel, the header
 * as `key=value`, and of the message Windows renders each `Label: value` as a field, blanks as underscores (Splunk's `wel-eq-kv` and
 * `wel-col-kv` of the add-on for Microsoft Windows). The labels are those of the English messages. A test holds them against recordings
 * that have both the data and the message; those of events that no recording has (the test names them) are Microsoft's descriptions'.
 */
import { once } from "../../once.ts";
import type { Table } from "../../tables/table.ts";
import { windowsTableEvents, type WindowsLogged, type WindowsNaming } from "../../tables/windows.ts";
import type { Platform } from "../../translation.ts";
import { windowsSearches } from "./windows-searches.ts";

/** The account that acts, where the message has no other account: with two of them the field `Account_Name` holds both, and none can be asked for. */
const SUBJECT = { SubjectUserName: "Account_Name", SubjectDomainName: "Account_Domain", SubjectLogonId: "Logon_ID" };
/** The account of an event that is about one alone. */
const ACCOUNT = { TargetUserName: "Account_Name", TargetDomainName: "Account_Domain" };
const PROCESS = { ProcessName: "Process_Name", ProcessId: "Process_ID" };
const OBJECT = {
  ...SUBJECT,
  ...PROCESS,
  ObjectServer: "Object_Server",
  ObjectType: "Object_Type",
  ObjectName: "Object_Name",
  HandleId: "Handle_ID",
  AccessMask: "Access_Mask",
};
const LOGON = {
  LogonType: "Logon_Type",
  LogonProcessName: "Logon_Process",
  AuthenticationPackageName: "Authentication_Package",
  LmPackageName: "Package_Name__NTLM_only_",
  KeyLength: "Key_Length",
  WorkstationName: "Workstation_Name",
  IpAddress: "Source_Network_Address",
  IpPort: "Source_Port",
};
const SHARE = { ...SUBJECT, ShareName: "Share_Name", ShareLocalPath: "Share_Path" };
const SHARE_ACCESS = {
  ...SHARE,
  ObjectType: "Object_Type",
  IpAddress: "Source_Address",
  IpPort: "Source_Port",
  AccessMask: "Access_Mask",
  RelativeTargetName: "Relative_Target_Name",
};
const TASK = { ...SUBJECT, TaskName: "Task_Name" };
const SERVICE = { ServiceName: "Service_Name", ServiceType: "Service_Type", ServiceAccount: "Service_Account" };
const GROUP = { TargetUserName: "Group_Name", TargetDomainName: "Group_Domain" };
const DIRECTORY = { ...SUBJECT, ObjectDN: "DN", ObjectClass: "Class" };
const TICKET = { ServiceName: "Service_Name", TicketOptions: "Ticket_Options", IpAddress: "Client_Address", IpPort: "Client_Port" };
const CONNECTION = {
  Application: "Application_Name",
  SourceAddress: "Source_Address",
  SourcePort: "Source_Port",
  DestAddress: "Destination_Address",
  DestPort: "Destination_Port",
};
const SESSION = {
  AccountName: "Account_Name",
  AccountDomain: "Account_Domain",
  LogonID: "Logon_ID",
  SessionName: "Session_Name",
  ClientName: "Client_Name",
  ClientAddress: "Client_Address",
};

/**
 * By the event's id the labels of its data. What is not here is not a field: a second account (a universal group is one in the messages
 * about it), SIDs and codes that are rendered as words (`%%1936`), lists of which a field has the first line (`Accesses`), and texts without
 * a label.
 */
const SECURITY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  4624: { ...LOGON, ...PROCESS, LogonGuid: "Logon_GUID", TargetOutboundUserName: "Network_Account_Name" },
  4625: { ...LOGON, ProcessName: "Caller_Process_Name", ProcessId: "Caller_Process_ID", Status: "Status", SubStatus: "Sub_Status" },
  4634: { ...ACCOUNT, TargetLogonId: "Logon_ID", LogonType: "Logon_Type" },
  4647: { ...ACCOUNT, TargetLogonId: "Logon_ID" },
  4648: { ...PROCESS, TargetServerName: "Target_Server_Name", IpAddress: "Network_Address", IpPort: "Port" },
  4656: OBJECT,
  4657: { ...SUBJECT, ...PROCESS, ObjectName: "Object_Name", ObjectValueName: "Object_Value_Name" },
  4658: OBJECT,
  4660: OBJECT,
  4662: { ...SUBJECT, ObjectServer: "Object_Server", AccessMask: "Access_Mask" },
  4663: OBJECT,
  4670: OBJECT,
  4672: SUBJECT,
  4673: { ...SUBJECT, ...PROCESS, Service: "Service_Name" },
  4674: {
    ...SUBJECT,
    ...PROCESS,
    ObjectServer: "Object_Server",
    ObjectType: "Object_Type",
    ObjectName: "Object_Name",
    HandleId: "Object_Handle",
  },
  4688: {
    NewProcessName: "New_Process_Name",
    NewProcessId: "New_Process_ID",
    CommandLine: "Process_Command_Line",
    ParentProcessName: "Creator_Process_Name",
    ProcessId: "Creator_Process_ID",
  },
  4689: { ...SUBJECT, ...PROCESS, Status: "Exit_Status" },
  4697: { ...SUBJECT, ...SERVICE, ServiceFileName: "Service_File_Name", ServiceStartType: "Service_Start_Type" },
  4698: TASK,
  4699: TASK,
  4700: TASK,
  4701: TASK,
  4702: TASK,
  4720: { SamAccountName: "SAM_Account_Name", UserPrincipalName: "User_Principal_Name" },
  4728: GROUP,
  4729: GROUP,
  4732: GROUP,
  4733: GROUP,
  4768: { ...TICKET, TargetUserName: "Account_Name", Status: "Result_Code", TicketEncryptionType: "Ticket_Encryption_Type" },
  4769: { ...TICKET, ...ACCOUNT, Status: "Failure_Code", TicketEncryptionType: "Ticket_Encryption_Type" },
  4771: { ...TICKET, TargetUserName: "Account_Name", Status: "Failure_Code", PreAuthType: "Pre_Authentication_Type" },
  4776: { PackageName: "Authentication_Package", TargetUserName: "Logon_Account", Workstation: "Source_Workstation", Status: "Error_Code" },
  4778: SESSION,
  4779: SESSION,
  5136: { ...DIRECTORY, AttributeLDAPDisplayName: "LDAP_Display_Name", AttributeValue: "Value" },
  5137: DIRECTORY,
  5141: DIRECTORY,
  5140: SHARE_ACCESS,
  5142: SHARE,
  5144: SHARE,
  5145: SHARE_ACCESS,
  5156: { ...CONNECTION, ProcessID: "Process_ID" },
  5157: { ...CONNECTION, ProcessID: "Process_ID" },
};
const SYSTEM: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  7045: { ...SERVICE, ImagePath: "Service_File_Name", StartType: "Service_Start_Type", AccountName: "Service_Account" },
};

/** Hexadecimal numbers: `0x3e7` in the data is `0x3E7` in most messages. */
const HEXADECIMAL: ReadonlySet<string> = new Set([
  "Access_Mask",
  "Caller_Process_ID",
  "Creator_Process_ID",
  "Error_Code",
  "Exit_Status",
  "Failure_Code",
  "Handle_ID",
  "Logon_ID",
  "New_Process_ID",
  "Object_Handle",
  "Process_ID",
  "Result_Code",
  "Status",
  "Sub_Status",
  "Ticket_Encryption_Type",
  "Ticket_Options",
]);
/** Lines above the message, `User=NOT_TRANSLATED`. A label of the same name is no field of its own. */
const HEADER_KEYS: ReadonlySet<string> = new Set([
  "ComputerName",
  "EventCode",
  "EventType",
  "Keywords",
  "LogName",
  "Message",
  "OpCode",
  "RecordNumber",
  "Sid",
  "SidType",
  "SourceName",
  "TaskCategory",
  "Type",
  "User",
]);

const HEADER: Readonly<Record<string, string>> = {
  Computer: "ComputerName",
  EventID: "EventCode",
  EventRecordID: "RecordNumber",
  Keywords: "Keywords",
  TimeCreated: "_time",
};
const NAMING: WindowsNaming = {
  data: (name, { family, code }) => {
    // Sysmon's labels are its data's names.
    if (family === "sysmon") return HEADER_KEYS.has(name) ? null : name;
    const labels = family === "security" ? SECURITY : family === "system" ? SYSTEM : {};
    const ofEvent = code === null ? undefined : labels[code];
    return ofEvent !== undefined && Object.hasOwn(ofEvent, name) ? ofEvent[name]! : null;
  },
  header: (name) => HEADER[name] ?? null,
  anyCase: HEXADECIMAL,
  outcomes: new Map([
    ["success", "Audit Success"],
    ["failure", "Audit Failure"],
  ]),
};

const tables = once((): readonly Table<WindowsLogged>[] =>
  (["security", "sysmon", "system"] as const).map((family) => ({ name: family, events: windowsTableEvents([family], NAMING) })),
);

export const splunkClassic = {
  title: "Splunk (SPL, classic Windows events)",
  extension: "spl",
  checked: "text",
  translate: windowsSearches({ sourcetype: "WinEventLog", tables, variant: ".classic" }),
} as const satisfies Platform;
