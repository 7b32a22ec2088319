/** Events of the audit category Object Access. */
import { names } from "../../event.ts";
import { PROCESS, SUBJECT, type SecurityEvents } from "./event.ts";

export const OBJECT_ACCESS = {
  4656: {
    name: "A handle to an object was requested",
    subcategory: "File System",
    condition: "a SACL on the object",
    data: names(
      SUBJECT,
      "ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount",
      PROCESS,
      "ResourceAttributes",
    ),
  },
  4657: {
    name: "A registry value was modified",
    subcategory: "Registry",
    condition: "a SACL on the key",
    ecs: { category: ["registry", "configuration"], type: ["change"], action: "registry-value-modified" },
    data: names(SUBJECT, "ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue", PROCESS),
    roles: ["subject-is-user"],
  },
  4658: {
    name: "The handle to an object was closed",
    subcategory: "File System",
    condition: "a SACL on the object, or Audit Handle Manipulation",
    data: names(SUBJECT, "ObjectServer HandleId", PROCESS),
  },
  4660: {
    name: "An object was deleted",
    subcategory: "File System",
    condition: "a SACL on the object",
    data: names(SUBJECT, "ObjectServer HandleId", PROCESS, "TransactionId"),
  },
  4663: {
    name: "An attempt was made to access an object",
    subcategory: "File System",
    condition: "a SACL on the object",
    data: names(SUBJECT, "ObjectServer ObjectType ObjectName HandleId AccessList AccessMask", PROCESS, "ResourceAttributes"),
  },
  4698: {
    name: "A scheduled task was created",
    subcategory: "Other Object Access Events",
    ecs: { category: ["iam", "configuration"], type: ["creation", "admin"], action: "scheduled-task-created" },
    data: names(SUBJECT, "TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN"),
    roles: ["subject-is-user", "scheduled-task"],
  },
  4699: {
    name: "A scheduled task was deleted",
    subcategory: "Other Object Access Events",
    ecs: { category: ["iam", "configuration"], type: ["deletion", "admin"], action: "scheduled-task-deleted" },
    data: names(SUBJECT, "TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN"),
    roles: ["subject-is-user", "scheduled-task"],
  },
  4700: {
    name: "A scheduled task was enabled",
    subcategory: "Other Object Access Events",
    ecs: { category: ["iam", "configuration"], type: ["change", "admin"], action: "scheduled-task-enabled" },
    data: names(SUBJECT, "TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN"),
    roles: ["subject-is-user", "scheduled-task"],
  },
  4701: {
    name: "A scheduled task was disabled",
    subcategory: "Other Object Access Events",
    ecs: { category: ["iam", "configuration"], type: ["change", "admin"], action: "scheduled-task-disabled" },
    data: names(SUBJECT, "TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN"),
    roles: ["subject-is-user", "scheduled-task"],
  },
  4702: {
    name: "A scheduled task was updated",
    subcategory: "Other Object Access Events",
    ecs: { category: ["iam", "configuration"], type: ["change", "admin"], action: "scheduled-task-updated" },
    data: names(SUBJECT, "TaskName TaskContentNew ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN"),
    roles: ["subject-is-user", "scheduled-task"],
  },
  5140: {
    name: "A network share object was accessed",
    subcategory: "File Share",
    ecs: { category: ["network", "file"], type: ["info", "access"], action: "network-share-object-accessed" },
    data: names(SUBJECT, "ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList"),
    roles: ["subject-is-user", "process-and-source", "share"],
    notForwarded: true,
  },
  5142: {
    name: "A network share object was added",
    subcategory: "File Share",
    added: { by: "share-object", category: ["configuration"], type: ["creation"], action: "network-share-object-added" },
    data: names(SUBJECT, "ShareName ShareLocalPath"),
    roles: ["subject-is-user", "share"],
  },
  5143: {
    name: "A network share object was modified",
    subcategory: "File Share",
    added: { by: "share-object", category: ["configuration"], type: ["change"], action: "network-share-object-modified" },
    data: names(
      SUBJECT,
      "ObjectType ShareName ShareLocalPath OldRemark NewRemark OldMaxUsers NewMaxUsers OldShareFlags NewShareFlags OldSD NewSD",
    ),
    roles: ["subject-is-user", "share"],
  },
  5144: {
    name: "A network share object was deleted",
    subcategory: "File Share",
    added: { by: "share-object", category: ["configuration"], type: ["deletion"], action: "network-share-object-deleted" },
    data: names(SUBJECT, "ShareName ShareLocalPath"),
    roles: ["subject-is-user", "share"],
  },
  5145: {
    name: "A network share object was checked to see whether client can be granted desired access",
    subcategory: "Detailed File Share",
    ecs: { category: ["network", "file"], type: ["info", "access"], action: "network-share-object-access-checked" },
    data: names(SUBJECT, "ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason"),
    roles: ["subject-is-user", "process-and-source", "share"],
    notForwarded: true,
  },
  5152: {
    name: "The Windows Filtering Platform blocked a packet",
    subcategory: "Filtering Platform Packet Drop",
    added: {
      by: "firewall-connection",
      category: ["network"],
      type: ["connection", "info", "denied"],
      action: "windows-firewall-packet-drop",
    },
    data: names(
      "ProcessId Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterOrigin FilterRTID LayerName LayerRTID",
    ),
  },
  5156: {
    name: "The Windows Filtering Platform has permitted a connection",
    subcategory: "Filtering Platform Connection",
    added: {
      by: "firewall-connection",
      category: ["network"],
      type: ["connection", "info", "allowed"],
      action: "windows-firewall-connection",
    },
    data: names(
      "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol InterfaceIndex FilterOrigin FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID OriginalProfile CurrentProfile IsLoopback HasRemoteDynamicKeywordAddress",
    ),
  },
  5157: {
    name: "The Windows Filtering Platform has blocked a connection",
    subcategory: "Filtering Platform Connection",
    added: {
      by: "firewall-connection",
      category: ["network"],
      type: ["connection", "info", "denied"],
      action: "windows-firewall-packet-block",
    },
    data: names(
      "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol InterfaceIndex FilterOrigin FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID OriginalProfile CurrentProfile IsLoopback HasRemoteDynamicKeywordAddress",
    ),
  },
  5158: {
    name: "The Windows Filtering Platform has permitted a bind to a local port",
    subcategory: "Filtering Platform Connection",
    data: names("ProcessId Application SourceAddress SourcePort Protocol FilterRTID LayerName LayerRTID"),
  },
  5168: {
    name: "SPN check for SMB/SMB2 failed",
    subcategory: "File Share",
    data: names(SUBJECT, "SpnName ErrorCode ServerNames ConfiguredNames IpAddresses"),
  },
} as const satisfies SecurityEvents;
