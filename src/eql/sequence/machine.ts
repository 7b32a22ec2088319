/**
 * The machine that runs a sequence: one pass over events in ascending order, bounded memory.
 *
 * It knows nothing of conditions: whoever feeds it evaluates the items (once for many rules, if he likes), sets `truth` and calls
 * `accept`. Semantics as Elasticsearch's SequenceMatcher: per key and stage one pending sequence, the latest; an event tries the
 * last stage first; a candidate that turns out too old is used up; `until` ends every pending sequence of its key; missing events
 * filter what the positive items have found.
 */
import { decodeKey, KeyExtractor, type KeyPart, type KeyValue } from "../values/keys.ts";
import { compareTimes, exceeds } from "../run/ordinal.ts";
import { GapTimes, hashKey, KeySlots, Links } from "./state.ts";
import { WaitingList, type Waiting } from "./waiting.ts";

/** What a sequence consists of. `keys` is an index into `keyLists`: items with the same key fields share one. */
export interface SequencePlan<E> {
  readonly items: readonly SequencePlanItem[];
  /** null where there is no `until`. */
  readonly until: { readonly keys: number } | null;
  /** Milliseconds; null without `maxspan`. */
  readonly maxspan: number | null;
  readonly keyLists: readonly (readonly KeyPart<E>[])[];
  /** What an event weighs, for `maxWeight`; without it events are bounded by number alone. */
  readonly weigh?: (event: E) => number;
}

export interface SequencePlanItem {
  readonly missing: boolean;
  readonly runs: number;
  readonly keys: number;
}

/** Hard bounds of one sequence's memory. What exceeds them is dropped, oldest first where that is known, and counted. */
export interface SequenceLimits {
  /** Keys that hold pending sequences or times of events that must be missing. */
  readonly maxKeys: number;
  /** UTF-16 units of the texts of these keys; a sequence counts those of more than some thirty characters. */
  readonly maxKeyUnits: number;
  /** Events held by all pending sequences together. */
  readonly maxLinks: number;
  /** What these events weigh together, where the plan says what one weighs. */
  readonly maxWeight: number;
  /** Complete sequences of one key that wait for a trailing missing event not to occur. */
  readonly maxWaitingPerKey: number;
  /** The same for all keys. */
  readonly maxWaiting: number;
  /** Combinations of the values of array keys in one event. */
  readonly maxKeyCombinations: number;
}

/** The bounds that hold where none are given. */
export const SEQUENCE_LIMITS: SequenceLimits = {
  maxKeys: 1_000_000,
  maxKeyUnits: 50_000_000,
  maxLinks: 8_000_000,
  maxWeight: Infinity,
  maxWaitingPerKey: 1_000,
  maxWaiting: 100_000,
  maxKeyCombinations: 1_000,
};

/** A complete sequence. */
export interface SequenceMatch<E> {
  readonly keys: readonly KeyValue[];
  /** One entry per slot of the query, `runs` written out; null is a missing event. */
  readonly events: readonly (E | null)[];
  /** Rises in the order in which sequences complete: by their last event, then by its keys. */
  readonly number: number;
}

/** What has happened so far. `evicted*`, `truncatedKeys` and `droppedWaiting` mean that matches may have been lost. */
export interface SequenceCounts {
  matches: number;
  /** Keys thrown out because a bound was reached. */
  evictedKeys: number;
  /** Events with more key combinations than allowed. */
  truncatedKeys: number;
  /** Complete sequences with a trailing missing event that had to be given up because too many were waiting. */
  droppedWaiting: number;
}

/** The state as plain data (JSON, if the events are). Restored into a machine of the same plan it goes on where it was. */
export interface SequenceState<E> {
  readonly version: 1;
  readonly stages: number;
  readonly events: readonly E[];
  readonly keys: readonly SavedKey[];
  readonly completed: number;
  readonly counts: SequenceCounts;
}

export interface SavedKey {
  readonly key: string;
  /** Pending sequences: `[stage, spoilt, lead, links]`, a link being `[event, millis, nanos]`, first one first. */
  readonly pending: readonly {
    readonly stage: number;
    readonly spoilt: boolean;
    readonly lead: readonly [number, number] | null;
    readonly links: readonly (readonly [event: number, millis: number, nanos: number])[];
  }[];
  readonly gaps: readonly (readonly (readonly [number, number])[])[];
  readonly waiting: readonly {
    readonly number: number;
    readonly events: readonly (number | null)[];
    readonly deadline: readonly [number, number];
    readonly last: readonly [number, number];
  }[];
}

const NONE = -1;
/** How many slots are looked at, per key added, for state that can never match any more. Two, so that sweeping outruns adding. */
const SWEEP = 2;

/** One sequence over events in ascending order: set `truth`, call `accept`; matches go to `emit`. */
export class SequenceMachine<E> {
  /** Set `truth[i]` to 1 where the event satisfies item i (the query's order), `truth[items.length]` where it satisfies `until`. */
  readonly truth: Uint8Array;
  readonly counts: SequenceCounts = { matches: 0, evictedKeys: 0, truncatedKeys: 0, droppedWaiting: 0 };
  readonly #limits: SequenceLimits;
  readonly #emit: (match: SequenceMatch<E>) => void;
  readonly #maxspan: number;
  readonly #until: number;
  readonly #untilKeys: number;
  /** Per stage: its item. */
  readonly #stageItem: Int32Array;
  readonly #itemKeys: Int32Array;
  /** Per item: the gap it is a missing event of, or -1. */
  readonly #itemGap: Int32Array;
  /** Per stage: the gap before it, or -1. Stage 0 has the leading gap. */
  readonly #stageGap: Int32Array;
  readonly #missingItems: Int32Array;
  readonly #trailing: boolean;
  readonly #leading: boolean;
  /** Per slot of the output: its stage, or -1. */
  readonly #layout: readonly number[];
  readonly #pendingStages: number;

  readonly #slots: KeySlots;
  readonly #links: Links<E>;
  readonly #gaps: GapTimes;
  /** Per link of stage 0, where there is a leading gap: the latest event before it that had to be missing. */
  readonly #leads = new Map<number, readonly [number, number]>();
  readonly #waiting: WaitingList<E>;

  readonly #extractors: KeyExtractor<E>[];
  readonly #extracted: Uint8Array;
  readonly #hashes: Int32Array[];
  readonly #seed: number;
  /** Where the sweep goes on, and where eviction does. */
  #hand = 0;
  #oldest = 0;
  #completed = 0;
  #millis = -Infinity;
  #nanos = 0;

  constructor(plan: SequencePlan<E>, emit: (match: SequenceMatch<E>) => void, limits: SequenceLimits = SEQUENCE_LIMITS) {
    this.#limits = limits;
    this.#links = new Links(plan.weigh);
    this.#emit = emit;
    this.#maxspan = plan.maxspan ?? Infinity;
    this.truth = new Uint8Array(plan.items.length + 1);
    this.#until = plan.until === null ? NONE : plan.items.length;
    this.#untilKeys = plan.until === null ? 0 : plan.until.keys;
    const stageItem: number[] = [];
    const stageGap: number[] = [];
    const itemGap: number[] = [];
    const layout: number[] = [];
    const positives = plan.items.filter((item) => !item.missing).length;
    let gaps = 0;
    let gap = NONE;
    let seen = 0;
    for (const [index, item] of plan.items.entries()) {
      if (item.missing) {
        // The trailing gap needs no times: its events act on what waits.
        if (seen < positives && gap === NONE) gap = gaps++;
        itemGap.push(seen < positives ? gap : NONE);
        for (let run = 0; run < item.runs; run++) layout.push(NONE);
        continue;
      }
      seen++;
      itemGap.push(NONE);
      for (let run = 0; run < item.runs; run++) {
        layout.push(stageItem.length);
        stageItem.push(index);
        stageGap.push(run === 0 ? gap : NONE);
      }
      gap = NONE;
    }
    this.#stageItem = Int32Array.from(stageItem);
    this.#stageGap = Int32Array.from(stageGap);
    this.#itemGap = Int32Array.from(itemGap);
    this.#itemKeys = Int32Array.from(plan.items, (item) => item.keys);
    this.#missingItems = Int32Array.from([...plan.items.keys()].filter((i) => plan.items[i]!.missing));
    this.#leading = plan.items[0]?.missing === true;
    this.#trailing = plan.items.at(-1)?.missing === true;
    this.#layout = layout;
    this.#pendingStages = Math.max(0, stageItem.length - 1);
    this.#slots = new KeySlots(this.#pendingStages);
    this.#gaps = new GapTimes(gaps);
    this.#waiting = new WaitingList<E>();
    this.#extractors = plan.keyLists.map((parts) => new KeyExtractor<E>(parts, limits.maxKeyCombinations));
    this.#extracted = new Uint8Array(plan.keyLists.length);
    this.#hashes = plan.keyLists.map(() => new Int32Array(limits.maxKeyCombinations));
    this.#seed = Math.trunc(Math.random() * 0x7fffffff);
  }

  /** Keys that hold anything now, and events held by pending sequences. */
  get liveKeys(): number {
    return this.#slots.live;
  }
  get liveLinks(): number {
    return this.#links.live;
  }
  /** Complete sequences whose trailing missing event could still occur. */
  get waiting(): number {
    return this.#waiting.live;
  }

  /** True when `truth` holds no 1: the event concerns this sequence only as a clock. */
  #idle(): boolean {
    for (let i = 0; i < this.truth.length; i++) if (this.truth[i] !== 0) return false;
    return true;
  }

  /**
   * Takes the next event. Events must come in ascending order; `millis` and `nanos` are its timestamp. `truth` says which items it
   * satisfies and is left as it is.
   */
  accept(event: E, millis: number, nanos: number): void {
    this.advance(millis, nanos);
    if (this.#idle()) return;
    this.#extracted.fill(0);
    for (let stage = this.#stageItem.length - 1; stage >= 0; stage--) {
      const item = this.#stageItem[stage]!;
      if (this.truth[item] === 0) continue;
      const keys = this.#itemKeys[item]!;
      const count = this.#extract(keys, event);
      for (let k = 0; k < count; k++) {
        const key = this.#extractors[keys]!.keys[k]!;
        const hash = this.#hashes[keys]![k]!;
        if (stage === 0) this.#begin(event, key, hash);
        else this.#continue(event, stage, this.#slots.find(key, hash), key, hash);
      }
    }
    for (let i = 0; i < this.#missingItems.length; i++) {
      const item = this.#missingItems[i]!;
      if (this.truth[item] !== 0) this.#occurred(event, item);
    }
    if (this.#until !== NONE && this.truth[this.#until] !== 0) {
      const count = this.#extract(this.#untilKeys, event);
      for (let k = 0; k < count; k++) {
        const slot = this.#slots.find(this.#extractors[this.#untilKeys]!.keys[k]!, this.#hashes[this.#untilKeys]![k]!);
        if (slot !== NONE) this.#dropPending(slot);
      }
    }
  }

  /** No event before this time will come any more: sequences whose trailing missing event can no longer occur fire. */
  advance(millis: number, nanos: number): void {
    if (compareTimes(millis, nanos, this.#millis, this.#nanos) <= 0) return;
    this.#millis = millis;
    this.#nanos = nanos;
    if (this.#waiting.live === 0) return;
    for (let due = this.#waiting.due(millis, nanos); due !== null; due = this.#waiting.due(millis, nanos)) this.#fire(due);
  }

  /**
   * No event will come any more. With `firePending` every sequence that waits for its trailing missing event not to occur is taken
   * as found, as a search over a bounded set does; otherwise they stay, and `waiting` is their number.
   */
  end(firePending: boolean): void {
    if (!firePending) return;
    for (let due = this.#waiting.due(Infinity, 0); due !== null; due = this.#waiting.due(Infinity, 0)) this.#fire(due);
  }

  #fire(waiting: Waiting<E>): void {
    this.counts.matches++;
    this.#emit({ keys: decodeKey(waiting.key), events: waiting.events, number: waiting.number });
  }

  #extract(keys: number, event: E): number {
    const extractor = this.#extractors[keys]!;
    if (this.#extracted[keys] === 0) {
      this.#extracted[keys] = 1;
      const count = extractor.extract(event);
      if (extractor.truncated) this.counts.truncatedKeys++;
      const hashes = this.#hashes[keys]!;
      for (let k = 0; k < count; k++) hashes[k] = hashKey(extractor.keys[k]!, this.#seed);
    }
    return extractor.count;
  }

  #slotFor(key: string, hash: number): number {
    const slot = this.#slots.find(key, hash);
    if (slot !== NONE) return slot;
    this.#sweep();
    if (this.#slots.live >= this.#limits.maxKeys) this.#evict();
    while (this.#slots.live > 0 && this.#slots.longUnits + key.length > this.#limits.maxKeyUnits) this.#evict();
    return this.#addSlot(key, hash);
  }

  #addSlot(key: string, hash: number): number {
    const slot = this.#slots.add(key, hash);
    if (this.#gaps.width > 0) this.#gaps.reserve(slot);
    return slot;
  }

  #link(event: E, previous: number): number {
    return this.#links.add(event, previous, this.#millis, this.#nanos);
  }

  #begin(event: E, key: string, hash: number): void {
    if (this.#links.live >= this.#limits.maxLinks) this.#evict();
    let lead: readonly [number, number] | null = null;
    if (this.#leading) {
      const known = this.#slots.find(key, hash);
      if (known !== NONE && this.#gaps.before(known, 0, this.#millis, this.#nanos)) lead = [this.#gaps.millis, this.#gaps.nanos];
    }
    const last = this.#pendingStages === 0;
    const slot = last ? NONE : this.#slotFor(key, hash);
    if (!last) this.#clear(slot, 0);
    const link = this.#link(event, NONE);
    if (lead !== null) this.#leads.set(link, lead);
    if (last) this.#complete(link, key, hash);
    else {
      this.#put(slot, 0, link);
      this.#lighten();
    }
  }

  /** Throws keys out, oldest first, until the events held are light enough. */
  #lighten(): void {
    while (this.#links.weight > this.#limits.maxWeight && this.#slots.live > 0) this.#evict();
  }

  #continue(event: E, stage: number, slot: number, key: string, hash: number): void {
    if (slot === NONE) return;
    const heads = this.#slots.rows;
    const at = this.#slots.headsAt(slot) + stage - 1;
    const previous = heads[at]!;
    if (previous === NONE) return;
    heads[at] = NONE;
    const links = this.#links;
    if (this.#maxspan !== Infinity) {
      const first = links.first(previous);
      if (exceeds(links.millis(first), links.nanos(first), this.#millis, this.#nanos, this.#maxspan)) {
        this.#release(previous);
        return;
      }
    }
    const gap = this.#stageGap[stage]!;
    const spoilt =
      gap !== NONE &&
      this.#gaps.before(slot, gap, this.#millis, this.#nanos) &&
      compareTimes(this.#gaps.millis, this.#gaps.nanos, links.millis(previous), links.nanos(previous)) > 0;
    if (stage !== this.#pendingStages) this.#clear(slot, stage);
    const link = this.#link(event, previous);
    if (spoilt) links.spoil(link);
    if (stage === this.#pendingStages) this.#complete(link, key, hash);
    else {
      this.#put(slot, stage, link);
      if (links.live > this.#limits.maxLinks) this.#evict();
      this.#lighten();
    }
  }

  #put(slot: number, stage: number, link: number): void {
    this.#slots.rows[this.#slots.headsAt(slot) + stage] = link;
  }

  /** Frees what the next one takes the place of: before that one is made, which then lies where the processor has just been. */
  #clear(slot: number, stage: number): void {
    const heads = this.#slots.rows;
    const at = this.#slots.headsAt(slot) + stage;
    const old = heads[at]!;
    if (old === NONE) return;
    heads[at] = NONE;
    this.#release(old);
  }

  /** Frees a chain. */
  #release(link: number): void {
    const links = this.#links;
    for (let at = link; at !== NONE;) {
      const previous = links.previous(at);
      if (previous === NONE && this.#leading) this.#leads.delete(at);
      links.release(at);
      at = previous;
    }
  }

  #complete(link: number, key: string, hash: number): void {
    const links = this.#links;
    const first = links.first(link);
    const firstMillis = links.millis(first);
    const firstNanos = links.nanos(first);
    const lead = this.#leading ? this.#leads.get(first) : undefined;
    if (
      links.spoilt(link) ||
      (lead !== undefined && !this.#trailing && !exceeds(lead[0], lead[1], this.#millis, this.#nanos, this.#maxspan))
    ) {
      this.#release(link);
      return;
    }
    const number = this.#completed++;
    const events = this.#eventsOf(link);
    this.#release(link);
    // With missing events at both ends and none before the first event, nothing later can spoil the sequence.
    if (!this.#trailing || (this.#leading && lead === undefined)) {
      this.counts.matches++;
      this.#emit({ keys: decodeKey(key), events, number });
      return;
    }
    const from = lead ?? [firstMillis, firstNanos];
    if (exceeds(from[0], from[1], this.#millis, this.#nanos, this.#maxspan)) {
      this.counts.matches++;
      this.#emit({ keys: decodeKey(key), events, number });
      return;
    }
    if (this.#waiting.live >= this.#limits.maxWaiting || this.#waiting.of(key) >= this.#limits.maxWaitingPerKey) {
      this.counts.droppedWaiting++;
      return;
    }
    this.#waiting.add({
      key,
      hash,
      number,
      events,
      deadlineMillis: from[0] + this.#maxspan,
      deadlineNanos: from[1],
      lastMillis: this.#millis,
      lastNanos: this.#nanos,
      over: false,
    });
  }

  #eventsOf(link: number): (E | null)[] {
    const links = this.#links;
    const found: E[] = Array.from({ length: this.#stageItem.length });
    for (let at = link, stage = found.length - 1; at !== NONE; at = links.previous(at), stage--) found[stage] = links.event(at);
    return this.#layout.map((stage) => (stage === NONE ? null : found[stage]!));
  }

  /** An event that must be missing was there. */
  #occurred(event: E, item: number): void {
    const keys = this.#itemKeys[item]!;
    const gap = this.#itemGap[item]!;
    const count = this.#extract(keys, event);
    for (let k = 0; k < count; k++) {
      const key = this.#extractors[keys]!.keys[k]!;
      if (gap === NONE) this.#waiting.spoil(key, this.#millis, this.#nanos);
      else this.#gaps.record(this.#slotFor(key, this.#hashes[keys]![k]!), gap, this.#millis, this.#nanos);
    }
  }

  #dropPending(slot: number): void {
    const heads = this.#slots.rows;
    const from = this.#slots.headsAt(slot);
    for (let stage = 0; stage < this.#pendingStages; stage++) {
      const link = heads[from + stage]!;
      if (link === NONE) continue;
      heads[from + stage] = NONE;
      this.#release(link);
    }
  }

  /** Frees what can never match any more in the next few slots. */
  #sweep(): void {
    for (let n = 0; n < SWEEP && this.#slots.used > 0; n++) {
      if (this.#hand >= this.#slots.used) this.#hand = 0;
      const slot = this.#hand++;
      if (this.#slots.has(slot) && this.#isDead(slot)) this.#removeSlot(slot);
    }
  }

  /** Drops pending sequences that are too old; true when nothing is left in the slot. */
  #isDead(slot: number): boolean {
    const heads = this.#slots.rows;
    const from = this.#slots.headsAt(slot);
    const links = this.#links;
    let dead = true;
    for (let stage = 0; stage < this.#pendingStages; stage++) {
      const link = heads[from + stage]!;
      if (link === NONE) continue;
      if (this.#maxspan === Infinity) return false;
      const first = links.first(link);
      if (exceeds(links.millis(first), links.nanos(first), this.#millis, this.#nanos, this.#maxspan)) {
        heads[from + stage] = NONE;
        this.#release(link);
      } else dead = false;
    }
    if (dead && this.#gaps.width > 0 && this.#gaps.latest(slot))
      return exceeds(this.#gaps.millis, this.#gaps.nanos, this.#millis, this.#nanos, this.#maxspan);
    return dead;
  }

  #removeSlot(slot: number): void {
    if (this.#gaps.width > 0) this.#gaps.clear(slot);
    this.#slots.remove(slot);
  }

  /**
   * Makes room for one key: a dead one if one is met soon, else the first met. Slots are filled in order and a freed one is filled next, so that
   * is the oldest.
   */
  #evict(): void {
    let victim = NONE;
    for (let n = 0; n < 64 && n < this.#slots.used; n++) {
      if (this.#oldest >= this.#slots.used) this.#oldest = 0;
      const slot = this.#oldest++;
      if (!this.#slots.has(slot)) continue;
      if (this.#isDead(slot)) {
        this.#removeSlot(slot);
        return;
      }
      if (victim === NONE) victim = slot;
    }
    // A free stretch of more than 64 slots: the bound is then reached by links, not by keys.
    for (let n = 0; victim === NONE && n < this.#slots.used; n++) {
      if (this.#oldest >= this.#slots.used) this.#oldest = 0;
      if (this.#slots.has(this.#oldest)) victim = this.#oldest;
      this.#oldest++;
    }
    if (victim === NONE) return;
    this.counts.evictedKeys++;
    this.#dropPending(victim);
    this.#removeSlot(victim);
  }

  /** The whole state as plain data. */
  save(): SequenceState<E> {
    const events: E[] = [];
    const numbers = new Map<E, number>();
    const numberOf = (event: E): number => {
      let number = numbers.get(event);
      if (number === undefined) {
        number = events.push(event) - 1;
        numbers.set(event, number);
      }
      return number;
    };
    const waiting = new Map<string, SavedKey["waiting"][number][]>();
    for (const one of this.#waiting.all()) {
      const list = waiting.get(one.key) ?? [];
      waiting.set(one.key, list);
      list.push({
        number: one.number,
        events: one.events.map((event) => (event === null ? null : numberOf(event))),
        deadline: [one.deadlineMillis, one.deadlineNanos],
        last: [one.lastMillis, one.lastNanos],
      });
    }
    const keys: SavedKey[] = [];
    for (let slot = 0; slot < this.#slots.used; slot++) {
      if (!this.#slots.has(slot)) continue;
      const key = this.#slots.keyOf(slot);
      const pending: SavedKey["pending"][number][] = [];
      for (let stage = 0; stage < this.#pendingStages; stage++) {
        const head = this.#slots.rows[this.#slots.headsAt(slot) + stage]!;
        if (head === NONE) continue;
        const links: [number, number, number][] = [];
        for (let at = head; at !== NONE; at = this.#links.previous(at)) {
          links.push([numberOf(this.#links.event(at)), this.#links.millis(at), this.#links.nanos(at)]);
        }
        pending.push({
          stage,
          spoilt: this.#links.spoilt(head),
          lead: this.#leads.get(this.#links.first(head)) ?? null,
          links: links.toReversed(),
        });
      }
      const gaps = Array.from({ length: this.#gaps.width }, (_, gap) => this.#gaps.all(slot, gap));
      keys.push({ key, pending, gaps, waiting: waiting.get(key) ?? [] });
      waiting.delete(key);
    }
    for (const [key, list] of waiting) keys.push({ key, pending: [], gaps: [], waiting: list });
    return { version: 1, stages: this.#stageItem.length, events, keys, completed: this.#completed, counts: { ...this.counts } };
  }

  /** Puts a saved state into this machine, which must be new and of the same plan; false, and nothing changed, where it does not fit. */
  restore(state: SequenceState<E>): boolean {
    if (state.version !== 1 || state.stages !== this.#stageItem.length || this.#slots.used > 0 || !this.#fits(state)) return false;
    this.#completed = state.completed;
    Object.assign(this.counts, state.counts);
    for (const saved of state.keys) {
      const hash = hashKey(saved.key, this.#seed);
      if (saved.pending.length > 0 || saved.gaps.some((times) => times.length > 0)) {
        const slot = this.#addSlot(saved.key, hash);
        for (const [gap, times] of saved.gaps.entries()) for (const [millis, nanos] of times) this.#gaps.record(slot, gap, millis, nanos);
        for (const sequence of saved.pending) {
          let link = NONE;
          for (const [event, millis, nanos] of sequence.links) {
            link = this.#links.add(state.events[event]!, link, millis, nanos);
          }
          this.#clear(slot, sequence.stage);
          if (sequence.spoilt) this.#links.spoil(link);
          if (sequence.lead !== null) this.#leads.set(this.#links.first(link), sequence.lead);
          this.#put(slot, sequence.stage, link);
        }
      }
      for (const one of saved.waiting) {
        this.#waiting.add({
          key: saved.key,
          hash,
          number: one.number,
          events: one.events.map((event) => (event === null ? null : state.events[event]!)),
          deadlineMillis: one.deadline[0],
          deadlineNanos: one.deadline[1],
          lastMillis: one.last[0],
          lastNanos: one.last[1],
          over: false,
        });
      }
    }
    return true;
  }

  #fits(state: SequenceState<E>): boolean {
    const known = (event: number | null): boolean =>
      event === null || (Number.isInteger(event) && event >= 0 && event < state.events.length);
    const seen = new Set<string>();
    for (const saved of state.keys) {
      if (seen.has(saved.key) || saved.gaps.length > this.#gaps.width) return false;
      seen.add(saved.key);
      for (const one of saved.pending) {
        if (
          !(one.stage >= 0 && one.stage < this.#pendingStages) ||
          one.links.length !== one.stage + 1 ||
          !one.links.every(([event]) => known(event))
        )
          return false;
      }
      if (!saved.waiting.every((one) => one.events.length === this.#layout.length && one.events.every(known))) return false;
    }
    return seen.size <= this.#limits.maxKeys;
  }
}
