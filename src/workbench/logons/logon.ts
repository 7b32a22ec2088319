/** One logon as an event tells it: who, from where, to which machine, how, and whether it worked. */
import { textAt, valueAt, type EventDocument } from "../../detect/index.ts";

export interface Logon {
  /** Texts; empty where the event does not say. */
  readonly user: string;
  readonly domain: string;
  /** The address it came from, or the machine's name where there is no address. */
  readonly source: string;
  /** The machine that was logged on to, or that a ticket is for; otherwise the one that wrote the event. */
  readonly host: string;
  /** Windows' logon type (`3 Network`), or what took place (`Kerberos service ticket`). */
  readonly type: string;
  readonly outcome: string;
}

/** Null where the event is about no logon. */
export function logonOf(event: EventDocument): Logon | null {
  const code = textAt(event, "event.code") ?? "";
  const channel = textAt(event, "winlog.channel") ?? "";
  const kind = KINDS[channel.toLowerCase()]?.[code];
  if (kind === undefined && !hasCategory(event)) return null;
  const { type, user = USER, domain = DOMAIN, source = SOURCE, host = HOST } = kind ?? {};
  const [account, ofAccount] = splitAccount(firstText(event, user));
  return {
    user: account,
    domain: firstText(event, domain) || ofAccount,
    source: plainAddress(firstText(event, source)),
    host: targetOf(event, host),
    type: type ?? typeOf(event),
    outcome: outcomeOf(event, kind?.outcome),
  };
}

/** Where an event of a kind has its parts, other than in the fields of ECS. The first field with a text counts. */
interface Kind {
  /** Left out where the event has a logon type. */
  readonly type?: string;
  readonly user?: readonly string[];
  readonly domain?: readonly string[];
  readonly source?: readonly string[];
  readonly host?: readonly string[];
  readonly outcome?: string;
}

const USER = ["user.name", "winlog.event_data.TargetUserName", "user.effective.name", "user.id"];
const DOMAIN = ["user.domain", "winlog.event_data.TargetDomainName"];
const SOURCE = ["source.ip", "source.address", "source.domain", "winlog.event_data.WorkstationName", "winlog.event_data.IpAddress"];
const HOST = ["host.name", "winlog.computer_name", "host.hostname"];

const TERMINAL_SESSION: Kind = { user: ["winlog.user_data.User"], domain: [], source: ["winlog.user_data.Address"] };

/** By channel and event id, of Microsoft's documentation of each: what ECS has no field for. */
const KINDS: { readonly [channel: string]: { readonly [code: string]: Kind } } = {
  security: {
    "4648": {
      type: "explicit credentials",
      user: ["user.effective.name", "winlog.event_data.TargetUserName"],
      domain: ["user.effective.domain", "winlog.event_data.TargetDomainName"],
      // The machine that writes it is the one that the logon goes out from.
      source: HOST,
      host: ["winlog.event_data.TargetServerName"],
    },
    "4672": { type: "special privileges" },
    "4768": { type: "Kerberos ticket (TGT)" },
    "4769": { type: "Kerberos service ticket", host: ["service.name", "winlog.event_data.ServiceName"] },
    "4770": { type: "Kerberos ticket renewed", host: ["service.name", "winlog.event_data.ServiceName"] },
    "4771": { type: "Kerberos pre-authentication" },
    "4776": { type: "NTLM validation", source: ["winlog.event_data.Workstation", ...SOURCE] },
    "4778": {
      type: "session reconnected",
      source: ["source.ip", "winlog.event_data.ClientAddress", "source.domain", "winlog.event_data.ClientName"],
    },
    "4779": {
      type: "session disconnected",
      source: ["source.ip", "winlog.event_data.ClientAddress", "source.domain", "winlog.event_data.ClientName"],
    },
  },
  "microsoft-windows-terminalservices-localsessionmanager/operational": {
    "21": { ...TERMINAL_SESSION, type: "RDP session logon", outcome: "success" },
    "24": { ...TERMINAL_SESSION, type: "RDP session disconnected", outcome: "logoff" },
    "25": { ...TERMINAL_SESSION, type: "RDP session reconnected", outcome: "success" },
  },
  "microsoft-windows-terminalservices-remoteconnectionmanager/operational": {
    // Written when the connection stands, before the session has logged on.
    "1149": {
      type: "RDP connection",
      user: ["winlog.user_data.Param1"],
      domain: ["winlog.user_data.Param2"],
      source: ["winlog.user_data.Param3"],
      outcome: "success",
    },
  },
};

/** `LogonType` of 4624, 4625 and 4634, as Elastic's pipelines name them in `winlog.logon.type`. */
const LOGON_TYPES: { readonly [name: string]: string } = {
  Interactive: "2",
  Network: "3",
  Batch: "4",
  Service: "5",
  Unlock: "7",
  NetworkCleartext: "8",
  NewCredentials: "9",
  RemoteInteractive: "10",
  CachedInteractive: "11",
};

function typeOf(event: EventDocument): string {
  const name = firstText(event, ["winlog.logon.type"]);
  const number = LOGON_TYPES[name] ?? firstText(event, ["winlog.event_data.LogonType"]);
  if (name === "" && number === "0") return "0 System";
  if (name !== "" || number !== "") return `${number} ${name}`.trim();
  return firstText(event, ["event.action", "event.provider", "event.dataset"]);
}

function targetOf(event: EventDocument, fields: readonly string[]): string {
  const host = firstText(event, fields);
  return host === "" || host.toLowerCase() === "localhost" ? firstText(event, HOST) : host;
}

function outcomeOf(event: EventDocument, known: string | undefined): string {
  if (known !== undefined) return known;
  const outcome = textAt(event, "event.outcome") ?? "";
  return outcome !== "failure" && listAt(event, "event.type").includes("end") ? "logoff" : outcome;
}

function hasCategory(event: EventDocument): boolean {
  return listAt(event, "event.category").includes("authentication");
}

function listAt(event: EventDocument, field: string): readonly unknown[] {
  const value = valueAt(event, field);
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** Windows writes `-` for what is not there. */
function firstText(event: EventDocument, fields: readonly string[]): string {
  for (const field of fields) {
    const text = textAt(event, field)?.trim() ?? "";
    if (text !== "" && text !== "-") return text;
  }
  return "";
}

function splitAccount(name: string): readonly [user: string, domain: string] {
  const at = name.indexOf("\\");
  return at < 0 ? [name, ""] : [name.slice(at + 1), name.slice(0, at)];
}

/** Domain controllers write IPv4 addresses as IPv6 ones. */
function plainAddress(text: string): string {
  return text.replace(/^::ffff:(?=\d+\.)/i, "");
}
