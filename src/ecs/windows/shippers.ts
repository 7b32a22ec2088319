/** Who ships Windows' logs: the ids of their sources, and the datasets and indices their documents have. */
import type { Flavour } from "../mapping/context.ts";
import { WINDOWS_LOGS, type WindowsLogKey } from "./logs.ts";

/** The log that a record is of; `other` for those that nothing is known of. */
export type LogKey = WindowsLogKey | "other";

export interface Shipper {
  readonly title: string;
  /** Of the source: `winlogbeat.security`. */
  readonly id: (log: LogKey) => string;
  /** Where the documents land. */
  readonly index: (log: WindowsLogKey) => string;
}

/** `event.dataset` of the Agent's documents. */
export const AGENT_DATASETS = {
  sysmon: "windows.sysmon_operational",
  security: "system.security",
  powershell: "windows.powershell",
  powershell_operational: "windows.powershell_operational",
  system: "system.system",
} as const satisfies { [K in WindowsLogKey]: string };

export const SHIPPERS = {
  winlogbeat: { title: "Winlogbeat", id: (log) => `winlogbeat.${log}`, index: () => "winlogbeat-*" },
  agent: {
    title: "Elastic Agent",
    id: (log) => `elastic-agent.${log === "sysmon" ? "sysmon_operational" : log}`,
    index: (log) => `logs-${AGENT_DATASETS[log]}-*`,
  },
  forwarded: {
    title: "Windows Event Forwarding through the Elastic Agent",
    id: (log) => `forwarded.${log}`,
    index: () => "logs-windows.forwarded*",
  },
} as const satisfies { [F in Flavour]: Shipper };

const CHANNELS = new Map<string, WindowsLogKey>(WINDOWS_LOGS.map(({ channel, key }) => [channel.toLowerCase(), key]));

/** The log by its channel, in any case. */
export function logOfChannel(channel: string | undefined): LogKey {
  return CHANNELS.get(channel?.toLowerCase() ?? "") ?? "other";
}
