/** The type of a row of the Security events, and what several rows share. */
import type { EventDescription } from "../../event.ts";

/** Subcategories of the audit policy, as `auditpol` names them, and the tasks of the event log service itself. */
export type AuditSubcategory =
  | "Audit Policy Change"
  | "Authentication Policy Change"
  | "Authorization Policy Change"
  | "Computer Account Management"
  | "Credential Validation"
  | "Detailed File Share"
  | "Directory Service Access"
  | "Directory Service Changes"
  | "Distribution Group Management"
  | "Event processing"
  | "File Share"
  | "File System"
  | "Filtering Platform Connection"
  | "Filtering Platform Packet Drop"
  | "Kerberos Authentication Service"
  | "Kerberos Service Ticket Operations"
  | "Log clear"
  | "Logoff"
  | "Logon"
  | "MPSSVC Rule-Level Policy Change"
  | "Other Logon/Logoff Events"
  | "Other Object Access Events"
  | "Other System Events"
  | "Process Creation"
  | "Process Termination"
  | "Registry"
  | "Security Group Management"
  | "Security State Change"
  | "Security System Extension"
  | "Sensitive Privilege Use"
  | "Service shutdown"
  | "Special Logon"
  | "User Account Management";

/**
 * What part of the event data plays which role in ECS. The pipelines do more for every event by the names of its data alone (access
 * masks, logon types, services); these are what they do for some events only.
 */
export type SecurityRole =
  /** `Subject*` is `user.*` and in `related.user`. */
  | "subject-is-user"
  /** `SubjectUserName` is in `related.user`. */
  | "subject-is-related"
  /** The same of the user data, for events that have no event data. */
  | "user-data-subject"
  /** `Target*` is `user.*`: a logon is about the account that logs on. */
  | "target-is-user"
  | "target-is-user-target"
  | "target-is-user-effective"
  /** `Target*` is `group.*`, `MemberName` is `user.target.name`. */
  | "target-is-group"
  /** `Target*` is `winlog.computerObject.*`. */
  | "target-is-computer"
  /** `TargetUserName` is in `related.user`. */
  | "target-is-related"
  /** `TargetLogonId` is `winlog.logon.id`. */
  | "target-is-logon"
  /** `ProcessId` and `ProcessName` are `process.*`; `IpAddress`, `IpPort` and `WorkstationName` are `source.*`; `ClientAddress` is in `related.ip`. */
  | "process-and-source"
  /** `NewProcess*` is `process.*`, `ProcessId` and `ParentProcessName` are `process.parent.*`. */
  | "new-process"
  /** `Account*` is `user.*`, `Client*` is `source.*`. */
  | "session"
  /** `ShareLocalPath` and `RelativeTargetName` are `file.*`. */
  | "share"
  /** The program in `TaskContent` is `process.*` (an addition). */
  | "scheduled-task"
  /** `PrivilegeList` becomes a list. */
  | "privileges"
  /** `Status` is a Kerberos result code. */
  | "kerberos-status"
  /** `Status` and `SubStatus` are NTSTATUS codes: `winlog.logon.failure.*`. */
  | "logon-failure"
  /** `OldSd`, `NewSd` and `SidList` are put into words. */
  | "security-descriptors";

export interface SecurityEvent extends EventDescription {
  readonly subcategory: AuditSubcategory;
  /** What must be set up in addition to the subcategory. */
  readonly condition?: string;
  readonly roles?: readonly SecurityRole[];
  /** The `forwarded` data stream of the Windows integration up to 1.24 does not know it. */
  readonly notForwarded?: true;
}

export type SecurityEvents = Readonly<Record<number, SecurityEvent>>;

/** Event data that many events share. */
export const SUBJECT = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId";
export const TARGET = "TargetUserName TargetDomainName TargetSid";
export const PROCESS = "ProcessId ProcessName";
/** Attributes of an account. */
export const ACCOUNT =
  "SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours";
