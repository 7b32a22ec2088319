/**
 * Who acted and what was done in records that no pipeline has mapped to ECS, as their vendors document them. They are looked at last, so
 * that a mapped event is described by ECS alone.
 */

/** The account that acted. */
export const VENDOR_ACCOUNTS: readonly string[] = [
  // AWS CloudTrail; a role that was assumed has no name of its own.
  "userIdentity.userName",
  "userIdentity.sessionContext.sessionIssuer.userName",
  "userIdentity.arn",
  // Okta
  "actor.alternateId",
  // Microsoft 365
  "UserId",
  // Entra ID: sign-ins, also as Azure Monitor exports them; activity of Azure
  "userPrincipalName",
  "properties.userPrincipalName",
  "properties.initiatedBy.user.userPrincipalName",
  "caller",
  // Google Cloud
  "protoPayload.authenticationInfo.principalEmail",
  // Kubernetes
  "user.username",
  // Proxies in the W3C's format
  "cs-username",
  // GitHub
  "actor",
];

/** What was done. */
export const VENDOR_ACTIONS: readonly string[] = [
  // AWS CloudTrail, Okta, Microsoft 365, Azure and Entra ID, Google Cloud, Kubernetes, GitHub
  "eventName",
  "eventType",
  "Operation",
  "operationName",
  "protoPayload.methodName",
  "verb",
  "action",
  // Proxies in the W3C's format
  "cs-host",
];
