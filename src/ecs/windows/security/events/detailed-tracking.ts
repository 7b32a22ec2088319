/** Events of the audit category Detailed Tracking. */
import { names } from "../../event.ts";
import { PROCESS, SUBJECT, type SecurityEvents } from "./event.ts";

export const DETAILED_TRACKING = {
  4688: {
    name: "A new process has been created",
    subcategory: "Process Creation",
    condition: "command lines only with the policy Include command line in process creation events",
    ecs: { category: ["process"], type: ["start"], action: "created-process" },
    data: names(
      SUBJECT,
      "NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel",
    ),
    roles: ["subject-is-user", "target-is-user-effective", "target-is-related", "new-process"],
  },
  4689: {
    name: "A process has exited",
    subcategory: "Process Termination",
    ecs: { category: ["process"], type: ["end"], action: "exited-process" },
    data: names(SUBJECT, "Status", PROCESS),
    roles: ["subject-is-user", "process-and-source"],
  },
} as const satisfies SecurityEvents;
