/** Which host an address or a short name is, as far as the events themselves say. */
import { hostOf, textAt, textsAt, type Alert, type EventDocument } from "../../detect/index.ts";

const LOCAL = /^(?:127\.|::1$|fe80:|169\.254\.|0\.0\.0\.0$|::$|-$)/i;

/** Names of hosts. An event says which addresses its own host has (`host.ip`); one that two hosts claim is nobody's. */
export class HostNames {
  /** Lower case -> the name as it was met first; null where two hosts share it. */
  readonly #names = new Map<string, string | null>();
  readonly #short = new Map<string, string | null>();
  readonly #addresses = new Map<string, string | null>();

  constructor(alerts: Iterable<Alert>) {
    for (const { events } of alerts)
      for (const observed of events) {
        if (observed === null) continue;
        const { event } = observed;
        const host = hostOf(event);
        if (host === "") continue;
        note(this.#names, host.toLowerCase(), host);
        const known = this.#names.get(host.toLowerCase()) ?? host;
        note(this.#short, shortName(host).toLowerCase(), known);
        for (const address of textsAt(event, "host.ip")) if (!LOCAL.test(address)) note(this.#addresses, address.toLowerCase(), known);
      }
  }

  /** The host that an address or a name means; as it is where no event says more, and empty for the machine itself. */
  resolve(text: string): string {
    const plain = text.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
    if (plain === "" || plain === "*" || plain === "localhost" || LOCAL.test(plain)) return "";
    return this.#addresses.get(plain) ?? this.#names.get(plain) ?? this.#short.get(plain) ?? text;
  }

  /** Without its domain, where no other host is called that. */
  shown(host: string): string {
    const short = shortName(host);
    const owner = this.#short.get(short.toLowerCase());
    return owner !== null && (owner === undefined || owner.toLowerCase() === host.toLowerCase()) ? short : host;
  }
}

function note(map: Map<string, string | null>, key: string, name: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, name);
  else if (known !== null && known.toLowerCase() !== name.toLowerCase()) map.set(key, null);
}

/** `SRV01` of `SRV01.corp.example`; an address stays whole. */
function shortName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : host.split(".", 1)[0]!;
}

/** The host that an event's connection came from; empty where it names none. */
export function sourceOf(event: EventDocument): string {
  const address = textAt(event, "source.ip") ?? textAt(event, "winlog.event_data.IpAddress");
  if (address !== undefined && !LOCAL.test(address)) return address;
  return "";
}
