/** Other names for those of a recording, the same one everywhere: in fields, command lines, paths, UNC paths, e-mail addresses, messages. */
import { derivedUuid } from "../../catalog/index.ts";
import { parseAddress, type EventDocument } from "../../eql/index.ts";
import type { Json, LogRecord, WindowsEvent, XmlElement } from "../../readers/index.ts";
import { AddressMap } from "./address-map.ts";
import type { CutRecord } from "./cut.ts";
import { identitiesOf } from "./identities.ts";

/** Words of Windows' own paths and commands: a name that is one of them is replaced only where it is a whole value. */
const ORDINARY = new Set(
  "windows system32 syswow64 users program files programdata microsoft public temp appdata local roaming desktop downloads documents net cmd test admin user share data server client service services domain host home work office dev build backup sql web mail dc true false null none yes no all any internal external intranet prod production login logon guest system".split(
    " ",
  ),
);
/** Shorter names are part of everything. */
const SHORTEST = 3;
/** Shorter ones are found inside words that have nothing to do with them: `corp` in `Corporation`. */
const LONG = 6;

const SID = /S-1-5-21-(\d+)-(\d+)-(\d+)(?:-(\d+))?/g;
const IPV4 = /(?<![\d.\w])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d\w]|\.\d)/g;
/** What may be an IPv6 address: `parseAddress` decides. */
const IPV6 = /(?<![\w:.])[0-9a-f:.]{3,45}(?![\w:.])/gi;
const MAC = /(?<![\w:-])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])/gi;
/** Fields whose dotted numbers are no addresses. */
const VERSIONS = /version|build/i;

/** What was replaced, by kind. */
export interface Replaced {
  readonly hosts: number;
  readonly users: number;
  readonly domains: number;
  readonly addresses: number;
  readonly sids: number;
}

export class Anonymiser {
  /** Lower-case name -> its other name. */
  readonly #names = new Map<string, string>();
  /** Those that are words of their own right, replaced only as whole values. */
  readonly #whole = new Map<string, string>();
  readonly #pattern: RegExp | null;
  readonly #addresses = new AddressMap();
  readonly #authorities = new Map<string, string>();
  readonly #accounts = new Map<string, string>();
  readonly #macs = new Map<string, string>();
  readonly #counts: Pick<Replaced, "hosts" | "users" | "domains">;

  /** @param records all that belong together: names are found in their fields, as they were recorded and as they are mapped to ECS */
  constructor(records: readonly Pick<CutRecord, "record" | "normalised">[]) {
    const { hosts, users, domains, people, machines } = identitiesOf(
      records.flatMap(({ record, normalised }) => [normalised.event, recordedFields(record)]),
    );
    hosts.forEach((name, i) => this.#name(name, `HOST${i + 1}`));
    const dns = domains.filter((name) => name.includes("."));
    const flat = domains.filter((name) => !name.includes("."));
    // A domain's NetBIOS name is the first label of its DNS name.
    flat.forEach((name, i) => this.#name(name, `DOMAIN${i + 1}`));
    dns.forEach((name, i) => {
      const first = this.#names.get(name.split(".")[0]!.toLowerCase()) ?? `DOMAIN${flat.length + i + 1}`;
      this.#name(name, `${first.toLowerCase()}.example`);
    });
    users.forEach((name, i) => this.#name(name, `user${i + 1}`));
    people.forEach((name, i) => this.#name(name, `Person ${i + 1}`));
    machines.forEach((name, i) => this.#name(name, derivedUuid(`machine ${i + 1}`)));
    this.#counts = { hosts: hosts.length, users: users.length, domains: domains.length };
    const listed = [...this.#names.keys()].filter((name) => !this.#whole.has(name)).sort((a, b) => b.length - a.length);
    // A letter or digit beside it makes it part of another word.
    this.#pattern =
      listed.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${listed.map(escaped).join("|")})(?![\\p{L}\\p{N}])`, "giu");
  }

  get replaced(): Replaced {
    return { ...this.#counts, addresses: this.#addresses.size, sids: this.#accounts.size + this.#authorities.size };
  }

  /** Names that are ordinary words, and so stay where they stand in a longer text. */
  get ordinary(): readonly string[] {
    return [...this.#whole.keys()];
  }

  record(record: LogRecord): LogRecord {
    return record.kind === "document"
      ? { ...record, document: this.#json(record.document, "") as typeof record.document }
      : { ...record, event: this.#windows(record.event) };
  }

  /** @param field the name of the field it stands in, where it stands in one */
  text(text: string, field = ""): string {
    const whole = this.#whole.get(text.toLowerCase());
    if (whole !== undefined) return likeCase(text, whole);
    let out = text.replaceAll(SID, (_, a: string, b: string, c: string, account: string | undefined) =>
      this.#sid(`${a}-${b}-${c}`, account),
    );
    out = out.replaceAll(MAC, (mac) => this.#mac(mac));
    if (!VERSIONS.test(field)) {
      out = out.replaceAll(IPV6, (address) => (isSix(address) ? this.#addresses.six(address) : address));
      out = out.replaceAll(IPV4, (address) => this.#addresses.four(address));
    }
    return this.#pattern === null ? out : out.replaceAll(this.#pattern, (name) => likeCase(name, this.#other(name)));
  }

  /** Names that are still somewhere in the text: inside a longer word, or in text that is encoded (Base64, as PowerShell takes it). */
  leftIn(text: string): string[] {
    const [plain, encoded] = [text.toLowerCase(), decoded(text)];
    const words = new Set(this.#pattern === null ? [] : [...encoded.matchAll(this.#pattern)].map(([name]) => name.toLowerCase()));
    return [...this.#names.keys()].filter(
      (name) => !this.#whole.has(name) && (words.has(name) || (name.length >= LONG && plain.includes(name))),
    );
  }

  /** Of a name that was matched without regard to case, as Unicode folds it: a Kelvin sign is a `k`. */
  #other(name: string): string {
    return this.#names.get(name.toLowerCase()) ?? this.#names.get(name.normalize("NFKC").toLowerCase()) ?? "name";
  }

  #name(name: string, other: string): void {
    const key = name.toLowerCase();
    if (this.#names.has(key)) return;
    this.#names.set(key, other);
    if (key.length < SHORTEST || ORDINARY.has(key)) this.#whole.set(key, other);
  }

  #json(value: Json, field: string): Json {
    if (typeof value === "string") return this.text(value, field);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#json(item, field));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#json(inner, key)]));
  }

  /** Without the element as it came: the event is written from its parts. */
  #windows({ system, eventData, userData, rendering, other }: WindowsEvent): WindowsEvent {
    return {
      system: {
        ...system,
        ...(system.computer === undefined ? {} : { computer: this.text(system.computer) }),
        ...(system.userId === undefined ? {} : { userId: this.text(system.userId) }),
      },
      eventData:
        eventData === null
          ? null
          : { ...eventData, data: eventData.data.map((item) => ({ ...item, value: this.text(item.value, item.name) })) },
      userData: userData === null ? null : this.#element(userData),
      rendering:
        rendering === null ? null : { ...rendering, ...(rendering.message === undefined ? {} : { message: this.text(rendering.message) }) },
      other: other.map((element) => this.#element(element)),
    };
  }

  #element(element: XmlElement): XmlElement {
    return {
      ...element,
      attributes: element.attributes.map(
        ([name, value]) => [name, /^(?:Name|xmlns)\b/.test(name) ? value : this.text(value, name)] as const,
      ),
      children: element.children.map((child) => (typeof child === "string" ? this.text(child, element.name) : this.#element(child))),
    };
  }

  /** Relative ids below 1000 are the same in every domain. */
  #sid(authority: string, account: string | undefined): string {
    let to = this.#authorities.get(authority);
    if (to === undefined) this.#authorities.set(authority, (to = `1000000000-2000000000-${3_000_000_000 + this.#authorities.size + 1}`));
    if (account === undefined) return `S-1-5-21-${to}`;
    if (Number(account) < 1000) return `S-1-5-21-${to}-${account}`;
    const key = `${authority}-${account}`;
    const known = this.#accounts.get(key) ?? String(1101 + this.#accounts.size);
    this.#accounts.set(key, known);
    return `S-1-5-21-${to}-${known}`;
  }

  /** Of the block for documentation (RFC 7042). */
  #mac(mac: string): string {
    const key = mac.toLowerCase().replaceAll(/[:-]/g, "");
    if (/^0+$|^f+$/.test(key)) return mac;
    const sign = mac[2]!;
    const known = this.#macs.get(key) ?? (this.#macs.size & 255).toString(16).padStart(2, "0");
    this.#macs.set(key, known);
    return likeCase(mac, ["00", "00", "5e", "00", "53", known].join(sign));
  }
}

/** The mapping drops data that its kind of event does not have. */
function recordedFields(record: LogRecord): EventDocument {
  if (record.kind === "document") return record.document;
  const { system, eventData } = record.event;
  return { computer: system.computer, data: (eventData?.data ?? []).map(({ name, value }) => ({ [name ?? "value"]: value })) };
}

/** Rules that ask for case find the same case. */
function likeCase(like: string, text: string): string {
  if (like === like.toUpperCase() && like !== like.toLowerCase()) return text.toUpperCase();
  return like === like.toLowerCase() ? text.toLowerCase() : text;
}

const scratch = new Uint32Array(4);

function isSix(text: string): boolean {
  return text.includes(":") && parseAddress(text, scratch);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** What long runs of Base64 hold, as UTF-8 and as UTF-16. */
function decoded(text: string): string {
  let out = "";
  for (const [run] of text.matchAll(/[A-Za-z0-9+/]{24,}/g)) {
    const bytes = new Uint8Array(Math.floor((run.length * 3) / 4));
    let [bits, held, at] = [0, 0, 0];
    for (const char of run) {
      bits = ((bits << 6) | BASE64.indexOf(char)) & 0xffff;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
    }
    out += `${new TextDecoder("utf-8").decode(bytes)}\n${new TextDecoder("utf-16le").decode(bytes)}\n`;
  }
  return out;
}
