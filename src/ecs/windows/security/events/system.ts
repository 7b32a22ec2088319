/** Events of the audit category System, and what the event log service itself writes. */
import { names } from "../../event.ts";
import { PROCESS, SUBJECT, type SecurityEvents } from "./event.ts";

export const SYSTEM = {
  1100: {
    name: "The event logging service has shut down",
    subcategory: "Service shutdown",
    ecs: { category: ["process"], type: ["end"], action: "logging-service-shutdown" },
    data: [],
    roles: ["process-and-source"],
  },
  1102: {
    name: "The audit log was cleared",
    subcategory: "Log clear",
    ecs: { category: ["iam"], type: ["admin", "change"], action: "audit-log-cleared" },
    data: names(
      "user_data.xml_name user_data.SubjectUserSid user_data.SubjectUserName user_data.SubjectDomainName user_data.SubjectLogonId",
    ),
    roles: ["user-data-subject", "process-and-source"],
  },
  1104: {
    name: "The security log is now full",
    subcategory: "Event processing",
    ecs: { category: ["iam"], type: ["admin"], action: "logging-full" },
    data: [],
    roles: ["process-and-source"],
  },
  1105: {
    name: "Event log automatic backup",
    subcategory: "Event processing",
    ecs: { category: ["iam"], type: ["admin"], action: "auditlog-archieved" },
    data: names("user_data.xml_name user_data.Channel user_data.BackupPath"),
    roles: ["process-and-source"],
  },
  1108: {
    name: "The event logging service encountered an error while processing an incoming event",
    subcategory: "Event processing",
    ecs: { category: ["iam"], type: ["admin"], action: "logging-processing-error" },
    data: names("user_data.xml_name user_data.ErrorCode user_data.EventID user_data.PubID"),
    roles: ["process-and-source"],
  },
  4610: {
    name: "An authentication package has been loaded by the Local Security Authority",
    subcategory: "Security System Extension",
    ecs: { category: ["configuration"], type: ["access"], action: "authentication-package-loaded" },
    data: names("AuthenticationPackageName"),
  },
  4611: {
    name: "A trusted logon process has been registered with the Local Security Authority",
    subcategory: "Security System Extension",
    ecs: { category: ["configuration"], type: ["change"], action: "trusted-logon-process-registered" },
    data: names(SUBJECT, "LogonProcessName"),
  },
  4614: {
    name: "A notification package has been loaded by the Security Account Manager",
    subcategory: "Security System Extension",
    ecs: { category: ["configuration"], type: ["access"], action: "notification-package-loaded" },
    data: names("NotificationPackageName"),
  },
  4616: {
    name: "The system time was changed",
    subcategory: "Security State Change",
    ecs: { category: ["configuration"], type: ["change"], action: "system-time-changed" },
    data: names(SUBJECT, "PreviousTime NewTime PreviousDate NewDate", PROCESS),
  },
  4622: {
    name: "A security package has been loaded by the Local Security Authority",
    subcategory: "Security System Extension",
    ecs: { category: ["configuration"], type: ["access"], action: "security-package-loaded" },
    data: names("SecurityPackageName"),
  },
  4697: {
    name: "A service was installed in the system",
    subcategory: "Security System Extension",
    ecs: { category: ["iam", "configuration"], type: ["admin", "change"], action: "service-installed" },
    data: names(
      SUBJECT,
      "ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount ClientProcessStartKey ClientProcessId ParentProcessId",
    ),
    roles: ["subject-is-user", "process-and-source"],
  },
  5024: {
    name: "The Windows Firewall Service has started successfully",
    subcategory: "Other System Events",
    ecs: { category: ["process"], type: ["start"], action: "windows-firewall-service-started" },
    data: [],
  },
  5025: {
    name: "The Windows Firewall Service has been stopped",
    subcategory: "Other System Events",
    ecs: { category: ["process"], type: ["end"], action: "windows-firewall-service-stopped" },
    data: [],
  },
  5033: {
    name: "The Windows Firewall Driver has started successfully",
    subcategory: "Other System Events",
    ecs: { category: ["driver"], type: ["start"], action: "windows-firewall-driver-started" },
    data: [],
  },
  5034: {
    name: "The Windows Firewall Driver has been stopped",
    subcategory: "Other System Events",
    ecs: { category: ["driver"], type: ["end"], action: "windows-firewall-driver-stopped" },
    data: [],
  },
  5037: {
    name: "The Windows Firewall Driver detected critical runtime error. Terminating",
    subcategory: "Other System Events",
    ecs: { category: ["driver"], type: ["end"], action: "windows-firewall-driver-error" },
    data: names("ErrorCode"),
  },
} as const satisfies SecurityEvents;
