/** Who and where the events of a recording name: computers, accounts, domains, security identifiers, devices. */
import type { EventDocument } from "../../eql/index.ts";

/** Names in the spelling they were first met in, each once whatever its case. */
export interface Identities {
  /** Computers, by their first label: `WS01` of `WS01.corp.example`. */
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  /** DNS names (`corp.example`) and NetBIOS names (`CORP`) of the organisation. */
  readonly domains: readonly string[];
  /** People's full names. */
  readonly people: readonly string[];
  /** Ids of machines and agents: UUIDs and their like. */
  readonly machines: readonly string[];
}

type Kind = "host" | "user" | "domain" | "person" | "machine";

/** The last part of a field's name, in lower case, and what its values are. Of ECS, and of the data of Windows' events. */
const FIELDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(?:host|agent|observer)\.(?:name|hostname)$|^beat\.(?:name|hostname)$/, "host"],
  [
    /(?:^|\.)(?:computer_name|computername|computer|hostname|host|machinename|workstation|workstationname|targetservername|clientname|dnshostname|targetcomputername|machine)$/,
    "host",
  ],
  [/^(?:host|agent)\.(?:id|ephemeral_id)$/, "machine"],
  [/(?:^|\.)(?:user|effective|target|changes)\.(?:name|email)$|^related\.user$/, "user"],
  [/(?:^|\.)(?:\w*username|user|parentuser|sourceuser|targetuser|accountname|samaccountname|userprincipalname|membername)$/, "user"],
  [/(?:^|\.)(?:user|effective|target|changes|group)\.domain$|^host\.domain$/, "domain"],
  [/(?:^|\.)(?:\w*domainname|domain)$/, "domain"],
  [/(?:^|\.)user\.full_name$|(?:^|\.)displayname$/, "person"],
];
/** Of these, the domain may be one of the Internet's, which is evidence and nobody's secret. */
const OTHER_END = /^(?:source|destination|client|server|dns|url|tls|http)\b|\.(?:destination|source)hostname$/;

/** What somebody looked up. */
const ASKED_NAME = /^dns\.question\.name$|(?:^|\.)queryname$/;

/** Accounts and authorities that every Windows has. */
const WELL_KNOWN = new Set(
  [
    "system|local service|network service|localservice|networkservice|local system|localsystem|anonymous logon|anonymous|everyone|iusr|self",
    "administrator|guest|defaultaccount|wdagutilityaccount|krbtgt|public|default|default user|all users|users|administrators",
    "nt authority|nt service|builtin|window manager|font driver host|workgroup|nt virtual machine|iis apppool|localhost|local|-|.|n/a|%%1843",
  ].flatMap((line) => line.split("|")),
);
const WELL_KNOWN_FORM = /^(?:dwm|umfd)-\d+$|^s-1-\d|^%%\d+$|^\{|^0x/i;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/i;

/** A profile's folder names its owner: `C:\Users\j.doe\`. */
const PROFILE = /[a-z]:\\+(?:users|documents and settings)\\+([^\\/:*?"<>|\r\n]{1,64})\\/gi;
/** The computer of a UNC path, where one begins. */
const UNC = /(?<![^\s"'=(,;])\\\\([A-Za-z0-9][A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9.-]{1,200})?\\(?!\\)/g;

/** An account in a text: `CORP\\j.doe`, where the domain or the computer is known. */
const ACCOUNT = /(?<![\\\w.$-])([\w-]{1,63})\\([\w.-]{1,64}\$?)(?![\\\w.-])/g;
/** Sysmon's clipboard events: who is at the other end of a remote desktop. */
const CLIENT = /\buser: (\S{1,128}) +hostname: (\S{1,128})/g;

export function identitiesOf(events: readonly EventDocument[]): Identities {
  const found = new Collector();
  for (const event of events) visit(event, "", (name, value) => found.field(name, value));
  // An account of a computer's own has the computer as its domain, and a machine account its name.
  for (const event of events) visit(event, "", (name, value) => found.path(name, value));
  return found.result();
}

/** Calls with every text of an event and the dotted name of its field. */
function visit(value: unknown, name: string, take: (name: string, value: string) => void, depth = 0): void {
  if (typeof value === "string") take(name, value);
  else if (depth > 60 || typeof value !== "object" || value === null) return;
  else if (Array.isArray(value)) for (const item of value as readonly unknown[]) visit(item, name, take, depth + 1);
  else for (const [key, inner] of Object.entries(value)) visit(inner, name === "" ? key : `${name}.${key}`, take, depth + 1);
}

class Collector {
  readonly #hosts = new Names();
  readonly #users = new Names();
  readonly #domains = new Names();
  readonly #people = new Names();
  readonly #machines = new Names();

  field(name: string, value: string): void {
    const lower = name.toLowerCase();
    const kind = FIELDS.find(([pattern]) => pattern.test(lower))?.[1];
    if (kind === undefined || value.length > 256) return;
    if (OTHER_END.test(lower) && kind !== "user") return;
    if (kind === "host") this.#host(value);
    else if (kind === "user") this.#user(value);
    else if (kind === "domain") this.#domain(value);
    else if (kind === "person") this.#people.add(value);
    // Some exports put the computer's name there.
    else if (/^\{?[0-9a-f][0-9a-f-]{14,62}[0-9a-f]\}?$/i.test(value)) this.#machines.add(value);
  }

  path(name: string, value: string): void {
    if (value.length > 100_000) return;
    const lower = name.toLowerCase();
    if (ASKED_NAME.test(lower)) this.#otherEnd(value);
    if (OTHER_END.test(lower) && FIELDS.some(([pattern, kind]) => kind !== "user" && pattern.test(lower))) this.#otherEnd(value);
    for (const match of value.matchAll(PROFILE)) this.#user(match[1]!);
    for (const [, user, host] of value.matchAll(CLIENT)) {
      this.#user(user!);
      this.#host(host!);
    }
    for (const [, domain, user] of value.matchAll(ACCOUNT)) if (this.#domains.has(domain!) || this.#hosts.has(domain!)) this.#user(user!);
    if (/version|hash|guid/i.test(name)) return;
    for (const match of value.matchAll(UNC)) this.#host(match[1]!);
  }

  /** The other end of a connection, where it is of the organisation: a name without a domain, or with one that is known. */
  #otherEnd(value: string): void {
    const [label, ...rest] = value.split(".");
    if (rest.length === 0 ? !isNobody(value) : this.#domains.has(rest.join("."))) this.#host(label!);
  }

  #host(value: string): void {
    const text = value.replace(/^\\+/, "").replace(/\$$/, "");
    if (isNobody(text) || ADDRESS.test(text)) return;
    const [label, ...rest] = text.split(".");
    if (label === undefined || !/^[\p{L}\p{N}_-]{1,63}$/u.test(label) || /^\d+$/.test(label)) return;
    this.#hosts.add(label);
    if (rest.length > 0) this.#domain(rest.join("."));
  }

  #user(value: string): void {
    const [before, after] = value.includes("\\") ? split(value, "\\") : [null, value];
    if (before !== null) this.#domain(before);
    const [name, domain] = after.includes("@") ? split(after, "@") : [after, null];
    if (domain !== null) this.#domain(domain);
    if (name.endsWith("$")) this.#host(name);
    // A distinguished name: the person's, and the domain's parts.
    else if (/^CN=/i.test(name)) this.#people.add(/^CN=([^,]+)/i.exec(name)?.[1] ?? "");
    else if (!isNobody(name)) this.#users.add(name);
  }

  #domain(value: string): void {
    const text = value.replace(/\.$/, "");
    if (isNobody(text) || ADDRESS.test(text) || this.#hosts.has(text)) return;
    if (!/^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u.test(text)) return;
    this.#domains.add(text);
    // Its NetBIOS name, and the parts of a distinguished name.
    if (text.includes(".")) this.#domains.add(text.split(".")[0]!);
  }

  result(): Identities {
    const hosts = this.#hosts.list();
    return {
      hosts,
      users: this.#users.list().filter((name) => !this.#hosts.has(name)),
      domains: this.#domains.list().filter((name) => !this.#hosts.has(name)),
      people: this.#people.list(),
      machines: this.#machines.list(),
    };
  }
}

class Names {
  readonly #known = new Map<string, string>();

  add(name: string): void {
    const key = name.trim().toLowerCase();
    if (key !== "" && !this.#known.has(key)) this.#known.set(key, name.trim());
  }

  has(name: string): boolean {
    return this.#known.has(name.trim().toLowerCase());
  }

  list(): string[] {
    return [...this.#known.values()];
  }
}

function split(text: string, at: string): [before: string, after: string] {
  const place = text.lastIndexOf(at);
  return [text.slice(0, place), text.slice(place + 1)];
}

function isNobody(name: string): boolean {
  const key = name.trim().toLowerCase();
  return key === "" || WELL_KNOWN.has(key) || WELL_KNOWN_FORM.test(key);
}
