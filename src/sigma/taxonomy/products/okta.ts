import type { ProductLogSource } from "./product.ts";

/** Okta's System Log API (`LogEvent`); the ECS of Elastic's `okta` integration. Some rules fold the names' case. */
export const OKTA: readonly ProductLogSource[] = [
  {
    names: ["okta/-/okta"],
    datasets: ["okta.system"],
    shapes: [{ has: ["eventType", "published", "uuid"] }],
    fields: {
      eventType: ["event.action"],
      eventtype: ["eventType", "okta.event_type", "event.action"],
      displayMessage: ["okta.display_message"],
      displaymessage: ["displayMessage", "okta.display_message"],
      legacyeventtype: ["legacyEventType"],
      uuid: ["okta.uuid", "event.id"],
      "actor.alternateid": ["actor.alternateId", "okta.actor.alternate_id"],
      "actor.displayName": ["user.full_name"],
      "client.user.id": ["actor.id", "okta.actor.id"],
      "client.ipAddress": ["okta.client.ip", "client.ip", "source.ip"],
      "client.ip": ["client.ipAddress", "okta.client.ip", "source.ip"],
      "client.userAgent.rawUserAgent": ["user_agent.original"],
      "debugContext.debugData.behaviors": ["okta.debug_context.debug_data.risk_behaviors"],
      "securitycontext.isproxy": ["securityContext.isProxy", "okta.security_context.is_proxy"],
    },
    places: [
      { under: "debugContext.debugData.", prefix: "okta.debug_context.debug_data.flattened." },
      { prefix: "okta.", spelling: "snake" },
    ],
  },
];
