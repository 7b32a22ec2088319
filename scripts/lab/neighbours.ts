/** What management systems and people do that looks like it. */
import type { Account, Host, Session } from "./event.ts";
import { SYSTEM, type Lab } from "./lab.ts";
import { machineAccount } from "./people.ts";

/** A management server logs on to a target it has no agent on. */
export function managementLogon(lab: Lab, target: Host, user: Account, address: string): Session {
  const kernel = lab.kernel(target);
  void kernel;
  return lab.networkLogon(target, user, address, lab.port(), { ntlm: false });
}

export interface Push {
  readonly user: Account;
  readonly address: string;
  readonly share: string;
  /** [name relative to the share, path on the target] */
  readonly files: readonly (readonly [string, string])[];
  readonly service?: readonly [name: string, path: string];
}

/** Software deployment as ConfigMgr, PDQ, Veeam and agent installers do it: copy through the share, install a service, run it. */
export function push(lab: Lab, target: Host, p: Push): void {
  const session = managementLogon(lab, target, p.user, p.address);
  lab.openShare(session, "IPC$");
  lab.openShare(session, p.share);
  for (const [name, path] of p.files) lab.receive(session, p.share, name, path);
  if (p.service !== undefined) {
    lab.installService(session, p.service[0], p.service[1], { start: "auto start" });
    lab.serviceState(target, p.service[0], "running");
    const services = lab.running(target, "C:\\Windows\\System32\\services.exe", 620);
    const image = p.service[1].replaceAll('"', "").replace(/(\.exe).*$/i, "$1");
    lab.start(services, image, p.service[1], { user: SYSTEM });
  }
  lab.logoff(session);
}

/** A backup reads files through the share. */
export function backupRead(lab: Lab, target: Host, user: Account, address: string): void {
  const session = managementLogon(lab, target, user, address);
  lab.openShare(session, "IPC$");
  lab.openShare(session, "C$");
  for (const name of ["\\", "Windows\\System32\\config", "inetpub\\wwwroot\\web.config", "ProgramData\\App\\settings.json"])
    lab.shareFile(session, "C$", name, name === "\\" ? "list" : "read");
  lab.logoff(session);
}

/** A member reads its group policy; controllers replicate: SYSVOL, by machines and by people, never an administrative share. */
export function groupPolicy(lab: Lab, controller: Host, member: Host, user?: Account): void {
  const session = lab.networkLogon(controller, user ?? machineAccount(member), member.ip, lab.port());
  lab.openShare(session, "SYSVOL");
  const policy = "corp.example\\Policies\\{31B2F340-016D-11D2-945F-00C04FB984F9}";
  lab.shareFile(session, "SYSVOL", `${policy}\\gpt.ini`, "read");
  lab.shareFile(session, "SYSVOL", `${policy}\\${user === undefined ? "Machine" : "User"}\\Registry.pol`, "read");
  lab.logoff(session);
}

/** Documents on an ordinary share. */
export function documents(lab: Lab, server: Host, user: Account, address: string, names: readonly string[]): void {
  const session = lab.networkLogon(server, user, address, lab.port());
  lab.openShare(session, "Finance");
  for (const name of names) {
    lab.shareFile(session, "Finance", name, "copy");
    lab.shareFile(session, "Finance", name, "data");
    lab.createFile(lab.kernel(server), `D:\\Shares\\Finance\\${name}`, user);
  }
  lab.logoff(session);
}
