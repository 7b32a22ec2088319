/** Events of the audit category Privilege Use. */
import { names } from "../../event.ts";
import { PROCESS, SUBJECT, type SecurityEvents } from "./event.ts";

export const PRIVILEGE_USE = {
  4673: {
    name: "A privileged service was called",
    subcategory: "Sensitive Privilege Use",
    ecs: { category: ["iam"], type: ["admin"], action: "privileged-service-called" },
    data: names(SUBJECT, "ObjectServer Service PrivilegeList", PROCESS),
    roles: ["subject-is-user", "process-and-source", "privileges"],
  },
  4674: {
    name: "An operation was attempted on a privileged object",
    subcategory: "Sensitive Privilege Use",
    ecs: { category: ["iam"], type: ["admin"], action: "privileged-operation" },
    data: names(SUBJECT, "ObjectServer ObjectType ObjectName HandleId AccessMask PrivilegeList", PROCESS),
    roles: ["subject-is-user", "process-and-source", "privileges"],
  },
} as const satisfies SecurityEvents;
