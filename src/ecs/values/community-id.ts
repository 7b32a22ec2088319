/**
 * Community ID version 1 (github.com/corelight/community-id-spec): one name for both directions of a flow, seed 0. Only the
 * transports that have ports; ICMP needs types that no Windows event holds.
 */
import { sha1 } from "@noble/hashes/legacy.js";
import { addressBytes } from "./addresses.ts";

const TRANSPORTS = new Map([
  ["tcp", 6],
  ["udp", 17],
  ["sctp", 132],
]);
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** `1:` and 28 characters; undefined where an address, a port or the transport is not known. */
export function communityId(
  transport: string,
  sourceIp: string,
  sourcePort: number,
  targetIp: string,
  targetPort: number,
): string | undefined {
  const protocol = TRANSPORTS.get(transport.toLowerCase());
  if (protocol === undefined || !isPort(sourcePort) || !isPort(targetPort)) return undefined;
  const source = addressBytes(sourceIp);
  const target = addressBytes(targetIp);
  if (source === undefined || target === undefined || source.length !== target.length) return undefined;
  const size = source.length;
  const order = compare(source, target) || sourcePort - targetPort;
  const message = new Uint8Array(2 + size * 2 + 6);
  message.set(order <= 0 ? source : target, 2);
  message.set(order <= 0 ? target : source, 2 + size);
  const at = 2 + size * 2;
  message[at] = protocol;
  const low = order <= 0 ? sourcePort : targetPort;
  const high = order <= 0 ? targetPort : sourcePort;
  message[at + 2] = low >> 8;
  message[at + 3] = low & 255;
  message[at + 4] = high >> 8;
  message[at + 5] = high & 255;
  return "1:" + base64(sha1(message));
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

function base64(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const more = bytes.length - i;
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]!;
    out += more > 1 ? BASE64[(group >> 6) & 63]! : "=";
    out += more > 2 ? BASE64[group & 63]! : "=";
  }
  return out;
}
