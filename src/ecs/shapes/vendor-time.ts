/** `@timestamp` of documents that no pipeline has seen: the time under the name, and in the form, that their vendor gives it. */
import type { Json, JsonObject } from "../../readers/index.ts";
import { isObject, own, text } from "../object.ts";

/** Where a record's own time is, the first that holds one. What merely was received or stored then comes last. */
const PATHS: readonly (readonly string[])[] = [
  ["eventTime"], // AWS CloudTrail
  ["time"], // Azure Monitor, W3C
  ["eventTimestamp"], // Azure's activity log by REST
  ["activityDateTime"], // Microsoft Graph
  ["createdDateTime"],
  ["detectedDateTime"],
  ["CreationTime"], // Microsoft 365
  ["published"], // Okta
  ["requestReceivedTimestamp"], // Kubernetes
  ["timestamp"], // Google Cloud, Cisco Duo
  ["timestamp", "epochSecond"], // Bitbucket
  ["data", "timestamp"], // Google Cloud through Pub/Sub
  ["id", "time"], // Google Workspace
  ["isotimestamp"], // Cisco Duo
  ["utc_time"], // OpenCanary
  ["ts"], // Zeek
  ["eventtime"], // FortiGate
  ["__REALTIME_TIMESTAMP"], // journald
  ["created_at"], // GitHub, OneLogin
  ["TimeGenerated"], // Log Analytics
];

/**
 * The document with `@timestamp`; the same where it has one, or names no time.
 * @param first paths that are looked at first
 */
export function withVendorTime(document: JsonObject, first: readonly (readonly string[])[] = []): JsonObject {
  if (own(document, "@timestamp") !== undefined) return document;
  for (const path of first.length === 0 ? PATHS : [...first, ...PATHS]) {
    const time = instantOf(valueAt(document, path), document);
    if (time !== undefined) return { ...document, "@timestamp": time };
  }
  return document;
}

function valueAt(document: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const name of path) value = isObject(value) ? own(value, name) : undefined;
  return value;
}

function instantOf(value: Json | undefined, document: JsonObject): string | undefined {
  const written = text(value);
  if (written === undefined || written.length > 40) return undefined;
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(written)) return written;
  // Nanoseconds have 19 digits, of which a number holds 16.
  if (/^\d{9,16}(?:\.\d+)?$|^\d{19}$/.test(written)) return epoch(Number(written.slice(0, written.length === 19 ? 16 : 40)));
  // W3C logs write the date, in UTC, in a field of its own.
  if (/^\d{2}:\d{2}:\d{2}(?:\.\d+)?$/.test(written)) {
    const date = text(own(document, "date"));
    return date !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T${written}Z` : undefined;
  }
  return american(written);
}

/** Since 1970 in seconds, milliseconds or microseconds; nobody's telemetry is of before 1973. */
function epoch(value: number): string | undefined {
  const micros = Math.round(value < 1e11 ? value * 1e6 : value < 1e14 ? value * 1e3 : value);
  const seconds = Math.floor(micros / 1e6);
  if (seconds < 100_000_000) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros - seconds * 1e6).padStart(6, "0")}Z`;
}

/** `8/22/2022 6:07:16 PM`, in UTC, as some of Azure's resources write it. */
function american(written: string): string | undefined {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (AM|PM)$/.exec(written);
  if (parts === null) return undefined;
  const [month, day, year, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  return new Date(Date.UTC(year, month - 1, day, (hour % 12) + (parts[7] === "PM" ? 12 : 0), minute, second)).toISOString();
}
