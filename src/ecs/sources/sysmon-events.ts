/** What each Sysmon event holds (Sysmon's manifest up to schema 4.90), and what in its configuration turns it on. */
import { SYSMON_EVENTS } from "../windows/sysmon.ts";
import type { RecordedEvent } from "./security-events.ts";

const PROCESS = "RuleName UtcTime ProcessGuid ProcessId Image User";

/** id | rule of the configuration | task name | event data; `P` stands for the process. */
const ROWS = `
1 | ProcessCreate | Process Create | P FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser
2 | FileCreateTime | File creation time changed | P TargetFilename CreationUtcTime PreviousCreationUtcTime
3 | NetworkConnect | Network connection detected | P Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName
4 | | Sysmon service state changed | UtcTime State Version SchemaVersion
5 | ProcessTerminate | Process terminated | P
6 | DriverLoad | Driver loaded | RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus
7 | ImageLoad | Image loaded | P ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus
8 | CreateRemoteThread | CreateRemoteThread detected | RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser
9 | RawAccessRead | RawAccessRead detected | P Device
10 | ProcessAccess | Process accessed | RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser
11 | FileCreate | File created | P TargetFilename CreationUtcTime
12 | RegistryEvent | Registry object added or deleted | P EventType TargetObject
13 | RegistryEvent | Registry value set | P EventType TargetObject Details
14 | RegistryEvent | Registry object renamed | P EventType TargetObject NewName
15 | FileCreateStreamHash | File stream created | P TargetFilename CreationUtcTime Hash Contents
16 | | Sysmon config state changed | UtcTime Configuration ConfigurationFileHash
17 | PipeEvent | Pipe Created | P EventType PipeName
18 | PipeEvent | Pipe Connected | P EventType PipeName
19 | WmiEvent | WmiEventFilter activity detected | RuleName EventType UtcTime Operation User EventNamespace Name Query
20 | WmiEvent | WmiEventConsumer activity detected | RuleName EventType UtcTime Operation User Name Type Destination
21 | WmiEvent | WmiEventConsumerToFilter activity detected | RuleName EventType UtcTime Operation User Consumer Filter
22 | DnsQuery | Dns query | P QueryName QueryStatus QueryResults
23 | FileDelete | File Delete archived | P TargetFilename Hashes IsExecutable Archived
24 | ClipboardChange | Clipboard changed | P Session ClientInfo Hashes Archived
25 | ProcessTampering | Process Tampering | P Type
26 | FileDeleteDetected | File Delete logged | P TargetFilename Hashes IsExecutable
27 | FileBlockExecutable | File Block Executable | P TargetFilename Hashes
28 | FileBlockShredding | File Block Shredding | P TargetFilename Hashes IsExecutable
29 | FileExecutableDetected | File Executable Detected | P TargetFilename Hashes
255 | | Error report | UtcTime ID Description
`;

export const SYSMON_RECORDED: readonly RecordedEvent[] = ROWS.trim()
  .split("\n")
  .map((row): RecordedEvent => {
    const [code, rule, task, names] = row.split("|").map((part) => part.trim()) as [string, string, string, string];
    const data = names.split(" ").flatMap((name) => (name === "P" ? PROCESS.split(" ") : [name]));
    return {
      code,
      // The text of older manifests names the rule too; newer pipelines set a name of their own.
      tasks: [task, ...(rule === "" ? [] : [`${task} (rule: ${rule})`]), SYSMON_EVENTS.get(code)!.title],
      audit: rule === "" ? "always written" : `a ${rule} rule in Sysmon's configuration`,
      data,
    };
  });
