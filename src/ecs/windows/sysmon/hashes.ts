/** Sysmon's `Hashes` (`SHA1=..,MD5=..,SHA256=..,IMPHASH=..`) into ECS hash fields. */
import type { JsonObject } from "../../../readers/index.ts";
import { Memo } from "../../values/memo.ts";
import { inHashMapOrder } from "../hash-order.ts";

interface Hashes {
  /** `md5`, `sha1`, `sha256`, ... without `imphash`, which belongs to `pe`. */
  readonly hash: JsonObject;
  readonly imphash: string | undefined;
  /** All of them, for `related.hash`. */
  readonly all: readonly string[];
}

const orders = new Map<string, readonly string[]>();
const MAX_ALGORITHMS = 16;

/** Images have the same hashes wherever they run. */
const known = new Memo(readHashes);

/** The parts are shared: copy what goes into an event. */
export function hashesOf(value: string | undefined): Hashes | undefined {
  return value === undefined ? undefined : known.of(value);
}

function readHashes(value: string): Hashes | undefined {
  const digests = new Map<string, string>();
  for (const part of value.split(",", MAX_ALGORITHMS)) {
    const at = part.indexOf("=");
    if (at <= 0) continue;
    const digest = part.slice(at + 1).trim();
    if (digest !== "" && !isZeros(digest)) digests.set(part.slice(0, at).trim(), digest.toLowerCase());
  }
  if (digests.size === 0) return undefined;
  const hash: JsonObject = {};
  let imphash: string | undefined;
  const all: string[] = [];
  for (const name of orderOf(digests)) {
    const digest = digests.get(name)!;
    all.push(digest);
    const key = name.toLowerCase();
    if (key === "imphash") imphash = digest;
    else if (key !== "__proto__") hash[key] = digest;
  }
  return { hash, imphash, all };
}

/** The order per combination of algorithms: there are few, so each is worked out once. */
function orderOf(digests: ReadonlyMap<string, string>): readonly string[] {
  const key = [...digests.keys()].join();
  let order = orders.get(key);
  if (order === undefined) {
    order = inHashMapOrder([...digests.keys()]);
    if (orders.size < 64) orders.set(key, order);
  }
  return order;
}

function isZeros(digest: string): boolean {
  for (let i = 0; i < digest.length; i++) if (digest.charCodeAt(i) !== 48) return false;
  return true;
}
