/** A Windows event before anybody has shipped it: what the provider writes. The renderers beside this file turn it into raw telemetry. */
export interface WindowsEvent {
  readonly stream: "sysmon" | "security" | "system";
  readonly host: Host;
  readonly id: number;
  readonly version: number;
  readonly level: number;
  readonly task: number;
  readonly taskName: string;
  readonly opcode: number;
  readonly keywords: string;
  readonly keywordNames: readonly string[];
  readonly outcome: "success" | "failure" | null;
  /** Milliseconds since 1970 when the provider wrote it. */
  readonly ms: number;
  readonly recordId: number;
  readonly processId: number;
  readonly threadId: number;
  readonly userId: string | null;
  readonly data: readonly (readonly [name: string, value: string])[];
  readonly message: string;
}

/** What Elastic Defend writes: a finished document. */
export interface DefendEvent {
  readonly stream: "defend";
  readonly host: Host;
  readonly ms: number;
  readonly document: { readonly [key: string]: unknown };
}

export type LabEvent = WindowsEvent | DefendEvent;

export interface Host {
  /** `WS01` */
  readonly name: string;
  readonly fqdn: string;
  readonly ip: string;
  readonly sid: string;
  /** Host id as Elastic Agent sets it: the machine GUID. */
  readonly machineId: string;
  readonly server: boolean;
}

export interface Account {
  readonly domain: string;
  readonly name: string;
  readonly sid: string;
  /** Logon session of the interactive logon on the machine it works at. */
  readonly session: string;
  readonly admin: boolean;
}

/** A process that runs on a lab machine. */
export interface Process {
  readonly host: Host;
  readonly pid: number;
  /** `{...}` as Sysmon writes it. */
  readonly guid: string;
  /** Base64-like entity id as Elastic Defend writes it. */
  readonly entityId: string;
  readonly image: string;
  readonly commandLine: string;
  readonly user: Account;
  readonly startMs: number;
}

/** A network logon session on a target. */
export interface Session {
  readonly target: Host;
  readonly user: Account;
  readonly id: string;
  readonly address: string;
  readonly port: number;
}
