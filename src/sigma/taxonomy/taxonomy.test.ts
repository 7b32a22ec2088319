import { describe, expect, test } from "vitest";
import { createNormaliser } from "../../ecs/index.ts";
import { compileFilter } from "../../eql/index.ts";
import type { LogRecord, WindowsRecord } from "../../readers/index.ts";
import { loadSigma } from "../index.ts";
import { CATEGORIES, SERVICES } from "./taxonomy.ts";

function windows(provider: string, channel: string, eventId: number, data: { readonly [name: string]: string }): WindowsRecord {
  const eventData = { data: Object.entries(data).map(([name, value]) => ({ name, value })) };
  const system = {
    provider: { name: provider },
    eventId,
    channel,
    computer: "WS1.corp.example",
    timeCreated: "2026-01-31T10:00:00.0000000Z",
  };
  return { kind: "windows", place: { file: "x" }, event: { system, eventData, userData: null, rendering: null, other: [] } };
}

const sysmon = (code: number, data: { readonly [name: string]: string }): WindowsRecord =>
  windows("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", code, data);
const security = (code: number, data: { readonly [name: string]: string }): WindowsRecord =>
  windows("Microsoft-Windows-Security-Auditing", "Security", code, data);
/** A change of a registry value in the Security log. */
const changed = (data: { readonly [name: string]: string }): WindowsRecord =>
  security(4657, {
    ObjectName: "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\CertSvc\\Configuration\\LAB-CA",
    ObjectValueName: "InterfaceFlags",
    OperationType: "%%1905",
    OldValueType: "%%1876",
    OldValue: "1601",
    NewValueType: "%%1876",
    NewValue: "1089",
    ProcessName: "C:\\Windows\\System32\\certutil.exe",
    ...data,
  });
const defender = (code: number, data: { readonly [name: string]: string }): WindowsRecord =>
  windows("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational", code, data);
const classic = (code: number, ...lines: readonly string[]): WindowsRecord =>
  windows("PowerShell", "Windows PowerShell", code, { param1: "x", param2: "y", param3: lines.join("\n\t") });
const powershell = (code: number, data: { readonly [name: string]: string }): WindowsRecord =>
  windows("Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational", code, data);
const native = (document: { readonly [name: string]: unknown }): LogRecord => ({
  kind: "document",
  place: { file: "x" },
  document: document as never,
});

function test1(logsource: string, detection: string, record: LogRecord): boolean {
  const text = `title: t\nid: i\nlogsource: {${logsource}}\ndetection:\n  s:\n    ${detection}\n  condition: s\n`;
  const { rules, problems } = loadSigma([{ path: "r", text }]);
  expect(problems).toEqual([]);
  return compileFilter(rules[0]!.query.filter)(createNormaliser().normalise(record).event);
}

/** The names that Sigma's rules use, side by side in one object. */
const FLAT = {
  Image: "C:\\Windows\\System32\\net.exe",
  CommandLine: "net use",
  User: "CORP\\eve",
  ParentImage: "C:\\cmd.exe",
};

describe("one rule, every way its event is recorded", () => {
  const created = [
    sysmon(1, { Image: "C:\\Windows\\System32\\net.exe", CommandLine: "net use", User: "CORP\\eve", ParentImage: "C:\\cmd.exe" }),
    security(4688, {
      NewProcessName: "C:\\Windows\\System32\\net.exe",
      CommandLine: "net use",
      SubjectUserName: "eve",
      SubjectDomainName: "CORP",
      ParentProcessName: "C:\\cmd.exe",
    }),
    native({
      event: { category: ["process"], type: ["start"], action: "start", kind: "event" },
      host: { os: { type: "windows" } },
      process: { executable: "C:\\Windows\\System32\\net.exe", command_line: "net use", parent: { executable: "C:\\cmd.exe" } },
      user: { domain: "CORP", name: "eve" },
    }),
    native({ EventID: 1, ...FLAT }),
    native({ EventID: "1", Channel: "Microsoft-Windows-Sysmon/Operational", ...FLAT }),
    native({ EventID: 1, Provider_Name: "Microsoft-Windows-Sysmon", Computer: "WS1", ...FLAT }),
    native({
      EventId: 4688,
      NewProcessName: FLAT.Image,
      CommandLine: FLAT.CommandLine,
      SubjectUserName: "eve",
      SubjectDomainName: "CORP",
      ParentProcessName: FLAT.ParentImage,
    }),
  ];
  test.each(created.map((record, i) => [i, record] as const))("process_creation %i", (_, record) => {
    for (const detection of [
      "Image|endswith: '\\net.exe'",
      "CommandLine|contains: use",
      "ParentImage|endswith: '\\cmd.exe'",
      "User: CORP\\eve",
      "User|contains: corp",
      "User|startswith: 'CORP\\e'",
      "User|endswith: eve",
      "User|re: ^CORP.*eve$",
      "User: '*'",
      "User|contains: 'RP\\ev'",
    ]) {
      expect(test1("product: windows, category: process_creation", detection, record), detection).toBe(true);
    }
    for (const detection of [
      "User: eve\n    Image: x",
      "User: CORP\\adam",
      "User|endswith: adam",
      "User: null",
      "Image|endswith: '\\cmd.exe'",
    ]) {
      expect(test1("product: windows, category: process_creation", detection, record), detection).toBe(false);
    }
    expect(test1("product: windows, category: network_connection", "Image|endswith: '\\net.exe'", record)).toBe(false);
    expect(test1("category: process_creation", "Image|endswith: '\\net.exe'", record)).toBe(true);
  });

  test("a start of PowerShell's engine and a process of another system are no process_creation", () => {
    expect(
      test1("product: windows, category: process_creation", "CommandLine|contains: a", classic(400, "HostApplication=powershell a")),
    ).toBe(false);
    const linux = native({
      event: { category: "process", type: "start" },
      host: { os: { type: "linux" } },
      process: { command_line: "cat" },
    });
    expect(test1("product: windows, category: process_creation", "CommandLine|contains: a", linux)).toBe(false);
  });
});

type Case = readonly [logsource: string, record: LogRecord, yes: readonly string[], no: readonly string[]];

describe("fields that pipelines change", () => {
  const hashes =
    "SHA1=5E4F2C531C549BB72A658ED9DD16D491EDDBB286,MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC,SHA256=1B48A4F8D20026E6C56E3AB4CC4788FA6425C8A75F8D91C2869FA533DE6B209E,IMPHASH=C324AAAC01F0F75C811E1F80C41B860C";
  const cases: readonly Case[] = [
    [
      "category: process_creation, product: windows",
      sysmon(1, { Image: "a", Hashes: hashes }),
      [
        "Hashes|contains: 'MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC'",
        "Hashes|contains: 'IMPHASH=c324aaac01f0f75c811e1f80c41b860c'",
        "Hashes|contains: fab4b30c1c4f0a9202a7b42dcf1729dc",
        "Imphash: c324aaac01f0f75c811e1f80c41b860c",
        "sha1: 5e4f2c531c549bb72a658ed9dd16d491eddbb286",
        "Hashes|startswith: 'SHA1=5E4F'",
        "Hashes|contains|all: ['MD5=FAB4', 'SHA256=1B48']",
        "Hashes|contains: fab4b30c",
      ],
      ["Hashes|contains: 'SHA1=FAB4B30C1C4F0A9202A7B42DCF1729DC'", "Hashes|contains: 'MD5=00'", "Hashes: null"],
    ],
    [
      "category: image_load, product: windows",
      sysmon(7, { Image: "a", ImageLoaded: "C:\\x\\b.dll", Hashes: hashes, Signed: "false", OriginalFileName: "B.DLL" }),
      [
        "ImageLoaded|endswith: '\\b.dll'",
        "Hashes|contains: 'MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC'",
        "Signed: 'false'",
        "OriginalFileName: b.dll",
      ],
      ["Signed: 'true'"],
    ],
    [
      "category: registry_set, product: windows",
      sysmon(13, { Image: "a", TargetObject: "HKLM\\SOFTWARE\\X\\Enabled", Details: "DWORD (0x00000001)", EventType: "SetValue" }),
      [
        "TargetObject|endswith: '\\X\\Enabled'",
        "TargetObject: HKEY_LOCAL_MACHINE\\SOFTWARE\\X\\Enabled",
        "TargetObject|startswith: HKLM\\software",
        "Details: DWORD (0x00000001)",
        "Details|contains: '0x00000001'",
        "Details|startswith: DWORD",
        "Details|endswith: '(0x00000001)'",
        "Details|contains: 'DWORD (0x0000000'",
        "EventType: SetValue",
      ],
      ["Details: DWORD (0x00000000)", "Details: '1'", "Details|startswith: QWORD", "TargetObject|startswith: HKU"],
    ],
    [
      "category: registry_set, product: windows",
      sysmon(13, { TargetObject: "HKLM\\X", Details: "QWORD (0x00000001-0x00000002)" }),
      ["Details: QWORD (0x00000001-0x00000002)"],
      ["Details: QWORD (0x00000000-0x00000002)", "Details|contains: DWORD"],
    ],
    [
      "category: registry_set, product: windows",
      sysmon(13, { TargetObject: "HKLM\\X", Details: "1" }),
      ["Details: 1", "Details: '1'"],
      ["Details: DWORD (0x00000001)"],
    ],
    [
      "category: registry_event, product: windows",
      security(4657, {
        ObjectName: "\\REGISTRY\\MACHINE\\SOFTWARE\\X",
        ObjectValueName: "Run",
        NewValue: "a.exe",
        ProcessName: "C:\\b.exe",
      }),
      ["TargetObject: HKLM\\SOFTWARE\\X\\Run", "Details: a.exe", "TargetObject|endswith: '\\x\\run'"],
      ["TargetObject|endswith: '\\X'"],
    ],
    ...["product: windows, category: registry_set", "product: windows, category: registry_event"].map((logsource): Case => [
      logsource,
      changed({ NewValueType: "%%1876", NewValue: "1089" }),
      [
        "Details: DWORD (0x00000441)",
        "Details|contains: '0x00000441'",
        "Details|startswith: DWORD",
        "TargetObject: HKLM\\System\\CurrentControlSet\\Services\\CertSvc\\Configuration\\LAB-CA\\InterfaceFlags",
        "TargetObject|contains: '\\CurrentControlSet\\Services\\CertSvc\\'",
        "TargetObject|contains: HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet",
        "TargetObject|contains|all: ['HKLM\\SYSTEM\\CurrentControlSet\\', 'InterfaceFlags']",
        "EventType: SetValue",
        "Image|endswith: '\\certutil.exe'",
      ],
      [
        "Details: DWORD (0x00000440)",
        "Details: '1089'",
        "Details: Binary Data",
        "Details|startswith: QWORD",
        "EventType: DeleteValue",
        "TargetObject|contains: '\\CurrentControlSet\\Control\\'",
      ],
    ]),
    [
      "category: registry_set, product: windows",
      changed({ NewValueType: "%%1883", NewValue: "4294967298" }),
      ["Details: QWORD (0x00000001-0x00000002)"],
      ["Details: QWORD (0x00000000-0x00000002)", "Details|startswith: DWORD"],
    ],
    [
      "category: registry_set, product: windows",
      changed({ NewValueType: "%%1873", NewValue: "1" }),
      ["Details: 1", "Details: '1'"],
      ["Details: DWORD (0x00000001)", "Details: Binary Data"],
    ],
    [
      "category: registry_set, product: windows",
      changed({ NewValueType: "%%1875", NewValue: "0A 00 00 00" }),
      ["Details: Binary Data"],
      ["Details|startswith: DWORD"],
    ],
    [
      "category: registry_set, product: windows",
      changed({
        ObjectName: "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1001\\Software\\X",
        ObjectValueName: "Y",
        NewValueType: "%%1873",
        NewValue: "z",
      }),
      ["TargetObject|startswith: HKU\\S-1-5-21", "TargetObject: HKEY_USERS\\\\*\\Software\\X\\Y"],
      ["TargetObject|startswith: HKLM"],
    ],
    [
      "category: registry_set, product: windows",
      changed({
        ObjectName: "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\x\\shell\\open\\command",
        ObjectValueName: "",
        NewValueType: "%%1873",
      }),
      [
        "TargetObject|contains: '\\shell\\open\\command\\'",
        "TargetObject|endswith: '\\command\\(Default)'",
        "TargetObject: 'HKCR\\x\\shell\\open\\command\\(Default)'",
      ],
      ["TargetObject|endswith: '\\command'"],
    ],
    [
      "category: registry_delete, product: windows",
      changed({ OperationType: "%%1906", NewValueType: "-", NewValue: "-" }),
      ["TargetObject|endswith: '\\InterfaceFlags'", "EventType: DeleteValue"],
      ["EventType: SetValue"],
    ],
    ["category: registry_delete, product: windows", changed({}), [], ["TargetObject|endswith: '\\InterfaceFlags'"]],
    [
      "category: registry_set, product: windows",
      changed({ OperationType: "%%1906", NewValueType: "-", NewValue: "-" }),
      [],
      ["TargetObject|endswith: '\\InterfaceFlags'"],
    ],
    [
      "service: windefend, product: windows",
      defender(5007, {
        "Product Name": "Microsoft Defender Antivirus",
        "Old Value": "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Real-Time Protection\\SubmitSamplesConsent = 0x1",
        "New Value": "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Real-Time Protection\\SubmitSamplesConsent = 0x0",
      }),
      [
        "NewValue|contains: '\\Real-Time Protection\\SubmitSamplesConsent = 0x0'",
        "New_Value|endswith: '= 0x0'",
        "'New Value|endswith': '= 0x0'",
        "OldValue|endswith: '= 0x1'",
        "NewValue|re: 'Consent = 0x0$'",
      ],
      ["NewValue|endswith: '= 0x1'", "NewValue: null"],
    ],
    [
      "service: windefend, product: windows",
      defender(1116, {
        "Threat ID": "2147519003",
        "Threat Name": "Virus:DOS/EICAR_Test_File",
        "Severity Name": "Severe",
        "Source Name": "AMSI",
        "Process Name": "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe",
        Path: "amsi:_C:\\x.ps1",
      }),
      [
        "ThreatName|contains: EICAR",
        "ThreatID: 2147519003",
        "SourceName: AMSI",
        "ProcessName|endswith: '\\wmiprvse.exe'",
        "Path|startswith: amsi",
        "SeverityName: severe",
      ],
      ["SourceName: System", "ThreatName: null"],
    ],
    [
      "service: windefend, product: windows",
      defender(3002, { "Feature Name": "%%886", Reason: "%%892" }),
      ["Feature_Name: '%%886'", "FeatureName: '%%886'"],
      ["Feature_Name: '%%835'"],
    ],
    [
      "service: codeintegrity-operational, product: windows",
      windows("Microsoft-Windows-CodeIntegrity", "Microsoft-Windows-CodeIntegrity/Operational", 3033, {
        "File Name": "\\Device\\HarddiskVolume3\\x.dll",
        "Process Name": "\\Device\\HarddiskVolume3\\Windows\\System32\\lsass.exe",
      }),
      ["FileName|endswith: '\\x.dll'", "ProcessName|endswith: '\\lsass.exe'"],
      ["FileName|endswith: '\\y.dll'"],
    ],
    [
      "category: registry_delete, product: windows",
      sysmon(12, { TargetObject: "HKLM\\X", EventType: "DeleteValue" }),
      ["TargetObject: HKLM\\X"],
      [],
    ],
    [
      "category: registry_add, product: windows",
      sysmon(12, { TargetObject: "HKLM\\X", EventType: "DeleteValue" }),
      [],
      ["TargetObject: HKLM\\X"],
    ],
    [
      "category: pipe_created, product: windows",
      sysmon(17, { PipeName: "\\psexesvc", EventType: "CreatePipe" }),
      ["PipeName: '\\psexesvc'", "EventType: CreatePipe"],
      [],
    ],
    [
      "category: network_connection, product: windows",
      sysmon(3, {
        Image: "a",
        Initiated: "true",
        DestinationIp: "10.0.0.1",
        DestinationPort: "445",
        SourceIsIpv6: "false",
        DestinationIsIpv6: "false",
        Protocol: "tcp",
      }),
      [
        "Initiated: 'true'",
        "Initiated: true",
        "DestinationPort: 445",
        "DestinationIsIpv6: 'false'",
        "DestinationIp|cidr: 10.0.0.0/8",
        "Protocol: tcp",
      ],
      ["Initiated: 'false'"],
    ],
    [
      "category: dns_query, product: windows",
      sysmon(22, { Image: "a", QueryName: "evil.example", QueryStatus: "0", QueryResults: "::ffff:10.0.0.1;" }),
      ["QueryName|endswith: .example", "QueryStatus: '0'", "QueryStatus: 0", "QueryResults|contains: 10.0.0.1"],
      ["QueryStatus: '9003'"],
    ],
    [
      "category: process_access, product: windows",
      sysmon(10, {
        SourceImage: "C:\\a.exe",
        TargetImage: "C:\\lsass.exe",
        GrantedAccess: "0x1410",
        CallTrace: "x",
        SourceUser: "CORP\\eve",
      }),
      ["SourceImage|endswith: a.exe", "TargetImage|endswith: '\\lsass.exe'", "GrantedAccess: '0x1410'", "SourceUser: CORP\\eve"],
      [],
    ],
    [
      "category: create_remote_thread, product: windows",
      sysmon(8, { SourceImage: "C:\\a.exe", TargetImage: "C:\\b.exe", StartModule: "-", StartFunction: "-" }),
      ["SourceImage|endswith: a.exe", "StartFunction: '-'"],
      ["StartModule: x"],
    ],
    ["category: file_event, product: windows", sysmon(11, { Image: "a", TargetFilename: "C:\\x.exe" }), ["TargetFilename: C:\\x.exe"], []],
    [
      "category: file_delete, product: windows",
      sysmon(23, { Image: "a", TargetFilename: "C:\\x.exe", Hashes: hashes }),
      ["TargetFilename: C:\\x.exe", "Hashes|contains: 'MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC'"],
      [],
    ],
    [
      "category: create_stream_hash, product: windows",
      sysmon(15, { Image: "a", TargetFilename: "C:\\x:z", Contents: "ZoneId=3" }),
      ["TargetFilename|endswith: ':z'", "Contents|contains: ZoneId"],
      [],
    ],
    [
      "category: raw_access_thread, product: windows",
      sysmon(9, { Image: "a", Device: "\\Device\\HarddiskVolume2" }),
      ["Device|contains: harddisk"],
      [],
    ],
    [
      "category: wmi_event, product: windows",
      sysmon(20, { Destination: "powershell -enc", Name: "n", Type: "Command Line" }),
      ["Destination|contains: -enc", "Name: n"],
      [],
    ],
    [
      "category: driver_load, product: windows",
      sysmon(6, { ImageLoaded: "C:\\d.sys", Hashes: hashes, Signature: "Evil" }),
      ["ImageLoaded|endswith: '\\d.sys'", "Hashes|contains: 'SHA256=1B48'", "Signature: evil"],
      [],
    ],
    [
      "category: process_tampering, product: windows",
      sysmon(25, { Image: "a", Type: "Image is replaced" }),
      ["Type: Image is replaced"],
      [],
    ],
    ["category: process_termination, product: windows", sysmon(5, { Image: "C:\\a.exe" }), ["Image|endswith: a.exe"], []],
    ["category: sysmon_status, product: windows", sysmon(4, { State: "Stopped" }), ["State: Stopped"], []],
    [
      "category: ps_script, product: windows",
      powershell(4104, { ScriptBlockText: "Invoke-Thing", Path: "C:\\a.ps1", MessageNumber: "1", MessageTotal: "1" }),
      ["ScriptBlockText|contains: thing", "Path|endswith: .ps1"],
      [],
    ],
    [
      "category: ps_module, product: windows",
      powershell(4103, {
        ContextInfo: "        Host Application = C:\\Windows\\powershell.exe -enc AAA\n        Command Name = Get-Thing\n",
        Payload: 'CommandInvocation(Get-Thing): "Get-Thing"\nParameterBinding(Get-Thing): name="Url"; value="http://x"',
      }),
      [
        "Payload|contains: 'http://x'",
        "Payload|contains: Get-Thing",
        "ContextInfo|contains: '-enc'",
        "ContextInfo|contains: 'Host Application = C:\\Windows'",
        "ContextInfo|contains: '= C:\\Windows'",
      ],
      ["ContextInfo|contains: nothing"],
    ],
    [
      "category: ps_classic_start, product: windows",
      classic(400, "HostName=ConsoleHost", "HostApplication=powershell.exe -v 2", "EngineVersion=2.0"),
      [
        "Data|contains: 'EngineVersion=2.'",
        "Data|contains: 'HostApplication=powershell'",
        "Data|contains: '-v 2'",
        "Data|contains|all: ['HostName=ConsoleHost', 'powershell.exe']",
      ],
      ["Data|contains: 'EngineVersion=4.'", "Data|contains: 'HostName=powershell'"],
    ],
    [
      "service: security, product: windows",
      security(4624, {
        TargetUserName: "eve",
        LogonType: "3",
        IpAddress: "10.0.0.1",
        WorkstationName: "WS9",
        ProcessName: "C:\\a.exe",
        AuthenticationPackageName: "NTLM",
      }),
      [
        "EventID: 4624",
        "EventID: '4624'",
        "LogonType: 3",
        "IpAddress: 10.0.0.1",
        "WorkstationName: ws9",
        "ProcessName|endswith: a.exe",
        "TargetUserName: eve",
        "Channel: security",
        "Computer: ws1.corp.example",
        "Provider_Name: Microsoft-Windows-Security-Auditing",
      ],
      ["EventID: 4625"],
    ],
    [
      "service: security, product: windows",
      security(5145, { ShareName: "\\\\*\\ADMIN$", RelativeTargetName: "svcctl" }),
      ["ShareName: '\\\\\\\\\\*\\ADMIN$'", "RelativeTargetName: svcctl"],
      [],
    ],
    [
      "service: system, product: windows",
      windows("Service Control Manager", "System", 7045, { ServiceName: "PSEXESVC", ImagePath: "%SystemRoot%\\PSEXESVC.exe" }),
      ["Provider_Name: Service Control Manager\n    EventID: 7045\n    ServiceName: psexesvc", "ImagePath|contains: PSEXE"],
      [],
    ],
    [
      "service: windefend, product: windows",
      windows("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational", 1116, { "Threat Name": "EICAR" }),
      ["Threat_Name: EICAR", "EventID: 1116"],
      [],
    ],
    [
      "service: application, product: windows",
      windows("ESENT", "Application", 325, { param1: "lsass", param2: "C:\\ntds.dit" }),
      ["Data|contains: ntds.dit"],
      ["Data|contains: nothing"],
    ],
    ["product: windows", windows("X", "Some/Channel", 1, { Any: "thing" }), ["Any: thing", "EventID: 1", "Channel: some/channel"], []],
    ["service: sysmon, product: windows", sysmon(16, { Configuration: "x.xml" }), ["EventID: 16"], []],
    ["service: sysmon, product: windows", sysmon(255, { ID: "x", Description: "failed" }), ["ID: x", "Description|contains: fail"], []],
  ];
  test.each(cases)("%s %#", (logsource, record, yes, no) => {
    for (const detection of yes) expect(test1(logsource, detection, record), detection).toBe(true);
    for (const detection of no) expect(test1(logsource, detection, record), detection).toBe(false);
  });

  test("level and outcome of the header", () => {
    const record: WindowsRecord = windows("X", "System", 1, {});
    const failed: WindowsRecord = {
      ...record,
      event: { ...record.event, system: { ...record.event.system, level: 2, keywords: "0x8010000000000000" } },
    };
    expect(test1("product: windows, service: system", "Level: 2", failed)).toBe(true);
    expect(test1("product: windows, service: system", "Level: 4", failed)).toBe(false);
    expect(test1("product: windows, service: system", "Keywords: '0x8010000000000000'", failed)).toBe(true);
  });
});

test("every category and service is served and recognises something, not everything", () => {
  for (const [kind, names] of [
    ["category", Object.keys(CATEGORIES)],
    ["service", Object.keys(SERVICES)],
  ] as const) {
    for (const name of names) {
      const text = `title: t\nid: i\nlogsource: {product: windows, ${kind}: ${name}}\ndetection:\n  s: {EventID|exists: true}\n  condition: s\n`;
      const { rules, problems } = loadSigma([{ path: "r", text }]);
      expect(problems).toEqual([]);
      const filter = compileFilter(rules[0]!.query.filter);
      expect(filter({ event: { code: "999999", provider: "none" }, winlog: { channel: "none" } }), name).toBe(false);
    }
  }
});
