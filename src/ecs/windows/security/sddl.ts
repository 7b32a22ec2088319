/**
 * Security descriptors (SDDL, MS-DTYP 2.5.1) into the lines that Elastic's Security pipeline writes for 4670, 4817, 4907: one
 * `grantee :type ([permissions])` per entry. Its oddities are kept, as documents in an index have them.
 */

const ACE_TYPES = new Map([
  ["A", "Access Allowed"],
  ["D", "Access Denied"],
  ["OA", "Object Access Allowed"],
  ["OD", "Object Access Denied"],
  ["AU", "System Audit"],
  ["AL", "System Alarm"],
  ["OU", "System Object Audit"],
  ["OL", "System Object Alarm"],
  ["ML", "System Mandatory Label"],
  ["SP", "Central Policy ID"],
]);

const PERMISSIONS = new Map([
  ["GA", "Generic All"],
  ["GR", "Generic Read"],
  ["GW", "Generic Write"],
  ["GX", "Generic Execute"],
  ["RC", "Read Permissions"],
  ["SD", "Delete"],
  ["WD", "Modify Permissions"],
  ["WO", "Modify Owner"],
  ["RP", "Read All Properties"],
  ["WP", "Write All Properties"],
  ["CC", "Create All Child Objects"],
  ["DC", "Delete All Child Objects"],
  ["LC", "List Contents"],
  ["SW", "All Validated"],
  ["LO", "List Object"],
  ["DT", "Delete Subtree"],
  ["CR", "All Extended Rights"],
  ["FA", "File All Access"],
  ["FR", "File Generic Read"],
  ["FX", "FILE GENERIC EXECUTE"],
  ["FW", "FILE GENERIC WRITE"],
  ["KA", "KEY ALL ACCESS"],
  ["KR", "KEY READ"],
  ["KW", "KEY WRITE"],
  ["KX", "KEY EXECUTE"],
]);

/** In the order in which the pipeline lists them. The mask of "Generic Write" lacks a zero there, so it is bit 26. */
const MASK: readonly (readonly [bits: number, name: string])[] = [
  [0x80000000, "Generic Read"],
  [0x4000000, "Generic Write"],
  [0x20000000, "Generic Execute"],
  [0x10000000, "Generic All"],
  [0x02000000, "Maximum Allowed"],
  [0x01000000, "Access System Security"],
  [0x00100000, "Syncronize"],
  [0x00080000, "Write Owner"],
  [0x00040000, "Write DACL"],
  [0x00020000, "Read Control"],
  [0x00010000, "Delete"],
];

const ACCOUNTS = new Map([
  ["AO", "Account operators"],
  ["RU", "Alias to allow previous Windows 2000"],
  ["AN", "Anonymous logon"],
  ["AU", "Authenticated users"],
  ["BA", "Built-in administrators"],
  ["BG", "Built-in guests"],
  ["BO", "Backup operators"],
  ["BU", "Built-in users"],
  ["CA", "Certificate server administrators"],
  ["CG", "Creator group"],
  ["CO", "Creator owner"],
  ["DA", "Domain administrators"],
  ["DC", "Domain computers"],
  ["DD", "Domain controllers"],
  ["DG", "Domain guests"],
  ["DU", "Domain users"],
  ["EA", "Enterprise administrators"],
  ["ED", "Enterprise domain controllers"],
  ["WD", "Everyone"],
  ["PA", "Group Policy administrators"],
  ["IU", "Interactively logged-on user"],
  ["LA", "Local administrator"],
  ["LG", "Local guest"],
  ["LS", "Local service account"],
  ["SY", "Local system"],
  ["NU", "Network logon user"],
  ["NO", "Network configuration operators"],
  ["NS", "Network service account"],
  ["PO", "Printer operators"],
  ["PS", "Personal self"],
  ["PU", "Power users"],
  ["RS", "RAS servers group"],
  ["RD", "Terminal server users"],
  ["RE", "Replicator"],
  ["RC", "Restricted code"],
  ["SA", "Schema administrators"],
  ["SO", "Server operators"],
  ["SU", "Service logon user"],
  ["S-1-0", "Null Authority"],
  ["S-1-0-0", "Nobody"],
  ["S-1-1", "World Authority"],
  ["S-1-1-0", "Everyone"],
  ["S-1-16-0", "Untrusted Mandatory Level"],
  ["S-1-16-4096", "Low Mandatory Level"],
  ["S-1-16-8192", "Medium Mandatory Level"],
  ["S-1-16-8448", "Medium Plus Mandatory Level"],
  ["S-1-16-12288", "High Mandatory Level"],
  ["S-1-16-16384", "System Mandatory Level"],
  ["S-1-16-20480", "Protected Process Mandatory Level"],
  ["S-1-16-28672", "Secure Process Mandatory Level"],
  ["S-1-2", "Local Authority"],
  ["S-1-2-0", "Local"],
  ["S-1-2-1", "Console Logon"],
  ["S-1-3", "Creator Authority"],
  ["S-1-3-0", "Creator Owner"],
  ["S-1-3-1", "Creator Group"],
  ["S-1-3-2", "Creator Owner Server"],
  ["S-1-3-3", "Creator Group Server"],
  ["S-1-3-4", "Owner Rights"],
  ["S-1-4", "Non-unique Authority"],
  ["S-1-5", "NT Authority"],
  ["S-1-5-1", "Dialup"],
  ["S-1-5-2", "Network"],
  ["S-1-5-3", "Batch"],
  ["S-1-5-4", "Interactive"],
  ["S-1-5-6", "Service"],
  ["S-1-5-7", "Anonymous"],
  ["S-1-5-8", "Proxy"],
  ["S-1-5-9", "Enterprise Domain Controllers"],
  ["S-1-5-10", "Principal Self"],
  ["S-1-5-11", "Authenticated Users"],
  ["S-1-5-12", "Restricted Code"],
  ["S-1-5-13", "Terminal Server Users"],
  ["S-1-5-14", "Remote Interactive Logon"],
  ["S-1-5-15", "This Organization"],
  ["S-1-5-17", "This Organization"],
  ["S-1-5-18", "Local System"],
  ["S-1-5-19", "NT Authority"],
  ["S-1-5-20", "NT Authority"],
  ["S-1-5-32-544", "Administrators"],
  ["S-1-5-32-545", "Users"],
  ["S-1-5-32-546", "Guests"],
  ["S-1-5-32-547", "Power Users"],
  ["S-1-5-32-548", "Account Operators"],
  ["S-1-5-32-549", "Server Operators"],
  ["S-1-5-32-550", "Print Operators"],
  ["S-1-5-32-551", "Backup Operators"],
  ["S-1-5-32-552", "Replicators"],
  ["S-1-5-32-582", "Storage Replica Administrators"],
  ["S-1-5-5-X-Y", "Logon Session"],
  ["S-1-5-64-10", "NTLM Authentication"],
  ["S-1-5-64-14", "SChannel Authentication"],
  ["S-1-5-64-21", "Digest Authentication"],
  ["S-1-5-80", "NT Service"],
  ["S-1-5-80-0", "All Services"],
  ["S-1-5-83-0", "NT Virtual Machine\\Virtual Machines"],
  ["S-1-5-90-0", "Windows Manager\\Windows Manager Group"],
]);
/** Aliases of `S-1-5-32` that are written with their authority. */
for (const [rid, name] of [
  [554, "Pre-Windows 2000 Compatible Access"],
  [555, "Remote Desktop Users"],
  [556, "Network Configuration Operators"],
  [557, "Incoming Forest Trust Builders"],
  [558, "Performance Monitor Users"],
  [559, "Performance Log Users"],
  [560, "Windows Authorization Access Group"],
  [561, "Terminal Server License Servers"],
  [562, "Distributed COM Users"],
  [569, "Cryptographic Operators"],
  [573, "Event Log Readers"],
  [574, "Certificate Service DCOM Access"],
  [575, "RDS Remote Access Servers"],
  [576, "RDS Endpoint Servers"],
  [577, "RDS Management Servers"],
  [578, "Hyper-V Administrators"],
  [579, "Access Control Assistance Operators"],
  [580, "Remote Management Users"],
] as const)
  ACCOUNTS.set(`S-1-5-32-${rid}`, `Builtin\\${name}`);

const DOMAIN_ACCOUNTS = new Map([
  ["498", "Enterprise Read-only Domain Controllers"],
  ["500", "Administrator"],
  ["501", "Guest"],
  ["502", "KRBTGT"],
  ["512", "Domain Admins"],
  ["513", "Domain Users"],
  ["514", "Domain Guests"],
  ["515", "Domain Computers"],
  ["516", "Domain Controllers"],
  ["517", "Cert Publishers"],
  ["518", "Schema Admins"],
  ["519", "Enterprise Admins"],
  ["520", "Group Policy Creator Owners"],
  ["521", "Read-only Domain Controllers"],
  ["522", "Cloneable Domain Controllers"],
  ["526", "Key Admins"],
  ["527", "Enterprise Key Admins"],
  ["553", "RAS and IAS Servers"],
  ["571", "Allowed RODC Password Replication Group"],
  ["572", "Denied RODC Password Replication Group"],
]);

/** More entries than this are not listed. */
const MAX_ENTRIES = 256;

export interface Descriptor {
  readonly dacl: string[];
  readonly sacl: string[];
  /** Well-known users among the grantees, for `related.user`. */
  readonly users: string[];
}

export function describeSddl(sddl: string): Descriptor {
  const users: string[] = [];
  const daclAt = sddl.indexOf("D:");
  const saclAt = sddl.lastIndexOf("S:");
  const dacl = daclAt < 0 ? [] : entries(sddl.slice(daclAt), users);
  const sacl = saclAt < 0 || (saclAt > 0 && daclAt > saclAt) ? [] : entries(sddl.slice(saclAt), users);
  return { dacl, sacl, users };
}

function entries(list: string, users: string[]): string[] {
  const out: string[] = [];
  let open = list.indexOf("(");
  while (open >= 0 && out.length < MAX_ENTRIES) {
    const close = list.indexOf(")", open);
    if (close < 0) break;
    const ace = list.slice(open + 1, close);
    if (!ace.includes("*")) out.push(entry(ace, users));
    open = list.indexOf("(", close);
  }
  return out;
}

function entry(ace: string, users: string[]): string {
  const parts = ace.split(";");
  const grantee = parts.length >= 6 ? accountOfSid(parts[5]!) : undefined;
  if ((grantee === "Administrator" || grantee === "Guest" || grantee === "KRBTGT") && !users.includes(grantee)) users.push(grantee);
  const permissions = parts.length >= 3 ? permissionsOf(parts[2]!) : "null";
  return `${grantee ?? "null"} :${ACE_TYPES.get(parts[0]!) ?? "null"} (${permissions})`;
}

function permissionsOf(rights: string): string {
  const permissions: string[] = [];
  if (rights.startsWith("0x")) {
    const mask = Number(rights);
    for (const [bits, name] of MASK) if ((mask & bits) >>> 0 === bits) permissions.push(name);
    if (permissions.length === 0) permissions.push(rights);
  } else {
    for (let i = 0; i < rights.length && i < 128; i += 2) permissions.push(PERMISSIONS.get(rights.slice(i, i + 2)) ?? "null");
  }
  return `[${permissions.join(", ")}]`;
}

/** The name of a well-known SID or SDDL alias; of a domain's SID by its last number; otherwise the SID. Undefined for other domain accounts. */
export function accountOfSid(sid: string): string | undefined {
  const known = ACCOUNTS.get(sid);
  if (known !== undefined) return known;
  if (!sid.startsWith("S-1-5-21")) return sid;
  let start = sid.length;
  while (start > 0 && sid.length - start < 5) {
    const code = sid.charCodeAt(start - 1);
    if (code < 48 || code > 57) break;
    start--;
  }
  return start === sid.length ? sid : DOMAIN_ACCOUNTS.get(sid.slice(start));
}
