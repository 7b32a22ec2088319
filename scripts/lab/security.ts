import type { Account, Host, Process, Session, WindowsEvent } from "./event.ts";
import { guidOf } from "./random.ts";
import { RecordIds } from "./record-ids.ts";

type Data = readonly (readonly [string, string])[];

const TASKS = {
  logon: [12544, "Logon"],
  special: [12548, "Special Logon"],
  logoff: [12545, "Logoff"],
  process: [13312, "Process Creation"],
  exit: [13313, "Process Termination"],
  share: [12808, "File Share"],
  detail: [12811, "Detailed File Share"],
  service: [12289, "Security System Extension"],
} as const;

const INTEGRITY: { readonly [level: string]: string } = { System: "S-1-16-16384", High: "S-1-16-12288", Medium: "S-1-16-8192" };

const hex = (n: number): string => `0x${n.toString(16)}`;

export class SecurityWriter {
  readonly #recordIds: RecordIds;

  constructor(seed: number) {
    this.#recordIds = new RecordIds((host) => 911_000 + (seed % 1000) + host.ip.length * 11);
  }

  #event(
    host: Host,
    id: number,
    version: number,
    task: keyof typeof TASKS,
    ms: number,
    message: string,
    data: Data,
    failed = false,
  ): WindowsEvent {
    return {
      stream: "security",
      host,
      id,
      version,
      level: 0,
      task: TASKS[task][0],
      taskName: TASKS[task][1],
      opcode: 0,
      keywords: failed ? "0x8010000000000000" : "0x8020000000000000",
      keywordNames: [failed ? "Audit Failure" : "Audit Success"],
      outcome: failed ? "failure" : "success",
      ms,
      recordId: this.#recordIds.next(host),
      processId: task === "process" || task === "share" || task === "detail" || task === "exit" ? 4 : 708,
      threadId: task === "process" ? 8412 : 3920,
      userId: null,
      data,
      message,
    };
  }

  processCreate(process: Process, parent: Process, integrity: string, ms: number): WindowsEvent {
    return this.#event(process.host, 4688, 2, "process", ms, "A new process has been created.", [
      ["SubjectUserSid", process.user.sid],
      ["SubjectUserName", process.user.name === "SYSTEM" ? `${process.host.name}$` : process.user.name],
      ["SubjectDomainName", process.user.name === "SYSTEM" ? "CORP" : process.user.domain],
      ["SubjectLogonId", process.user.session],
      ["NewProcessId", hex(process.pid)],
      ["NewProcessName", process.image],
      ["TokenElevationType", integrity === "High" ? "%%1937" : integrity === "Medium" ? "%%1938" : "%%1936"],
      ["ProcessId", hex(parent.pid)],
      ["CommandLine", process.commandLine],
      ["TargetUserSid", "S-1-0-0"],
      ["TargetUserName", "-"],
      ["TargetDomainName", "-"],
      ["TargetLogonId", "0x0"],
      ["ParentProcessName", parent.image],
      ["MandatoryLabel", INTEGRITY[integrity] ?? "S-1-16-8192"],
    ]);
  }

  processEnd(process: Process, ms: number): WindowsEvent {
    return this.#event(process.host, 4689, 0, "exit", ms, "A process has exited.", [
      ["SubjectUserSid", process.user.sid],
      ["SubjectUserName", process.user.name === "SYSTEM" ? `${process.host.name}$` : process.user.name],
      ["SubjectDomainName", process.user.name === "SYSTEM" ? "CORP" : process.user.domain],
      ["SubjectLogonId", process.user.session],
      ["Status", "0x0"],
      ["ProcessId", hex(process.pid)],
      ["ProcessName", process.image],
    ]);
  }

  logon(session: Session, ntlm: boolean, workstation: string, ms: number): WindowsEvent {
    return this.#event(session.target, 4624, 2, "logon", ms, "An account was successfully logged on.", [
      ["SubjectUserSid", "S-1-0-0"],
      ["SubjectUserName", "-"],
      ["SubjectDomainName", "-"],
      ["SubjectLogonId", "0x0"],
      ...this.#target(session.user, session.id),
      ["LogonType", "3"],
      ["LogonProcessName", ntlm ? "NtLmSsp " : "Kerberos"],
      ["AuthenticationPackageName", ntlm ? "NTLM" : "Kerberos"],
      ["WorkstationName", ntlm ? workstation : "-"],
      ["LogonGuid", ntlm ? "{00000000-0000-0000-0000-000000000000}" : `{${guidOf(`logon ${session.target.name} ${session.id}`)}}`],
      ["TransmittedServices", "-"],
      ["LmPackageName", ntlm ? "NTLM V2" : "-"],
      ["KeyLength", ntlm ? "128" : "0"],
      ["ProcessId", "0x0"],
      ["ProcessName", "-"],
      ["IpAddress", session.address],
      ["IpPort", String(session.port)],
      ["ImpersonationLevel", "%%1833"],
      ["RestrictedAdminMode", "-"],
      ["TargetOutboundUserName", "-"],
      ["TargetOutboundDomainName", "-"],
      ["VirtualAccount", "%%1843"],
      ["TargetLinkedLogonId", "0x0"],
      ["ElevatedToken", session.user.admin ? "%%1842" : "%%1843"],
    ]);
  }

  interactiveLogon(machine: Host, user: Account, ms: number): WindowsEvent {
    return this.#event(machine, 4624, 2, "logon", ms, "An account was successfully logged on.", [
      ["SubjectUserSid", "S-1-5-18"],
      ["SubjectUserName", `${machine.name}$`],
      ["SubjectDomainName", "CORP"],
      ["SubjectLogonId", "0x3e7"],
      ...this.#target(user, user.session),
      ["LogonType", "2"],
      ["LogonProcessName", "User32 "],
      ["AuthenticationPackageName", "Negotiate"],
      ["WorkstationName", machine.name],
      ["LogonGuid", `{${guidOf(`logon ${machine.name} ${user.session}`)}}`],
      ["TransmittedServices", "-"],
      ["LmPackageName", "-"],
      ["KeyLength", "0"],
      ["ProcessId", "0x6f4"],
      ["ProcessName", "C:\\Windows\\System32\\svchost.exe"],
      ["IpAddress", "127.0.0.1"],
      ["IpPort", "0"],
      ["ImpersonationLevel", "%%1833"],
      ["RestrictedAdminMode", "-"],
      ["TargetOutboundUserName", "-"],
      ["TargetOutboundDomainName", "-"],
      ["VirtualAccount", "%%1843"],
      ["TargetLinkedLogonId", "0x0"],
      ["ElevatedToken", "%%1843"],
    ]);
  }

  failedLogon(target: Host, user: Account, address: string, port: number, workstation: string, ms: number): WindowsEvent {
    const data: Data = [
      ["SubjectUserSid", "S-1-0-0"],
      ["SubjectUserName", "-"],
      ["SubjectDomainName", "-"],
      ["SubjectLogonId", "0x0"],
      ["TargetUserSid", "S-1-0-0"],
      ["TargetUserName", user.name],
      ["TargetDomainName", user.domain],
      ["Status", "0xc000006d"],
      ["FailureReason", "%%2313"],
      ["SubStatus", "0xc000006a"],
      ["LogonType", "3"],
      ["LogonProcessName", "NtLmSsp "],
      ["AuthenticationPackageName", "NTLM"],
      ["WorkstationName", workstation],
      ["TransmittedServices", "-"],
      ["LmPackageName", "-"],
      ["KeyLength", "0"],
      ["ProcessId", "0x0"],
      ["ProcessName", "-"],
      ["IpAddress", address],
      ["IpPort", String(port)],
    ];
    return this.#event(target, 4625, 0, "logon", ms, "An account failed to log on.", data, true);
  }

  specialPrivileges(session: Session, ms: number): WindowsEvent {
    const privileges = [
      "SeSecurityPrivilege",
      "SeBackupPrivilege",
      "SeRestorePrivilege",
      "SeTakeOwnershipPrivilege",
      "SeDebugPrivilege",
      "SeSystemEnvironmentPrivilege",
      "SeLoadDriverPrivilege",
      "SeImpersonatePrivilege",
      "SeDelegateSessionUserImpersonatePrivilege",
    ];
    return this.#event(session.target, 4672, 0, "special", ms, "Special privileges assigned to new logon.", [
      ...this.#subject(session),
      ["PrivilegeList", privileges.join("\n\t\t\t")],
    ]);
  }

  logoff(session: Session, ms: number): WindowsEvent {
    return this.#event(session.target, 4634, 0, "logoff", ms, "An account was logged off.", [
      ...this.#target(session.user, session.id),
      ["LogonType", "3"],
    ]);
  }

  explicitCredentials(machine: Host, subject: Account, user: Account, server: string, ms: number): WindowsEvent {
    return this.#event(machine, 4648, 0, "logon", ms, "A logon was attempted using explicit credentials.", [
      ["SubjectUserSid", subject.sid],
      ["SubjectUserName", subject.name],
      ["SubjectDomainName", subject.domain],
      ["SubjectLogonId", subject.session],
      ["LogonGuid", "{00000000-0000-0000-0000-000000000000}"],
      ["TargetUserName", user.name],
      ["TargetDomainName", user.domain],
      ["TargetLogonGuid", `{${guidOf(`explicit ${machine.name} ${ms}`)}}`],
      ["TargetServerName", server],
      ["TargetInfo", `cifs/${server}`],
      ["ProcessId", "0x4"],
      ["ProcessName", ""],
      ["IpAddress", "-"],
      ["IpPort", "-"],
    ]);
  }

  share(session: Session, share: string, ms: number): WindowsEvent {
    return this.#event(session.target, 5140, 1, "share", ms, "A network share object was accessed.", [
      ...this.#subject(session),
      ["ObjectType", "File"],
      ["IpAddress", session.address],
      ["IpPort", String(session.port)],
      ["ShareName", `\\\\*\\${share}`],
      ["ShareLocalPath", localPath(share)],
      ["AccessMask", "0x1"],
      ["AccessList", "%%4416\r\n\t\t\t\t"],
    ]);
  }

  shareFile(session: Session, share: string, name: string, mask: string, rights: string, ms: number): WindowsEvent {
    return this.#event(
      session.target,
      5145,
      0,
      "detail",
      ms,
      "A network share object was checked to see whether client can be granted desired access.",
      [
        ...this.#subject(session),
        ["ObjectType", "File"],
        ["IpAddress", session.address],
        ["IpPort", String(session.port)],
        ["ShareName", `\\\\*\\${share}`],
        ["ShareLocalPath", localPath(share)],
        ["RelativeTargetName", name],
        ["AccessMask", mask],
        ["AccessList", `${rights.split(" ").join("\r\n\t\t\t\t")}\r\n\t\t\t\t`],
        ["AccessReason", "-"],
      ],
    );
  }

  serviceInstalled(session: Session, name: string, path: string, start: string, account: string, ms: number): WindowsEvent {
    return this.#event(session.target, 4697, 1, "service", ms, "A service was installed in the system.", [
      ...this.#subject(session),
      ["ServiceName", name],
      ["ServiceFileName", path],
      ["ServiceType", "0x10"],
      ["ServiceStartType", start === "auto start" ? "2" : "3"],
      ["ServiceAccount", account],
      ["ClientProcessStartKey", "0"],
      ["ClientProcessId", "0"],
      ["ParentProcessId", "0"],
    ]);
  }

  #subject({ user, id }: Session): Data {
    return [
      ["SubjectUserSid", user.sid],
      ["SubjectUserName", user.name],
      ["SubjectDomainName", user.domain],
      ["SubjectLogonId", id],
    ];
  }

  #target(user: Account, session: string): Data {
    return [
      ["TargetUserSid", user.sid],
      ["TargetUserName", user.name],
      ["TargetDomainName", user.domain === "CORP" && user.name.endsWith("$") ? "CORP.EXAMPLE" : user.domain],
      ["TargetLogonId", session],
    ];
  }
}

function localPath(share: string): string {
  if (share === "IPC$") return "";
  if (share === "ADMIN$") return "\\??\\C:\\Windows";
  if (/^[A-Z]\$$/.test(share)) return `\\??\\${share[0]}:\\`;
  if (share === "SYSVOL") return "\\??\\C:\\Windows\\SYSVOL\\sysvol";
  return `\\??\\D:\\Shares\\${share}`;
}
