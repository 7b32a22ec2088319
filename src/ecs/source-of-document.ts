/** Which source a document that is ECS already comes from, by its own dataset, module and agent fields. */
import type { JsonObject } from "../readers/index.ts";
import { isObject, objectAt, own, textAt } from "./object.ts";
import { WINDOWS_LOGS, type WindowsLogKey } from "./windows/logs.ts";
import { AGENT_DATASETS, logOfChannel, SHIPPERS } from "./windows/shippers.ts";

export interface DocumentSource {
  readonly source: string;
  /** It has a category, or is of a kind that has none. */
  readonly known: boolean;
}

/** Dataset to source; what is not here is its dataset's own name. */
const DATASETS = new Map<string, string>([
  ["endpoint.events.process", "endpoint.process"],
  ["endpoint.events.network", "endpoint.network"],
  ["endpoint.events.file", "endpoint.file"],
  ["endpoint.events.registry", "endpoint.registry"],
  ["endpoint.events.library", "endpoint.library"],
  ["endpoint.events.security", "endpoint.security"],
  ["endpoint.events.api", "endpoint.api"],
  ["endpoint.alerts", "endpoint.alerts"],
  ...WINDOWS_LOGS.map(({ key }) => [AGENT_DATASETS[key], SHIPPERS.agent.id(key)] as const),
]);
/** `event.module` of what Winlogbeat's pipelines mapped, with the log it is of where the document names no channel. */
const MODULES = new Map<string, WindowsLogKey>([
  ["sysmon", "sysmon"],
  ["security", "security"],
  ["powershell", "powershell"],
]);

export function sourceOfDocument(document: JsonObject, index: string | undefined): DocumentSource {
  const event = objectAt(document, "event");
  if (isObject(own(document, "kibana")) || isObject(own(document, "signal"))) return { source: "kibana.alert", known: true };
  const known = event !== undefined && own(event, "category") !== undefined;
  const log = logOfChannel(textAt(objectAt(document, "winlog"), "channel"));
  const dataset = textAt(objectAt(document, "data_stream"), "dataset") ?? textAt(event, "dataset") ?? datasetOfIndex(index);
  if (dataset !== undefined) {
    if (dataset === "windows.forwarded") return { source: SHIPPERS.forwarded.id(log), known };
    return { source: DATASETS.get(dataset) ?? dataset.slice(0, 100), known };
  }
  const module = MODULES.get(textAt(event, "module") ?? "");
  if (module !== undefined) return { source: SHIPPERS.winlogbeat.id(log === "other" ? module : log), known };
  return { source: "ecs", known };
}

/** `logs-endpoint.events.process-default`, also as a backing index `.ds-logs-..-2024.01.01-000001`. */
function datasetOfIndex(index: string | undefined): string | undefined {
  if (index === undefined) return undefined;
  const name = index.startsWith(".ds-") ? index.slice(4) : index;
  const parts = name.split("-", 3);
  return parts.length >= 3 && parts[0] === "logs" ? parts[1] : undefined;
}
