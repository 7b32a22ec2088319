import type { FieldTable } from "../taxonomy.ts";
import type { EventShape, ProductLogSource } from "./product.ts";

/**
 * The unified audit log (Office 365 Management Activity API), whatever the workload, and the ECS of Elastic's `o365` integration.
 * Rules call the policy of a security alert `eventName` and the portal it comes from `eventSource`.
 */
const DATASETS = ["o365.audit"];
const SHAPES: readonly EventShape[] = [
  { has: ["CreationTime", "Operation", "Workload"] },
  { has: ["CreationTime", "Operation", "RecordType"] },
  { has: ["eventSource", "eventName"], lacks: ["awsRegion", "event.dataset", "data_stream.dataset"] },
];
const FIELDS: FieldTable = {
  eventSource: ["Source", "Workload", "o365.audit.Source", "o365.audit.Workload", "event.provider"],
  eventName: ["Name", "Operation", "o365.audit.Name", "o365.audit.Operation", "event.action"],
  status: ["ResultStatus", "Status", "o365.audit.ResultStatus", "o365.audit.Status", "event.outcome"],
  Operation: ["event.action"],
  Workload: ["event.provider"],
  ResultStatus: ["event.outcome"],
  UserId: ["user.id", "user.email"],
  ClientIP: ["client.address", "source.ip"],
  ClientIPAddress: ["client.address", "source.ip"],
  UserAgent: ["user_agent.original"],
  ObjectId: ["file.path"],
};

export const MICROSOFT_365: readonly ProductLogSource[] = [
  {
    names: ["audit", "exchange", "threat_detection", "threat_management", "sharepoint", "teams"].map((service) => `m365/-/${service}`),
    datasets: DATASETS,
    shapes: SHAPES,
    fields: FIELDS,
    places: [{ prefix: "o365.audit." }],
  },
];
