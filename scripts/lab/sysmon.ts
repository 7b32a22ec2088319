import type { Host, Process, WindowsEvent } from "./event.ts";
import { resourceOf } from "./images.ts";
import { guidOf, hexOf } from "./random.ts";

export interface Connection {
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
  readonly sourceName: string;
  readonly destinationName: string;
}
import { RecordIds } from "./record-ids.ts";

const PORT_NAMES: { readonly [port: number]: string } = {
  53: "domain",
  80: "http",
  88: "kerberos",
  135: "epmap",
  139: "netbios-ssn",
  389: "ldap",
  443: "https",
  445: "microsoft-ds",
};

/** `2026-03-04 09:15:01.700` as Sysmon writes times. */
export function utcTime(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").replace("Z", "");
}

export class SysmonWriter {
  readonly #recordIds: RecordIds;

  constructor(seed: number) {
    this.#recordIds = new RecordIds((host) => 184_000 + (seed % 1000) + host.ip.length * 7);
  }

  #event(
    host: Host,
    id: number,
    version: number,
    name: string,
    rule: string,
    ms: number,
    data: readonly (readonly [string, string])[],
  ): WindowsEvent {
    return {
      stream: "sysmon",
      host,
      id,
      version,
      level: 4,
      task: id,
      taskName: `${name} (rule: ${rule})`,
      opcode: 0,
      keywords: "0x8000000000000000",
      keywordNames: [],
      outcome: null,
      ms: ms + 2,
      recordId: this.#recordIds.next(host),
      processId: host.server ? 2284 : 3012,
      threadId: host.server ? 3388 : 4160,
      userId: "S-1-5-18",
      data,
      message: `${name}:\n${data.map(([key, value]) => `${key}: ${value}`).join("\n")}`,
    };
  }

  processCreate(process: Process, parent: Process, integrity: string, directory: string): WindowsEvent {
    const [description, product, company, original, version] = resourceOf(process.image);
    return this.#event(process.host, 1, 5, "Process Create", "ProcessCreate", process.startMs, [
      ["RuleName", "-"],
      ["UtcTime", utcTime(process.startMs)],
      ["ProcessGuid", process.guid],
      ["ProcessId", String(process.pid)],
      ["Image", process.image],
      ["FileVersion", version],
      ["Description", description],
      ["Product", product],
      ["Company", company],
      ["OriginalFileName", original],
      ["CommandLine", process.commandLine],
      ["CurrentDirectory", directory],
      ["User", `${process.user.domain}\\${process.user.name}`],
      ["LogonGuid", `{${guidOf(`logon ${process.host.name} ${process.user.session}`).toUpperCase()}}`],
      ["LogonId", process.user.session],
      ["TerminalSessionId", process.user.name === "SYSTEM" ? "0" : "1"],
      ["IntegrityLevel", integrity],
      ["Hashes", hashes(process.image)],
      ["ParentProcessGuid", parent.guid],
      ["ParentProcessId", String(parent.pid)],
      ["ParentImage", parent.image],
      ["ParentCommandLine", parent.commandLine],
      ["ParentUser", `${parent.user.domain}\\${parent.user.name}`],
    ]);
  }

  processEnd(process: Process, ms: number): WindowsEvent {
    return this.#event(process.host, 5, 3, "Process terminated", "ProcessTerminate", ms, [
      ["RuleName", "-"],
      ["UtcTime", utcTime(ms)],
      ["ProcessGuid", process.guid],
      ["ProcessId", String(process.pid)],
      ["Image", process.image],
      ["User", `${process.user.domain}\\${process.user.name}`],
    ]);
  }

  connection(process: Process, c: Connection, initiated: boolean, ms: number): WindowsEvent {
    const v6 = String(c.destinationIp.includes(":"));
    return this.#event(process.host, 3, 5, "Network connection detected", "NetworkConnect", ms, [
      ["RuleName", "-"],
      ["UtcTime", utcTime(ms)],
      ["ProcessGuid", process.guid],
      ["ProcessId", String(process.pid)],
      ["Image", process.image],
      ["User", `${process.user.domain}\\${process.user.name}`],
      ["Protocol", "tcp"],
      ["Initiated", String(initiated)],
      ["SourceIsIpv6", v6],
      ["SourceIp", c.sourceIp],
      ["SourceHostname", c.sourceName],
      ["SourcePort", String(c.sourcePort)],
      ["SourcePortName", "-"],
      ["DestinationIsIpv6", v6],
      ["DestinationIp", c.destinationIp],
      ["DestinationHostname", c.destinationName],
      ["DestinationPort", String(c.destinationPort)],
      ["DestinationPortName", PORT_NAMES[c.destinationPort] ?? "-"],
    ]);
  }

  fileCreate(process: Process, path: string, ms: number): WindowsEvent {
    return this.#event(process.host, 11, 2, "File created", "FileCreate", ms, [
      ["RuleName", "-"],
      ["UtcTime", utcTime(ms)],
      ["ProcessGuid", process.guid],
      ["ProcessId", String(process.pid)],
      ["Image", process.image],
      ["TargetFilename", path],
      ["CreationUtcTime", utcTime(ms)],
      ["User", `${process.user.domain}\\${process.user.name}`],
    ]);
  }

  registrySet(process: Process, target: string, details: string, ms: number): WindowsEvent {
    return this.#event(process.host, 13, 2, "Registry value set", "RegistryEvent", ms, [
      ["RuleName", "-"],
      ["EventType", "SetValue"],
      ["UtcTime", utcTime(ms)],
      ["ProcessGuid", process.guid],
      ["ProcessId", String(process.pid)],
      ["Image", process.image],
      ["TargetObject", target],
      ["Details", details],
      ["User", `${process.user.domain}\\${process.user.name}`],
    ]);
  }

  pipe(process: Process, name: string, created: boolean, ms: number): WindowsEvent {
    return this.#event(process.host, created ? 17 : 18, 1, created ? "Pipe Created" : "Pipe Connected", "PipeEvent", ms, [
      ["RuleName", "-"],
      ["EventType", created ? "CreatePipe" : "ConnectPipe"],
      ["UtcTime", utcTime(ms)],
      ["ProcessGuid", process.guid],
      ["ProcessId", String(process.pid)],
      ["PipeName", name],
      ["Image", process.image],
      ["User", `${process.user.domain}\\${process.user.name}`],
    ]);
  }
}

function hashes(image: string): string {
  const name = image.slice(image.lastIndexOf("\\") + 1).toLowerCase();
  return `SHA256=${hexOf(`sha256 ${name}`, 64).toUpperCase()},IMPHASH=${hexOf(`imphash ${name}`, 32).toUpperCase()}`;
}
