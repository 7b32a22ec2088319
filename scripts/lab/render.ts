/** Lab events -> the bytes that a shipper or an export would write. */
import type { DefendEvent, Host, LabEvent, WindowsEvent } from "./event.ts";
import { guidOf } from "./random.ts";

const CHANNEL = { sysmon: "Microsoft-Windows-Sysmon/Operational", security: "Security", system: "System" } as const;
const PROVIDER = {
  sysmon: "Microsoft-Windows-Sysmon",
  security: "Microsoft-Windows-Security-Auditing",
  system: "Service Control Manager",
} as const;
const PROVIDER_GUID = {
  sysmon: "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
  security: "{54849625-5478-4994-a5ba-3e3b0328c30d}",
  system: "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
} as const;
const LEVEL: { readonly [level: number]: string } = { 0: "information", 2: "error", 3: "warning", 4: "information" };

/** 100 ns digits, which JavaScript's times do not have; they belong to the record. */
function timeOf(event: WindowsEvent): string {
  return new Date(event.ms).toISOString().replace("Z", `${String((event.recordId * 7919) % 10_000).padStart(4, "0")}Z`);
}

/** As Winlogbeat writes it before any pipeline (to a file, Kafka or Logstash). `tags` and `labels` say that it is synthetic. */
export function winlogbeat(event: LabEvent): { readonly [key: string]: unknown } {
  if (event.stream === "defend") return synthetic(event.document);
  const data: { [name: string]: string } = {};
  for (const [name, value] of event.data) if (value !== "") data[name] = value;
  return synthetic({
    "@timestamp": timeOf(event),
    agent: {
      ephemeral_id: guidOf(`ephemeral ${event.host.name}`),
      id: guidOf(`winlogbeat ${event.host.name}`),
      name: event.host.name,
      type: "winlogbeat",
      version: "8.17.0",
    },
    ecs: { version: "8.0.0" },
    event: {
      action: event.taskName,
      code: String(event.id),
      created: new Date(event.ms + 1180).toISOString(),
      kind: "event",
      ...(event.outcome === null ? {} : { outcome: event.outcome }),
      provider: PROVIDER[event.stream],
    },
    host: {
      name: event.host.fqdn,
      hostname: event.host.name,
      architecture: "x86_64",
      os: osOf(event.host),
      id: event.host.machineId,
      ip: [event.host.ip],
    },
    log: { level: LEVEL[event.level] ?? "information" },
    message: event.message,
    winlog: {
      api: "wineventlog",
      channel: CHANNEL[event.stream],
      computer_name: event.host.fqdn,
      event_data: data,
      event_id: String(event.id),
      ...(event.keywordNames.length === 0 ? {} : { keywords: [...event.keywordNames] }),
      opcode: "Info",
      process: { pid: event.processId, thread: { id: event.threadId } },
      provider_guid: PROVIDER_GUID[event.stream],
      provider_name: PROVIDER[event.stream],
      record_id: event.recordId,
      ...(event.task === 0 ? {} : { task: event.taskName }),
      ...(event.userId === null ? {} : { user: userOf(event.userId) }),
      ...(event.version === 0 ? {} : { version: event.version }),
    },
  });
}

/** The same from Elastic Agent's Windows event log input: other agent fields, the data stream it is bound for. */
export function elasticAgent(event: LabEvent): { readonly [key: string]: unknown } {
  if (event.stream === "defend") return synthetic(event.document);
  const document = winlogbeat(event) as { readonly [key: string]: unknown; readonly winlog: { readonly [key: string]: unknown } };
  const dataset = { sysmon: "windows.sysmon_operational", security: "system.security", system: "system.system" }[event.stream];
  const id = guidOf(`elastic-agent ${event.host.name}`);
  return {
    ...document,
    agent: { ephemeral_id: guidOf(`ephemeral agent ${event.host.name}`), id, name: event.host.name, type: "filebeat", version: "8.17.0" },
    data_stream: { dataset, namespace: "default", type: "logs" },
    elastic_agent: { id, snapshot: false, version: "8.17.0" },
    event: { ...(document["event"] as object), dataset },
    input: { type: "winlog" },
  };
}

function osOf(host: Host): { readonly [key: string]: unknown } {
  return host.server
    ? {
        build: "20348.2849",
        family: "windows",
        kernel: "10.0.20348.2849",
        name: "Windows Server 2022 Standard",
        platform: "windows",
        type: "windows",
        version: "10.0",
      }
    : {
        build: "22631.4460",
        family: "windows",
        kernel: "10.0.22621.4391",
        name: "Windows 11 Enterprise",
        platform: "windows",
        type: "windows",
        version: "10.0",
      };
}

function userOf(sid: string): { readonly [key: string]: string } {
  return sid === "S-1-5-18" ? { domain: "NT AUTHORITY", identifier: sid, name: "SYSTEM", type: "User" } : { identifier: sid };
}

function synthetic(document: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  return { ...document, labels: { synthetic: "true" }, tags: ["synthetic"] };
}

/** Windows Event XML as wevtutil and Event Viewer write it. */
export function eventXml(event: WindowsEvent): string {
  const { stream } = event;
  const user = event.userId === null ? "" : ` UserID='${event.userId}'`;
  const provider =
    stream === "system"
      ? `<Provider Name='Service Control Manager' Guid='${PROVIDER_GUID.system}' EventSourceName='Service Control Manager'/>`
      : `<Provider Name='${PROVIDER[stream]}' Guid='${PROVIDER_GUID[stream]}'/>`;
  const id = stream === "system" ? `<EventID Qualifiers='16384'>${event.id}</EventID>` : `<EventID>${event.id}</EventID>`;
  const data = event.data
    .map(([name, value]) => (value === "" ? `<Data Name='${name}'/>` : `<Data Name='${name}'>${escape(value)}</Data>`))
    .join("");
  return (
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>${provider}${id}<Version>${event.version}</Version><Level>${event.level}</Level>` +
    `<Task>${event.task}</Task><Opcode>${event.opcode}</Opcode><Keywords>${event.keywords}</Keywords><TimeCreated SystemTime='${timeOf(event)}'/>` +
    `<EventRecordID>${event.recordId}</EventRecordID><Correlation/><Execution ProcessID='${event.processId}' ThreadID='${event.threadId}'/>` +
    `<Channel>${CHANNEL[stream]}</Channel><Computer>${event.host.fqdn}</Computer><Security${user}/></System><EventData>${data}</EventData></Event>`
  );
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}

/** NXLog's flat JSON (im_msvistalog, to_json), the shape of many public recordings. Times are local and without a zone. */
export function nxlog(event: WindowsEvent): { readonly [key: string]: unknown } {
  const data: { [name: string]: string } = {};
  for (const [name, value] of event.data) data[name] = value;
  const local = new Date(event.ms).toISOString().slice(0, 19).replace("T", " ");
  return {
    EventTime: local,
    Hostname: event.host.fqdn,
    Keywords: String(BigInt.asIntN(64, BigInt(event.keywords))),
    EventType: event.outcome === null ? "INFO" : event.outcome === "success" ? "AUDIT_SUCCESS" : "AUDIT_FAILURE",
    SeverityValue: 2,
    Severity: "INFO",
    EventID: event.id,
    SourceName: PROVIDER[event.stream],
    ProviderGuid: PROVIDER_GUID[event.stream].toUpperCase(),
    Version: event.version,
    Task: event.task,
    OpcodeValue: event.opcode,
    RecordNumber: event.recordId,
    ExecutionProcessID: event.processId,
    ExecutionThreadID: event.threadId,
    Channel: CHANNEL[event.stream],
    ...(event.userId === "S-1-5-18" ? { Domain: "NT AUTHORITY", AccountName: "SYSTEM", UserID: "S-1-5-18", AccountType: "User" } : {}),
    Message: event.message,
    Category: event.taskName,
    Opcode: "Info",
    ...data,
    EventReceivedTime: local,
    SourceModuleName: "eventlog",
    SourceModuleType: "im_msvistalog",
    "@timestamp": new Date(event.ms + 2200).toISOString(),
    "@version": "1",
    synthetic: "true",
  };
}

export function isWindows(event: LabEvent): event is WindowsEvent {
  return event.stream !== "defend";
}

export function byTime(a: LabEvent, b: LabEvent): number {
  return a.ms - b.ms;
}

export type { DefendEvent };
