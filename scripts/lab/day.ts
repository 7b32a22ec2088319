/** Ordinary life in the lab: what fills a log when nobody attacks. */
import type { Account, Host, Process } from "./event.ts";
import { SYSTEM, type Lab } from "./lab.ts";
import { machineAccount } from "./people.ts";

const SYSTEM32 = "C:\\Windows\\System32\\";

const SITES: readonly (readonly [address: string, name: string])[] = [
  ["203.0.113.20", "intranet.corp.example"],
  ["198.51.100.7", "www.example.org"],
  ["198.51.100.41", "cdn.example.net"],
  ["203.0.113.99", "mail.example.com"],
];

/** A browser opens a page: a child process and a few connections. */
export function browse(lab: Lab, machine: Host, user: Account): void {
  const image = lab.pick([
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ]);
  const browser = lab.running(machine, image, 7044, user, `"${image}"`);
  const renderer = lab.start(
    browser,
    image,
    `"${image}" --type=renderer --lang=en-GB --renderer-client-id=${20 + lab.random(200)} --launch-time-ticks=${4_000_000 + lab.random(9_000_000)}`,
    { integrity: "Low" },
  );
  for (let i = 0; i < 1 + lab.random(2); i++) {
    const [address, name] = lab.pick(SITES);
    lab.connect(browser, address, 443, { name });
  }
  lab.wait(200 + lab.random(3000));
  lab.end(renderer);
}

/** Windows looks after itself. */
export function housekeeping(lab: Lab, machine: Host, user: Account): void {
  const svchost = lab.running(
    machine,
    `${SYSTEM32}svchost.exe`,
    1388,
    SYSTEM,
    "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule",
  );
  const services = lab.running(machine, `${SYSTEM32}services.exe`, 620);
  const kind = lab.random(6);
  if (kind === 0) lab.end(lab.start(svchost, `${SYSTEM32}taskhostw.exe`, "taskhostw.exe SYSTEM", { user: SYSTEM }));
  else if (kind === 1)
    lab.end(
      lab.start(
        svchost,
        `${SYSTEM32}backgroundTaskHost.exe`,
        `"C:\\Windows\\system32\\backgroundTaskHost.exe" -ServerName:App.AppXmtcan0h2tfbfy7k9kn8hbxb6dmzz1zh0.mca`,
        { user, integrity: "Medium" },
      ),
    );
  else if (kind === 2)
    lab.start(services, `${SYSTEM32}svchost.exe`, "C:\\Windows\\system32\\svchost.exe -k wsappx -p -s AppXSvc", { user: SYSTEM });
  else if (kind === 3) {
    const dcom = lab.running(machine, `${SYSTEM32}svchost.exe`, 908, SYSTEM, "C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p");
    lab.start(dcom, `${SYSTEM32}wbem\\WmiPrvSE.exe`, "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding", { user: SYSTEM });
  } else if (kind === 4) {
    const name = lab.pick([
      "Windows Update",
      "Background Intelligent Transfer Service",
      "AppX Deployment Service (AppXSVC)",
      "Software Protection",
      "WinHTTP Web Proxy Auto-Discovery Service",
    ]);
    lab.serviceState(machine, name, lab.pick(["running", "stopped"] as const));
  } else {
    const search = lab.running(machine, `${SYSTEM32}SearchIndexer.exe`, 5880);
    lab.end(
      lab.start(
        search,
        `${SYSTEM32}SearchProtocolHost.exe`,
        `"C:\\Windows\\system32\\SearchProtocolHost.exe" Global\\UsGthrFltPipeMssGthrPipe${lab.random(90)}_ Global\\UsGthrCtrlFltPipeMssGthrPipe${lab.random(90)} 1`,
        { user: SYSTEM },
      ),
    );
  }
}

/** A machine or a person reaches an ordinary share or service of a server. */
export function serverTraffic(lab: Lab, server: Host, from: Host, user: Account): void {
  const kind = lab.random(4);
  const who = kind === 0 ? machineAccount(from) : user;
  const session = lab.networkLogon(server, who, from.ip, lab.smb(from, server.ip));
  if (kind === 0) {
    lab.openShare(session, "IPC$");
    lab.shareFile(session, "IPC$", lab.pick(["lsarpc", "netlogon", "wkssvc"]), "pipe");
  } else {
    lab.openShare(session, "Finance");
    for (let i = 0; i < 1 + lab.random(2); i++)
      lab.shareFile(
        session,
        "Finance",
        lab.pick(["2026\\Q1\\forecast.xlsx", "2026\\Q1\\invoices.xlsx", "templates\\letter.docx", "\\"]),
        lab.pick(["read", "attributes", "copy"] as const),
      );
  }
  lab.wait(lab.random(4000));
  lab.logoff(session);
}

/** Somebody opens and closes an office program. */
export function office(lab: Lab, machine: Host, user: Account): void {
  const explorer = lab.running(machine, "C:\\Windows\\explorer.exe", 4820, user);
  const image = lab.pick([
    `${SYSTEM32}notepad.exe`,
    "C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE",
    `${SYSTEM32}mmc.exe`,
  ]);
  const program: Process = lab.start(explorer, image, `"${image}"`, { user, integrity: "Medium" });
  if (image.endsWith("OUTLOOK.EXE")) lab.connect(program, "203.0.113.99", 443, { name: "mail.example.com" });
  lab.createFile(
    program,
    `C:\\Users\\${user.name}\\AppData\\Local\\Temp\\~DF${(0x10_000_000 + lab.random(0x7fffffff)).toString(16).toUpperCase()}.TMP`,
  );
  lab.end(program);
}
