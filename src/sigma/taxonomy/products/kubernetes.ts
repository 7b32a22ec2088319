import type { ProductLogSource } from "./product.ts";

/** Kubernetes' audit events (`audit.k8s.io/v1`), which Elastic's `kubernetes` integration keeps under `kubernetes.audit`. */
export const KUBERNETES: readonly ProductLogSource[] = [
  {
    names: ["kubernetes/-/audit", "kubernetes/application/audit"],
    datasets: ["kubernetes.audit_logs", "kubernetes.audit"],
    shapes: [{ is: { apiVersion: ["audit.k8s.io/*"] } }, { has: ["auditID", "verb"] }],
    fields: {
      verb: ["event.action"],
      apiGroup: ["objectRef.apiGroup", "kubernetes.audit.objectRef.apiGroup"],
      resource: ["objectRef.resource", "kubernetes.audit.objectRef.resource"],
      namespace: ["objectRef.namespace", "kubernetes.audit.objectRef.namespace"],
      username: ["user.username", "kubernetes.audit.user.username"],
      "user.username": ["user.name"],
      capabilities: [
        "requestObject.spec.containers.securityContext.capabilities.add",
        "requestObject.spec.template.spec.containers.securityContext.capabilities.add",
        "kubernetes.audit.requestObject.spec.containers.securityContext.capabilities.add",
      ],
      hostPath: [
        "requestObject.spec.volumes.hostPath.path",
        "requestObject.spec.template.spec.volumes.hostPath.path",
        "kubernetes.audit.requestObject.spec.volumes.hostPath.path",
      ],
    },
    places: [{ prefix: "kubernetes.audit." }],
  },
];
