/** What decides how a raw document is mapped, before any of its other fields is looked at. */
import type { JsonObject } from "../../readers/index.ts";
import { objectAt, textAt } from "../object.ts";
import { SERVICE_CONTROL_MANAGER } from "../windows/system-events.ts";
import { type LogKey, logOfChannel } from "../windows/shippers.ts";
import type { Flavour } from "./context.ts";

/** Which mapping a raw Windows event takes. Two events with equal kinds are mapped alike. */
export interface RawKind {
  readonly log: LogKey;
  /** `event.code` */
  readonly code: string;
  readonly flavour: Flavour;
  /** Leave out what we add beyond Elastic's pipelines. */
  readonly strict: boolean;
  /** Of the System log: the event is one of the Service Control Manager, or names no provider. */
  readonly isServiceControl: boolean;
  /** Filebeat's winlog input shipped it, which no pipeline of a module runs on. */
  readonly isPlainFilebeat: boolean;
}

/** Other providers write to the Security channel too; Elastic maps those of Windows only. */
const SECURITY_PROVIDERS = new Set(["Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Eventlog"]);

/** Paths of a raw document that its kind follows from. */
export const RAW_KIND_PATHS = [
  "winlog.channel",
  "winlog.provider_name",
  "winlog.event_id",
  "winlog.time_created",
  "event.code",
  "event.dataset",
  "event.provider",
  "data_stream.dataset",
  "agent.type",
  "elastic_agent",
] as const;

/** @param flavour whose pipelines to follow; undefined: the document decides. */
export function rawKindOf(document: JsonObject, flavour: Flavour | undefined, strict: boolean): RawKind {
  const winlog = objectAt(document, "winlog");
  const event = objectAt(document, "event");
  const agent = textAt(objectAt(document, "agent"), "type");
  const provider = textAt(winlog, "provider_name");
  return {
    log: logOf(textAt(winlog, "channel"), provider ?? textAt(event, "provider")),
    code: textAt(winlog, "event_id") ?? textAt(event, "code") ?? "",
    flavour: flavour ?? flavourOf(document, agent),
    strict,
    isServiceControl: provider === undefined || provider === SERVICE_CONTROL_MANAGER,
    isPlainFilebeat: agent === "filebeat",
  };
}

/** Which shipper the raw document comes from. The Agent's keeps `winlog.time_created`; Winlogbeat takes it away. */
function flavourOf(document: JsonObject, agent: string | undefined): Flavour {
  const dataset = textAt(objectAt(document, "data_stream"), "dataset") ?? textAt(objectAt(document, "event"), "dataset");
  if (dataset === "windows.forwarded") return "forwarded";
  if (dataset !== undefined) return "agent";
  if (agent === "filebeat" && objectAt(document, "elastic_agent") !== undefined) return "agent";
  return textAt(objectAt(document, "winlog"), "time_created") === undefined ? "winlogbeat" : "agent";
}

function logOf(channel: string | undefined, provider: string | undefined): LogKey {
  const log = logOfChannel(channel);
  if (log === "security" && provider !== undefined && !SECURITY_PROVIDERS.has(provider)) return "other";
  return log === "other" && provider === "Microsoft-Windows-Sysmon" ? "sysmon" : log;
}

/** Strict mode follows the pipeline of the Windows integration up to 1.24 for the forwarded stream, which knows less. */
export function isOlderForwarded({ flavour, strict }: RawKind): boolean {
  return flavour === "forwarded" && strict;
}
