/**
 * Flat JSON records of Windows events: NXLog's im_msvistalog (fields of the record and of its event data side by side), Mordor's
 * (HELK's Logstash, Export-WinEvents.ps1), Splunk's search results, and records by the names of Sigma's taxonomy. The names of the
 * record's own fields are known; every other field is event data.
 */
import type { Json, JsonObject, LogLocation } from "../../readers/index.ts";
import { keywordsOf } from "../windows/levels.ts";
import { integer, isObject, put, text, textAt } from "../object.ts";
import { channelOfProvider, logOfData, providerOfEvent } from "./log-of-data.ts";
import { hasZone, type LocalZone } from "../time.ts";

/** Fields of the record or of its transport. `AccountName` and `Domain` are NXLog's for the account of the record. */
const RECORD_FIELDS = new Set([
  "@timestamp",
  "@version",
  "ActivityID",
  "AccountType",
  "Category",
  "Channel",
  "Domain",
  "EventCode",
  "EventID",
  "EventReceivedTime",
  "EventTime",
  "EventTypeOrignal",
  "EventTypeOriginal",
  "ExecutionProcessID",
  "EventId",
  "EventRecordID",
  "Execution_ProcessID",
  "Execution_ThreadID",
  "ComputerName",
  "Computer",
  "Correlation_ActivityID",
  "Hostname",
  "Keywords",
  "Level",
  "LogName",
  "Message",
  "Opcode",
  "OpcodeValue",
  "ProcessID",
  "ProviderGuid",
  "ProviderName",
  "Provider_Guid",
  "Provider_Name",
  "RecordNumber",
  "RelatedActivityID",
  "Severity",
  "SeverityValue",
  "SourceModuleName",
  "SourceModuleType",
  "SourceName",
  "Security_UserID",
  "SystemTime",
  "Task",
  "TaskCategory",
  "ThreadID",
  "TimeCreated",
  "TimeGenerated",
  "UserID",
  "Version",
  "host",
  "port",
  "tags",
  "type",
  "timestamp",
  "_time",
  "_raw",
  "_index",
  "_id",
  "_type",
  "index",
  "source",
  "sourcetype",
  "splunk_server",
  "linecount",
  "punct",
  "Id",
]);

/** Events whose event data has fields that NXLog's own names collide with. */
const OWN_ACCOUNT_NAME = new Set(["7045", "4778", "4779"]);

const CHANNELS = new Map(
  [
    "Security",
    "System",
    "Application",
    "Setup",
    "ForwardedEvents",
    "Windows PowerShell",
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-PowerShell/Operational",
    "Microsoft-Windows-WMI-Activity/Operational",
    "Microsoft-Windows-TaskScheduler/Operational",
  ].map((name) => [name.toLowerCase(), name] as const),
);

/** The channel as Windows spells it: exports fold its case. */
export function channelName(name: string): string {
  return CHANNELS.get(name.toLowerCase()) ?? name;
}

const SYSMON = "Microsoft-Windows-Sysmon";

/** Whether a document is one of these shapes. */
export function isFlat(document: JsonObject): boolean {
  const id = codeOf(document);
  if (id === undefined || integer(id) === undefined) return false;
  if (document["Channel"] !== undefined || document["LogName"] !== undefined || providerOf(document) !== undefined) return true;
  return !isObject(document["winlog"]) && !isObject(document["event"]) && logOfData(document, id) !== undefined;
}

/** `EventId` is the spelling of some of Sigma's rules. */
function codeOf(document: JsonObject): string | undefined {
  return text(document["EventID"] ?? document["EventCode"] ?? document["EventId"]);
}

function providerOf(document: JsonObject): string | undefined {
  return textAt(document, "SourceName") ?? textAt(document, "ProviderName") ?? textAt(document, "Provider_Name");
}

export function rawFromFlat(document: JsonObject, place: LogLocation, zone: LocalZone): JsonObject {
  const code = codeOf(document)!;
  const named = providerOf(document);
  const written =
    textAt(document, "Channel") ?? textAt(document, "LogName") ?? (named === undefined ? undefined : channelOfProvider(named));
  const log = written === undefined && named === undefined ? logOfData(document, code) : undefined;
  const channel = written ?? log?.channel;
  const provider = named ?? log?.provider ?? (channel === undefined ? undefined : providerOfEvent(channel, code));
  const nxlog = document["SourceModuleType"] !== undefined || document["EventReceivedTime"] !== undefined;
  const event: JsonObject = { kind: "event", code };
  const winlog: JsonObject = { event_id: code };
  const raw: JsonObject = { event, winlog };
  if (provider !== undefined) {
    event["provider"] = provider;
    winlog["provider_name"] = provider;
  }
  if (channel !== undefined) winlog["channel"] = channelName(channel);
  const data = eventData(document, code, nxlog);
  if (provider === SYSMON) recover(document, data, code);
  setTime(document, data, raw, place, zone);
  const computer = textAt(document, "Hostname") ?? textAt(document, "ComputerName") ?? textAt(document, "Computer");
  if (computer !== undefined) {
    winlog["computer_name"] = computer;
    raw["host"] = { name: computer };
  }
  copyText(document, "ProviderGuid", winlog, "provider_guid");
  copyText(document, "Provider_Guid", winlog, "provider_guid");
  copyText(document, "ActivityID", winlog, "activity_id");
  copyText(document, "Correlation_ActivityID", winlog, "activity_id");
  copyText(document, "RelatedActivityID", winlog, "related_activity_id");
  copyText(document, "Opcode", winlog, "opcode");
  const record = integer(text(document["RecordNumber"] ?? document["EventRecordID"]));
  if (record !== undefined) winlog["record_id"] = record;
  const version = integer(text(document["Version"]));
  if (version !== undefined && version !== 0) winlog["version"] = version;
  const task = textAt(document, "Category") ?? textAt(document, "TaskCategory") ?? (text(document["Task"]) === "0" ? "None" : undefined);
  if (task !== undefined) {
    event["action"] = task;
    winlog["task"] = task;
  }
  setKeywords(document, event, winlog);
  setProcess(document, winlog);
  setUser(document, winlog, nxlog);
  const level = textAt(document, "Level") ?? textAt(document, "Severity");
  if (level !== undefined) raw["log"] = { level: levelOf(level) };
  const message = textAt(document, "Message");
  if (message !== undefined) raw["message"] = message.includes("\r") ? message.replaceAll("\r\n", "\n") : message;
  if (Object.keys(data).length > 0) winlog["event_data"] = data;
  const tags = document["tags"];
  if (Array.isArray(tags)) raw["tags"] = tags;
  return raw;
}

function eventData(document: JsonObject, code: string, nxlog: boolean): JsonObject {
  const data: JsonObject = {};
  for (const name of Object.keys(document)) {
    if (RECORD_FIELDS.has(name)) continue;
    if (nxlog && ((name === "AccountName" && !OWN_ACCOUNT_NAME.has(code)) || name === "EventType")) continue;
    const value = text(document[name]);
    // A name with a dot is no event data of Windows; it would break the one form of keys.
    if (value !== undefined && !name.includes(".")) put(data, name, value.includes("\r") ? value.replaceAll("\r\n", "\n") : value);
  }
  return data;
}

/**
 * Sysmon's message lists the event data as `Name: value` lines. NXLog overwrites `EventType` and some exports drop `ProcessId`:
 * what is missing is taken from there.
 */
function recover(document: JsonObject, data: JsonObject, code: string): void {
  const noProcess =
    data["ProcessId"] === undefined && data["SourceProcessId"] === undefined && code !== "4" && code !== "16" && code !== "255";
  const noType = data["EventType"] === undefined && (code === "12" || code === "13" || code === "14" || code === "17" || code === "18");
  if (!noProcess && !noType) return;
  const message = textAt(document, "Message");
  if (message === undefined) return;
  for (const line of message.split("\n", 64)) {
    const at = line.indexOf(": ");
    if (at <= 0 || at > 40) continue;
    const name = line.slice(0, at);
    if (Object.hasOwn(data, name) || name.includes(" ") || name.includes(".")) continue;
    const value = line.endsWith("\r") ? line.slice(at + 2, -1) : line.slice(at + 2);
    if (value !== "") put(data, name, value);
  }
}

function setTime(document: JsonObject, data: JsonObject, raw: JsonObject, place: LogLocation, zone: LocalZone): void {
  const receipt = textAt(document, "@timestamp") ?? textAt(document, "timestamp");
  const local = textAt(document, "EventTime") ?? textAt(document, "TimeCreated") ?? textAt(document, "SystemTime");
  if (local === undefined) {
    const time = receipt ?? textAt(document, "_time") ?? textAt(document, "TimeGenerated");
    if (time !== undefined) raw["@timestamp"] = time;
    return;
  }
  if (!hasZone(local) && zone.wantsMore(place.file)) {
    const received = textAt(document, "EventReceivedTime");
    const utc = text(data["UtcTime"]);
    if (received !== undefined && receipt !== undefined && hasZone(receipt)) zone.learn(place.file, received, receipt);
    else if (utc !== undefined) zone.learn(place.file, local, utc);
    else if (receipt !== undefined && hasZone(receipt)) zone.learn(place.file, local, receipt);
  }
  const time = zone.toUtc(place.file, local) ?? receipt;
  if (time !== undefined) raw["@timestamp"] = time;
}

function setKeywords(document: JsonObject, event: JsonObject, winlog: JsonObject): void {
  const value = document["Keywords"];
  if (Array.isArray(value)) {
    winlog["keywords"] = value;
    return;
  }
  const written = text(value);
  const type = textAt(document, "EventType");
  let outcome = type === "AUDIT_SUCCESS" ? "success" : type === "AUDIT_FAILURE" ? "failure" : undefined;
  if (written !== undefined) {
    const keywords = keywordsOf(written);
    if (keywords.names.length > 0) winlog["keywords"] = keywords.names.slice();
    else if (integer(written) === undefined) winlog["keywords"] = [written];
    outcome =
      keywords.outcome ?? outcome ?? (written === "Audit Success" ? "success" : written === "Audit Failure" ? "failure" : undefined);
  }
  if (outcome !== undefined) event["outcome"] = outcome;
}

function setProcess(document: JsonObject, winlog: JsonObject): void {
  const pid = integer(text(document["ExecutionProcessID"] ?? document["Execution_ProcessID"] ?? document["ProcessID"]));
  if (pid === undefined) return;
  const process: JsonObject = { pid };
  const thread = integer(text(document["ThreadID"] ?? document["Execution_ThreadID"]));
  if (thread !== undefined) process["thread"] = { id: thread };
  winlog["process"] = process;
}

function setUser(document: JsonObject, winlog: JsonObject, nxlog: boolean): void {
  const identifier = textAt(document, "UserID") ?? textAt(document, "Security_UserID");
  if (identifier === undefined || !identifier.startsWith("S-1-")) return;
  const user: JsonObject = { identifier };
  if (nxlog) {
    copyText(document, "AccountName", user, "name");
    copyText(document, "Domain", user, "domain");
    copyText(document, "AccountType", user, "type");
  }
  winlog["user"] = user;
}

function levelOf(level: string): Json {
  const lower = level.toLowerCase();
  return lower === "info" || lower === "0" || lower === "4" ? "information" : lower;
}

function copyText(from: JsonObject, name: string, to: JsonObject, as: string): void {
  const value = textAt(from, name);
  if (value !== undefined) to[as] = value;
}
