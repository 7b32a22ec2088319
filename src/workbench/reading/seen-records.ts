/** Which records were read before: copies of logs, exports that overlap. */
import type { LogRecord } from "../../readers/index.ts";
import { newSecrets } from "./record-hash.ts";
import { RecordIdentity, type Identity } from "./record-identity.ts";

/** Copies that were read and left out, as plain data. */
export interface DuplicateCounts {
  /** Copies of events that were read before. */
  events: number;
  /** Events with the number of another (channel, computer, record id, time) and other content. They are no copies and are kept. */
  conflicts: number;
  /** Events that found no room: copies of these are not recognised. */
  untracked: number;
  /** Which files hold copies, and of which file's events. */
  readonly files: DuplicateFile[];
}

export interface DuplicateFile {
  readonly file: string;
  readonly of: string;
  events: number;
}

/** Pairs of files that are listed; copies in further ones are counted alone. Also names of files that are kept. */
const MAX_LISTED = 10_000;

/**
 * Tells copies from events. A record with a number of its own is the copy of one with the same number, time and content, in whatever
 * file. Two lines of a log without numbers may well be equal and two events, so there the n-th such line of a file is the copy of the
 * n-th of another file: of a line that one file has twice and another three times, three are events.
 */
export class SeenRecords {
  readonly counts: DuplicateCounts = { events: 0, conflicts: 0, untracked: 0, files: [] };
  readonly #table: RecordTable;
  /** What records are named under. */
  readonly secrets = newSecrets();
  readonly #identity = new RecordIdentity(this.secrets);
  readonly #names: string[] = [];
  readonly #pairs = new Map<string, DuplicateFile>();
  #file = 0;
  /** The pair of the last copy: they come in runs. */
  #last: { readonly of: number; readonly file: number; readonly pair: DuplicateFile | null } | null = null;

  /** @param maxSlots how large the table may become, a power of two: 16 bytes each, of which three quarters hold an event */
  constructor(maxSlots = MAX_SLOTS) {
    this.#table = new RecordTable(maxSlots);
  }

  /** The records to come lie in another file, or member of an archive. */
  file(name: string): void {
    this.#file++;
    if (this.#names.length < MAX_LISTED) this.#names.push(name);
  }

  /** True for a copy, which is counted; otherwise the record is remembered. */
  isCopy(record: LogRecord): boolean {
    this.#identity.of(record);
    return this.isCopyOf(this.#identity);
  }

  /** The same for a record that was named elsewhere, under the same secrets as all others. */
  isCopyOf(identity: Identity): boolean {
    const of = identity.isNumbered ? this.#originalOfNumbered(identity) : this.#originalOfLine(identity);
    if (of < 0) return false;
    this.#count(of);
    return true;
  }

  /** The file that had it first; -1 where none had. */
  #originalOfNumbered({ key, key2, content }: Identity): number {
    const at = this.#table.find(key, key2);
    if (at < 0) return this.#remember(key, key2, content);
    if (this.#table.value(at) === content) return this.#table.file(at);
    // Another event of that number: its content becomes part of its key.
    const other = Math.imul(key ^ content, MIX);
    const found = this.#table.find(other, key2);
    if (found >= 0) return this.#table.file(found);
    this.counts.conflicts++;
    return this.#remember(other, key2, content);
  }

  #originalOfLine({ key, key2 }: Identity): number {
    const at = this.#table.find(key, key2);
    if (at < 0) return this.#remember(key, key2, 1);
    const last = this.#table.file(at);
    const times = last === this.#file ? this.#table.value(at) + 1 : 1;
    this.#table.set(at, times, this.#file);
    if (times === 1) return last;
    const nth = Math.imul(key ^ times, MIX);
    const found = this.#table.find(nth, key2);
    return found < 0 ? this.#remember(nth, key2, 0) : this.#table.file(found);
  }

  #remember(key: number, key2: number, value: number): -1 {
    if (!this.#table.add(key, key2, value, this.#file)) this.counts.untracked++;
    return -1;
  }

  #count(of: number): void {
    this.counts.events++;
    if (this.#last?.of !== of || this.#last.file !== this.#file) this.#last = { of, file: this.#file, pair: this.#pair(of) };
    const { pair } = this.#last;
    if (pair !== null) pair.events++;
  }

  #pair(of: number): DuplicateFile | null {
    const [file, original] = [this.#names[this.#file - 1], this.#names[of - 1]];
    if (file === undefined || original === undefined) return null;
    const known = this.#pairs.get(`${this.#file} ${of}`);
    if (known !== undefined) return known;
    if (this.#pairs.size >= MAX_LISTED) return null;
    const pair = { file, of: original, events: 0 };
    this.#pairs.set(`${this.#file} ${of}`, pair);
    this.counts.files.push(pair);
    return pair;
  }
}

const MIX = 0x9e37_79b1;

/** 256 MB, for 12.6 million events. */
const MAX_SLOTS = 1 << 24;
const FIRST_SLOTS = 1 << 12;
const WORDS = 4;

/** 64-bit keys with a value and a file, at open addresses: 16 bytes a slot, at most three quarters of the slots are taken. */
class RecordTable {
  readonly #maxSlots: number;
  #slots: number;
  #words: Int32Array;
  #size = 0;

  constructor(maxSlots: number) {
    this.#maxSlots = maxSlots;
    this.#slots = Math.min(FIRST_SLOTS, maxSlots);
    this.#words = new Int32Array(this.#slots * WORDS);
  }

  /** Where the key lies; -1 where it does not. */
  find(key: number, key2: number): number {
    const at = this.#place(key, key2);
    return this.#words[at + 3] === 0 ? -1 : at;
  }

  value(at: number): number {
    return this.#words[at + 2]!;
  }

  file(at: number): number {
    return this.#words[at + 3]!;
  }

  set(at: number, value: number, file: number): void {
    this.#words[at + 2] = value;
    this.#words[at + 3] = file;
  }

  /** Of a key that is not there. False where there is no room. `file` is above 0. */
  add(key: number, key2: number, value: number, file: number): boolean {
    if (this.#size >= this.#slots * 0.75 && !this.#grow()) return false;
    const at = this.#place(key, key2);
    this.#words[at] = key;
    this.#words[at + 1] = key2;
    this.set(at, value, file);
    this.#size++;
    return true;
  }

  /** Where the key lies, or the free place where it would. */
  #place(key: number, key2: number): number {
    const words = this.#words;
    const last = words.length - 1;
    let at = (key * WORDS) & last;
    while (words[at + 3] !== 0 && (words[at] !== key || words[at + 1] !== key2)) at = (at + WORDS) & last;
    return at;
  }

  #grow(): boolean {
    if (this.#slots >= this.#maxSlots) return false;
    const old = this.#words;
    this.#slots *= 2;
    this.#words = new Int32Array(this.#slots * WORDS);
    for (let from = 0; from < old.length; from += WORDS)
      if (old[from + 3] !== 0) this.#words.set(old.subarray(from, from + WORDS), this.#place(old[from]!, old[from + 1]!));
    return true;
  }
}
