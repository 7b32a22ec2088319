/**
 * A value for each name of event data, of the form that Windows writes, so that a mapping does all it can with it. Declarations are
 * made by mapping such an event.
 */

const TASK =
  '<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>C:\\Windows\\a.exe</Command><Arguments>/b</Arguments><WorkingDirectory>C:\\</WorkingDirectory></Exec></Actions></Task>';

const VALUES: { readonly [name: string]: string } = {
  UtcTime: "2024-05-01 10:00:00.000",
  CreationUtcTime: "2024-05-01 10:00:00.000",
  PreviousCreationUtcTime: "2024-05-01 09:00:00.000",
  ProcessGuid: "{b34bc01c-34db-5f69-7701-000000000900}",
  ParentProcessGuid: "{b34bc01c-34db-5f69-7701-000000000901}",
  Image: "C:\\Windows\\a.exe",
  ParentImage: "C:\\Windows\\b.exe",
  SourceImage: "C:\\Windows\\a.exe",
  TargetImage: "C:\\Windows\\b.exe",
  TargetFilename: "C:\\Windows\\c.txt",
  ImageLoaded: "C:\\Windows\\d.dll",
  User: "CORP\\u",
  Hashes: "SHA1=1a,MD5=1b,SHA256=1c,IMPHASH=1d",
  Hash: "SHA1=1a,MD5=1b,SHA256=1c,IMPHASH=1d",
  Protocol: "tcp",
  Initiated: "true",
  SourceIsIpv6: "false",
  DestinationIsIpv6: "false",
  SourceIp: "192.0.2.1",
  DestinationIp: "192.0.2.2",
  SourcePort: "50000",
  DestinationPort: "445",
  DestinationPortName: "microsoft-ds",
  SourcePortName: "ntp",
  TargetObject: "HKLM\\SOFTWARE\\a\\b",
  Details: "DWORD (0x00000001)",
  PipeName: "\\svcctl",
  QueryName: "www.example.com",
  QueryStatus: "0",
  QueryResults: "type:  5 a.example.com;::ffff:192.0.2.1;",
  Archived: "true",
  IsExecutable: "true",
  SignatureStatus: "Valid",
  Signed: "true",
  Destination: "C:\\Windows\\e.exe",
  ProcessId: "0x4",
  ParentProcessId: "4",
  SourceProcessId: "4",
  SourceThreadId: "8",
  SourceProcessGuid: "{b34bc01c-34db-5f69-7701-000000000900}",
  SourceProcessGUID: "{b34bc01c-34db-5f69-7701-000000000900}",
  ProcessName: "C:\\Windows\\a.exe",
  NewProcessId: "0x10",
  NewProcessName: "C:\\Windows\\f.exe",
  ParentProcessName: "C:\\Windows\\b.exe",
  CommandLine: "a b",
  ParentCommandLine: "c d",
  IpAddress: "192.0.2.1",
  IpPort: "50000",
  ClientAddress: "192.0.2.1",
  LogonType: "3",
  TicketOptions: "0x40810010",
  TicketEncryptionType: "0x12",
  Status: "0x0",
  SubStatus: "0x0",
  FailureReason: "%%2313",
  ServiceType: "0x10",
  SubcategoryGuid: "{0CCE9210-69AE-11D9-BED3-505054503030}",
  AuditPolicyChanges: "%%8448",
  AccessList: "%%1538 %%1541",
  AccessMask: "0x100081",
  NewUacValue: "0x15",
  UserAccountControl: "%%2080",
  TdoType: "2",
  TdoDirection: "3",
  TdoAttributes: "8",
  OldSd: "O:BAG:SYD:(A;;GA;;;LA)S:(AU;SA;GA;;;WD)",
  NewSd: "O:BAG:SYD:(A;;GA;;;LA)S:(AU;SA;GA;;;WD)",
  SidList: "%{S-1-5-32-544}",
  MemberName: "CN=a,OU=b,DC=corp,DC=example",
  PrivilegeList: "SeDebugPrivilege",
  Direction: "%%14593",
  LayerName: "%%14611",
  ShareName: "\\\\*\\C$",
  ShareLocalPath: "\\??\\C:\\",
  RelativeTargetName: "a\\b.exe",
  Application: "\\device\\harddiskvolume1\\a.exe",
  SourceAddress: "192.0.2.1",
  DestAddress: "192.0.2.2",
  DestPort: "445",
  ProcessID: "4",
  ID: "x",
  TaskContent: TASK,
  TaskContentNew: TASK,
  Device: "\\Device\\HarddiskVolume2",
};

/** Values that mean something else in some events. */
const BY_CODE: { readonly [code: string]: { readonly [name: string]: string } } = {
  "4625": { Status: "0xc000006d", SubStatus: "0xc0000064" },
  "4776": { Status: "0xc0000064" },
  "5152": { Protocol: "6" },
  "5156": { Protocol: "6" },
  "5157": { Protocol: "6" },
  "5158": { Protocol: "6" },
  "400": {
    param3:
      "\tNewEngineState=Available\n\tPreviousEngineState=None\n\n\tSequenceNumber=13\n\n\tHostName=ConsoleHost\n\tHostVersion=5.1\n\tHostId=a\n\tHostApplication=powershell.exe\n\tEngineVersion=5.1\n\tRunspaceId=b\n\tPipelineId=1\n\tCommandName=c\n\tCommandType=d\n\tScriptName=C:\\a.ps1\n\tCommandPath=e\n\tCommandLine=f",
  },
  "600": {
    param3:
      "\tProviderName=Registry\n\tNewProviderState=Started\n\n\tSequenceNumber=1\n\n\tHostName=ConsoleHost\n\tHostVersion=5.1\n\tHostId=a\n\tHostApplication=powershell.exe\n\tEngineVersion=5.1\n\tRunspaceId=b\n\tPipelineId=1\n\tCommandName=c\n\tCommandType=d\n\tScriptName=C:\\a.ps1\n\tCommandPath=e\n\tCommandLine=f",
  },
  "800": {
    param2:
      "\tDetailSequence=1\n\tDetailTotal=1\n\n\tSequenceNumber=15\n\n\tUserId=CORP\\u\n\tHostName=ConsoleHost\n\tHostVersion=5.1\n\tHostId=a\n\tHostApplication=powershell.exe\n\tEngineVersion=5.1\n\tRunspaceId=b\n\tPipelineId=1\n\tScriptName=C:\\a.ps1\n\tCommandLine=f",
    param3: 'CommandInvocation(a): "a"\nParameterBinding(a): name="b"; value="c"',
  },
  "4103": {
    ContextInfo:
      "        Severity = Informational\n        Host Name = ConsoleHost\n        Host Version = 5.1\n        Host ID = a\n        Host Application = powershell.exe\n        Engine Version = 5.1\n        Runspace ID = b\n        Pipeline ID = 1\n        Command Name = c\n        Command Type = Cmdlet\n        Script Name = C:\\a.ps1\n        Command Path = d\n        Sequence Number = 1\n        User = CORP\\u\n        Connected User = CORP\\v\n        Shell ID = e",
    Payload: 'CommandInvocation(a): "a"\nParameterBinding(a): name="b"; value="c"',
  },
  "4104": { Path: "C:\\a.ps1", MessageNumber: "1", MessageTotal: "1" },
};

export function exampleValue(code: string, name: string): string {
  // Sysmon (events 1 to 255) writes process ids in decimal, Windows' own events in hexadecimal.
  if (name === "ProcessId" && code.length < 3) return "4";
  return BY_CODE[code === "403" ? "400" : code]?.[name] ?? VALUES[name] ?? "value";
}
