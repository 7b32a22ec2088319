/**
 * How an alert's id is made: from the rule's key and version, the identity of each matched event in order, and the values of the
 * join keys; never from where the events lay. The same events give the same ids as one file or many, packed or not, as EVTX,
 * Event XML or NDJSON, in whatever order the files are read.
 */
import { sha256 } from "../catalog/index.ts";
import { readInstant, type Instant } from "../eql/index.ts";
import type { RuleMatch } from "./alert.ts";
import { textAt, valueAt, type Observed } from "./observed.ts";

/**
 * What makes an event this event, the first of:
 *
 * 1. `_index` and `_id`, where Elasticsearch gave it an id;
 * 2. host, channel, record number and time to the millisecond, where it is a record of a Windows event log;
 * 3. its content: the normalised document without `log.file`, which says where a reader found it, whatever the order of its keys.
 */
export function eventIdentity({ event, id, index }: Observed): string {
  if (id !== undefined) return canonical(["id", index ?? null, id]);
  const host = textAt(event, "winlog.computer_name") ?? textAt(event, "host.name");
  const channel = textAt(event, "winlog.channel");
  const record = textAt(event, "winlog.record_id");
  const at: Instant = { millis: 0, nanos: 0 };
  if (host !== undefined && channel !== undefined && record !== undefined && readInstant(event["@timestamp"], at))
    return canonical(["record", host.toLowerCase(), channel.toLowerCase(), record, at.millis]);
  const log = valueAt(event, "log");
  if (typeof log !== "object" || log === null || !Object.hasOwn(log, "file")) return canonical(["content", event]);
  const { file: _, ...rest } = log as { readonly file: unknown };
  return canonical(["content", { ...event, log: Object.keys(rest).length === 0 ? undefined : rest }]);
}

/** SHA-256 of a text's UTF-8 bytes as lower-case hex. */
export type Sha256 = (text: string) => string;

/**
 * 32 hex digits (the first half of a SHA-256): nobody can make an event whose alert passes for another.
 * @param hash a faster one where the platform has it.
 */
export function matchId({ rule, events, keys }: RuleMatch, hash: Sha256 = sha256): string {
  const identities = events.map((event) => (event === null ? null : eventIdentity(event)));
  return hash(canonical([rule.key, rule.version, identities, keys])).slice(0, 32);
}

/**
 * Keeps ids apart where one rule matches events that nothing tells apart (a log read twice, lines that are equal): the second
 * alert of an id gets one of its own, made from the id and the ordinal 2, and so on. As many equal events, the same ids again.
 */
export class UniqueIds {
  readonly #uses = new Map<string, number>();

  of(id: string): string {
    const ordinal = (this.#uses.get(id) ?? 0) + 1;
    this.#uses.set(id, ordinal);
    return ordinal === 1 ? id : digest(`${id} ${ordinal}`);
  }
}

function digest(text: string): string {
  return sha256(text).slice(0, 32);
}

/** JSON with the keys of objects in order; whole numbers beyond 2^53 as their digits. */
function canonical(value: unknown): string {
  const ordered = inOrder(value);
  return ordered === ODD ? written(value) : (JSON.stringify(ordered) ?? "null");
}

/** What JSON.stringify would write otherwise: the engine's own is several times as fast, and nearly all documents can go to it. */
const ODD = Symbol("odd");
/** Keys that objects do not keep in the order in which they come, or not as keys. */
const ODD_KEY = /^(?:\d|__proto__$|toJSON$)/;

/** A copy of the value with the keys of its objects in order. */
function inOrder(value: unknown): unknown {
  if (typeof value === "bigint") return ODD;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const one = inOrder(value[i]);
      if (one === ODD) return ODD;
      list.push(one);
    }
    return list;
  }
  const object = value as { readonly [key: string]: unknown };
  const ordered: { [key: string]: unknown } = {};
  for (const key of Object.keys(object).sort()) {
    if (ODD_KEY.test(key)) return ODD;
    const one = inOrder(object[key]);
    if (one === ODD) return ODD;
    ordered[key] = one;
  }
  return ordered;
}

function written(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  const object = value as { readonly [key: string]: unknown };
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${written(object[key])}`);
  return `{${members.join(",")}}`;
}
