import type { ProductLogSource } from "./product.ts";

/** OneLogin's Events API. Elastic has no integration of its own; the pre-ECS layout of Sigma's name is looked at as well. */
export const ONELOGIN: readonly ProductLogSource[] = [
  {
    names: ["onelogin/-/onelogin.events"],
    datasets: ["onelogin.events"],
    shapes: [{ has: ["event_type_id", "account_id"] }],
    fields: {
      event_type_id: ["event.code"],
      user_name: ["user.name"],
      ipaddr: ["source.ip"],
      actor_user_name: ["user.name"],
    },
    places: [{ prefix: "onelogin.events." }],
  },
];
