/**
 * The lab: machines, accounts, a clock, and what people and attackers do there. Every action writes the records that Windows,
 * Sysmon and Elastic Defend would write for it, with values that agree with each other (process GUIDs, logon sessions, record
 * numbers, ports, times). Nothing here was recorded.
 */
import { DefendWriter } from "./defend.ts";
import type { Account, Host, LabEvent, Process, Session } from "./event.ts";
import { guidOf, hexOf, seeded } from "./random.ts";
import { SecurityWriter } from "./security.ts";
import { SysmonWriter } from "./sysmon.ts";
import { SystemWriter } from "./system.ts";

const DOMAIN_SID = "S-1-5-21-1004336348-1177238915-682003330";

export function host(name: string, ip: string, server = true): Host {
  return {
    name,
    fqdn: `${name}.corp.example`,
    ip,
    sid: `${DOMAIN_SID}-${2000 + Number(ip.split(".")[3])}`,
    machineId: guidOf(`machine ${name}`),
    server,
  };
}

export function account(name: string, rid: number, admin = false): Account {
  return { domain: "CORP", name, sid: `${DOMAIN_SID}-${rid}`, session: `0x${(0x81f3c + rid * 0x11).toString(16)}`, admin };
}

export const SYSTEM: Account = { domain: "NT AUTHORITY", name: "SYSTEM", sid: "S-1-5-18", session: "0x3e7", admin: true };

export interface ShareOpening {
  readonly share: string;
  readonly session: Session;
}

/** Access rights as 5145 lists them. */
export const RIGHTS = {
  attributes: ["0x100080", "%%1541 %%4423"],
  list: ["0x100081", "%%1541 %%4416 %%4423"],
  read: ["0x120089", "%%1538 %%1541 %%4416 %%4419 %%4423"],
  /** What cmd's copy, Explorer and .NET ask for. */
  copy: ["0x17019f", "%%1537 %%1538 %%1539 %%1541 %%4416 %%4417 %%4418 %%4419 %%4420 %%4423 %%4424"],
  /** What PsExec and RemCom ask for. */
  write: ["0x120196", "%%1538 %%1541 %%4417 %%4418 %%4420 %%4423 %%4424"],
  /** The second record of a write on Windows 10 and Server 2016 and later. */
  data: ["0x2", "%%4417"],
  append: ["0x4", "%%4418"],
  /** What programs ask for that open a file just to read it, without Windows' own library. */
  fetch: ["0x1", "%%4416"],
  delete: ["0x10080", "%%1537 %%4423"],
  /** A named pipe as Impacket and as Metasploit open it; Windows asks for `pipe`. */
  pipe3: ["0x3", "%%4416 %%4417"],
  pipe7: ["0x7", "%%4416 %%4417 %%4418"],
  pipe: ["0x12019f", "%%1538 %%1541 %%4416 %%4417 %%4418 %%4419 %%4420 %%4423 %%4424"],
} as const;
export type Right = keyof typeof RIGHTS;

export class Lab {
  readonly events: LabEvent[] = [];
  readonly #sysmon: SysmonWriter;
  readonly #security: SecurityWriter;
  readonly #system: SystemWriter;
  readonly #defend: DefendWriter;
  readonly #hosts = new Map<string, Host>();
  readonly #random: () => number;
  #ms: number;
  #port = 50_112;
  #session = 0x3e9a11;
  #pid = 6120;

  constructor(start: string, seed: number) {
    this.#ms = Date.parse(start);
    this.#random = seeded(seed);
    this.#sysmon = new SysmonWriter(seed);
    this.#security = new SecurityWriter(seed);
    this.#system = new SystemWriter(seed);
    this.#defend = new DefendWriter();
  }

  get ms(): number {
    return this.#ms;
  }

  random(below: number): number {
    return Math.floor(this.#random() * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.random(items.length)]!;
  }

  /** Lets time pass. */
  wait(ms: number): void {
    this.#ms += ms;
  }

  #tick(): number {
    this.#ms += 3 + this.random(60);
    return this.#ms;
  }

  add(machine: Host): Host {
    this.#hosts.set(machine.ip, machine);
    return machine;
  }

  port(): number {
    this.#port += 1 + this.random(7);
    if (this.#port > 65_000) this.#port = 49_700;
    return this.#port;
  }

  // ------------------------------------------------------------------------------------------ processes

  /** A process that has been running since before the log begins. */
  running(host: Host, image: string, pid: number, user: Account = SYSTEM, commandLine = image): Process {
    const startMs = this.#ms - 86_400_000 - pid * 1000;
    return { host, image, pid, user, commandLine, startMs, guid: sysmonGuid(host, pid, startMs), entityId: defendId(host, pid, startMs) };
  }

  kernel(host: Host): Process {
    return { ...this.running(host, "System", 4), commandLine: "" };
  }

  start(
    parent: Process,
    image: string,
    commandLine: string,
    options: { user?: Account; pid?: number; integrity?: string; directory?: string } = {},
  ): Process {
    this.#pid = options.pid ?? this.#pid + 4 * (3 + this.random(40));
    const pid = this.#pid;
    const ms = this.#tick();
    const user = options.user ?? parent.user;
    const process: Process = {
      host: parent.host,
      image,
      pid,
      user,
      commandLine,
      startMs: ms,
      guid: sysmonGuid(parent.host, pid, ms),
      entityId: defendId(parent.host, pid, ms),
    };
    const integrity = options.integrity ?? (user === SYSTEM ? "System" : user.admin ? "High" : "Medium");
    this.events.push(
      this.#sysmon.processCreate(process, parent, integrity, options.directory ?? "C:\\Windows\\system32\\"),
      this.#security.processCreate(process, parent, integrity, ms + 1),
      this.#defend.processStart(process, parent, options.directory ?? "C:\\Windows\\system32\\", ms + 1),
    );
    return process;
  }

  end(process: Process): void {
    const ms = this.#tick();
    this.events.push(
      this.#sysmon.processEnd(process, ms),
      this.#security.processEnd(process, ms + 1),
      this.#defend.processEnd(process, ms + 1),
    );
  }

  // -------------------------------------------------------------------------------------------- network

  /** A TCP connection, as the machine that opens it sees it and, when it is a lab machine, as the one it reaches. Returns the source port. */
  connect(from: Process, address: string, port: number, options: { accepter?: Process; name?: string } = {}): number {
    const ms = this.#tick();
    const sourcePort = this.port();
    const loopback = isLoopback(address);
    const target = loopback ? from.host : this.#hosts.get(address);
    const connection = {
      sourceIp: loopback ? address : from.host.ip,
      sourcePort,
      destinationIp: address,
      destinationPort: port,
      sourceName: from.host.fqdn,
      destinationName: target?.fqdn ?? options.name ?? "-",
    };
    this.events.push(this.#sysmon.connection(from, connection, true, ms), this.#defend.connection(from, connection, true, ms + 1));
    if (target !== undefined) {
      const accepter = options.accepter ?? this.kernel(target);
      this.events.push(
        this.#sysmon.connection(accepter, connection, false, ms + 2),
        this.#defend.connection(accepter, connection, false, ms + 3),
      );
    }
    return sourcePort;
  }

  /** SMB: the kernel connects, whoever asked for it. */
  smb(from: Host, address: string): number {
    return this.connect(this.kernel(from), address, 445);
  }

  // --------------------------------------------------------------------------------------------- logons

  networkLogon(
    target: Host,
    user: Account,
    address: string,
    port: number,
    options: { ntlm?: boolean; workstation?: string } = {},
  ): Session {
    const ms = this.#tick();
    this.#session += 0x30 + this.random(0x900);
    const session: Session = { target, user, id: `0x${this.#session.toString(16)}`, address, port };
    this.events.push(this.#security.logon(session, options.ntlm === true, options.workstation ?? "-", ms));
    if (user.admin) this.events.push(this.#security.specialPrivileges(session, ms + 1), this.#defend.logon(session, ms + 1));
    return session;
  }

  logoff(session: Session): void {
    this.events.push(this.#security.logoff(session, this.#tick()));
  }

  interactiveLogon(machine: Host, user: Account): void {
    this.events.push(this.#security.interactiveLogon(machine, user, this.#tick()));
  }

  failedLogon(target: Host, user: Account, address: string, port: number, workstation: string): void {
    this.events.push(this.#security.failedLogon(target, user, address, port, workstation, this.#tick()));
  }

  /** Somebody gives another account's credentials on `machine`. */
  explicitCredentials(machine: Host, subject: Account, user: Account, server: string): void {
    this.events.push(this.#security.explicitCredentials(machine, subject, user, server, this.#tick()));
  }

  // --------------------------------------------------------------------------------------------- shares

  openShare(session: Session, share: string): void {
    this.events.push(this.#security.share(session, share, this.#tick()));
  }

  shareFile(session: Session, share: string, name: string, right: Right): void {
    const [mask, list] = RIGHTS[right];
    this.events.push(this.#security.shareFile(session, share, name, mask, list, this.#tick()));
  }

  /** A file arrives through a share: the records of the SMB server, then the file the kernel writes. */
  receive(session: Session, share: string, name: string, path: string, right: Right = "copy"): void {
    this.shareFile(session, share, name, right);
    this.shareFile(session, share, name, "data");
    this.createFile(this.kernel(session.target), path, session.user);
  }

  // ---------------------------------------------------------------------------------- files, pipes, keys

  createFile(by: Process, path: string, user: Account = by.user): void {
    const ms = this.#tick();
    this.events.push(this.#sysmon.fileCreate(by, path, ms), this.#defend.fileCreate(by, path, user, ms + 1));
  }

  createPipe(by: Process, name: string): void {
    this.events.push(this.#sysmon.pipe(by, name, true, this.#tick()));
  }

  connectPipe(by: Process, name: string): void {
    this.events.push(this.#sysmon.pipe(by, name, false, this.#tick()));
  }

  setValue(by: Process, target: string, details: string): void {
    const ms = this.#tick();
    this.events.push(this.#sysmon.registrySet(by, target, details, ms), this.#defend.registrySet(by, target, details, ms + 1));
  }

  // ------------------------------------------------------------------------------------------- services

  installService(
    session: Session,
    name: string,
    path: string,
    options: { account?: string; start?: "demand start" | "auto start" } = {},
  ): void {
    const start = options.start ?? "demand start";
    const account = options.account ?? "LocalSystem";
    const services = this.running(session.target, "C:\\Windows\\System32\\services.exe", 620);
    this.setValue(
      services,
      `HKLM\\System\\CurrentControlSet\\Services\\${name}\\Start`,
      start === "auto start" ? "DWORD (0x00000002)" : "DWORD (0x00000003)",
    );
    this.setValue(services, `HKLM\\System\\CurrentControlSet\\Services\\${name}\\ImagePath`, path);
    const ms = this.#tick();
    this.events.push(
      this.#security.serviceInstalled(session, name, path, start, account, ms),
      this.#system.serviceInstalled(session.target, session.user, name, path, start, account, ms + 2),
    );
  }

  serviceState(machine: Host, name: string, state: "running" | "stopped"): void {
    this.events.push(this.#system.serviceState(machine, name, state, this.#tick()));
  }
}

export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

function sysmonGuid(host: Host, pid: number, ms: number): string {
  const time = Math.floor(ms / 1000)
    .toString(16)
    .padStart(8, "0");
  const rest = hexOf(`${host.name} ${pid} ${ms}`, 16).toUpperCase();
  return `{${host.machineId.slice(0, 8).toUpperCase()}-${time.slice(0, 4).toUpperCase()}-${time.slice(4).toUpperCase()}-${rest.slice(0, 4)}-${rest.slice(4, 8)}${rest.slice(8, 16)}}`;
}

function defendId(host: Host, pid: number, ms: number): string {
  return Buffer.from(`${host.machineId}-${pid}-${ms}`).toString("base64").slice(0, 60);
}
