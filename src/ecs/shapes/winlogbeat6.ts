/** Winlogbeat 6: the same record with the fields at the top level (`event_data`, `log_name`, `source_name`). */
import type { JsonObject } from "../../readers/index.ts";
import { integer, isObject, objectAt, own, text, textAt } from "../object.ts";

export function isWinlogbeat6(document: JsonObject): boolean {
  return (
    own(document, "event_id") !== undefined &&
    own(document, "winlog") === undefined &&
    (textAt(document, "log_name") !== undefined || objectAt(document, "event_data") !== undefined)
  );
}

/** Old name at the top, new name under `winlog`. */
const RENAMED = [
  ["log_name", "channel"],
  ["source_name", "provider_name"],
  ["provider_guid", "provider_guid"],
  ["computer_name", "computer_name"],
  ["activity_id", "activity_id"],
  ["related_activity_id", "related_activity_id"],
  ["opcode", "opcode"],
  ["task", "task"],
  ["version", "version"],
  ["keywords", "keywords"],
  ["user", "user"],
  ["user_data", "user_data"],
  ["event_data", "event_data"],
] as const;

export function rawFromWinlogbeat6(document: JsonObject): JsonObject {
  const code = text(own(document, "event_id")) ?? "";
  const winlog: JsonObject = { api: "wineventlog", event_id: code };
  const event: JsonObject = { kind: "event", code };
  const raw: JsonObject = { event, winlog };
  for (const [old, now] of RENAMED) {
    const value = own(document, old);
    if (value !== undefined && value !== null) winlog[now] = value;
  }
  const time = textAt(document, "@timestamp");
  if (time !== undefined) raw["@timestamp"] = time;
  const provider = textAt(document, "source_name");
  if (provider !== undefined) event["provider"] = provider;
  const task = textAt(document, "task");
  if (task !== undefined) event["action"] = task;
  const record = integer(text(own(document, "record_number")));
  if (record !== undefined) winlog["record_id"] = record;
  const pid = integer(text(own(document, "process_id")));
  if (pid !== undefined) {
    const process: JsonObject = { pid };
    const thread = integer(text(own(document, "thread_id")));
    if (thread !== undefined) process["thread"] = { id: thread };
    winlog["process"] = process;
  }
  const keywords = own(document, "keywords");
  if (Array.isArray(keywords)) {
    if (keywords.includes("Audit Success")) event["outcome"] = "success";
    else if (keywords.includes("Audit Failure")) event["outcome"] = "failure";
  }
  const level = textAt(document, "level");
  if (level !== undefined) raw["log"] = { level: level.toLowerCase() };
  const message = textAt(document, "message");
  if (message !== undefined) raw["message"] = message;
  const host = own(document, "host");
  const computer = textAt(document, "computer_name");
  if (isObject(host)) raw["host"] = host;
  else if (computer !== undefined) raw["host"] = { name: computer };
  const beat = objectAt(document, "beat");
  raw["agent"] = beat === undefined ? { type: "winlogbeat" } : { type: "winlogbeat", ...beat };
  return raw;
}
