/** Of what in an event's System element the raw document is made: the table to `rawFromWindows`, which a test holds against it. */
import type { WindowsSystem } from "../../readers/index.ts";

type Property = keyof WindowsSystem;

const INPUTS: { readonly [path: string]: readonly Property[] } = {
  "@timestamp": ["timeCreated"],
  "event.kind": [],
  "event.code": ["eventId"],
  "event.provider": ["provider"],
  "event.action": ["task"],
  "event.outcome": ["keywords"],
  "winlog.api": [],
  "winlog.event_id": ["eventId"],
  "winlog.provider_name": ["provider"],
  "winlog.provider_guid": ["provider"],
  "winlog.channel": ["channel"],
  "winlog.computer_name": ["computer"],
  "winlog.record_id": ["eventRecordId"],
  "winlog.version": ["version"],
  "winlog.task": ["task"],
  "winlog.opcode": ["opcode"],
  "winlog.keywords": ["keywords"],
  "winlog.activity_id": ["activityId"],
  "winlog.related_activity_id": ["relatedActivityId"],
  "winlog.process.pid": ["processId"],
  "winlog.process.thread.id": ["processId", "threadId"],
  "winlog.user.identifier": ["userId"],
  "host.name": ["computer"],
  "log.level": ["level"],
};

/** What comes from elsewhere: the data, the rendering, the place of the record. */
const ELSEWHERE = ["winlog.event_data", "winlog.user_data", "message", "log.file.path"];

/** The properties of the System element that a path of the raw document depends on, with all that lies under it; null where something else may too. */
export function systemInputs(path: string): readonly Property[] | null {
  if (ELSEWHERE.some((other) => meet(other, path))) return null;
  return [...new Set(Object.keys(INPUTS).flatMap((known) => (meet(known, path) ? INPUTS[known]! : [])))];
}

function meet(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
