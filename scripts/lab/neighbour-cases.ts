/** What must not alert: the false positives that the page names, the over-matches of its query, and ordinary work. */
import { browse, housekeeping, serverTraffic } from "./day.ts";
import type { Session } from "./event.ts";
import { host, SYSTEM, type Lab } from "./lab.ts";
import { backupRead, documents, groupPolicy, managementLogon, push } from "./neighbours.ts";
import { DC01, DEPLOY01, HELP_DESK, J_DOE, KIRA, machineAccount, OLIN, PAW01, SERVERS, SERVICE, SRV01, VEEAM01, WS01 } from "./people.ts";
import { SIGNAL, type Plan } from "./plan.ts";
import { CMD, enumerate, POWERSHELL, psexec, shell, smbSession } from "./techniques.ts";

const base = { kind: "negative", collector: "winlogbeat", path: "remote" } as const;
const NET = "C:\\Windows\\System32\\net.exe";
const SCCM01 = host("SCCM01", "10.10.40.5");
const PDQ01 = host("PDQ01", "10.10.40.6");
const BE01 = host("BE01", "10.10.40.9");
const run = (name: string, words: string): Plan["signals"][number] => [
  `Start of ${name}`,
  `process where event.type == "start" and process.name : "${name}" and process.command_line : "${words}"`,
];
const security = (
  name: string,
  title: string,
  story: string,
  act: (lab: Lab) => void,
  rest: Pick<Plan, "signals" | "fires" | "silent"> & Partial<Plan>,
): Plan => ({ ...base, name, title, story, side: "target", telemetry: ["security"], hosts: [SRV01], act, ...rest });
const source = (
  name: string,
  title: string,
  story: string,
  act: (lab: Lab) => void,
  rest: Pick<Plan, "signals" | "fires" | "silent"> & Partial<Plan>,
): Plan => ({ ...base, name, title, story, side: "source", telemetry: ["sysmon"], hosts: [WS01], act, ...rest });

const sccm =
  (user = SERVICE.sccm, address = "10.10.40.5") =>
  (lab: Lab): void =>
    push(lab, SRV01, {
      user,
      address,
      share: "ADMIN$",
      files: [
        ["ccmsetup\\ccmsetup.exe", "C:\\Windows\\ccmsetup\\ccmsetup.exe"],
        ["ccmsetup\\MobileClient.tcf", "C:\\Windows\\ccmsetup\\MobileClient.tcf"],
      ],
      service: ["ccmsetup", '"C:\\Windows\\ccmsetup\\ccmsetup.exe" /runservice /ignoreskipupgrade /config:MobileClient.tcf'],
    });
const pdq = (lab: Lab): void =>
  push(lab, SRV01, {
    user: SERVICE.pdq,
    address: "10.10.40.6",
    share: "ADMIN$",
    files: [
      [
        "AdminArsenal\\PDQDeployRunner\\service-1\\PDQDeployRunner-1.exe",
        "C:\\Windows\\AdminArsenal\\PDQDeployRunner\\service-1\\PDQDeployRunner-1.exe",
      ],
    ],
    service: ["PDQDeployRunner-1", '"C:\\Windows\\AdminArsenal\\PDQDeployRunner\\service-1\\PDQDeployRunner-1.exe"'],
  });
const veeam = (lab: Lab): void =>
  push(lab, SRV01, {
    user: SERVICE.veeam,
    address: "10.10.40.7",
    share: "ADMIN$",
    files: [["VeeamVssSupport\\VeeamGuestHelper.exe", "C:\\Windows\\VeeamVssSupport\\VeeamGuestHelper.exe"]],
    service: ["VeeamVssSupport", "C:\\Windows\\VeeamVssSupport\\VeeamGuestHelper.exe"],
  });

const pushed = (files: string, service: string, share: string): NonNullable<Plan["excepted"]> => [
  ["C1", files],
  ["C2", files],
  ["C3", service],
  ["C9", files],
  ["C11", share],
];

export const NEIGHBOUR_CASES: readonly Plan[] = [
  // -------------------------------------------------------------------- over-matches of the published query
  source(
    "net-user-service-account",
    "net user SQLSVC$ /domain",
    "A managed service account is looked up. The published query fires: *use* matches user, *C$* matches SQLSVC$.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, "net  user SQLSVC$ /domain")),
    { path: "local", signals: [run("net.exe", "*user SQLSVC$*")], fires: ["A1"], silent: ["A2", "B1", "B8"] },
  ),
  source(
    "net-use-public-share",
    "net use of \\\\fs01\\Public$",
    "A hidden but ordinary share. The published query fires: *C$* matches Public$.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, "net  use Z: \\\\fs01\\Public$")),
    { signals: [run("net.exe", "*use Z: *Public$*")], fires: ["A1"], silent: ["A2", "B1"] },
  ),
  source(
    "psexec-local-system",
    "PsExec -i -s on the local machine",
    "An administrator wants a SYSTEM prompt; no other machine is involved. The published query fires on the name alone.",
    (lab) => lab.end(lab.start(shell(lab, WS01, OLIN), "C:\\Tools\\PsExec64.exe", '"C:\\Tools\\PsExec64.exe" -i -s cmd.exe')),
    { path: "local", signals: [run("PsExec64.exe", "*-i -s*")], fires: ["A1"], silent: ["A2", "B3", "B4"] },
  ),
  source(
    "net-user-service-account-4688",
    "net user SQLSVC$ /domain, Security 4688",
    "The same where only the Security channel is collected.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, "net  user SQLSVC$ /domain")),
    {
      telemetry: ["security"],
      path: "local",
      signals: [run("net.exe", "*user SQLSVC$*")],
      fires: ["A1"],
      silent: ["A2", "B1", "B2", "B8"],
    },
  ),
  source(
    "net-use-public-share-4688",
    "net use of \\\\fs01\\Public$, in quotes",
    "An ordinary share in quotes is no administrative share.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, 'net  use Z: "\\\\fs01\\Public$"')),
    { telemetry: ["security"], signals: [run("net.exe", "*use Z: *Public$*")], fires: ["A1"], silent: ["A2", "B1", "B2", "B8"] },
  ),
  source(
    "copy-to-public-share",
    "copy to \\\\fs01\\Public$",
    "cmd.exe copies an installer to a hidden but ordinary share.",
    (lab) =>
      lab.end(
        lab.start(shell(lab, WS01, J_DOE), CMD, "cmd.exe /c copy C:\\Users\\j.doe\\Downloads\\setup.exe \\\\fs01\\Public$\\setup.exe"),
      ),
    { signals: [run("cmd.exe", "*Public$*")], fires: [], silent: ["A1", "A2", "B1", "B2", "B7"] },
  ),
  security(
    "public-share-target",
    "\\\\fs01\\Public$ on the server",
    "A program is written to, listed in and deleted from a hidden but ordinary share.",
    (lab) => {
      const s = smbSession(lab, { from: WS01, to: SRV01, address: "SRV01" }, J_DOE);
      lab.openShare(s, "Public$");
      lab.shareFile(s, "Public$", "\\", "list");
      lab.receive(s, "Public$", "setup.exe", "D:\\Shares\\Public\\setup.exe");
      lab.shareFile(s, "Public$", "old.dmp", "fetch");
      lab.shareFile(s, "Public$", "old.dmp", "delete");
      lab.logoff(s);
    },
    {
      signals: [["5140 Public$", 'any where event.code == "5140" and winlog.event_data.ShareName : "*Public$"']],
      fires: [],
      silent: ["C1", "C2", "C9", "C11", "C14", "C15", "C16", "D1"],
    },
  ),
  security(
    "psexec-local-service",
    "PsExec -i -s on the local machine: its service",
    "The service side looks as it does when the call comes from elsewhere; only the missing network logon and the missing write through ADMIN$ tell them apart.",
    (lab) => {
      const here: Session = { target: SRV01, user: OLIN, id: OLIN.session, address: "-", port: 0 };
      const client = lab.start(shell(lab, SRV01, OLIN), "C:\\Tools\\PsExec64.exe", '"C:\\Tools\\PsExec64.exe" -i -s cmd.exe');
      lab.createFile(client, "C:\\Windows\\PSEXESVC.exe");
      lab.installService(here, "PSEXESVC", "%SystemRoot%\\PSEXESVC.exe");
      lab.serviceState(SRV01, "PSEXESVC", "running");
      const services = lab.running(SRV01, "C:\\Windows\\System32\\services.exe", 620);
      const service = lab.start(services, "C:\\Windows\\PSEXESVC.exe", "C:\\Windows\\PSEXESVC.exe", { user: SYSTEM });
      lab.createPipe(service, "\\PSEXESVC");
      lab.end(lab.start(service, CMD, "cmd.exe", { user: SYSTEM }));
      lab.serviceState(SRV01, "PSEXESVC", "stopped");
    },
    {
      telemetry: ["sysmon", "security", "system"],
      path: "local",
      signals: [SIGNAL.service4697, SIGNAL.service7045, ["No network logon", 'authentication where winlog.event_data.LogonType == "3"', 0]],
      fires: ["A1", "C4", "C6", "C12"],
      silent: ["A2", "B3", "B4", "C1", "C2", "C3", "C5", "C7", "C9", "C10", "C11", "C13", "C17"],
    },
  ),
  source(
    "net-use-delete",
    "A mapping of C$ is removed",
    "net use \\\\host\\C$ /delete touches nothing on the target.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, "net  use \\\\10.10.30.12\\C$ /delete /y")),
    { signals: [run("net.exe", "*use *C$ /delete*")], fires: ["A1"], silent: ["A2", "B1"] },
  ),
  source(
    "net-use-home-drive",
    "A home drive is mapped at logon",
    "The logon script maps H: to an ordinary share.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, "net  use H: \\\\fs01\\home\\j.doe /persistent:no")),
    { signals: [run("net.exe", "*use H:*")], fires: [], silent: ["A1", "A2", "B1", "B8"] },
  ),

  // -------------------------------------------------------------------- management systems, on the target
  security(
    "sccm-client-push",
    "ConfigMgr client push",
    "The site server writes ccmsetup to ADMIN$ and installs it as a service, from its own address and with its push account.",
    sccm(),
    {
      signals: [SIGNAL.adminShare, SIGNAL.write, SIGNAL.service4697],
      fires: [],
      silent: ["C1", "C2", "C3", "C4", "C9", "C11"],
      excepted: pushed("sccm-push-files", "sccm-push-service", "sccm-push-share"),
    },
  ),
  security(
    "sccm-client-push-sysmon",
    "ConfigMgr client push: Sysmon",
    "The kernel writes ccmsetup.exe and services.exe starts it: what C5 and C10 describe. Sysmon names neither source nor account, so no exception can be narrow enough; C1 of the same minute decides.",
    (lab) => {
      lab.smb(SCCM01, SRV01.ip);
      sccm()(lab);
    },
    { telemetry: ["sysmon"], signals: [SIGNAL.inbound445, SIGNAL.kernelFile], fires: ["C5", "C10"], silent: ["C4", "C6", "C12", "C13"] },
  ),
  security(
    "pdq-deploy-sysmon",
    "PDQ Deploy: Sysmon and the System channel",
    "As with ConfigMgr: C5 and C10 describe it, and C1 decides. Its service does not lie in C:\\Windows itself.",
    (lab) => {
      lab.smb(PDQ01, SRV01.ip);
      pdq(lab);
    },
    {
      telemetry: ["sysmon", "system"],
      signals: [SIGNAL.kernelFile, SIGNAL.service7045],
      fires: ["C5", "C10"],
      silent: ["C4", "C6", "C12", "C13"],
    },
  ),
  security(
    "veeam-guest-processing-sysmon",
    "Veeam guest processing: Sysmon and the System channel",
    "The same for the guest helper.",
    (lab) => {
      lab.smb(VEEAM01, SRV01.ip);
      veeam(lab);
    },
    {
      telemetry: ["sysmon", "system"],
      signals: [SIGNAL.kernelFile, SIGNAL.service7045],
      fires: ["C5", "C10"],
      silent: ["C4", "C6", "C12", "C13"],
    },
  ),
  security(
    "backup-exec-read-sysmon",
    "Backup Exec reads C$: Sysmon",
    "Reading leaves nothing but the connection.",
    (lab) => {
      lab.smb(BE01, SRV01.ip);
      backupRead(lab, SRV01, SERVICE.backupExec, BE01.ip);
    },
    { telemetry: ["sysmon"], signals: [SIGNAL.inbound445], fires: [], silent: ["C5", "C8", "C10", "C13", "D2"] },
  ),
  security(
    "sccm-machine-account",
    "ConfigMgr pushes with the site server's own account",
    "The computer account SCCM01$ pushes. C1, C9 and C11 leave machine accounts out; C2 and C3 do not, and fire: add the computer account to the list if you push like this.",
    sccm({ domain: "CORP", name: "SCCM01$", sid: "S-1-5-21-1004336348-1177238915-682003330-2101", session: "0x3e7", admin: true }),
    { signals: [SIGNAL.adminShare, SIGNAL.service4697], fires: ["C2", "C3"], silent: ["C1", "C9", "C11"] },
  ),
  security("pdq-deploy", "PDQ Deploy", "The runner is copied and installed as a service.", pdq, {
    signals: [SIGNAL.adminShare, SIGNAL.write, SIGNAL.service4697],
    fires: [],
    silent: ["C1", "C2", "C3", "C4", "C9", "C11"],
    excepted: pushed("pdq-runner-files", "pdq-runner-service", "pdq-runner-share"),
  }),
  security(
    "veeam-guest-processing",
    "Veeam guest processing",
    "The guest helper is copied and installed before an application-aware backup.",
    veeam,
    {
      signals: [SIGNAL.adminShare, SIGNAL.write, SIGNAL.service4697],
      fires: [],
      silent: ["C1", "C2", "C3", "C4", "C9", "C11"],
      excepted: pushed("veeam-guest-files", "veeam-guest-service", "veeam-guest-share"),
    },
  ),
  security(
    "acronis-agent-push",
    "Acronis pushes its agent",
    "The installer is copied to Temp over C$.",
    (lab) =>
      push(lab, SRV01, {
        user: SERVICE.acronis,
        address: "10.10.40.8",
        share: "C$",
        files: [["Temp\\AcronisAgent-x64.exe", "C:\\Temp\\AcronisAgent-x64.exe"]],
      }),
    {
      signals: [SIGNAL.driveShare, SIGNAL.write],
      fires: [],
      silent: ["C1", "C9", "C11"],
      excepted: [
        ["C1", "acronis-push-files"],
        ["C9", "acronis-push-files"],
        ["C11", "acronis-push-share"],
      ],
    },
  ),
  security(
    "backup-exec-read",
    "Backup Exec reads C$",
    "An agent-less file backup reads and writes nothing: only the opening of the share needs an exception.",
    (lab) => backupRead(lab, SRV01, SERVICE.backupExec, "10.10.40.9"),
    {
      signals: [SIGNAL.driveShare],
      fires: [],
      silent: ["C1", "C9", "C11", "C14", "C15", "C16", "C17", "D1"],
      excepted: [
        ["C11", "backup-exec-share"],
        ["C15", "backup-exec-share"],
      ],
    },
  ),
  security(
    "backup-exec-agent-push",
    "Backup Exec pushes its remote agent",
    "The agent is copied over C$.",
    (lab) =>
      push(lab, SRV01, {
        user: SERVICE.backupExec,
        address: "10.10.40.9",
        share: "C$",
        files: [["Temp\\RAWS_x64\\setup.exe", "C:\\Temp\\RAWS_x64\\setup.exe"]],
      }),
    {
      signals: [SIGNAL.driveShare, SIGNAL.write],
      fires: [],
      silent: ["C1", "C9", "C11"],
      excepted: [
        ["C1", "backup-exec-push-files"],
        ["C9", "backup-exec-push-files"],
        ["C11", "backup-exec-share"],
      ],
    },
  ),
  security(
    "dc-sysvol-replication",
    "Group policy and SYSVOL on a domain controller",
    "Members read policies, another controller replicates. SYSVOL is no administrative share and none of this writes a command line: the page is wrong to name it.",
    (lab) => {
      for (const member of [WS01, SRV01, PAW01]) groupPolicy(lab, DC01, member);
      groupPolicy(lab, DC01, WS01, J_DOE);
    },
    {
      hosts: [DC01],
      signals: [
        ["5140 SYSVOL", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\SYSVOL"', 4],
        ["5145 of policies", 'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "corp.example\\\\Policies\\\\*"'],
      ],
      fires: [],
      silent: ["A1", "C1", "C7", "C8", "C9", "C11", "C14", "C15", "C16", "C17", "D1", "D2"],
    },
  ),
  security(
    "admin-jump-host-share",
    "An administrator looks at C$ from a jump host",
    "A registered jump host and a registered account: the opening is excepted, and nothing is written.",
    (lab) => {
      const s = smbSession(lab, { from: PAW01, to: SRV01, address: "SRV01" }, OLIN);
      lab.openShare(s, "IPC$");
      lab.openShare(s, "C$");
      lab.shareFile(s, "C$", "inetpub\\logs", "list");
      lab.logoff(s);
    },
    {
      signals: [SIGNAL.driveShare],
      fires: [],
      silent: ["C1", "C9", "C11", "C15", "C16"],
      excepted: [
        ["C11", "jump-host-share"],
        ["C15", "jump-host-share"],
      ],
    },
  ),
  security(
    "support-fetches-minidump",
    "Support fetches a crash dump of the kernel",
    "From a jump host, out of C:\\Windows\\Minidump, which holds no memory of LSASS.",
    (lab) => {
      const s = smbSession(lab, { from: PAW01, to: SRV01, address: "SRV01" }, OLIN);
      lab.openShare(s, "C$");
      lab.shareFile(s, "C$", "Windows\\Minidump\\030426-9812-01.dmp", "read");
      lab.logoff(s);
    },
    {
      signals: [["5145 of a dump", 'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "*.dmp"']],
      fires: [],
      silent: ["C1", "C11", "C14", "C15", "C16"],
      excepted: [
        ["C11", "jump-host-share"],
        ["C15", "jump-host-share"],
      ],
    },
  ),
  security(
    "admin-jump-host-psexec",
    "An administrator uses PsExec from a jump host",
    "The pipes and the share are excepted. What is copied and run is still shown: C1, C2 and C3 do not know who may run what.",
    (lab) =>
      psexec(lab, { from: PAW01, to: SRV01, address: "SRV01" }, OLIN, { image: "C:\\Admin\\Sysinternals\\PsExec64.exe", first: false }),
    {
      signals: [SIGNAL.adminShare, SIGNAL.service4697],
      fires: ["C1", "C2", "C3", "C4", "C9", "C12"],
      silent: ["C7", "C11"],
      excepted: [
        ["C7", "jump-host-psexec-pipes"],
        ["C11", "jump-host-share"],
      ],
    },
  ),
  security(
    "admin-jump-host-psexec-sysmon",
    "An administrator uses PsExec from a jump host: Sysmon",
    "Without address and account there is nothing to except by: every rule of the target fires, and B3 on the jump host tells who it was. The key file names the jump host.",
    (lab) =>
      psexec(lab, { from: PAW01, to: SRV01, address: "SRV01" }, OLIN, { image: "C:\\Admin\\Sysinternals\\PsExec64.exe", first: false }),
    {
      telemetry: ["sysmon"],
      signals: [["The key file", 'file where file.name : "PSEXEC-PAW01-*.key"']],
      fires: ["C4", "C5", "C6", "C10", "C12", "C13"],
      silent: ["A1", "B4"],
    },
  ),
  security(
    "scanner-remote-registry",
    "A credentialed vulnerability scan",
    "winreg and svcctl over IPC$, from the scanner with its account.",
    (lab) => {
      const s = managementLogon(lab, SRV01, SERVICE.scanner, "10.10.40.20");
      lab.openShare(s, "IPC$");
      lab.shareFile(s, "IPC$", "winreg", "pipe");
      lab.shareFile(s, "IPC$", "svcctl", "pipe");
      lab.logoff(s);
    },
    { signals: [SIGNAL.ipc], fires: [], silent: ["C7", "C8", "C17", "D2"], excepted: [["C8", "nessus-winreg"]] },
  ),
  security(
    "machine-account-pipes",
    "Machine accounts enumerate and log on",
    "A workstation's own account opens srvsvc, lsarpc and netlogon, as Windows does by itself.",
    (lab) => {
      const s = lab.networkLogon(SRV01, machineAccount(WS01), WS01.ip, lab.smb(WS01, SRV01.ip));
      lab.openShare(s, "IPC$");
      for (const pipe of ["srvsvc", "lsarpc", "netlogon"]) lab.shareFile(s, "IPC$", pipe, "pipe");
      lab.logoff(s);
    },
    { signals: [SIGNAL.ipc, SIGNAL.srvsvc], fires: [], silent: ["C7", "C8", "C11", "D2"] },
  ),
  security(
    "file-server-documents",
    "Documents are saved on an ordinary share",
    "Writes, but not to an administrative share, and nothing that runs.",
    (lab) => documents(lab, SRV01, J_DOE, WS01.ip, ["2026\\Q1\\forecast.xlsx", "2026\\Q1\\~$forecast.xlsx"]),
    {
      signals: [["5145 with a write bit", 'any where event.code == "5145" and winlog.event_data.AccessList : "*%%4417*"']],
      fires: [],
      silent: ["C1", "C2", "C9", "C11", "C14"],
    },
  ),
  security(
    "admin-few-servers",
    "An administrator visits three servers",
    "Three openings in a few minutes: D1 waits for eight.",
    (lab) => {
      for (const server of SERVERS.slice(0, 3)) {
        const s = smbSession(lab, { from: PAW01, to: server, address: server.name }, OLIN);
        lab.openShare(s, "C$");
        lab.logoff(s);
        lab.wait(60_000);
      }
    },
    {
      hosts: SERVERS.slice(0, 3),
      signals: [["Three openings of C$", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\C$"', 3]],
      fires: [],
      silent: ["C11", "D1"],
      excepted: [["C11", "jump-host-share"]],
    },
  ),
  security(
    "server-morning",
    "A server's ordinary morning (Security)",
    "Logons, documents, machine accounts, services that start.",
    (lab) => {
      for (let i = 0; i < 12; i++) {
        serverTraffic(lab, SRV01, WS01, J_DOE);
        housekeeping(lab, SRV01, SYSTEM);
      }
    },
    { signals: [SIGNAL.logon], fires: [], silent: ["A1", "A2", "C1", "C2", "C3", "C4", "C7", "C9", "C12"] },
  ),

  // ------------------------------------------------------------------------------ the target, Sysmon
  security(
    "documents-sysmon",
    "Documents arrive over SMB (Sysmon)",
    "The kernel writes files for remote users all day; none has an executable extension.",
    (lab) => documents(lab, SRV01, J_DOE, WS01.ip, ["2026\\Q1\\forecast.xlsx", "notes.txt"]),
    { telemetry: ["sysmon"], signals: [SIGNAL.kernelFile], fires: [], silent: ["C5", "C10", "C13"] },
  ),
  security(
    "server-morning-sysmon",
    "A server's ordinary morning (Sysmon)",
    "SMB connections, services, WMI providers.",
    (lab) => {
      for (let i = 0; i < 12; i++) {
        serverTraffic(lab, SRV01, WS01, J_DOE);
        housekeeping(lab, SRV01, SYSTEM);
      }
    },
    { telemetry: ["sysmon"], signals: [SIGNAL.inbound445], fires: [], silent: ["A1", "A2", "B7", "B9", "C5", "C6", "C10", "C12", "C13"] },
  ),
  security(
    "ordinary-pipes",
    "Pipes of Windows itself",
    "Print spooler, search and the workstation service.",
    (lab) => {
      const svc = lab.running(SRV01, "C:\\Windows\\System32\\svchost.exe", 1388, SYSTEM);
      for (const pipe of ["\\wkssvc", "\\Winsock2\\CatalogChangeListener-3ac-0", "\\PIPE_EVENTROOT\\CIMV2SCM EVENT PROVIDER"])
        lab.createPipe(svc, pipe);
      lab.connectPipe(lab.kernel(SRV01), "\\lsass");
    },
    {
      telemetry: ["sysmon"],
      path: "local",
      signals: [["Sysmon 17", 'file where event.code == "17"', 3]],
      fires: [],
      silent: ["C6", "C8", "D2"],
    },
  ),
  security(
    "wmi-inventory-child",
    "A WMI provider starts PowerShell",
    "An inventory agent; no redirection to a share.",
    (lab) => {
      const wmi = lab.running(SRV01, "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", 3364, SYSTEM);
      lab.end(
        lab.start(wmi, POWERSHELL, 'powershell.exe -NoProfile -Command "Get-HotFix > C:\\ProgramData\\Inventory\\hotfix.txt"', {
          user: SYSTEM,
        }),
      );
    },
    { telemetry: ["sysmon"], path: "local", signals: [run("powershell.exe", "*Get-HotFix >*")], fires: [], silent: ["B2", "B7", "C12"] },
  ),
  security(
    "wmi-child-hidden-share",
    "A WMI child writes to a hidden share",
    "The inventory ends up in \\\\fs01\\Inv$: hidden, but no administrative share.",
    (lab) => {
      const wmi = lab.running(SRV01, "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", 3364, SYSTEM);
      lab.end(lab.start(wmi, CMD, "cmd.exe /c systeminfo > \\\\fs01\\Inv$\\SRV01.txt", { user: SYSTEM }));
    },
    { telemetry: ["sysmon"], signals: [run("cmd.exe", "*Inv$*")], fires: [], silent: ["B2", "B7", "C12"] },
  ),
  security(
    "task-report-drive-share",
    "A scheduled task writes its report to D$ of a server",
    "Its parent is svchost.exe, and the share is another machine's: not for B7. B2 sees a write to an administrative share, which it is.",
    (lab) => {
      const tasks = lab.running(
        SRV01,
        "C:\\Windows\\System32\\svchost.exe",
        1288,
        SYSTEM,
        "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule",
      );
      lab.end(lab.start(tasks, CMD, "cmd.exe /c C:\\Jobs\\report.cmd > \\\\fs01\\D$\\Reports\\srv01.log", { user: SYSTEM }));
    },
    { telemetry: ["sysmon"], signals: [run("cmd.exe", "*report.cmd*")], fires: ["B2"], silent: ["B7", "C12"] },
  ),
  security(
    "sysmon-installed",
    "Sysmon is installed",
    "Its program lies in C:\\Windows itself, as that of a service copied through ADMIN$ does.",
    (lab) => {
      lab.installService({ target: SRV01, user: SYSTEM, id: "0x3e7", address: "-", port: 0 }, "Sysmon64", "C:\\Windows\\Sysmon64.exe", {
        start: "auto start",
      });
      lab.serviceState(SRV01, "Sysmon64", "running");
      lab.start(lab.running(SRV01, "C:\\Windows\\System32\\services.exe", 620), "C:\\Windows\\Sysmon64.exe", "C:\\Windows\\Sysmon64.exe", {
        user: SYSTEM,
      });
    },
    {
      telemetry: ["sysmon", "system", "security"],
      path: "local",
      signals: [SIGNAL.service7045, SIGNAL.service4697],
      fires: [],
      silent: ["C2", "C3", "C4", "C12"],
    },
  ),
  security(
    "vendor-service",
    "A product installs its service locally",
    "7045 with an ordinary path.",
    (lab) =>
      lab.installService(
        { target: SRV01, user: SYSTEM, id: "0x3e7", address: "-", port: 0 },
        "GoogleChromeElevationService",
        '"C:\\Program Files\\Google\\Chrome\\Application\\131.0.6778.86\\elevation_service.exe"',
      ),
    {
      telemetry: ["system", "security"],
      path: "local",
      signals: [SIGNAL.service7045, SIGNAL.service4697],
      fires: [],
      silent: ["C2", "C3", "C4"],
    },
  ),

  // ------------------------------------------------------------------------------------- the source
  source(
    "ansible-winrm",
    "Ansible over WinRM",
    "The control node speaks to 5985; 445 is not involved. The page names it as a false positive: it cannot be one.",
    (lab) => {
      const host = lab.running(
        SRV01,
        "C:\\Windows\\System32\\wsmprovhost.exe",
        4404,
        SERVICE.deploy,
        "C:\\Windows\\system32\\wsmprovhost.exe -Embedding",
      );
      lab.networkLogon(SRV01, SERVICE.deploy, "10.10.40.30", lab.port());
      lab.end(
        lab.start(
          host,
          POWERSHELL,
          "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand UABvAHcAZQByAFMAaABlAGwAbAA=",
        ),
      );
    },
    {
      side: "target",
      telemetry: ["sysmon", "security"],
      hosts: [SRV01],
      signals: [
        ["powershell.exe under wsmprovhost.exe", 'process where event.type == "start" and process.parent.name : "wsmprovhost.exe"'],
      ],
      fires: [],
      silent: ["A1", "A2", "B2", "C1", "C3", "C9", "C11", "C12"],
    },
  ),
  source(
    "admin-jump-host-client",
    "PsExec on a jump host: the client",
    "The approved copy, a registered host and account.",
    (lab) => psexec(lab, { from: PAW01, to: SRV01, address: "SRV01" }, OLIN, { image: "C:\\Admin\\Sysinternals\\PsExec64.exe" }),
    {
      hosts: [PAW01],
      signals: [run("PsExec64.exe", "*SRV01*")],
      fires: ["A1"],
      silent: ["A2", "B3", "B4", "B5"],
      excepted: [
        ["A2", "jump-host-psexec"],
        ["B3", "jump-host-psexec"],
        ["B5", "jump-host-eula"],
      ],
    },
  ),
  source(
    "inventory-script",
    "The nightly inventory maps C$",
    "net use under the inventory script, on the deployment server.",
    (lab) => {
      const script = lab.start(
        lab.running(DEPLOY01, "C:\\Windows\\System32\\svchost.exe", 1388, SYSTEM),
        CMD,
        "cmd.exe /c \\\\corp.example\\netlogon\\inventory.cmd",
        { user: SERVICE.deploy },
      );
      lab.end(lab.start(script, NET, "net  use \\\\SRV01\\C$"));
    },
    {
      hosts: [DEPLOY01],
      signals: [run("net.exe", "*use *C$*")],
      fires: ["A1"],
      silent: ["A2", "B1"],
      excepted: [
        ["A2", "netuse-inventory-script"],
        ["B1", "netuse-inventory-script"],
      ],
    },
  ),
  source(
    "deployment-robocopy",
    "The release job mirrors to D$",
    "robocopy to D$\\Deploy, on the deployment server.",
    (lab) =>
      lab.end(
        lab.start(
          lab.running(DEPLOY01, "C:\\Windows\\System32\\svchost.exe", 1388, SYSTEM),
          "C:\\Windows\\System32\\Robocopy.exe",
          "robocopy D:\\Deploy\\web \\\\SRV01\\D$\\Deploy\\web /MIR /R:2",
          { user: SERVICE.deploy },
        ),
      ),
    { hosts: [DEPLOY01], signals: [run("Robocopy.exe", "*D$*")], fires: [], silent: ["B2"], excepted: [["B2", "deploy-robocopy"]] },
  ),
  source(
    "robocopy-ordinary-share",
    "robocopy to an ordinary share",
    "No administrative share is named.",
    (lab) =>
      lab.end(
        lab.start(
          shell(lab, WS01, J_DOE),
          "C:\\Windows\\System32\\Robocopy.exe",
          "robocopy C:\\Users\\j.doe\\Documents \\\\fs01\\home\\j.doe /E",
        ),
      ),
    { signals: [run("Robocopy.exe", "*fs01*")], fires: [], silent: ["B2", "A1"] },
  ),
  source(
    "database-restart",
    "The release job restarts a service",
    "sc.exe start against another host.",
    (lab) =>
      lab.end(
        lab.start(lab.running(DEPLOY01, CMD, 3004, SERVICE.deploy), "C:\\Windows\\System32\\sc.exe", "sc.exe \\\\SRV01 start MSSQLSERVER"),
      ),
    { hosts: [DEPLOY01], signals: [run("sc.exe", "*start MSSQLSERVER*")], fires: [], silent: ["B6"], excepted: [["B6", "dba-sc-start"]] },
  ),
  source(
    "sc-query",
    "A service of another host is queried, and one of this host started",
    "Reading is not controlling.",
    (lab) => {
      lab.end(lab.start(shell(lab, WS01, OLIN), "C:\\Windows\\System32\\sc.exe", "sc.exe \\\\SRV01 query Spooler"));
      lab.end(lab.start(shell(lab, WS01, OLIN), "C:\\Windows\\System32\\sc.exe", "sc.exe start Spooler"));
    },
    { signals: [run("sc.exe", "*query*")], fires: [], silent: ["B6"] },
  ),
  source(
    "help-desk-net-view",
    "The help desk looks at the print server",
    "net view from the jump host.",
    (lab) => lab.end(lab.start(shell(lab, PAW01, HELP_DESK), NET, "net  view \\\\print01")),
    { hosts: [PAW01], signals: [run("net.exe", "*view*print01*")], fires: [], silent: ["B8"], excepted: [["B8", "helpdesk-net-view"]] },
  ),
  source(
    "net-view-domain",
    "net view of the domain",
    "No host is named.",
    (lab) => lab.end(lab.start(shell(lab, WS01, J_DOE), NET, "net  view /domain:CORP")),
    { signals: [run("net.exe", "*view /domain*")], fires: [], silent: ["B8"] },
  ),
  source(
    "backup-data-mover",
    "A backup server with its own SMB client",
    "The data mover connects to 445 itself.",
    (lab) =>
      lab.connect(
        lab.running(VEEAM01, "C:\\Program Files (x86)\\Veeam\\Backup Transport\\x64\\VeeamAgent.exe", 5120, SERVICE.veeam),
        SRV01.ip,
        445,
      ),
    {
      hosts: [VEEAM01],
      signals: [["445 by VeeamAgent.exe", 'network where destination.port == 445 and process.name : "VeeamAgent.exe"']],
      fires: [],
      silent: ["A2", "B9"],
      excepted: [
        ["A2", "backup-own-smb-client"],
        ["B9", "backup-own-smb-client"],
      ],
    },
  ),
  source(
    "workstation-morning",
    "A workstation's ordinary morning",
    "Browsers, updates, a file share: the kernel connects to 445 all the time.",
    (lab) => {
      for (let i = 0; i < 10; i++) {
        browse(lab, WS01, J_DOE);
        housekeeping(lab, WS01, J_DOE);
        serverTraffic(lab, SRV01, WS01, J_DOE);
      }
    },
    { signals: [SIGNAL.outbound445, SIGNAL.noProcess445], fires: [], silent: ["A1", "A2", "B1", "B2", "B3", "B4", "B5", "B6", "B8", "B9"] },
  ),
  source(
    "workstation-morning-defend",
    "A workstation's ordinary morning (Elastic Defend)",
    "The same as Elastic Defend tells it.",
    (lab) => {
      for (let i = 0; i < 10; i++) {
        browse(lab, WS01, J_DOE);
        housekeeping(lab, WS01, J_DOE);
        serverTraffic(lab, SRV01, WS01, J_DOE);
      }
    },
    {
      telemetry: ["defend"],
      collector: "elastic-defend",
      signals: [SIGNAL.outbound445, SIGNAL.noProcess445],
      fires: [],
      silent: ["A1", "A2", "B1", "B2", "B3", "B4", "B5", "B9"],
    },
  ),
  source(
    "kernel-without-process-id",
    "Connections of the kernel, exported without process ids",
    "Some exports drop ProcessId. A missing value is not 4, so `process.pid != 4` lets the kernel through; its name does not.",
    (lab) => {
      for (let i = 0; i < 3; i++) serverTraffic(lab, SRV01, WS01, J_DOE);
    },
    {
      collector: "nxlog",
      dropped: ["ProcessId"],
      signals: [
        ["Connections to 445 by System", 'network where destination.port == 445 and process.executable : "System"', 3],
        ["Without a process id", "network where ?process.pid != null", 0],
      ],
      fires: [],
      silent: ["A2", "B9"],
    },
  ),
  source(
    "procmon-licence",
    "The licence of another Sysinternals tool",
    "Process Monitor, not PsExec.",
    (lab) => {
      const tool = lab.start(shell(lab, WS01, OLIN), "C:\\Tools\\Procmon64.exe", '"C:\\Tools\\Procmon64.exe" -accepteula');
      lab.setValue(tool, `HKU\\${OLIN.sid}\\Software\\Sysinternals\\Process Monitor\\EulaAccepted`, "DWORD (0x00000001)");
    },
    {
      path: "local",
      signals: [["The licence value of Process Monitor", 'registry where registry.path : "*\\\\Process Monitor\\\\EulaAccepted"']],
      fires: [],
      silent: ["B3", "B5"],
    },
  ),
  source(
    "sysmon-browse-shares",
    "Explorer browses a file server (target)",
    "A person lists the shares of a file server: D2 is a hunt, and this is what it finds all day.",
    (lab) => {
      const s = smbSession(lab, { from: WS01, to: SRV01, address: "SRV01" }, J_DOE);
      enumerate(lab, s);
      lab.logoff(s);
    },
    {
      kind: "positive",
      side: "target",
      telemetry: ["security"],
      hosts: [SRV01],
      signals: [SIGNAL.srvsvc],
      fires: ["D2"],
      silent: ["C7", "C8"],
    },
  ),

  // ---------------------------------------------------------------------------- exceptions are narrow
  security(
    "stolen-push-account",
    "The push account from a workstation",
    "svc_ccmpush is what an attacker looks for. From any other address than the site server's, every exception steps aside.",
    sccm(SERVICE.sccm, WS01.ip),
    { kind: "positive", signals: [SIGNAL.adminShare, SIGNAL.service4697], fires: ["C1", "C2", "C3", "C9", "C11"], silent: ["C4"] },
  ),
  security(
    "push-server-other-payload",
    "The site server writes something else",
    "The right address and account, another file: somebody is on the site server.",
    (lab) =>
      push(lab, SRV01, {
        user: SERVICE.sccm,
        address: "10.10.40.5",
        share: "ADMIN$",
        files: [["Temp\\update.exe", "C:\\Windows\\Temp\\update.exe"]],
        service: ["WinUpdate", "C:\\Windows\\Temp\\update.exe"],
      }),
    {
      kind: "positive",
      signals: [SIGNAL.adminShare, SIGNAL.service4697],
      fires: ["C1", "C2", "C3", "C9"],
      silent: ["C11"],
      excepted: [["C11", "sccm-push-share"]],
    },
  ),
  security(
    "push-server-other-account",
    "Another account from the site server",
    "The right address and file, another account.",
    sccm(KIRA),
    { kind: "positive", signals: [SIGNAL.adminShare, SIGNAL.service4697], fires: ["C1", "C2", "C3", "C9", "C11"], silent: ["C4"] },
  ),
];
