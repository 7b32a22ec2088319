import type { Host } from "./event.ts";
import type { Lab } from "./lab.ts";

export type Telemetry = "sysmon" | "security" | "system" | "defend";
export type Collector = "winlogbeat" | "elastic-agent" | "elastic-defend" | "windows-xml" | "nxlog";

/** A case before it is written: what happens in the lab, which part of its telemetry is kept, and what must come of it. */
export interface Plan {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  readonly test?: string;
  readonly kind: "positive" | "negative" | "evasion";
  readonly side: "source" | "target" | "both";
  readonly telemetry: readonly Telemetry[];
  readonly collector: Collector;
  readonly path: "remote" | "loopback" | "local";
  /** Whose events are kept. */
  readonly hosts: readonly Host[];
  readonly act: (lab: Lab) => void;
  readonly signals: readonly (readonly [name: string, query: string, count?: number])[];
  readonly fires: readonly string[];
  readonly silent: readonly string[];
  readonly excepted?: readonly (readonly [rule: string, by: string])[];
  readonly labFires?: readonly string[];
  /** Names of event data that the export dropped. */
  readonly dropped?: readonly string[];
}

/** Signals that several cases share. */
export const SIGNAL = {
  logon: ["4624, type 3", 'authentication where event.code == "4624" and winlog.event_data.LogonType == "3"'],
  privileges: ["4672 for the administrator", 'iam where event.code == "4672"'],
  adminShare: ["5140 ADMIN$", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\ADMIN$"'],
  driveShare: ["5140 of a drive share", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\?$"'],
  ipc: ["5140 IPC$", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\IPC$"'],
  write: [
    "5145 with a write bit on an administrative share",
    'any where event.code == "5145" and winlog.event_data.ShareName : ("\\\\\\\\*\\\\ADMIN$", "\\\\\\\\*\\\\?$") and winlog.event_data.AccessList : "*%%4417*"',
  ],
  srvsvc: ["5145 srvsvc", 'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "srvsvc"'],
  srvsvcPipe: ["Sysmon 18 srvsvc, by the kernel", 'file where event.code == "18" and process.pid == 4 and file.name : "\\\\srvsvc"'],
  service4697: ["4697", 'any where event.code == "4697"'],
  service7045: ["7045, in the System channel", 'any where event.code == "7045" and winlog.channel : "System"'],
  outbound445: ["Connection to 445 by PID 4", "network where destination.port == 445 and process.pid == 4"],
  noProcess445: ["No connection to 445 by any other process", "network where destination.port == 445 and process.pid != 4", 0],
  inbound445: [
    "Inbound connection to 445, PID 4",
    'network where destination.port == 445 and process.pid == 4 and network.direction : ("ingress", "inbound")',
  ],
  kernelFile: ["A file created by PID 4", 'file where event.type == "creation" and process.pid == 4'],
} as const satisfies { readonly [name: string]: readonly [string, string, number?] };
