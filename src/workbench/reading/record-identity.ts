/** What makes two records the same event: a number that Windows or Elasticsearch gave it, its time, and its content. */
import { readInstant, type Instant } from "../../eql/index.ts";
import { isObject, type Json, type JsonObject, type LogRecord, type WindowsEvent, type XmlElement } from "../../readers/index.ts";
import { RecordHash, type RecordSecrets } from "./record-hash.ts";

/** What names a record. */
export interface Identity {
  /** 64 bits of what names the record (channel, computer, record id, time; or `_index`, `_id`), of all its content where it has no number. */
  readonly key: number;
  readonly key2: number;
  /** 32 bits of the content. */
  readonly content: number;
  /** The record has a number of its own. */
  readonly isNumbered: boolean;
}

/** Names one record after the other: the properties are those of the last one given to `of`. */
export class RecordIdentity implements Identity {
  key = 0;
  key2 = 0;
  content = 0;
  isNumbered = false;
  readonly #hash: RecordHash;
  readonly #at: Instant = { millis: 0, nanos: 0 };

  constructor(secrets?: RecordSecrets) {
    this.#hash = new RecordHash(secrets);
  }

  of(record: LogRecord): void {
    const hash = this.#hash;
    hash.begin();
    if (record.kind === "windows") addWindowsEvent(hash, record.event);
    else addJson(hash, record.document);
    this.content = hash.high;
    this.key = hash.high;
    this.key2 = hash.low;
    this.isNumbered = record.kind === "windows" ? this.#addSystem(record.event) : this.#addDocument(record.document, record);
    if (!this.isNumbered) return;
    this.key = hash.high;
    this.key2 = hash.low;
  }

  #addSystem({ system: { channel, computer, eventRecordId, timeCreated } }: WindowsEvent): boolean {
    return this.#addNumber(channel, computer, eventRecordId, timeCreated);
  }

  #addDocument(document: JsonObject, { id, index = "" }: { readonly id?: string; readonly index?: string }): boolean {
    const { winlog } = document;
    if (isObject(winlog)) {
      const { channel, computer_name: computer, record_id: number } = winlog;
      if (this.#addNumber(channel, computer, wholeOf(number), document["@timestamp"])) return true;
    }
    if (id === undefined) return false;
    this.#hash.begin();
    this.#hash.text(index);
    this.#hash.text(id);
    return true;
  }

  /** False where that names no record: 0 stands where there is no number. Times count in milliseconds, the finest that all formats have. */
  #addNumber(channel: Json | undefined, computer: Json | undefined, number: number | bigint | undefined, time: unknown): boolean {
    if (typeof channel !== "string" || number === undefined || number <= 0) return false;
    const hash = this.#hash;
    hash.begin();
    hash.repeated(channel);
    hash.repeated(typeof computer === "string" ? computer : "");
    if (typeof number === "number") hash.whole(number);
    else {
      hash.word(Number(BigInt.asIntN(32, number)));
      hash.word(Number(BigInt.asIntN(32, number >> 32n)));
    }
    hash.whole(readInstant(time, this.#at) ? Math.floor(this.#at.millis) : 0);
    return true;
  }
}

function wholeOf(number: Json | undefined): number | bigint | undefined {
  if (typeof number === "number" || typeof number === "bigint") return number;
  if (typeof number !== "string" || !/^\d{1,20}$/.test(number)) return undefined;
  return number.length < 16 ? Number(number) : BigInt(number);
}

/** What EVTX, the XML that Windows renders and the JSON that evtx_dump writes have alike. */
function addWindowsEvent(hash: RecordHash, { system, eventData, userData }: WindowsEvent): void {
  hash.repeated(system.provider.name);
  hash.word((system.eventId << 8) ^ (system.version ?? 0xff));
  hash.word(((system.level ?? 0xff) << 8) ^ (system.opcode ?? 0xff));
  hash.repeated(system.keywords ?? "");
  hash.repeated(system.userId ?? "");
  if (eventData !== null) {
    for (const { name, value } of eventData.data) {
      if (name !== undefined) hash.repeated(name);
      hash.repeated(value);
    }
    if (eventData.binary !== undefined) hash.repeated(eventData.binary);
  }
  if (userData !== null) addElement(hash, userData);
}

function addElement(hash: RecordHash, { name, attributes, children }: XmlElement): void {
  hash.repeated(name);
  for (const [attribute, value] of attributes) {
    if (attribute.startsWith("xmlns")) continue;
    hash.repeated(attribute);
    hash.repeated(value);
  }
  for (const child of children) {
    if (typeof child !== "string") addElement(hash, child);
    // Between elements lie the line breaks of an indented document.
    else if (child.trim() !== "") hash.repeated(child);
  }
  hash.word(-1);
}

/** Objects are the same in any order of their keys. Readers bound the depth. */
function addJson(hash: RecordHash, value: Json): void {
  if (typeof value === "string") hash.text(value);
  else if (typeof value === "number" && Number.isSafeInteger(value)) {
    hash.word(0x1_0003);
    hash.whole(value);
  } else if (typeof value !== "object" || value === null) {
    hash.word(0x1_0001);
    hash.text(String(value));
  } else if (Array.isArray(value)) {
    hash.word(0x1_0002);
    for (const item of value) addJson(hash, item);
    hash.word(-1);
  } else {
    const { high, low } = hash;
    let sum = 0;
    let sum2 = 0;
    // An object of JSON has no keys but its own, and this is the quick way to its members.
    for (const key in value) {
      hash.begin();
      hash.repeated(key);
      addJson(hash, value[key]!);
      sum = (sum + hash.high) | 0;
      sum2 = (sum2 + hash.low) | 0;
    }
    hash.high = high;
    hash.low = low;
    hash.word(sum);
    hash.word(sum2);
  }
}
