/** Names of the numbers in Security events, as Microsoft documents them and Elastic's pipelines spell them. */
import { inHashMapOrder } from "../hash-order.ts";

/** `winlog.logon.type` by `LogonType`. */
export const LOGON_TYPES = new Map([
  ["2", "Interactive"],
  ["3", "Network"],
  ["4", "Batch"],
  ["5", "Service"],
  ["7", "Unlock"],
  ["8", "NetworkCleartext"],
  ["9", "NewCredentials"],
  ["10", "RemoteInteractive"],
  ["11", "CachedInteractive"],
]);

export interface Flag {
  readonly bits: number;
  readonly name: string;
}

/**
 * Flags in the two orders in which documents list them: by value in Winlogbeat's, by the hash of the hexadecimal number in the
 * Agent's.
 */
export interface Flags {
  readonly winlogbeat: readonly Flag[];
  readonly agent: readonly Flag[];
}

type Row = readonly [bits: number, name: string];

function byValue(rows: readonly Row[]): Flag[] {
  return rows.map(([bits, name]) => ({ bits, name })).sort((a, b) => a.bits - b.bits);
}

function byHash(rows: readonly Row[]): Flag[] {
  const named = new Map(rows.map(([bits, name]) => [`0x${bits.toString(16).toUpperCase().padStart(8, "0")}`, { bits, name }]));
  return inHashMapOrder([...named.keys()], true).map((hex) => named.get(hex)!);
}

/**
 * Bits of `NewUacValue`. Winlogbeat names them as MS-SAMR 2.2.1.12 does, which is right; the Agent's integrations of 2023 read them by
 * the bits of LDAP's userAccountControl, which is not, but is what their documents hold.
 */
const SAMR_BITS = [
  "ACCOUNT_DISABLED",
  "HOME_DIRECTORY_REQUIRED",
  "PASSWORD_NOT_REQUIRED",
  "TEMP_DUPLICATE_ACCOUNT",
  "NORMAL_ACCOUNT",
  "MNS_LOGON_ACCOUNT",
  "INTERDOMAIN_TRUST_ACCOUNT",
  "WORKSTATION_TRUST_ACCOUNT",
  "SERVER_TRUST_ACCOUNT",
  "DONT_EXPIRE_PASSWORD",
  "ACCOUNT_AUTO_LOCKED",
  "ENCRYPTED_TEXT_PASSWORD_ALLOWED",
  "SMARTCARD_REQUIRED",
  "TRUSTED_FOR_DELEGATION",
  "NOT_DELEGATED",
  "USE_DES_KEY_ONLY",
  "DONT_REQUIRE_PREAUTH",
  "PASSWORD_EXPIRED",
  "TRUSTED_TO_AUTHENTICATE_FOR_DELEGATION",
  "NO_AUTH_DATA_REQUIRED",
  "PARTIAL_SECRETS_ACCOUNT",
  "USE_AES_KEYS",
];
const LDAP_BITS: readonly Row[] = [
  [0x1, "SCRIPT"],
  [0x2, "ACCOUNTDISABLE"],
  [0x8, "HOMEDIR_REQUIRED"],
  [0x10, "LOCKOUT"],
  [0x20, "PASSWD_NOTREQD"],
  [0x40, "PASSWD_CANT_CHANGE"],
  [0x80, "ENCRYPTED_TEXT_PWD_ALLOWED"],
  [0x100, "TEMP_DUPLICATE_ACCOUNT"],
  [0x200, "NORMAL_ACCOUNT"],
  [0x800, "INTERDOMAIN_TRUST_ACCOUNT"],
  [0x1000, "WORKSTATION_TRUST_ACCOUNT"],
  [0x2000, "SERVER_TRUST_ACCOUNT"],
  [0x10000, "DONT_EXPIRE_PASSWORD"],
  [0x20000, "MNS_LOGON_ACCOUNT"],
  [0x40000, "SMARTCARD_REQUIRED"],
  [0x80000, "TRUSTED_FOR_DELEGATION"],
  [0x100000, "NOT_DELEGATED"],
  [0x200000, "USE_DES_KEY_ONLY"],
  [0x400000, "DONT_REQ_PREAUTH"],
  [0x800000, "PASSWORD_EXPIRED"],
  [0x1000000, "TRUSTED_TO_AUTH_FOR_DELEGATION"],
  [0x4000000, "PARTIAL_SECRETS_ACCOUNT"],
];
export const UAC_FLAGS: Flags = { winlogbeat: byValue(SAMR_BITS.map((name, bit) => [2 ** bit, `USER_${name}`])), agent: byHash(LDAP_BITS) };

/** Kerberos ticket options (RFC 4120 KDCOptions). */
const OPTIONS: readonly Row[] = [
  [0x40000000, "Forwardable"],
  [0x20000000, "Forwarded"],
  [0x10000000, "Proxiable"],
  [0x08000000, "Proxy"],
  [0x04000000, "Allow-postdate"],
  [0x02000000, "Postdated"],
  [0x01000000, "Invalid"],
  [0x00800000, "Renewable"],
  [0x00400000, "Initial"],
  [0x00200000, "Pre-authent"],
  [0x00100000, "Opt-hardware-auth"],
  [0x00080000, "Transited-policy-checked"],
  [0x00040000, "Ok-as-delegate"],
  [0x00020000, "Request-anonymous"],
  [0x00010000, "Name-canonicalize"],
  [0x20, "Disable-transited-check"],
  [0x10, "Renewable-ok"],
  [0x8, "Enc-tkt-in-skey"],
  [0x2, "Renew"],
  [0x1, "Validate"],
];
export const TICKET_OPTIONS: Flags = { winlogbeat: byValue(OPTIONS), agent: byHash(OPTIONS) };

/** The names of the flags that are set. */
export function namesOfFlags(table: readonly Flag[], value: number): string[] {
  const names: string[] = [];
  for (const flag of table) if ((value & flag.bits) >>> 0 === flag.bits) names.push(flag.name);
  return names;
}

export const TICKET_ENCRYPTION = new Map([
  ["0x1", "DES-CBC-CRC"],
  ["0x3", "DES-CBC-MD5"],
  ["0x11", "AES128-CTS-HMAC-SHA1-96"],
  ["0x12", "AES256-CTS-HMAC-SHA1-96"],
  ["0x17", "RC4-HMAC"],
  ["0x18", "RC4-HMAC-EXP"],
  ["0xffffffff", "FAIL"],
]);

/** Kerberos result codes (RFC 4120 7.5.9 and MS-KILE), by number; the prefix is written out where it is not `KDC_ERR_`. */
const KERBEROS: readonly (readonly [first: number, names: string])[] = [
  [
    0x0,
    "NONE NAME_EXP SERVICE_EXP BAD_PVNO C_OLD_MAST_KVNO S_OLD_MAST_KVNO C_PRINCIPAL_UNKNOWN S_PRINCIPAL_UNKNOWN PRINCIPAL_NOT_UNIQUE NULL_KEY CANNOT_POSTDATE NEVER_VALID POLICY BADOPTION ETYPE_NOTSUPP SUMTYPE_NOSUPP PADATA_TYPE_NOSUPP TRTYPE_NO_SUPP CLIENT_REVOKED SERVICE_REVOKED TGT_REVOKED CLIENT_NOTYET SERVICE_NOTYET KEY_EXPIRED PREAUTH_FAILED PREAUTH_REQUIRED SERVER_NOMATCH MUST_USE_USER2USER",
  ],
  [
    0x1f,
    "KRB_AP_ERR_BAD_INTEGRITY KRB_AP_ERR_TKT_EXPIRED KRB_AP_ERR_TKT_NYV KRB_AP_ERR_REPEAT KRB_AP_ERR_NOT_US KRB_AP_ERR_BADMATCH KRB_AP_ERR_SKEW KRB_AP_ERR_BADADDR KRB_AP_ERR_BADVERSION KRB_AP_ERR_MSG_TYPE KRB_AP_ERR_MODIFIED KRB_AP_ERR_BADORDER",
  ],
  [
    0x2c,
    "KRB_AP_ERR_BADKEYVER KRB_AP_ERR_NOKEY KRB_AP_ERR_MUT_FAIL KRB_AP_ERR_BADDIRECTION KRB_AP_ERR_METHOD KRB_AP_ERR_BADSEQ KRB_AP_ERR_INAPP_CKSUM KRB_AP_PATH_NOT_ACCEPTED KRB_ERR_RESPONSE_TOO_BIG",
  ],
  [
    0x3c,
    "KRB_ERR_GENERIC KRB_ERR_FIELD_TOOLONG CLIENT_NOT_TRUSTED KDC_NOT_TRUSTED INVALID_SIG KEY_TOO_WEAK KRB_AP_ERR_USER_TO_USER_REQUIRED KRB_AP_ERR_NO_TGT WRONG_REALM",
  ],
];
export const KERBEROS_STATUS = new Map<string, string>();
for (const [first, names] of KERBEROS) {
  names
    .split(" ")
    .forEach((name, i) => KERBEROS_STATUS.set(`0x${(first + i).toString(16)}`, name.startsWith("KRB_") ? name : `KDC_ERR_${name}`));
}

/** `service.type` by `ServiceType` of 4697. */
export const SERVICE_TYPES = new Map([
  ["0x1", "Kernel Driver"],
  ["0x2", "File System Driver"],
  ["0x8", "Recognizer Driver"],
  ["0x10", "Win32 Own Process"],
  ["0x20", "Win32 Share Process"],
  ["0x110", "Interactive Own Process"],
  ["0x120", "Interactive Share Process"],
]);

/**
 * Audit subcategories by the first group of their GUID, `{0CCExxxx-69AE-11D9-BED3-505054503030}` (auditpol, ntsecapi.h). The trailing
 * blank of one name and the category of the directory services are Elastic's.
 */
const AUDIT: readonly (readonly [category: string, first: number, names: readonly string[]])[] = [
  ["System", 0x9210, ["Security State Change", "Security System Extension", "System Integrity", "IPsec Driver", "Other System Events"]],
  [
    "Logon/Logoff",
    0x9215,
    [
      "Logon",
      "Logoff",
      "Account Lockout",
      "IPsec Main Mode",
      "IPsec Quick Mode",
      "IPsec Extended Mode",
      "Special Logon",
      "Other Logon/Logoff Events",
    ],
  ],
  ["Logon/Logoff", 0x9243, ["Network Policy Server"]],
  ["Logon/Logoff", 0x9247, ["User / Device Claims"]],
  [
    "Object Access",
    0x921d,
    [
      "File System",
      "Registry",
      "Kernel Object",
      "SAM",
      "Certification Services",
      "Application Generated",
      "Handle Manipulation",
      "File Share",
      "Filtering Platform Packet Drop",
      "Filtering Platform Connection ",
      "Other Object Access Events",
    ],
  ],
  ["Object Access", 0x9244, ["Detailed File Share", "Removable Storage", "Central Policy Staging"]],
  ["Privilege Use", 0x9228, ["Sensitive Privilege Use", "Non Sensitive Privilege Use", "Other Privilege Use Events"]],
  ["Detailed Tracking", 0x922b, ["Process Creation", "Process Termination", "DPAPI Activity", "RPC Events"]],
  ["Detailed Tracking", 0x9248, ["Plug and Play Events"]],
  [
    "Policy Change",
    0x922f,
    [
      "Audit Policy Change",
      "Authentication Policy Change",
      "Authorization Policy Change",
      "MPSSVC Rule-Level Policy Change",
      "Filtering Platform Policy Change",
      "Other Policy Change Events",
    ],
  ],
  [
    "Account Management",
    0x9235,
    [
      "User Account Management",
      "Computer Account Management",
      "Security Group Management",
      "Distribution Group Management",
      "Application Group Management",
      "Other Account Management Events",
    ],
  ],
  [
    "Account Management",
    0x923b,
    ["Directory Service Access", "Directory Service Changes", "Directory Service Replication", "Detailed Directory Service Replication"],
  ],
  [
    "Account Logon",
    0x923f,
    ["Credential Validation", "Kerberos Service Ticket Operations", "Other Account Logon Events", "Kerberos Authentication Service"],
  ],
];
const subcategories = new Map<string, readonly [subcategory: string, category: string]>();
for (const [category, first, names] of AUDIT) {
  names.forEach((name, i) =>
    subcategories.set(`0CCE${(first + i).toString(16).toUpperCase()}-69AE-11D9-BED3-505054503030`, [name, category]),
  );
}

export function auditSubcategory(guid: string): readonly [subcategory: string, category: string] | undefined {
  const bare = guid.startsWith("{") && guid.endsWith("}") ? guid.slice(1, -1) : guid;
  return subcategories.get(bare.toUpperCase());
}

/** Bits of an access mask on a directory object; the spelling of "Delete Treee" is Elastic's. */
const ACCESS: readonly Row[] = [
  [0x1, "Create Child"],
  [0x2, "Delete Child"],
  [0x4, "List Contents"],
  [0x8, "SELF"],
  [0x10, "Read Property"],
  [0x20, "Write Property"],
  [0x40, "Delete Treee"],
  [0x80, "List Object"],
  [0x100, "Control Access"],
  [0x10000, "DELETE"],
  [0x20000, "READ_CONTROL"],
  [0x40000, "WRITE_DAC"],
  [0x80000, "WRITE_OWNER"],
  [0x100000, "SYNCHRONIZE"],
  [0x1000000, "ADS_RIGHT_ACCESS_SYSTEM_SECURITY"],
  [0x10000000, "ADS_RIGHT_GENERIC_ALL"],
  [0x20000000, "ADS_RIGHT_GENERIC_EXECUTE"],
  [0x40000000, "ADS_RIGHT_GENERIC_WRITE"],
  [0x80000000, "ADS_RIGHT_GENERIC_READ"],
];
/** Sets of bits, which only the Agent's pipeline names. */
const ACCESS_SETS: readonly Row[] = [
  [0xf00000, "STANDARD_RIGHTS_REQUIRED"],
  [0x1f0000, "STANDARD_RIGHTS_ALL"],
  [0xffff, "SPECIFIC_RIGHTS_ALL"],
];
export const ACCESS_MASK: Flags = {
  winlogbeat: byValue(ACCESS),
  agent: byHash([...ACCESS.slice(0, 14), ...ACCESS_SETS, ...ACCESS.slice(14)]),
};

/** `Status` and `SubStatus` of 4625 and 4776 (NTSTATUS), in the words of Microsoft's page on 4625. */
export const LOGON_STATUS = new Map([
  ["0xc000005e", "There are currently no logon servers available to service the logon request."],
  ["0xc0000064", "User logon with misspelled or bad user account"],
  ["0xc000006a", "User logon with misspelled or bad password"],
  ["0xc000006d", "This is either due to a bad username or authentication information"],
  ["0xc000006e", "Unknown user name or bad password."],
  ["0xc000006f", "User logon outside authorized hours"],
  ["0xc0000070", "User logon from unauthorized workstation"],
  ["0xc0000071", "User logon with expired password"],
  ["0xc0000072", "User logon to account disabled by administrator"],
  ["0xc00000dc", "Indicates the Sam Server was in the wrong state to perform the desired operation."],
  ["0xc0000133", "Clocks between DC and other computer too far out of sync"],
  ["0xc000015b", "The user has not been granted the requested logon type (aka logon right) at this machine"],
  ["0xc000018c", "The logon request failed because the trust relationship between the primary domain and the trusted domain failed."],
  ["0xc0000192", "An attempt was made to logon, but the Netlogon service was not started."],
  ["0xc0000193", "User logon with expired account"],
  ["0xc0000224", "User is required to change password at next logon"],
  ["0xc0000225", "Evidently a bug in Windows and not a risk"],
  ["0xc0000234", "User logon with account locked"],
  ["0xc00002ee", "Failure Reason: An Error occurred during Logon"],
  [
    "0xc0000413",
    "Logon Failure: The machine you are logging onto is protected by an authentication firewall. The specified account is not allowed to authenticate to the machine.",
  ],
  ["0xc0000371", "The local account store does not contain secret material for the specified account"],
  ["0x0", "Status OK."],
]);

/** Trusts (MS-ADTS 6.1.6.7). */
export const TRUST_TYPES = new Map([
  ["1", "TRUST_TYPE_DOWNLEVEL"],
  ["2", "TRUST_TYPE_UPLEVEL"],
  ["3", "TRUST_TYPE_MIT"],
  ["4", "TRUST_TYPE_DCE"],
]);
export const TRUST_DIRECTIONS = new Map([
  ["0", "TRUST_DIRECTION_DISABLED"],
  ["1", "TRUST_DIRECTION_INBOUND"],
  ["2", "TRUST_DIRECTION_OUTBOUND"],
  ["3", "TRUST_DIRECTION_BIDIRECTIONAL"],
]);
/** One attribute at a time: Elastic's pipelines do not take combinations apart. */
export const TRUST_ATTRIBUTES = new Map([
  ["0", "UNDEFINED"],
  ["1", "TRUST_ATTRIBUTE_NON_TRANSITIVE"],
  ["2", "TRUST_ATTRIBUTE_UPLEVEL_ONLY"],
  ["4", "TRUST_ATTRIBUTE_QUARANTINED_DOMAIN"],
  ["8", "TRUST_ATTRIBUTE_FOREST_TRANSITIVE"],
  ["16", "TRUST_ATTRIBUTE_CROSS_ORGANIZATION"],
  ["32", "TRUST_ATTRIBUTE_WITHIN_FOREST"],
  ["64", "TRUST_ATTRIBUTE_TREAT_AS_EXTERNAL"],
  ["128", "TRUST_ATTRIBUTE_USES_RC4_ENCRYPTION"],
  ["512", "TRUST_ATTRIBUTE_CROSS_ORGANIZATION_NO_TGT_DELEGATION"],
  ["1024", "TRUST_ATTRIBUTE_PIM_TRUST"],
]);
