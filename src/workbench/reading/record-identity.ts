/** What makes two records the same event: a number that Windows or Elasticsearch gave it, its time, and its content. */
import { readInstant, type Instant } from "../../eql/index.ts";
import { ContentHash, isObject, type Json, type LogRecord, type WindowsEvent, type XmlElement } from "../../readers/index.ts";
import { newSecrets, RecordHash, type RecordSecrets } from "./record-hash.ts";

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
  readonly #content: ContentHash;
  readonly #at: Instant = { millis: 0, nanos: 0 };

  constructor(secrets: RecordSecrets = newSecrets()) {
    this.#hash = new RecordHash(secrets);
    this.#content = new ContentHash(secrets);
  }

  of(record: LogRecord): void {
    if (record.kind === "windows") {
      const hash = this.#hash;
      hash.begin();
      addWindowsEvent(hash, record.event);
      return this.#name(hash.high, hash.low, this.#addSystem(record.event));
    }
    const { document, id, index = "" } = record;
    const { winlog } = document;
    this.#content.of(document);
    const { high, low } = this.#content;
    if (isObject(winlog))
      this.ofDocument(high, low, winlog["channel"], winlog["computer_name"], winlog["record_id"], document["@timestamp"]);
    else this.#name(high, low, false);
    if (this.isNumbered || id === undefined) return;
    this.#hash.begin();
    this.#hash.text(index);
    this.#hash.text(id);
    this.#name(high, low, true);
  }

  /** Of a document with that content, as `ContentHash` hashes it with the same secrets, and with these fields of Windows. */
  ofDocument(
    high: number,
    low: number,
    channel: Json | undefined,
    computer: Json | undefined,
    number: Json | undefined,
    time: Json | undefined,
  ): void {
    this.#name(high, low, this.#addNumber(channel, computer, wholeOf(number), time));
  }

  #name(high: number, low: number, isNumbered: boolean): void {
    this.content = high;
    this.isNumbered = isNumbered;
    this.key = isNumbered ? this.#hash.high : high;
    this.key2 = isNumbered ? this.#hash.low : low;
  }

  #addSystem({ system: { channel, computer, eventRecordId, timeCreated } }: WindowsEvent): boolean {
    return this.#addNumber(channel, computer, eventRecordId, timeCreated);
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
function addWindowsEvent(hash: RecordHash, event: WindowsEvent): void {
  const { system, packedData = null } = event;
  hash.repeated(system.provider.name);
  hash.word((system.eventId << 8) ^ (system.version ?? 0xff));
  hash.word(((system.level ?? 0xff) << 8) ^ (system.opcode ?? 0xff));
  hash.repeated(system.keywords ?? "");
  hash.repeated(system.userId ?? "");
  if (packedData !== null) {
    const { names } = packedData;
    for (let i = 0; i < names.length; i++) {
      const value = packedData.value(i);
      if (value === null) continue;
      if (names[i] !== undefined) hash.repeated(names[i]!);
      hash.repeated(typeof value === "string" ? value : String(value));
    }
    return;
  }
  const { eventData, userData } = event;
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
