/** The logs of Windows that something is known of, and the names of their events. */
import type { RecordedEvent } from "./event.ts";
import { POWERSHELL_OPERATIONAL_RECORDED, POWERSHELL_RECORDED } from "./powershell/events.ts";
import { SECURITY_RECORDED } from "./security/events.ts";
import { SYSMON_RECORDED } from "./sysmon/events.ts";
import { SERVICE_CONTROL_MANAGER, SYSTEM_RECORDED } from "./system-events.ts";

export type WindowsLogKey = "sysmon" | "security" | "powershell" | "powershell_operational" | "system";

export interface WindowsLog {
  readonly key: WindowsLogKey;
  readonly title: string;
  readonly channel: string;
  /** The provider of its events, of those that name no other. */
  readonly provider: string;
  readonly events: readonly RecordedEvent[];
  /** The event in the middle of a sentence: `Security 4624`. */
  readonly label: (event: RecordedEvent) => string;
}

export const WINDOWS_LOGS: readonly WindowsLog[] = [
  {
    key: "sysmon",
    title: "Sysmon",
    channel: "Microsoft-Windows-Sysmon/Operational",
    provider: "Microsoft-Windows-Sysmon",
    events: SYSMON_RECORDED,
    label: ({ name }) => name,
  },
  {
    key: "security",
    title: "Security",
    channel: "Security",
    provider: "Microsoft-Windows-Security-Auditing",
    events: SECURITY_RECORDED,
    label: ({ code }) => `Security ${code}`,
  },
  {
    key: "powershell",
    title: "Windows PowerShell",
    channel: "Windows PowerShell",
    provider: "PowerShell",
    events: POWERSHELL_RECORDED,
    label: ({ code }) => `PowerShell ${code}`,
  },
  {
    key: "powershell_operational",
    title: "PowerShell/Operational",
    channel: "Microsoft-Windows-PowerShell/Operational",
    provider: "Microsoft-Windows-PowerShell",
    events: POWERSHELL_OPERATIONAL_RECORDED,
    label: ({ code }) => `PowerShell ${code}`,
  },
  {
    key: "system",
    title: "System",
    channel: "System",
    provider: SERVICE_CONTROL_MANAGER,
    events: SYSTEM_RECORDED,
    label: ({ code }) => `System ${code}`,
  },
];

const names = new Map<string, string>();
const nameKey = (log: string, id: string | number): string => `${log.toLowerCase()} ${id}`;
for (const log of WINDOWS_LOGS) {
  for (const { code, name, provider } of log.events) {
    names.set(nameKey(provider ?? log.provider, code), name);
    if (log.key !== "system") names.set(nameKey(log.channel, code), name);
  }
}

/**
 * What an event is about, as the first line of its own text says it: `eventName("Security", 5142)` is `A network share object was added`.
 * @param log its provider or its channel, in any case. Of System's events only the provider: an id means something else with every provider there.
 * @param id `event.code`
 * @returns undefined where the event is not known.
 */
export function eventName(log: string, id: string | number): string | undefined {
  return names.get(nameKey(log, id));
}
