/** Version resources of the programs that the lab runs: [description, product, company, original file name, file version]. */
type Resource = readonly [description: string, product: string, company: string, original: string, version: string];

const WINDOWS = "Microsoft® Windows® Operating System";
const MICROSOFT = "Microsoft Corporation";
const windows = (description: string, original: string, version = "10.0.20348.1 (WinBuild.160101.0800)"): Resource => [
  description,
  WINDOWS,
  MICROSOFT,
  original,
  version,
];
const SYSINTERNALS = "Sysinternals - www.sysinternals.com";

const BY_NAME: { readonly [name: string]: Resource } = {
  "cmd.exe": windows("Windows Command Processor", "Cmd.Exe"),
  "net.exe": windows("Net Command", "net.exe"),
  "net1.exe": windows("Net Command", "net1.exe"),
  "powershell.exe": windows("Windows PowerShell", "PowerShell.EXE"),
  "robocopy.exe": windows("Microsoft Robocopy", "robocopy.exe"),
  "xcopy.exe": windows("Extended Copy Utility", "XCOPY.EXE"),
  "sc.exe": windows("Service Control Manager Configuration Tool", "sc.exe"),
  "calc_test.exe": windows("Windows Calculator", "CALC.EXE"),
  "svchost.exe": windows("Host Process for Windows Services", "svchost.exe"),
  "services.exe": windows("Services and Controller app", "services.exe"),
  "explorer.exe": windows("Windows Explorer", "EXPLORER.EXE"),
  "conhost.exe": windows("Console Window Host", "CONHOST.EXE"),
  "whoami.exe": windows("whoami - displays logged on user information", "whoami.exe"),
  "hostname.exe": windows("Hostname APP", "hostname.exe"),
  "taskhostw.exe": windows("Host Process for Windows Tasks", "taskhostw.exe"),
  "wmiprvse.exe": windows("WMI Provider Host", "Wmiprvse.exe"),
  "backgroundtaskhost.exe": windows("Background Task Host", "backgroundTaskHost.exe"),
  "searchprotocolhost.exe": windows("Microsoft Windows Search Protocol Host", "SearchProtocolHost.exe"),
  "gpupdate.exe": windows("Microsoft® Group Policy Update Utility", "GPUpdate.exe"),
  "notepad.exe": windows("Notepad", "NOTEPAD.EXE"),
  "mmc.exe": windows("Microsoft Management Console", "mmc.exe"),
  "rundll32.exe": windows("Windows host process (Rundll32)", "RUNDLL32.EXE"),
  "psexec.exe": ["Execute processes remotely", "Sysinternals PsExec", SYSINTERNALS, "psexec.c", "2.43"],
  "psexec64.exe": ["Execute processes remotely", "Sysinternals PsExec", SYSINTERNALS, "psexec.c", "2.43"],
  "psexesvc.exe": ["PsExec Service", "Sysinternals PsExec", "Sysinternals", "psexesvc.exe", "2.43"],
  "paexec.exe": ["PAExec Application", "PAExec", "Power Admin LLC", "PAExec.exe", "1.29.0.0"],
  "chrome.exe": ["Google Chrome", "Google Chrome", "Google LLC", "chrome.exe", "131.0.6778.86"],
  "msedge.exe": ["Microsoft Edge", "Microsoft Edge", MICROSOFT, "msedge.exe", "131.0.2903.51"],
  "outlook.exe": ["Microsoft Outlook", "Microsoft Outlook", MICROSOFT, "Outlook.exe", "16.0.18129.20158"],
  "teams.exe": ["Microsoft Teams", "Microsoft Teams", MICROSOFT, "ms-teams.exe", "24295.605.3225.8804"],
  "veeamagent.exe": ["Veeam Data Mover", "Veeam Backup & Replication", "Veeam Software Group GmbH", "VeeamAgent.exe", "12.1.2.172"],
  "ccmsetup.exe": ["Microsoft Configuration Manager Setup", "Microsoft Configuration Manager", MICROSOFT, "ccmsetup.exe", "5.00.9128.1007"],
};

const ALIASES = new Map<string, string>();

/** A file that was renamed, or copied under another name, keeps its version resource. */
export function renamed(name: string, original: string): void {
  ALIASES.set(name.toLowerCase(), original.toLowerCase());
}

export function resourceOf(image: string): Resource {
  const name = image.slice(image.lastIndexOf("\\") + 1).toLowerCase();
  return BY_NAME[ALIASES.get(name) ?? name] ?? ["-", "-", "-", "-", "-"];
}
