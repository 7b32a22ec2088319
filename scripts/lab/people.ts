/** Who and what is in the lab. Names and addresses are those of the package's documents. */
import { account, host, type Lab } from "./lab.ts";
import type { Account, Host } from "./event.ts";

export const WS01 = host("WS01", "10.10.20.31", false);
export const SRV01 = host("SRV01", "10.10.30.12");
export const DC01 = host("DC01", "10.10.30.1");
export const PAW01 = host("PAW01", "10.10.50.10", false);
export const DEPLOY01 = host("DEPLOY01", "10.10.40.10");
export const VEEAM01 = host("VEEAM01", "10.10.40.7");
export const SERVERS = [2, 3, 4, 5, 6, 7, 8, 9].map((n) => host(`SRV0${n}`, `10.10.30.${11 + n}`));

export const J_DOE = account("j.doe", 1107);
/** The administration account the attacker has got hold of. */
export const KIRA = account("adm.kira", 1131, true);
/** A server administrator at work. */
export const OLIN = account("adm.olin", 1142, true);
export const HELP_DESK = account("hd.ruiz", 1155);

export const SERVICE = {
  sccm: account("svc_ccmpush", 1201, true),
  pdq: account("svc_pdq", 1202, true),
  veeam: account("svc_veeam", 1203, true),
  acronis: account("svc_acronis", 1204, true),
  backupExec: account("svc_bexec", 1205, true),
  scanner: account("svc_nessus", 1206, true),
  deploy: account("svc_deploy", 1207, true),
} as const;

/** The account of a machine itself. */
export function machineAccount(machine: Host): Account {
  return { domain: "CORP", name: `${machine.name}$`, sid: machine.sid, session: "0x3e7", admin: false };
}

export function everybody(lab: Lab): Lab {
  for (const machine of [WS01, SRV01, DC01, PAW01, DEPLOY01, VEEAM01, ...SERVERS]) lab.add(machine);
  return lab;
}
