/** Other addresses for those of a recording, of the same kind and in the same neighbourhood. */

/** Blocks that stay themselves: loopback, unspecified, multicast, broadcast. */
const KEPT = /^(?:0|127|22[4-9]|23\d|255)\./;
/** Blocks for documentation (RFC 5737), then the one for benchmarks (RFC 2544): nobody's. */
const PUBLIC = ["192.0.2", "198.51.100", "203.0.113"];

/**
 * Addresses keep what rules ask of them: private ones stay in their private block, link-local ones link-local, loopback and multicast what they
 * are; public ones become addresses for documentation. What shared a network of 256 addresses still does.
 */
export class AddressMap {
  readonly #networks = new Map<string, string>();
  readonly #hosts = new Map<string, Map<string, string>>();
  readonly #six = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#six.size + [...this.#hosts.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** @param text four numbers from 0 to 255 */
  four(text: string): string {
    if (KEPT.test(text)) return text;
    const at = text.lastIndexOf(".");
    const network = text.slice(0, at);
    const last = text.slice(at + 1);
    let to = this.#networks.get(network);
    if (to === undefined) this.#networks.set(network, (to = this.#network(network)));
    const hosts = this.#hosts.get(to) ?? new Map<string, string>();
    this.#hosts.set(to, hosts);
    // The ends of a network are not machines'.
    if (last === "0" || last === "255") return `${to}.${last}`;
    const known = hosts.get(text);
    if (known !== undefined) return known;
    const made = `${to}.${10 + (hosts.size % 240)}`;
    hosts.set(text, made);
    return made;
  }

  /** @param text an IPv6 address */
  six(text: string): string {
    const lower = text.toLowerCase();
    const four = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(lower);
    if (four !== null) return `${four[1]}${this.four(four[2]!)}`;
    if (/^(?:::1?|0(?::0){6,7}:?[01]?|ff[0-9a-f]{2}:.*)$/.test(lower)) return text;
    let to = this.#six.get(lower);
    if (to === undefined) {
      const prefix = /^fe[89ab]/.test(lower) ? "fe80::" : /^f[cd]/.test(lower) ? "fd00::" : "2001:db8::";
      this.#six.set(lower, (to = `${prefix}${(this.#next(prefix) + 10).toString(16)}`));
    }
    return to;
  }

  #network(network: string): string {
    const [a, b] = network.split(".").map(Number) as [number, number];
    if (a === 10) return `10.${10 + (this.#next("10") >> 8)}.${this.#next("10.") & 255}`;
    if (a === 192 && b === 168) return `192.168.${10 + this.#next("192.168")}`;
    if (a === 172 && b >= 16 && b <= 31) return `172.16.${10 + this.#next("172.16")}`;
    if (a === 169 && b === 254) return `169.254.${10 + this.#next("169.254")}`;
    if (a === 100 && b >= 64 && b <= 127) return `100.64.${10 + this.#next("100.64")}`;
    const n = this.#next("public");
    return PUBLIC[n] ?? `198.18.${(n - PUBLIC.length) & 255}`;
  }

  #next(kind: string): number {
    const n = this.#counts.get(kind) ?? 0;
    this.#counts.set(kind, n + 1);
    return n;
  }
}
