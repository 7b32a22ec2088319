/** Events of the audit category Account Logon. */
import { names } from "../../event.ts";
import { TARGET, type SecurityEvents } from "./event.ts";

export const ACCOUNT_LOGON = {
  4768: {
    name: "A Kerberos authentication ticket (TGT) was requested",
    subcategory: "Kerberos Authentication Service",
    ecs: { category: ["authentication"], type: ["start"], action: "kerberos-authentication-ticket-requested" },
    data: names(
      TARGET,
      "ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint ResponseTicket AccountSupportedEncryptionTypes AccountAvailableKeys ServiceSupportedEncryptionTypes ServiceAvailableKeys DCSupportedEncryptionTypes DCAvailableKeys ClientAdvertizedEncryptionTypes SessionKeyEncryptionType PreAuthEncryptionType",
    ),
    roles: ["target-is-user", "process-and-source", "kerberos-status"],
  },
  4769: {
    name: "A Kerberos service ticket was requested",
    subcategory: "Kerberos Service Ticket Operations",
    ecs: { category: ["authentication"], type: ["start"], action: "kerberos-service-ticket-requested" },
    data: names(
      "TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices RequestTicketHash ResponseTicketHash AccountSupportedEncryptionTypes AccountAvailableKeys ServiceSupportedEncryptionTypes ServiceAvailableKeys DCSupportedEncryptionTypes DCAvailableKeys ClientAdvertizedEncryptionTypes SessionKeyEncryptionType",
    ),
    roles: ["target-is-user", "process-and-source", "kerberos-status"],
  },
  4770: {
    name: "A Kerberos service ticket was renewed",
    subcategory: "Kerberos Service Ticket Operations",
    ecs: { category: ["authentication"], type: ["start"], action: "kerberos-service-ticket-renewed" },
    data: names("TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort"),
    roles: ["target-is-user", "process-and-source", "kerberos-status"],
  },
  4771: {
    name: "Kerberos pre-authentication failed",
    subcategory: "Kerberos Authentication Service",
    ecs: { category: ["authentication"], type: ["start"], action: "kerberos-preauth-failed" },
    data: names(
      "TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint",
    ),
    roles: ["target-is-user", "process-and-source", "kerberos-status"],
  },
  4776: {
    name: "The computer attempted to validate the credentials for an account",
    subcategory: "Credential Validation",
    ecs: { category: ["authentication"], type: ["start"], action: "credential-validated" },
    data: names("PackageName TargetUserName Workstation Status"),
    roles: ["target-is-user", "logon-failure"],
  },
} as const satisfies SecurityEvents;
