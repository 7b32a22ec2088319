/** Which source a document that is ECS already comes from, by what it says of itself. */
import type { JsonObject } from "../readers/index.ts";
import { isObject, objectAt, own, textAt } from "./object.ts";

export interface DocumentSource {
  readonly source: string;
  /** It has a category, or is of a kind that has none. */
  readonly known: boolean;
}

/** Dataset to source; what is not here is its dataset's own name. */
const DATASETS = new Map([
  ["endpoint.events.process", "endpoint.process"],
  ["endpoint.events.network", "endpoint.network"],
  ["endpoint.events.file", "endpoint.file"],
  ["endpoint.events.registry", "endpoint.registry"],
  ["endpoint.events.library", "endpoint.library"],
  ["endpoint.events.security", "endpoint.security"],
  ["endpoint.events.api", "endpoint.api"],
  ["endpoint.alerts", "endpoint.alerts"],
  ["windows.sysmon_operational", "elastic-agent.sysmon_operational"],
  ["windows.powershell", "elastic-agent.powershell"],
  ["windows.powershell_operational", "elastic-agent.powershell_operational"],
  ["system.security", "elastic-agent.security"],
  ["system.system", "elastic-agent.system"],
]);
const MODULES = new Map([
  ["sysmon", "winlogbeat.sysmon"],
  ["security", "winlogbeat.security"],
  ["powershell", "winlogbeat.powershell"],
]);

export function sourceOfDocument(document: JsonObject, index: string | undefined): DocumentSource {
  const event = objectAt(document, "event");
  if (isObject(own(document, "kibana")) || isObject(own(document, "signal"))) return { source: "kibana.alert", known: true };
  const known = event !== undefined && own(event, "category") !== undefined;
  const dataset = textAt(objectAt(document, "data_stream"), "dataset") ?? textAt(event, "dataset") ?? datasetOfIndex(index);
  if (dataset !== undefined) {
    if (dataset === "windows.forwarded") return { source: forwarded(document), known };
    return { source: DATASETS.get(dataset) ?? dataset.slice(0, 100), known };
  }
  const module = MODULES.get(textAt(event, "module") ?? "");
  if (module !== undefined) return { source: module, known };
  return { source: "ecs", known };
}

function forwarded(document: JsonObject): string {
  const channel = textAt(objectAt(document, "winlog"), "channel")?.toLowerCase();
  if (channel === "security") return "forwarded.security";
  if (channel === "microsoft-windows-sysmon/operational") return "forwarded.sysmon";
  if (channel === "windows powershell") return "forwarded.powershell";
  if (channel === "microsoft-windows-powershell/operational") return "forwarded.powershell_operational";
  return "forwarded.other";
}

/** `logs-endpoint.events.process-default`, also as a backing index `.ds-logs-..-2024.01.01-000001`. */
function datasetOfIndex(index: string | undefined): string | undefined {
  if (index === undefined) return undefined;
  const name = index.startsWith(".ds-") ? index.slice(4) : index;
  const parts = name.split("-", 3);
  return parts.length >= 3 && parts[0] === "logs" ? parts[1] : undefined;
}
