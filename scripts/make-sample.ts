/**
 * Writes samples/lab.ndjson: ninety minutes of a workstation and a server, in the raw shape of Winlogbeat, with the four tests of
 * the T1021.002 package among ordinary work. Synthetic: nothing in it was recorded. The same on every run.
 *
 *   npm run cases                        writes it
 *   node scripts/make-sample.ts --check  says whether it is out of date, and exits with 1 if so
 */
import { readFileSync, writeFileSync } from "node:fs";
import { browse, housekeeping, office, serverTraffic } from "./lab/day.ts";
import { isWindows } from "./lab/render.ts";
import { byTime, winlogbeat } from "./lab/render.ts";
import { Lab, SYSTEM } from "./lab/lab.ts";
import { backupRead, documents, push } from "./lab/neighbours.ts";
import { everybody, J_DOE, KIRA, OLIN, SERVICE, SRV01, WS01 } from "./lab/people.ts";
import { CMD, copyToShare, mapShare, psexec, shell, smbSession, viewShares } from "./lab/techniques.ts";

const lab = everybody(new Lab("2026-03-04T08:41:00.000Z", 20_260_304));
const path = { from: WS01, to: SRV01, address: "10.10.30.12" };

/** Lets `minutes` of an ordinary morning pass. */
function morning(minutes: number): void {
  const end = lab.ms + minutes * 60_000;
  while (lab.ms < end) {
    const what = lab.random(10);
    if (what < 3) browse(lab, WS01, J_DOE);
    else if (what < 5) housekeeping(lab, WS01, J_DOE);
    else if (what < 7) housekeeping(lab, SRV01, SYSTEM);
    else if (what < 9) serverTraffic(lab, SRV01, WS01, J_DOE);
    else office(lab, WS01, J_DOE);
    lab.wait(15_000 + lab.random(70_000));
  }
}

lab.interactiveLogon(WS01, J_DOE);
morning(8);

// Over-matches of the published query: nobody touches an administrative share here.
lab.end(lab.start(shell(lab, WS01, J_DOE), "C:\\Windows\\System32\\net.exe", "net  user SQLSVC$ /domain"));
morning(3);
const mapped = lab.start(shell(lab, WS01, J_DOE), "C:\\Windows\\System32\\net.exe", "net  use Z: \\\\fs01\\Public$");
lab.end(mapped);
morning(4);

// The management systems that the page names as false positives.
push(lab, SRV01, {
  user: SERVICE.sccm,
  address: "10.10.40.5",
  share: "ADMIN$",
  files: [
    ["ccmsetup\\ccmsetup.exe", "C:\\Windows\\ccmsetup\\ccmsetup.exe"],
    ["ccmsetup\\MobileClient.tcf", "C:\\Windows\\ccmsetup\\MobileClient.tcf"],
  ],
  service: ["ccmsetup", '"C:\\Windows\\ccmsetup\\ccmsetup.exe" /runservice /ignoreskipupgrade /config:MobileClient.tcf'],
});
morning(4);
backupRead(lab, SRV01, SERVICE.backupExec, "10.10.40.9");
morning(2);
const adminSession = smbSession(
  lab,
  { from: { ...WS01, name: "PAW01", ip: "10.10.50.10" }, to: SRV01, address: "10.10.30.12", seenAs: "10.10.50.10" },
  OLIN,
);
lab.openShare(adminSession, "C$");
lab.shareFile(adminSession, "C$", "inetpub\\logs", "list");
lab.logoff(adminSession);
morning(3);

// The four tests of the page, on the remote path.
lab.logoff(mapShare(lab, path, J_DOE, KIRA));
morning(4);
lab.logoff(copyToShare(lab, path, KIRA));
morning(4);
psexec(lab, path, KIRA);
morning(4);
viewShares(lab, path, KIRA);
morning(5);

documents(lab, SRV01, J_DOE, WS01.ip, ["2026\\Q1\\forecast.xlsx"]);
// A local PsExec, to get a SYSTEM prompt: no other machine is involved.
lab.end(lab.start(shell(lab, WS01, OLIN, CMD), "C:\\Tools\\PsExec64.exe", '"C:\\Tools\\PsExec64.exe" -i -s cmd.exe'));
morning(6);

const events = lab.events
  .filter(isWindows)
  .filter((event) => event.host.name === "WS01" || event.host.name === "SRV01")
  .sort(byTime);
const text = events.map((event) => `${JSON.stringify(winlogbeat(event))}\n`).join("");
const file = new URL("../samples/lab.ndjson", import.meta.url);
if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
  console.log(`samples/lab.ndjson: ${events.length} events`);
} else if (readFileSync(file, "utf8") !== text) {
  console.log("samples/lab.ndjson is out of date: npm run cases");
  process.exitCode = 1;
}
