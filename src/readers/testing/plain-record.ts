import type { LogRecord, WindowsRecord } from "../record.ts";

/** A record with everything that is in it: events of EVTX are decoded when they are looked at, which comparing does not do. */
export function plainRecord<R extends LogRecord>(record: R): R;
export function plainRecord(record: LogRecord): LogRecord {
  return record.kind === "windows" ? plainWindows(record) : record;
}

function plainWindows({ kind, place, event }: WindowsRecord): WindowsRecord {
  const { system, eventData, userData, rendering, other } = event;
  return { kind, place, event: { system, eventData, userData, rendering, other } };
}
