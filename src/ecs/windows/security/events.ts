/**
 * Every Security event that is known, by `event.code`: what it holds as Microsoft's audit documentation lists it and recorded events
 * have it, and what Elastic's pipelines (Winlogbeat, the System integration) make of it. One file per category of the audit policy.
 */
import { byCode, type RecordedEvent } from "../event.ts";
import { ACCOUNT_LOGON } from "./events/account-logon.ts";
import { ACCOUNT_MANAGEMENT } from "./events/account-management.ts";
import { DETAILED_TRACKING } from "./events/detailed-tracking.ts";
import { DIRECTORY_SERVICE } from "./events/directory-service.ts";
import type { AuditSubcategory, SecurityEvent } from "./events/event.ts";
import { GROUP_MANAGEMENT } from "./events/group-management.ts";
import { LOGON } from "./events/logon.ts";
import { OBJECT_ACCESS } from "./events/object-access.ts";
import { POLICY_CHANGE } from "./events/policy-change.ts";
import { PRIVILEGE_USE } from "./events/privilege-use.ts";
import { SYSTEM } from "./events/system.ts";

export const SECURITY_EVENTS: ReadonlyMap<string, SecurityEvent> = byCode<SecurityEvent>({
  ...ACCOUNT_LOGON,
  ...ACCOUNT_MANAGEMENT,
  ...DETAILED_TRACKING,
  ...DIRECTORY_SERVICE,
  ...GROUP_MANAGEMENT,
  ...LOGON,
  ...OBJECT_ACCESS,
  ...POLICY_CHANGE,
  ...PRIVILEGE_USE,
  ...SYSTEM,
});

/** What Windows writes whatever the audit policy says. */
const ALWAYS_WRITTEN: ReadonlySet<AuditSubcategory> = new Set([
  "Service shutdown",
  "Log clear",
  "Event processing",
  "Security State Change",
]);

/** Tasks of the service that keeps the logs, which writes to the channel under its own name. */
const EVENT_LOG_TASKS: ReadonlySet<AuditSubcategory> = new Set(["Service shutdown", "Log clear", "Event processing"]);

export const SECURITY_RECORDED: readonly RecordedEvent[] = [...SECURITY_EVENTS].map(([code, event]) => {
  const policy = ALWAYS_WRITTEN.has(event.subcategory) ? "always written" : `audit subcategory ${event.subcategory}`;
  const audit = event.condition === undefined ? policy : `${policy}; ${event.condition}`;
  // The task of a Security event is its subcategory.
  const provider = EVENT_LOG_TASKS.has(event.subcategory) ? { provider: "Microsoft-Windows-Eventlog" } : {};
  return { ...event, ...provider, code, tasks: [event.subcategory], audit };
});
