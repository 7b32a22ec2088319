/**
 * Sigma's log sources and fields, as ECS documents have them: the one table that both directions (Sigma in, Sigma out) read.
 *
 * A log source is a list of ways to recognise its events on a document; any one is enough. So a rule for `process_creation` sees
 * Sysmon 1, Security 4688 and Elastic Defend's process starts alike. A field is a list of places it may be found in; any one is enough.
 * Beyond what is listed every Windows field is also looked for where Beats leaves it, `winlog.event_data.<Field>` (and
 * `winlog.user_data.<Field>` for services), so that events no pipeline has mapped match as well.
 *
 * Sources: the Sigma taxonomy appendix (categories, services, field names), Sysmon's schema, Microsoft's audit event reference,
 * Elastic's ingest pipelines (what becomes of each field) and the field lists of Elastic Defend.
 */

/** One way to recognise events: everything given must hold. Texts are compared without regard to case. */
export interface Selector {
  /** `event.provider` or, for the same thing, `winlog.channel`. */
  readonly provider?: string;
  readonly channels?: readonly string[];
  /** `event.code` */
  readonly codes?: readonly string[];
  /** `winlog.event_data.EventType` is one of these, or not there at all. */
  readonly eventTypes?: readonly string[];
  /** `winlog.event_data.OperationType` (of Security 4657) is one of these. */
  readonly operations?: readonly string[];
  /** Documents of sensors that write ECS themselves (Elastic Defend): no `winlog.channel`, and no other system than Windows. */
  readonly native?: {
    readonly category: string;
    readonly types?: readonly string[];
    readonly actions?: readonly string[];
    readonly not?: readonly string[];
  };
}

/** Where a Sigma field may be found. A plain text is a field that holds the same value. */
export type FieldMapping =
  | string
  /** `DOMAIN\name` of Windows, in two fields of ECS. */
  | { readonly kind: "account"; readonly domain: string; readonly name: string }
  /** A registry path: a hive may be written short or long. */
  | { readonly kind: "hive"; readonly field: string }
  /** The same in two fields of the event with this code, key and value. */
  | { readonly kind: "joined"; readonly code: string; readonly left: string; readonly right: string }
  /** `MD5=..,SHA256=..,IMPHASH=..` under an object of ECS: `process`, `file`, `dll`. */
  | { readonly kind: "hashes"; readonly owner: string }
  /** The value in other words. */
  | { readonly kind: "words"; readonly field: string; readonly words: Readonly<Record<string, readonly string[]>> }
  /** Sysmon's `DWORD (0x00000001)` is a number and its type elsewhere, its `Binary Data` a type. */
  | {
      readonly kind: "registry-data";
      readonly value: string;
      readonly type: string;
      /** The names that the types have there. */
      readonly dword: readonly string[];
      readonly qword: readonly string[];
      readonly binary: readonly string[];
    }
  /** A number, which Windows writes in hexadecimal as well: 4 is `0x4`. */
  | { readonly kind: "number"; readonly field: string }
  /** A whole object: any value at any depth of it. */
  | { readonly kind: "object"; readonly field: string }
  /** A text of `Key=value` lines that a pipeline took apart. */
  | { readonly kind: "lines"; readonly keys: Readonly<Record<string, string>> };

export type FieldTable = Readonly<Record<string, readonly FieldMapping[]>>;

export interface LogSource {
  readonly select: readonly Selector[];
  readonly fields: FieldTable;
  /** The provider names its event data with blanks, as in `New Value`; Sigma's rules leave them out. */
  readonly blanks?: true;
}

// ------------------------------------------------------------------------------------------------------ fields

const account: FieldMapping = { kind: "account", domain: "user.domain", name: "user.name" };

/** What Windows' event header holds, whatever the log source. */
export const HEADER: FieldTable = {
  EventID: ["event.code"],
  EventId: ["event.code"],
  Provider_Name: ["event.provider", "winlog.provider_name"],
  ProviderName: ["event.provider", "winlog.provider_name"],
  Provider_Guid: ["winlog.provider_guid"],
  Channel: ["winlog.channel"],
  Computer: ["host.name", "winlog.computer_name"],
  ComputerName: ["host.name", "winlog.computer_name"],
  Hostname: ["host.name", "winlog.computer_name"],
  Level: [
    {
      kind: "words",
      field: "log.level",
      words: { "0": ["information"], "1": ["critical"], "2": ["error"], "3": ["warning"], "4": ["information"], "5": ["verbose"] },
    },
    "log.level",
  ],
  Keywords: [
    { kind: "words", field: "event.outcome", words: { "0x8020000000000000": ["success"], "0x8010000000000000": ["failure"] } },
    "winlog.keywords",
  ],
  Task: ["winlog.task"],
  Opcode: ["winlog.opcode"],
  Message: ["message"],
  EventRecordID: ["winlog.record_id"],
  Execution_ProcessID: ["winlog.process.pid"],
  Execution_ThreadID: ["winlog.process.thread.id"],
  Security_UserID: ["winlog.user.identifier"],
  UserID: ["winlog.user.identifier"],
  Correlation_ActivityID: ["winlog.activity_id"],
  UtcTime: ["@timestamp"],
};

/** The process an event is about. */
const ACTOR: FieldTable = {
  Image: ["process.executable"],
  CommandLine: ["process.command_line"],
  CurrentDirectory: ["process.working_directory"],
  ProcessId: ["process.pid"],
  ProcessGuid: ["process.entity_id"],
  User: [account],
  ParentImage: ["process.parent.executable"],
  ParentCommandLine: ["process.parent.command_line"],
  ParentProcessId: ["process.parent.pid"],
  ParentProcessGuid: ["process.parent.entity_id"],
  RuleName: ["rule.name"],
};

const PROCESS_IMAGE: FieldTable = {
  Hashes: [{ kind: "hashes", owner: "process" }],
  Hash: [{ kind: "hashes", owner: "process" }],
  md5: ["process.hash.md5"],
  sha1: ["process.hash.sha1"],
  sha256: ["process.hash.sha256"],
  Imphash: ["process.pe.imphash"],
  imphash: ["process.pe.imphash"],
  OriginalFileName: ["process.pe.original_file_name"],
  Company: ["process.pe.company"],
  Description: ["process.pe.description"],
  FileVersion: ["process.pe.file_version"],
  Product: ["process.pe.product"],
};

const FILE_IMAGE: FieldTable = {
  Hashes: [
    { kind: "hashes", owner: "file" },
    { kind: "hashes", owner: "dll" },
  ],
  Hash: [{ kind: "hashes", owner: "file" }],
  md5: ["file.hash.md5", "dll.hash.md5"],
  sha1: ["file.hash.sha1", "dll.hash.sha1"],
  sha256: ["file.hash.sha256", "dll.hash.sha256"],
  Imphash: ["file.pe.imphash", "dll.pe.imphash"],
  imphash: ["file.pe.imphash", "dll.pe.imphash"],
  OriginalFileName: ["file.pe.original_file_name", "dll.pe.original_file_name"],
  Company: ["file.pe.company", "dll.pe.company"],
  Description: ["file.pe.description", "dll.pe.description"],
  FileVersion: ["file.pe.file_version", "dll.pe.file_version"],
  Product: ["file.pe.product", "dll.pe.product"],
  Signature: ["file.code_signature.subject_name", "dll.code_signature.subject_name"],
  SignatureStatus: ["file.code_signature.status"],
  Signed: ["file.code_signature.signed", "dll.code_signature.exists"],
};

const PROCESS: FieldTable = {
  ...ACTOR,
  ...PROCESS_IMAGE,
  Image: ["process.executable", "winlog.event_data.NewProcessName"],
  ParentImage: ["process.parent.executable", "winlog.event_data.ParentProcessName"],
  IntegrityLevel: ["winlog.event_data.MandatoryLabel", "process.Ext.token.integrity_level_name"],
  User: [account, "winlog.event_data.SubjectUserName"],
  LogonId: ["winlog.logon.id", "winlog.event_data.SubjectLogonId"],
};

const FILE: FieldTable = {
  ...ACTOR,
  TargetFilename: ["file.path"],
  FileName: ["file.path"],
  SourceFilename: ["file.Ext.original.path"],
  // Elastic's pipeline puts the hashes of deleted files under `process`.
  Hashes: [
    { kind: "hashes", owner: "file" },
    { kind: "hashes", owner: "process" },
  ],
  Hash: [{ kind: "hashes", owner: "file" }],
  md5: ["file.hash.md5", "process.hash.md5"],
  sha1: ["file.hash.sha1", "process.hash.sha1"],
  sha256: ["file.hash.sha256", "process.hash.sha256"],
  Imphash: ["file.pe.imphash", "process.pe.imphash"],
  Archived: ["sysmon.file.archived"],
  IsExecutable: ["sysmon.file.is_executable"],
};

const MODULE: FieldTable = { ...ACTOR, ...FILE_IMAGE, ImageLoaded: ["file.path", "dll.path"] };

const OTHER_PROCESS: FieldTable = {
  ...ACTOR,
  SourceImage: ["process.executable"],
  SourceProcessId: ["process.pid"],
  SourceProcessGuid: ["process.entity_id", "winlog.event_data.SourceProcessGUID"],
  SourceProcessGUID: ["process.entity_id"],
  SourceThreadId: ["process.thread.id"],
  SourceCommandLine: ["process.command_line"],
  SourceUser: [account],
  TargetProcessGuid: ["winlog.event_data.TargetProcessGUID"],
  TargetImage: ["Target.process.executable"],
};

/** What Security 4657 says was done to the value: by message number, or as text where the shipper looked it up. */
const VALUE_SET: readonly string[] = ["%%1904", "%%1905", "New registry value created", "Existing registry value modified"];
const VALUE_DELETED: readonly string[] = ["%%1906", "Registry value deleted"];

const REGISTRY: FieldTable = {
  ...ACTOR,
  // Elastic's pipelines leave the process of 4657 in the event data.
  Image: ["process.executable", "winlog.event_data.ProcessName"],
  TargetObject: [
    { kind: "hive", field: "registry.path" },
    { kind: "joined", code: "4657", left: "winlog.event_data.ObjectName", right: "winlog.event_data.ObjectValueName" },
  ],
  Details: [
    {
      kind: "registry-data",
      value: "registry.data.strings",
      type: "registry.data.type",
      dword: ["SZ_DWORD", "REG_DWORD"],
      qword: ["SZ_QWORD", "REG_QWORD"],
      binary: ["REG_BINARY"],
    },
    // Security 4657 names the type by its message number.
    {
      kind: "registry-data",
      value: "winlog.event_data.NewValue",
      type: "winlog.event_data.NewValueType",
      dword: ["%%1876", "REG_DWORD"],
      qword: ["%%1883", "REG_QWORD"],
      binary: ["%%1875", "REG_BINARY"],
    },
  ],
  EventType: [{ kind: "words", field: "winlog.event_data.OperationType", words: { SetValue: VALUE_SET, DeleteValue: VALUE_DELETED } }],
};

const NETWORK: FieldTable = {
  ...ACTOR,
  SourceIp: ["source.ip"],
  SourcePort: ["source.port"],
  SourceHostname: ["source.domain"],
  DestinationIp: ["destination.ip"],
  DestinationPort: ["destination.port"],
  DestinationHostname: ["destination.domain"],
  DestinationPortName: ["network.protocol"],
  SourcePortName: ["network.protocol"],
  Protocol: ["network.transport"],
  Initiated: [
    {
      kind: "words",
      field: "network.direction",
      words: { true: ["egress", "outbound", "outgoing"], false: ["ingress", "inbound", "incoming"] },
    },
  ],
  SourceIsIpv6: [{ kind: "words", field: "network.type", words: { true: ["ipv6"], false: ["ipv4"] } }],
  DestinationIsIpv6: [{ kind: "words", field: "network.type", words: { true: ["ipv6"], false: ["ipv4"] } }],
};

const DNS: FieldTable = {
  ...ACTOR,
  QueryName: ["dns.question.name"],
  QueryResults: ["dns.answers.data", "dns.resolved_ip"],
  QueryStatus: [
    {
      kind: "words",
      field: "sysmon.dns.status",
      words: {
        "0": ["SUCCESS"],
        "9003": ["DNS_ERROR_RCODE_NAME_ERROR"],
        "9501": ["DNS_INFO_NO_RECORDS"],
        "9701": ["DNS_ERROR_RECORD_DOES_NOT_EXIST"],
      },
    },
  ],
  record_type: ["dns.question.type"],
};

const ENGINE: FieldTable = {
  HostApplication: ["process.command_line"],
  HostName: ["process.title"],
  HostId: ["process.entity_id"],
  HostVersion: ["powershell.process.executable_version"],
  EngineVersion: ["powershell.engine.version"],
  NewEngineState: ["powershell.engine.new_state"],
  PreviousEngineState: ["powershell.engine.previous_state"],
  NewProviderState: ["powershell.provider.new_state"],
  PipelineId: ["powershell.pipeline_id"],
  RunspaceId: ["powershell.runspace_id"],
  CommandName: ["powershell.command.name"],
  CommandType: ["powershell.command.type"],
  CommandPath: ["powershell.command.path"],
  CommandLine: ["powershell.command.value"],
  ScriptName: ["file.path"],
  Path: ["file.path"],
  User: [account],
};

/** The names in Windows' text, spaces left out. */
const ENGINE_LINES: FieldMapping = {
  kind: "lines",
  keys: {
    HostApplication: "process.command_line",
    HostName: "process.title",
    HostId: "process.entity_id",
    HostID: "process.entity_id",
    HostVersion: "powershell.process.executable_version",
    EngineVersion: "powershell.engine.version",
    NewEngineState: "powershell.engine.new_state",
    PreviousEngineState: "powershell.engine.previous_state",
    NewProviderState: "powershell.provider.new_state",
    ProviderName: "powershell.provider.name",
    PipelineId: "powershell.pipeline_id",
    RunspaceId: "powershell.runspace_id",
    CommandName: "powershell.command.name",
    CommandType: "powershell.command.type",
    CommandPath: "powershell.command.path",
    CommandLine: "powershell.command.value",
    ScriptName: "file.path",
    ShellID: "powershell.id",
  },
};

const UNNAMED = ["Data", ...Array.from({ length: 12 }, (_, i) => `param${i + 1}`)].map((name) => `winlog.event_data.${name}`);

const POWERSHELL: FieldTable = {
  ...ENGINE,
  ScriptBlockText: ["powershell.file.script_block_text"],
  ScriptBlockId: ["powershell.file.script_block_id"],
  MessageNumber: ["powershell.sequence"],
  MessageTotal: ["powershell.total"],
  Payload: [
    "powershell.command.invocation_details.value",
    "powershell.command.invocation_details.related_command",
    "powershell.command.invocation_details.name",
  ],
  ContextInfo: [ENGINE_LINES],
};

const POWERSHELL_CLASSIC: FieldTable = { ...ENGINE, Data: [...UNNAMED, ENGINE_LINES, "powershell.command.invocation_details.value"] };

const SERVICE: FieldTable = { Data: UNNAMED };

/** What Elastic's pipeline takes out of the event data of the Security log. */
const SECURITY: FieldTable = {
  ProcessName: ["process.executable"],
  ProcessId: [{ kind: "number", field: "process.pid" }],
  NewProcessName: ["process.executable"],
  NewProcessId: [{ kind: "number", field: "process.pid" }],
  ParentProcessName: ["process.parent.executable"],
  CommandLine: ["process.command_line"],
  IpAddress: ["source.ip"],
  IpPort: ["source.port"],
  WorkstationName: ["source.domain"],
  ClientAddress: ["source.ip", "related.ip"],
  ClientName: ["source.domain"],
  LogonType: [
    {
      kind: "words",
      field: "winlog.logon.type",
      words: {
        "2": ["Interactive"],
        "3": ["Network"],
        "4": ["Batch"],
        "5": ["Service"],
        "7": ["Unlock"],
        "8": ["NetworkCleartext"],
        "9": ["NewCredentials"],
        "10": ["RemoteInteractive"],
        "11": ["CachedInteractive"],
      },
    },
  ],
};

/** The log itself: every Sysmon field, whatever the event. */
const SYSMON: FieldTable = {
  ...DNS,
  ...NETWORK,
  ...OTHER_PROCESS,
  ...FILE,
  ...REGISTRY,
  ...union(PROCESS, FILE_IMAGE),
  ImageLoaded: ["file.path"],
  PipeName: ["file.name"],
  Device: ["file.path"],
  Destination: ["process.executable"],
  Type: ["message"],
  ID: ["error.code"],
};

function union(...tables: readonly FieldTable[]): FieldTable {
  const out: Record<string, FieldMapping[]> = {};
  for (const table of tables) for (const [name, targets] of Object.entries(table)) (out[name] ??= []).push(...targets);
  return out;
}

// ------------------------------------------------------------------------------------------------- log sources

function sysmon(...codes: readonly string[]): Selector {
  return { provider: "Microsoft-Windows-Sysmon", channels: ["Microsoft-Windows-Sysmon/Operational"], codes };
}

function security(...codes: readonly string[]): Selector {
  return { channels: ["Security"], codes };
}

function kernelFile(...codes: readonly string[]): Selector {
  return { provider: "Microsoft-Windows-Kernel-File", codes };
}

const POWERSHELL_CHANNELS = ["Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"];

function powershell(...codes: readonly string[]): Selector {
  return { channels: POWERSHELL_CHANNELS, codes };
}

function classic(...codes: readonly string[]): Selector {
  return { channels: ["Windows PowerShell"], codes };
}

/** `logsource.category` of product `windows`. */
export const CATEGORIES: Readonly<Record<string, LogSource>> = {
  process_creation: { select: [sysmon("1"), security("4688"), { native: { category: "process", types: ["start"] } }], fields: PROCESS },
  process_termination: { select: [sysmon("5"), security("4689"), { native: { category: "process", types: ["end"] } }], fields: PROCESS },
  process_access: { select: [sysmon("10")], fields: OTHER_PROCESS },
  process_tampering: { select: [sysmon("25")], fields: { ...PROCESS, Type: ["message"] } },
  create_remote_thread: { select: [sysmon("8")], fields: OTHER_PROCESS },
  raw_access_thread: { select: [sysmon("9")], fields: { ...ACTOR, Device: ["file.path"] } },
  network_connection: {
    // Not Security 5156: it knows no user, and its paths are of the kernel (`\device\harddiskvolume2\..`), so the filters of rules fail on it.
    select: [sysmon("3"), { native: { category: "network", types: ["start"], not: ["lookup_requested", "lookup_result"] } }],
    fields: NETWORK,
  },
  dns_query: { select: [sysmon("22"), { native: { category: "network", actions: ["lookup_requested", "lookup_result"] } }], fields: DNS },
  image_load: { select: [sysmon("7"), { native: { category: "library", types: ["start"] } }], fields: MODULE },
  driver_load: { select: [sysmon("6"), { native: { category: "driver", types: ["start"] } }], fields: MODULE },
  file_event: { select: [sysmon("11"), { native: { category: "file", types: ["creation"] } }], fields: FILE },
  file_change: { select: [sysmon("2"), { native: { category: "file", types: ["change"], not: ["rename"] } }], fields: FILE },
  file_rename: { select: [kernelFile("19", "27"), { native: { category: "file", actions: ["rename"] } }], fields: FILE },
  file_delete: { select: [sysmon("23", "26"), { native: { category: "file", types: ["deletion"] } }], fields: FILE },
  file_access: { select: [kernelFile("12", "15"), { native: { category: "file", types: ["access"] } }], fields: FILE },
  file_block: { select: [sysmon("27", "28")], fields: FILE },
  file_block_executable: { select: [sysmon("27")], fields: FILE },
  file_block_shredding: { select: [sysmon("28")], fields: FILE },
  file_executable_detected: { select: [sysmon("29")], fields: FILE },
  create_stream_hash: { select: [sysmon("15")], fields: FILE },
  pipe_created: { select: [sysmon("17", "18")], fields: { ...ACTOR, PipeName: ["file.name"] } },
  registry_add: {
    select: [{ ...sysmon("12"), eventTypes: ["CreateKey"] }, { native: { category: "registry", types: ["creation"] } }],
    fields: REGISTRY,
  },
  registry_delete: {
    select: [
      { ...sysmon("12"), eventTypes: ["DeleteKey", "DeleteValue"] },
      { ...security("4657"), operations: VALUE_DELETED },
      { native: { category: "registry", types: ["deletion"] } },
    ],
    fields: REGISTRY,
  },
  registry_set: {
    select: [
      sysmon("13"),
      { ...security("4657"), operations: VALUE_SET },
      { native: { category: "registry", types: ["change"], not: ["rename"] } },
    ],
    fields: REGISTRY,
  },
  registry_rename: { select: [sysmon("14"), { native: { category: "registry", actions: ["rename"] } }], fields: REGISTRY },
  registry_event: {
    select: [sysmon("12", "13", "14"), security("4657"), { native: { category: "registry", types: ["creation", "change", "deletion"] } }],
    fields: REGISTRY,
  },
  wmi_event: { select: [sysmon("19", "20", "21")], fields: { ...ACTOR, Destination: ["process.executable"] } },
  clipboard_capture: { select: [sysmon("24")], fields: { ...PROCESS, Archived: ["sysmon.file.archived"] } },
  clipboard_change: { select: [sysmon("24")], fields: { ...PROCESS, Archived: ["sysmon.file.archived"] } },
  sysmon_status: { select: [sysmon("4", "16")], fields: SYSMON },
  sysmon_error: { select: [sysmon("255")], fields: SYSMON },
  ps_script: { select: [powershell("4104")], fields: POWERSHELL },
  ps_module: { select: [powershell("4103")], fields: POWERSHELL },
  ps_classic_start: { select: [classic("400")], fields: POWERSHELL_CLASSIC },
  ps_classic_provider_start: { select: [classic("600")], fields: POWERSHELL_CLASSIC },
  ps_classic_script: { select: [classic("800")], fields: POWERSHELL_CLASSIC },
};

/** Categories that Sigma also uses without a product. */
export const ANY_PRODUCT: ReadonlySet<string> = new Set([
  "process_creation",
  "process_termination",
  "network_connection",
  "dns_query",
  "image_load",
  "driver_load",
  "file_event",
  "file_change",
  "file_rename",
  "file_delete",
  "file_access",
]);

function channels(...names: readonly string[]): LogSource {
  return { select: [{ channels: names }], fields: SERVICE };
}

/** `logsource.service` of product `windows`: the channels it stands for. */
export const SERVICES: Readonly<Record<string, LogSource>> = {
  application: channels("Application"),
  "application-experience": channels(
    "Microsoft-Windows-Application-Experience/Program-Telemetry",
    "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant",
  ),
  applocker: channels(
    "Microsoft-Windows-AppLocker/EXE and DLL",
    "Microsoft-Windows-AppLocker/MSI and Script",
    "Microsoft-Windows-AppLocker/Packaged app-Deployment",
    "Microsoft-Windows-AppLocker/Packaged app-Execution",
  ),
  "appmodel-runtime": channels("Microsoft-Windows-AppModel-Runtime/Admin"),
  "appxdeployment-server": channels("Microsoft-Windows-AppXDeploymentServer/Operational"),
  "appxpackaging-om": channels("Microsoft-Windows-AppxPackaging/Operational"),
  bitlocker: channels("Microsoft-Windows-BitLocker/BitLocker Management"),
  "bits-client": channels("Microsoft-Windows-Bits-Client/Operational"),
  capi2: channels("Microsoft-Windows-CAPI2/Operational"),
  "certificateservicesclient-lifecycle-system": channels("Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"),
  "codeintegrity-operational": { ...channels("Microsoft-Windows-CodeIntegrity/Operational"), blanks: true },
  dhcp: channels("Microsoft-Windows-DHCP-Server/Operational", "Microsoft-Windows-DHCP-Server/FilterNotifications"),
  "diagnosis-scripted": channels("Microsoft-Windows-Diagnosis-Scripted/Operational"),
  "dns-client": channels("Microsoft-Windows-DNS-Client/Operational", "Microsoft-Windows-DNS Client Events/Operational"),
  "dns-server": channels("DNS Server"),
  "dns-server-analytic": channels("Microsoft-Windows-DNS-Server/Analytical", "Microsoft-Windows-DNSServer/Analytical"),
  "dns-server-audit": channels("Microsoft-Windows-DNS-Server/Audit", "Microsoft-Windows-DNSServer/Audit"),
  "driver-framework": channels("Microsoft-Windows-DriverFrameworks-UserMode/Operational"),
  "firewall-as": channels("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"),
  "group-policy": channels("Microsoft-Windows-GroupPolicy/Operational"),
  "hyper-v-worker": channels(
    "Microsoft-Windows-Hyper-V-Worker",
    "Microsoft-Windows-Hyper-V-Worker-Admin",
    "Microsoft-Windows-Hyper-V-Worker/Admin",
  ),
  "iis-configuration": channels("Microsoft-IIS-Configuration/Operational"),
  "kernel-event-tracing": channels("Microsoft-Windows-Kernel-EventTracing/Admin", "Microsoft-Windows-Kernel-EventTracing"),
  "kernel-shimengine": channels("Microsoft-Windows-Kernel-ShimEngine/Operational", "Microsoft-Windows-Kernel-ShimEngine/Diagnostic"),
  ldap: channels("Microsoft-Windows-LDAP-Client/Debug"),
  ldap_debug: channels("Microsoft-Windows-LDAP-Client/Debug"),
  "lsa-server": channels("Microsoft-Windows-LSA/Operational"),
  "microsoft-servicebus-client": channels(
    "Microsoft-ServiceBus-Client",
    "Microsoft-ServiceBus-Client/Operational",
    "Microsoft-ServiceBus-Client/Admin",
  ),
  "msexchange-management": channels("MSExchange Management"),
  ntfs: channels("Microsoft-Windows-Ntfs/Operational"),
  ntlm: channels("Microsoft-Windows-NTLM/Operational"),
  openssh: channels("OpenSSH/Operational"),
  powershell: { select: [{ channels: POWERSHELL_CHANNELS }], fields: POWERSHELL },
  "powershell-classic": { select: [{ channels: ["Windows PowerShell"] }], fields: POWERSHELL_CLASSIC },
  "printservice-admin": channels("Microsoft-Windows-PrintService/Admin"),
  "printservice-operational": channels("Microsoft-Windows-PrintService/Operational"),
  security: { select: [{ channels: ["Security"] }], fields: SECURITY },
  "security-mitigations": channels(
    "Microsoft-Windows-Security-Mitigations/KernelMode",
    "Microsoft-Windows-Security-Mitigations/UserMode",
    "Microsoft-Windows-Security-Mitigations/Kernel Mode",
    "Microsoft-Windows-Security-Mitigations/User Mode",
  ),
  sense: channels("Microsoft-Windows-SENSE/Operational"),
  "shell-core": channels("Microsoft-Windows-Shell-Core/Operational"),
  "smbclient-audit": channels("Microsoft-Windows-SmbClient/Audit"),
  "smbclient-connectivity": channels("Microsoft-Windows-SmbClient/Connectivity"),
  "smbclient-security": channels("Microsoft-Windows-SmbClient/Security"),
  "smbserver-audit": channels("Microsoft-Windows-SMBServer/Audit"),
  "smbserver-connectivity": channels("Microsoft-Windows-SMBServer/Connectivity"),
  "smbserver-operational": channels("Microsoft-Windows-SMBServer/Operational"),
  "smbserver-security": channels("Microsoft-Windows-SMBServer/Security"),
  sysmon: { select: [{ provider: "Microsoft-Windows-Sysmon", channels: ["Microsoft-Windows-Sysmon/Operational"] }], fields: SYSMON },
  system: channels("System"),
  taskscheduler: channels("Microsoft-Windows-TaskScheduler/Operational"),
  "terminalservices-localsessionmanager": channels("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"),
  "terminalservices-remoteconnectionmanager": channels("Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational"),
  vhdmp: channels("Microsoft-Windows-VHDMP-Operational", "Microsoft-Windows-VHDMP/Operational"),
  windefend: { ...channels("Microsoft-Windows-Windows Defender/Operational"), blanks: true },
  winrm: channels("Microsoft-Windows-WinRM/Operational"),
  wmi: channels("Microsoft-Windows-WMI-Activity/Operational"),
};

/** Product `windows` and nothing more: any event of a Windows event log. */
export const ANY_WINDOWS: LogSource = { select: [{}], fields: union(SYSMON, SERVICE) };
