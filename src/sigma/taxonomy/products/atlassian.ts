import type { ProductLogSource } from "./product.ts";

/** Bitbucket Data Center's audit log; the ECS of Elastic's `atlassian_bitbucket` integration. */
export const ATLASSIAN: readonly ProductLogSource[] = [
  {
    names: ["bitbucket/-/audit", "bitbucket/application/audit"],
    datasets: ["atlassian_bitbucket.audit", "bitbucket.audit"],
    shapes: [{ has: ["auditType.category", "auditType.action"] }],
    fields: {
      "author.name": ["user.name"],
      "author.id": ["user.id"],
      source: ["source.ip", "source.address"],
    },
    places: [
      { under: "auditType.", prefix: "bitbucket.audit.type." },
      { prefix: "bitbucket.audit.", spelling: "snake" },
    ],
  },
];
