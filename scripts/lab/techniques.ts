/** What attackers do in the lab: the four tests of the page, and their variants. */
import type { Account, Host, Process, Session } from "./event.ts";
import { renamed } from "./images.ts";
import { isLoopback, SYSTEM, type Lab } from "./lab.ts";
import { hexOf } from "./random.ts";

export interface Path {
  readonly from: Host;
  readonly to: Host;
  /** How the target is named on the command line: an address, a name, ... */
  readonly address: string;
  /** The address the target sees, when it is not that of `from`. */
  readonly seenAs?: string;
}

const SYSTEM32 = "C:\\Windows\\System32\\";
export const CMD = `${SYSTEM32}cmd.exe`;
export const POWERSHELL = `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`;

/** A shell somebody has open. */
export function shell(lab: Lab, machine: Host, user: Account, image = CMD): Process {
  return lab.running(machine, image, 5528, user, `"${image}"`);
}

function destination({ to, address }: Path): string {
  return isLoopback(address) ? address : to.ip;
}

function sourceAddress(path: Path): string {
  return path.seenAs ?? (isLoopback(path.address) ? path.address : path.from.ip);
}

/** The SMB connection and the logon it leads to. */
export function smbSession(lab: Lab, path: Path, user: Account, options: { ntlm?: boolean } = {}): Session {
  const port = lab.smb(path.from, destination(path));
  return lab.networkLogon(path.to, user, sourceAddress(path), port, { ...options, workstation: path.from.name });
}

/** Test 1: cmd.exe writes two blanks after the name of the program it starts. */
export function mapShare(
  lab: Lab,
  path: Path,
  operator: Account,
  user: Account,
  options: { share?: string; net?: string; command?: string } = {},
): Session {
  const share = options.share ?? "C$";
  const rest = options.command ?? `use \\\\${path.address}\\${share} /u:${user.domain}\\${user.name}`;
  const name = (options.net ?? "net.exe").replace(/\.exe$/, "");
  const outer = lab.start(shell(lab, path.from, operator, POWERSHELL), CMD, `"C:\\Windows\\system32\\cmd.exe" /c "${name} ${rest}"`, {
    directory: "C:\\Users\\j.doe\\",
  });
  const net = lab.start(outer, `${SYSTEM32}${options.net ?? "net.exe"}`, `${name}  ${rest}`, { directory: "C:\\Users\\j.doe\\" });
  const session = smbSession(lab, path, user);
  if (operator !== user) lab.explicitCredentials(path.from, operator, user, path.to.fqdn.toLowerCase());
  lab.openShare(session, "IPC$");
  lab.openShare(session, share);
  lab.shareFile(session, share, "\\", "attributes");
  lab.end(net);
  lab.end(outer);
  return session;
}

/** Test 2. Without `command` it is typed into an open shell, and no process starts. */
export function copyToShare(
  lab: Lab,
  path: Path,
  user: Account,
  options: { share?: string; name?: string; command?: string | null; image?: string; file?: string; rightName?: "copy" | "append" } = {},
): Session {
  const share = options.share ?? "ADMIN$";
  const name = options.name ?? "calc_test.exe";
  const command =
    options.command === undefined
      ? `"C:\\Windows\\system32\\cmd.exe" /c copy C:\\Windows\\System32\\calc.exe \\\\${path.address}\\${share}\\${name}`
      : options.command;
  const process = command === null ? null : lab.start(shell(lab, path.from, user), options.image ?? CMD, command);
  const session = smbSession(lab, path, user);
  lab.openShare(session, share);
  lab.shareFile(session, share, "\\", "attributes");
  if (options.rightName === "append") {
    lab.shareFile(session, share, name, "append");
    lab.createFile(lab.kernel(path.to), options.file ?? `C:\\Windows\\${name}`, user);
  } else lab.receive(session, share, name, options.file ?? `C:\\Windows\\${name}`);
  if (process !== null) lab.end(process);
  return session;
}

export interface PsExecOptions {
  readonly image?: string;
  readonly commandLine?: string;
  readonly service?: string;
  /** Does PsExec write its licence value? Only the first time. */
  readonly first?: boolean;
  /** Copies a program along (-c). */
  readonly copies?: string;
  readonly run?: readonly [image: string, commandLine: string];
  readonly keyFile?: boolean;
  /** The path under which services.exe starts the service, when it differs from the one it was written to. */
  readonly startedAs?: string;
  readonly pauseMs?: number;
}

/** Test 3: PsExec copies its service, installs it over RPC on TCP, talks to it through pipes. */
export function psexec(lab: Lab, path: Path, user: Account, options: PsExecOptions = {}): void {
  const service = options.service ?? "PSEXESVC";
  const image = options.image ?? "C:\\Tools\\PsExec.exe";
  const loopback = isLoopback(path.address);
  const to = destination(path);
  const client = lab.start(
    shell(lab, path.from, user),
    image,
    options.commandLine ?? `"${image}" \\\\${path.address} -accepteula cmd.exe /c whoami`,
    { directory: "C:\\Tools\\" },
  );
  if (options.first !== false) lab.setValue(client, `HKU\\${user.sid}\\Software\\Sysinternals\\PsExec\\EulaAccepted`, "DWORD (0x00000001)");

  const smb = smbSession(lab, path, user);
  lab.openShare(smb, "ADMIN$");
  const program = `C:\\Windows\\${service}.exe`;
  if (service !== "PSEXESVC") renamed(`${service}.exe`, "psexesvc.exe");
  lab.shareFile(smb, "ADMIN$", `${service}.exe`, "write");
  lab.shareFile(smb, "ADMIN$", `${service}.exe`, "data");
  lab.createFile(lab.kernel(path.to), program, user);
  if (options.keyFile !== false) {
    const key = `PSEXEC-${path.from.name}-${hexOf(`key ${service} ${path.address}`, 8).toUpperCase()}.key`;
    lab.shareFile(smb, "ADMIN$", key, "write");
    lab.shareFile(smb, "ADMIN$", key, "data");
    lab.createFile(lab.kernel(path.to), `C:\\Windows\\${key}`, user);
  }
  if (options.copies !== undefined) lab.receive(smb, "ADMIN$", options.copies, `C:\\Windows\\${options.copies}`);
  if (options.pauseMs !== undefined) lab.wait(options.pauseMs);

  const rpcss = lab.running(path.to, `${SYSTEM32}svchost.exe`, 944, SYSTEM, "C:\\Windows\\system32\\svchost.exe -k RPCSS -p");
  const services = lab.running(path.to, `${SYSTEM32}services.exe`, 620);
  lab.connect(client, to, 135, { accepter: rpcss });
  const rpcPort = lab.connect(client, to, 49_670, { accepter: services });
  const rpc = lab.networkLogon(path.to, user, sourceAddress(path), rpcPort);
  lab.installService(rpc, service, `%SystemRoot%\\${service}.exe`);
  lab.serviceState(path.to, service, "running");

  const started = options.startedAs ?? program;
  const server = lab.start(services, started, started, { user: SYSTEM });
  lab.createPipe(server, `\\${service}`);
  lab.openShare(smb, "IPC$");
  lab.shareFile(smb, "IPC$", service, "pipe");
  const connector = loopback ? client : lab.kernel(path.to);
  lab.connectPipe(connector, `\\${service}`);
  for (const stream of ["stdin", "stdout", "stderr"]) {
    const pipe = `${service}-${path.from.name}-${client.pid}-${stream}`;
    lab.createPipe(server, `\\${pipe}`);
    lab.shareFile(smb, "IPC$", pipe, stream === "stdin" ? "write" : "read");
    lab.connectPipe(connector, `\\${pipe}`);
  }
  const [childImage, childCommand] = options.run ?? [CMD, '"cmd.exe" /c whoami'];
  const child = lab.start(server, childImage, childCommand, { user, integrity: "High" });
  if (childCommand.includes("whoami")) lab.end(lab.start(child, `${SYSTEM32}whoami.exe`, "whoami", { user, integrity: "High" }));
  lab.end(child);
  lab.end(server);
  lab.serviceState(path.to, service, "stopped");
  lab.end(client);
  lab.logoff(rpc);
  lab.logoff(smb);
}

/** Test 4. */
export function viewShares(lab: Lab, path: Path, user: Account, options: { net?: string; command?: string } = {}): void {
  const name = (options.net ?? "net.exe").replace(/\.exe$/, "");
  const net = lab.start(
    shell(lab, path.from, user),
    `${SYSTEM32}${options.net ?? "net.exe"}`,
    options.command ?? `${name}  view \\\\${path.address} /all`,
  );
  const session = smbSession(lab, path, user);
  enumerate(lab, session);
  lab.end(net);
  lab.logoff(session);
}

/** The records of a share enumeration on the target. */
export function enumerate(lab: Lab, session: Session): void {
  lab.openShare(session, "IPC$");
  lab.shareFile(session, "IPC$", "srvsvc", "pipe");
  lab.connectPipe(lab.kernel(session.target), "\\srvsvc");
}

/** A command through WMI whose output goes to the target's own admin share, from where it is fetched. */
export function wmiexec(lab: Lab, path: Path, user: Account, options: { output?: string; shareHost?: string } = {}): void {
  const output = options.output ?? "__1772615701.4475";
  const shareHost = options.shareHost ?? "127.0.0.1";
  const rpcss = lab.running(path.to, `${SYSTEM32}svchost.exe`, 944, SYSTEM, "C:\\Windows\\system32\\svchost.exe -k RPCSS -p");
  void rpcss;
  const remote = lab.networkLogon(path.to, user, path.from.ip, lab.port(), { ntlm: true });
  const provider = lab.running(
    path.to,
    `${SYSTEM32}wbem\\WmiPrvSE.exe`,
    3364,
    SYSTEM,
    "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding",
  );
  const child = lab.start(provider, CMD, `cmd.exe /Q /c whoami 1> \\\\${shareHost}\\ADMIN$\\${output} 2>&1`, { user, integrity: "High" });
  const own = shareHost === "127.0.0.1" ? "127.0.0.1" : "fe80::5c1:9f2e:77aa:1d05";
  const local = lab.networkLogon(path.to, user, own, lab.port());
  lab.openShare(local, "ADMIN$");
  lab.shareFile(local, "ADMIN$", output, "copy");
  lab.shareFile(local, "ADMIN$", output, "data");
  lab.createFile(lab.kernel(path.to), `C:\\Windows\\${output}`, user);
  lab.end(child);
  lab.logoff(local);
  lab.logoff(remote);
}

/** A command as a scheduled task, whose output is fetched from ADMIN$\\Temp. */
export function atexec(lab: Lab, path: Path, user: Account): void {
  const session = smbSession(lab, path, user, { ntlm: true });
  lab.openShare(session, "IPC$");
  lab.shareFile(session, "IPC$", "atsvc", "pipe3");
  lab.connectPipe(lab.kernel(path.to), "\\atsvc");
  const tasks = lab.running(
    path.to,
    `${SYSTEM32}svchost.exe`,
    1288,
    SYSTEM,
    "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule",
  );
  lab.end(lab.start(tasks, CMD, "cmd.exe /C whoami > C:\\Windows\\Temp\\uKfwQzLX.tmp 2>&1", { user: SYSTEM }));
  lab.openShare(session, "ADMIN$");
  lab.shareFile(session, "ADMIN$", "Temp\\uKfwQzLX.tmp", "fetch");
  lab.shareFile(session, "ADMIN$", "Temp\\uKfwQzLX.tmp", "delete");
  lab.logoff(session);
}

/** What the psexec module of Metasploit does: looks for PowerShell, and installs a service that starts it. */
export function metasploit(lab: Lab, path: Path, user: Account): void {
  const session = smbSession(lab, path, user, { ntlm: true });
  lab.openShare(session, "ADMIN$");
  lab.shareFile(session, "ADMIN$", "System32\\WindowsPowerShell\\v1.0\\powershell.exe", "fetch");
  lab.openShare(session, "IPC$");
  lab.shareFile(session, "IPC$", "svcctl", "pipe7");
  lab.connectPipe(lab.kernel(path.to), "\\ntsvcs");
  const command = '%COMSPEC% /b /c start /b /min powershell.exe -nop -w hidden -noni -c "Start-Sleep 5"';
  lab.installService(session, "xKcLpTqV", command);
  const services = lab.running(path.to, `${SYSTEM32}services.exe`, 620);
  lab.end(lab.start(services, CMD, command.replace("%COMSPEC%", "C:\\Windows\\system32\\cmd.exe"), { user: SYSTEM }));
  lab.logoff(session);
}

/** A dump made on the target is fetched through C$ and deleted. */
export function fetchDump(lab: Lab, path: Path, user: Account, name = "Windows\\Temp\\2dK7Qm1B.dmp"): void {
  const session = smbSession(lab, path, user, { ntlm: true });
  lab.openShare(session, "C$");
  lab.shareFile(session, "C$", name, "fetch");
  lab.shareFile(session, "C$", name, "delete");
  lab.logoff(session);
}

/** A command as a service whose program is a shell, with its output on a loopback share. */
export function smbexec(lab: Lab, path: Path, user: Account): void {
  const session = smbSession(lab, path, user, { ntlm: true });
  lab.openShare(session, "IPC$");
  lab.shareFile(session, "IPC$", "svcctl", "pipe3");
  lab.connectPipe(lab.kernel(path.to), "\\ntsvcs");
  const command =
    "%COMSPEC% /Q /c echo cd ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > %TEMP%\\execute.bat & %COMSPEC% /Q /c %TEMP%\\execute.bat & del %TEMP%\\execute.bat";
  lab.installService(session, "BTOBTO", command);
  const services = lab.running(path.to, `${SYSTEM32}services.exe`, 620);
  const expanded = command.replaceAll("%COMSPEC%", "C:\\Windows\\system32\\cmd.exe").replaceAll("%TEMP%", "C:\\Windows\\TEMP");
  lab.end(lab.start(services, CMD, expanded, { user: SYSTEM }));
  lab.logoff(session);
}
