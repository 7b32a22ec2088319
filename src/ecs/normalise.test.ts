import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject, LogRecord, WindowsEvent } from "../readers/index.ts";
import { createNormaliser, type NormaliserOptions } from "./normalise.ts";

const place = { file: "lab.json", line: 1 };

function document(content: JsonObject, options: NormaliserOptions = {}): { event: JsonObject; source: string; unmapped: boolean } {
  return createNormaliser(options).normalise({ kind: "document", place, document: content });
}

function at(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const part of path.split("."))
    value = typeof value === "object" && value !== null && !Array.isArray(value) ? value[part] : undefined;
  return value;
}

function windows(system: Partial<WindowsEvent["system"]>, data: { readonly [name: string]: string }): LogRecord {
  return {
    kind: "windows",
    place: { file: "srv01.evtx", record: 7 },
    event: {
      system: {
        provider: { name: "Microsoft-Windows-Security-Auditing" },
        eventId: 4624,
        channel: "Security",
        computer: "SRV01.corp.example",
        ...system,
      },
      eventData: { data: Object.entries(data).map(([name, value]) => ({ name, value })) },
      userData: null,
      rendering: null,
      other: [],
    },
  };
}

describe("the raw shape of Winlogbeat", () => {
  const sysmon = (code: string, data: JsonObject): JsonObject => ({
    "@timestamp": "2024-05-01T10:00:00.000Z",
    event: { code, kind: "event", provider: "Microsoft-Windows-Sysmon" },
    host: { name: "WS01" },
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      provider_name: "Microsoft-Windows-Sysmon",
      event_id: code,
      computer_name: "WS01",
      record_id: 1,
      user: { identifier: "S-1-5-18" },
      event_data: data,
    },
  });

  test("Sysmon 1", () => {
    const { event, source, unmapped } = document(
      sysmon("1", {
        UtcTime: "2024-05-01 09:59:59.123",
        ProcessId: "4242",
        Image: "C:\\Windows\\System32\\net.exe",
        CommandLine: 'net  use "\\\\10.10.30.12\\C$" x',
        OriginalFileName: "net.exe",
        User: "CORP\\j.doe",
        Hashes: "MD5=AB,IMPHASH=CD",
        ParentImage: "C:\\Windows\\System32\\cmd.exe",
      }),
    );
    expect(source).toBe("winlogbeat.sysmon");
    expect(unmapped).toBe(false);
    expect(event["@timestamp"]).toBe("2024-05-01T09:59:59.123Z");
    expect(event["process"]).toEqual({
      pid: 4242,
      executable: "C:\\Windows\\System32\\net.exe",
      name: "net.exe",
      command_line: 'net  use "\\\\10.10.30.12\\C$" x',
      args: ["net", "use", "\\\\10.10.30.12\\C$", "x"],
      args_count: 4,
      hash: { md5: "ab" },
      pe: { imphash: "cd", original_file_name: "net.exe" },
      parent: { executable: "C:\\Windows\\System32\\cmd.exe", name: "cmd.exe" },
    });
    expect(event["user"]).toEqual({ id: "S-1-5-18", domain: "CORP", name: "j.doe" });
    expect(at(event, "winlog.event_data")).toBeUndefined();
    expect(at(event, "winlog.record_id")).toBe("1");
  });

  test("Sysmon 3 of the kernel: no name by Elastic's pipeline, System by ours", () => {
    const input = sysmon("3", {
      Image: "System",
      ProcessId: "4",
      Protocol: "tcp",
      Initiated: "true",
      SourceIsIpv6: "false",
      SourceIp: "10.10.20.31",
      SourcePort: "50112",
      DestinationIp: "10.10.30.12",
      DestinationPort: "445",
      DestinationPortName: "-",
      SourcePortName: "-",
    });
    const { event } = document(input);
    expect(event["process"]).toEqual({ pid: 4, executable: "System", name: "System" });
    expect(at(event, "event.type")).toEqual(["start", "connection", "protocol"]);
    expect(event["destination"]).toEqual({ ip: "10.10.30.12", port: 445 });
    expect(at(event, "network.direction")).toBe("egress");
    expect(at(event, "network.protocol")).toBeUndefined();
    const strict = document(input, { strictElastic: true }).event;
    expect(strict["process"]).toEqual({ pid: 4, executable: "System" });
    expect(strict["host"]).toEqual({ name: "WS01" });
  });

  test.each([
    ["5", { Image: "C:\\a.exe" }, ["process"], ["end"]],
    ["11", { TargetFilename: "C:\\Windows\\PSEXESVC.exe" }, ["file"], ["creation"]],
    ["12", { TargetObject: "HKLM\\System\\x", EventType: "CreateKey" }, ["configuration", "registry"], ["change"]],
    ["13", { TargetObject: "HKLM\\System\\x", Details: "DWORD (0x00000003)" }, ["configuration", "registry"], ["change"]],
    ["17", { PipeName: "\\svcctl" }, ["file"], ["creation"]],
    ["18", { PipeName: "\\svcctl" }, ["file"], ["access"]],
  ])("Sysmon %s", (code, data, category, type) => {
    const { event } = document(sysmon(code, data));
    expect(at(event, "event.category")).toEqual(category);
    expect(at(event, "event.type")).toEqual(type);
  });

  test("registry values: hive, key, value and the number", () => {
    const { event } = document(
      sysmon("13", { TargetObject: "HKLM\\System\\CurrentControlSet\\Services\\PSEXESVC\\Start", Details: "DWORD (0x00000003)" }),
    );
    expect(event["registry"]).toEqual({
      path: "HKLM\\System\\CurrentControlSet\\Services\\PSEXESVC\\Start",
      hive: "HKLM",
      key: "System\\CurrentControlSet\\Services\\PSEXESVC\\Start",
      value: "Start",
      data: { strings: ["3"], type: "SZ_DWORD" },
    });
  });

  test("the record stays as it was", () => {
    const input = sysmon("1", { Image: "C:\\a.exe", ProcessId: "1" });
    const before = JSON.stringify(input);
    document(input);
    expect(JSON.stringify(input)).toBe(before);
  });
});

describe("Security events", () => {
  const SUBJECT = {
    SubjectUserSid: "S-1-5-21-1-2-3-1131",
    SubjectUserName: "adm.kira",
    SubjectDomainName: "CORP",
    SubjectLogonId: "0x3e9a11",
  };
  const run = (eventId: number, data: { readonly [name: string]: string }, strict = false): JsonObject =>
    createNormaliser({ strictElastic: strict }).normalise(windows({ eventId, keywords: "0x8020000000000000", task: 12_544 }, data)).event;

  test("4624", () => {
    const event = run(4624, {
      ...SUBJECT,
      SubjectUserName: "-",
      TargetUserSid: "S-1-5-21-1-2-3-1131",
      TargetUserName: "adm.kira",
      TargetDomainName: "CORP",
      TargetLogonId: "0x3e9a11",
      LogonType: "3",
      IpAddress: "::ffff:10.10.20.31",
      IpPort: "50112",
      ProcessId: "0x0",
      ProcessName: "-",
    });
    expect(event["user"]).toEqual({ id: "S-1-5-21-1-2-3-1131", name: "adm.kira", domain: "CORP" });
    expect(event["source"]).toEqual({ ip: "10.10.20.31", port: 50112 });
    expect(at(event, "winlog.logon.type")).toBe("Network");
    expect(at(event, "event.action")).toBe("logged-in");
    expect(at(event, "event.outcome")).toBe("success");
    expect(at(event, "host.id")).toBe("SRV01.corp.example");
  });

  test("4625 says why", () => {
    const event = run(4625, {
      TargetUserName: "x",
      Status: "0xc000006d",
      SubStatus: "0xc0000064",
      FailureReason: "%%2313",
      LogonType: "3",
    });
    expect(at(event, "winlog.logon.failure")).toEqual({
      reason: "Unknown user name or bad password.",
      status: "This is either due to a bad username or authentication information",
      sub_status: "User logon with misspelled or bad user account",
    });
  });

  test("4648 keeps who asked and whose credentials", () => {
    const event = run(4648, {
      ...SUBJECT,
      TargetUserName: "svc",
      TargetDomainName: "CORP",
      TargetServerName: "srv01",
      ProcessId: "0x4",
      IpAddress: "-",
      IpPort: "-",
    });
    expect(event["user"]).toEqual({
      id: SUBJECT.SubjectUserSid,
      name: "adm.kira",
      domain: "CORP",
      effective: { name: "svc", domain: "CORP" },
    });
    expect(event["source"]).toBeUndefined();
  });

  test("4672", () => {
    expect(
      at(run(4672, { ...SUBJECT, PrivilegeList: "SeDebugPrivilege\n\t\t\tSeBackupPrivilege" }), "winlog.event_data.PrivilegeList"),
    ).toEqual(["SeDebugPrivilege", "SeBackupPrivilege"]);
  });

  test("4688: quotes stay in the arguments", () => {
    const event = run(4688, {
      ...SUBJECT,
      NewProcessId: "0x1c58",
      NewProcessName: "C:\\t\\PsExec.exe",
      ProcessId: "0x850",
      ParentProcessName: "C:\\Windows\\System32\\cmd.exe",
      CommandLine: 'PsExec.exe "\\\\srv01 x" cmd',
      TargetUserName: "-",
    });
    expect(event["process"]).toEqual({
      pid: 0x1c58,
      executable: "C:\\t\\PsExec.exe",
      name: "PsExec.exe",
      parent: { executable: "C:\\Windows\\System32\\cmd.exe", name: "cmd.exe", pid: 0x850 },
      args: ["PsExec.exe", '"\\\\srv01 x"', "cmd"],
      args_count: 3,
      command_line: 'PsExec.exe "\\\\srv01 x" cmd',
    });
  });

  test.each([
    ["10.0.0.7", { ip: "10.0.0.7", domain: "WS07" }],
    ["LOCAL", { ip: "127.0.0.1", domain: "WS07" }],
    ["Unknown", { domain: "WS07" }],
    ["-", { domain: "WS07" }],
  ])("4778 from %s", (ClientAddress, source) => {
    const data = { AccountName: "j.doe", AccountDomain: "CORP", LogonID: "0x1", ClientName: "WS07", ClientAddress };
    const { event } = document({ winlog: { channel: "Security", event_id: "4778", event_data: data } });
    expect(event["source"]).toEqual(source);
    expect(event["user"]).toEqual({ name: "j.doe", domain: "CORP" });
    expect(at(event, "winlog.logon.id")).toBe("0x1");
  });

  test("4697", () => {
    const event = run(4697, { ...SUBJECT, ServiceName: "PSEXESVC", ServiceFileName: "%SystemRoot%\\PSEXESVC.exe", ServiceType: "0x10" });
    expect(event["service"]).toEqual({ name: "PSEXESVC", type: "Win32 Own Process" });
    expect(at(event, "event.category")).toEqual(["iam", "configuration"]);
  });

  test("5140 and 5145; the backslashes", () => {
    const data = {
      ...SUBJECT,
      ObjectType: "File",
      IpAddress: "10.10.20.31",
      IpPort: "50112",
      ShareName: "\\\\*\\ADMIN$",
      ShareLocalPath: "\\??\\C:\\Windows",
      AccessMask: "0x2",
      AccessList: "%%4417\n\t\t\t\t",
    };
    expect(at(run(5140, data), "event.action")).toBe("network-share-object-accessed");
    const event = run(5145, { ...data, RelativeTargetName: "calc_test.exe" });
    expect(event["file"]).toEqual({
      name: "calc_test.exe",
      directory: "\\??\\C:\\Windows",
      path: "\\??\\C:\\Windows\\calc_test.exe",
      target_path: "\\\\*\\ADMIN$\\calc_test.exe",
      extension: "exe",
    });
    expect(at(event, "winlog.event_data.AccessListDescription")).toEqual(["WriteData (or AddFile)"]);
    expect(at(run(5145, { ...data, RelativeTargetName: "calc_test.exe" }, true), "file.path")).toBe(
      "\\\\??\\\\C:\\\\Windows\\calc_test.exe",
    );
  });

  test("5156 is a network event, of strict mode nothing", () => {
    const data = {
      ProcessID: "4",
      Application: "System",
      Direction: "%%14593",
      SourceAddress: "10.10.20.31",
      SourcePort: "50112",
      DestAddress: "10.10.30.12",
      DestPort: "445",
      Protocol: "6",
    };
    const event = run(5156, data);
    expect(at(event, "event.category")).toEqual(["network"]);
    expect(event["destination"]).toEqual({ ip: "10.10.30.12", port: 445 });
    expect(event["source"]).toEqual({ ip: "10.10.20.31", port: 50112 });
    expect(event["network"]).toMatchObject({ direction: "egress", transport: "tcp", type: "ipv4" });
    // Either end sees the same flow: one community id.
    const inbound = {
      ...data,
      Direction: "%%14592",
      SourceAddress: "10.10.30.12",
      SourcePort: "445",
      DestAddress: "10.10.20.31",
      DestPort: "50112",
    };
    expect(at(event, "network.community_id")).toMatch(/^1:.{28}$/);
    expect(at(run(5156, inbound), "network.community_id")).toBe(at(event, "network.community_id"));
    expect(at(run(5156, inbound), "network.direction")).toBe("ingress");
    const { SourcePort: _port, ...portless } = data;
    expect(at(run(5156, portless), "network.community_id")).toBeUndefined();
    expect(at(run(5156, data, true), "event.category")).toBeUndefined();
  });
});

describe("System events", () => {
  const record = (eventId: number, data: { readonly [name: string]: string }): LogRecord =>
    windows({ provider: { name: "Service Control Manager" }, channel: "System", eventId, task: 0 }, data);

  test("7045 by addition, nothing under strict mode", () => {
    const input = record(7045, { ServiceName: "PSEXESVC", ImagePath: "%SystemRoot%\\PSEXESVC.exe" });
    const own = createNormaliser().normalise(input);
    expect(own.unmapped).toBe(false);
    expect(at(own.event, "event.category")).toEqual(["iam", "configuration"]);
    expect(at(own.event, "service.name")).toBe("PSEXESVC");
    const strict = createNormaliser({ strictElastic: true }).normalise(input);
    expect(strict.unmapped).toBe(true);
    expect(at(strict.event, "event.action")).toBe("None");
    expect(at(strict.event, "event.category")).toBeUndefined();
  });

  test("7036", () => {
    const { event } = createNormaliser().normalise(record(7036, { param1: "PSEXESVC", param2: "running" }));
    expect(event["service"]).toEqual({ name: "PSEXESVC", state: "running" });
  });
});

test.each([
  ["400", "start"],
  ["403", "end"],
  ["600", "info"],
  ["9999", "info"],
])("PowerShell %s is a process event of type %s", (code, type) => {
  const { event, unmapped } = document({ winlog: { channel: "Windows PowerShell", event_id: code, event_data: { param3: "a" } } });
  expect(event["event"]).toMatchObject({ category: "process", type });
  expect(unmapped).toBe(code === "9999");
});

describe("the shipper of a document", () => {
  const raw = (channel: string, more: JsonObject): JsonObject => ({
    "@timestamp": "2024-05-01T10:00:00.000Z",
    winlog: { channel, event_id: "1", provider_name: "Microsoft-Windows-Security-Auditing", time_created: "2024-05-01T10:00:00.000Z" },
    ...more,
  });
  const forwarded = { data_stream: { dataset: "windows.forwarded" } };
  const agent = { data_stream: { dataset: "system.security" } };

  test.each<[string, string, JsonObject, string | undefined, string]>([
    ["Winlogbeat, its modules", "Security", { winlog: { channel: "Security", event_id: "1" } }, "1.12.0", "winlogbeat.security"],
    ["Winlogbeat, no module", "Application", { winlog: { channel: "Application", event_id: "1" } }, undefined, "winlogbeat.other"],
    ["the Agent, by its dataset", "Security", agent, "8.0.0", "elastic-agent.security"],
    ["the Agent, by the event's dataset", "Security", { event: { dataset: "system.security" } }, "8.0.0", "elastic-agent.security"],
    [
      "the Agent, by its own mark",
      "Security",
      { agent: { type: "filebeat" }, elastic_agent: { id: "x" } },
      "8.0.0",
      "elastic-agent.security",
    ],
    ["the Agent, by the time it keeps", "Security", {}, "8.0.0", "elastic-agent.security"],
    ["the Agent, a log without a pipeline of its own", "System", agent, "8.0.0", "elastic-agent.system"],
    ["the forwarder", "Security", forwarded, "8.0.0", "forwarded.security"],
    ["the forwarder, a log without a pipeline", "System", forwarded, undefined, "forwarded.system"],
  ])("%s", (_, channel, more, version, from) => {
    const { event, source } = document(raw(channel, more));
    expect([at(event, "ecs.version"), source]).toEqual([version, from]);
    expect(at(event, "host.os")).toMatchObject({ type: "windows", family: "windows" });
  });

  test("what the forwarder says of the system stays", () => {
    const { event } = document({ ...raw("Security", forwarded), host: { os: { type: "other", family: "other" } } });
    expect(at(event, "host.os")).toEqual({ type: "other", family: "other" });
  });
});

describe("flat exports", () => {
  test("a line end in event data is one character, as in the logs themselves; a name with a dot is none of Windows", () => {
    const { event } = document({
      EventTime: "2020-09-21 19:18:53",
      Hostname: "WS05",
      SourceName: "Microsoft-Windows-Security-Auditing",
      SourceModuleType: "im_msvistalog",
      Channel: "Security",
      EventID: 4672,
      ObjectName: "first\r\nsecond",
      ObjectType: "plain",
      "a.b": "no",
    });
    expect(at(event, "winlog.event_data")).toEqual({ ObjectName: "first\nsecond", ObjectType: "plain" });
  });

  const nxlog = (content: JsonObject): JsonObject => ({
    EventReceivedTime: "2020-09-21 19:18:55",
    SourceModuleType: "im_msvistalog",
    ...content,
  });

  test("NXLog: its own AccountName and EventType are no event data, those of 4778 and of others are", () => {
    const own = {
      SourceName: "Microsoft-Windows-Security-Auditing",
      Channel: "Security",
      AccountName: "SYSTEM",
      EventType: "AUDIT_SUCCESS",
    };
    expect(at(document(nxlog({ ...own, EventID: 4672 })).event, "winlog.event_data")).toBeUndefined();
    expect(at(document(nxlog({ ...own, EventID: 4778 })).event, "winlog.event_data")).toEqual({ AccountName: "SYSTEM" });
    expect(at(document({ ...own, EventID: 4672 }).event, "winlog.event_data")).toEqual({
      AccountName: "SYSTEM",
      EventType: "AUDIT_SUCCESS",
    });
  });

  test("of Sysmon's message only lines of event data are taken", () => {
    const name = "n".repeat(40);
    const message = `Registry value set:\r\n${name}: a\r\nn${name}: b\r\nEventType: SetValue\r\nnot one: c\r\nProcessId: 7`;
    const record = { SourceName: "Microsoft-Windows-Sysmon", EventID: 13, Message: message };
    expect(at(document(nxlog(record)).event, "winlog.event_data")).toEqual({ [name]: "a", EventType: "SetValue" });
    expect(at(document(nxlog(record)).event, "process.pid")).toBe(7);
    // Nothing is missing from an event that has no process.
    expect(at(document(nxlog({ ...record, EventID: 255 })).event, "winlog.event_data")).toBeUndefined();
  });

  test("NXLog: what it overwrote or dropped is in the message; the zone is learnt from the two receipts", () => {
    const { event } = document({
      EventTime: "2020-09-21 19:18:53",
      EventReceivedTime: "2020-09-21 19:18:55",
      "@timestamp": "2020-09-21T23:18:55.413Z",
      Hostname: "WS05.corp.example",
      SourceName: "Microsoft-Windows-Sysmon",
      SourceModuleType: "im_msvistalog",
      Channel: "microsoft-windows-sysmon/operational",
      EventID: 12,
      EventType: "INFO",
      ExecutionProcessID: 3172,
      ThreadID: 1,
      UserID: "S-1-5-18",
      Keywords: -9223372036854775808n,
      Image: "C:\\a.exe",
      TargetObject: "HKLM\\x",
      Message: "Registry object added or deleted:\r\nEventType: CreateKey\r\nProcessId: 1072\r\n",
    });
    expect(at(event, "winlog.channel")).toBe("Microsoft-Windows-Sysmon/Operational");
    expect(at(event, "winlog.event_data.EventType")).toBe("CreateKey");
    expect(at(event, "process.pid")).toBe(1072);
    expect(event["@timestamp"]).toBe("2020-09-21T23:18:53.000Z");
    expect(at(event, "winlog.process.pid")).toBe(3172);
  });

  test("Mordor: the zone comes from a Sysmon record of the same file", () => {
    const normaliser = createNormaliser();
    const of = (content: JsonObject): JsonObject => normaliser.normalise({ kind: "document", place, document: content }).event;
    of({
      TimeCreated: "2020-10-19 03:30:46.257",
      SourceName: "Microsoft-Windows-Sysmon",
      Channel: "Microsoft-Windows-Sysmon/Operational",
      EventID: 1,
      UtcTime: "2020-10-19 07:30:46.251",
      Hostname: "WS05",
      Image: "C:\\a.exe",
    });
    const event = of({
      TimeCreated: "2020-10-19 03:30:46.416",
      SourceName: "Service Control Manager",
      Channel: "System",
      EventID: 7045,
      Hostname: "WS05",
      ServiceName: "PSEXESVC",
      AccountName: "LocalSystem",
    });
    expect(event["@timestamp"]).toBe("2020-10-19T07:30:46.416Z");
    expect(at(event, "winlog.event_data.AccountName")).toBe("LocalSystem");
  });

  test.each([
    ["1", { Image: "C:\\a.exe" }, "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon"],
    ["13", { TargetObject: "HKLM\\X", Details: "y" }, "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon"],
    ["4688", { NewProcessName: "C:\\a.exe", CommandLine: "a" }, "Security", "Microsoft-Windows-Security-Auditing"],
    ["4104", { ScriptBlockText: "a" }, "Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell"],
    ["7045", { ServiceName: "a", ImagePath: "b" }, "System", "Service Control Manager"],
    ["4624", { Channel: "security", LogonType: 3 }, "Security", "Microsoft-Windows-Security-Auditing"],
    ["400", { Provider_Name: "PowerShell", Data: "x" }, "Windows PowerShell", "PowerShell"],
  ] as const)("Sigma's names: %s is an event of the log whose data it holds", (code, data, channel, provider) => {
    const { event, unmapped } = document({ EventID: code, Execution_ProcessID: 7, EventRecordID: 5, ...data });
    expect([at(event, "winlog.channel"), at(event, "event.provider"), at(event, "event.code")]).toEqual([channel, provider, code]);
    expect([at(event, "winlog.process.pid"), at(event, "winlog.record_id")]).toEqual([7, "5"]);
    expect(at(event, "winlog.event_data.EventRecordID")).toBeUndefined();
    expect(unmapped).toBe(false);
  });

  test("a number called EventID alone makes no event of Windows, nor does a word that any log may hold", () => {
    for (const content of [
      { EventID: 1, User: "a" },
      { EventID: 4624, message: "a" },
      { EventID: 99, Image: "a" },
      { EventID: 1, Image: "a", event: { category: "x" } },
    ] as JsonObject[]) {
      expect(at(document(content).event, "winlog.channel")).toBeUndefined();
    }
  });

  test("Winlogbeat 6", () => {
    const { event } = document({
      "@timestamp": "2019-01-01T00:00:00.000Z",
      log_name: "Security",
      source_name: "Microsoft-Windows-Security-Auditing",
      event_id: 4672,
      computer_name: "DC",
      record_number: "5",
      event_data: { SubjectUserName: "a", PrivilegeList: "SeDebugPrivilege" },
      keywords: ["Audit Success"],
    });
    expect(at(event, "event.action")).toBe("logged-in-special");
    expect(at(event, "event.outcome")).toBe("success");
    expect(at(event, "user.name")).toBe("a");
    expect(event["@timestamp"]).toBe("2019-01-01T00:00:00.000Z");
  });
});

describe("documents that are ECS already", () => {
  test.each([
    ["a category", { category: ["custom"] }],
    ["a type", { type: ["custom"] }],
  ])("what a pipeline gave %s is not mapped again", (_what, described) => {
    const winlog = { channel: "Security", event_id: "4672", event_data: { SubjectUserName: "a" } };
    const { event } = document({ ecs: { version: "8.0.0" }, event: { code: "4672", ...described }, winlog });
    expect(event["event"]).toEqual({ code: "4672", ...described });
    expect(event).not.toHaveProperty("user");
  });

  test("dotted, nested and mixed keys are one form", () => {
    const { event, source } = document({
      "event.category": ["process"],
      event: { type: ["start"] },
      "process.parent": { name: "x" },
      "process.parent.pid": 1,
      "data_stream.dataset": "endpoint.events.process",
    });
    expect(event).toEqual({
      event: { category: ["process"], type: ["start"] },
      process: { parent: { name: "x", pid: 1 } },
      data_stream: { dataset: "endpoint.events.process" },
    });
    expect(source).toBe("endpoint.process");
  });

  test("hits with fields lose the arrays around single values", () => {
    expect(document({ "@timestamp": ["2024-01-01T00:00:00Z"], "process.args": ["a", "b"], "host.name": ["h"] }).event).toEqual({
      "@timestamp": "2024-01-01T00:00:00Z",
      process: { args: ["a", "b"] },
      host: { name: "h" },
    });
  });

  test("alerts keep kibana.*", () => {
    const { event, source, unmapped } = document({ "kibana.alert.rule.name": "r", event: { kind: "signal" } });
    expect(at(event, "kibana.alert.rule.name")).toBe("r");
    expect([source, unmapped]).toEqual(["kibana.alert", false]);
  });

  test("what is nothing of ours comes back as it is, counted as unmapped", () => {
    expect(document({ a: 1 })).toEqual({ event: { a: 1 }, source: "ecs", unmapped: true, place });
  });
});

describe("hostile input", () => {
  test("names of prototypes are data", () => {
    const raw = JSON.parse(
      '{"winlog":{"channel":"Security","provider_name":"Microsoft-Windows-Security-Auditing","event_id":"4624","event_data":{"__proto__":"x","constructor":"y","TargetUserName":"u"}},"__proto__":{"polluted":1},"constructor.prototype.polluted":1}',
    ) as JsonObject;
    const { event } = document(raw);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(at(event, "user.name")).toBe("u");
    expect(Object.keys(at(event, "winlog.event_data") as JsonObject)).toContain("__proto__");
  });

  const name = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "winlog",
      "event",
      "event_data",
      "EventID",
      "Channel",
      "SourceName",
      "event_id",
      "@timestamp",
      "result",
      "winlog.event_data.UtcTime",
      "kibana",
      "ecs",
      "host",
      "Hashes",
      "QueryResults",
      "TicketOptions",
      "OldSd",
      "AccessMask",
      "Keywords",
    ),
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 5 },
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.bigInt(),
      fc.constantFrom("Security", "1", "4624", "5145", "%%1538", "0x1f"),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(name, tie("json"), { maxKeys: 6 }),
    ),
  }));

  test("nothing throws, the prototype stays clean, no key of an event holds a dot", () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, json as fc.Arbitrary<Json>, { maxKeys: 8 }),
        fc.constantFrom("winlogbeat", "agent", "forwarded", undefined),
        fc.boolean(),
        (content, flavour, strictElastic) => {
          const { event } = document(content, flavour === undefined ? { strictElastic } : { strictElastic, flavour });
          expect(Object.getPrototypeOf(event)).toBeOneOf([Object.prototype, null]);
          expect(Object.keys(event).filter((key) => key.includes("."))).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each(["1", "3", "7", "13", "22", "4103"])("event data of any text: Sysmon and PowerShell %s", (code) => {
    const names = fc.constantFrom(
      "Hashes",
      "QueryResults",
      "QueryName",
      "TargetObject",
      "Details",
      "CommandLine",
      "ParentCommandLine",
      "Image",
      "User",
      "SourceIp",
      "DestinationPort",
      "UtcTime",
      "ContextInfo",
      "Payload",
      "param2",
      "param3",
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ maxLength: 200 })), (data) => {
        const channel = code === "4103" ? "Microsoft-Windows-PowerShell/Operational" : "Microsoft-Windows-Sysmon/Operational";
        document({ winlog: { channel, event_id: code, event_data: data } });
      }),
    );
  });

  test("long values take linear time", () => {
    const long = '\\" '.repeat(100_000);
    const started = performance.now();
    for (const code of ["1", "22"])
      document({
        winlog: {
          channel: "Microsoft-Windows-Sysmon/Operational",
          event_id: code,
          event_data: { CommandLine: long, QueryResults: long.replaceAll(" ", ";"), QueryName: long, TargetObject: long, Hashes: long },
        },
      });
    for (const code of ["4688", "5145", "4670", "4719"])
      document({
        winlog: {
          channel: "Security",
          event_id: code,
          event_data: { CommandLine: long, AccessList: long, OldSd: `D:${"(".repeat(100_000)}`, AuditPolicyChanges: long },
        },
      });
    document({
      winlog: {
        channel: "Microsoft-Windows-PowerShell/Operational",
        event_id: "4103",
        event_data: { Payload: `ParameterBinding(a): name=${"; ".repeat(100_000)}`, ContextInfo: long },
      },
    });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
