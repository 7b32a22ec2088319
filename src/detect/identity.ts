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
  /** A million ids as texts in a map are 150 MB: each has a row of its four words and how often it came, at open addresses. */
  #rows = new Int32Array(FIRST_ROWS * ROW_WORDS);
  #used = 0;
  /** Nobody can make ids that all want the same row. */
  readonly #factor = Math.floor(Math.random() * 0x4000_0000) * 2 + 1;

  of(id: string): string {
    if (this.#used * 4 >= (this.#rows.length / ROW_WORDS) * 3) this.#grow();
    const words = Int32Array.from([0, 8, 16, 24], (at) => Number.parseInt(id.slice(at, at + 8), 16) | 0);
    const at = this.#place(words);
    const ordinal = this.#rows[at + 4]! + 1;
    if (ordinal === 1) {
      this.#rows.set(words, at);
      this.#used++;
    }
    this.#rows[at + 4] = ordinal;
    return ordinal === 1 ? id : digest(`${id} ${ordinal}`);
  }

  /** Where the row of an id is, or would be. */
  #place(words: Int32Array): number {
    const rows = this.#rows;
    const count = rows.length / ROW_WORDS;
    const isOther = (at: number): boolean => rows[at + 4] !== 0 && words.some((word, i) => rows[at + i] !== word);
    let row = (Math.imul(words[0]! ^ words[1]!, this.#factor) >>> 8) & (count - 1);
    while (isOther(row * ROW_WORDS)) row = (row + 1) & (count - 1);
    return row * ROW_WORDS;
  }

  #grow(): void {
    const old = this.#rows;
    this.#rows = new Int32Array(old.length * 2);
    for (let from = 0; from < old.length; from += ROW_WORDS) {
      if (old[from + 4] === 0) continue;
      const at = this.#place(old.subarray(from, from + 4));
      this.#rows.set(old.subarray(from, from + ROW_WORDS), at);
    }
  }
}

const FIRST_ROWS = 1_024;
const ROW_WORDS = 5;

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
