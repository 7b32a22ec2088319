/**
 * The part of a hunt that can be done anywhere, file by file: events are normalised and held against every filter of every rule. What comes out
 * are batches of plain data, from which `Hunt.scanned` goes on as if it had read the records itself.
 */
import { ecsSchema } from "../../catalog/index.ts";
import { nestedAccess, Plan, weightOf, type RuleFaultCode } from "../../detect/index.ts";
import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import { readInstant, type EventFilter, type Instant } from "../../eql/index.ts";
import type { LogLocation, LogRecord, Problem, Sink } from "../../readers/index.ts";
import { EventScope, type EventNarrowing, type ScopeVerdict } from "../narrowing/event-narrowing.ts";
import type { RecordSecrets } from "../reading/record-hash.ts";
import { RecordIdentity } from "../reading/record-identity.ts";
import { codeOf, eventKind, type EventKind } from "./event-tally.ts";
import { unmappedKind } from "./unmapped.ts";

/** What a scan has to know of its hunt: plain data. */
export interface ScanSettings {
  /** The filters of all rules, in the hunt's order. */
  readonly filters: readonly EventFilter[];
  readonly now: number | null;
  readonly strictElastic: boolean;
  readonly timestampFields: readonly string[];
  readonly narrowing: EventNarrowing;
  /** Events that do not fit the narrowing are not held against the filters. */
  readonly skipsEvents: boolean;
  /** The time that each filter takes is estimated. */
  readonly timed: boolean;
  /** Null where copies of records are not looked for. */
  readonly secrets: RecordSecrets | null;
}

/** A condition that could not be computed. */
export interface FilterFault {
  readonly filter: number;
  readonly code: RuleFaultCode;
}

/** An event that a rule needs. */
export interface ScannedEvent {
  /** Its number among the records of the batch. */
  readonly at: number;
  readonly observed: Normalised;
  /** Numbers of the filters that match, ascending. */
  readonly matches: readonly number[];
  readonly faults: readonly FilterFault[];
}

/** Records that follow one another in a file. */
export interface EventBatch {
  readonly records: number;
  readonly kinds: readonly (EventKind & { readonly scope: ScopeVerdict })[];
  /** Of each record its kind, and its time: milliseconds since 1970 (NaN: none) and nanoseconds within. */
  readonly kindOf: Uint16Array;
  readonly millis: Float64Array;
  readonly nanos: Uint32Array;
  /** Of each record what names it, four numbers each (`Identity`); empty where copies are not looked for. */
  readonly identities: Int32Array;
  /** Files and members of archives that begin, with the number of their first record. */
  readonly files: readonly { readonly at: number; readonly name: string }[];
  readonly events: readonly ScannedEvent[];
  readonly problems: readonly Problem[];
  /** Roughly how many bytes it takes. */
  readonly weight: number;
}

const MAX_RECORDS = 4_096;
const MAX_WEIGHT = 2_000_000;
/** Of a record in the columns; of a problem or a file; of a character of an event. */
const RECORD_WEIGHT = 32;
const ENTRY_WEIGHT = 512;
const CHARACTER_WEIGHT = 3;

export class EventScan implements Sink {
  /** What could not be computed of the rules themselves. */
  readonly faults: readonly FilterFault[];
  readonly #settings: ScanSettings;
  readonly #emit: (batch: EventBatch) => void;
  readonly #normaliser;
  readonly #scope: EventScope;
  readonly #plan: Plan;
  readonly #identity: RecordIdentity | null;
  readonly #at: Instant = { millis: 0, nanos: 0 };
  /** Since the last event that was tested. */
  readonly #found: FilterFault[] = [];
  readonly #kindOf = new Uint16Array(MAX_RECORDS);
  readonly #millis = new Float64Array(MAX_RECORDS);
  readonly #nanos = new Uint32Array(MAX_RECORDS);
  readonly #identities: Int32Array;
  #kindNumbers = new Map<string, number>();
  #kinds: EventBatch["kinds"][number][] = [];
  #files: EventBatch["files"][number][] = [];
  #events: ScannedEvent[] = [];
  #problems: Problem[] = [];
  #records = 0;
  #weight = 0;

  /** @param clock where filters are timed. */
  constructor(settings: ScanSettings, clock: () => number, emit: (batch: EventBatch) => void) {
    this.#settings = settings;
    this.#emit = emit;
    this.#normaliser = createNormaliser(settings);
    this.#scope = new EventScope(settings.narrowing);
    const compile = { schema: ecsSchema(), access: nestedAccess, ...(settings.now === null ? {} : { now: settings.now }) };
    this.#plan = new Plan(settings.filters, compile, settings.timed ? clock : null, (filter, code) => this.#found.push({ filter, code }));
    this.faults = this.#found.splice(0);
    this.#identity = settings.secrets === null ? null : new RecordIdentity(settings.secrets);
    this.#identities = new Int32Array(this.#identity === null ? 0 : MAX_RECORDS * 4);
  }

  record(record: LogRecord): void {
    const at = this.#records;
    const identity = this.#identity;
    if (identity !== null) {
      identity.of(record);
      this.#identities[at * 4] = identity.key;
      this.#identities[at * 4 + 1] = identity.key2;
      this.#identities[at * 4 + 2] = identity.content;
      this.#identities[at * 4 + 3] = identity.isNumbered ? 1 : 0;
    }
    const observed = this.#normaliser.normalise(record);
    const scope = this.#scope.judge(observed.event);
    this.#kindOf[at] = this.#kindNumber(observed, scope);
    const timed = readInstant(observed.event["@timestamp"], this.#at);
    this.#millis[at] = timed ? this.#at.millis : Number.NaN;
    this.#nanos[at] = timed ? this.#at.nanos : 0;
    this.#records++;
    this.#weight += RECORD_WEIGHT;
    if (scope === "fits" || !this.#settings.skipsEvents) this.#test(at, observed);
    if (this.#records === MAX_RECORDS || this.#weight > MAX_WEIGHT) this.flush();
  }

  #test(at: number, observed: Normalised): void {
    const count = this.#plan.match(observed.event);
    if (count === 0 && this.#found.length === 0) return;
    const faults = this.#found.splice(0);
    this.#events.push({ at, observed, matches: [...this.#plan.matches.subarray(0, count)], faults });
    this.#weight += CHARACTER_WEIGHT * weightOf(observed.event) + 8 * count + ENTRY_WEIGHT * (1 + faults.length);
  }

  #kindNumber(observed: Normalised, scope: ScopeVerdict): number {
    let key = `${scope} ${observed.source}\n${codeOf(observed.event)}`;
    if (observed.unmapped) key += `\n${JSON.stringify(unmappedKind(observed.event))}`;
    let number = this.#kindNumbers.get(key);
    if (number === undefined) {
      number = this.#kinds.push({ ...eventKind(observed), scope }) - 1;
      this.#kindNumbers.set(key, number);
      this.#weight += ENTRY_WEIGHT + 2 * key.length;
    }
    return number;
  }

  problem(problem: Problem): void {
    this.#problems.push(problem);
    this.#note(ENTRY_WEIGHT);
  }

  file({ file: name }: LogLocation): void {
    this.#files.push({ at: this.#records, name });
    this.#note(ENTRY_WEIGHT);
  }

  #note(weight: number): void {
    this.#weight += weight;
    if (this.#weight > MAX_WEIGHT) this.flush();
  }

  /** Emits what is pending, be it nothing. */
  flush(): void {
    const records = this.#records;
    const batch: EventBatch = {
      records,
      kinds: this.#kinds,
      kindOf: this.#kindOf.slice(0, records),
      millis: this.#millis.slice(0, records),
      nanos: this.#nanos.slice(0, records),
      identities: this.#identities.slice(0, this.#identity === null ? 0 : records * 4),
      files: this.#files,
      events: this.#events,
      problems: this.#problems,
      weight: this.#weight + ENTRY_WEIGHT,
    };
    this.#kinds = [];
    this.#kindNumbers = new Map();
    this.#files = [];
    this.#events = [];
    this.#problems = [];
    this.#records = 0;
    this.#weight = 0;
    this.#emit(batch);
  }

  /** Milliseconds that each filter took; null where they are not timed. */
  filterMillis(): Float64Array | null {
    return this.#plan.filterMillis();
  }
}
