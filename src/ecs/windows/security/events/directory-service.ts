/** Events of the audit category DS Access. */
import { names } from "../../event.ts";
import { SUBJECT, type SecurityEvents } from "./event.ts";

export const DIRECTORY_SERVICE = {
  4662: {
    name: "An operation was performed on an object",
    subcategory: "Directory Service Access",
    condition: "a SACL on the directory object",
    ecs: { category: ["iam", "configuration"], type: ["admin", "change"], action: "object-operation-performed" },
    data: names(
      SUBJECT,
      "ObjectServer ObjectType ObjectName OperationType HandleId AccessList AccessMask Properties AdditionalInfo AdditionalInfo2",
    ),
    roles: ["subject-is-user"],
  },
  5136: {
    name: "A directory service object was modified",
    subcategory: "Directory Service Changes",
    condition: "a SACL on the directory object",
    ecs: { category: ["iam", "configuration"], type: ["admin", "change"], action: "directory-service-object-modified" },
    data: names(
      "OpCorrelationID AppCorrelationID",
      SUBJECT,
      "DSName DSType ObjectDN ObjectGUID ObjectClass AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType",
    ),
    roles: ["subject-is-user"],
  },
  5137: {
    name: "A directory service object was created",
    subcategory: "Directory Service Changes",
    added: {
      by: "directory-object",
      category: ["iam", "configuration"],
      type: ["admin", "creation"],
      action: "directory-service-object-created",
    },
    data: names("OpCorrelationID AppCorrelationID", SUBJECT, "DSName DSType ObjectDN ObjectGUID ObjectClass"),
    roles: ["subject-is-user"],
  },
  5141: {
    name: "A directory service object was deleted",
    subcategory: "Directory Service Changes",
    added: {
      by: "directory-object",
      category: ["iam", "configuration"],
      type: ["admin", "deletion"],
      action: "directory-service-object-deleted",
    },
    data: names("OpCorrelationID AppCorrelationID", SUBJECT, "DSName DSType ObjectDN ObjectGUID ObjectClass TreeDelete"),
    roles: ["subject-is-user"],
  },
} as const satisfies SecurityEvents;
