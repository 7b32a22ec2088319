/** Variants by which an attacker gets past one rule, and what still sees them; and techniques beside the four tests. */
import { SYSTEM, type Lab } from "./lab.ts";
import { renamed } from "./images.ts";
import { J_DOE, KIRA, SERVERS, SRV01, WS01 } from "./people.ts";
import { SIGNAL, type Plan } from "./plan.ts";
import {
  atexec,
  CMD,
  copyToShare,
  fetchDump,
  mapShare,
  metasploit,
  POWERSHELL,
  psexec,
  shell,
  smbexec,
  smbSession,
  viewShares,
  wmiexec,
  type Path,
} from "./techniques.ts";

const base = { kind: "evasion", collector: "winlogbeat", path: "remote" } as const;
const REMOTE: Path = { from: WS01, to: SRV01, address: "10.10.30.12" };
type Rest = Pick<Plan, "signals" | "fires" | "silent"> & Partial<Plan>;
const source = (name: string, title: string, story: string, act: (lab: Lab) => void, rest: Rest): Plan => ({
  ...base,
  name,
  title,
  story,
  side: "source",
  telemetry: ["sysmon"],
  hosts: [WS01],
  act,
  ...rest,
});
const target = (name: string, title: string, story: string, act: (lab: Lab) => void, rest: Rest): Plan => ({
  ...base,
  name,
  title,
  story,
  side: "target",
  telemetry: ["security"],
  hosts: [SRV01],
  act,
  ...rest,
});
const run = (name: string, words: string): Plan["signals"][number] => [
  `Start of ${name}`,
  `process where event.type == "start" and process.name : "${name}" and process.command_line : "${words}"`,
];

const renamedPsExec = (lab: Lab): void => {
  renamed("winupd.exe", "psexec.c");
  renamed("hostsvc.exe", "psexec.exe");
  psexec(lab, REMOTE, KIRA, {
    image: "C:\\Users\\Public\\hostsvc.exe",
    service: "wuhlpsvc",
    commandLine: '"C:\\Users\\Public\\hostsvc.exe" \\\\10.10.30.12 -accepteula -r wuhlpsvc cmd.exe /c whoami',
  });
};

const byService = (lab: Lab): void => smbexec(lab, REMOTE, KIRA);

/** The network logon of a service account that exists is used to change what a service runs. */
const reconfigure = (lab: Lab): void => {
  const session = smbSession(lab, REMOTE, KIRA);
  lab.openShare(session, "ADMIN$");
  lab.receive(session, "ADMIN$", "Temp\\fxs.exe", "C:\\Windows\\Temp\\fxs.exe");
  const services = lab.running(SRV01, "C:\\Windows\\System32\\services.exe", 620);
  lab.setValue(services, "HKLM\\System\\CurrentControlSet\\Services\\Fax\\ImagePath", "C:\\Windows\\Temp\\fxs.exe");
  lab.start(services, "C:\\Windows\\Temp\\fxs.exe", "C:\\Windows\\Temp\\fxs.exe", { user: SYSTEM });
  lab.logoff(session);
};

export const EVASION_CASES: readonly Plan[] = [
  // -------------------------------------------------------------------------------------- renamed tools
  source(
    "psexec-renamed-client",
    "Renamed PsExec with a renamed service: client",
    "The file is called hostsvc.exe and the service wuhlpsvc (-r). The published query compares file names and sees nothing.",
    renamedPsExec,
    {
      kind: "positive",
      signals: [["Original file name psexec.c", 'process where process.pe.original_file_name == "psexec.c"']],
      fires: ["A2", "B3", "B4", "B5"],
      silent: ["A1"],
    },
  ),
  source(
    "psexec-renamed-client-4688",
    "Renamed PsExec: client, Security 4688",
    "4688 has no original file name: -accepteula and the host remain.",
    renamedPsExec,
    { telemetry: ["security"], signals: [run("hostsvc.exe", "*-accepteula*")], fires: ["B3"], silent: ["A1", "A2", "B4"] },
  ),
  target(
    "psexec-renamed-service",
    "Renamed PsExec service: the Security channel",
    "No default name is left: the write, the logons, the new service, its program in C:\\Windows and the endings of the pipes are.",
    renamedPsExec,
    {
      signals: [SIGNAL.adminShare, SIGNAL.write, SIGNAL.service4697],
      fires: ["C1", "C2", "C3", "C4", "C7", "C9", "C11", "C12"],
      silent: ["C14", "C15"],
    },
  ),
  target(
    "psexec-renamed-service-sysmon",
    "Renamed PsExec service: Sysmon",
    "The key file still names the source, the pipes still end in -stdin, the original file name says psexesvc.exe.",
    renamedPsExec,
    { telemetry: ["sysmon"], signals: [SIGNAL.kernelFile], fires: ["B4", "C4", "C5", "C6", "C10", "C12", "C13"], silent: ["A1"] },
  ),
  source(
    "psexec-stripped",
    "PsExec without its version resource",
    "Renamed and without an original file name: -accepteula and the host remain.",
    (lab) => psexec(lab, REMOTE, KIRA, { image: "C:\\Users\\Public\\tool7.exe" }),
    { signals: [run("tool7.exe", "*-accepteula*")], fires: ["B3", "B5"], silent: ["A1", "A2", "B4"] },
  ),
  source(
    "psexec-quoted-host",
    "The host name in quotes",
    "On 4688 the quotes stay in the arguments.",
    (lab) => psexec(lab, REMOTE, KIRA, { first: false, commandLine: 'PsExec.exe "\\\\10.10.30.12" cmd.exe' }),
    { telemetry: ["security"], signals: [run("PsExec.exe", '*\\"\\\\\\\\10.10.30.12\\"*')], fires: ["A1", "A2", "B3"], silent: ["B4"] },
  ),
  source(
    "psexec-host-list",
    "Hosts from a file",
    "PsExec @hosts.txt names no host.",
    (lab) => psexec(lab, REMOTE, KIRA, { first: false, commandLine: "PsExec.exe @C:\\Users\\Public\\h.txt -d C:\\Windows\\Temp\\u.exe" }),
    { signals: [run("PsExec.exe", "*@C:*")], fires: ["A1", "B3"], silent: ["A2"] },
  ),
  source(
    "eula-by-reg",
    "The licence value set beforehand",
    "reg.exe writes the value that PsExec would: that is the same event.",
    (lab) => {
      const reg = lab.start(
        shell(lab, WS01, J_DOE),
        "C:\\Windows\\System32\\reg.exe",
        "reg  add HKCU\\Software\\Sysinternals\\PsExec /v EulaAccepted /t REG_DWORD /d 1 /f",
      );
      lab.setValue(reg, `HKU\\${J_DOE.sid}\\Software\\Sysinternals\\PsExec\\EulaAccepted`, "DWORD (0x00000001)");
      lab.end(reg);
    },
    { path: "local", signals: [run("reg.exe", "*EulaAccepted*")], fires: ["B5"], silent: ["A1", "B3"] },
  ),

  // --------------------------------------------------------------------------------------------- net use
  source(
    "net1-drive-share-fqdn",
    "net1, D$, a full name",
    "net1.exe maps D$ by the full host name. The published query knows C$, ADMIN$ and IPC$ only.",
    (lab) => lab.logoff(mapShare(lab, { ...REMOTE, address: "srv01.corp.example" }, J_DOE, KIRA, { net: "net1.exe", share: "D$" })),
    { signals: [run("net1.exe", "*D$*")], fires: ["A2", "B1"], silent: ["A1"] },
  ),
  source(
    "net-use-unc-prefix",
    "The \\\\?\\UNC form",
    "The long form of the path, in mixed case.",
    (lab) => lab.logoff(mapShare(lab, REMOTE, J_DOE, KIRA, { command: "USE \\\\?\\unc\\10.10.30.12\\admin$" })),
    { signals: [run("net.exe", "*USE*unc*")], fires: ["A1", "A2", "B1"], silent: ["B2"] },
  ),
  source(
    "net-renamed",
    "A renamed net.exe",
    "A copy of net.exe called n.exe; Sysmon has the original file name.",
    (lab) => {
      renamed("n.exe", "net.exe");
      lab.end(lab.start(shell(lab, WS01, J_DOE), "C:\\Users\\Public\\n.exe", "n.exe use \\\\10.10.30.12\\C$"));
    },
    { signals: [run("n.exe", "*use*")], fires: ["A2", "B1"], silent: ["A1"] },
  ),
  source(
    "net1-view-quoted",
    "net1 view with a quoted host",
    "On 4688 the quotes stay in the arguments.",
    (lab) => viewShares(lab, REMOTE, KIRA, { net: "net1.exe", command: 'net1 view "\\\\10.10.30.12" /all' }),
    { telemetry: ["security"], signals: [run("net1.exe", "*view*")], fires: ["B8"], silent: ["A1"] },
  ),

  source(
    "net-use-quoted-share",
    "Quotes around the share alone",
    'net use takes \\\\10.10.30.12\\"C$" as it would without the quotes.',
    (lab) => lab.logoff(mapShare(lab, REMOTE, J_DOE, KIRA, { command: 'use \\\\10.10.30.12\\"C$" /u:CORP\\adm.kira' })),
    { telemetry: ["security"], signals: [run("net.exe", '*\\"C$\\"*')], fires: ["A1", "A2", "B1"], silent: ["B2"] },
  ),

  // ------------------------------------------------------------------------------------------------ copy
  source(
    "copy-caret",
    "Carets in the share name",
    "cmd.exe drops them when it runs the command; its own command line keeps them.",
    (lab) =>
      lab.logoff(
        copyToShare(lab, REMOTE, KIRA, { command: "cmd.exe /c copy C:\\Users\\Public\\u.exe \\\\10.10.30.12\\AD^M^IN$\\calc_test.exe" }),
      ),
    { signals: [run("cmd.exe", "*AD^M^IN$*")], fires: ["B2"], silent: ["A1", "A2"] },
  ),
  source(
    "powershell-copy-backtick",
    "A backtick before the dollar",
    "PowerShell takes `$ for $.",
    (lab) =>
      lab.logoff(
        copyToShare(lab, REMOTE, KIRA, {
          image: POWERSHELL,
          share: "C$",
          name: "ProgramData\\u.dll",
          file: "C:\\ProgramData\\u.dll",
          command: 'powershell.exe -nop -c "Copy-Item C:\\Users\\Public\\u.dll \\\\10.10.30.12\\C`$\\ProgramData\\u.dll"',
        }),
      ),
    { signals: [run("powershell.exe", "*C`$*")], fires: ["B2"], silent: ["A1"] },
  ),
  source(
    "powershell-copy-unc",
    "PowerShell Copy-Item to the \\\\?\\UNC form of C$",
    "No cmd.exe and no short path.",
    (lab) =>
      lab.logoff(
        copyToShare(lab, REMOTE, KIRA, {
          image: POWERSHELL,
          share: "C$",
          name: "ProgramData\\u.dll",
          file: "C:\\ProgramData\\u.dll",
          command: 'powershell.exe -nop -c "Copy-Item C:\\Users\\Public\\u.dll \\\\?\\UNC\\10.10.30.12\\C$\\ProgramData\\u.dll"',
        }),
      ),
    { signals: [run("powershell.exe", "*Copy-Item*")], fires: ["B2"], silent: ["A1", "A2"] },
  ),
  source(
    "powershell-copy-slashes",
    "Slashes for backslashes",
    "Windows takes //host/C$ for \\\\host\\C$ wherever a path goes through its own functions.",
    (lab) =>
      lab.logoff(
        copyToShare(lab, REMOTE, KIRA, {
          image: POWERSHELL,
          share: "C$",
          name: "ProgramData\\u.dll",
          file: "C:\\ProgramData\\u.dll",
          command: 'powershell.exe -nop -c "Copy-Item C:/Users/Public/u.dll //10.10.30.12/C$/ProgramData/u.dll"',
        }),
      ),
    { signals: [run("powershell.exe", "*//10.10.30.12/C$/*")], fires: ["B2"], silent: ["B1"] },
  ),
  source(
    "copy-typed-source",
    "copy typed into an open prompt: source",
    "copy is built into cmd.exe: no process starts and the source has nothing to see but the kernel's connection.",
    (lab) => lab.logoff(copyToShare(lab, REMOTE, KIRA, { command: null })),
    {
      signals: [SIGNAL.outbound445, ["No process start", 'process where event.type == "start"', 0]],
      fires: [],
      silent: ["A1", "A2", "B2", "B9"],
    },
  ),
  target(
    "copy-typed-target",
    "copy typed into an open prompt: target",
    "The target does not care how it was typed.",
    (lab) => lab.logoff(copyToShare(lab, REMOTE, KIRA, { command: null })),
    { signals: [SIGNAL.adminShare, SIGNAL.write], fires: ["C1", "C9", "C11"], silent: ["C2"] },
  ),
  target(
    "append-script-drive-share",
    "A script appended to over D$",
    "Only the AppendData bit, a .ps1, another drive.",
    (lab) =>
      lab.logoff(
        copyToShare(lab, REMOTE, KIRA, {
          command: null,
          share: "D$",
          name: "jobs\\nightly.ps1",
          file: "D:\\jobs\\nightly.ps1",
          rightName: "append",
        }),
      ),
    {
      signals: [
        [
          "5145 with AppendData alone",
          'any where event.code == "5145" and winlog.event_data.AccessList : "*%%4418*" and winlog.event_data.AccessMask == "0x4"',
        ],
      ],
      fires: ["C1", "C9", "C11"],
      silent: ["C14"],
    },
  ),
  target(
    "data-file-write",
    "A program under the name of a data file",
    "dump.dat is no executable to C1; C9 asks for any write.",
    (lab) => lab.logoff(copyToShare(lab, REMOTE, KIRA, { command: null, name: "Temp\\dump.dat", file: "C:\\Windows\\Temp\\dump.dat" })),
    { signals: [SIGNAL.write], fires: ["C9", "C11"], silent: ["C1"] },
  ),
  target(
    "copy-without-process-id",
    "A copy, exported without process ids",
    "Some exports drop ProcessId. The kernel is still called System.",
    (lab) => lab.logoff(copyToShare(lab, REMOTE, KIRA, { command: null })),
    {
      kind: "positive",
      telemetry: ["sysmon"],
      collector: "nxlog",
      dropped: ["ProcessId"],
      signals: [["A file created by System", 'file where event.type == "creation" and process.executable : "System"']],
      fires: ["C10"],
      silent: ["C5", "C13"],
    },
  ),
  target(
    "psexec-without-process-id",
    "PsExec, exported without process ids",
    "The same for the rules that ask for PID 4.",
    (lab) => psexec(lab, REMOTE, KIRA),
    {
      telemetry: ["sysmon"],
      collector: "nxlog",
      dropped: ["ProcessId"],
      signals: [["No process id", "any where ?process.pid != null", 0]],
      fires: ["C4", "C5", "C6", "C10", "C12", "C13"],
      silent: ["A1"],
    },
  ),
  target(
    "late-write",
    "The write comes minutes after the logon",
    "The session is opened, and used three minutes later: C9 has forgotten the logon.",
    (lab) => {
      const s = smbSession(lab, REMOTE, KIRA);
      lab.openShare(s, "ADMIN$");
      lab.wait(180_000);
      lab.receive(s, "ADMIN$", "calc_test.exe", "C:\\Windows\\calc_test.exe");
      lab.logoff(s);
    },
    { signals: [SIGNAL.write], fires: ["C1", "C11"], silent: ["C9"] },
  ),
  target(
    "late-write-sysmon",
    "The same, Sysmon",
    "C10 waits 30 seconds after the connection.",
    (lab) => {
      const s = smbSession(lab, REMOTE, KIRA);
      lab.openShare(s, "ADMIN$");
      lab.wait(180_000);
      lab.receive(s, "ADMIN$", "PSEXESVC.exe", "C:\\Windows\\PSEXESVC.exe");
      lab.logoff(s);
    },
    { telemetry: ["sysmon"], signals: [SIGNAL.kernelFile], fires: ["C13"], silent: ["C10"] },
  ),
  target(
    "link-local-source",
    "The target by its own name",
    "The connection comes from fe80::, not from 127.0.0.1: leaving out loopback does not remove it.",
    (lab) =>
      lab.logoff(
        copyToShare(lab, { from: SRV01, to: SRV01, address: "SRV01", seenAs: "fe80::5c1:9f2e:77aa:1d05" }, KIRA, { command: null }),
      ),
    {
      signals: [["5140 from fe80::", 'any where event.code == "5140" and cidrMatch(source.ip, "fe80::/10")']],
      fires: ["C1", "C9", "C11"],
      silent: ["C2"],
    },
  ),

  // ----------------------------------------------------------------------------------------- execution
  target(
    "service-after-pause",
    "The service comes four minutes after the file",
    "C2 waits two minutes.",
    (lab) => psexec(lab, REMOTE, KIRA, { pauseMs: 240_000 }),
    { signals: [SIGNAL.write, SIGNAL.service4697], fires: ["C1", "C3", "C4", "C7", "C9", "C11", "C12"], silent: ["C2"] },
  ),
  target("service-reconfigured", "An existing service is given another program", "Nothing is installed: no 4697, no 7045.", reconfigure, {
    signals: [SIGNAL.write, ["No 4697", 'any where event.code == "4697"', 0]],
    fires: ["C1", "C9", "C11"],
    silent: ["C2", "C3", "C4", "C12"],
  }),
  target("service-reconfigured-sysmon", "The same, Sysmon", "The file arrives over SMB and services.exe starts it.", reconfigure, {
    telemetry: ["sysmon"],
    signals: [SIGNAL.kernelFile],
    fires: ["C5", "C10"],
    silent: ["C12", "C13"],
  }),
  target(
    "path-case-differs",
    "Started under another spelling of the path",
    "services.exe starts C:\\WINDOWS\\PSEXESVC.exe: the join of C5 compares letter for letter.",
    (lab) => psexec(lab, REMOTE, KIRA, { startedAs: "C:\\WINDOWS\\PSEXESVC.exe" }),
    { telemetry: ["sysmon"], signals: [SIGNAL.kernelFile], fires: ["C4", "C6", "C10", "C12", "C13"], silent: ["C5"] },
  ),
  target(
    "impacket-smbexec",
    "smbexec",
    "A service whose program is a shell, with its output on a loopback share. No file is copied.",
    byService,
    {
      kind: "positive",
      signals: [SIGNAL.service4697, ["5145 svcctl", 'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "svcctl"']],
      fires: ["B2", "B7", "C3", "C4", "C8", "C12", "C17"],
      silent: ["C1", "C2", "C9", "C11", "C15"],
    },
  ),
  target("impacket-smbexec-sysmon", "smbexec: Sysmon", "The shell under services.exe, redirecting to \\\\127.0.0.1\\C$.", byService, {
    kind: "positive",
    telemetry: ["sysmon"],
    signals: [
      [
        "cmd.exe under services.exe",
        'process where event.type == "start" and process.name : "cmd.exe" and process.parent.name : "services.exe"',
      ],
    ],
    fires: ["B2", "B7", "C4", "C8", "C12"],
    silent: ["C5", "C6"],
  }),
  target("impacket-smbexec-system", "smbexec: the System channel", "7045 with BTOBTO and a shell.", byService, {
    kind: "positive",
    telemetry: ["system"],
    signals: [SIGNAL.service7045],
    fires: ["C4"],
    silent: ["A1"],
  }),
  target("impacket-wmiexec", "wmiexec", "A WMI child writes its output to the target's own ADMIN$.", (lab) => wmiexec(lab, REMOTE, KIRA), {
    kind: "positive",
    signals: [["5145 __1772615701.4475", 'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "__1*"']],
    fires: ["B2", "B7", "C14"],
    silent: ["C1", "C9", "C11", "C12"],
    labFires: ["C9", "C11"],
  }),
  target(
    "impacket-wmiexec-renamed-output",
    "wmiexec with another output name",
    "C14 knows the default names only; the child of WmiPrvSE.exe still redirects to a share.",
    (lab) => wmiexec(lab, REMOTE, KIRA, { output: "Temp\\kb5031.log" }),
    { signals: [SIGNAL.write], fires: ["B2", "B7"], silent: ["C14"], labFires: ["C9", "C11"] },
  ),
  target(
    "impacket-wmiexec-by-name",
    "wmiexec that names the host",
    "\\\\SRV01 instead of 127.0.0.1. The share is then opened from the host's own fe80:: address, which the loopback exclusion does not cover.",
    (lab) => wmiexec(lab, REMOTE, KIRA, { shareHost: "SRV01" }),
    { signals: [SIGNAL.write], fires: ["B2", "B7", "C9", "C11", "C14"], silent: ["C15"] },
  ),
  target(
    "impacket-atexec",
    "atexec",
    "A scheduled task runs the command; its output is fetched from ADMIN$\\Temp, and deleted.",
    (lab) => atexec(lab, REMOTE, KIRA),
    {
      kind: "positive",
      signals: [
        [
          "5145 atsvc, 0x3",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "atsvc" and winlog.event_data.AccessMask == "0x3"',
        ],
        ["5145 of the output, deleted", 'any where event.code == "5145" and winlog.event_data.AccessList : "*%%1537*"'],
      ],
      fires: ["C8", "C11", "C14", "C15", "C17"],
      silent: ["C1", "C9", "B7"],
    },
  ),
  target(
    "metasploit-psexec",
    "The psexec module of Metasploit",
    "It looks for powershell.exe in ADMIN$ and installs a service that starts it. Nothing is copied.",
    (lab) => metasploit(lab, REMOTE, KIRA),
    {
      kind: "positive",
      signals: [SIGNAL.adminShare, SIGNAL.service4697],
      fires: ["C3", "C4", "C8", "C11", "C12", "C15", "C17"],
      silent: ["C1", "C2", "C9"],
    },
  ),
  target("metasploit-psexec-sysmon", "The same, Sysmon", "The pipe svcctl is called ntsvcs here.", (lab) => metasploit(lab, REMOTE, KIRA), {
    kind: "positive",
    telemetry: ["sysmon"],
    signals: [["Sysmon 18 ntsvcs, by the kernel", 'file where event.code == "18" and process.pid == 4 and file.name : "\\\\ntsvcs"']],
    fires: ["C4", "C8", "C12"],
    silent: ["C5", "C10"],
  }),
  target(
    "native-service-client",
    "A service installed with Windows' own client",
    "sc.exe or .NET asks for 0x12019f, as Windows does.",
    (lab) => {
      const s = smbSession(lab, REMOTE, KIRA);
      lab.openShare(s, "IPC$");
      lab.shareFile(s, "IPC$", "svcctl", "pipe");
      lab.installService(s, "wuhlp", "C:\\ProgramData\\wuhlp.exe");
      lab.logoff(s);
    },
    { signals: [SIGNAL.service4697], fires: ["C3", "C8"], silent: ["C4", "C17"] },
  ),
  target(
    "lsass-dump-fetched",
    "A dump of LSASS fetched through C$",
    "Opened to read alone, then deleted: no write, no service.",
    (lab) => fetchDump(lab, REMOTE, KIRA),
    {
      kind: "positive",
      signals: [
        [
          "5145 of a dump",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "*.dmp" and winlog.event_data.AccessMask == "0x1"',
        ],
      ],
      fires: ["C11", "C15", "C16"],
      silent: ["C1", "C9", "C14"],
    },
  ),
  target(
    "hive-fetched",
    "The SAM hive fetched through ADMIN$",
    "From a shadow copy or a saved hive, under its own name.",
    (lab) => fetchDump(lab, REMOTE, KIRA, "Windows\\System32\\config\\SAM"),
    {
      kind: "positive",
      signals: [["5145 of the hive", 'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "*config\\\\SAM"']],
      fires: ["C11", "C15", "C16"],
      silent: ["C1", "C9"],
    },
  ),
  target(
    "dump-under-another-name",
    "The dump is called a log",
    "C16 goes by the name; the reading and the deleting remain.",
    (lab) => fetchDump(lab, REMOTE, KIRA, "Windows\\Temp\\setup.log"),
    {
      signals: [["5145, deleted", 'any where event.code == "5145" and winlog.event_data.AccessList : "*%%1537*"']],
      fires: ["C11", "C15"],
      silent: ["C14", "C16"],
    },
  ),
  target(
    "share-opened-earlier",
    "The share was opened before the log begins",
    "5140 is written once for a session: only the files are left.",
    (lab) => {
      const s = smbSession(lab, REMOTE, KIRA);
      lab.shareFile(s, "C$", "\\", "list");
      lab.shareFile(s, "C$", "Users\\j.doe\\Desktop\\desktop.ini", "read");
      lab.logoff(s);
    },
    {
      signals: [
        ["5145 of C$", 'any where event.code == "5145" and winlog.event_data.ShareName : "\\\\\\\\*\\\\C$"', 2],
        ["No 5140", 'any where event.code == "5140"', 0],
      ],
      fires: ["C15"],
      silent: ["C1", "C9", "C11", "C16"],
    },
  ),
  target(
    "smbexec-second-shell-sysmon",
    "smbexec: the second shell alone",
    "The shell that runs the batch file is a child of the first one, whose command line still holds the redirection.",
    (lab) => {
      const first = lab.running(
        SRV01,
        CMD,
        3492,
        SYSTEM,
        "C:\\Windows\\system32\\cmd.exe /Q /c echo whoami ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > C:\\Windows\\TEMP\\execute.bat & C:\\Windows\\system32\\cmd.exe /Q /c C:\\Windows\\TEMP\\execute.bat",
      );
      lab.end(lab.start(first, CMD, "C:\\Windows\\system32\\cmd.exe  /Q /c C:\\Windows\\TEMP\\execute.bat"));
    },
    {
      telemetry: ["sysmon"],
      signals: [run("cmd.exe", "*execute.bat*")],
      fires: ["B7"],
      silent: ["B2", "C12"],
    },
  ),
  target(
    "wmi-output-other-loopback-sysmon",
    "wmiexec to 127.0.0.2",
    "Any address of 127.0.0.0/8 is the machine itself.",
    (lab) => wmiexec(lab, REMOTE, KIRA, { shareHost: "127.0.0.2" }),
    {
      telemetry: ["sysmon"],
      signals: [run("cmd.exe", "*127.0.0.2*")],
      fires: ["B2", "B7"],
      silent: ["A1", "C12"],
    },
  ),
  target(
    "svcctl-over-tcp",
    "Service control over TCP",
    "RPC on TCP 135 leaves no svcctl pipe: C8 is silent, the service is not.",
    (lab) => {
      const s = lab.networkLogon(SRV01, KIRA, WS01.ip, lab.port());
      lab.installService(s, "wuhlp", "C:\\Windows\\System32\\rundll32.exe C:\\ProgramData\\u.dll,Start");
      lab.serviceState(SRV01, "wuhlp", "running");
      lab.logoff(s);
    },
    { signals: [SIGNAL.service4697], fires: ["C3"], silent: ["C4", "C8"] },
  ),
  target(
    "service-plain-program",
    "A service whose program is no shell",
    "C12 asks for a shell or a known service as the parent.",
    (lab) => {
      const s = lab.networkLogon(SRV01, KIRA, WS01.ip, lab.port());
      lab.installService(s, "wuhlp", "C:\\ProgramData\\wuhlp.exe");
      const services = lab.running(SRV01, "C:\\Windows\\System32\\services.exe", 620);
      lab.start(services, "C:\\ProgramData\\wuhlp.exe", "C:\\ProgramData\\wuhlp.exe", { user: SYSTEM });
      lab.logoff(s);
    },
    { signals: [SIGNAL.service4697], fires: ["C3"], silent: ["C4", "C12"] },
  ),

  // ------------------------------------------------------------------------------------------ others
  source(
    "sc-create-remote",
    "sc.exe creates a service elsewhere",
    "The classic second step after a copy.",
    (lab) =>
      lab.end(
        lab.start(
          shell(lab, WS01, KIRA),
          "C:\\Windows\\System32\\sc.exe",
          "sc.exe \\\\10.10.30.12 create wuhlp binPath= C:\\Windows\\Temp\\u.exe start= demand",
        ),
      ),
    { kind: "positive", signals: [run("sc.exe", "*create*")], fires: ["B6"], silent: ["A1"] },
  ),
  source(
    "sc-create-quoted",
    "sc.exe with a quoted host",
    "On 4688 the quotes stay in the arguments.",
    (lab) =>
      lab.end(
        lab.start(
          shell(lab, WS01, KIRA),
          "C:\\Windows\\System32\\sc.exe",
          'sc  "\\\\10.10.30.12" create wuhlp binPath= C:\\Windows\\Temp\\u.exe',
        ),
      ),
    { telemetry: ["security"], signals: [run("sc.exe", "*create*")], fires: ["B6"], silent: ["A1"] },
  ),
  source(
    "user-mode-smb",
    "PowerShell with its own SMB client",
    "powershell.exe connects to 445 itself: what clause 1 of the published query wanted to see.",
    (lab) => lab.connect(lab.running(WS01, POWERSHELL, 6604, J_DOE), SRV01.ip, 445),
    {
      kind: "positive",
      signals: [["445 by powershell.exe", 'network where destination.port == 445 and process.name : "powershell.exe"']],
      fires: ["A2", "B9"],
      silent: ["A1"],
    },
  ),
  source(
    "user-mode-smb-defend",
    "The same, Elastic Defend",
    "event.type is start, and there is no command line: clause 1 cannot match.",
    (lab) => lab.connect(lab.running(WS01, POWERSHELL, 6604, J_DOE), SRV01.ip, 445),
    {
      kind: "positive",
      telemetry: ["defend"],
      collector: "elastic-defend",
      signals: [
        ["445 by powershell.exe", 'network where destination.port == 445 and process.name : "powershell.exe"'],
        ["No command line on network events", "network where ?process.command_line != null", 0],
      ],
      fires: ["A2", "B9"],
      silent: ["A1"],
    },
  ),
  source(
    "user-mode-smb-139",
    "The older port",
    "NetBIOS session service, 139, from a Python program.",
    (lab) => lab.connect(lab.running(WS01, "C:\\Users\\Public\\py\\python.exe", 6604, J_DOE), SRV01.ip, 139),
    {
      signals: [["139 by python.exe", 'network where destination.port == 139 and process.name : "python.exe"']],
      fires: ["A2", "B9"],
      silent: ["A1"],
    },
  ),
  target(
    "fan-out",
    "One account opens C$ of eight hosts",
    "Eight targets in two minutes.",
    (lab) => {
      for (const server of SERVERS) {
        const s = smbSession(lab, { from: WS01, to: server, address: server.ip }, KIRA);
        lab.openShare(s, "C$");
        lab.logoff(s);
        lab.wait(12_000);
      }
    },
    {
      kind: "positive",
      hosts: SERVERS,
      signals: [["Eight openings of C$", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\C$"', 8]],
      fires: ["C11", "D1"],
      silent: ["C9"],
    },
  ),
  target(
    "fan-out-slow",
    "The same, slowly",
    "One host every two minutes: D1 never has eight within ten minutes.",
    (lab) => {
      for (const server of SERVERS) {
        const s = smbSession(lab, { from: WS01, to: server, address: server.ip }, KIRA);
        lab.openShare(s, "C$");
        lab.logoff(s);
        lab.wait(120_000);
      }
    },
    {
      hosts: SERVERS,
      signals: [["Eight openings of C$", 'any where event.code == "5140" and winlog.event_data.ShareName : "\\\\\\\\*\\\\C$"', 8]],
      fires: ["C11"],
      silent: ["D1"],
    },
  ),
  target(
    "share-names-tried",
    "Share names are tried instead of listed",
    "dir \\\\host\\C$ needs no enumeration.",
    (lab) => {
      const s = smbSession(lab, REMOTE, KIRA);
      for (const share of ["C$", "ADMIN$", "IPC$"]) lab.openShare(s, share);
      lab.logoff(s);
    },
    { signals: [SIGNAL.driveShare, SIGNAL.adminShare], fires: ["C11"], silent: ["D2"] },
  ),
  source(
    "command-split",
    "The share name is put together in PowerShell",
    "The command line holds variables, not a share: the source is blind, and the case says so.",
    (lab) => {
      lab.end(
        lab.start(
          shell(lab, WS01, KIRA),
          POWERSHELL,
          "powershell.exe -nop -c \"$h='10.10.30.12';$s='AD'+'MIN$';copy u.exe ('\\\\'*2+$h+'\\\\'+$s)\"",
        ),
      );
      lab.smb(WS01, SRV01.ip);
      void CMD;
    },
    { signals: [run("powershell.exe", "*'AD'+'MIN$'*")], fires: [], silent: ["A1", "B2"] },
  ),
];
