/**
 * Every event of Sysmon (its manifest up to schema 4.90), by `event.code`, and what Elastic's pipelines make of it. They set no action:
 * `event.action` of older ones is the localised task text, of newer ones (Windows integration 1.26 and later) the event's name, so no
 * rule should depend on it.
 */
import { byCode, type EventDescription, names, type RecordedEvent } from "../event.ts";

interface SysmonEvent extends EventDescription {
  readonly task: string;
  /** The rule of the configuration that turns it on; absent where Sysmon always writes it. */
  readonly rule?: string;
  /** Which object the hashes describe. 23, 24 and 26 name the process by Elastic's choice, not by Sysmon's. */
  readonly hashes?: "process" | "file";
}

const PROCESS = "RuleName UtcTime ProcessGuid ProcessId Image";

export const SYSMON_EVENTS: ReadonlyMap<string, SysmonEvent> = byCode<SysmonEvent>({
  1: {
    name: "Process creation",
    task: "Process Create",
    rule: "ProcessCreate",
    ecs: { category: ["process"], type: ["start"] },
    data: names(
      PROCESS,
      "FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser",
    ),
    hashes: "process",
  },
  2: {
    name: "A process changed a file creation time",
    task: "File creation time changed",
    rule: "FileCreateTime",
    ecs: { category: ["file"], type: ["change"] },
    data: names(PROCESS, "User TargetFilename CreationUtcTime PreviousCreationUtcTime"),
  },
  3: {
    name: "Network connection",
    task: "Network connection detected",
    rule: "NetworkConnect",
    ecs: { category: ["network"], type: ["start", "connection", "protocol"] },
    data: names(
      PROCESS,
      "User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName",
    ),
  },
  4: {
    name: "Sysmon service state changed",
    task: "Sysmon service state changed",
    ecs: { category: ["process"], type: ["change"] },
    data: names("UtcTime State Version SchemaVersion"),
  },
  5: {
    name: "Process terminated",
    task: "Process terminated",
    rule: "ProcessTerminate",
    ecs: { category: ["process"], type: ["end"] },
    data: names(PROCESS, "User"),
  },
  6: {
    name: "Driver loaded",
    task: "Driver loaded",
    rule: "DriverLoad",
    ecs: { category: ["driver"], type: ["start"] },
    data: names("RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus"),
    hashes: "file",
  },
  7: {
    name: "Image loaded",
    task: "Image loaded",
    rule: "ImageLoad",
    ecs: { category: ["process"], type: ["change"] },
    data: names(
      PROCESS,
      "ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus User",
    ),
    hashes: "file",
  },
  8: {
    name: "CreateRemoteThread",
    task: "CreateRemoteThread detected",
    rule: "CreateRemoteThread",
    ecs: { category: ["process"], type: ["change"] },
    data: names(
      "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser",
    ),
  },
  9: {
    name: "RawAccessRead",
    task: "RawAccessRead detected",
    rule: "RawAccessRead",
    ecs: { category: ["process"], type: ["access"] },
    data: names(PROCESS, "Device User"),
  },
  10: {
    name: "ProcessAccess",
    task: "Process accessed",
    rule: "ProcessAccess",
    ecs: { category: ["process"], type: ["access"] },
    data: names(
      "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser",
    ),
  },
  11: {
    name: "FileCreate",
    task: "File created",
    rule: "FileCreate",
    ecs: { category: ["file"], type: ["creation"] },
    data: names(PROCESS, "TargetFilename CreationUtcTime User"),
  },
  12: {
    name: "RegistryEvent (Object create and delete)",
    task: "Registry object added or deleted",
    rule: "RegistryEvent",
    ecs: { category: ["configuration", "registry"], type: ["change"] },
    data: names("RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User"),
  },
  13: {
    name: "RegistryEvent (Value Set)",
    task: "Registry value set",
    rule: "RegistryEvent",
    ecs: { category: ["configuration", "registry"], type: ["change"] },
    data: names("RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User"),
  },
  14: {
    name: "RegistryEvent (Key and Value Rename)",
    task: "Registry object renamed",
    rule: "RegistryEvent",
    ecs: { category: ["configuration", "registry"], type: ["change"] },
    data: names("RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName User"),
  },
  15: {
    name: "FileCreateStreamHash",
    task: "File stream created",
    rule: "FileCreateStreamHash",
    ecs: { category: ["file"], type: ["access"] },
    data: names(PROCESS, "TargetFilename CreationUtcTime Hash Contents User"),
    hashes: "file",
  },
  16: {
    name: "ServiceConfigurationChange",
    task: "Sysmon config state changed",
    ecs: { category: ["configuration"], type: ["change"] },
    data: names("UtcTime Configuration ConfigurationFileHash"),
  },
  17: {
    name: "PipeEvent (Pipe Created)",
    task: "Pipe Created",
    rule: "PipeEvent",
    ecs: { category: ["file"], type: ["creation"] },
    data: names("RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User"),
  },
  18: {
    name: "PipeEvent (Pipe Connected)",
    task: "Pipe Connected",
    rule: "PipeEvent",
    ecs: { category: ["file"], type: ["access"] },
    data: names("RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User"),
  },
  19: {
    name: "WmiEvent (WmiEventFilter activity detected)",
    task: "WmiEventFilter activity detected",
    rule: "WmiEvent",
    ecs: { category: ["process"], type: ["creation"] },
    data: names("RuleName EventType UtcTime Operation User EventNamespace Name Query"),
  },
  20: {
    name: "WmiEvent (WmiEventConsumer activity detected)",
    task: "WmiEventConsumer activity detected",
    rule: "WmiEvent",
    ecs: { category: ["process"], type: ["creation"] },
    data: names("RuleName EventType UtcTime Operation User Name Type Destination"),
  },
  21: {
    name: "WmiEvent (WmiEventConsumerToFilter activity detected)",
    task: "WmiEventConsumerToFilter activity detected",
    rule: "WmiEvent",
    ecs: { category: ["process"], type: ["access"] },
    data: names("RuleName EventType UtcTime Operation User Consumer Filter"),
  },
  22: {
    name: "DNSEvent (DNS query)",
    task: "Dns query",
    rule: "DnsQuery",
    ecs: { category: ["network"], type: ["connection", "protocol", "info"] },
    data: names("RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User"),
  },
  23: {
    name: "FileDelete (File Delete archived)",
    task: "File Delete archived",
    rule: "FileDelete",
    ecs: { category: ["file"], type: ["deletion"] },
    data: names("RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived"),
    hashes: "process",
  },
  24: {
    name: "ClipboardChange (New content in the clipboard)",
    task: "Clipboard changed",
    rule: "ClipboardChange",
    ecs: { type: ["change"] },
    data: names(PROCESS, "User Session ClientInfo Hashes Archived"),
    hashes: "process",
  },
  25: {
    name: "ProcessTampering (Process image change)",
    task: "Process Tampering",
    rule: "ProcessTampering",
    ecs: { category: ["process"], type: ["change"] },
    data: names(PROCESS, "Type User"),
    hashes: "process",
  },
  26: {
    name: "FileDeleteDetected (File Delete logged)",
    task: "File Delete logged",
    rule: "FileDeleteDetected",
    ecs: { category: ["file"], type: ["deletion"] },
    data: names("RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable"),
    hashes: "process",
  },
  27: {
    name: "FileBlockExecutable",
    task: "File Block Executable",
    rule: "FileBlockExecutable",
    ecs: { category: ["file"], type: ["creation", "denied"] },
    data: names("RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes"),
  },
  28: {
    name: "FileBlockShredding",
    task: "File Block Shredding",
    rule: "FileBlockShredding",
    ecs: { category: ["file"], type: ["deletion", "denied"] },
    data: names("RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable"),
  },
  29: {
    name: "FileExecutableDetected",
    task: "File Executable Detected",
    rule: "FileExecutableDetected",
    ecs: { category: ["file"], type: ["creation"] },
    data: names("RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes"),
    hashes: "file",
  },
  255: {
    name: "Error",
    task: "Error report",
    ecs: { category: ["process"], type: ["error"] },
    data: names("UtcTime ID Description"),
  },
});

export const SYSMON_RECORDED: readonly RecordedEvent[] = [...SYSMON_EVENTS].map(([code, event]) => {
  const { name, task, rule } = event;
  return {
    ...event,
    code,
    // The text of older manifests names the rule too; newer pipelines set the event's name.
    tasks: [task, ...(rule === undefined ? [] : [`${task} (rule: ${rule})`]), name],
    audit: rule === undefined ? "always written" : `a ${rule} rule in Sysmon's configuration`,
  };
});
