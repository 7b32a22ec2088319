/**
 * The memory of a running sequence: typed arrays that grow, so that a million live keys cost little and the garbage collector
 * has nothing to walk. `sequence.ts` says what happens; this file only keeps it.
 */

const NONE = -1;

function grownInt(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(length);
  next.set(array);
  return next;
}

function grownFloat(array: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(length);
  next.set(array);
  return next;
}

/** Half again as much: doubling would waste more memory than it saves time. */
function larger(capacity: number): number {
  return Math.ceil(capacity * 1.5) + 8;
}

/** Seeded, and each unit is mixed by rotation and multiplication, so that an input cannot aim at one bucket. */
export function hashKey(key: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < key.length; i++) {
    h = Math.imul(h ^ key.charCodeAt(i), 0x9e3779b1);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}

/** 32-bit words of a slot's row: a cache line. It begins with these two, then come the heads, then the key. */
const ROW = 16;
/** The key's hash; of a free slot the next free one. */
const HASH = 0;
/** The key's length in bytes, or one of the two below. */
const LENGTH = 1;
const HEADS = 2;
/** Words that are left to the key however many heads there are. */
const LEAST_KEY = 8;
/** The key is too long, or not of Latin-1: it stands in `#long`. */
const LONG = -1;
const FREE = -2;

/**
 * Keys to slots: open addressing with linear probing; the slots are dense enough to be swept in order. What is known of a key lies in
 * one row, the key's text too where it fits, since with a million keys it is the cache misses that take the time.
 */
export class KeySlots {
  /** Number of slots ever used at the same time: slots are `0..used`. */
  used = 0;
  live = 0;
  /** UTF-16 units of the keys that do not fit into their rows. */
  longUnits = 0;
  /** Heads of slot n: `rows[headsAt(n) + i]`, -1 until set. Another array after `add`. */
  rows: Int32Array<ArrayBuffer>;
  #bytes: Uint8Array;
  readonly #width: number;
  readonly #row: number;
  /** Where a row's key begins, and how long it may be, in bytes. */
  readonly #keyAt: number;
  readonly #room: number;
  readonly #long: (string | undefined)[] = [];
  /** Pairs of slot and hash, so that a probe that fails touches nothing else. */
  #table = new Int32Array(64).fill(NONE);
  #mask = 31;
  #free = NONE;

  /** `width` heads a slot. */
  constructor(width: number) {
    this.#width = width;
    this.#row = Math.ceil((HEADS + width + LEAST_KEY) / ROW) * ROW;
    this.#keyAt = (HEADS + width) * 4;
    this.#room = this.#row * 4 - this.#keyAt;
    this.rows = new Int32Array(16 * this.#row);
    this.#bytes = new Uint8Array(this.rows.buffer);
  }

  headsAt(slot: number): number {
    return slot * this.#row + HEADS;
  }

  has(slot: number): boolean {
    return this.rows[slot * this.#row + LENGTH] !== FREE;
  }

  /** The key of a slot that is not free. */
  keyOf(slot: number): string {
    const length = this.rows[slot * this.#row + LENGTH]!;
    if (length === LONG) return this.#long[slot]!;
    const from = slot * this.#row * 4 + this.#keyAt;
    return String.fromCharCode(...this.#bytes.subarray(from, from + length));
  }

  /** -1 where the key is not there. */
  find(key: string, hash: number): number {
    const table = this.#table;
    for (let i = hash & this.#mask; ; i = (i + 1) & this.#mask) {
      const slot = table[i * 2]!;
      if (slot === NONE) return NONE;
      if (table[i * 2 + 1] === hash && this.#is(slot, key)) return slot;
    }
  }

  #is(slot: number, key: string): boolean {
    const length = this.rows[slot * this.#row + LENGTH]!;
    if (length === LONG) return this.#long[slot] === key;
    if (length !== key.length) return false;
    const bytes = this.#bytes;
    const from = slot * this.#row * 4 + this.#keyAt;
    for (let i = 0; i < length; i++) if (bytes[from + i] !== key.charCodeAt(i)) return false;
    return true;
  }

  /** Adds a key that is not there. */
  add(key: string, hash: number): number {
    let slot = this.#free;
    if (slot === NONE) {
      slot = this.used++;
      if (slot * this.#row >= this.rows.length) {
        this.rows = grownInt(this.rows, larger(slot) * this.#row);
        this.#bytes = new Uint8Array(this.rows.buffer);
      }
    } else this.#free = this.rows[slot * this.#row + HASH]!;
    const at = slot * this.#row;
    this.rows[at + HASH] = hash;
    this.rows.fill(NONE, at + HEADS, at + HEADS + this.#width);
    this.#write(slot, key);
    this.live++;
    if (this.live * 4 > (this.#mask + 1) * 3) this.#rehash();
    else this.#place(slot, hash);
    return slot;
  }

  #write(slot: number, key: string): void {
    const bytes = this.#bytes;
    const from = slot * this.#row * 4 + this.#keyAt;
    const { length } = key;
    let fits = length <= this.#room;
    for (let i = 0; fits && i < length; i++) {
      const unit = key.charCodeAt(i);
      fits = unit < 256;
      bytes[from + i] = unit;
    }
    this.rows[slot * this.#row + LENGTH] = fits ? length : LONG;
    if (fits) return;
    while (this.#long.length < slot) this.#long.push(undefined);
    this.#long[slot] = key;
    this.longUnits += key.length;
  }

  /** Takes a key out; what follows it in its run moves up, so that no tombstones gather. */
  remove(slot: number): void {
    const table = this.#table;
    const mask = this.#mask;
    const at = slot * this.#row;
    let hole = this.rows[at + HASH]! & mask;
    while (table[hole * 2] !== slot) hole = (hole + 1) & mask;
    for (let i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      const next = table[i * 2]!;
      if (next === NONE) break;
      const home = table[i * 2 + 1]! & mask;
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        table[hole * 2] = next;
        table[hole * 2 + 1] = table[i * 2 + 1]!;
        hole = i;
      }
    }
    table[hole * 2] = NONE;
    if (this.rows[at + LENGTH] === LONG) {
      this.longUnits -= this.#long[slot]!.length;
      this.#long[slot] = undefined;
    }
    this.rows[at + LENGTH] = FREE;
    this.rows[at + HASH] = this.#free;
    this.#free = slot;
    this.live--;
  }

  #place(slot: number, hash: number): void {
    let i = hash & this.#mask;
    while (this.#table[i * 2] !== NONE) i = (i + 1) & this.#mask;
    this.#table[i * 2] = slot;
    this.#table[i * 2 + 1] = hash;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(NONE);
    this.#mask = this.#table.length / 2 - 1;
    for (let slot = 0; slot < this.used; slot++) if (this.has(slot)) this.#place(slot, this.rows[slot * this.#row + HASH]!);
  }
}

/** What events weigh together, each counted once however many links hold it. An event's links are made one after the other. */
class HeldWeight<E> {
  total = 0;
  readonly #weigh: (event: E) => number;
  readonly #uses: number[] = [];
  readonly #weights: number[] = [];
  readonly #free: number[] = [];
  #last: E | undefined;
  #lastNumber = NONE;

  constructor(weigh: (event: E) => number) {
    this.#weigh = weigh;
  }

  /** The number to `release` it by. */
  hold(event: E): number {
    if (this.#last === event && this.#lastNumber !== NONE) {
      this.#uses[this.#lastNumber]!++;
      return this.#lastNumber;
    }
    const number = this.#free.pop() ?? this.#uses.length;
    const weight = this.#weigh(event);
    this.#uses[number] = 1;
    this.#weights[number] = weight;
    this.total += weight;
    this.#last = event;
    return (this.#lastNumber = number);
  }

  release(number: number): void {
    if (--this.#uses[number]! > 0) return;
    this.total -= this.#weights[number]!;
    this.#free.push(number);
    if (number === this.#lastNumber) {
      this.#last = undefined;
      this.#lastNumber = NONE;
    }
  }
}

/** 32-bit words of a link: spoilt, previous, first, nanos, millis (two), the event's weight, and one unused, so that no link lies across cache lines. */
const LINK = 8;
const PREVIOUS = 1;
const FIRST = 2;
const NANOS = 3;
const MILLIS = 2;
const SPOILT = 0;
const WEIGHT = 6;

/** The links of pending sequences: each points at the event before it and at the first one. A chain belongs to one pending sequence. */
export class Links<E> {
  live = 0;
  readonly #weight: HeldWeight<E> | null;
  readonly #events: (E | undefined)[] = [];
  #words = new Int32Array(16 * LINK);
  #doubles = new Float64Array(this.#words.buffer);
  #used = 0;
  #free = NONE;

  /** @param weigh what an event weighs; undefined: nobody asks for the weight. */
  constructor(weigh?: (event: E) => number) {
    this.#weight = weigh === undefined ? null : new HeldWeight(weigh);
  }

  /** Of the events held. */
  get weight(): number {
    return this.#weight?.total ?? 0;
  }

  event(id: number): E {
    return this.#events[id]!;
  }
  /** -1 of the first one. */
  previous(id: number): number {
    return this.#words[id * LINK + PREVIOUS]!;
  }
  first(id: number): number {
    return this.#words[id * LINK + FIRST]!;
  }
  nanos(id: number): number {
    return this.#words[id * LINK + NANOS]!;
  }
  millis(id: number): number {
    return this.#doubles[id * (LINK / 2) + MILLIS]!;
  }
  /** True when an event that must be missing lay between two of the chain: it still takes its place, and is dropped when complete. */
  spoilt(id: number): boolean {
    return this.#words[id * LINK + SPOILT] === 1;
  }
  spoil(id: number): void {
    this.#words[id * LINK + SPOILT] = 1;
  }

  add(event: E, previous: number, millis: number, nanos: number): number {
    let id = this.#free;
    if (id === NONE) {
      id = this.#used++;
      if (id * LINK >= this.#words.length) {
        this.#words = grownInt(this.#words, larger(id) * LINK);
        this.#doubles = new Float64Array(this.#words.buffer);
      }
    } else this.#free = this.#words[id * LINK + PREVIOUS]!;
    const at = id * LINK;
    const words = this.#words;
    this.#events[id] = event;
    if (this.#weight !== null) words[at + WEIGHT] = this.#weight.hold(event);
    words[at + PREVIOUS] = previous;
    words[at + FIRST] = previous === NONE ? id : words[previous * LINK + FIRST]!;
    words[at + NANOS] = nanos;
    words[at + SPOILT] = previous === NONE ? 0 : words[previous * LINK + SPOILT]!;
    this.#doubles[id * (LINK / 2) + MILLIS] = millis;
    this.live++;
    return id;
  }

  release(id: number): void {
    this.#events[id] = undefined;
    this.#weight?.release(this.#words[id * LINK + WEIGHT]!);
    this.#words[id * LINK + PREVIOUS] = this.#free;
    this.#free = id;
    this.live--;
  }
}

/**
 * Per slot and gap the two latest different times at which an event occurred that must be missing. Two, since the question is
 * always for the latest one strictly before now, and now may be the latest.
 */
export class GapTimes {
  readonly width: number;
  #millis = new Float64Array(0);
  #nanos = new Int32Array(0);
  /** The answer of `before`. */
  millis = -Infinity;
  nanos = 0;

  constructor(width: number) {
    this.width = width;
  }

  reserve(slot: number): void {
    const needed = (slot + 1) * this.width * 2;
    if (needed <= this.#millis.length) return;
    const length = larger(slot) * this.width * 2;
    const from = this.#millis.length;
    this.#millis = grownFloat(this.#millis, length);
    this.#millis.fill(-Infinity, from);
    this.#nanos = grownInt(this.#nanos, length);
  }

  clear(slot: number): void {
    this.#millis.fill(-Infinity, slot * this.width * 2, (slot + 1) * this.width * 2);
  }

  record(slot: number, gap: number, millis: number, nanos: number): void {
    const at = (slot * this.width + gap) * 2;
    if (this.#millis[at] === millis && this.#nanos[at] === nanos) return;
    this.#millis[at + 1] = this.#millis[at]!;
    this.#nanos[at + 1] = this.#nanos[at]!;
    this.#millis[at] = millis;
    this.#nanos[at] = nanos;
  }

  /** Sets `millis` and `nanos` to the latest time strictly before the one given; false where there is none. */
  before(slot: number, gap: number, millis: number, nanos: number): boolean {
    let at = (slot * this.width + gap) * 2;
    if (this.#millis[at] === millis && this.#nanos[at] === nanos) at++;
    this.millis = this.#millis[at]!;
    this.nanos = this.#nanos[at]!;
    return this.millis !== -Infinity;
  }

  /** The latest time of any gap of the slot, in `millis` and `nanos`. */
  latest(slot: number): boolean {
    this.millis = -Infinity;
    for (let gap = 0; gap < this.width; gap++) {
      const at = (slot * this.width + gap) * 2;
      if (this.#millis[at]! > this.millis || (this.#millis[at] === this.millis && this.#nanos[at]! > this.nanos)) {
        this.millis = this.#millis[at]!;
        this.nanos = this.#nanos[at]!;
      }
    }
    return this.millis !== -Infinity;
  }

  /** The stored times of a slot, oldest first, for saving. */
  all(slot: number, gap: number): [millis: number, nanos: number][] {
    const at = (slot * this.width + gap) * 2;
    const times: [number, number][] = [];
    if (this.#millis[at + 1] !== -Infinity) times.push([this.#millis[at + 1]!, this.#nanos[at + 1]!]);
    if (this.#millis[at] !== -Infinity) times.push([this.#millis[at]!, this.#nanos[at]!]);
    return times;
  }
}
