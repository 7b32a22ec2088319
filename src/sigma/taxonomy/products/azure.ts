import type { FieldTable } from "../taxonomy.ts";
import type { FieldPlace, ProductLogSource } from "./product.ts";

/**
 * Azure Monitor's diagnostic records (`category`, `operationName`, `properties`), the same as Log Analytics columns (`OperationName`),
 * and Microsoft Graph's objects; the ECS of Elastic's `azure` integration.
 */
const OPERATION: FieldTable = {
  operationName: ["OperationName", "OperationNameValue", "operationName.value", "activityDisplayName", "event.action"],
  OperationName: ["operationName", "OperationNameValue", "operationName.value", "activityDisplayName", "event.action"],
  OperationNameValue: ["operationName", "OperationName", "operationName.value", "event.action"],
  CategoryValue: ["category", "Category", "category.value"],
  ResourceProviderValue: ["resourceProviderName.value", "ResourceProvider", "azure.resource.provider"],
  ResourceId: ["resourceId", "azure.resource.id"],
  CorrelationId: ["correlationId", "azure.correlation_id"],
  Level: ["level", "log.level"],
  CallerIpAddress: ["callerIpAddress", "source.ip"],
  Caller: ["caller", "identity"],
};

function places(log: string): readonly FieldPlace[] {
  return [
    { prefix: "", spelling: "camel" },
    { prefix: "properties.", spelling: "camel" },
    { under: "properties.", prefix: "" },
    { prefix: `azure.${log}.`, spelling: "snake" },
    { prefix: `azure.${log}.properties.`, spelling: "snake" },
  ];
}

export const AZURE: readonly ProductLogSource[] = [
  {
    names: ["azure/-/activitylogs", "azure/-/azureactivity"],
    datasets: ["azure.activitylogs"],
    shapes: [
      {
        is: {
          category: [
            "Administrative",
            "Security",
            "ServiceHealth",
            "Alert",
            "Recommendation",
            "Policy",
            "Autoscale",
            "ResourceHealth",
            "Action",
            "Write",
            "Delete",
          ],
        },
        has: ["operationName", "resourceId"],
      },
      { has: ["CategoryValue"] },
      { has: ["OperationNameValue"] },
      { has: ["operationName.value", "eventDataId"] },
    ],
    fields: {
      ...OPERATION,
      "properties.message": ["operationName", "OperationNameValue", "azure.activitylogs.operation_name", "event.action"],
      "properties.title": ["azure.activitylogs.properties.title"],
      status: ["resultType", "Status", "ActivityStatusValue", "event.outcome"],
      Status: ["resultType", "ActivityStatusValue", "event.outcome"],
      ActivityStatusValue: ["resultType", "status.value", "azure.activitylogs.result_type"],
    },
    places: places("activitylogs"),
  },
  {
    names: ["azure/-/auditlogs"],
    datasets: ["azure.auditlogs"],
    shapes: [
      { is: { category: ["AuditLogs"] } },
      { is: { Type: ["AuditLogs"] } },
      { has: ["activityDisplayName", "loggedByService"] },
      { has: ["LoggedByService"] },
    ],
    fields: {
      ...OPERATION,
      "properties.message": [
        "operationName",
        "OperationName",
        "properties.activityDisplayName",
        "activityDisplayName",
        "azure.auditlogs.operation_name",
        "azure.auditlogs.properties.activity_display_name",
      ],
      Operation: ["operationName", "OperationName", "activityDisplayName", "azure.auditlogs.operation_name"],
      ActivityDisplayName: ["operationName", "OperationName", "azure.auditlogs.operation_name"],
      ActivityType: ["operationName", "OperationName", "activityDisplayName", "azure.auditlogs.operation_name"],
      Category: ["properties.category", "azure.auditlogs.properties.category", "category"],
      Status: ["properties.result", "result", "Result", "resultType", "event.outcome"],
      Initiatedby: ["initiatedBy.user.userPrincipalName", "properties.initiatedBy.user.userPrincipalName", "user.email"],
      Target: ["targetResources.displayName", "properties.targetResources.displayName"],
      TargetResources: [
        "targetResources",
        "TargetResources",
        "properties.targetResources",
        "azure.auditlogs.properties.target_resources",
      ].map((field) => ({ kind: "object", field })),
      TargetUserName: ["targetResources.userPrincipalName", "properties.targetResources.userPrincipalName"],
    },
    places: places("auditlogs"),
  },
  {
    names: ["azure/-/signinlogs"],
    datasets: ["azure.signinlogs"],
    shapes: [
      { is: { category: ["SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs"] } },
      { is: { Type: ["SigninLogs", "AADNonInteractiveUserSignInLogs", "AADServicePrincipalSignInLogs"] } },
      { has: ["ResultType", "ConditionalAccessStatus"] },
      { has: ["appDisplayName", "conditionalAccessStatus"] },
    ],
    fields: {
      ResultType: ["resultType", "properties.status.errorCode", "status.errorCode", "Status.errorCode"],
      ResultDescription: ["resultDescription", "properties.status.failureReason", "status.failureReason", "Status.failureReason"],
      Status: ["properties.status.additionalDetails", "status.additionalDetails", "resultType", "event.outcome"],
      "properties.message": ["resultDescription", "properties.status.failureReason", "azure.signinlogs.result_description"],
      userAgent: ["UserAgent", "user_agent.original"],
      UserAgent: ["userAgent", "user_agent.original"],
      Username: ["userPrincipalName", "UserPrincipalName", "user.name"],
      UserPrincipalName: ["user.name"],
      IPAddress: ["ipAddress", "callerIpAddress", "source.ip"],
      Location: ["location", "location.countryOrRegion", "properties.location.countryOrRegion", "source.geo.country_iso_code"],
      NetworkLocationDetails: [
        "networkLocationDetails",
        "NetworkLocationDetails",
        "properties.networkLocationDetails",
        "azure.signinlogs.properties.network_location_details",
      ].map((field) => ({ kind: "object", field })),
      ClientApp: ["clientAppUsed", "ClientAppUsed", "properties.clientAppUsed", "azure.signinlogs.properties.client_app_used"],
      AppDisplayName: ["azure.signinlogs.properties.app_display_name"],
      DeviceDetail: ["DeviceDetail.displayName"],
    },
    places: [...places("signinlogs"), { under: "properties.", prefix: "azure.signinlogs.properties.", spelling: "snake" }],
  },
  {
    names: ["azure/-/riskdetection"],
    datasets: ["azure.identity_protection"],
    shapes: [
      { has: ["azure.identityprotection.category"] },
      { is: { category: ["UserRiskEvents", "ServicePrincipalRiskEvents", "RiskyUsers"] } },
      { has: ["riskEventType", "riskState"] },
      { has: ["RiskEventType"] },
    ],
    fields: {},
    places: places("identityprotection"),
  },
  {
    // Alerts of Privileged Identity Management, in the same shape.
    names: ["azure/-/pim"],
    datasets: ["azure.identity_protection"],
    shapes: [{ has: ["riskEventType"] }, { has: ["properties.riskEventType"] }, { has: ["alertType", "scopeId"] }],
    fields: { riskEventType: ["alertType", "alertDefinitionId"] },
    places: places("identityprotection"),
  },
];
