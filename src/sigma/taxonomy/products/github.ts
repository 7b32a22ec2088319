import type { ProductLogSource } from "./product.ts";

/** GitHub's organization and enterprise audit log; the ECS of Elastic's `github` integration. */
export const GITHUB: readonly ProductLogSource[] = [
  {
    names: ["github/-/audit", "github/application/audit"],
    datasets: ["github.audit"],
    // Records are `object.verb`: `repo.destroy`. The rest of a record depends on it.
    shapes: [
      { is: { action: ["*.*"] }, has: ["actor", "created_at"] },
      { is: { action: ["*.*"] }, has: ["actor", "_document_id"] },
    ],
    fields: {
      action: ["event.action"],
      actor: ["user.name"],
      actor_ip: ["source.ip", "client.ip"],
      user: ["user.target.name"],
      user_agent: ["user_agent.original"],
    },
    places: [{ prefix: "github." }],
  },
];
