import type { ProductLogSource } from "./product.ts";

/** Google Cloud's audit logs (`LogEntry` with an `AuditLog`) and Workspace's admin activities; the ECS of Elastic's integrations. */
export const GOOGLE: readonly ProductLogSource[] = [
  {
    names: ["gcp/-/gcp.audit"],
    datasets: ["gcp.audit"],
    shapes: [
      { has: ["protoPayload.methodName", "protoPayload.serviceName"] },
      // The entry as Pub/Sub delivers it.
      { has: ["data.protoPayload.methodName", "data.protoPayload.serviceName"] },
    ],
    fields: {
      "gcp.audit.method_name": ["event.action", "protoPayload.methodName", "data.protoPayload.methodName"],
      "gcp.audit.service_name": ["event.provider", "protoPayload.serviceName", "data.protoPayload.serviceName"],
      "gcp.audit.resource_name": ["protoPayload.resourceName", "data.protoPayload.resourceName"],
      "data.protoPayload.methodName": ["event.action"],
      "data.protoPayload.serviceName": ["event.provider"],
      "protoPayload.methodName": ["event.action"],
      "protoPayload.serviceName": ["event.provider"],
      "protoPayload.authenticationInfo.principalEmail": ["user.email", "client.user.email"],
      "data.protoPayload.authenticationInfo.principalEmail": ["user.email", "client.user.email"],
    },
    places: [
      { under: "data.", prefix: "" },
      { under: "protoPayload.", prefix: "data.protoPayload." },
      { under: "data.protoPayload.", prefix: "gcp.audit.", spelling: "snake" },
      { under: "protoPayload.", prefix: "gcp.audit.", spelling: "snake" },
    ],
  },
  {
    names: ["gcp/-/google_workspace.admin", "google_workspace/-/google_workspace.admin"],
    datasets: ["google_workspace.admin"],
    shapes: [
      { is: { kind: ["admin#reports#activity"], "id.applicationName": ["admin"] } },
      { is: { "protoPayload.serviceName": ["admin.googleapis.com"] } },
    ],
    fields: {
      eventService: [
        // The Reports API names the application alone.
        { kind: "words", field: "id.applicationName", words: { "admin.googleapis.com": ["admin"] } },
        { kind: "words", field: "event.provider", words: { "admin.googleapis.com": ["admin"] } },
        "protoPayload.serviceName",
      ],
      eventName: ["events.name", "event.action", "protoPayload.metadata.event.eventName"],
      "google_workspace.admin.new_value": ["events.parameters.value"],
      "google_workspace.admin.setting.name": ["events.parameters.value"],
      "google_workspace.admin.application.name": ["events.parameters.value"],
    },
    places: [{ prefix: "google_workspace.admin." }],
  },
];
