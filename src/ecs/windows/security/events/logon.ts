/** Events of the audit category Logon/Logoff. */
import { names } from "../../event.ts";
import { PROCESS, SUBJECT, type SecurityEvents } from "./event.ts";

export const LOGON = {
  4624: {
    name: "An account was successfully logged on",
    subcategory: "Logon",
    ecs: { category: ["authentication"], type: ["start"], action: "logged-in" },
    data: names(
      SUBJECT,
      "TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength",
      PROCESS,
      "IpAddress IpPort ImpersonationLevel RestrictedAdminMode RemoteCredentialGuard TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken",
    ),
    roles: ["target-is-user", "subject-is-related", "process-and-source"],
  },
  4625: {
    name: "An account failed to log on",
    subcategory: "Logon",
    ecs: { category: ["authentication"], type: ["start"], action: "logon-failed" },
    data: names(
      SUBJECT,
      "TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength",
      PROCESS,
      "IpAddress IpPort",
    ),
    roles: ["target-is-user", "process-and-source", "logon-failure"],
  },
  4634: {
    name: "An account was logged off",
    subcategory: "Logoff",
    ecs: { category: ["authentication"], type: ["end"], action: "logged-out" },
    data: names("TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType"),
    roles: ["target-is-user", "target-is-logon"],
  },
  4647: {
    name: "User initiated logoff",
    subcategory: "Logoff",
    ecs: { category: ["authentication"], type: ["end"], action: "logged-out" },
    data: names("TargetUserSid TargetUserName TargetDomainName TargetLogonId"),
    roles: ["target-is-user", "target-is-logon"],
  },
  4648: {
    name: "A logon was attempted using explicit credentials",
    subcategory: "Logon",
    ecs: { category: ["authentication"], type: ["start"], action: "logged-in-explicit" },
    data: names(
      SUBJECT,
      "LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo",
      PROCESS,
      "IpAddress IpPort",
    ),
    roles: ["subject-is-user", "target-is-user", "target-is-user-effective", "subject-is-related", "process-and-source"],
  },
  4672: {
    name: "Special privileges assigned to new logon",
    subcategory: "Special Logon",
    ecs: { category: ["iam"], type: ["admin"], action: "logged-in-special" },
    data: names(SUBJECT, "PrivilegeList"),
    roles: ["subject-is-user", "privileges"],
  },
  4778: {
    name: "A session was reconnected to a Window Station",
    subcategory: "Other Logon/Logoff Events",
    ecs: { category: ["authentication", "session"], type: ["start"], action: "session-reconnected" },
    data: names("AccountName AccountDomain LogonID SessionName ClientName ClientAddress"),
    roles: ["session"],
  },
  4779: {
    name: "A session was disconnected from a Window Station",
    subcategory: "Other Logon/Logoff Events",
    ecs: { category: ["authentication", "session"], type: ["end"], action: "session-disconnected" },
    data: names("AccountName AccountDomain LogonID SessionName ClientName ClientAddress"),
    roles: ["session"],
  },
  4964: {
    name: "Special groups have been assigned to a new logon",
    subcategory: "Special Logon",
    ecs: { category: ["iam"], type: ["admin", "group"], action: "logged-in-special" },
    data: names(SUBJECT, "LogonGuid TargetUserSid TargetUserName TargetDomainName TargetLogonId TargetLogonGuid SidList"),
    roles: ["target-is-user", "target-is-logon"],
  },
} as const satisfies SecurityEvents;
