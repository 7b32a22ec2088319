/** The four tests of the page and those of Atomic Red Team: remote and loopback, on source and target, per data source. */
import type { Account, Host } from "./event.ts";
import type { Lab } from "./lab.ts";
import { J_DOE, KIRA, SRV01, WS01 } from "./people.ts";
import { SIGNAL, type Collector, type Plan, type Telemetry } from "./plan.ts";
import { CMD, copyToShare, mapShare, POWERSHELL, psexec, viewShares, type Path } from "./techniques.ts";

type Signals = Plan["signals"];

const REMOTE: Path = { from: WS01, to: SRV01, address: "10.10.30.12" };
const LOOPBACK: Path = { from: WS01, to: WS01, address: "127.0.0.1" };

interface Test {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly act: (lab: Lab, path: Path, operator: Account, user: Account) => void;
  readonly command: string;
}

const start = (name: string, words: string): Signals[number] => [
  `Start of ${name}`,
  `process where event.type == "start" and process.name : "${name}" and process.command_line : "${words}"`,
];

const TESTS: readonly Test[] = [
  {
    id: "T1",
    slug: "map-share",
    title: "Map C$ with net use",
    act: (lab, path, operator, user) => lab.logoff(mapShare(lab, path, operator, user)),
    command: "net use",
  },
  {
    id: "T2",
    slug: "copy-admin",
    title: "Copy a file to ADMIN$",
    act: (lab, path, _, user) => lab.logoff(copyToShare(lab, path, user)),
    command: "copy",
  },
  { id: "T3", slug: "psexec", title: "Run a command with PsExec", act: (lab, path, _, user) => psexec(lab, path, user), command: "PsExec" },
  {
    id: "T4",
    slug: "net-view",
    title: "List shares with net view",
    act: (lab, path, _, user) => viewShares(lab, path, user),
    command: "net view",
  },
];

interface Seen {
  readonly signals: Signals;
  readonly fires: readonly string[];
  readonly silent: readonly string[];
  /** On loopback, and with lab_loopback on. */
  readonly lab?: readonly string[];
}

type Side = "source" | "target";
type Cell = `${Side} ${Telemetry}`;

const T1_START = start("net.exe", "*use *\\\\\\\\*\\\\C$*");
const T2_START = start("cmd.exe", "*copy *\\\\\\\\*\\\\ADMIN$\\\\calc_test.exe*");
const T3_START = start("PsExec.exe", "*\\\\\\\\* -accepteula *");
const T4_START = start("net.exe", "*view \\\\\\\\* /all*");
const EULA: Signals[number] = [
  "The licence value of PsExec",
  'registry where event.type == "change" and registry.path : "*\\\\Sysinternals\\\\PsExec\\\\EulaAccepted"',
];
const SERVICE_START: Signals[number] = [
  "PSEXESVC.exe under services.exe",
  'process where event.type == "start" and process.name : "PSEXESVC.exe" and process.parent.name : "services.exe"',
];
const CHILD_START: Signals[number] = [
  "cmd.exe under PSEXESVC.exe",
  'process where event.type == "start" and process.name : "cmd.exe" and process.parent.name : "PSEXESVC.exe"',
];
const SERVICE_FILE: Signals[number] = [
  "PSEXESVC.exe written by PID 4",
  'file where event.type == "creation" and process.pid == 4 and file.path : "C:\\\\Windows\\\\PSEXESVC.exe"',
];
const KEY_FILE: Signals[number] = [
  "The key file, named after the source",
  'file where event.type == "creation" and process.pid == 4 and file.path : "C:\\\\Windows\\\\PSEXEC-WS01-????????.key"',
];

/** What each side and source sees on the remote path. */
const REMOTE_SEEN: { readonly [test: string]: { readonly [cell in Cell]?: Seen } } = {
  T1: {
    "source sysmon": { signals: [T1_START, SIGNAL.outbound445, SIGNAL.noProcess445], fires: ["A1", "A2", "B1"], silent: ["B2", "B9"] },
    "source security": {
      signals: [
        T1_START,
        [
          "4648 for the second account, by PID 4",
          'authentication where event.code == "4648" and winlog.event_data.TargetUserName : "adm.kira" and process.pid == 4',
        ],
      ],
      fires: ["A1", "A2", "B1"],
      silent: ["B2"],
    },
    "source defend": { signals: [T1_START, SIGNAL.outbound445, SIGNAL.noProcess445], fires: ["A1", "A2", "B1"], silent: ["B9"] },
    "target sysmon": { signals: [SIGNAL.inbound445], fires: [], silent: ["A1", "A2", "B9", "C10"] },
    "target security": {
      signals: [
        SIGNAL.logon,
        SIGNAL.privileges,
        SIGNAL.ipc,
        SIGNAL.driveShare,
        [
          "5145 of the root of C$, 0x100080",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName == "\\\\" and winlog.event_data.AccessMask == "0x100080"',
        ],
      ],
      fires: ["C11"],
      silent: ["C1", "C9", "A1"],
    },
  },
  T2: {
    "source sysmon": {
      signals: [
        T2_START,
        SIGNAL.outbound445,
        SIGNAL.noProcess445,
        ["No connection by cmd.exe: the page is wrong here", 'network where process.name : "cmd.exe"', 0],
      ],
      fires: ["B2"],
      silent: ["A1", "A2", "B9"],
    },
    "source security": { signals: [T2_START], fires: ["B2"], silent: ["A1", "A2"] },
    "source defend": { signals: [T2_START, SIGNAL.outbound445, SIGNAL.noProcess445], fires: ["B2"], silent: ["A1", "A2", "B9"] },
    "target sysmon": {
      signals: [
        SIGNAL.inbound445,
        [
          "calc_test.exe written by PID 4",
          'file where event.code == "11" and process.pid == 4 and file.path : "C:\\\\Windows\\\\calc_test.exe"',
        ],
      ],
      fires: ["C10"],
      silent: ["A1", "C5", "C13"],
    },
    "target security": {
      signals: [
        SIGNAL.logon,
        SIGNAL.privileges,
        SIGNAL.adminShare,
        [
          "5145 calc_test.exe, 0x17019f",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "calc_test.exe" and winlog.event_data.AccessMask == "0x17019f"',
        ],
        [
          "5145 calc_test.exe, 0x2",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "calc_test.exe" and winlog.event_data.AccessMask == "0x2"',
        ],
      ],
      fires: ["C1", "C9", "C11"],
      silent: ["A1", "C2", "C3", "C14"],
    },
    "target defend": { signals: [SIGNAL.inbound445, SIGNAL.kernelFile], fires: ["C10"], silent: ["A1", "C5"] },
  },
  T3: {
    "source sysmon": {
      signals: [
        T3_START,
        ["Original file name psexec.c", 'process where process.pe.original_file_name == "psexec.c"'],
        EULA,
        SIGNAL.outbound445,
        [
          "PsExec.exe itself to 135 and to an RPC port",
          'network where process.name : "PsExec.exe" and destination.port in (135, 49670)',
          2,
        ],
      ],
      fires: ["A1", "A2", "B3", "B5"],
      silent: ["B4", "B9"],
    },
    "source security": { signals: [T3_START], fires: ["A1", "A2", "B3"], silent: ["B4"] },
    "source defend": { signals: [T3_START, EULA, SIGNAL.outbound445], fires: ["A1", "A2", "B3", "B5"], silent: ["B4", "B9"] },
    "target sysmon": {
      signals: [
        SIGNAL.inbound445,
        SERVICE_FILE,
        KEY_FILE,
        SERVICE_START,
        CHILD_START,
        [
          "Service values written by services.exe",
          'registry where event.code == "13" and process.name : "services.exe" and registry.path : "*\\\\Services\\\\PSEXESVC\\\\*"',
          2,
        ],
        ["Four pipes created by PSEXESVC.exe", 'file where event.code == "17" and process.name : "PSEXESVC.exe"', 4],
        ["Pipes connected by PID 4 for the remote client", 'file where event.code == "18" and process.pid == 4', 4],
      ],
      fires: ["C4", "C5", "C6", "C10", "C12", "C13"],
      silent: ["A1", "B4"],
    },
    "target security": {
      signals: [
        ["Two logon sessions: SMB and RPC", 'authentication where event.code == "4624" and winlog.event_data.LogonType == "3"', 2],
        SIGNAL.privileges,
        SIGNAL.adminShare,
        SIGNAL.ipc,
        [
          "5145 PSEXESVC.exe, 0x120196",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "PSEXESVC.exe" and winlog.event_data.AccessMask == "0x120196"',
        ],
        SIGNAL.service4697,
        SERVICE_START,
        CHILD_START,
        [
          "5145 of the three stream pipes",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : ("*-stdin", "*-stdout", "*-stderr")',
          3,
        ],
      ],
      fires: ["C1", "C2", "C3", "C4", "C7", "C9", "C11", "C12"],
      silent: ["A1", "C8", "C14"],
    },
    "target system": {
      signals: [
        SIGNAL.service7045,
        ["7036 running and stopped", 'any where event.code == "7036" and winlog.event_data.param1 : "PSEXESVC"', 2],
      ],
      fires: ["C4"],
      silent: ["A1"],
    },
    "target defend": {
      signals: [SIGNAL.inbound445, SERVICE_FILE, KEY_FILE, SERVICE_START, CHILD_START],
      fires: ["C4", "C5", "C10", "C12", "C13"],
      silent: ["A1", "B4"],
    },
  },
  T4: {
    "source sysmon": { signals: [T4_START, SIGNAL.outbound445, SIGNAL.noProcess445], fires: ["B8"], silent: ["A1", "A2", "B1"] },
    "source security": { signals: [T4_START], fires: ["B8"], silent: ["A1", "A2", "B1"] },
    "source defend": { signals: [T4_START, SIGNAL.outbound445], fires: ["B8"], silent: ["A1", "A2"] },
    "target sysmon": { signals: [SIGNAL.inbound445, SIGNAL.srvsvcPipe], fires: ["D2"], silent: ["A1", "C6", "C8"] },
    "target security": { signals: [SIGNAL.logon, SIGNAL.ipc, SIGNAL.srvsvc], fires: ["D2"], silent: ["A1", "C7", "C8", "C11"] },
  },
};

/** On loopback both sides are one machine. */
const LOOPBACK_SEEN: { readonly [test: string]: { readonly [telemetry in Telemetry]?: Seen } } = {
  T1: {
    sysmon: {
      signals: [
        T1_START,
        ["Both ends of the connection, 127.0.0.1, PID 4", "network where destination.port == 445 and process.pid == 4", 2],
      ],
      fires: ["A1", "A2", "B1"],
      silent: ["B9"],
    },
    security: { signals: [T1_START, SIGNAL.logon, SIGNAL.driveShare], fires: ["A1", "A2", "B1"], silent: ["C11"], lab: ["C11"] },
    defend: { signals: [T1_START], fires: ["A1", "A2", "B1"], silent: ["B9"] },
  },
  T2: {
    sysmon: { signals: [T2_START, SIGNAL.kernelFile], fires: ["B2"], silent: ["A1", "C10"], lab: ["C10"] },
    security: {
      signals: [T2_START, SIGNAL.adminShare, SIGNAL.write],
      fires: ["B2"],
      silent: ["A1", "C1", "C9", "C11"],
      lab: ["C1", "C9", "C11"],
    },
    defend: { signals: [T2_START, SIGNAL.kernelFile], fires: ["B2"], silent: ["A1", "C10"], lab: ["C10"] },
  },
  T3: {
    sysmon: {
      signals: [
        T3_START,
        EULA,
        SERVICE_FILE,
        SERVICE_START,
        CHILD_START,
        ["Pipes connected by the client itself: it is local", 'file where event.code == "18" and process.name : "PsExec.exe"', 4],
      ],
      fires: ["A1", "A2", "B3", "B5", "C4", "C5", "C6", "C12", "C13"],
      silent: ["C10"],
      lab: ["C10"],
    },
    security: {
      signals: [T3_START, SIGNAL.service4697, SIGNAL.write],
      fires: ["A1", "A2", "B3", "C4", "C7", "C12"],
      silent: ["C1", "C2", "C3", "C9", "C11"],
      lab: ["C1", "C2", "C3", "C9", "C11"],
    },
    system: { signals: [SIGNAL.service7045], fires: ["C4"], silent: ["A1"] },
    defend: {
      signals: [T3_START, EULA, SERVICE_FILE, SERVICE_START],
      fires: ["A1", "A2", "B3", "B5", "C4", "C5", "C12", "C13"],
      silent: ["C10"],
      lab: ["C10"],
    },
  },
  T4: {
    sysmon: { signals: [T4_START, SIGNAL.srvsvcPipe], fires: ["B8", "D2"], silent: ["A1"] },
    security: { signals: [T4_START, SIGNAL.ipc, SIGNAL.srvsvc], fires: ["B8"], silent: ["A1", "D2"], lab: ["D2"] },
    defend: { signals: [T4_START], fires: ["B8"], silent: ["A1"] },
  },
};

const TELEMETRY_NAME = {
  sysmon: "Sysmon",
  security: "the Security channel",
  system: "the System channel",
  defend: "Elastic Defend",
} as const;

function plan(test: Test, path: "remote" | "loopback", side: Plan["side"], telemetry: Telemetry, seen: Seen, collector: Collector): Plan {
  const place: Path = path === "remote" ? REMOTE : LOOPBACK;
  const hosts: Host[] = path === "loopback" ? [WS01] : side === "source" ? [WS01] : [SRV01];
  const suffix =
    collector === "winlogbeat" || collector === "elastic-defend"
      ? ""
      : `-${collector === "windows-xml" ? "xml" : collector === "elastic-agent" ? "agent" : collector}`;
  const where = path === "remote" ? `the ${side}` : "the machine itself, over 127.0.0.1";
  return {
    name: `${test.id.toLowerCase()}-${test.slug}-${path}${path === "remote" ? `-${side}` : ""}-${telemetry}${suffix}`,
    title: `${test.title}: ${path === "remote" ? `${side}, ` : "loopback, "}${TELEMETRY_NAME[telemetry]}`,
    story: `Test ${test.id} (${test.command}) from WS01 to ${path === "remote" ? "SRV01" : "itself"}, as ${TELEMETRY_NAME[telemetry]} of ${where} tells it${seen.fires.length === 0 ? "; no rule can see it there" : ""}.`,
    test: test.id,
    kind: "positive",
    side,
    telemetry: [telemetry],
    collector,
    path,
    hosts,
    act: (lab) => test.act(lab, place, J_DOE, KIRA),
    signals: seen.signals,
    fires: seen.fires,
    silent: seen.silent,
    ...(seen.lab === undefined ? {} : { labFires: seen.lab }),
  };
}

const usual = (telemetry: Telemetry): Collector => (telemetry === "defend" ? "elastic-defend" : "winlogbeat");

function matrix(): Plan[] {
  const plans: Plan[] = [];
  for (const test of TESTS) {
    for (const [cell, seen] of Object.entries(REMOTE_SEEN[test.id]!) as [Cell, Seen][]) {
      const [side, telemetry] = cell.split(" ") as [Side, Telemetry];
      plans.push(plan(test, "remote", side, telemetry, seen, usual(telemetry)));
      // The same events as other collectors bring them.
      if (telemetry === "security" && side === "target") plans.push(plan(test, "remote", side, telemetry, seen, "windows-xml"));
      if (telemetry === "sysmon" && side === "source") plans.push(plan(test, "remote", side, telemetry, seen, "elastic-agent"));
      if (telemetry === "system") plans.push(plan(test, "remote", side, telemetry, seen, "windows-xml"));
    }
    for (const [telemetry, seen] of Object.entries(LOOPBACK_SEEN[test.id]!) as [Telemetry, Seen][])
      plans.push(plan(test, "loopback", "both", telemetry, seen, usual(telemetry)));
  }
  const t3 = REMOTE_SEEN["T3"]!;
  plans.push(
    plan(TESTS[2]!, "remote", "target", "sysmon", t3["target sysmon"]!, "nxlog"),
    plan(TESTS[2]!, "remote", "target", "sysmon", t3["target sysmon"]!, "windows-xml"),
    plan(TESTS[0]!, "remote", "source", "sysmon", REMOTE_SEEN["T1"]!["source sysmon"]!, "nxlog"),
  );
  return plans;
}

const art1 = (lab: Lab): void =>
  lab.logoff(mapShare(lab, { ...REMOTE, address: "SRV01" }, J_DOE, KIRA, { command: "use \\\\SRV01\\C$ P@ssw0rd1 /u:CORP\\adm.kira" }));
const art2 = (lab: Lab): void => lab.logoff(copyOnly(lab));
const art3 = (lab: Lab): void =>
  psexec(lab, { ...REMOTE, address: "SRV01" }, KIRA, {
    commandLine: '"C:\\Tools\\PsExec.exe" \\\\SRV01 -accepteula -c C:\\Windows\\System32\\cmd.exe',
    copies: "cmd.exe",
    run: ["C:\\Windows\\cmd.exe", '"cmd.exe"'],
  });
const art4 =
  (path: Path) =>
  (lab: Lab): void =>
    lab.logoff(
      copyToShare(lab, path, KIRA, {
        name: "output.txt",
        command: `"C:\\Windows\\system32\\cmd.exe" /Q /c hostname 1> \\\\${path.address}\\ADMIN$\\output.txt 2>&1`,
      }),
    );

/** The tests of Atomic Red Team, with their own commands. */
function atomics(): Plan[] {
  const base = { kind: "positive", path: "remote", collector: "winlogbeat" } as const;
  return [
    {
      ...base,
      name: "art1-map-share-source",
      title: "Atomic test 1: map C$, with the password on the command line",
      story: "As Atomic Red Team runs it: the password stands in the command line, where alerts must hide it.",
      test: "ART1",
      side: "source",
      telemetry: ["sysmon"],
      hosts: [WS01],
      act: art1,
      signals: [T1_START],
      fires: ["A1", "A2", "B1"],
      silent: ["B2"],
    },
    {
      ...base,
      name: "art1-map-share-target",
      title: "Atomic test 1: target",
      story: "The target sees the same as in test T1.",
      test: "ART1",
      side: "target",
      telemetry: ["security"],
      hosts: [SRV01],
      act: art1,
      signals: [SIGNAL.logon, SIGNAL.driveShare],
      fires: ["C11"],
      silent: ["C1"],
    },
    {
      ...base,
      name: "art2-new-psdrive-source",
      title: "Atomic test 2: New-PSDrive to C$",
      story: "PowerShell maps the share; net.exe never runs, so the published query sees nothing.",
      test: "ART2",
      side: "source",
      telemetry: ["sysmon"],
      hosts: [WS01],
      act: art2,
      signals: [start("powershell.exe", "*New-PSDrive*\\\\\\\\*\\\\C$*")],
      fires: ["B2"],
      silent: ["A1", "A2", "B1"],
    },
    {
      ...base,
      name: "art2-new-psdrive-target",
      title: "Atomic test 2: target",
      story: "The target sees the share being opened, whatever opened it.",
      test: "ART2",
      side: "target",
      telemetry: ["security"],
      hosts: [SRV01],
      act: art2,
      signals: [SIGNAL.logon, SIGNAL.driveShare],
      fires: ["C11"],
      silent: ["C1", "C9"],
    },
    {
      ...base,
      name: "art3-psexec-copy-source",
      title: "Atomic test 3: PsExec with -c",
      story: "PsExec copies cmd.exe along and runs the copy.",
      test: "ART3",
      side: "source",
      telemetry: ["sysmon"],
      hosts: [WS01],
      act: art3,
      signals: [T3_START, EULA],
      fires: ["A1", "A2", "B3", "B5"],
      silent: ["B4"],
    },
    {
      ...base,
      name: "art3-psexec-copy-target-security",
      title: "Atomic test 3: target, the Security channel",
      story: "As T3, and cmd.exe itself is written to ADMIN$.",
      test: "ART3",
      side: "target",
      telemetry: ["security"],
      hosts: [SRV01],
      act: art3,
      signals: [
        [
          "5145 cmd.exe, 0x17019f",
          'any where event.code == "5145" and winlog.event_data.RelativeTargetName : "cmd.exe" and winlog.event_data.AccessMask == "0x17019f"',
        ],
      ],
      fires: ["C1", "C2", "C3", "C4", "C7", "C9", "C11", "C12"],
      silent: ["C8"],
    },
    {
      ...base,
      name: "art3-psexec-copy-target-sysmon",
      title: "Atomic test 3: target, Sysmon",
      story: "C:\\Windows\\cmd.exe runs under PSEXESVC.exe.",
      test: "ART3",
      side: "target",
      telemetry: ["sysmon"],
      hosts: [SRV01],
      act: art3,
      signals: [
        [
          "C:\\Windows\\cmd.exe under PSEXESVC.exe",
          'process where event.type == "start" and process.executable : "C:\\\\Windows\\\\cmd.exe" and process.parent.name : "PSEXESVC.exe"',
        ],
      ],
      fires: ["C4", "C5", "C6", "C10", "C12", "C13"],
      silent: ["B4"],
    },
    {
      ...base,
      name: "art4-redirect-source",
      title: "Atomic test 4, aimed at another host: source",
      story: "The output of a command is redirected to ADMIN$.",
      test: "ART4",
      side: "source",
      telemetry: ["sysmon"],
      hosts: [WS01],
      act: art4(REMOTE),
      signals: [start("cmd.exe", "*hostname*>*\\\\\\\\*\\\\ADMIN$\\\\output.txt*")],
      fires: ["B2"],
      silent: ["A1", "B7"],
    },
    {
      ...base,
      name: "art4-redirect-target",
      title: "Atomic test 4, aimed at another host: target",
      story: "A text file is written: no executable, so C1 is silent and C9 is not.",
      test: "ART4",
      side: "target",
      telemetry: ["security"],
      hosts: [SRV01],
      act: art4(REMOTE),
      signals: [SIGNAL.adminShare, SIGNAL.write],
      fires: ["C9", "C11"],
      silent: ["C1", "C14"],
    },
    {
      ...base,
      name: "art4-redirect-loopback",
      title: "Atomic test 4 as published: loopback",
      story: "Over 127.0.0.1, started from a shell. B7 asks for a service as the parent and stays silent; B2 sees it.",
      test: "ART4",
      side: "both",
      path: "loopback",
      telemetry: ["sysmon"],
      hosts: [WS01],
      act: art4(LOOPBACK),
      signals: [start("cmd.exe", "*hostname*>*\\\\\\\\127.0.0.1\\\\ADMIN$\\\\output.txt*"), SIGNAL.kernelFile],
      fires: ["B2"],
      silent: ["A1", "B7"],
    },
  ];
}

/** New-PSDrive opens the share and looks at its root. */
function copyOnly(lab: Lab): ReturnType<typeof mapShare> {
  const session = copyShell(lab);
  lab.openShare(session, "IPC$");
  lab.openShare(session, "C$");
  lab.shareFile(session, "C$", "\\", "attributes");
  return session;
}

function copyShell(lab: Lab): ReturnType<typeof mapShare> {
  const parent = lab.running(WS01, CMD, 5528, KIRA, `"${CMD}"`);
  lab.start(parent, POWERSHELL, '"powershell.exe" & {New-PSDrive -name g -psprovider filesystem -root \\\\SRV01\\C$}');
  return lab.networkLogon(SRV01, KIRA, WS01.ip, lab.smb(WS01, SRV01.ip));
}

export const TEST_CASES: readonly Plan[] = [...matrix(), ...atomics()];
