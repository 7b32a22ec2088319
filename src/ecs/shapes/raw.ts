/**
 * Any Windows record in the raw shape of Winlogbeat: what it is before a pipeline maps it to ECS, and what every mapping here
 * starts from.
 */
import type { JsonObject, LogRecord } from "../../readers/index.ts";
import { canonical, unwrapped } from "./canonical.ts";
import { isObject, objectAt, own, text, textAt } from "../object.ts";
import { isFlat, rawFromFlat } from "./flat.ts";
import { rawFromWindows } from "./windows.ts";
import { isWinlogbeat6, rawFromWinlogbeat6 } from "./winlogbeat6.ts";
import { withVendorTime } from "./vendor-time.ts";
import type { LocalZone } from "../time.ts";

/**
 * What a record is.
 * `raw`: a Windows event before any pipeline. `ecs`: a document that is what it will be (ECS already, an alert, Elastic Defend's,
 * or nothing of Windows).
 */
export interface Recognised {
  readonly form: "raw" | "ecs";
  readonly document: JsonObject;
}

/** @param timePaths where the time of a document may be that has no `@timestamp`, beside where vendors have it */
export function recognise(record: LogRecord, zone: LocalZone, timePaths: readonly (readonly string[])[] = []): Recognised {
  if (record.kind === "windows") return { form: "raw", document: rawFromWindows(record) };
  let document = record.document;
  // Splunk's JSON export wraps every row.
  const row = objectAt(document, "result");
  if (row !== undefined && own(row, "_time") !== undefined) document = row;
  if (isWinlogbeat6(document)) return { form: "raw", document: rawFromWinlogbeat6(document) };
  if (isFlat(document)) return { form: "raw", document: rawFromFlat(document, record.place, zone) };
  document = canonical(document);
  if (Array.isArray(own(document, "@timestamp"))) document = unwrapped(document);
  return needsMapping(document) ? { form: "raw", document } : { form: "ecs", document: withVendorTime(document, timePaths) };
}

/**
 * A Beat's document that no pipeline has touched: it has `winlog` and no category. Sysmon's pipeline always takes `UtcTime`
 * away, so where that is left the category does not come from the pipeline.
 */
export function needsMapping(document: JsonObject): boolean {
  const winlog = objectAt(document, "winlog");
  if (winlog === undefined || (own(winlog, "event_id") === undefined && textAt(objectAt(document, "event"), "code") === undefined))
    return false;
  const data = objectAt(winlog, "event_data");
  if (data !== undefined && text(data["UtcTime"]) !== undefined) return true;
  const event = objectAt(document, "event");
  if (event === undefined) return true;
  // Every pipeline says which version of ECS it writes.
  if (objectAt(document, "ecs") === undefined) return text(event["kind"]) !== "signal";
  if (own(event, "category") !== undefined || own(event, "type") !== undefined) return false;
  return text(event["kind"]) !== "signal" && !isObject(own(document, "kibana"));
}
